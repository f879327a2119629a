//! The one table of the bot's own texts, `texts:` in `intents/policy.yaml`. Its reader, its JSON
//! Schema, the checks of safety and of promises, and docs/configuration.md follow from it.

/// One text of the policy.
#[derive(Clone, Copy, Debug)]
pub struct PolicyText {
    /// Its key in the file.
    pub key: &'static str,
    /// When the bot says it, in Markdown.
    pub when: &'static str,
    /// The same for editors of the file, in Chinese.
    pub note: &'static str,
    /// Whether it may hold Markdown. Notices are shown as they are.
    pub is_markdown: bool,
    /// Variables that the dialogue fills in when it says the text.
    pub filled: &'static [&'static str],
    /// What is said when the policy leaves the text out: the first alternative whose variables are
    /// all defined. The last one has none. Empty: the policy must have the text.
    pub defaults: &'static [&'static str],
    /// Whether any customer may come to read it where the bot has no answer and no agent is at hand.
    /// The bot does not know then whether the customer needs an answer or an ambulance, so the
    /// emergency numbers must be in it; else the `safety_line` is added.
    pub is_open: bool,
    /// Whether it is said before it is known that an agent can come, or when none can. It must not
    /// promise one.
    pub is_early: bool,
}

impl PolicyText {
    /// A required text with nothing special about it.
    const PLAIN: Self = Self {
        key: "",
        when: "",
        note: "",
        is_markdown: false,
        filled: &[],
        defaults: &[],
        is_open: false,
        is_early: false,
    };

    /// Whether a policy must have this text.
    pub fn is_required(&self) -> bool {
        self.defaults.is_empty()
    }
}

/// The line with the emergency numbers, which the program adds to open texts without them.
pub(crate) const SAFETY_LINE: PolicyText = PolicyText {
    key: "safety_line",
    when: "After each open text in which 110, 120 and 12356 are not all written (KB103).",
    note: "加在没有写全 110、120、12356 的话后面",
    is_markdown: true,
    defaults: &[
        "正在被骗或有危险，请拨打 [110](tel:110) 或 [96110](tel:96110)；有人受伤或有生命危险，\
           拨打 [120](tel:120)；心里难受，拨打 [12356](tel:12356)。",
    ],
    ..PolicyText::PLAIN
};

