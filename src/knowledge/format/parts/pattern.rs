//! Reads regular expressions.

use std::ops::RangeInclusive;

use regex::{Regex, RegexBuilder};

use crate::knowledge::diagnostics::{codes::Code, report::Report, source::Located};
use crate::parallel::Threads;
use crate::text::normalize;

/// Largest compiled pattern in bytes: about a thousand Han characters with wild cards. The limit
/// keeps matching fast, since every pattern may run on every utterance.
const PATTERN_BYTES_MAX: usize = 1 << 20;

/// Length of a pattern in characters.
pub(crate) const PATTERN_CHARS: RangeInclusive<usize> = 1..=1_000;

/// Compiles a pattern. Matching takes time linear in the length of the utterance, as the `regex`
/// crate guarantees.
pub(crate) fn compile(text: &Located<String>, report: &mut Report<'_>) -> Option<Regex> {
    judge(text, compiled(text), report)
}

/// Compiles many patterns on several threads; the results are in the same order.
pub(crate) fn compile_all(
    texts: &[Located<String>],
    threads: Threads,
    report: &mut Report<'_>,
) -> Vec<Option<Regex>> {
    let compiled = threads.map(texts, compiled);
    texts.iter().zip(compiled).map(|(text, compiled)| judge(text, compiled, report)).collect()
}

/// The pattern, and whether it matches the empty text; `None` if its length is not allowed.
type Compiled = Option<Result<(Regex, bool), regex::Error>>;

fn compiled(text: &Located<String>) -> Compiled {
    let is_read = PATTERN_CHARS.contains(&text.value.chars().count());
    is_read.then(|| {
        let pattern = RegexBuilder::new(&text.value).size_limit(PATTERN_BYTES_MAX).build()?;
        let matches_nothing = matches_nothing(&pattern);
        Ok((pattern, matches_nothing))
    })
}

/// Reports why a pattern cannot be used; `Some` for a usable one.
fn judge(text: &Located<String>, compiled: Compiled, report: &mut Report<'_>) -> Option<Regex> {
    if !text.has_length("patterns", PATTERN_CHARS, report) {
        return None;
    }
    let (message, reason, mend) = match compiled? {
        Ok((pattern, false)) => {
            warn_of_idle(text, report);
            return Some(pattern);
        }
        Ok((_, true)) => (
            "这个正则能匹配任何话".to_owned(),
            "它的每一部分都可有可无，什么也不写也算匹配".to_owned(),
            "至少要有一个必须出现的字，或用 ^ 和 $ 限定整句",
        ),
        Err(regex::Error::CompiledTooBig(_)) => (
            "正则太大".to_owned(),
            format!("编译后超过 {} KB", PATTERN_BYTES_MAX / 1024),
            "拆成几行，减少 {m,n} 的重复次数",
        ),
        Err(error) => (
            "正则写错了".to_owned(),
            // The last line of the error names the mistake; the lines before show the excerpt.
            error.to_string().lines().last().unwrap_or_default().trim().to_owned(),
            "按 Rust regex 的写法改正；不支持前后查找（?= ?! ?<= ?<!）和反向引用",
        ),
    };
    report.add(Code::Pattern, text.place, message, reason, mend);
    None
}

/// Whether the pattern matches the empty text. A pattern with a minimum length cannot; this is
/// read from its syntax, because a first search would allocate memory for each pattern.
fn matches_nothing(pattern: &Regex) -> bool {
    let least = regex_syntax::parse(pattern.as_str()).map(|hir| hir.properties().minimum_len());
    !matches!(least, Ok(Some(1..))) && pattern.is_match("")
}

/// Reports a character that no normalised utterance contains.
fn warn_of_idle(text: &Located<String>, report: &mut Report<'_>) {
    // Flags and character classes use letters and spaces as syntax.
    if ["(?", "\\p", "\\P", "[:"].iter().any(|special| text.value.contains(special)) {
        return;
    }
    let mut previous = ' ';
    for c in text.value.chars() {
        let is_idle = match c {
            _ if previous == '\\' => false,
            ' ' => true,
            _ if c.is_ascii() => c.is_ascii_uppercase(),
            _ => normalize(c.encode_utf8(&mut [0; 4])).as_str() != c.encode_utf8(&mut [0; 4]),
        };
        if is_idle {
            let place = report.inside(text.place, c.encode_utf8(&mut [0; 4]), 0);
            let message = format!("正则里的“{c}”不会在规范化后的话里出现");
            let reason = "匹配之前已去掉空格和标点，字母变小写，繁体变简体";
            report.add(Code::IdlePattern, place, message, reason, "去掉它，或写成规范化后的字");
            return;
        }
        previous = c;
    }
}

/// Reports a number that normalising would write differently, so that it never matches.
pub(crate) fn warn_of_number(text: &Located<String>, report: &mut Report<'_>) {
    // A character inside a class, or one that may be missing, is not part of a word.
    let mut words = vec![String::new()];
    let (mut previous, mut is_class) = (' ', false);
    for c in text.value.chars() {
        let is_written = !is_class && previous != '\\' && c.is_alphanumeric();
        match words.last_mut() {
            Some(word) if is_written => word.push(c),
            Some(word) => {
                if matches!(c, '?' | '*' | '{') {
                    word.pop();
                }
                words.push(String::new());
            }
            None => {}
        }
        is_class = previous != '\\' && (c == '[' || (is_class && c != ']'));
        previous = c;
    }
    let other = |word: &String| {
        let same = normalize(word).into_string();
        let is_other = same != *word && same.contains(|c: char| c.is_ascii_digit());
        is_other.then_some(same)
    };
    let Some((word, same)) = words.iter().find_map(|word| Some((word, other(word)?))) else {
        return;
    };
    let place = report.inside(text.place, word, 0);
    let message = format!("正则里的“{word}”不会在规范化后的话里出现");
    let reason = "匹配之前，数已写成阿拉伯数字，金额已写成“元”";
    report.add(Code::IdlePattern, place, message, reason, format!("改成“{same}”"));
}
