//! Entries that are found by patterns and not by similarity: those with `match: contains` and
//! `match: regex`.

use std::{cmp::Reverse, collections::BTreeMap};

use crate::knowledge::{Entry, KnowledgeBase, MatchBy, Status};
use crate::matching::{index::equals::Equal, outcome::Reason, terms::synonyms::Cores};
use crate::text::{Prefilter, WordFinder, normalize};

/// An entry that was found by a rule: an equal question or a pattern, and not by similarity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RuleHit {
    /// The entry's index in the knowledge base.
    pub(crate) entry: usize,
    /// The index of the question that the utterance equals, or 0, the standard question.
    pub(crate) question: usize,
    /// The rule that found it.
    pub(crate) reason: Reason,
}

impl RuleHit {
    /// The hit of an equal question; `None` when its entry is ranked.
    pub(crate) fn of(equal: Equal) -> Option<Self> {
        match equal {
            Equal::Ranked(_) => None,
            Equal::Unranked { entry, question } => {
                Some(Self { entry, question, reason: Reason::Equal })
            }
        }
    }

    /// The question, as written in the files.
    pub(crate) fn wording(self, base: &KnowledgeBase) -> String {
        base.entries[self.entry].questions().nth(self.question).unwrap_or_default().to_owned()
    }
}

/// The patterns of all live entries.
#[derive(Debug, Default)]
pub(crate) struct EntryPatterns {
    /// The patterns of entries with `match: contains`.
    words: WordFinder<Contained>,
    /// The entry and the pattern index of each regular expression, in the order of the files.
    regexes: Vec<(usize, usize)>,
    prefilter: Prefilter,
}

/// A pattern that an utterance contains.
#[derive(Clone, Copy, Debug)]
struct Contained {
    entry: usize,
    pattern: usize,
}

impl EntryPatterns {
    pub(crate) fn of(base: &KnowledgeBase) -> Self {
        let (mut words, mut regexes, mut of_regexes) = (Vec::new(), Vec::new(), Vec::new());
        for (entry, written) in base.entries.iter().enumerate() {
            if written.status != Status::Live {
                continue;
            }
            match &written.match_by {
                MatchBy::Smart | MatchBy::Exact => {}
                MatchBy::Contains(of_entry) => {
                    let numbered = of_entry.iter().zip(0..);
                    words.extend(
                        numbered.map(|(word, pattern)| (word, Contained { entry, pattern })),
                    );
                }
                MatchBy::Regex(of_entry) => {
                    of_regexes.extend((0..of_entry.len()).map(|pattern| (entry, pattern)));
                    regexes.extend(of_entry);
                }
            }
        }
        Self {
            words: WordFinder::every(words),
            regexes: of_regexes,
            prefilter: Prefilter::new(regexes),
        }
    }

    /// The served entry whose pattern matches a normalised utterance. Contained patterns go
    /// first, the longest of them first; then regular expressions. Ties go to the entry written
    /// first. An entry with a `not` line equal to the utterance is left out.
    pub(crate) fn find(
        &self,
        base: &KnowledgeBase,
        normalized: &str,
        cores: &Cores,
        is_served: impl Fn(usize) -> bool,
    ) -> Option<RuleHit> {
        let is_allowed =
            |entry: usize| is_served(entry) && !is_barred(&base.entries[entry], normalized, cores);
        let contained = self.contained(normalized);
        let word = contained.into_values().find(|word| is_allowed(word.entry));
        let found =
            word.map(|Contained { entry, pattern }| (entry, Reason::Contains { entry, pattern }));
        let found = found.or_else(|| {
            let (entry, pattern) = self.first_match(base, normalized, is_allowed)?;
            Some((entry, Reason::EntryPattern { entry, pattern }))
        });
        found.map(|(entry, reason)| RuleHit { entry, question: 0, reason })
    }

    /// The contained patterns, keyed by their precedence: the longest first, then by entry.
    fn contained(&self, normalized: &str) -> BTreeMap<(Reverse<usize>, usize), Contained> {
        let mut contained = BTreeMap::new();
        for found in self.words.find(normalized) {
            let length = normalized.get(found.bytes).map_or(0, |word| word.chars().count());
            contained.entry((Reverse(length), found.word.entry)).or_insert(found.word);
        }
        contained
    }

