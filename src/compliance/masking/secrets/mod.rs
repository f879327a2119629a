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
mod token;
mod values;
mod weigh;

pub(super) use find::{Secret, find, says};
pub(super) use labels::{LabelLink, label_before, mentions};
pub(super) use token::Token;
pub(super) use values::is_service_number;
pub(super) use weigh::SecretEvidence;
