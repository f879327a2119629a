//! What masking finds and what it leaves, counted over generated messages. The seed is fixed, so
//! that every run on every machine sees the same ones. The bench `masking` uses these files, too.

mod class;
mod dice;
mod evasion;
mod frames;
mod harmless;
mod samples;
mod talk;
mod tally;
mod traces;
mod values;

pub(crate) use class::Class;
pub(crate) use dice::Dice;
pub(crate) use harmless::HarmlessKind;
pub(crate) use samples::{Sample, Typed};
pub(crate) use talk::{Talk, conversations};
pub(crate) use tally::{Recall, Recalls, count_touched, is_found};
pub(crate) use traces::{Traces, files_below};
