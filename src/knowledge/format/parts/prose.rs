//! Texts that customers read: variables in `{{ }}` and a safe subset of Markdown.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use super::markdown;
use crate::knowledge::diagnostics::{
    codes::Code, report::Report, similar_word::nearest, source::Located,
};

/// The values of the operator's variables by name.
///
/// `None` when `variables.yaml` could not be read. Unknown names are not reported then, because
/// the file may define them.
pub(crate) type Variables = Option<BTreeMap<String, String>>;

/// Variables that the dialogue fills in later, in the texts that allow them.
pub(crate) const ENGINE_VARIABLES: &[&str] = &["next_opening", "agent"];

/// Brackets of a variable, and the full-width ones that people type instead.
const BRACKETS: [&str; 3] = ["{{", "}}", "｛｛"];

/// Brackets that are one of a pair.
const ONE_BRACKET: [char; 4] = ['{', '}', '｛', '｝'];

/// A text with variables, which are checked and filled in once their values are known.
#[derive(Clone, Debug)]
pub(crate) struct Prose {
    pub(crate) text: Located<String>,
    /// Variables that the dialogue fills in when it says the text; they are left as they are.
    kept: &'static [&'static str],
    /// Whether the text has no brackets and no mistakes, whatever the variables are. Most texts
    /// are like this and need no check at a later reload.
    is_plain: bool,
}

impl Prose {
    /// A text that may hold the operator's variables only.
    pub(crate) fn new(text: Located<String>) -> Self {
        Self::keeping(text, &[])
    }

    /// A text that may also hold variables that the dialogue fills in when it says the text.
    pub(crate) fn keeping(text: Located<String>, kept: &'static [&'static str]) -> Self {
        let has_brackets = text.value.contains(ONE_BRACKET);
        let is_plain = !has_brackets && markdown::flaws(&text.value, str::to_owned).is_empty();
        Self { text, kept, is_plain }
    }

    /// Reports unknown and misspelt variables, and Markdown outside of the subset.
    pub(crate) fn check(&self, variables: &Variables, report: &mut Report<'_>) {
        self.check_names(variables, report);
        self.check_markdown([|url: &str| fill(url, variables)], report);
    }

    /// Reports Markdown outside of the subset, once for all ways to fill the names in.
    pub(crate) fn check_markdown(
        &self,
        fillings: impl IntoIterator<Item = impl Fn(&str) -> String>,
        report: &mut Report<'_>,
    ) {
        if self.is_plain {
            return;
        }
        let Located { value: text, place } = &self.text;
        let mut told = BTreeSet::new();
        for filled in fillings {
            for flaw in markdown::flaws(text, &filled) {
                if !told.insert((flaw.at, flaw.code.as_str(), flaw.message.clone())) {
                    continue;
                }
                let nth = occurrence(text, flaw.needle, flaw.at);
                let place = report.inside(*place, flaw.needle, nth);
                let reason = "不在允许的范围内，客户看到的会和你想的不一样";
                report.add(flaw.code, place, flaw.message, reason, flaw.mend);
            }
        }
    }

    /// Reports known names in one bracket instead of two, which customers would see as they stand.
    pub(crate) fn check_single_brackets(&self, names: &Variables, report: &mut Report<'_>) {
        let Some(known) = names.as_ref().filter(|_| !self.is_plain) else { return };
        let Located { value: text, place } = &self.text;
        for (part, at) in parts(text) {
            let ProsePart::Plain(plain) = part else { continue };
            for (written, name, from) in in_single_brackets(plain) {
                if !known.contains_key(name) && !ENGINE_VARIABLES.contains(&name) {
                    continue;
                }
                let place = report.inside(*place, written, occurrence(text, written, at + from));
                let message = format!("“{written}”只有一个花括号");
                let reason = "变量和数两边各是两个英文花括号；客户会看到花括号和名字";
                report.add(
                    Code::BadVariable,
                    place,
                    message,
                    reason,
                    format!("写成 {{{{{name}}}}}"),
                );
            }
        }
    }

    /// Reports unknown and misspelt variables.
    pub(crate) fn check_names(&self, variables: &Variables, report: &mut Report<'_>) {
        if self.is_plain {
            return;
        }
        let Located { value: text, place } = &self.text;
        for (part, at) in parts(text) {
            match part {
                ProsePart::Plain(_) => {}
                ProsePart::Broken(broken) => {
                    let place = report.inside(*place, broken, occurrence(text, broken, at));
                    report_broken(broken, place, report);
                }
                ProsePart::Variable(name) if self.kept.contains(&name) => {}
                ProsePart::Variable(name) => {
                    let Some(known) = variables else { continue };
                    if known.contains_key(name) {
                        continue;
                    }
                    let written = format!("{{{{{name}}}}}");
                    let place = report.inside(*place, &written, occurrence(text, &written, at));
                    let mend = match nearest(name, known.keys().map(String::as_str)) {
                        Some(guess) => format!("是不是想写“{{{{{guess}}}}}”？"),
                        None if ENGINE_VARIABLES.contains(&name) => {
                            "这个变量只能用在 off_hours、转人工的 texts.closed（next_opening）或 agent_joined（agent）里"
                                .to_owned()
                        }
                        None => "是法规里的数：看 knowledge/figures 里的 id 是不是改了名（数只能写在条目里）；是自家的：在 knowledge/variables.yaml 里加上它".to_owned(),
                    };
                    let message = format!("变量或数“{name}”没有定义");
                    report.add(Code::UnknownVariable, place, message, "客户会看到空白", mend);
                }
            }
        }
    }

    /// The text with the operator's variables filled in.
    pub(crate) fn filled(&self, variables: &Variables) -> Cow<'_, str> {
        self.filled_by(|name| Some(variables.as_ref()?.get(name)?.as_str()))
    }

    /// The text with the given values of names filled in.
    pub(crate) fn filled_by<'v>(&self, value: impl Fn(&str) -> Option<&'v str>) -> Cow<'_, str> {
        if self.is_plain {
            return Cow::Borrowed(&self.text.value);
        }
        Cow::Owned(fill_by(&self.text.value, self.kept, value))
    }

    /// The names in the text, in their order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let text = if self.is_plain { "" } else { self.text.value.as_str() };
        parts(text).into_iter().filter_map(|(part, _)| match part {
            ProsePart::Variable(name) => Some(name),
            ProsePart::Plain(_) | ProsePart::Broken(_) => None,
        })
    }
}

