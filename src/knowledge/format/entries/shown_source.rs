//! A source as customers read it.

use crate::knowledge::format::parts::prose::is_variable_name;

/// A source as customers read it: without the names of variables, which mean nothing to them,
/// without parts that are empty today, and with each document once.
pub(super) fn for_customers(source: &str) -> String {
    let kept = without_empty_brackets(&without_variables(source));
    let is_sign = |c: char| matches!(c, '，' | '、') || c.is_whitespace();
    let (mut parts, mut depth): (Vec<&str>, usize) = (Vec::new(), 0);
    let written = kept.split('；').map(|part| part.trim_matches(is_sign));
    for part in written.filter(|part| !part.is_empty()) {
        // Within brackets a sign separates no documents.
        let (before, opened) = (depth, part.matches(['（', '《', '(']).count());
        depth = (depth + opened).saturating_sub(part.matches(['）', '》', ')']).count());
        if (before, depth) != (0, 0) || !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts.join("；")
}

/// A source without the names of variables in brackets: `（变量 hotline、app；…）`. Without its
/// closing bracket the text stays as it is.
fn without_variables(source: &str) -> String {
    let mut kept = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("变量") {
        kept.push_str(before);
        let is_inside = kept.rfind('（') > kept.rfind('）') && after.contains('）');
        let after_names = after_names(after).filter(|_| is_inside);
        if after_names.is_none() {
            kept.push_str("变量");
        }
        rest = after_names.unwrap_or(after);
    }
    kept.push_str(rest);
    kept
}

/// The text after a list of names of variables; `None` where it does not begin with one.
fn after_names(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    let mut names = 0;
    loop {
        let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let after = rest.trim_start_matches(is_part);
        let name = rest.strip_suffix(after).unwrap_or_default();
        let after = after.trim_start();
        if !is_variable_name(name) || !after.starts_with(['、', '，', '；', '）']) {
            return (names > 0).then_some(rest);
        }
        names += 1;
        match after.strip_prefix(['、', '，']) {
            Some(next) => rest = next.trim_start(),
            None => return Some(after),
        }
    }
}

/// A text without signs at both ends of its brackets, and without brackets that hold nothing else.
fn without_empty_brackets(text: &str) -> String {
    let is_sign = |c: char| matches!(c, '，' | '、' | '；') || c.is_whitespace();
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '）' {
            kept.truncate(kept.trim_end_matches(is_sign).len());
            if kept.ends_with('（') {
                kept.pop();
                continue;
            }
        }
        if !(is_sign(c) && kept.ends_with('（')) {
            kept.push(c);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_loses_the_names_of_variables_and_nothing_else() {
        let cases = [
            // (what it shows, written, as customers read it)
            ("one name", "运营方规则（变量 hotline）", "运营方规则"),
            ("several names", "运营方规则（变量 app_2、hotline）；合同", "运营方规则；合同"),
            ("words after it", "规则（变量 bill_entry；项目发起协议）", "规则（项目发起协议）"),
            ("words before it", "规则（工单制度；变量 hotline、app）", "规则（工单制度）"),
            ("around it", "规则（工单；变量 app；协议）；法", "规则（工单；协议）；法"),
            ("a word in the list", "规则（变量 app、付款页）", "规则（付款页）"),
            ("a name that goes on", "规则（变量 app接口）", "规则（变量 app接口）"),
            ("not closed", "规则（变量 hotline；协议", "规则（变量 hotline；协议"),
            ("without brackets", "关于变量 hotline 的规则", "关于变量 hotline 的规则"),
            ("twice", "甲（变量 a）；乙（变量 b）", "甲；乙"),
            ("an empty figure at the end", "规则（《办法》，）；法", "规则（《办法》）；法"),
            ("an empty figure at the begin", "规则（、《办法》）", "规则（《办法》）"),
            ("nothing else in brackets", "规则（，）；法", "规则；法"),
            ("empty parts", "；规则；；法；", "规则；法"),
            ("a sign at the end of a part", "规则、；，法", "规则；法"),
            ("nothing at all", "（变量 app）", ""),
        ];
        for (shows, written, expected) in cases {
            assert_eq!(for_customers(written), expected, "{shows}");
        }
    }
}
