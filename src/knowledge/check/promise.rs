//! Finds words that promise an agent, in texts that are said before anyone knows whether an
//! agent can come.

use std::{borrow::Cow, sync::LazyLock};

use regex::Regex;

use crate::text::normalize;

/// Words for the agent who is promised.
const STAFF: &str =
    "(人工|真人|专员|专人|坐席|座席|接线员|同事|工作人员|客服|顾问|客户经理|值班经理|主管|组长)";

/// Words that may stand between the verb and the agent.
const WHICH: &str = "(一下|[一1]?[位名个]|我们的?|在线的?|值班的?|专属的?|专门的?|优先的?)*";

/// Words for how soon it happens.
const SOON: &str = "(正在|这就|马上就?|立刻就?|立即|即刻|现在就?|已经?|尽快|优先|加急|紧急|火速|努力|全力|同时|去|来|我来|我去)*";

const FOR_YOU: &str = "(为|给|帮|替)[您你]";

const FETCHES: &str = "(联系|转接|转给|转到|转入|转至|转|接通|接入|接|请来?|找来?|叫来?|呼叫|安排|通知|派|指派|分配|催促?)";

/// Words that make the following promise conditional, negative or somebody else's: “需要时为您转接”,
/// “自称正在联系客服”.
static TAKEN_BACK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "(如果|若|如需|需要|想|要是|的话|可以|不|没|无法|未|暂|假|冒充|称|骗|诈|所谓|任何|凡|说)",
    )
});

/// Somebody is being fetched now, or for the customer. A match after one of [`TAKEN_BACK`] does
/// not count.
static FETCHED: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // 正在请人工客服接待您，我来帮您找客服，我们马上联系专员
        format!("(正在|这就|我来|我去|我们?(马上|立刻|立即|现在|会|将|尽快)){SOON}({FOR_YOU})?{SOON}{FETCHES}{WHICH}{STAFF}"),
        // 已请人工客服优先接待您
        format!("已经?({FOR_YOU})?{SOON}(请|安排|通知|呼叫|派){WHICH}{STAFF}"),
        // 为您联系人工客服
        format!("{FOR_YOU}{SOON}{FETCHES}{WHICH}{STAFF}"),
        // 已转接人工，把您转给专员
        format!("已经?({FOR_YOU})?(转接|转人工|转到|转给|接通|接入)|把[您你].{{0,4}}(转给|转到|转接|转入|交给){WHICH}{STAFF}"),
        // 我帮您叫人，马上就来人
        format!("{FOR_YOU}{SOON}(请|找|叫|喊)个?人(来|过来|处理|$)|(马上|立刻|立即|很快|这就)(就|会)*来人"),
        // 接下来由人工客服为您服务，马上有人接待您
        format!("(接下来|下面|现在)由{WHICH}{STAFF}|(马上|立刻|立即|很快|稍后|这就|一会儿?)就?(会|将)?有人(来|接|为|联系|处理|回复)"),
        // 马上转人工，立即安排专员
        format!("(马上|立刻|立即|这就|现在就?|即刻)就?(转接?|接|安排|派)(给|到|至|入|来)?{WHICH}{STAFF}"),
        // 为您转接，正在转人工，已为您排队
        format!("{FOR_YOU}{SOON}(转接|接通|接入|连线|转人工|转真人|排队|排上队|排好队)"),
        "(正在|这就|马上|立刻|立即|即将|现在)就?(优先|努力|加急)*(转接|接通|接入|连线|转人工|转真人|排队)".to_owned(),
        "(转接|接入|连接|连线|排队)中$".to_owned(),
        // 我们马上处理
        "我们?(马上|立刻|立即|这就|现在就)(就|会|将|来|去|[为给帮替][您你])*(联系|接待|回复|回电|处理|安排|核实|解决)".to_owned(),
        // 人工客服马上就来
        format!("{STAFF}(人员)?(已经?|正)在(赶来|路上)"),
        format!("{STAFF}(人员|服务|们)?(也|都)?(马上|立刻|立即|正在|这就|即将|很快)(就|会|将|来|在|与|跟|和|[为给帮替]|[您你]|优先)*{DOES}"),
        // 排队时可以先写下问题: this presumes that the customer waits in a queue.
        "((排队|等待|等候)(时|期间|过程中|的时候|的同时)|(接通|接入)(前|之前)|(人工|客服|专员|坐席)一来|前[面方]还有[0-9]+(位|人|名))".to_owned(),
    ]
    .iter()
    .map(|words| pattern(words))
    .collect()
});

