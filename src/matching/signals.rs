//! What the letters hide: whether something is denied, which of two opposite acts is meant,
//! and what kind of answer is wanted.

/// Opposite acts; “怎么开通” and “怎么关闭” differ in nothing else.
const OPPOSITES: [(&[&str], &[&str]); 8] = [
    (&["开通", "打开", "开启", "启用"], &["关闭", "取消", "停用", "注销", "关掉"]),
    (&["绑定", "绑卡", "添加"], &["解绑", "解除", "删除"]),
    (&["充值", "转入", "充钱"], &["提现", "转出", "取出", "取现"]),
    (&["申购", "买入", "购买"], &["赎回", "卖出"]),
    (&["收款", "收到"], &["付款"]),
    (&["提高", "提升", "增加"], &["降低", "减少"]),
    (&["登录", "登陆"], &["注册", "退出"]),
    (&["提前"], &["延期", "晚点", "推迟", "逾期"]),
];

/// Kinds of questions by their marks; a text may bear several.
const KINDS: [&[&str]; 7] = [
    &["多久", "多长时间", "几天", "什么时候", "何时", "几点", "多会", "几时", "时间"],
    &["多少", "几块", "费用", "手续费", "额度", "利息", "限额", "利率", "几个点"],
    &["怎么", "如何", "怎样", "咋", "怎麽", "办法", "流程", "步骤"],
    &["为什么", "为何", "怎么回事", "原因", "怎么没", "怎么不", "为啥", "咋回事"],
    &["吗", "能不能", "可不可以", "可否", "是否", "能否", "会不会", "是不是", "行不行", "么"],
    &["是什么", "什么意思", "是啥", "什么是", "啥意思", "区别"],
    &["哪里", "在哪", "哪儿", "何处", "哪个"],
];

/// Why and how look alike; a text with a mark of "why" is not asked "how".
const HOW: u8 = 1 << 2;
const WHY: u8 = 1 << 3;

/// Words with 不, 没, 未 or 无 that deny nothing.
const NEUTRAL: [&str; 12] = [
    "对不起",
    "不好意思",
    "差不多",
    "不同",
    "不过",
    "无论",
    "未来",
    "没关系",
    "要不",
    "不然",
    "不管",
    "不知道",
];

/// What the letters of one text hide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signals {
    negated: bool,
    /// Two bits for each pair of [`OPPOSITES`].
    poles: u16,
    /// One bit for each of [`KINDS`].
    kinds: u8,
}

impl Signals {
    /// Reads a normalised text.
    pub(crate) fn of(normalized: &str) -> Self {
        let has = |marks: &[&str]| marks.iter().any(|mark| normalized.contains(mark));
        let mut poles = 0;
        for (pair, (one, other)) in OPPOSITES.iter().enumerate() {
            poles |= u16::from(has(one)) << (2 * pair) | u16::from(has(other)) << (2 * pair + 1);
        }
        let mut kinds = 0;
        for (kind, marks) in KINDS.iter().enumerate() {
            kinds |= u8::from(has(marks)) << kind;
        }
        if kinds & WHY != 0 {
            kinds &= !HOW;
        }
        Self { negated: is_negated(normalized), poles, kinds }
    }

    /// One denies and the other does not.
    pub(crate) fn negation_differs(self, other: Self) -> bool {
        self.negated != other.negated
    }

    /// Some act of one is the opposite of an act of the other.
    pub(crate) fn is_opposite(self, other: Self) -> bool {
        (0..OPPOSITES.len()).any(|pair| {
            let (here, there) = (self.poles >> (2 * pair) & 3, other.poles >> (2 * pair) & 3);
            here | there == 3 && here != 3 && there != 3
        })
    }

    /// Both say what kind of answer they want, and no kind is shared.
    pub(crate) fn kind_differs(self, other: Self) -> bool {
        self.kinds != 0 && other.kinds != 0 && self.kinds & other.kinds == 0
    }
}

fn is_negated(normalized: &str) -> bool {
    if !normalized.contains(['不', '没', '未', '无']) {
        return false;
    }
    let mut text = normalized.to_owned();
    for word in NEUTRAL {
        if text.contains(word) {
            text = text.replace(word, "");
        }
    }
    let chars: Vec<char> = text.chars().collect();
    (0..chars.len()).any(|at| {
        let repeats = at > 0 && chars.get(at + 1) == chars.get(at - 1); // 能不能, 有没有
        matches!(chars[at], '不' | '没' | '未' | '无') && !repeats
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn denying_is_told_from_asking_whether() {
        let cases = [
            // (what it shows, normalised, expected)
            ("plain", "提现没到账", true),
            ("a not a", "能不能提前还款", false),
            ("有没有", "有没有手续费", false),
            ("neutral word", "不好意思怎么提现", false),
            ("neutral word beside a denial", "不好意思提现不到账", true),
            ("none", "怎么提现", false),
        ];
        for (shows, normalized, expected) in cases {
            assert_eq!(is_negated(normalized), expected, "{shows}");
        }
    }

    #[test]
    fn opposites_and_kinds() {
        let signals = Signals::of;
        assert!(signals("怎么开通免密").is_opposite(signals("怎么关闭免密")));
        assert!(!signals("怎么开通免密").is_opposite(signals("免密开通不了")));
        assert!(!signals("开通后怎么取消").is_opposite(signals("怎么取消")), "one names both");
        assert!(signals("提现多久到账").kind_differs(signals("为什么提现没到账")));
        assert!(!signals("提现多久到账").kind_differs(signals("提现到账")), "one says nothing");
        assert!(signals("怎么没到账").kind_differs(signals("如何到账")), "why against how");
    }
}
