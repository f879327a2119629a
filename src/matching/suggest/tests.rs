//! Tests of suggestions from typed text to the shown wordings, over a few entries.

use std::{collections::BTreeSet, sync::LazyLock};

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{
    SuggestIndex,
    index::Sign,
    search::{GAPS_MAX, SHOWN_MAX},
    typed::{TYPED_CHARS, Typed},
    walk::Walk,
};
use crate::knowledge::{Entry, EntryId, KnowledgeBase, Status, questions_only};
use crate::matching::{Snapshot, Suggestion};
use crate::text::{Segmenter, normalize};

const TODAY: Date = date(2026, 11, 22);

const QUESTIONS: &str = r#"
{"id": "withdraw.arrival", "question": "提现多久到账", "similar": ["提现几天能到账", "取出来的钱什么时候到银行卡"]}
{"id": "withdraw.fee", "question": "提现要手续费吗", "similar": ["提现要扣多少钱"]}
{"id": "recharge.arrival", "question": "充值多久到账"}
{"id": "password.reset", "question": "怎么重置登录密码", "similar": ["登录密码想不起来了"]}
{"id": "card.bind", "question": "怎么绑定银行卡"}
{"id": "conduct.report", "question": "行为异常怎么举报"}
{"id": "repay.early", "question": "怎么提前还款", "similar": ["还款日可以改吗"]}
{"id": "pay.how", "question": "怎么付款"}
{"id": "p2p.what", "question": "P2P 是什么？"}
{"id": "rate.apr", "question": "利率怎么算"}
{"id": "app.open", "question": "APP打不开"}
"#;

static SNAPSHOT: LazyLock<Snapshot> = LazyLock::new(|| Snapshot::build(base(QUESTIONS)).unwrap());

fn base(lines: &str) -> KnowledgeBase {
    questions_only(lines.as_bytes()).base.unwrap()
}

/// The wordings with the matched characters in brackets.
fn shown(suggested: &[Suggestion]) -> Vec<String> {
    let show = |Suggestion { wording, matched, .. }: &Suggestion| {
        let mut shown = String::new();
        for (c, at) in wording.chars().zip(0..) {
            shown.extend(matched.iter().any(|range| range.start == at).then_some('['));
            shown.push(c);
            shown.extend(matched.iter().any(|range| range.end == at + 1).then_some(']'));
        }
        shown
    };
    suggested.iter().map(show).collect()
}

