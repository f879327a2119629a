//! The result of every stage between an utterance and its outcome, as a text for people.

use std::{fmt, ops::Range, sync::Arc};

use super::{
    confidence::{
        lead::Lead,
        threshold::{Basis, Threshold},
    },
    matcher::{Examination, Matcher},
    outcome::{Band, Outcome, Reason},
    rank::{
        features::{FEATURES, Feature, Features},
        obstacle::Obstacle,
        ranking::Ranked,
        weights::Weights,
    },
    rules::entries::RuleHit,
    score::{Confidence, Score},
    target::Target,
};
use crate::knowledge::{EntryId, IntentId, KnowledgeBase};
use crate::text::{mark, normalize, shared_ranges};

/// How many candidates are explained.
const EXPLAINED_MAX: usize = 5;

/// How an outcome came about. Its `Display` is the text of `kefu ask --explain`.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The outcome.
    pub outcome: Outcome,
    /// The utterance as it was typed.
    pub utterance: String,
    /// The ranges of the utterance, in characters from 0, that the best candidate's question has
    /// as well. Synonyms do not count: these are the characters that a person sees twice.
    pub shared: Vec<Range<usize>>,
    /// The matched part of the normalised utterance, without courtesies at its ends.
    pub core: String,
    /// The core with its one-way synonyms replaced, which was searched as well.
    pub rewritten: Option<String>,
    /// The words of the core.
    pub words: Vec<String>,
    /// A rule of `guard.yaml` that fits, as written, where the guard found nothing all the same: the
    /// whole utterance seemed harmless.
    pub doubted: Option<Arc<str>>,
    /// The veto, as written in `guard.yaml`, by which the best entry does not answer at once.
    pub veto: Option<Arc<str>>,
    /// What keeps the best candidate from an answer at once, in Chinese, if anything does.
    pub obstacle: Option<String>,
    /// The best candidates, entries and intents together, at most five.
    pub candidates: Vec<Explained>,
    /// The threshold of an answer at once.
    pub answer: Threshold,
    /// The threshold of a clarification.
    pub clarify: Threshold,
    /// The rule or threshold that decided.
    pub reason: Reason,
    /// The threshold of the best candidate, where it is not that of an answer: an intent has a
    /// lower one, and so has whatever must not wait.
    pub own_threshold: Option<Confidence>,
}

/// One candidate with its features and their shares of the score.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The candidate.
    pub found: Found,
    /// The question that matched best, as written in the files.
    pub question: String,
    /// The features of the utterance and that question.
    pub features: Features,
    /// The words of the utterance that it has nowhere, nor anything like them.
    pub unmatched: Vec<String>,
    /// The `not` line that is nearer to the utterance than its questions, and what that takes from
    /// the score.
    pub not_line: Option<(String, f32)>,
    /// The contribution of each feature to the score, in the order of [`FEATURES`].
    pub shares: [f32; FEATURES.len()],
    /// By the second encoder, if it was asked: the largest cosine to a wording, and what that adds
    /// to the score.
    pub second: Option<(f32, f32)>,
    /// The score.
    pub score: Score,
    /// The score less that of the best other candidate.
    pub margin: f32,
    /// How likely it is right.
    pub confidence: Confidence,
}

/// An entry or an intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// An entry of the knowledge base.
    Entry(EntryId),
    /// An intent.
    Intent(IntentId),
}

impl Found {
    pub(crate) fn of(base: &KnowledgeBase, target: Target) -> Self {
        match target {
            Target::Entry(place) => Self::Entry(base.entries[place].id.clone()),
            Target::Intent(place) => Self::Intent(base.intents[place].id.clone()),
        }
    }
}

