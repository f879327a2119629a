//! What was found for a query, and the file that keeps it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    error::EvaluationError,
    jsonl,
    query::{ID_CHARS_MAX, Query, TEXT_CHARS_MAX},
};
use crate::knowledge::{IntentAction, IntentId, KnowledgeBase};
use crate::matching::{Band, Confidence, Explanation, Found, Outcome, Reason};

/// How many characters a wording of the knowledge base may have in the file.
const QUESTION_CHARS_MAX: usize = 10_000;

/// What was found for one query.
#[derive(Clone, Debug, PartialEq)]
pub struct Prediction {
    /// What the thresholds of the knowledge base made of it.
    pub band: Band,
    /// The intent that is acted on.
    pub intent: Option<String>,
    /// Whether all that the intent does is to say a text of its own, which is no answer where
    /// none is wanted. Files of earlier versions do not tell.
    pub is_reply: bool,
    /// The choices that are shown, best first, when the band is [`Band::Clarify`]. Files of
    /// earlier versions do not tell them.
    pub clarify: Vec<String>,
    /// What may be right, best first, at most [`Outcome::RANKED_MAX`]. An intent that is acted
    /// on comes first, by its id, or by that of the entry that it answers with.
    pub ranked: Vec<RankedId>,
}

/// One candidate.
#[derive(Clone, Debug, PartialEq)]
pub struct RankedId {
    /// Of an entry or an intent.
    pub id: String,
    /// 0 to 1, in the decimal digits that are written to the file.
    pub confidence: f64,
    /// What the ranker gave; `None` for a pattern.
    pub score: Option<f64>,
    /// The wording that matched best; `None` for a pattern.
    pub question: Option<String>,
}

impl Prediction {
    /// What the engine found, in this knowledge base. A pattern of an intent counts as sure as
    /// an equal question.
    pub fn of(explanation: &Explanation, base: &KnowledgeBase) -> Self {
        let outcome = &explanation.outcome;
        let mut ranked: Vec<RankedId> = outcome
            .ranked
            .iter()
            .map(|one| RankedId {
                id: one.entry.to_string(),
                confidence: as_written(one.confidence.get()),
                score: Some(as_written(one.score.get())),
                question: Some(one.question.clone()),
            })
            .collect();
        if let Some(intent) = &outcome.intent {
            let acted_on = acted_on(explanation, base, intent);
            ranked.retain(|place| place.id != acted_on.id);
            ranked.insert(0, acted_on);
            ranked.truncate(Outcome::RANKED_MAX);
        }
        Self {
            band: outcome.band,
            intent: outcome.intent.as_ref().map(ToString::to_string),
            is_reply: matches!(
                outcome.intent.as_ref().and_then(|intent| action(base, intent)),
                Some(IntentAction::Reply { .. })
            ),
            clarify: outcome.clarify.iter().map(ToString::to_string).collect(),
            ranked,
        }
    }

    /// The line of the file, without its end.
    pub fn to_line(&self, query: &Query) -> String {
        let place = |one: &RankedId| {
            json!({
                "id": one.id,
                "confidence": one.confidence,
                "score": one.score,
                "question": one.question,
            })
        };
        let line = json!({
            "qid": query.qid.to_json(),
            "text": query.text,
            "band": self.band.as_str(),
            "intent": self.intent,
            "reply": self.is_reply,
            "clarify": self.clarify,
            "ranked": self.ranked.iter().map(place).collect::<Vec<_>>(),
        });
        line.to_string()
    }
}

fn acted_on(explanation: &Explanation, base: &KnowledgeBase, intent: &IntentId) -> RankedId {
    let id = match action(base, intent) {
        Some(IntentAction::Answer { entry }) => entry.to_string(),
        Some(IntentAction::Reply { .. } | IntentAction::Handoff { .. }) | None => {
            intent.to_string()
        }
    };
    let is_pattern = matches!(explanation.reason, Reason::SafetyPattern(_) | Reason::Pattern(_));
    let ranked = explanation.candidates.first().filter(|first| {
        let is_same = matches!(&first.found, Found::Intent(found) if found == intent);
        is_same && !is_pattern
    });
    RankedId {
        id,
        confidence: as_written(ranked.map_or(Confidence::EXACT, |first| first.confidence).get()),
        score: ranked.map(|first| as_written(first.score.get())),
        question: ranked.map(|first| first.question.clone()),
    }
}

