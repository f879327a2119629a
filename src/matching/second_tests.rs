//! Tests of when the second encoder is asked and what it changes.

use std::sync::Arc;

use jiff::civil::{Date, date};

use super::encoder::toy::random_toy;
use super::{Band, Earlier, Embeddings, Encoder, Explained, Snapshot, TextModels};
use crate::knowledge::{KnowledgeBase, questions_only};
use crate::parallel::Threads;

const TODAY: Date = date(2026, 11, 22);

const QUESTIONS: &str = r#"
{"id": "withdraw.arrival", "question": "提现多久到账", "similar": ["提现几天能到账"]}
{"id": "withdraw.fee", "question": "提现手续费怎么收"}
{"id": "recharge.arrival", "question": "充值多久到账"}
{"id": "password.reset", "question": "忘记登录密码怎么办", "similar": ["怎么重置密码"]}
"#;

/// Utterances that the first ranking is not sure of.
const UNSURE: [&str; 3] = ["钱提出去多久能收到呢", "密码", "充值的钱收手续费吗"];

fn models() -> TextModels {
    let pieces = ["提", "现", "多", "久", "到", "账", "充", "值", "密", "码", "费", "钱", "提现"];
    let encoder = Encoder::parse(&random_toy(&pieces)).unwrap();
    TextModels { embeddings: Embeddings::shipped(), encoder: Some(Arc::new(encoder)) }
}

fn built(base: KnowledgeBase, models: TextModels) -> Snapshot {
    Snapshot::rebuild(base, models, Earlier::default(), Threads::ONE).unwrap()
}

fn base() -> KnowledgeBase {
    questions_only(QUESTIONS.as_bytes()).base.unwrap()
}

#[test]
fn the_encoder_is_asked_only_where_the_first_ranking_is_not_sure() {
    let (with, without) = (built(base(), models()), Snapshot::build(base()).unwrap());
    let is_asked = |utterance: &str| {
        with.explain(utterance, TODAY).candidates.iter().any(|one| one.second.is_some())
    };
    for utterance in ["提现多久到账", "你好，请问提现手续费怎么收", "？？", "钱"]
    {
        assert!(!is_asked(utterance), "{utterance}");
        assert_eq!(with.find(utterance, TODAY), without.find(utterance, TODAY), "{utterance}");
    }
    for utterance in [UNSURE[0], UNSURE[2]] {
        assert_ne!(without.find(utterance, TODAY).band, Band::Answer, "{utterance}");
        assert!(is_asked(utterance), "{utterance}");
    }
    assert!(!is_asked(UNSURE[1]), "two characters name a subject and ask nothing");
}

#[test]
fn its_share_is_in_the_score_and_told() {
    let snapshot = built(base(), models());
    let explanation = snapshot.explain(UNSURE[0], TODAY);
    let score = |one: &Explained| {
        one.shares.iter().sum::<f32>() + one.second.map_or(0.0, |(_, share)| share)
    };
    for one in &explanation.candidates {
        assert!((one.score.get() - score(one)).abs() < 1e-4, "{one}");
        assert!(one.to_string().contains("第二编码器"), "{one}");
    }
    let cosines: Vec<f32> =
        explanation.candidates.iter().filter_map(|one| Some(one.second?.0)).collect();
    assert!(cosines.iter().all(|cosine| (-1.0..=1.0).contains(cosine)), "{cosines:?}");
    assert!(cosines.iter().any(|cosine| (cosine - cosines[0]).abs() > 1e-3), "{cosines:?}");
}

#[test]
fn without_a_proved_precision_it_answers_nothing_at_once() {
    let snapshot = built(base(), models());
    assert_eq!(snapshot.calibration().second, None, "a handful of hold-outs proves nothing");
    for utterance in UNSURE {
        assert_ne!(snapshot.find(utterance, TODAY).band, Band::Answer, "{utterance}");
    }
}

#[test]
fn a_base_of_many_wordings_is_as_without_it() {
    let mut many = base();
    for entry in many.entries.edit().iter_mut() {
        let further = (0..6).map(|number| format!("{}第{number}种说法", entry.standard_question));
        entry.similar_questions.extend(further);
    }
    let with = built(many.clone(), models());
    assert!(!with.asks_encoder() && built(base(), models()).asks_encoder());
    assert_eq!(with.base.hash, Snapshot::build(many).unwrap().base.hash);
}

#[test]
fn a_snapshot_is_named_by_its_encoder_and_reuses_vectors() {
    let earlier = built(base(), models());
    assert_ne!(earlier.base.hash, Snapshot::build(base()).unwrap().base.hash);
    let mut changed = base();
    changed.entries.edit()[1].similar_questions.push("提现收费吗".to_owned());
    let reused = Earlier { learnt: Vec::new(), snapshot: Some(&earlier) };
    let rebuilt = Snapshot::rebuild(changed.clone(), models(), reused, Threads::ONE).unwrap();
    let anew = built(changed, models());
    for utterance in UNSURE {
        let explained = |snapshot: &Snapshot| snapshot.explain(utterance, TODAY).to_string();
        assert_eq!(explained(&rebuilt), explained(&anew), "{utterance}");
    }
}
