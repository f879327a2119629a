//! Reads `dict.txt`: words that the segmenter keeps whole.

use std::{collections::BTreeMap, ops::RangeInclusive};

use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        source::{Located, Place, Source},
    },
    model::base::DictionaryWord,
};
use crate::text::normalize;

/// How often a word is assumed to occur: the unit is that of the segmenter's own dictionary.
const FREQUENCY: RangeInclusive<u32> = 1..=1_000_000;

/// Reads the words of `dict.txt`, one a line.
pub(crate) fn read(
    file: usize,
    source: &Source<'_>,
    report: &mut Report<'_>,
) -> Vec<Located<DictionaryWord>> {
    let mut words = Vec::new();
    let mut seen: BTreeMap<String, Place> = BTreeMap::new();
    for number in 1..=source.line_count() {
        let line = source.line(number);
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let place = source.line_place(file, number);
        let mut parts = line.split_whitespace();
        let word = normalize(parts.next().unwrap_or_default()).into_string();
        let frequency = parts.next().map(|count| count.parse::<u32>().unwrap_or(0));
        let fits = word.chars().count() >= 2
            && frequency.is_none_or(|count| FREQUENCY.contains(&count))
            && parts.next().is_none();
        if !fits {
            let message = format!("“{}”不是“词”或“词 词频”", line.trim());
            let reason = "词至少两个字，不含标点；词频是 1 至 1000000 的整数";
            report.add(
                Code::DictionaryLine,
                place,
                message,
                reason,
                "改成例如 余额宝 或 余额宝 2000",
            );
            continue;
        }
        if let Some(first) = seen.get(&word) {
            let reason = format!("另一处：{}", report.name(*first));
            report.add(
                Code::Repeated,
                place,
                format!("词“{word}”写了两遍"),
                reason,
                "删掉其中一行",
            );
            continue;
        }
        seen.insert(word.clone(), place);
        words.push(Located { value: DictionaryWord { word, frequency }, place });
    }
    words
}
