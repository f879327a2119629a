//! A small knowledge base built by hand, and outcomes of matching in it.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp, civil::date};

use crate::compliance::{Masker, RuleBook};
use crate::dialogue::{Duty, World};
use crate::knowledge::{
    Compliance, DatedAnswer, Entry, EntryHandoff, EntryId, Facts, GuardKind, HandoffTexts, Hours,
    Industry, Intent, IntentAction, KnowledgeBase, MatchBy, Policy, Status, Synonyms, Tests, Texts,
    When,
};
use crate::matching::{Band, Candidate, Confidence, GuardBasis, GuardFinding, Outcome, Score};

/// Second 0 of every script: Monday, 09:00 in Shanghai.
const START: &str = "2026-11-23T01:00:00Z";

pub(crate) fn at(second: i64) -> Timestamp {
    let start: Timestamp = START.parse().unwrap();
    start + SignedDuration::from_secs(second)
}

pub(crate) fn second(at: Timestamp) -> i64 {
    at.duration_since(self::at(0)).as_secs()
}

pub(crate) fn world(base: &KnowledgeBase, second: i64) -> World<'_> {
    World {
        now: at(second),
        clock: at(second),
        today: date(2026, 11, 23),
        facts: Facts::none(),
        base,
        find: &|_, _| Some(nothing()),
        duty: on_duty(),
        agent_name: "小林",
    }
}

pub(crate) fn on_duty() -> Duty {
    Duty {
        open: true,
        agents_present: true,
        queue_is_full: false,
        next_opening: "11月24日（周二）09:00".into(),
    }
}

pub(crate) fn base() -> KnowledgeBase {
    KnowledgeBase {
        entries: vec![
            entry("withdraw.time", "提现多久到账", EntryHandoff::None, Status::Live),
            entry("withdraw.fee", "提现手续费多少", EntryHandoff::Offer, Status::Live),
            entry("account.stolen", "账户被盗怎么办", EntryHandoff::Force, Status::Live),
            entry("fraud.refund", "退款客服可信吗", EntryHandoff::None, Status::Live),
            entry("account.freeze", "怎么冻结账户", EntryHandoff::None, Status::Live),
            entry("loan.cheated", "骗子骗我贷的款要我还吗", EntryHandoff::None, Status::Live),
            entry("promo.old", "去年的活动", EntryHandoff::None, Status::Retired),
        ]
        .into(),
        guard: Arc::default(),
        intents: vec![
            intent(
                "fraud.report",
                IntentAction::Handoff {
                    text: "请先停止转账".into(),
                    texts: HandoffTexts::default(),
                    priority: 9,
                },
            ),
            intent(
                "human.request",
                IntentAction::Handoff {
                    text: String::new(),
                    texts: HandoffTexts::default(),
                    priority: 5,
                },
            ),
            intent(
                "crisis.self",
                IntentAction::Handoff {
                    text: "很担心您，打 120。\n正在为您联系人工客服，请稍候。".into(),
                    texts: HandoffTexts {
                        queued: Some("已请客服优先接待".into()),
                        nobody: Some("没有客服在线，打 12356".into()),
                        closed: Some("{{next_opening}}才有客服，打 12356".into()),
                    },
                    priority: 9,
                },
            ),
            intent(
                "distress.low",
                IntentAction::Reply {
                    text: "愿意听您说。打 12356。".into(), offer_human: false
                },
            ),
            intent(
                "illegal.ask",
                IntentAction::Reply { text: "不能帮".into(), offer_human: false },
            ),
            small_talk("chat.hello", "您好"),
            intent("withdraw.ask", IntentAction::Answer { entry: "withdraw.time".into() }),
            intent("promo.ask", IntentAction::Answer { entry: "promo.old".into() }),
        ]
        .into(),
        policy: policy(),
        hours: Hours::always(),
        variables: BTreeMap::new(),
        rules: RuleBook::default(),
        masker: Masker::default(),
        dictionary: Vec::new(),
        synonyms: Synonyms::default(),
        industry: Industry::shipped(),
        facts: BTreeMap::new(),
        tests: Tests::default(),
        hash: "hash".into(),
    }
}

