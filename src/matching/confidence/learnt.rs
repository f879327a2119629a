//! The calibration of a knowledge base as JSON, so that a later start need not repeat it.
//!
//! Only this file knows how a [`Calibration`] is written down. A new field of it is added to
//! [`WrittenLearnt`], and [`FORMAT`] is raised.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    calibrate::{Calibration, ExpectedShares, Share},
    curve::Curve,
    threshold::{Basis, Threshold},
};
use crate::knowledge::KnowledgeBase;
use crate::matching::score::Confidence;
use crate::text::hex;

/// Raised with every change of the fields or of their meaning. Format 1 was not JSON.
const FORMAT: u32 = 3;

/// The calibration that a snapshot learnt by asking its own questions, valid for the same
/// knowledge and the same engine only.
///
/// It only saves time: a snapshot that is built without it learns the same calibration again.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(try_from = "WrittenLearnt", into = "WrittenLearnt")]
pub struct Learnt {
    /// The hashes of the knowledge base and of the fitted numbers.
    of: String,
    calibration: Calibration,
}

impl Learnt {
    /// The calibration of the shipped knowledge, so that a first start need not compute it.
    /// `None` while that file is broken, which a test forbids.
    pub fn shipped() -> Option<Self> {
        serde_json::from_str(include_str!("../../../assets/learnt.json")).ok()
    }

    pub(crate) fn new(base: &KnowledgeBase, calibration: Calibration) -> Self {
        Self { of: of(base), calibration }
    }

    /// The calibration, if it is of that knowledge base.
    pub(crate) fn for_base(self, base: &KnowledgeBase) -> Option<Calibration> {
        self.is_of(base).then_some(self.calibration)
    }

    /// Whether it was learnt from that knowledge base.
    pub fn is_of(&self, base: &KnowledgeBase) -> bool {
        self.of == of(base)
    }
}

fn of(base: &KnowledgeBase) -> String {
    format!("{}-{}", base.hash, *FITTED)
}

/// The first 8 bytes of a hash of the numbers that `kefu fit` writes, in hex.
static FITTED: LazyLock<String> = LazyLock::new(|| {
    let ranker = include_str!("../../../assets/ranker.txt");
    let confidence = include_str!("../../../assets/confidence.txt");
    let hash = Sha256::new().chain_update(ranker).chain_update(confidence).finalize();
    hex(&hash[..8])
});

/// The JSON form of [`Learnt`]. A number has as many digits as are needed to read the same number
/// again. A number that is not finite is written as `null`, which is refused when read.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct WrittenLearnt {
    format: u32,
    of: String,
    /// The constant and the factor of the curve's correction.
    curve: [f64; 2],
    answer: WrittenThreshold,
    clarify: WrittenThreshold,
    intent: WrittenThreshold,
    held_out: usize,
    #[serde(rename = "told")]
    utterances: usize,
    expected: WrittenShares,
    /// Only where the second encoder was asked and proved a precision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    second: Option<WrittenThreshold>,
}

