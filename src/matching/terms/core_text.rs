//! What is left of a question when its courtesies are gone and common synonyms are one.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// Before a question, longest first where one begins another.
const OPENINGS: [&str; 24] = [
    "我想咨询一下",
    "我想请问一下",
    "我想问一下",
    "想咨询一下",
    "想问一下",
    "麻烦问一下",
    "我想咨询",
    "我想请问",
    "我想知道",
    "我想问问",
    "我想问下",
    "请问一下",
    "请问下",
    "问一下",
    "我想问",
    "请问",
    "你好",
    "您好",
    "你们好",
    "客服",
    "麻烦",
    "那个",
    "亲",
    "喂",
];

/// After a question.
const CLOSINGS: [&str; 14] = [
    "谢谢你",
    "谢谢您",
    "谢谢了",
    "谢谢",
    "急急急",
    "在线等",
    "求解答",
    "啊",
    "呀",
    "呢",
    "哦",
    "哈",
    "嘛",
    "吖",
];

/// Words that ask or say the same, and the one that stands for them. In this order, so that
/// a longer word goes before one inside it.
const SAME: [(&str, &str); 63] = [
    ("怎么回事", "为什么"),
    ("咋回事", "为什么"),
    ("什么原因", "为什么"),
    ("为何", "为什么"),
    ("为啥", "为什么"),
    ("怎么样", "怎么"),
    ("怎样", "怎么"),
    ("如何", "怎么"),
    ("咋", "怎么"),
    ("啥时候", "什么时候"),
    ("什么时间", "什么时候"),
    ("何时", "什么时候"),
    ("几时", "什么时候"),
    ("多长时间", "多久"),
    ("啥", "什么"),
    ("哪儿", "哪里"),
    ("在哪里", "哪里"),
    ("在哪", "哪里"),
    ("可以不可以", "能"),
    ("可不可以", "能"),
    ("是否可以", "能"),
    ("是否能", "能"),
    ("能不能", "能"),
    ("能否", "能"),
    ("可否", "能"),
    ("不可以", "不能"),
    ("没办法", "不能"),
    ("没法", "不能"),
    ("无法", "不能"),
    ("可以", "能"),
    ("有没有", "有"),
    ("会不会", "会"),
    ("要不要", "要"),
    ("是否", "是不是"),
    ("帐", "账"),
    ("账号", "账户"),
    ("登陆", "登录"),
    ("修改", "改"),
    ("更改", "改"),
    ("变更", "改"),
    ("更换", "换"),
    ("购买", "买"),
    ("查询", "查"),
    ("查看", "查"),
    ("取现", "提现"),
    ("充钱", "充值"),
    ("还钱", "还款"),
    ("退钱", "退款"),
    ("付款", "支付"),
    ("付钱", "支付"),
    ("到款", "到账"),
    ("销户", "注销账户"),
    ("储蓄卡", "银行卡"),
    ("借记卡", "银行卡"),
    ("手机号码", "手机号"),
    ("忘记", "忘"),
    ("忘了", "忘"),
    ("丢失", "丢"),
    ("遗失", "丢"),
    ("丢了", "丢"),
    ("不成功", "失败"),
    ("没成功", "失败"),
    ("没有", "没"),
];

