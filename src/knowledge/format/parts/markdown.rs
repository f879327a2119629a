//! The subset of Markdown that answers may use.
//!
//! Paragraphs, `**bold**`, one level of `- ` and `1. ` lists, and `[text](url)` with an
//! `https:` or `tel:` address. Every client shows these alike, and none of them runs code.
//!
//! The text is read by hand, as the clients read it. `CommonMark`, and so pulldown-cmark, finds no
//! bold text in `**请注意：**验证码`, because punctuation stands before the closing `**` and a letter
//! after it. The pages show it bold, and several shipped answers have it.

use std::sync::LazyLock;

use regex::Regex;

use crate::knowledge::diagnostics::codes::Code;

/// A part of a text that is outside of the subset.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Flaw<'t> {
    pub(crate) code: Code,
    /// The part itself, and the byte at which it begins.
    pub(crate) needle: &'t str,
    pub(crate) at: usize,
    pub(crate) message: String,
    pub(crate) mend: &'static str,
}

/// Finds everything outside of the subset. `fill` fills variables into an address before the
/// address is checked.
pub(crate) fn flaws(text: &str, fill: impl Fn(&str) -> String) -> Vec<Flaw<'_>> {
    let mut flaws = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let shown = line.trim_end();
        if let Some(flaw) = block_flaw(shown, at) {
            flaws.push(flaw);
        } else {
            Inline { line: shown, at, fill: &fill, bold: None, flaws: &mut flaws }.run();
        }
        at += line.len();
    }
    flaws
}

/// Removes the marks of bold words and replaces each link by its text. Lists stay.
pub(crate) fn plain(text: &str) -> String {
    static LINK: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\[([^\]\n]+)\]\([^()\s]+\)").expect("a valid pattern"));
    LINK.replace_all(&text.replace("**", ""), "$1").into_owned()
}

/// The first sentence of a text, without Markdown and without the mark of a list.
pub(crate) fn first_sentence(text: &str) -> String {
    let plain = plain(text);
    let line = plain.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let item = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let item = item.strip_prefix(". ").or_else(|| line.strip_prefix("- ")).unwrap_or(line);
    item.split_inclusive(['。', '！', '？', '!', '?']).next().unwrap_or_default().trim().to_owned()
}

/// Finds a line that is a block outside of the subset, such as a heading or a table.
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

/// Searches one line for marks outside of the subset.
struct Inline<'t, 'f, F> {
    line: &'t str,
    /// The byte at which the line begins in the text.
    at: usize,
    fill: &'f F,
    /// The byte of the line at which bold began, until it ends.
    bold: Option<usize>,
    flaws: &'f mut Vec<Flaw<'t>>,
}

