//! Tests of matching from the utterance to the outcome, over a few entries.

use jiff::civil::{Date, date};
use proptest::prelude::*;
use regex::Regex;

use super::{
    Band, Basis, Calibration, Confidence, Earlier, Embeddings, Feature, Found, Outcome, Snapshot,
};
use crate::knowledge::{
    Courtesies, DatedAnswer, Entry, EntryId, Industry, Intent, IntentAction, IntentId,
    KnowledgeBase, MatchBy, Status, Synonym, questions_only,
};
use crate::parallel::Threads;
use crate::text::normalize;

const TODAY: Date = date(2026, 11, 22);

const QUESTIONS: &str = r#"
{"id": "withdraw.arrival", "question": "提现多久到账", "similar": ["提现几天能到账", "取出来的钱什么时候到银行卡"]}
{"id": "withdraw.fee", "question": "提现手续费怎么收", "similar": ["提现要扣多少钱", "取现收费吗"]}
{"id": "recharge.arrival", "question": "充值多久到账", "similar": ["充值的钱没到", "充钱要等多久"]}
{"id": "password.reset", "question": "忘记登录密码怎么办", "similar": ["登录密码想不起来了", "怎么重置密码"]}
"#;

fn base() -> KnowledgeBase {
    questions_only(QUESTIONS.as_bytes()).base.unwrap()
}

fn snapshot() -> Snapshot {
    Snapshot::build(base()).unwrap()
}

fn intent(id: &str, priority: u8, examples: &[&str], patterns: &[&str]) -> Intent {
    Intent {
        id: id.into(),
        priority,
        examples: examples.iter().map(|&text| text.to_owned()).collect(),
        patterns: patterns.iter().map(|pattern| Regex::new(pattern).unwrap()).collect(),
        line: None,
        action: IntentAction::Reply { text: "好的".to_owned(), offer_human: false },
    }
}

fn first(outcome: &Outcome) -> Option<&str> {
    outcome.ranked.first().map(|candidate| candidate.entry.as_str())
}

#[test]
fn a_question_is_answered_in_any_way_of_typing() {
    let snapshot = snapshot();
    let cases = [
        // (what it shows, utterance, expected)
        ("word for word", "提现多久到账", "withdraw.arrival"),
        ("a similar question", "充钱要等多久", "recharge.arrival"),
        ("Traditional characters", "提現多久到帳？", "withdraw.arrival"),
        ("spaces, width and marks", "　提现 多久到账 ！！", "withdraw.arrival"),
        ("courtesies", "你好，请问提现多久到账啊", "withdraw.arrival"),
        ("a common synonym", "提现多长时间到账", "withdraw.arrival"),
    ];
    for (shows, utterance, expected) in cases {
        let outcome = snapshot.find(utterance, TODAY);
        assert_eq!(first(&outcome), Some(expected), "{shows}");
        assert_eq!(outcome.band, Band::Answer, "{shows}");
        assert_eq!(outcome.ranked[0].confidence, Confidence::EXACT, "{shows}");
    }
}

#[test]
fn a_question_typed_in_pinyin_is_answered_as_in_han() {
    let snapshot = snapshot();
    let cases = [
        // (what it shows, typed, in Han)
        ("word by word", "tixian duojiu daozhang", "提现多久到账"),
        ("in one run", "chongzhiduojiudaozhang", "充值多久到账"),
        ("in part", "忘记denglu密码怎么办", "忘记登录密码怎么办"),
        ("with tones", "ti2 xian4 shou3 xu4 fei4 zen3 me5 shou1", "提现手续费怎么收"),
    ];
    for (shows, typed, han) in cases {
        let (outcome, expected) = (snapshot.find(typed, TODAY), snapshot.find(han, TODAY));
        assert_eq!(outcome.read.as_deref(), Some(han), "{shows}");
        assert_eq!(
            outcome.normalized,
            normalize(typed).as_str(),
            "{shows}: what was typed is kept"
        );
        let in_han = Outcome { normalized: expected.normalized.clone(), read: None, ..outcome };
        assert_eq!(in_han, expected, "{shows}");
    }
    let explanation = snapshot.explain("tixian duojiu daozhang", TODAY).to_string();
    assert!(explanation.contains("拼音读作：提现多久到账"), "{explanation}");
}