const DOES: &str = "(来|到|接|联系|处理|回复|回电|服务|跟进|核实|核查|协助|帮|解决|上线|赶|受理|登记|答复|看|致电|联络)";

/// Somebody will come soon. True where the customer leaves a message: 客服会尽快联系您.
static SOMETIME: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        format!("{STAFF}(人员|服务|们)?(也|都)?(将|会|稍后|尽快|随后|就)+(就|会|将|来|在|于|与|跟|和|[为给帮替]|[您你]|优先|尽快|马上|立刻|立即|[0-9]+(分钟|小时|天)(之?内)?)*{DOES}"),
        format!("(会|将|稍后|很快|尽快|即将|就|马上|这就)有{WHICH}{STAFF}"),
        format!("(稍后|马上|立刻|很快|一会儿?|待会儿?){WHICH}{STAFF}(会|将|就|来|[与跟和给为帮][您你])*{DOES}"),
        format!("{STAFF}[为给帮][您你](服务|处理|解答|登记|办理|核实|解决)"),
    ]
    .iter()
    .map(|words| pattern(words))
    .collect()
});

/// Words for a later time, beside which [`SOMETIME`] is no promise.
static LATER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "(上班|上线|服务时间|工作时间|工作日|营业时间|留言|留下|之后|以后|[^稍随然]后会|届时|到时|明天|nextopening)",
    )
});

/// A request to wait, such as “请稍候” at the end of a clause.
static WAITS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        "在线等[待候]|保持在线|(稍候|稍等|稍待)(片刻|一下|一会儿?|一等)?[哦呀吧呢喔啊哈]?$|等待?(候)?(人工|客服|坐席|专员)(接|来|上线)",
    )
});

/// A request to wait that counts only beside [`OF_A_HUMAN`]: “审核要三天，请耐心等待” promises no
/// agent.
static WAITS_LONG: LazyLock<Regex> =
    LazyLock::new(|| pattern("(耐心)?等[待候](片刻|一下|一会儿?)?[哦呀吧呢喔啊哈]?$"));
static OF_A_HUMAN: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!("{STAFF}|转接|接入|接通|排队")));

/// The mark of a list item, which stays with the line.
static MARK: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\s*(?:- +|\d{1,3}\. +)"));

/// Links, numbers and variables that tell where to get help. A clause with one is never removed.
static HELP: LazyLock<Regex> = LazyLock::new(|| pattern(r"\]\(|[0-9]{3}|\{\{"));

fn pattern(words: &str) -> Regex {
    Regex::new(words).expect("a valid pattern")
}

/// The first clause of a text that promises an agent, as it is written.
pub(crate) fn promise(text: &str) -> Option<&str> {
    text.lines().find_map(|line| {
        let pieces = pieces(line);
        let promising = promising(&pieces).into_iter().position(|is_promise| is_promise)?;
        pieces.get(promising).map(|piece| piece.trim().trim_end_matches(ENDS))
    })
}

/// Removes the clauses that promise an agent, for times when none can come.
///
/// A clause with a link, a number of three digits or more, or a variable stays: the customer may
/// need it now. Items of a list keep their marks.
///
/// # Examples
///
/// ```
/// use kefu::knowledge::without_promises;
///
/// let text = "有危险请拨打 [110](tel:110)；正在为您联系人工客服，请稍候。";
/// assert_eq!(without_promises(text), "有危险请拨打 [110](tel:110)。");
/// ```
pub fn without_promises(text: &str) -> Cow<'_, str> {
    if promise(text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    for line in text.lines() {
        match line_without(line) {
            // Two empty lines in a row become one.
            Some(line) if line.is_empty() && (kept.is_empty() || kept.ends_with("\n\n")) => {}
            Some(line) => {
                kept.push_str(&line);
                kept.push('\n');
            }
            None => {}
        }
    }
    kept.truncate(kept.trim_end().len());
    Cow::Owned(kept)
}

/// The line without its promises; `None` when nothing is left.
fn line_without(line: &str) -> Option<Cow<'_, str>> {
    let pieces = pieces(line);
    let promising = promising(&pieces);
    if !promising.contains(&true) {
        return Some(Cow::Borrowed(line));
    }
    let goes = |piece: &str, is_promise: bool| is_promise && !HELP.is_match(piece);
    let mut kept = String::with_capacity(line.len());
    let mark = MARK.find(line).map_or("", |mark| mark.as_str());
    for (piece, is_promise) in pieces.iter().zip(promising) {
        let piece = if kept.is_empty() { piece.trim_start_matches(mark) } else { piece };
        if goes(piece, is_promise) {
            // Where the end of a sentence is removed, the rest takes its full stop.
            if piece.ends_with(STOPS) && kept.ends_with(PAUSES) {
                kept.pop();
                kept.extend(piece.chars().last());
            }
        } else {
            kept.push_str(piece);
        }
    }
    if kept.ends_with(PAUSES) {
        kept.pop();
        kept.push('。');
    }
    if kept.matches("**").count() % 2 == 1 || kept.contains("****") {
        kept = kept.replace("**", "");
    }
    let is_empty = !kept.contains(char::is_alphanumeric);
    (!is_empty).then(|| Cow::Owned(format!("{mark}{}", kept.trim_start())))
}

