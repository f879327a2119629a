//! The subset of Markdown that answers may use, and what is outside of it.
//!
//! Paragraphs, `**bold**`, one level of `- ` and `1. ` lists, and `[text](url)` with an
//! `https:` or `tel:` address: what every client can show alike and nobody can abuse.

use super::Code;

/// One stretch of a text that is outside of the subset.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Flaw<'t> {
    pub(crate) code: Code,
    /// The stretch, and the byte at which it begins.
    pub(crate) needle: &'t str,
    pub(crate) at: usize,
    pub(crate) message: String,
    pub(crate) mend: &'static str,
}

/// Everything outside of the subset. `fill` puts variables into an address before it is judged.
pub(crate) fn flaws(text: &str, fill: impl Fn(&str) -> String) -> Vec<Flaw<'_>> {
    let mut flaws = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let shown = line.trim_end();
        if let Some(flaw) = block_flaw(shown, at) {
            flaws.push(flaw);
        } else {
            inline_flaws(shown, at, &fill, &mut flaws);
        }
        at += line.len();
    }
    flaws
}

/// What a line as a whole must not be.
fn block_flaw(line: &str, at: usize) -> Option<Flaw<'_>> {
    let body = line.trim_start();
    let indent = line.len() - body.len();
    let is_item = |body: &str| {
        let digits = body.trim_start_matches(|c: char| c.is_ascii_digit());
        body.starts_with("- ") || (digits.len() < body.len() && digits.starts_with(". "))
    };
    let hashes = body.trim_start_matches('#');
    let is_rule = |mark: char| body.len() >= 3 && body.chars().all(|c| c == mark || c == ' ');
    let (what, mend) =
        if hashes.len() < body.len() && (hashes.is_empty() || hashes.starts_with(' ')) {
            ("标题（#）", "去掉 #，需要醒目就用 **加粗**")
        } else if body.starts_with('>') {
            ("引用（>）", "去掉行首的 >")
        } else if body.starts_with('|') {
            ("表格（|）", "改成列表")
        } else if body.starts_with("```") || body.starts_with("~~~") {
            ("代码块", "去掉这一行")
        } else if ['-', '*', '_', '='].into_iter().any(is_rule) {
            ("分隔线", "去掉这一行，用空行分段")
        } else if body.starts_with("* ") || body.starts_with("+ ") {
            ("以 * 或 + 开头的列表", "改成“- ”")
        } else if indent > 0 && is_item(body) {
            ("第二层列表", "去掉行首的空格，只用一层列表")
        } else if indent >= 4 {
            ("代码块（行首四个空格）", "去掉行首多余的空格")
        } else {
            return None;
        };
    Some(Flaw {
        code: Code::Markdown,
        needle: body,
        at: at + indent,
        message: format!("不能用{what}"),
        mend,
    })
}

/// What must not stand inside of a line.
fn inline_flaws<'t>(
    line: &'t str,
    at: usize,
    fill: &impl Fn(&str) -> String,
    flaws: &mut Vec<Flaw<'t>>,
) {
    let mut bold: Option<usize> = None;
    let mut here = 0;
    let mut flaw = |code, from: usize, to: usize, message: &str, mend| {
        let needle = line.get(from..to).unwrap_or_default();
        flaws.push(Flaw { code, needle, at: at + from, message: message.to_owned(), mend });
    };
    while let Some(rest) = line.get(here..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let mut step = first;
        if rest.starts_with("![") {
            flaw(Code::Markdown, here, here + 2, "不能用图片（![]）", "改成文字或链接");
            step = 2;
        } else if let Some(link) = Link::at_start(rest) {
            let address = fill(link.address);
            if link.text.trim().is_empty() {
                flaw(Code::Link, here, here + link.length, "链接没有文字", "在 [ ] 里写上文字");
            } else if !link.closed {
                flaw(
                    Code::Link,
                    here,
                    here + link.length,
                    "链接没有右括号",
                    "在地址后面加上英文的 )",
                );
            } else if !address.contains("{{") && !is_safe_address(&address) {
                let message = format!("不允许的链接“{address}”");
                flaw(
                    Code::Link,
                    here,
                    here + link.length,
                    &message,
                    "写完整的 https:// 地址，或 tel: 加电话号码",
                );
            }
            step = link.length;
        } else if rest.starts_with("]（tel:") || rest.starts_with("]（http") {
            flaw(Code::Link, here, here + 4, "链接的括号是全角的", "写成 [文字](地址)，用英文括号");
        } else if rest.starts_with('*') {
            step = rest.len() - rest.trim_start_matches('*').len();
            let after_blank = line.get(..here).is_none_or(|before| before.ends_with(' '));
            let before_blank =
                rest.get(step..).is_none_or(|after| after.is_empty() || after.starts_with(' '));
            match bold {
                _ if step != 2 => {
                    flaw(
                        Code::Markdown,
                        here,
                        here + step,
                        "星号只能成对用来加粗",
                        "写成 **文字**；要星号本身就用全角＊",
                    );
                }
                None if before_blank => {
                    flaw(
                        Code::Markdown,
                        here,
                        here + step,
                        "加粗的星号后面不能是空格",
                        "写成 **文字**",
                    );
                }
                None => bold = Some(here),
                Some(opened) => {
                    if after_blank || here == opened + 2 {
                        flaw(
                            Code::Markdown,
                            here,
                            here + step,
                            "加粗的结尾前面不能是空格",
                            "写成 **文字**",
                        );
                    }
                    bold = None;
                }
            }
        } else if rest.starts_with('`') {
            flaw(Code::Markdown, here, here + 1, "不能用代码（`）", "去掉反引号，需要引起来就用“”");
        } else if rest.starts_with("~~") {
            flaw(Code::Markdown, here, here + 2, "不能用删除线（~~）", "去掉 ~~");
            step = rest.len() - rest.trim_start_matches('~').len();
        } else if rest.strip_prefix('<').is_some_and(|tag| {
            tag.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
        }) {
            let end = rest.find('>').map_or(first, |end| end + 1);
            flaw(
                Code::Markdown,
                here,
                here + end,
                "不能用 HTML",
                "去掉尖括号里的内容；小于号后面加一个空格",
            );
            step = end;
        }
        here += step;
    }
    if let Some(opened) = bold {
        flaw(Code::Markdown, opened, opened + 2, "加粗没有结尾", "在同一行里用 ** 结束");
    }
}