#[test]
fn typed_text_suggests_matching_questions() {
    let withdraw = ["[提现]多久到账", "[提现]要手续费吗"];
    let cases: [(&str, &str, &[&str]); 40] = [
        // (what it shows, typed, suggested)
        ("nothing", "", &[]),
        ("marks alone", "？！", &[]),
        ("nothing like it", "天气", &[]),
        ("letters that are no sound of anything", "qqqq", &[]),
        ("Han", "提现", &withdraw),
        ("Traditional, spaces, another width", "提 現", &withdraw),
        ("full-width letters", "ｔｘ", &withdraw),
        ("upper case", "TX", &withdraw),
        ("full pinyin", "tixian", &withdraw),
        ("pinyin with the mark of the input method", "ti'xian", &withdraw),
        ("an unfinished syllable", "tixia", &withdraw),
        ("the next syllable's initial", "tix", &withdraw),
        ("initials", "tx", &withdraw),
        ("Han, then pinyin", "提xian", &withdraw),
        ("Han, then an initial", "提x", &withdraw),
        ("pinyin, then Han", "ti现", &withdraw),
        ("more of it", "提现要s", &["[提现要手]续费吗"]),
        ("initials of it all", "txdjdz", &["[提现多久到账]"]),
        ("initials and a whole syllable", "txduojiu", &["[提现多久]到账"]),
        ("the similar question that is typed", "提现几天", &["[提现几天]能到账"]),
        ("two letters of an initial", "chzh", &["[充值]多久到账", "怎么[重置]登录密码"]),
        ("both readings of 行, at the beginning", "xing", &["[行]为异常怎么举报"]),
        ("and inside", "yinhang", &["怎么绑定[银行]卡", "取出来的钱什么时候到[银行]卡"]),
        ("a later reading of 重", "chongzhi", &["[充值]多久到账", "怎么[重置]登录密码"]),
        (
            "whole syllables before initials",
            "ti",
            &["[提]现多久到账", "[提]现要手续费吗", "怎么[提]前还款"],
        ),
        ("ü as v", "lilv", &["[利率]怎么算"]),
        ("ü as u", "lilu", &["[利率]怎么算"]),
        ("a seldom reading alone is none", "fu", &["怎么[付]款"]),
        ("and comes last", "fukuan", &["怎么[付款]", "怎么提前[还款]"]),
        ("and by its whole syllable", "fk", &["怎么[付款]"]),
        ("Latin and digits", "p2p", &["[P2P] 是什么？"]),
        ("Latin, half", "P2", &["[P2]P 是什么？"]),
        ("Latin, then initials", "appdbk", &["[APP打不开]"]),
        ("in order but apart", "提现费", &["[提现]要手续[费]吗"]),
        ("words by initials, apart", "txsxf", &["[提现]要[手续费]吗"]),
        ("words by whole syllables, apart", "txshouxu", &["[提现]要[手续]费吗"]),
        ("inside of a word, one of an entry", "录密码", &["怎么重置登[录密码]"]),
        ("lone letters apart mean nothing", "xqa", &[]),
        ("nor do words far apart, by letters", "qcyhk", &[]),
        ("as they stand they do", "取出卡", &["[取出]来的钱什么时候到银行[卡]"]),
    ];
    for (shows, typed, expected) in cases {
        assert_eq!(shown(&SNAPSHOT.suggest(typed, TODAY)), expected, "{shows}: {typed}");
    }
}