const STOPS: [char; 5] = ['。', '！', '？', '!', '?'];
const PAUSES: [char; 4] = ['，', '；', '、', ';'];
const ENDS: [char; 8] = ['。', '！', '？', '!', '?', '，', '；', ';'];

/// Whether each piece promises an agent.
fn promising(pieces: &[&str]) -> Vec<bool> {
    let mut sentence = String::new();
    let mut of_pieces = Vec::with_capacity(pieces.len());
    for piece in pieces {
        let words = normalize(&piece.replace("{{", "").replace("}}", "")).into_string();
        of_pieces.push(is_promise(&words, &sentence));
        if piece.ends_with(STOPS) {
            sentence.clear();
        } else {
            sentence.push_str(&words);
        }
    }
    of_pieces
}

/// Whether a piece promises an agent. `before` holds the words before it in the sentence; both are
/// normalised.
fn is_promise(words: &str, before: &str) -> bool {
    let is_found = |pattern: &Regex| {
        pattern.find(words).is_some_and(|found| {
            !words.get(..found.start()).is_some_and(|before| TAKEN_BACK.is_match(before))
        })
    };
    let is_later = || LATER.is_match(words) || LATER.is_match(before);
    FETCHED.iter().any(is_found)
        || (SOMETIME.iter().any(is_found) && !is_later())
        || is_found(&WAITS)
        || (is_found(&WAITS_LONG) && OF_A_HUMAN.is_match(&format!("{before}{words}")))
}