fn entry(id: &str, question: &str, handoff: EntryHandoff, status: Status) -> Entry {
    let follow_ups = match id {
        "withdraw.time" => vec!["withdraw.fee".into(), "promo.old".into()],
        "fraud.refund" => vec!["account.freeze".into()],
        _ => Vec::new(),
    };
    Entry {
        id: id.into(),
        category: "payment".into(),
        standard_question: question.into(),
        similar_questions: Vec::new(),
        not: Vec::new(),
        match_by: MatchBy::Smart,
        when: When::default(),
        answer: DatedAnswer::fixed(format!("答：{question}")),
        follow_ups,
        handoff,
        valid_from: None,
        valid_until: None,
        status,
        tags: Vec::new(),
        compliance: Compliance {
            class: if id.starts_with("fraud.") { "fraud" } else { "general" }.into(),
            checked: date(2026, 11, 22),
            review_due: date(2027, 5, 22),
        },
    }
}

fn intent(id: &str, action: IntentAction) -> Intent {
    Intent {
        id: id.into(),
        priority: 10,
        examples: Vec::new(),
        patterns: Vec::new(),
        line: (id == "fraud.report").then(|| "停止转账，打 110。".to_owned()),
        action,
    }
}

/// With the priority of small talk in the shipped intents.
fn small_talk(id: &str, text: &str) -> Intent {
    let action = IntentAction::Reply { text: text.to_owned(), offer_human: false };
    Intent { priority: 50, ..intent(id, action) }
}

fn policy() -> Policy {
    Policy {
        answer_precision: 950,
        clarify_precision: 700,
        intent_precision: 850,
        answer_leaks_max: 80,
        clarify_leaks_max: 400,
        urgent_confidence: 500,
        clarify_choices: 4,
        misses_before_handoff: 2,
        utterance_max_chars: 20,
        agent_conversations_max: 5,
        queue_max: 500,
        welcome: "欢迎".into(),
        hot_questions: Vec::new(),
        offer_timeout_s: 30,
        queue_timeout_s: 600,
        agent_grace_s: 15,
        agent_remind_s: 60,
        idle_warn_s: 300,
        idle_close_s: 200,
        rating_timeout_s: 100,
        fraud_classes: vec!["fraud".into()],
        texts: Texts {
            clarify: "您想问的是".into(),
            fallback: "没听懂".into(),
            fallback_again: "还是没听懂".into(),
            queued: "已排队".into(),
            off_hours: "{{next_opening}}上班".into(),
            no_agent: "没有坐席".into(),
            agent_joined: "{{agent}}来了".into(),
            agent_lost: "坐席断线，位置保留".into(),
            back_to_bot: "机器人回来了".into(),
            left_queue: "已取消排队".into(),
            message_kept: "留言已保存".into(),
            idle: "还在吗".into(),
            rate: "请评价".into(),
            rated: "谢谢评价".into(),
            secret_destroyed: "密码已删除".into(),
            queue_unstaffed: "现在没有坐席".into(),
            queue_staffed: "坐席回来了".into(),
            queue_full: "排队已满，请留言".into(),
            clarify_one: "您是想问「{{question}}」吗".into(),
            without_figure: "规定可能变了".into(),
            clarify_fraud: "先停下".into(),
        },
    }
}

pub(crate) fn nothing() -> Outcome {
    Outcome {
        read: None,
        normalized: String::new(),
        band: Band::Fallback,
        intent: None,
        is_equal: false,
        guard: None,
        ranked: Vec::new(),
        clarify: Vec::new(),
    }
}

pub(crate) fn answers(entry: &str) -> Outcome {
    Outcome { band: Band::Answer, ranked: vec![candidate(entry, 0.98765)], ..nothing() }
}

pub(crate) fn wants(intent: &str) -> Outcome {
    Outcome { band: Band::Answer, intent: Some(intent.into()), ..nothing() }
}

/// The utterance is a wording of the entry.
pub(crate) fn equals(entry: &str) -> Outcome {
    Outcome { is_equal: true, ..answers(entry) }
}

/// The guard found this kind.
pub(crate) fn guarded(kind: GuardKind, intent: &str) -> Outcome {
    let basis = GuardBasis::Example { example: "例句".into(), cosine: 0.9 };
    Outcome { guard: Some(GuardFinding { kind, intent: intent.into(), basis }), ..wants(intent) }
}

pub(crate) fn clarifies(entries: &[&str], confidence: f32) -> Outcome {
    Outcome {
        band: Band::Clarify,
        ranked: entries.iter().map(|entry| candidate(entry, confidence)).collect(),
        clarify: entries.iter().copied().map(EntryId::from).collect(),
        ..nothing()
    }
}

fn candidate(entry: &str, confidence: f32) -> Candidate {
    Candidate {
        entry: entry.into(),
        question: "问法".into(),
        score: Score::new(1.0),
        confidence: Confidence::new(confidence).unwrap(),
    }
}