/// A row: when the bot says it; the key; the note for editors; and what is special about it.
macro_rules! texts {
    ($($(#[doc = $when:literal])+ $key:ident = $note:literal, {$($field:ident: $value:expr),*};)+) => {
        /// What the bot says of its own accord; from `texts:` in `intents/policy.yaml`.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Texts {
            $($(#[doc = $when])+ pub $key: String,)+
        }

        /// Every text of a policy.
        pub const TEXTS: &[PolicyText] = &[
            $(PolicyText {
                key: stringify!($key),
                when: concat!($($when),+),
                note: $note,
                $($field: $value,)*
                ..PolicyText::PLAIN
            },)+
            SAFETY_LINE,
        ];

        impl Texts {
            /// Gathers the texts; `None` when one of them is missing.
            pub(crate) fn gathered(
                text: impl Fn(&PolicyText) -> Option<String>,
            ) -> Option<Self> {
                let mut rows = TEXTS.iter();
                Some(Self { $($key: text(rows.next()?)?,)+ })
            }
        }
    };
}

texts! {
    /// Above a list of choices.
    clarify = "反问时，写在选项上面", {is_markdown: true};
    /// No answer was found, for the first time.
    fallback = "第一次没找到答案", {is_markdown: true, is_open: true};
    /// No answer was found again; the customer is queued for an agent or may leave a message.
    fallback_again = "又没找到答案，接着转人工或请客户留言", {is_markdown: true, is_open: true, is_early: true};
    /// The customer has joined the queue.
    queued = "排上队了", {};
    /// It is outside of working hours; `{{next_opening}}` is filled in.
    off_hours = "不在工作时间；{{next_opening}} 会填上", {is_open: true, is_early: true, filled: &["next_opening"]};
    /// It is within working hours but no agent is signed in, or the customer has waited too long.
    no_agent = "工作时间里没有客服在线，或等得太久", {is_open: true, is_early: true};
    /// An agent has taken the conversation; `{{agent}}` is filled in.
    agent_joined = "客服来了；{{agent}} 会填上", {filled: &["agent"]};
    /// The agent's connection is lost, and the customer waits at the old place in the queue.
    agent_lost = "客服掉线，客户回到队里原来的位置", {};
    /// The agent gave the conversation back to the bot.
    back_to_bot = "客服把会话交还机器人", {};
    /// The customer left the queue.
    left_queue = "客户离开了排队", {};
    /// The customer's message was saved.
    message_kept = "留言已保存", {};
    /// The customer has said nothing for a while.
    idle = "客户有一会儿没说话", {};
    /// The conversation is over; a rating is asked for.
    rate = "会话结束，请客户评价", {};
    /// Thanks for the rating.
    rated = "谢谢评价", {};
    /// The customer sent a password or a one-time code, which was destroyed.
    secret_destroyed = "客户发来密码或验证码，已销毁", {};
    /// The customer waits in the queue and no agent is ready any more.
    queue_unstaffed = "还在排队，但没有客服在线了", {defaults: &[
            "抱歉，现在没有客服在线，什么时候回来还说不准。您的位置和排队时间都保留着：可以继续等，\
             也可以点“离开排队”后留言，或者拨打 {{hotline}}。",
            "抱歉，现在没有客服在线，什么时候回来还说不准。您的位置和排队时间都保留着：可以继续等，\
             也可以点“离开排队”后留言，或者拨打客服电话。",
        ]};
    /// An agent is ready again while the customer still waits.
    queue_staffed = "还在排队，又有客服上线了", {defaults: &["有客服上线了，您还在原来的位置，请再等一下。"]};
    /// The queue is full, and the customer is asked to leave a message.
    queue_full = "排队的人满了，请客户留言", {is_open: true, is_early: true, defaults: &[
            "抱歉，排队的人太多，暂时排不上了。请留下问题和联系方式，我们会尽快处理；急事请拨打 {{hotline}}。\
             被骗、有危险打 110 或 96110，有人受伤打 120，心里难受打 12356。",
            "抱歉，排队的人太多，暂时排不上了。请留下问题和联系方式，我们会尽快处理；急事请拨打客服电话。\
             被骗、有危险打 110 或 96110，有人受伤打 120，心里难受打 12356。",
        ]};
    /// Instead of `clarify` where only one choice is left; `{{question}}` is filled in.
    clarify_one = "代替 clarify：只剩一个选项时；{{question}} 会填上", {is_markdown: true, filled: &["question"], defaults: &["您是想问「{{question}}」吗？"]};
    /// Instead of an answer whose figure has ended or is not verified, where the entry has no
    /// `without_figure` of its own.
    without_figure = "答案要用的数过期了或没有核实，条目又没写 without_figure 时", {is_markdown: true, is_early: true, defaults: &[
            "这件事的规定可能变了，原来的数不能再用。请看监管部门或产品页面最新公布的；也可以在这里转人工，\
             或拨打 {{hotline}} 核实。",
            "这件事的规定可能变了，原来的数不能再用。请看监管部门或产品页面最新公布的；也可以在这里转人工，\
             或拨打客服电话核实。",
        ]};
    /// Before `clarify` or `clarify_one` when a choice tells of fraud.
    clarify_fraud = "选项涉及诈骗时，说在 clarify 前面", {is_markdown: true, defaults: &["**正在转账、共享屏幕，或已给出验证码：** 请先停下，拨打 [110](tel:110) 或 \
           [96110](tel:96110)。"]};
}
