//! The workshop of the people who keep the knowledge: what needs the engine to be checked,
//! regression tests, comparisons of two roots, and sheets.

pub(crate) mod edit;