/// Words of Cantonese, of Hong Kong and Taiwan, and of the country, and the common one that
/// stands for each: a customer who writes 唔記得密碼 finds what was written for 忘记密码.
const DIALECT: [(&str, &str); 67] = [
    ("点样", "怎么"),
    ("点解", "为什么"),
    ("点搞", "怎么办"),
    ("点算", "怎么办"),
    ("边度", "哪里"),
    ("边个", "哪个"),
    ("边间", "哪家"),
    ("乜嘢", "什么"),
    ("乜野", "什么"),
    ("咩", "什么"),
    ("乜", "什么"),
    ("几耐", "多久"),
    ("几多", "多少"),
    ("可唔可以", "能"),
    ("系咪", "是不是"),
    ("唔该", "请"),
    ("唔记得", "忘"),
    ("唔见咗", "丢"),
    ("唔见", "丢"),
    ("唔", "不"),
    ("冇", "没"),
    ("嘅", "的"),
    ("咗", "了"),
    ("喺", "在"),
    ("畀", "给"),
    ("俾", "给"),
    ("嚟", "来"),
    ("嗰", "那"),
    ("呢个", "这个"),
    ("依家", "现在"),
    ("而家", "现在"),
    ("佢", "他"),
    ("哋", "们"),
    ("啲", "些"),
    ("睇", "看"),
    ("搵", "找"),
    ("攞", "拿"),
    ("咁", "这么"),
    ("即刻", "马上"),
    ("屋企", "家"),
    ("老豆", "爸"),
    ("细路", "孩子"),
    ("小孩", "孩子"),
    ("骗徒", "骗子"),
    ("收数", "催收"),
    ("追数", "催收"),
    ("讨债", "催收"),
    ("要债", "催收"),
    ("催债", "催收"),
    ("户口", "账户"),
    ("身分证", "身份证"),
    ("简讯", "短信"),
    ("短讯", "短信"),
    ("网路", "网络"),
    ("提款", "提现"),
    ("汇款", "转账"),
    ("登入", "登录"),
    ("行动电话", "手机"),
    ("电话号码", "手机号"),
    ("萤幕", "屏幕"),
    ("应用程式", "app"),
    ("程式", "程序"),
    ("即时", "实时"),
    ("信用纪录", "征信"),
    ("晓得", "知道"),
    ("俺", "我"),
    ("甭", "不用"),
];

/// The matter of a normalised question: no courtesies at its ends, and one word where
/// several mean the same.
///
/// Both sides of a comparison pass through here, so that “你好请问如何取现啊” is as near to
/// “怎么提现” as the latter is to itself. A text of courtesies alone keeps them.
pub(crate) fn core_text(normalized: &str) -> String {
    common_words(without_courtesies(normalized).to_owned())
}

/// The text with one word for several that ask or say the same everywhere.
pub(crate) fn common_words(mut text: String) -> String {
    let mut from = 0;
    // What a word became may be part of a later one, so each looks at the text anew.
    while let Some(place) = first_word(&text, from) {
        let (word, same) = WORDS[place];
        text = text.replace(word, same);
        from = place + 1;
    }
    text
}

/// [`DIALECT`], then [`SAME`].
static WORDS: LazyLock<Vec<(&str, &str)>> =
    LazyLock::new(|| DIALECT.into_iter().chain(SAME).collect());

/// Finds all of [`WORDS`] in one pass.
static FINDER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::new(WORDS.iter().map(|(word, _)| word))
        .expect("a few hundred words make a small automaton; the tests build it")
});

/// The first word of the list, from a place on, that the text has.
fn first_word(text: &str, from: usize) -> Option<usize> {
    let found = FINDER.find_overlapping_iter(text).map(|found| found.pattern().as_usize());
    found.filter(|&place| place >= from).min()
}

fn without_courtesies(normalized: &str) -> &str {
    let mut rest = normalized;
    while let Some(shorter) = OPENINGS.iter().find_map(|opening| rest.strip_prefix(opening)) {
        rest = shorter;
    }
    while let Some(shorter) = CLOSINGS.iter().find_map(|closing| rest.strip_suffix(closing)) {
        rest = shorter;
    }
    if rest.is_empty() { normalized } else { rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn courtesies_go_and_synonyms_meet() {
        let cases = [
            // (what it shows, normalised, expected)
            ("both ends", "你好请问一下怎么提现啊", "怎么提现"),
            ("nothing to do", "怎么提现", "怎么提现"),
            ("courtesy alone", "你好", "你好"),
            ("several courtesies alone", "你好谢谢", "你好谢谢"),
            ("inside a question", "好友请问候我", "好友请问候我"),
            ("synonyms", "如何更改帐号", "怎么改账户"),
            ("Cantonese", "唔记得登入密码点算", "忘登录密码怎么办"),
            ("the longer word first", "手机号码没法用", "手机号不能用"),
        ];
        for (shows, normalized, expected) in cases {
            assert_eq!(core_text(normalized), expected, "{shows}");
        }
    }
}