/// Each share as two counts: how many of how many.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct WrittenShares {
    answered: [usize; 2],
    right: [usize; 2],
    leaked: [usize; 2],
    listed: [usize; 2],
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct WrittenThreshold {
    at: f32,
    target: f64,
    basis: WrittenBasis,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum WrittenBasis {
    Expected { count: usize, precision: f64 },
    TooFew { count: usize },
    OutOfReach { best: f64 },
}

impl From<Learnt> for WrittenLearnt {
    fn from(Learnt { of, calibration }: Learnt) -> Self {
        let Calibration { curve, answer, clarify, intent, held_out, utterances, expected, second } =
            calibration;
        let ExpectedShares { answered, right, leaked, listed } = expected;
        let counts = |share: Share| [share.part, share.of];
        Self {
            format: FORMAT,
            of,
            curve: curve.correction(),
            answer: answer.into(),
            clarify: clarify.into(),
            intent: intent.into(),
            held_out,
            utterances,
            expected: WrittenShares {
                answered: counts(answered),
                right: counts(right),
                leaked: counts(leaked),
                listed: counts(listed),
            },
            second: second.map(WrittenThreshold::from),
        }
    }
}

impl TryFrom<WrittenLearnt> for Learnt {
    type Error = &'static str;

    fn try_from(written: WrittenLearnt) -> Result<Self, Self::Error> {
        if written.format != FORMAT {
            return Err("another format than 3");
        }
        if written.of.is_empty() {
            return Err("`of` is empty, expected the hash of a knowledge base");
        }
        let calibration = Calibration {
            curve: Curve::corrected(written.curve),
            answer: written.answer.try_into()?,
            clarify: written.clarify.try_into()?,
            intent: written.intent.try_into()?,
            held_out: written.held_out,
            utterances: written.utterances,
            expected: written.expected.try_into()?,
            second: written.second.map(Threshold::try_from).transpose()?,
        };
        Ok(Self { of: written.of, calibration })
    }
}

impl TryFrom<WrittenShares> for ExpectedShares {
    type Error = &'static str;

    fn try_from(written: WrittenShares) -> Result<Self, Self::Error> {
        let share = |[part, of]: [usize; 2]| {
            if part <= of { Ok(Share { part, of }) } else { Err("expected a part of the whole") }
        };
        Ok(Self {
            answered: share(written.answered)?,
            right: share(written.right)?,
            leaked: share(written.leaked)?,
            listed: share(written.listed)?,
        })
    }
}

impl From<Threshold> for WrittenThreshold {
    fn from(Threshold { at, target, basis }: Threshold) -> Self {
        let basis = match basis {
            Basis::Expected { count, precision } => WrittenBasis::Expected { count, precision },
            Basis::TooFew { count } => WrittenBasis::TooFew { count },
            Basis::OutOfReach { best } => WrittenBasis::OutOfReach { best },
        };
        Self { at: at.get(), target, basis }
    }
}

impl TryFrom<WrittenThreshold> for Threshold {
    type Error = &'static str;

    fn try_from(
        WrittenThreshold { at, target, basis }: WrittenThreshold,
    ) -> Result<Self, Self::Error> {
        let basis = match basis {
            WrittenBasis::Expected { count, precision } => {
                Basis::Expected { count, precision: share(precision)? }
            }
            WrittenBasis::TooFew { count } => Basis::TooFew { count },
            WrittenBasis::OutOfReach { best } => Basis::OutOfReach { best: share(best)? },
        };
        let at = Confidence::new(at).ok_or("expected a confidence from 0 to 1")?;
        Ok(Self { at, target: share(target)?, basis })
    }
}

fn share(number: f64) -> Result<f64, &'static str> {
    if (0.0..=1.0).contains(&number) { Ok(number) } else { Err("expected a share from 0 to 1") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learnt() -> Learnt {
        let at = |at, basis| Threshold { at: Confidence::new(at).unwrap(), target: 0.95, basis };
        let calibration = Calibration {
            curve: Curve::corrected([-3.1 + 1e-13, 1.0 / 3.0]),
            answer: at(0.1 + 0.2, Basis::Expected { count: 300, precision: 0.95 + 1e-15 }),
            clarify: at(0.4, Basis::OutOfReach { best: 0.5 }),
            intent: at(0.6, Basis::Expected { count: 40, precision: 0.8 }),
            held_out: 1_000,
            utterances: 911,
            expected: ExpectedShares {
                answered: Share { part: 40, of: 100 },
                right: Share { part: 39, of: 41 },
                leaked: Share { part: 1, of: 77 },
                listed: Share { part: 9, of: 77 },
            },
            second: Some(at(0.97, Basis::Expected { count: 60, precision: 0.96 })),
        };
        Learnt { of: "ab12".to_owned(), calibration }
    }

    fn written(learnt: &Learnt) -> String {
        serde_json::to_string(learnt).unwrap()
    }

    #[test]
    fn a_round_trip_keeps_every_bit() {
        let mut learnt = learnt();
        // Some of a thousand numbers have a last bit that an inexact parser gets wrong.
        for number in 1..1_000 {
            let [constant, factor] = [f64::from(number).ln(), f64::from(number).sqrt()];
            learnt.calibration.curve = Curve::corrected([constant, -factor * 1e-7]);
            learnt.calibration.answer.at = Confidence::new(1.0 / number as f32).unwrap();
            assert_eq!(serde_json::from_str::<Learnt>(&written(&learnt)).unwrap(), learnt);
        }
    }

    #[test]
    fn damaged_json_is_refused() {
        let good = written(&learnt());
        let cases = [
            // (what it shows, text)
            ("nothing", String::new()),
            ("another format", good.replace("\"format\":3", "\"format\":2")),
            ("a field lost", good.replace("\"held_out\":1000,", "")),
            ("a field twice", good.replace("\"told\"", "\"held_out\":1000,\"told\"")),
            ("a field that nobody knows", good.replace("\"told\"", "\"more\":1,\"told\"")),
            ("a value lost", good.replace(",\"precision\":", ",\"best\":")),
            ("no number", good.replace("1000", "\"many\"")),
            ("an endless number", good.replace("\"target\":0.95", "\"target\":1e999")),
            ("a share above 1", good.replace("\"target\":0.95", "\"target\":1.4")),
            ("a part above the whole", good.replace("[40,100]", "[400,100]")),
            ("a confidence above 1", good.replace("\"at\":0.4", "\"at\":1.4")),
            ("a basis that there is not", good.replace("expected", "believed")),
            ("no name of the knowledge", good.replace("ab12", "")),
        ];
        for (shows, text) in cases {
            assert_ne!(text, good, "{shows}");
            assert!(serde_json::from_str::<Learnt>(&text).is_err(), "{shows}");
        }
        for end in 0..good.len() {
            let cut: String = good.chars().take(end).collect();
            assert!(serde_json::from_str::<Learnt>(&cut).is_err(), "cut at {end}");
        }
    }
}