#[test]
fn other_wordings_find_their_entry_first() {
    let snapshot = snapshot();
    let cases = [
        // (utterance, expected)
        ("我昨天的提现什么时候到账", "withdraw.arrival"),
        ("提现收不收手续费", "withdraw.fee"),
        ("充值怎么还没到账", "recharge.arrival"),
        ("密码忘了怎么重置", "password.reset"),
    ];
    for (utterance, expected) in cases {
        assert_eq!(first(&snapshot.find(utterance, TODAY)), Some(expected), "{utterance}");
    }
}

#[test]
fn utterances_without_shared_text_fall_back() {
    let snapshot = snapshot();
    let long = "天气不错".repeat(500);
    let cases = [
        // (what it shows, utterance)
        ("empty", ""),
        ("blank", " \t\u{3000}"),
        ("emoji alone", "😀👍🏻"),
        ("marks alone", "？？？"),
        ("nothing shared", "qwerty"),
        ("long and nothing shared", long.as_str()),
    ];
    for (shows, utterance) in cases {
        let outcome = snapshot.find(utterance, TODAY);
        assert_eq!(outcome.band, Band::Fallback, "{shows}");
        assert_eq!((outcome.intent, outcome.clarify), (None, Vec::new()), "{shows}");
    }
}

#[test]
fn the_beginning_of_a_long_utterance_is_matched() {
    let story = format!("忘记登录密码怎么办，{}", "我昨天还好好的".repeat(300));
    assert_eq!(first(&snapshot().find(&story, TODAY)), Some("password.reset"));
}

#[test]
fn a_not_line_keeps_its_entry_from_an_answer() {
    let mut base = base();
    base.entries.edit()[0].not.push("理财赎回多久到账".to_owned());
    let snapshot = Snapshot::build(base).unwrap();
    let entries = |utterance| {
        let ranked = snapshot.find(utterance, TODAY).ranked;
        ranked.into_iter().map(|candidate| candidate.entry).collect::<Vec<EntryId>>()
    };
    let withdraw = EntryId::from("withdraw.arrival");
    for equal in ["理财赎回多久到账", "你好，请问理财赎回多长时间到账啊"] {
        assert!(!entries(equal).contains(&withdraw), "{equal}");
    }
    let near = snapshot.find("我的理财赎回几天到账", TODAY);
    assert_ne!(near.band, Band::Answer, "nearer to the look-alike");
    assert_eq!(entries("提现多久能到账")[0], withdraw, "nearer to a question");
}

#[test]
fn an_utterance_without_a_topic_gets_choices() {
    let lines = r#"
{"id": "fund.buy", "question": "货币基金怎么买", "similar": ["怎么买", "买货币基金的步骤"]}
{"id": "gold.buy", "question": "黄金怎么买", "similar": ["买黄金的步骤"]}
{"id": "back", "question": "怎么退", "similar": ["不想要了怎么退回去"]}
"#;
    let snapshot = Snapshot::build(questions_only(lines.as_bytes()).base.unwrap()).unwrap();
    let band = |utterance| snapshot.find(utterance, TODAY).band;
    assert_eq!(band("货币基金怎么买"), Band::Answer);
    assert_eq!(band("怎么买"), Band::Clarify, "it equals a similar question");
    assert_eq!(band("怎么退"), Band::Answer, "it equals a standard question");
    let explanation = snapshot.explain("怎么买", TODAY);
    assert!(explanation.to_string().contains("话里没有说是什么事"), "{explanation}");
}

#[test]
fn a_foreign_name_gets_choices_at_most() {
    let snapshot = snapshot();
    let cases = [
        // (what it shows, utterance, the word that --explain names)
        ("Latin letters", "PayPal提现多久到账", "paypal"),
        ("the subject of a short utterance", "奖学金多久到账", "奖学金"),
    ];
    for (shows, utterance, named) in cases {
        let explanation = snapshot.explain(utterance, TODAY);
        assert_ne!(explanation.outcome.band, Band::Answer, "{shows}");
        assert!(!explanation.outcome.ranked.is_empty(), "{shows}");
        let obstacle = explanation.obstacle.expect(shows);
        assert!(obstacle.contains(named), "{shows}: {obstacle}");
    }
}

