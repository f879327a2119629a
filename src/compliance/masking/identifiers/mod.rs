//! Finds numbers that name a person, by their shape, their check digits and the words around them.

mod account;
mod card;
mod checks;
mod document;
mod document_number;
mod email;
mod find;
mod identifier;
mod phone;
mod place;
mod resident;

pub(super) use card::may_start_card;
pub(super) use find::find;
pub(super) use identifier::Identifier;
pub(super) use place::begins_plate;
pub(super) use resident::has_province;
