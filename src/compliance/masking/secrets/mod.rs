//! Finds passwords, one-time codes and other secrets by the words around them.
//!
//! A secret has no shape of its own, so each rule here weighs a leak against destroying an amount
//! or a date. The more closely label and value are bound, the less the value must look like a
//! secret.

mod behind;
mod expiry;
mod find;
mod labels;
mod row;
mod secret;
mod values;
mod weigh;

pub(super) use find::{find, find_labelled, says};
pub(super) use labels::{label_before, mentions};
pub(super) use secret::Secret;
pub(super) use values::is_service_number;