#[test]
fn sounds_find_no_intent_but_one_with_the_same_sounds() {
    let mut base = base();
    base.intents = vec![
        intent("laugh", 10, &["哈哈哈"], &[]),
        intent("thanks.reply", 10, &["不客气啦", "啦啦", "客气啦"], &[]),
    ]
    .into();
    let snapshot = Snapshot::build(base).unwrap();
    let found = |utterance| snapshot.find(utterance, TODAY).intent;
    assert_eq!(found("哈哈哈哈哈"), Some(IntentId::from("laugh")));
    assert_eq!(found("啦啦啦啦"), Some(IntentId::from("thanks.reply")));
    let explanation = snapshot.explain("嗷呜嘎嘎啦啦", TODAY);
    assert_eq!(explanation.outcome.intent, None);
    assert_eq!(explanation.outcome.band, Band::Fallback);
    assert!(explanation.obstacle.is_some_and(|obstacle| obstacle.contains("拟声词")));
}

#[test]
fn a_bare_question_finds_the_plain_entry() {
    let lines = r#"
{"id": "recharge.fail", "question": "充值失败怎么办", "similar": ["充值怎么失败了", "怎么老是充值失败"]}
{"id": "recharge.how", "question": "给余额充值的办法", "similar": ["充值步骤", "余额充值点哪里", "怎么往余额里存钱"]}
{"id": "recharge.fee", "question": "充值要收费吗", "similar": ["充值怎么扣了手续费"]}
"#;
    let snapshot = Snapshot::build(questions_only(lines.as_bytes()).base.unwrap()).unwrap();
    assert_eq!(first(&snapshot.find("怎么充值", TODAY)), Some("recharge.how"));
    assert_eq!(first(&snapshot.find("怎么充值失败", TODAY)), Some("recharge.fail"));
}

#[test]
fn a_courtesy_that_entries_are_about_is_searched_for() {
    let lines = r#"
{"id": "lender", "question": "怎么联系借款人", "similar": ["借款人怎么联系", "怎么联系欠钱的人"]}
{"id": "human", "question": "怎么联系客服", "similar": ["找不到客服在哪里", "客服要排多久"]}
{"id": "withdraw", "question": "怎么提现", "similar": ["提现的步骤"]}
"#;
    let mut base = questions_only(lines.as_bytes()).base.unwrap();
    base.intents = vec![intent("greeting", 10, &["客服你好", "你好客服"], &[])].into();
    let snapshot = Snapshot::build(base).unwrap();
    let first = |utterance| snapshot.find(utterance, TODAY).ranked[0].entry.clone();
    assert_eq!(first("客服怎么联系啊"), EntryId::from("human"));
    assert_eq!(first("你好，客服怎么联系"), EntryId::from("human"));
    let courteous = snapshot.find("客服你好，怎么提现", TODAY);
    assert_eq!(courteous.ranked[0].entry, EntryId::from("withdraw"));
    assert_eq!(courteous.band, Band::Answer);
    assert_eq!(snapshot.find("客服你好我想提现", TODAY).intent, None, "more than a greeting");
    assert!(snapshot.find("客服你好", TODAY).intent.is_some());
}

#[test]
fn an_intent_is_said_to_reach_its_own_threshold() {
    let mut base = base();
    base.intents =
        vec![intent("human.request", 60, &["转人工", "我要找真人客服", "给我找个人工"], &[])]
            .into();
    let snapshot = Snapshot::build(base).unwrap();
    let explanation = snapshot.explain("给我找个真人客服", TODAY);
    assert_eq!(explanation.outcome.intent, Some(IntentId::from("human.request")));
    let text = explanation.to_string();
    assert!(text.contains("置信度达到意图的线 "), "{text}");
}

