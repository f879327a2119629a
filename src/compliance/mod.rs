//! Compliance: [`Masker`] removes personal data from a text before it is stored, and the [`RuleBook`]
//! says what must not be said. [`ContactText`] is the only text of a customer that is kept as it was
//! typed.

mod contact;
mod masking;
mod rules;

pub use contact::{ContactError, ContactText};
pub use masking::{
    DeclaredId, DeclaredIds, MaskContext, Masked, Masker, MaskingPolicy, PersonalData, SecretKind,
    Treatment, TreatmentError, TypedText, mask,
};
pub(crate) use rules::plain_letters;
pub use rules::{
    Denials, LikelyBreach, Rule, RuleBook, RuleSentence, Speaker, Violation, fit_rules,
};