#[test]
fn better_matches_come_first() {
    let lines = [
        // (what it shows, in file order, typed, ids of the suggested)
        ("the beginning, a word, apart", &["丢银行卡", "卡丢", "我的卡"][..], "卡", "120"),
        ("characters before sounds", &["现金", "限额", "先生"], "现", "0"),
        ("a whole syllable before an unfinished one", &["停用", "提现"], "ti", "10"),
        ("whole syllables before initials", &["安排", "阿农家"], "an", "01"),
        ("what is common here", &["打卡", "贷款", "贷款利率"], "dk", "120"),
        ("the shorter", &["提现多久到账", "提现"], "提现", "10"),
        ("of equals the first", &["提现快吗", "提现慢吗"], "提现", "01"),
        ("five at most", &["提一", "提二", "提三", "提四", "提五", "提六"], "提", "01234"),
    ];
    for (shows, questions, typed, expected) in lines {
        let lines: Vec<String> = questions
            .iter()
            .zip(0..)
            .map(|(question, id)| format!(r#"{{"id": "{id}", "question": "{question}"}}"#))
            .collect();
        let snapshot = Snapshot::build(base(&lines.join("\n"))).unwrap();
        let suggested = snapshot.suggest(typed, TODAY);
        let ids: String = suggested.iter().map(|one| one.entry.as_str()).collect();
        assert_eq!(ids, expected, "{shows}");
    }
}

#[test]
fn a_standard_question_goes_before_a_similar_one_that_is_shorter() {
    let lines = r#"{"id": "a", "question": "怎么办", "similar": ["提现"]}
                   {"id": "b", "question": "提现多久到账"}"#;
    let snapshot = Snapshot::build(base(lines)).unwrap();
    assert_eq!(shown(&snapshot.suggest("提", TODAY)), ["[提]现多久到账", "[提]现"]);
}

#[test]
fn pieces_stand_as_near_as_they_can() {
    let cases = [
        // (question, typed, suggested)
        ("提现的手续费和服务费", "提现费", "[提现]的手续[费]和服务费"),
        ("提现后再提现的费用", "提现费用", "提现后再[提现]的[费用]"),
        ("提现失败以后又提现要多少手续费", "txy", "提现失败以后又[提现要]多少手续费"),
        ("提现时登录失败，再提现到账", "txdz", "提现时登录失败，再[提现到账]"),
    ];
    for (question, typed, expected) in cases {
        let lines = format!(r#"{{"id": "a", "question": "{question}"}}"#);
        let suggested = Snapshot::build(base(&lines)).unwrap().suggest(typed, TODAY);
        assert_eq!(shown(&suggested), [expected]);
    }
}

#[test]
fn only_what_is_served_is_suggested() {
    let ids = |change: &dyn Fn(&mut Entry)| -> Vec<String> {
        let mut base = base(QUESTIONS);
        change(&mut base.entries.edit()[0]);
        let suggested = Snapshot::build(base).unwrap().suggest("提现", TODAY);
        suggested.iter().map(|one| one.entry.to_string()).collect()
    };
    let both = ["withdraw.arrival", "withdraw.fee"];
    assert_eq!(ids(&|_| {}), both);
    assert_eq!(ids(&|entry| entry.valid_until = Some(TODAY)), both);
    assert_eq!(ids(&|entry| entry.status = Status::Draft), both[1..]);
    assert_eq!(ids(&|entry| entry.status = Status::Retired), both[1..]);
    assert_eq!(ids(&|entry| entry.valid_until = TODAY.yesterday().ok()), both[1..]);
    assert_eq!(ids(&|entry| entry.valid_from = TODAY.tomorrow().ok()), both[1..]);
}

#[test]
fn thirty_characters_count() {
    let question = "我在手机上申请提现以后银行卡一直没有收到钱请问到底要等多久才会到账呢";
    let lines = format!(r#"{{"id": "a", "question": "{question}"}}"#);
    let snapshot = Snapshot::build(base(&lines)).unwrap();
    let counted: String = question.chars().take(TYPED_CHARS).collect();
    for (typed, is_suggested) in [
        (question.to_owned(), true),
        (format!("{counted}然后别的什么"), true),
        (format!("{}然后", counted.chars().take(TYPED_CHARS - 2).collect::<String>()), false),
        (format!("　“{}{question}", " ".repeat(40)), true),
    ] {
        let suggested = snapshot.suggest(&typed, TODAY);
        assert_eq!(suggested.len(), usize::from(is_suggested), "{typed}");
        let marked = suggested.iter().flat_map(|one| &one.matched).map(ExactSizeIterator::len);
        assert_eq!(marked.sum::<usize>(), if is_suggested { TYPED_CHARS } else { 0 });
    }
}

#[test]
fn a_long_question_is_found_by_its_beginning() {
    let question = "提现".repeat(60);
    let lines = format!(r#"{{"id": "a", "question": "{question}"}}"#);
    let snapshot = Snapshot::build(base(&lines)).unwrap();
    assert_eq!(snapshot.suggest("提现", TODAY)[0].matched.first(), Some(&(0..2)));
    let matched = &snapshot.suggest(&question, TODAY)[0].matched;
    assert_eq!(matched.first(), Some(&(0..TYPED_CHARS)));
}

#[test]
fn the_same_files_give_the_same_suggestions() {
    let other = Snapshot::build(base(QUESTIONS)).unwrap();
    for typed in ["t", "tx", "提", "怎么", "zm", "d", "dz", "款", "k"] {
        assert_eq!(SNAPSHOT.suggest(typed, TODAY), other.suggest(typed, TODAY), "{typed}");
    }
}

/// The words of generated questions, few enough that many questions begin the same.
const WORDS: [&str; 24] = [
    "提现",
    "充值",
    "到账",
    "银行卡",
    "怎么",
    "多久",
    "手续费",
    "还款",
    "逾期",
    "利率",
    "P2P",
    "app",
    "密码",
    "重置",
    "登录",
    "失败",
    "账户",
    "注销",
    "的",
    "了",
    "能",
    "退",
    "3天",
    "限额",
];

/// A knowledge base of generated questions of four words each.
fn crowd(entries: usize, wordings: usize) -> KnowledgeBase {
    let mut number = 0u64;
    let mut question = || {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let word = |nth: u32| WORDS[(number >> (24 + 8 * nth)) as usize % WORDS.len()];
        (0..4).map(word).collect::<String>()
    };
    let lines: Vec<String> = (0..entries)
        .map(|id| {
            let similar: Vec<String> =
                (1..wordings).map(|_| format!("\"{}\"", question())).collect();
            let (question, similar) = (question(), similar.join(","));
            format!(r#"{{"id": "e{id}", "question": "{question}", "similar": [{similar}]}}"#)
        })
        .collect();
    base(&lines.join("\n"))
}

#[test]
fn the_index_is_small() {
    let base = crowd(300, 8);
    let questions: usize = base.entries.iter().map(|entry| entry.questions().count()).sum();
    let index = SuggestIndex::build(&base, &Segmenter::new([]));
    assert!(questions > 2_000, "{questions}");
    let bytes = index.bytes() / questions;
    assert!((50..=300).contains(&bytes), "{bytes} bytes a question");
}

static CROWD: LazyLock<Snapshot> = LazyLock::new(|| Snapshot::build(crowd(60, 4)).unwrap());

#[test]
fn every_prefix_of_a_question_suggests_its_entry() {
    for snapshot in [&*SNAPSHOT, &*CROWD] {
        let normalized = |text: &str| normalize(text).into_string();
        let entries = &snapshot.base.entries;
        let of_entries: Vec<Vec<String>> =
            entries.iter().map(|entry| entry.questions().map(normalized).collect()).collect();
        for entry in entries {
            for question in entry.questions() {
                let length = question.chars().count();
                for typed in 2..=length {
                    let prefix: String = question.chars().take(typed).collect();
                    let suggested = snapshot.suggest(&prefix, TODAY);
                    let is_there = suggested.iter().any(|one| one.entry == entry.id);
                    let begins = |question: &String| question.starts_with(&normalized(&prefix));
                    let beginning = of_entries.iter().filter(|of_one| of_one.iter().any(begins));
                    assert!(is_there || beginning.count() > SHOWN_MAX, "{prefix} of {question}");
                }
            }
        }
    }
}

/// Matches a typed text with wordings by trying all ways.
struct Exhaustive<'a> {
    typed: &'a Typed,
    index: &'a SuggestIndex,
    /// Whether a lone last letter may be a piece of its own at any distance.
    with_lone: bool,
}

impl Exhaustive<'_> {
    fn fits(&self, question: usize) -> bool {
        let signs = self.index.signs(question);
        let words = (0..signs.len()).filter(|&at| at == 0 || signs[at].begins_word());
        let fits_in_one_piece =
            |at: usize| self.ends(signs, at, 0, true).iter().any(|&(_, to)| to == self.typed.len());
        words.into_iter().any(fits_in_one_piece) || self.fits_apart(signs, 0, 0)
    }

    fn fits_apart(&self, signs: &[Sign], after: usize, from: usize) -> bool {
        let is_letter = self.typed.is_letter(from);
        (after..signs.len()).filter(|&at| !is_letter || signs[at].begins_word()).any(|at| {
            self.ends(signs, at, from, false).into_iter().any(|(end, to)| {
                let is_lone = is_letter && to == from + 1;
                if to == self.typed.len() {
                    !is_lone || from == 0 || self.with_lone
                } else {
                    !is_lone && self.fits_apart(signs, end, to)
                }
            })
        })
    }

    /// The ends, in the wording and in the typed text, of pieces that begin at these indexes.
    fn ends(&self, signs: &[Sign], at: usize, from: usize, rare: bool) -> Vec<(usize, usize)> {
        let mut ends = Vec::new();
        let Some(sign) = signs.get(at).filter(|_| from < self.typed.len()) else { return ends };
        let mut steps = Vec::new();
        self.typed.steps(from, &self.index.glyphs[sign.glyph()], rare, |step| steps.push(step.to));
        for to in steps {
            ends.push((at + 1, to));
            ends.extend(self.ends(signs, at + 1, to, rare));
        }
        ends
    }
}

proptest! {
    #[test]
    fn exactly_the_matching_entries_are_suggested(
        typed in "[a-z]{1,6}|[tixanzhogdsuf提现费到账还款]{1,8}|p2[a-z提现]{0,3}|(tx|dz|提|sxf|hk|huan|mi){1,4}",
    ) {
        let suggested = CROWD.suggest(&typed, TODAY);
        let typed = Typed::new(&typed).expect("these stay when normalised");
        let index = CROWD.suggest_index();
        let mut walk = Walk::new(&typed, index);
        let mut entries_that_fit = |with_lone| -> BTreeSet<&EntryId> {
            let exhaustive = Exhaustive { typed: &typed, index, with_lone };
            let mut is_far = |place| {
                let fit = walk.apart(index.signs(place));
                !with_lone && fit.is_some_and(|fit| fit.gaps() > GAPS_MAX)
            };
            let places = 0..index.questions.len();
            let fitting = places.filter(|&place| exhaustive.fits(place) && !is_far(place));
            let entry = |place: usize| index.questions[place].entry as usize;
            fitting.map(|place| &CROWD.base.entries[entry(place)].id).collect()
        };
        let most = entries_that_fit(true);
        prop_assert!(suggested.iter().all(|one| most.contains(&one.entry)));
        if suggested.len() < SHOWN_MAX {
            let mut least = entries_that_fit(false).into_iter();
            prop_assert!(least.all(|id| suggested.iter().any(|one| one.entry == *id)));
        }
    }

    #[test]
    fn suggestions_are_well_formed_for_any_text(
        typed in "\\PC{0,40}|[提现多久到账充值银行重置p2 ]{1,12}|[a-z]{1,12}|[tixanzhogd提现到账]{1,35}",
    ) {
        for snapshot in [&*SNAPSHOT, &*CROWD] {
            let suggested = snapshot.suggest(&typed, TODAY);
            prop_assert!(suggested.len() <= SHOWN_MAX);
            for (place, one) in suggested.iter().enumerate() {
                prop_assert!(suggested[..place].iter().all(|other| other.entry != one.entry));
                let entry = snapshot.base.entry(&one.entry).unwrap();
                prop_assert!(entry.questions().any(|question| question == one.wording));
                prop_assert!(!one.matched.is_empty());
                let mut end = 0;
                for range in &one.matched {
                    prop_assert!(range.start >= end && range.start < range.end);
                    end = range.end + 1;
                }
                prop_assert!(end <= one.wording.chars().count() + 1);
            }
        }
    }

    #[test]
    fn sounds_of_a_beginning_suggest_the_question(
        nth in 0usize..240,
        length in 1usize..8,
        kinds in proptest::collection::vec(0..3, 8),
    ) {
        let questions: Vec<(&Entry, &str)> = CROWD
            .base
            .entries
            .iter()
            .flat_map(|entry| entry.questions().map(move |question| (entry, question)))
            .collect();
        let (_, question) = questions[nth % questions.len()];
        let typed: String = question
            .chars()
            .zip(kinds)
            .take(length)
            .map(|(c, kind)| {
                let sound = crate::matching::spelling::readings::readings(c).first().map(|one| one.letters);
                match (kind, sound) {
                    (0, _) | (_, None) => c.to_string(),
                    (1, Some(sound)) => sound.to_owned(),
                    (_, Some(sound)) => sound.chars().take(1).collect(),
                }
            })
            .collect();
        let suggested = CROWD.suggest(&typed, TODAY);
        prop_assert!(!suggested.is_empty(), "{typed} for {question}");
        prop_assert_eq!(suggested[0].matched[0].start, 0, "{} for {}", typed, question);
    }
}
