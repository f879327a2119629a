//! Masking: what it finds, what it leaves, and that nothing of a value reaches a file.

mod faults;
mod measure;
mod rates;
mod traces;