    /// The entry and the pattern index of the first regular expression that matches.
    fn first_match(
        &self,
        base: &KnowledgeBase,
        normalized: &str,
        is_allowed: impl Fn(usize) -> bool,
    ) -> Option<(usize, usize)> {
        if self.regexes.is_empty() {
            return None;
        }
        let seen = self.prefilter.see(normalized);
        let found = self.regexes.iter().enumerate().find(|&(number, &(entry, pattern))| {
            self.prefilter.may_match(number, &seen)
                && is_match(&base.entries[entry], pattern, normalized)
                && is_allowed(entry)
        });
        found.map(|(_, place)| *place)
    }
}

fn is_match(entry: &Entry, pattern: usize, normalized: &str) -> bool {
    match &entry.match_by {
        MatchBy::Regex(patterns) => patterns[pattern].is_match(normalized),
        MatchBy::Smart | MatchBy::Exact | MatchBy::Contains(_) => false,
    }
}

/// Whether a `not` line of the entry equals the utterance, courtesies and synonyms aside.
fn is_barred(entry: &Entry, normalized: &str, cores: &Cores) -> bool {
    entry
        .not
        .iter()
        .map(|line| normalize(line).into_string())
        .any(|line| line == normalized || cores.core(&line) == cores.core(normalized))
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};
    use regex::Regex;

    use super::*;
    use crate::knowledge::{Circumstances, Facts, Intent, IntentAction, When, questions_only};
    use crate::matching::{Band, Confidence, Outcome, Snapshot};

    const TODAY: Date = date(2026, 11, 22);

    const QUESTIONS: &str = r#"
{"id": "withdraw.arrival", "question": "提现多久到账", "similar": ["提现几天能到账", "取出来的钱什么时候到银行卡"]}
{"id": "withdraw.fee", "question": "提现手续费怎么收", "similar": ["提现要扣多少钱", "取现收费吗"]}
{"id": "password.reset", "question": "忘记登录密码怎么办", "similar": ["登录密码想不起来了", "怎么重置密码"]}
{"id": "huabei.what", "question": "什么是花呗", "similar": ["花呗是做什么的"]}
{"id": "huabei.repay", "question": "花呗怎么还款"}
{"id": "order.where", "question": "我的订单到哪里了"}
{"id": "activity.code", "question": "口令红包", "similar": ["双十一口令"]}
"#;

    type Edit = fn(&mut Entry);

    fn words(words: &[&str]) -> MatchBy {
        MatchBy::Contains(words.iter().map(|&word| word.to_owned()).collect())
    }

    fn regexes(patterns: &[&str]) -> MatchBy {
        MatchBy::Regex(patterns.iter().map(|pattern| Regex::new(pattern).unwrap()).collect())
    }

    fn change(base: &mut KnowledgeBase, id: &str, change: impl FnOnce(&mut Entry)) {
        let place = base.entries.place(&id.into()).unwrap();
        change(&mut base.entries.edit()[place]);
    }

    fn for_product(product: &str) -> When {
        When::new([("product".to_owned(), vec![product.to_owned()])])
    }

    fn intent(id: &str, priority: u8, pattern: &str) -> Intent {
        Intent {
            id: id.into(),
            priority,
            examples: Vec::new(),
            patterns: vec![Regex::new(pattern).unwrap()],
            line: None,
            action: IntentAction::Reply { text: "好的".to_owned(), offer_human: false },
        }
    }

    fn base() -> KnowledgeBase {
        let mut base = questions_only(QUESTIONS.as_bytes()).base.unwrap();
        change(&mut base, "huabei.what", |entry| entry.match_by = words(&["花呗"]));
        change(&mut base, "huabei.repay", |entry| entry.match_by = words(&["还花呗", "花呗账单"]));
        change(&mut base, "order.where", |entry| {
            entry.match_by = regexes(&["订单号?[0-9]{4,}", "花呗.*订单"]);
        });
        change(&mut base, "activity.code", |entry| entry.match_by = MatchBy::Exact);
        base.intents = vec![
            intent("fraud.report", 90, "花呗.*被骗"),
            intent("human.request", 10, "花呗.*人工|订单.*人工|^转人工$"),
        ]
        .into();
        base
    }

    fn snapshot() -> Snapshot {
        Snapshot::build(base()).unwrap()
    }

    /// The entry or intent that answers, and the index of its pattern if one decided.
    fn answered(snapshot: &Snapshot, utterance: &str) -> (String, Option<usize>) {
        let explanation = snapshot.explain(utterance, TODAY);
        let Outcome { band, intent, ranked, .. } = &explanation.outcome;
        let name = match (intent, band) {
            (Some(intent), _) => intent.to_string(),
            (None, Band::Answer) => ranked[0].entry.to_string(),
            (None, Band::Clarify | Band::Fallback) => "nothing".to_owned(),
        };
        let (Reason::Contains { pattern, .. } | Reason::EntryPattern { pattern, .. }) =
            explanation.reason
        else {
            return (name, None);
        };
        (name, Some(pattern))
    }

    #[test]
    fn rules_decide_in_order() {
        let snapshot = snapshot();
        let cases = [
            // (what it shows, utterance, the entry or intent that answers, index of its pattern)
            ("a safety pattern before all", "花呗被骗", "fraud.report", None),
            ("a question before a pattern", "你好，花呗怎么还款？", "huabei.repay", None),
            ("a ranked question before a pattern", "提现多久到账", "withdraw.arrival", None),
            ("contained", "花 呗 额度", "huabei.what", Some(0)),
            ("the longest contained pattern", "我的花呗账单在哪", "huabei.repay", Some(1)),
            ("contained before a regular expression", "花呗的订单", "huabei.what", Some(0)),
            ("a regular expression", "查一下订单号12345", "order.where", Some(0)),
            ("a pattern of an entry before an intent's", "花呗转人工", "huabei.what", Some(0)),
            ("and by a regular expression", "订单12345人工", "order.where", Some(0)),
            ("an intent's pattern", "转人工", "human.request", None),
            ("an exact question", "请问双十一口令", "activity.code", None),
        ];
        for (shows, utterance, name, pattern) in cases {
            assert_eq!(answered(&snapshot, utterance), (name.to_owned(), pattern), "{shows}");
        }
    }

    #[test]
    fn of_two_contained_patterns_the_entry_written_first_wins() {
        let mut base = base();
        change(&mut base, "withdraw.fee", |entry| entry.match_by = words(&["额度", "利息"]));
        let snapshot = Snapshot::build(base).unwrap();
        assert_eq!(answered(&snapshot, "花呗额度").0, "withdraw.fee");
        assert_eq!(answered(&snapshot, "花呗账单的利息").0, "huabei.repay", "the longer first");
    }

    #[test]
    fn an_unranked_entry_is_found_by_its_rule_alone() {
        let mut other = base();
        let near = ["花一呗怎么还款呢", "口令红包在哪里领", "我的订单现在到哪了", "双十一口令红包"];
        for utterance in near {
            let outcome = snapshot().find(utterance, TODAY);
            let rule_hit = ["huabei.repay", "activity.code", "order.where"];
            let has_rule_hit = |id: &str| rule_hit.contains(&id);
            assert!(
                !outcome.ranked.iter().any(|one| has_rule_hit(one.entry.as_str())),
                "{utterance}"
            );
        }
        // Nor does it change the calibration.
        let without = |base: &mut KnowledgeBase| {
            base.entries.edit().retain(|entry| matches!(entry.match_by, MatchBy::Smart));
        };
        let with = Snapshot::build(other.clone()).unwrap();
        without(&mut other);
        let without = Snapshot::build(other).unwrap();
        assert_eq!(with.calibration().held_out, without.calibration().held_out);
        assert_eq!(with.calibration().answer, without.calibration().answer);
        let (one, two) =
            (with.find("提现什么时候到", TODAY), without.find("提现什么时候到", TODAY));
        assert_eq!(one, two);
    }

    #[test]
    fn a_rule_hit_has_the_highest_confidence_and_is_explained() {
        let snapshot = snapshot();
        let explanation = snapshot.explain("花呗额度", TODAY);
        let first = &explanation.candidates[0];
        assert_eq!(first.confidence, Confidence::EXACT);
        assert_eq!(explanation.outcome.ranked[0].confidence, Confidence::EXACT);
        let text = explanation.to_string();
        assert!(text.contains("候选 1：huabei.what“什么是花呗”\n　　不参加排序"), "{text}");
        assert!(text.ends_with("结论：　直接回答（包含条目的第 1 个 patterns）"), "{text}");
        let text = snapshot.explain("订单号12345", TODAY).to_string();
        assert!(text.ends_with("结论：　直接回答（符合条目的第 1 个正则）"), "{text}");
    }

    #[test]
    fn an_entry_that_is_not_served_finds_nothing() {
        let loan: Facts = "product=loan".parse().unwrap();
        let unserved: [(&str, Edit); 4] = [
            ("a draft", |entry| entry.status = Status::Draft),
            ("retired", |entry| entry.status = Status::Retired),
            ("over", |entry| entry.valid_until = Some(date(2026, 11, 21))),
            ("for others", |entry| entry.when = for_product("wallet")),
        ];
        let cases = [
            ("huabei.what", "花呗额度"),
            ("order.where", "订单号12345"),
            ("activity.code", "口令红包"),
        ];
        for (shows, unserve) in unserved {
            for (id, utterance) in cases {
                let mut base = base();
                change(&mut base, id, unserve);
                let snapshot = Snapshot::build(base).unwrap();
                for facts in [Facts::none(), &loan] {
                    let outcome = snapshot.find(utterance, Circumstances { today: TODAY, facts });
                    assert_ne!(outcome.band, Band::Answer, "{shows}: {utterance}");
                    assert!(!outcome.ranked.iter().any(|one| one.entry.as_str() == id), "{shows}");
                }
            }
        }
    }

    #[test]
    fn a_not_line_bars_a_pattern() {
        let mut base = base();
        change(&mut base, "huabei.what", |entry| entry.not = vec!["花呗怎么关掉".to_owned()]);
        let snapshot = Snapshot::build(base).unwrap();
        assert_ne!(answered(&snapshot, "请问花呗怎么关掉？").1, Some(0));
        assert_eq!(answered(&snapshot, "花呗怎么关").1, Some(0));
    }

    #[test]
    fn each_customer_gets_the_entries_for_their_facts() {
        let mut base = base();
        let mut loan = base.entry(&"withdraw.arrival".into()).unwrap().clone();
        loan.id = "loan.arrival".into();
        loan.when = for_product("loan");
        base.entries.edit().push(loan);
        change(&mut base, "withdraw.arrival", |entry| entry.when = for_product("wallet"));
        let snapshot = Snapshot::build(base).unwrap();
        // Word for word, with courtesies, and by similarity.
        for utterance in ["提现多久到账", "你好，提现多久到账", "我提现的钱什么时候能到账呀"]
        {
            let cases = [
                ("product=wallet", Some("withdraw.arrival")),
                ("audience=vip,product=loan", Some("loan.arrival")),
                ("product=card", None),
                ("audience=vip", None),
                ("", None),
            ];
            for (facts, expected) in cases {
                let facts = facts.parse().unwrap();
                let circumstances = Circumstances { today: TODAY, facts: &facts };
                let outcome = snapshot.find(utterance, circumstances);
                let arrival = outcome.ranked.iter().map(|one| one.entry.as_str());
                let arrival: Vec<&str> = arrival.filter(|id| id.ends_with(".arrival")).collect();
                assert_eq!(arrival.first().copied(), expected, "{utterance} {facts}");
                assert!(arrival.len() <= 1, "{utterance} {facts}: {arrival:?}");
                if expected.is_some() {
                    assert_eq!(outcome.ranked[0].entry.as_str(), arrival[0]);
                }
            }
        }
    }

    #[test]
    fn unserved_entries_take_no_candidates_place() {
        let mut base = base();
        let model = base.entry(&"withdraw.arrival".into()).unwrap().clone();
        for number in 0..40 {
            let mut other = model.clone();
            other.id = format!("other.n{number}").as_str().into();
            other.when = for_product(&format!("p{number}"));
            base.entries.edit().insert(0, other);
        }
        let snapshot = Snapshot::build(base).unwrap();
        let outcome = snapshot.find("取出来的钱什么时候能到我卡里", TODAY);
        assert_eq!(outcome.ranked[0].entry.as_str(), "withdraw.arrival");
    }
}
