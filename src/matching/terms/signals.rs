//! What the letters hide: whether something is denied, which of two opposite acts is meant,
//! what kind of answer is wanted, which numbers and which things of a family are named.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

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

/// Things that a customer has several of, and that have the same wishes: what is true of one
/// is no answer about another. Each thing with its names.
const FAMILIES: [&[&[&str]]; 14] = [
    &[&["花呗"], &["借呗"], &["白条"], &["微粒贷"], &["金条"], &["网商贷"], &["月付"], &["分付"]],
    &[&["余额宝"], &["零钱通"], &["余利宝"]],
    &[&["微信"], &["支付宝"], &["云闪付"], &["抖音"], &["美团"]],
    &[&["登录密码"], &["支付密码", "交易密码"], &["手势密码"]],
    &[&["身份证"], &["护照"], &["户口本"], &["驾驶证", "驾照"], &["营业执照"]],
    &[&["手机号"], &["银行卡"], &["邮箱"], &["地址"], &["姓名", "名字"]],
    &[&["充值"], &["提现"], &["转账"], &["还款"], &["退款"], &["支付"], &["收款"], &["借款"]],
    &[&["基金"], &["股票"], &["债券", "国债"], &["黄金"], &["保险"], &["理财"], &["存款"]],
    &[&["众筹"], &["p2p"], &["网贷"]],
    &[&["房贷"], &["车贷"], &["信用贷"], &["助学贷", "助学贷款"], &["经营贷"]],
    &[&["信用卡"], &["社保卡"], &["公交卡"], &["电话卡"], &["交通卡"]],
    &[&["利息"], &["手续费"], &["违约金", "罚息", "滞纳金"], &["本金"], &["年费"]],
    &[&["指纹"], &["人脸", "刷脸"], &["验证码"], &["密码"]],
    &[&["发票"], &["合同"], &["流水"], &["回单", "凭证"], &["结清证明"], &["账单"]],
];

/// The parts of [`Signals::marks`]: two bits for each pair of [`OPPOSITES`], then one for each
/// of [`KINDS`].
const KINDS_FROM: usize = 2 * OPPOSITES.len();

/// Finds every mark of a text in one pass; the pattern's number leads to its bit.
static MARKS: LazyLock<Finder> = LazyLock::new(|| {
    let opposites = OPPOSITES.iter().flat_map(|&(one, other)| [one, other]);
    Finder::new(opposites.chain(KINDS).zip(0..), MatchKind::Standard)
});

/// Finds the things that a text names, the longest name where several begin.
static THINGS: LazyLock<Finder> = LazyLock::new(|| {
    let things = FAMILIES.iter().flat_map(|family| family.iter().copied());
    Finder::new(things.zip(0..), MatchKind::LeftmostLongest)
});

/// For each family, the bits of its things.
static FAMILY_BITS: LazyLock<Vec<u128>> = LazyLock::new(|| {
    let mut from = 0;
    let bits = |family: &&[&[&str]]| {
        let bits = ((1_u128 << family.len()) - 1) << from;
        from += family.len();
        bits
    };
    FAMILIES.iter().map(bits).collect()
});

/// Words that each stand for a bit.
struct Finder {
    words: AhoCorasick,
    bits: Vec<u8>,
}

impl Finder {
    fn new<'a>(marks: impl Iterator<Item = (&'a [&'a str], u8)>, kind: MatchKind) -> Self {
        let pairs: Vec<(&str, u8)> =
            marks.flat_map(|(words, bit)| words.iter().map(move |&word| (word, bit))).collect();
        let words = AhoCorasick::builder()
            .match_kind(kind)
            .build(pairs.iter().map(|(word, _)| word))
            .expect("a few hundred words make a small automaton; the tests build it");
        Self { words, bits: pairs.into_iter().map(|(_, bit)| bit).collect() }
    }

    fn overlapping(&self, text: &str) -> u128 {
        let found = self.words.find_overlapping_iter(text);
        found.fold(0, |bits, mark| bits | 1 << self.bits[mark.pattern().as_usize()])
    }

    fn longest(&self, text: &str) -> u128 {
        let found = self.words.find_iter(text);
        found.fold(0, |bits, mark| bits | 1 << self.bits[mark.pattern().as_usize()])
    }
}

/// What the letters of one text hide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Signals {
    negated: bool,
    /// Two bits for each pair of [`OPPOSITES`].
    poles: u16,
    /// One bit for each of [`KINDS`].
    kinds: u8,
    /// One bit for each thing of [`FAMILIES`], in two halves: a number of 128 bits would need
    /// more room around it.
    things: [u64; 2],
    /// A bit for each number, by a hash: two numbers seldom meet in one.
    numbers: u64,
}

impl Signals {
    /// Reads a normalised text.
    pub(crate) fn of(normalized: &str) -> Self {
        let marks = MARKS.overlapping(normalized);
        let mut kinds = (marks >> KINDS_FROM) as u8;
        if kinds & WHY != 0 {
            kinds &= !HOW;
        }
        Self {
            negated: is_negated(normalized),
            poles: (marks & ((1 << KINDS_FROM) - 1)) as u16,
            kinds,
            things: halves(THINGS.longest(normalized)),
            numbers: numbers(normalized),
        }
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

    /// Both name numbers, and none is the same.
    pub(crate) fn number_differs(self, other: Self) -> bool {
        self.numbers != 0 && other.numbers != 0 && self.numbers & other.numbers == 0
    }

    /// Both name things of some family, and none of it is the same.
    pub(crate) fn thing_differs(self, other: Self) -> bool {
        let (ours, theirs) = (whole(self.things), whole(other.things));
        let differs = |&family: &u128| {
            let (here, there) = (ours & family, theirs & family);
            here != 0 && there != 0 && here & there == 0
        };
        ours != theirs && FAMILY_BITS.iter().any(differs)
    }
}

fn halves(bits: u128) -> [u64; 2] {
    [(bits >> 64) as u64, bits as u64]
}

fn whole([high, low]: [u64; 2]) -> u128 {
    u128::from(high) << 64 | u128::from(low)
}

/// The numbers of a text, such as 3, 1.5 and 20%, each as one of 64 bits.
fn numbers(normalized: &str) -> u64 {
    let (mut bits, mut hash) = (0, 0_u64);
    for c in normalized.chars().chain([' ']) {
        if c.is_ascii_digit() || (hash > 0 && matches!(c, '.' | '%')) {
            hash = (hash ^ u64::from(c)).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        } else if hash > 0 {
            bits |= 1 << (hash >> 58);
            hash = 0;
        }
    }
    bits
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

    #[test]
    fn numbers_and_things_of_one_family() {
        let signals = Signals::of;
        assert!(signals("借1000元").number_differs(signals("借2000元")));
        assert!(!signals("1000元3天").number_differs(signals("3天内")), "one is shared");
        assert!(!signals("借1000元").number_differs(signals("借多少")), "one names none");
        assert!(signals("年化3.5%").number_differs(signals("年化3%")));
        assert!(signals("花呗怎么关").thing_differs(signals("借呗怎么关")));
        assert!(!signals("花呗和借呗").thing_differs(signals("借呗怎么关")), "one is shared");
        assert!(!signals("花呗").thing_differs(signals("零钱通")), "of two families");
    }
}