fn action<'b>(base: &'b KnowledgeBase, intent: &IntentId) -> Option<&'b IntentAction> {
    base.intent(intent).map(|one| &one.action)
}

/// The number that its decimal digits stand for, so that a file read back, and a threshold
/// that someone types, mean what they say.
fn as_written(number: f32) -> f64 {
    number.to_string().parse().unwrap_or_else(|_| number.into())
}

/// Reads what [`Prediction::to_line`] wrote, one line for each query, in any order, and puts
/// it into the order of the queries.
///
/// # Errors
///
/// A line that is about no query, or one query's second, or has another text than its query,
/// or is no prediction; a query without a line.
pub fn parse_predictions(
    jsonl: &str,
    queries: &[Query],
) -> Result<Vec<Prediction>, EvaluationError> {
    let places: BTreeMap<String, usize> =
        queries.iter().map(|query| query.qid.to_json().to_string()).zip(0..).collect();
    let mut found: Vec<Option<Prediction>> = vec![None; queries.len()];
    for (line, text) in jsonl::lines(jsonl) {
        let read = jsonl::object(text).and_then(|object| {
            let qid = object.get("qid").ok_or("“qid” is missing")?;
            let place = *places
                .get(&qid.to_string())
                .ok_or_else(|| format!("no query is named {}", shortened(&qid.to_string())))?;
            let said = jsonl::text(&object, "text", TEXT_CHARS_MAX)?;
            let query = &queries[place];
            if said.is_some_and(|said| said != query.text) {
                let line = query.line;
                return Err(format!(
                    "its text is not that of its query, line {line} of the queries"
                ));
            }
            if found[place].is_some() {
                return Err(format!("it is the second one for {}", shortened(&qid.to_string())));
            }
            found[place] = Some(parse_prediction(&object)?);
            Ok(())
        });
        read.map_err(|what| EvaluationError::Prediction { line, what })?;
    }
    let missing = found.iter().filter(|one| one.is_none()).count();
    if let Some(first) = found.iter().position(Option::is_none) {
        let query = &queries[first];
        let qid = shortened(&query.qid.to_json().to_string());
        return Err(EvaluationError::Unpredicted { count: missing, qid, line: query.line });
    }
    Ok(found.into_iter().flatten().collect())
}

fn parse_prediction(object: &Map<String, Value>) -> Result<Prediction, String> {
    let bands = [Band::Answer, Band::Clarify, Band::Fallback];
    let band = object.get("band").and_then(Value::as_str);
    let band = bands.into_iter().find(|one| Some(one.as_str()) == band);
    let band = band.ok_or("“band” is not one of answer, clarify, fallback")?;
    let ranked = object.get("ranked").and_then(Value::as_array);
    let ranked = ranked.ok_or("“ranked” is missing or no list")?;
    let ranked = ranked.iter().take(Outcome::RANKED_MAX);
    Ok(Prediction {
        band,
        intent: jsonl::text(object, "intent", ID_CHARS_MAX)?,
        is_reply: jsonl::flag(object, "reply")?,
        clarify: jsonl::texts(object, "clarify", ID_CHARS_MAX, Outcome::RANKED_MAX)?,
        ranked: ranked.map(parse_place).collect::<Result<_, String>>()?,
    })
}

fn parse_place(place: &Value) -> Result<RankedId, String> {
    let object = place.as_object().ok_or("“ranked” holds something else than objects")?;
    let id = jsonl::text(object, "id", ID_CHARS_MAX)?.ok_or("an “id” is missing")?;
    let confidence = object.get("confidence").and_then(Value::as_f64);
    let confidence = confidence.filter(|confidence| (0.0..=1.0).contains(confidence));
    Ok(RankedId {
        id,
        confidence: confidence.ok_or("a “confidence” is missing or not within 0 to 1")?,
        score: object.get("score").and_then(Value::as_f64),
        question: jsonl::text(object, "question", QUESTION_CHARS_MAX)?,
    })
}

/// What comes from a file is told in a line.
fn shortened(qid: &str) -> String {
    qid.chars().take(ID_CHARS_MAX).collect()
}