#[test]
fn only_entries_served_that_day_are_found() {
    let mut base = base();
    base.entries.edit()[0].status = Status::Draft;
    base.entries.edit()[2].valid_until = Some(date(2026, 11, 22));
    base.intents.edit().push(Intent {
        action: IntentAction::Answer { entry: "recharge.arrival".into() },
        ..intent("ask.recharge", 60, &[], &["^到哪了$"])
    });
    let snapshot = Snapshot::build(base).unwrap();
    let withdraw = snapshot.find("提现多久到账", TODAY);
    assert!(withdraw.ranked.iter().all(|one| one.entry.as_str() != "withdraw.arrival"), "a draft");
    assert_eq!(first(&snapshot.find("充值多久到账", TODAY)), Some("recharge.arrival"));
    assert!(snapshot.find("到哪了", TODAY).intent.is_some());
    let tomorrow = date(2026, 11, 23);
    let recharge = snapshot.find("充值多久到账", tomorrow);
    assert!(recharge.ranked.iter().all(|one| one.entry.as_str() != "recharge.arrival"));
    assert_eq!(snapshot.find("到哪了", tomorrow).intent, None, "its entry is not served");
}

#[test]
fn rules_and_intents_decide_in_order() {
    let mut base = base();
    base.intents = vec![
        intent("safety.fraud", 90, &[], &["被骗"]),
        intent("human.request", 60, &["转人工", "我要找真人客服"], &["^(转|找)?人工$"]),
        intent("small.talk", 10, &["你叫什么名字"], &["密码"]),
    ]
    .into();
    let snapshot = Snapshot::build(base).unwrap();
    let cases = [
        // (what it shows, utterance, intent)
        ("a safety pattern beats an equal question", "提现多久到账我被骗了", Some("safety.fraud")),
        ("the greater priority first", "被骗了转人工", Some("safety.fraud")),
        ("an example, word for word", "我要找真人客服", Some("human.request")),
        ("a low pattern beats the ranking", "密码有什么讲究", Some("small.talk")),
        ("an equal question beats a low pattern", "忘记登录密码怎么办", None),
        ("nothing of the kind", "提现多久到账", None),
    ];
    for (shows, utterance, expected) in cases {
        let outcome = snapshot.find(utterance, TODAY);
        assert_eq!(outcome.intent, expected.map(IntentId::from), "{shows}");
        assert_eq!(outcome.band, Band::Answer, "{shows}");
    }
}

#[test]
fn synonyms_of_the_files_are_served_both_ways_or_one() {
    let synonym = |word: &str, other: &str| Synonym { word: word.into(), other: other.into() };
    let mut base = base();
    base.synonyms.same.push(synonym("密钥", "密码"));
    base.synonyms.says.push(synonym("搬钱", "提现"));
    base.entries.edit()[2].similar_questions.push("搬钱可不可以退".to_owned());
    base.entries.edit()[3].similar_questions.push("登录密钥在哪里改".to_owned());
    let snapshot = Snapshot::build(base).unwrap();
    let cases = [
        // (what it shows, utterance, entry, word for word)
        ("in the utterance", "忘记登录密钥怎么办", "password.reset", true),
        ("in the question", "登录密码在哪里改", "password.reset", true),
        ("one way", "搬钱多久到账", "withdraw.arrival", true),
        ("the word itself is found first", "搬钱可不可以退", "recharge.arrival", true),
        ("and not by what it means", "提现可不可以退", "recharge.arrival", false),
    ];
    for (shows, utterance, entry, is_equal) in cases {
        let outcome = snapshot.find(utterance, TODAY);
        assert_eq!(first(&outcome), Some(entry), "{shows}");
        assert_eq!(outcome.ranked[0].confidence == Confidence::EXACT, is_equal, "{shows}");
    }
    let explained = snapshot.explain("搬钱多久到账", TODAY);
    assert_eq!(explained.rewritten.as_deref(), Some("提现多久到账"));
    assert!(explained.to_string().contains("又当作：提现多久到账"), "{explained}");
}

