//! What a snapshot learnt by asking its own questions, as text that can be kept.
//!
//! The only place that knows how a [`Calibration`] is written down: a new field of it is
//! added to `write` and to `read`, and [`FORMAT`] is raised.

use std::{collections::BTreeMap, sync::LazyLock};

use sha2::{Digest, Sha256};

use super::{
    calibrate::Calibration,
    curve::Curve,
    threshold::{Basis, Threshold},
};
use crate::knowledge::KnowledgeBase;
use crate::matching::score::Confidence;
use crate::text::hex;

/// Raised when other things are written, or the same otherwise.
const FORMAT: &str = "1";

/// What a snapshot learnt by asking its own questions: good for the same knowledge and the
/// same engine, and for nothing else.
///
/// It is only ever a matter of time: a snapshot built without it learns the same anew.
#[derive(Clone, Debug, PartialEq)]
pub struct Learnt {
    /// The hash of the knowledge base, and of the numbers that were fitted.
    of: String,
    calibration: Calibration,
}

impl Learnt {
    /// What the knowledge that comes with the program taught, so that it need not be asked at
    /// every first start; `None` while that file is broken, which a test forbids.
    pub fn shipped() -> Option<Self> {
        Self::from_text(include_str!("../../../assets/learnt.txt"))
    }

    pub(crate) fn new(base: &KnowledgeBase, calibration: Calibration) -> Self {
        Self { of: of(base), calibration }
    }

    /// The calibration, if it is of that knowledge base.
    pub(crate) fn for_base(self, base: &KnowledgeBase) -> Option<Calibration> {
        self.is_of(base).then_some(self.calibration)
    }

    /// Whether it was learnt of that knowledge base.
    pub fn is_of(&self, base: &KnowledgeBase) -> bool {
        self.of == of(base)
    }

    /// As lines of a name and values each.
    pub fn to_text(&self) -> String {
        format!("learnt {FORMAT}\nof {}\n{}", self.of, write(&self.calibration))
    }

    /// Reads what [`Learnt::to_text`] wrote; `None` for anything else.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut lines = Lines(BTreeMap::new());
        for line in text.strip_suffix('\n')?.lines() {
            let (name, values) = line.split_once(' ')?;
            if lines.0.insert(name, values.split(' ').collect()).is_some() {
                return None;
            }
        }
        let [format] = lines.take("learnt")?;
        let [of] = lines.take("of")?;
        let calibration = read(&mut lines)?;
        let is_whole = format == FORMAT && !of.is_empty() && lines.0.is_empty();
        is_whole.then(|| Self { of: of.to_owned(), calibration })
    }
}

fn of(base: &KnowledgeBase) -> String {
    format!("{}-{}", base.hash, *FITTED)
}

/// The beginning of a hash of the numbers that `kefu fit` writes.
static FITTED: LazyLock<String> = LazyLock::new(|| {
    let ranker = include_str!("../../../assets/ranker.txt");
    let confidence = include_str!("../../../assets/confidence.txt");
    let hash = Sha256::new().chain_update(ranker).chain_update(confidence).finalize();
    hex(&hash[..8])
});

/// A number is written with as many digits as make it the same number again.
fn write(calibration: &Calibration) -> String {
    let Calibration { curve, answer, clarify, held_out, told, answer_rate, false_answer_rate } =
        calibration;
    let [constant, factor] = curve.correction();
    let threshold = |Threshold { at, target, basis }: &Threshold| {
        let basis = match basis {
            Basis::Expected { count, precision } => format!("expected {count} {precision}"),
            Basis::TooFew { count } => format!("few {count} 0"),
            Basis::OutOfReach { best } => format!("reach 0 {best}"),
        };
        format!("{} {target} {basis}", at.get())
    };
    format!(
        "curve {constant} {factor}\nanswer {}\nclarify {}\nheld_out {held_out}\ntold {told}\n\
         rates {answer_rate} {false_answer_rate}\n",
        threshold(answer),
        threshold(clarify),
    )
}

fn read(lines: &mut Lines<'_>) -> Option<Calibration> {
    let [constant, factor] = lines.take("curve")?;
    let curve = Curve::corrected([number(constant)?, number(factor)?]);
    let (answer, clarify) = (threshold(lines.take("answer")?)?, threshold(lines.take("clarify")?)?);
    let ([held_out], [told]) = (lines.take("held_out")?, lines.take("told")?);
    let [answer_rate, false_answer_rate] = lines.take("rates")?;
    Some(Calibration {
        curve,
        answer,
        clarify,
        held_out: held_out.parse().ok()?,
        told: told.parse().ok()?,
        answer_rate: share(answer_rate)?,
        false_answer_rate: share(false_answer_rate)?,
    })
}

fn threshold([at, target, basis, count, precision]: [&str; 5]) -> Option<Threshold> {
    let (count, precision) = (count.parse().ok()?, share(precision)?);
    let basis = match basis {
        "expected" => Basis::Expected { count, precision },
        "few" => Basis::TooFew { count },
        "reach" => Basis::OutOfReach { best: precision },
        _ => return None,
    };
    Some(Threshold { at: Confidence::new(at.parse().ok()?)?, target: share(target)?, basis })
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn share(text: &str) -> Option<f64> {
    number(text).filter(|share| (0.0..=1.0).contains(share))
}

/// Values by name.
struct Lines<'t>(BTreeMap<&'t str, Vec<&'t str>>);

impl<'t> Lines<'t> {
    fn take<const COUNT: usize>(&mut self, name: &str) -> Option<[&'t str; COUNT]> {
        self.0.remove(name)?.try_into().ok()
    }
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
            held_out: 1_000,
            told: 911,
            answer_rate: 0.4,
            false_answer_rate: 0.05,
        };
        Learnt { of: "ab12".to_owned(), calibration }
    }

    #[test]
    fn what_is_written_reads_the_same_to_the_last_bit() {
        let learnt = learnt();
        assert_eq!(Learnt::from_text(&learnt.to_text()), Some(learnt));
    }

    #[test]
    fn what_was_not_written_so_is_not_read() {
        let good = learnt().to_text();
        let cases = [
            // (what it shows, text)
            ("nothing", String::new()),
            ("another format", good.replace("learnt 1", "learnt 2")),
            ("a line lost", good.replace("held_out 1000\n", "")),
            ("a line twice", format!("{good}held_out 1000\n")),
            ("a line that nobody knows", format!("{good}more 1\n")),
            ("a value lost", good.replace("rates 0.4 0.05", "rates 0.4")),
            ("no number", good.replace("held_out 1000", "held_out many")),
            ("an endless number", good.replace("rates 0.4", "rates inf")),
            ("a confidence above 1", good.replace("clarify 0.4", "clarify 1.4")),
            ("a basis that there is not", good.replace("expected", "believed")),
            ("no name of the knowledge", good.replace("of ab12", "of ")),
        ];
        for (shows, text) in cases {
            assert_ne!(text, good, "{shows}");
            assert_eq!(Learnt::from_text(&text), None, "{shows}");
        }
        for end in 0..good.len() {
            let cut: String = good.chars().take(end).collect();
            assert_eq!(Learnt::from_text(&cut), None, "cut at {end}");
        }
    }
}