/// Reports a variable in a text that may not hold any.
pub(crate) fn refuse_variables(text: &Located<String>, key: &str, report: &mut Report<'_>) {
    if let Some(brackets) = ["{{", "}}"].into_iter().find(|b| text.value.contains(b)) {
        let place = report.inside(text.place, brackets, 0);
        let message = format!("“{key}”里不能有变量");
        report.add(Code::BadVariable, place, message, "这里的文字按原样使用", "去掉花括号");
    }
}

fn report_broken(
    broken: &str,
    place: crate::knowledge::diagnostics::source::Place,
    report: &mut Report<'_>,
) {
    let message = format!("“{broken}”不是变量的写法");
    let reason = "变量是两个英文花括号，中间只有小写字母、数字、下划线";
    report.add(Code::BadVariable, place, message, reason, "写成 {{名字}}，没有空格");
}

/// Fills known variables in; unknown ones stay as they are.
fn fill(text: &str, variables: &Variables) -> String {
    fill_but(text, &[], variables)
}

/// Fills known variables in, except those named in `kept`, which the dialogue fills in later.
pub(crate) fn fill_but(text: &str, kept: &[&str], variables: &Variables) -> String {
    fill_by(text, kept, |name| Some(variables.as_ref()?.get(name)?.as_str()))
}

/// Fills the names in that have a value; others stay as they are.
pub(crate) fn fill_by<'v>(
    text: &str,
    kept: &[&str],
    value: impl Fn(&str) -> Option<&'v str>,
) -> String {
    let known = |name: &str| if kept.contains(&name) { None } else { value(name) };
    let mut filled = String::with_capacity(text.len());
    for (part, _) in parts(text) {
        match part {
            ProsePart::Plain(plain) | ProsePart::Broken(plain) => filled.push_str(plain),
            ProsePart::Variable(name) => match known(name) {
                Some(value) => filled.push_str(value),
                None => filled.extend(["{{", name, "}}"]),
            },
        }
    }
    filled
}