#[test]
fn two_entries_without_similar_questions_are_enough() {
    let lines = "{\"id\":\"a.a\",\"question\":\"提现多久到账\"}\n{\"id\":\"b.b\",\"question\":\"怎么开发票\"}";
    let snapshot = Snapshot::build(questions_only(lines.as_bytes()).base.unwrap()).unwrap();
    assert_eq!(snapshot.find("怎么开发票", TODAY).band, Band::Answer);
    assert_eq!(first(&snapshot.find("发票如何开", TODAY)), Some("b.b"));
    assert_eq!(first(&snapshot.find("提现到账要多久呢", TODAY)), Some("a.a"));
    let calibration = snapshot.calibration();
    assert_eq!((calibration.held_out, calibration.answer.basis), (0, Basis::TooFew { count: 0 }));
    assert_eq!(calibration.warnings().len(), 2);
}

/// A base of so many entries with a similar question each.
fn young_base(entries: usize) -> KnowledgeBase {
    let (acts, things) = (
        ["提现", "转账", "充值", "开户", "注销", "冻结", "退款"],
        ["多久能好", "要收费吗", "在哪里办", "失败了怎么办", "有上限吗", "可以取消吗"],
    );
    let line = |number: usize| {
        let (act, thing) = (acts[number % 7], things[number / 7 % 6]);
        format!(
            "{{\"id\":\"a.n{number}\",\"question\":\"{act}{thing}\",\"similar\":[\"我想知道{act}{thing}呀\"]}}\n"
        )
    };
    let lines: String = (0..entries).map(line).collect();
    questions_only(lines.as_bytes()).base.unwrap()
}

#[test]
fn there_is_no_step_at_thirty_hold_outs() {
    let thresholds = |entries| {
        let snapshot = Snapshot::build(young_base(entries)).unwrap();
        let Calibration { answer, clarify, held_out, .. } = snapshot.calibration().clone();
        assert_eq!(held_out, entries);
        let is_too_few = matches!(answer.basis, Basis::TooFew { .. });
        (answer.at.get(), clarify.at.get(), is_too_few)
    };
    let found: Vec<(f32, f32, bool)> = (20..42).map(thresholds).collect();
    assert!(found[0].2 && !found[21].2, "there is evidence from 30 on: {found:?}");
    // One hold-out less than thirty and one more.
    let (fewer, more) = found.split_at(10);
    let median = |of: &[(f32, f32, bool)], which: fn(&(f32, f32, bool)) -> f32| {
        let mut values: Vec<f32> = of.iter().map(which).collect();
        values.sort_by(f32::total_cmp);
        values[values.len() / 2]
    };
    for which in [|one: &(f32, f32, bool)| one.0, |one: &(f32, f32, bool)| one.1] {
        let (before, after) = (median(fewer, which), median(more, which));
        assert!((before - after).abs() < 0.05, "{found:?}");
    }
}

#[test]
fn no_question_at_all_falls_back() {
    let mut base = base();
    base.entries.edit().clear();
    let snapshot = Snapshot::build(base).unwrap();
    assert_eq!(snapshot.find("提现多久到账", TODAY).band, Band::Fallback);
}

#[test]
fn the_same_files_give_the_same_outcomes() {
    let (one, other) = (snapshot(), snapshot());
    assert_eq!(one.calibration().answer, other.calibration().answer);
    for utterance in ["提现到账", "多久", "手续费扣多少", "密码"] {
        assert_eq!(one.find(utterance, TODAY), other.find(utterance, TODAY), "{utterance}");
    }
}

/// Adds entries whose questions nearly equal those of the first four.
fn copy_entries(base: &mut KnowledgeBase, copies: usize) {
    for copy in 0..copies {
        let mut entry = base.entries[copy % 4].clone();
        entry.id = format!("copy.n{copy}").as_str().into();
        entry.standard_question = format!("{copy}号{}", entry.standard_question);
        base.entries.edit().push(entry);
    }
}