impl Explanation {
    pub(crate) fn new(
        base: &KnowledgeBase,
        matcher: &Matcher,
        utterance: &str,
        examination: Examination,
        outcome: Outcome,
    ) -> Self {
        let Examination { core, rewritten, ranked, rule_hit, veto, reason } = examination;
        let words = matcher.bank().terms(&core).words.into_iter().map(str::to_owned).collect();
        let is_found = outcome.guard.is_some();
        let doubted = matcher.guard().doubted(outcome.matched()).filter(|_| !is_found);
        let calibration = matcher.calibration();
        let confidences = calibration.confidences(&ranked, rule_hit.is_some());
        let has_rule_hit = rule_hit.is_some();
        let first = ranked.first().filter(|_| !has_rule_hit);
        // What must not wait is answered all the same.
        let kept = first.filter(|_| matches!(reason, Reason::Choices | Reason::Unsure));
        let obstacle = kept.and_then(|first| explain_obstacle(base, matcher, &core, first));
        let chars = outcome.normalized.chars().count();
        let lead = Lead::of(base, first, chars);
        let own_threshold = lead.own_threshold(calibration.answer.at, calibration.intent.at);
        let rule_hit = rule_hit.map(|rule_hit| explain_rule_hit(base, rule_hit));
        let ranked = ranked.iter().zip(confidences);
        let ranked = ranked.map(|one| explain(base, matcher, &core, one));
        let candidates: Vec<Explained> =
            rule_hit.into_iter().chain(ranked).take(EXPLAINED_MAX).collect();
        let shared = candidates.first().map_or_else(Vec::new, |best| {
            shared_ranges(&normalize(utterance), normalize(&best.question).as_str())
        });
        let (answer, clarify) = (calibration.answer, calibration.clarify);
        let utterance = utterance.to_owned();
        Self {
            outcome,
            utterance,
            shared,
            core,
            rewritten,
            words,
            doubted,
            veto,
            obstacle,
            candidates,
            answer,
            clarify,
            reason,
            own_threshold,
        }
    }

    /// The rule or threshold that decided, in Chinese.
    pub fn reason_text(&self) -> String {
        match (self.reason, self.own_threshold) {
            (Reason::Sure, Some(at)) => {
                let whose = match self.candidates.first().map(|first| &first.found) {
                    Some(Found::Intent(_)) => "意图",
                    Some(Found::Entry(_)) | None => "急事",
                };
                format!("置信度达到{whose}的线 {:.3}", at.get())
            }
            (reason, _) => reason.to_string(),
        }
    }
}

/// What keeps a candidate from an answer at once, in Chinese.
fn explain_obstacle(
    base: &KnowledgeBase,
    matcher: &Matcher,
    core: &str,
    first: &Ranked,
) -> Option<String> {
    let bank = matcher.bank();
    Some(match first.obstacle? {
        Obstacle::Sounds => "话里只有语气词、拟声词".to_owned(),
        Obstacle::NoSubject => "话里没有说是什么事".to_owned(),
        Obstacle::NotLine => {
            let not_line = first.not_line.map(|id| bank.questions()[id as usize].wording(base));
            format!("更像它的 not“{}”", not_line.unwrap_or_default())
        }
        Obstacle::ForeignWord => {
            let word = bank.foreign_word(&bank.analyze(core), first.target);
            format!("说的是“{}”，它的问法和答案里都没有", word.unwrap_or_default())
        }
    })
}

/// A rule hit has no features, as it is not ranked.
fn explain_rule_hit(base: &KnowledgeBase, rule_hit: RuleHit) -> Explained {
    Explained {
        found: Found::Entry(base.entries[rule_hit.entry].id.clone()),
        question: rule_hit.wording(base),
        features: Features::default(),
        unmatched: Vec::new(),
        not_line: None,
        shares: [0.0; FEATURES.len()],
        second: None,
        score: Score::new(0.0),
        margin: 0.0,
        confidence: Confidence::EXACT,
    }
}

fn explain(
    base: &KnowledgeBase,
    matcher: &Matcher,
    core: &str,
    (ranked, confidence): (&Ranked, Confidence),
) -> Explained {
    let not_line = ranked.not_line.map(|id| &matcher.bank().questions()[id as usize]);
    Explained {
        found: Found::of(base, ranked.target),
        question: matcher.wording(base, ranked).to_owned(),
        features: ranked.best.features,
        unmatched: matcher.bank().unmatched_words(core, ranked.target),
        not_line: not_line.map(|line| (line.wording(base).to_owned(), ranked.penalty)),
        shares: Weights::shipped().shares(&ranked.best.features),
        second: ranked.second.map(|look| (look.cosine, look.share)),
        score: Score::new(ranked.score),
        margin: ranked.margin,
        confidence,
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let band = match self.outcome.band {
            Band::Answer => "直接回答",
            Band::Clarify => "反问",
            Band::Fallback => "兜底",
        };
        writeln!(f, "话语：　{}", mark(&self.utterance, &self.shared))?;
        writeln!(f, "归一化：{}", self.outcome.normalized)?;
        if let Some(read) = &self.outcome.read {
            writeln!(f, "拼音读作：{read}")?;
        }
        writeln!(f, "核心：　{}", self.core)?;
        if let Some(rewritten) = &self.rewritten {
            writeln!(f, "又当作：{rewritten}")?;
        }
        writeln!(f, "分词：　{}", self.words.join(" / "))?;
        if let Some(finding) = &self.outcome.guard {
            writeln!(f, "守门：　{finding}")?;
            writeln!(
                f,
                "　　　　不该拦的话，把这句话、或其中的词，写进 intents/guard.yaml 的 harmless"
            )?;
        }
        if let Some(rule) = &self.doubted {
            writeln!(
                f,
                "守门：　规则“{rule}”符合，但整句像无害的话，不算（见 guard.yaml 的 likely）"
            )?;
        }
        if let Some(veto) = &self.veto {
            writeln!(f, "否决：　规则“{veto}”，最近的条目不直接回答")?;
        }
        if let Some(obstacle) = &self.obstacle {
            writeln!(f, "挡住：　候选 1 不直接回答：{obstacle}")?;
        }
        for (place, candidate) in self.candidates.iter().enumerate() {
            writeln!(f, "候选 {}：{candidate}", place + 1)?;
        }
        writeln!(f, "回答线：{}", describe(&self.answer))?;
        writeln!(f, "反问线：{}", describe(&self.clarify))?;
        write!(f, "结论：　{band}（{}）", self.reason_text())
    }
}