/// `[text](address)`.
struct Link<'t> {
    text: &'t str,
    address: &'t str,
    /// Of the whole, in bytes.
    length: usize,
    /// Whether there is a bracket at the end.
    closed: bool,
}

impl<'t> Link<'t> {
    fn at_start(rest: &'t str) -> Option<Self> {
        let (text, after) = rest.strip_prefix('[')?.split_once("](")?;
        if text.contains('[') {
            return None; // The bracket that belongs to the link comes later.
        }
        let closed = after.contains(')');
        let (address, _) = after.split_once(')').unwrap_or((after, ""));
        let length = 1 + text.len() + 2 + address.len() + usize::from(closed);
        Some(Self { text, address, length, closed })
    }
}

fn is_safe_address(address: &str) -> bool {
    if let Some(number) = address.strip_prefix("tel:") {
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        return (3..=15).contains(&digits)
            && number.bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b'+');
    }
    let Some(rest) = address.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_plain = |b: u8| b.is_ascii_graphic() && !b"\"'<>\\`{}|^".contains(&b);
    host.contains('.')
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':'))
        && rest.bytes().all(is_plain)
        && address.len() <= 500
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_the_subset_and_what_is_not() {
        let cases = [
            // (what it shows, text, stretches outside of the subset)
            ("paragraphs, bold, lists", "先看**进度**：\n- 甲\n- 乙\n\n1. 丙\n2. 丁", vec![]),
            ("links", "[帮助](https://a.example/x?y=1)、[110](tel:110)", vec![]),
            ("brackets, a price, less than", "[密码已删除] 3 < 5，<5 元，#1 号，-5%", vec![]),
            ("a heading", "# 提现", vec!["# 提现"]),
            ("html", "看<b>这里</b>", vec!["<b>", "</b>"]),
            ("a comment", "a<!-- x -->b", vec!["<!-- x -->"]),
            ("an image", "![图](https://a.example/x.png)", vec!["!["]),
            ("code", "输入 `abc`", vec!["`", "`"]),
            ("a quotation", "> 注意", vec!["> 注意"]),
            ("a table", "| a | b |", vec!["| a | b |"]),
            ("a rule", "甲\n---\n乙", vec!["---"]),
            ("another bullet", "* 甲", vec!["* 甲"]),
            ("a second level", "- 甲\n  - 乙", vec!["- 乙"]),
            ("emphasis", "*重要*", vec!["*", "*"]),
            ("bold without an end", "**重要", vec!["**"]),
            ("masking by asterisks", "138****1234", vec!["****"]),
            ("blank in bold", "** 重要**", vec!["**", "**"]),
            ("http", "[x](http://a.example)", vec!["[x](http://a.example)"]),
            ("javascript", "[x](javascript:alert)", vec!["[x](javascript:alert)"]),
            (
                "a user in the address",
                "[x](https://a.example@b.example/)",
                vec!["[x](https://a.example@b.example/)"],
            ),
            ("a link without text", "[](https://a.example)", vec!["[](https://a.example)"]),
            ("a link without an end", "[x](https://a.example", vec!["[x](https://a.example"]),
            ("full-width brackets", "[110]（tel:110）", vec!["]（"]),
        ];
        for (shows, text, expected) in cases {
            let found: Vec<_> = flaws(text, str::to_owned).iter().map(|flaw| flaw.needle).collect();
            assert_eq!(found, expected, "{shows}");
        }
    }

    #[test]
    fn flaws_know_where_they_are() {
        let found = flaws("甲\n  # 乙 `", str::to_owned);
        assert_eq!((found[0].needle, found[0].at), ("# 乙 `", 6));
    }

    #[test]
    fn variables_are_filled_before_an_address_is_judged() {
        let fill = |address: &str| address.replace("{{site}}", "https://a.example");
        assert!(flaws("[x]({{site}}/y)", fill).is_empty());
    }
}