#[test]
fn small_changes_are_a_second_segment_until_there_are_many() {
    let mut base = base();
    copy_entries(&mut base, 60);
    let mut earlier = Snapshot::build(base.clone()).unwrap();
    let mut segments = Vec::new();
    for round in 0..12 {
        base.entries.edit()[5 * round].similar_questions.push(format!("第{round}回问提现的事"));
        let reused = Earlier { learnt: Vec::new(), snapshot: Some(&earlier) };
        let (embeddings, threads) = (Embeddings::shipped(), Threads::ONE);
        let rebuilt = Snapshot::rebuild(base.clone(), embeddings, reused, threads).unwrap();
        let built = Snapshot::build(base.clone()).unwrap();
        for utterance in ["提现到账", "密码", "第3回", "发票怎么搞", "體現"] {
            let normalized = normalize(utterance);
            let candidates = |snapshot: &Snapshot| {
                let wordings = snapshot.matcher.candidates(&base, normalized.as_str());
                wordings.into_iter().map(str::to_owned).collect::<Vec<_>>()
            };
            assert_eq!(candidates(&rebuilt), candidates(&built), "{utterance} in round {round}");
            let explained = |snapshot: &Snapshot| snapshot.explain(utterance, TODAY).to_string();
            assert_eq!(explained(&rebuilt), explained(&built), "{utterance} in round {round}");
        }
        segments.push(rebuilt.matcher.bank().postings().segments());
        earlier = rebuilt;
    }
    assert_eq!(segments[..3], [2, 2, 2], "the changed questions are a second segment");
    assert!(segments.contains(&1), "at last all are written again: {segments:?}");
}

#[test]
fn an_intent_without_examples_changes_no_score() {
    let with = |intents: Vec<Intent>| {
        let snapshot =
            Snapshot::build(KnowledgeBase { intents: intents.into(), ..base() }).unwrap();
        snapshot.find("提现到账要几天", TODAY).ranked
    };
    assert_eq!(with(vec![intent("form.only", 1, &[], &["^就是这个$"])]), with(Vec::new()));
}

/// A base with changes that are given by random numbers.
fn changed(mut base: KnowledgeBase, changes: &[(u8, u8)]) -> KnowledgeBase {
    for &(what, number) in changes {
        let count = base.entries.len();
        let place = usize::from(number) % count;
        let text = format!("提现的第{number}个问题");
        match what % 16 {
            0 => base.entries.edit()[place].similar_questions.push(text),
            1 => base.entries.edit()[place].not.push(text),
            2 => {
                let entry = &mut base.entries.edit()[place];
                let text = format!("{}，密码和发票另说", entry.answer.searched().text);
                entry.answer = DatedAnswer::fixed(text);
            }
            3 if count > 1 => _ = base.entries.edit().remove(place),
            4 => base.entries.edit().rotate_left(place),
            5 => base.intents.edit().push(intent(&format!("added.n{number}"), 1, &[&text], &[])),
            6 => base.intents.edit().push(intent(
                &format!("form.n{number}"),
                1,
                &[],
                &["^就是这个$"],
            )),
            7 if !base.intents.is_empty() => base.intents.edit().rotate_left(1),
            8 => _ = base.intents.edit().pop(),
            9 => base.entries.edit()[place].status = Status::Retired,
            10 => base.entries.edit()[place].match_by = MatchBy::Exact,
            11 => _ = base.entries.edit()[place].similar_questions.pop(),
            12 => {
                base.synonyms.same.push(Synonym { word: "提现".into(), other: "取款".into() });
            }
            13 => base.entries.edit()[place].standard_question = "？！".to_owned(),
            14 => {
                let mut industry = (*base.industry).clone();
                industry.stop_words.push("提现".to_owned());
                industry.courtesies.before.push("怎么".to_owned());
                industry.rivals.push(vec![vec!["到账".to_owned()], vec!["密码".to_owned()]]);
                base.industry = industry.into();
            }
            _ => {
                let mut entry = base.entries[place].clone();
                entry.id = format!("added.n{number}").as_str().into();
                entry.standard_question = text;
                base.entries.edit().insert(place, entry);
            }
        }
        base.entries.edit().dedup_by(|one, other| one.id == other.id);
    }
    base
}