/// Cuts a line after each punctuation mark; a text in brackets is one piece.
fn pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut from, mut closing) = (0, None);
    for (at, c) in line.char_indices() {
        let after = at + c.len_utf8();
        let cut = match (c, closing) {
            ('[', None) => {
                closing = Some(']');
                None
            }
            ('（', None) => {
                closing = Some('）');
                Some(at)
            }
            (c, Some(close)) => {
                if c == close {
                    closing = None;
                }
                (c == close && c == '）').then_some(after)
            }
            ('，' | '；' | '：' | ';' | '。' | '！' | '？' | '!' | '?', None) => Some(after),
            (_, None) => None,
        };
        if let Some(cut) = cut.filter(|cut| *cut > from) {
            pieces.extend(line.get(from..cut));
            from = cut;
        }
    }
    pieces.extend(line.get(from..).filter(|rest| !rest.is_empty()));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_promise_a_human() {
        let promising = [
            "好的，正在为您联系人工客服，请稍候。",
            "我是机器人，正在请人工客服尽快接待您。",
            "正在为您优先联系人工客服锁定账户，也可以拨打 95000。",
            "您的投诉我们会认真对待，正在转人工为您登记。",
            "好的，这就为您转人工。",
            "還是沒聽懂，正在為您轉接。",
            "请稍等。",
            "收到，请您稍候片刻！",
            "我马上安排专员给您回电。",
            "马上转人工",
            "人工客服马上就来",
            "人工客服稍后联系您。",
            "人工客服会尽快处理。",
            "已为您排队。",
            "排队时可以先写下订单号。",
            "我来帮您找人工客服",
            "我已请人工客服优先接待您。",
            "很快会有专员来帮您。",
            "客服忙，请耐心等待。",
            "**正在转接**",
            "- 现在为您接通人工坐席",
            "稍后客服联系您。",
            "马上有人接待您。",
            "接下来由人工客服为您服务。",
            "人工客服将为您服务。",
            "已转接人工。",
            "请在线等候。",
            "一会儿就有客服来。",
            "我把您转给人工。",
            "这边帮您安排一下人工。",
            "请保持在线，不要走开。",
            "客服会在 5 分钟内联系您。",
            "讓我為您轉接客服",
            "正在分配坐席",
            "我这就去请同事来看",
            "已通知值班经理。",
            "我帮您叫人。",
            "正在连线",
            "人工客服正在赶来的路上",
            "稍后会有同事与您联系",
            "请等一下，马上就来人。",
            "请勿挂断，正在呼叫客服。",
            "主管会马上给您回电。",
            "前面还有 3 位，请等候。",
            "专员已在路上。",
        ];
        for text in promising {
            assert!(promise(text).is_some(), "{text}");
        }
    }

    #[test]
    fn texts_that_promise_nobody() {
        let honest = [
            "需要人工客服时，可以说“转人工”。",
            "需要时可以为您转人工。",
            "暂时无法为您转接。",
            "现在不能马上转人工。",
            "您也可以随时说“转人工”。",
            "请立即联系银行的客服，挂失银行卡。",
            "发现异常请马上拨打客服电话。",
            "正在转账、共享屏幕，请先停下。",
            "自称正在为您联系客服的，是骗子。",
            "假客服会联系您退款。",
            "人工客服不会向您要密码。",
            "请留言，人工客服上班后会尽快回复。",
            "留下联系方式，客服会尽快联系您。",
            "{{next_opening}} 开始后，人工客服会处理。",
            "退款一般 1 至 3 天，请耐心等待。",
            "客服都不会让您稍等再转账的。",
            "请您的家人陪着您，不要离开。",
            "现在没有人工客服在线。",
            "下一次人工服务从 {{next_opening}} 开始。",
            "请先停下，挂断电话。",
            "有人联系您让您转账，都不要理。",
            "投诉需要人工客服为您登记。",
            "工作时间由人工客服为您服务。",
            "人工客服能看到前面说的话。",
            "把对方的话说给民警听。",
            "您也可以在工作日拨打客服电话。",
            "请联系一位您信任的家人或朋友，让他们陪着您。",
            "已经转出去了，打银行的客服电话申请止付。",
            "催收必须依法，我们会核查。",
            "采访和核实请由负责的同事答复。",
            "您想找人工客服。",
            "有人叫您转账，先停下。",
            "您可以留言，由人工处理。",
            "请叫一位家人来陪您。",
            "请马上通知您的家人。",
            "前面的答案还在对话里。",
        ];
        for text in honest {
            assert_eq!(promise(text), None, "{text}");
        }
    }

    #[test]
    fn what_promises_is_left_out_and_what_helps_stays() {
        let cases = [
            // (what it shows, text, without)
            ("nothing promised", "有危险请打 110。", "有危险请打 110。"),
            ("a last sentence", "请先停下。\n\n正在为您联系人工客服，请稍候。", "请先停下。"),
            (
                "the end of a sentence",
                "很抱歉事情拖到这一步，正在为您优先联系人工客服处理。\n请写下经过。",
                "很抱歉事情拖到这一步。\n请写下经过。",
            ),
            (
                "the front of a sentence",
                "正在为您优先联系人工客服；报警和联系银行请不要等我们。",
                "报警和联系银行请不要等我们。",
            ),
            (
                "a number beside it",
                "正在为您联系人工客服锁定账户，也可以拨打 95000。",
                "也可以拨打 95000。",
            ),
            (
                "a number within it",
                "正在为您转接人工客服 [95000](tel:95000)。",
                "正在为您转接人工客服 [95000](tel:95000)。",
            ),
            ("a list", "- 请停下\n- 正在为您转接\n- 打 110", "- 请停下\n- 打 110"),
            ("an item", "1. 正在为您转接，请写下时间\n2. 打 110", "1. 请写下时间\n2. 打 110"),
            ("bold words", "**正在为您转接，先停下转账。**", "先停下转账。"),
            ("brackets", "请写下经过（正在为您转接，请稍候）。", "请写下经过。"),
            ("all of it", "正在为您转接，请稍候。", ""),
            (
                "an address",
                "详见 [退款，怎么办](https://a.cn/b)，正在转接中。",
                "详见 [退款，怎么办](https://a.cn/b)。",
            ),
        ];
        for (shows, text, expected) in cases {
            assert_eq!(without_promises(text), expected, "{shows}");
        }
    }

    proptest::proptest! {
        /// No number or link is ever lost, and no promise without one is left.
        #[test]
        fn what_helps_stays_in_any_text(
            parts in proptest::collection::vec(proptest::sample::select(vec![
                "正在为您联系人工客服", "请稍候", "请拨打 [110](tel:110)", "打 12356", "，", "。", "；", "\n",
                "**", "（", "）", "- ", "先停下",
            ]), 0..20),
        ) {
            let text = parts.concat();
            let without = without_promises(&text);
            for number in ["tel:110", "12356"] {
                proptest::prop_assert_eq!(
                    text.matches(number).count(), without.matches(number).count(), "{} {}", text, without
                );
            }
        }
    }
}
