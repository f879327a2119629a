//! Courtesies around a question that say nothing about what is asked.

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

/// The question without the courtesies at its ends; all of it when nothing would be left.
///
/// Both sides of a comparison pass through here, so that “你好请问怎么提现啊” is as near to
/// “怎么提现” as the latter is to itself.
pub(crate) fn without_filler(normalized: &str) -> &str {
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
    fn courtesies_go_and_questions_stay() {
        let cases = [
            // (what it shows, normalised, expected)
            ("both ends", "你好请问一下怎么提现啊", "怎么提现"),
            ("nothing to strip", "怎么提现", "怎么提现"),
            ("courtesy alone", "你好", "你好"),
            ("several courtesies alone", "你好谢谢", "你好谢谢"),
            ("inside a question", "好友请问候我", "好友请问候我"),
        ];
        for (shows, normalized, expected) in cases {
            assert_eq!(without_filler(normalized), expected, "{shows}");
        }
    }
}