proptest! {
    // Each case builds several snapshots, which takes a while.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_rebuilt_snapshot_answers_as_a_new_one(
        copies in 1_usize..30,
        changes in proptest::collection::vec(
            proptest::collection::vec((any::<u8>(), any::<u8>()), 0..5),
            1..4,
        ),
    ) {
        let mut base = base();
        copy_entries(&mut base, copies);
        let mut earlier = Snapshot::build(base.clone()).unwrap();
        for changes in changes {
            base = changed(base, &changes);
            let reused = Earlier { learnt: Vec::new(), snapshot: Some(&earlier) };
            let (embeddings, threads) = (Embeddings::shipped(), Threads::all());
            let rebuilt = Snapshot::rebuild(base.clone(), embeddings, reused, threads).unwrap();
            let built = Snapshot::build(base.clone()).unwrap();
            prop_assert_eq!(rebuilt.calibration(), built.calibration());
            let wordings = base.entries.iter().flat_map(Entry::questions);
            for utterance in wordings.chain(["提现到账", "密码", "第3个", "发票怎么搞", "體現"]) {
                prop_assert_eq!(rebuilt.find(utterance, TODAY), built.find(utterance, TODAY));
            }
            earlier = rebuilt;
        }
    }
}

/// What the words of a trade do to an utterance, and what they do not without them.
#[test]
fn the_words_of_a_trade_are_those_of_the_root() {
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    let synonym = |word: &str, other: &str| Synonym { word: word.into(), other: other.into() };
    let shipped = Industry::shipped();
    let with = |industry: Industry| {
        Snapshot::build(KnowledgeBase { industry: industry.into(), ..base() }).unwrap()
    };
    let core = |industry: Industry| with(industry).matcher.core("喂侬好提款多久");
    assert_eq!(core((*shipped).clone()), "侬好提现多久");
    let courtesies = Courtesies { before: words(&["侬好"]), ..shipped.courtesies.clone() };
    assert_eq!(core(Industry { courtesies, ..(*shipped).clone() }), "喂侬好提现多久");
    assert_eq!(core(Industry { dialect: Vec::new(), ..(*shipped).clone() }), "侬好提款多久");
    let same = vec![synonym("多久", "几天")];
    assert_eq!(core(Industry { same, ..(*shipped).clone() }), "侬好提现几天");

    let without = with(Industry { stop_words: words(&["提现"]), ..(*shipped).clone() });
    assert_eq!(without.matcher.words("提现多久"), ["多久"]);

    // What excludes what is measured by the words of the root.
    let rival = |industry: Industry| {
        let explanation = with(industry).explain("充值手续费怎么收", TODAY);
        let fee = Found::Entry("withdraw.fee".into());
        let found = explanation.candidates.iter().find(|one| one.found == fee).unwrap();
        found.features.get(Feature::RivalDiffers)
    };
    assert_eq!(rival((*shipped).clone()).to_bits(), 1_f32.to_bits());
    assert_eq!(rival(Industry { rivals: Vec::new(), ..(*shipped).clone() }).to_bits(), 0);
}

#[test]
fn an_explanation_is_of_what_is_found() {
    let snapshot = snapshot();
    let explanation = snapshot.explain("请问提现手续费多少？", TODAY);
    assert_eq!(explanation.outcome, snapshot.find("请问提现手续费多少？", TODAY));
    let best = &explanation.candidates[0];
    assert_eq!(best.found, Found::Entry("withdraw.fee".into()));
    let sum: f32 = best.shares.iter().sum();
    assert!(sum <= best.score.get(), "the rest is for a second wording");
    let text = explanation.to_string();
    let stages: Vec<&str> = text.lines().filter_map(|line| line.split('：').next()).collect();
    assert_eq!(stages[..4], ["话语", "归一化", "核心", "分词"], "{text}");
    assert!(text.contains("提现 / 手续 / 手续费 / 多少"), "{text}");
}

proptest! {
    #[test]
    fn any_text_gets_an_outcome(utterance in "\\PC{0,40}|[提现多久到账充值密码怎么 ]{1,30}") {
        static SNAPSHOT: std::sync::LazyLock<Snapshot> = std::sync::LazyLock::new(snapshot);
        let outcome = SNAPSHOT.find(&utterance, TODAY);
        prop_assert!(outcome.ranked.len() <= Outcome::RANKED_MAX);
        prop_assert!(outcome.ranked.is_sorted_by(|one, other| one.confidence >= other.confidence));
        let together: f32 = outcome.ranked.iter().map(|one| one.confidence.get()).sum();
        prop_assert!(together < 1.0 + 1e-5, "{together}");
        prop_assert_eq!(outcome.clarify.is_empty(), outcome.band != Band::Clarify);
    }
}