/// Whether a word can name a variable.
pub(crate) fn is_variable_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= 40
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
enum ProsePart<'t> {
    Plain(&'t str),
    /// The name between the brackets.
    Variable(&'t str),
    /// Brackets without a valid name between them, or without a partner.
    Broken(&'t str),
}

/// Cuts a text at its brackets, and returns each part with the byte at which it begins.
fn parts(text: &str) -> Vec<(ProsePart<'_>, usize)> {
    let mut parts = Vec::new();
    let (mut rest, mut at) = (text, 0);
    while let Some((plain, bracket, after)) = BRACKETS
        .into_iter()
        .filter_map(|bracket| {
            rest.split_once(bracket).map(|(plain, after)| (plain, bracket, after))
        })
        .min_by_key(|(plain, ..)| plain.len())
    {
        parts.push((ProsePart::Plain(plain), at));
        at += plain.len();
        let inner = (bracket == "{{").then(|| after.split_once("}}")).flatten();
        let (part, length) = match inner {
            Some((name, _)) if is_variable_name(name) => {
                (ProsePart::Variable(name), name.len() + 4)
            }
            Some((name, _)) if !name.contains(['\n', '{']) => {
                let whole = rest.get(plain.len()..plain.len() + name.len() + 4);
                (ProsePart::Broken(whole.unwrap_or(bracket)), name.len() + 4)
            }
            _ => (ProsePart::Broken(bracket), bracket.len()),
        };
        parts.push((part, at));
        at += length;
        rest = text.get(at..).unwrap_or_default();
    }
    parts.push((ProsePart::Plain(rest), at));
    parts
}

/// Each name in one bracket: with its brackets, by itself, and the byte at which it begins.
fn in_single_brackets(plain: &str) -> impl Iterator<Item = (&str, &str, usize)> {
    plain.match_indices(['{', '｛']).filter_map(move |(from, bracket)| {
        let after = plain.get(from + bracket.len()..)?;
        let (inner, _) = after.split_once(['}', '｝'])?;
        let close = after.get(inner.len()..)?.chars().next()?;
        let end = from + bracket.len() + inner.len() + close.len_utf8();
        let name = inner.trim();
        is_variable_name(name).then_some((plain.get(from..end)?, name, from))
    })
}

/// The number of occurrences of a word before a byte of a text.
fn occurrence(text: &str, word: &str, at: usize) -> usize {
    text.match_indices(word).take_while(|(found, _)| *found < at).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_text() {
        use ProsePart::{Broken, Plain, Variable};
        let cases = [
            // (what it shows, text, parts that are not empty)
            ("none", "客服电话", vec![Plain("客服电话")]),
            ("one", "电话{{hotline}}。", vec![Plain("电话"), Variable("hotline"), Plain("。")]),
            ("two at once", "{{a}}{{b}}", vec![Variable("a"), Variable("b")]),
            ("a space", "{{ a }}", vec![Broken("{{ a }}")]),
            ("not closed", "{{a", vec![Broken("{{"), Plain("a")]),
            ("not opened", "a}}", vec![Plain("a"), Broken("}}")]),
            ("full width", "｛｛a}}", vec![Broken("｛｛"), Plain("a"), Broken("}}")]),
            ("three", "{{{a}}}", vec![Broken("{{"), Plain("{a"), Broken("}}"), Plain("}")]),
            ("single ones are text", "{a}", vec![Plain("{a}")]),
        ];
        for (shows, text, expected) in cases {
            let found: Vec<_> = parts(text)
                .into_iter()
                .map(|(part, _)| part)
                .filter(|part| *part != Plain(""))
                .collect();
            assert_eq!(found, expected, "{shows}");
        }
    }

    #[test]
    fn names_in_single_brackets() {
        let cases = [
            // (what it shows, text, what is found)
            ("none", "电话{{hotline}}。", vec![]),
            ("one", "电话{hotline}。", vec![("{hotline}", "hotline", 6)]),
            ("spaces", "｛ a }，{b｝", vec![("｛ a }", "a", 0), ("{b｝", "b", 10)]),
            ("no name", "{客服}", vec![]),
            ("not closed", "{a", vec![]),
        ];
        for (shows, text, expected) in cases {
            let found: Vec<_> = parts(text)
                .into_iter()
                .filter_map(|(part, _)| match part {
                    ProsePart::Plain(plain) => Some(plain),
                    ProsePart::Variable(_) | ProsePart::Broken(_) => None,
                })
                .flat_map(in_single_brackets)
                .collect();
            assert_eq!(found, expected, "{shows}");
        }
    }

    #[test]
    fn known_variables_are_filled_and_others_stay() {
        let variables = Some(BTreeMap::from([("app".to_owned(), "云桥".to_owned())]));
        assert_eq!(fill("打开{{app}}，{{next_opening}}", &variables), "打开云桥，{{next_opening}}");
    }
}