fn describe(threshold: &Threshold) -> String {
    let (at, target) = (threshold.at.get(), threshold.target * 100.0);
    let basis = match threshold.basis {
        Basis::Expected { count, precision } => {
            format!("据 {count} 句，下限 {:.1}%", precision * 100.0)
        }
        Basis::TooFew { count } => format!("只有 {count} 句可据，按置信度本身"),
        Basis::OutOfReach { best } => {
            format!("下限最高 {:.1}%，按置信度本身", best * 100.0)
        }
    };
    format!("置信度 ≥ {at:.3}（目标 {target:.1}%；{basis}）")
}

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (score, confidence) = (self.score.get(), self.confidence.get());
        writeln!(f, "{}“{}”", self.found, self.question)?;
        if self.shares.iter().all(|share| *share == 0.0) {
            return write!(f, "　　不参加排序，置信度 {confidence:.3}");
        }
        write!(f, "　　分数 {score:.3}，领先 {:+.3}，置信度 {confidence:.3}；", self.margin)?;
        let parts =
            FEATURES.iter().zip(self.shares).filter(|(_, share)| share.abs() >= 0.000_5).map(
                |(feature, share)| {
                    format!("{feature} {:.2}→{share:+.3}", self.features.get(*feature))
                },
            );
        let second =
            self.second.map(|(cosine, share)| format!("第二编码器 {cosine:.2}→{share:+.3}"));
        f.write_str(&parts.chain(second).collect::<Vec<_>>().join("，"))?;
        if let Some((not_line, penalty)) = &self.not_line {
            write!(f, "\n　　更像 not“{not_line}”，扣 {penalty:.3}")?;
        }
        if self.unmatched.is_empty() {
            return Ok(());
        }
        write!(f, "\n　　没有对上的词：{}", self.unmatched.join("、"))
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Entry(id) => id.fmt(f),
            Self::Intent(id) => write!(f, "意图 {id}"),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nth = |pattern: &usize| pattern + 1;
        f.write_str(match self {
            Self::Contains { pattern, .. } => {
                return write!(f, "包含条目的第 {} 个 patterns", nth(pattern));
            }
            Self::EntryPattern { pattern, .. } => {
                return write!(f, "符合条目的第 {} 个正则", nth(pattern));
            }
            Self::NoText => "没有可识别的文字",
            Self::Guard(_) => "守门找到",
            Self::SafetyPattern(_) => "命中高优先级意图的句式",
            Self::Equal => "与一条问法完全相同",
            Self::Pattern(_) => "命中意图的句式",
            Self::NothingFound => "没有相近的问法",
            Self::Sure => "置信度达到回答线",
            Self::Choices => "有条目达到反问线",
            Self::Unsure => "没有条目达到反问线",
        })
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NgramsOfUtterance => "字串占话语",
            Self::NgramsOfQuestion => "字串占问法",
            Self::Alignment => "逐词对齐",
            Self::Missing => "没有的字",
            Self::Words => "实词重合",
            Self::Entry => "整个条目",
            Self::MeaningOfEntry => "条目语义",
            Self::Meaning => "问法语义",
            Self::Sounds => "读音重合",
            Self::LengthRatio => "长度比",
            Self::NegationDiffers => "否定不同",
            Self::Opposite => "动作相反",
            Self::KindDiffers => "问法类型不同",
            Self::NumberDiffers => "数字不同",
            Self::RivalDiffers => "事物不同",
        })
    }
}