impl<'t, F: Fn(&str) -> String> Inline<'t, '_, F> {
    fn run(mut self) {
        let mut here = 0;
        while let Some(rest) = self.line.get(here..).filter(|rest| !rest.is_empty()) {
            here += self.step(here, rest);
        }
        if let Some(opened) = self.bold {
            self.markdown(opened, 2, "加粗没有结尾", "在同一行里用 ** 结束");
        }
    }

    /// Checks the mark at the start of `rest`, and returns its length in bytes.
    fn step(&mut self, here: usize, rest: &'t str) -> usize {
        if rest.starts_with("![") {
            self.markdown(here, 2, "不能用图片（![]）", "改成文字或链接");
            return 2;
        }
        if let Some(link) = MarkdownLink::at_start(rest) {
            self.link(here, &link);
            return link.length;
        }
        if rest.starts_with("]（tel:") || rest.starts_with("]（http") {
            self.flaw(Code::Link, here, 4, "链接的括号是全角的", "写成 [文字](地址)，用英文括号");
            return 4;
        }
        if rest.starts_with('*') {
            let stars = rest.len() - rest.trim_start_matches('*').len();
            self.stars(here, stars);
            return stars;
        }
        if rest.starts_with('`') {
            self.markdown(here, 1, "不能用代码（`）", "去掉反引号，需要引起来就用“”");
            return 1;
        }
        if rest.starts_with("~~") {
            self.markdown(here, 2, "不能用删除线（~~）", "去掉 ~~");
            return rest.len() - rest.trim_start_matches('~').len();
        }
        if starts_tag(rest) {
            let length = rest.find('>').map_or(1, |end| end + 1);
            self.markdown(here, length, "不能用 HTML", "去掉尖括号里的内容；小于号后面加一个空格");
            return length;
        }
        rest.chars().next().map_or(1, char::len_utf8)
    }

    fn link(&mut self, here: usize, link: &MarkdownLink<'_>) {
        let address = (self.fill)(link.address);
        // An unknown variable in the address is reported as an unknown variable.
        let is_known = !address.contains("{{");
        let (message, mend) = if link.text.trim().is_empty() {
            ("链接没有文字".to_owned(), "在 [ ] 里写上文字")
        } else if !link.closed {
            ("链接没有右括号".to_owned(), "在地址后面加上英文的 )")
        } else if is_known && !is_safe_address(&address) {
            (format!("不允许的链接“{address}”"), "写完整的 https:// 地址，或 tel: 加电话号码")
        } else {
            return;
        };
        self.flaw(Code::Link, here, link.length, &message, mend);
    }

    /// Two stars begin or end bold; any other number of stars is reported.
    fn stars(&mut self, here: usize, count: usize) {
        let blank_before = self.line.get(..here).is_none_or(|before| before.ends_with(' '));
        let after = self.line.get(here + count..).unwrap_or_default();
        if count != 2 {
            let mend = "写成 **文字**；要星号本身就用全角＊";
            self.markdown(here, count, "星号只能成对用来加粗", mend);
            return;
        }
        match self.bold {
            None if after.is_empty() || after.starts_with(' ') => {
                self.markdown(here, count, "加粗的星号后面不能是空格", "写成 **文字**");
            }
            None => self.bold = Some(here),
            Some(_) => {
                if blank_before {
                    self.markdown(here, count, "加粗的结尾前面不能是空格", "写成 **文字**");
                }
                self.bold = None;
            }
        }
    }

    fn markdown(&mut self, here: usize, length: usize, message: &str, mend: &'static str) {
        self.flaw(Code::Markdown, here, length, message, mend);
    }

    fn flaw(&mut self, code: Code, here: usize, length: usize, message: &str, mend: &'static str) {
        let needle = self.line.get(here..here + length).unwrap_or_default();
        let (at, message) = (self.at + here, message.to_owned());
        self.flaws.push(Flaw { code, needle, at, message, mend });
    }
}

/// Whether a text begins with an HTML tag; “<5 元” does not.
fn starts_tag(rest: &str) -> bool {
    rest.strip_prefix('<').is_some_and(|tag| {
        tag.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
    })
}

/// `[text](address)`.
struct MarkdownLink<'t> {
    text: &'t str,
    address: &'t str,
    /// Length of the whole link in bytes.
    length: usize,
    /// Whether the link ends with a bracket.
    closed: bool,
}

impl<'t> MarkdownLink<'t> {
    fn at_start(rest: &'t str) -> Option<Self> {
        let (text, after) = rest.strip_prefix('[')?.split_once("](")?;
        if text.contains('[') {
            return None; // The link begins at a later bracket.
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
    fn the_first_sentence_stands_alone() {
        let cases = [
            // (what it shows, text, its first sentence)
            ("bold and a colon", "**请停下：** 挂断电话。\n再报警。", "请停下： 挂断电话。"),
            ("a link", "有危险请打 [110](tel:110)！快。", "有危险请打 110！"),
            ("an item", "- 停下\n- 报警", "停下"),
            ("a numbered item", "1. 停下。2. 报警。", "停下。"),
            ("a number that is none", "110 马上打", "110 马上打"),
            ("after an empty line", "\n\n停下", "停下"),
            ("nothing", " \n", ""),
        ];
        for (shows, text, expected) in cases {
            assert_eq!(first_sentence(text), expected, "{shows}");
        }
    }

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
