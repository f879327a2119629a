//! What is done with each class of personal data.

use std::collections::BTreeMap;

use super::personal_data::{PersonalData, Treatment};

/// What masking does with each class of personal data, from `knowledge/masking.yaml`.
///
/// The default is safe: of numbers that name a person the last four characters are kept, an e-mail
/// address is destroyed, plates and addresses are flagged. A secret has no other treatment than
/// [`Treatment::Destroy`].
///
/// # Examples
///
/// ```
/// use kefu::compliance::{MaskingPolicy, PersonalData, SecretKind, Treatment};
///
/// let policy = MaskingPolicy::new([(PersonalData::Phone, Treatment::Destroy)])?;
/// assert_eq!(policy.treatment(PersonalData::Phone), Treatment::Destroy);
/// assert_eq!(policy.treatment(PersonalData::Card), Treatment::LastFour);
///
/// let cvv = PersonalData::Secret(SecretKind::Cvv);
/// assert!(MaskingPolicy::new([(cvv, Treatment::LastFour)]).is_err());
/// # Ok::<(), kefu::compliance::TreatmentError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MaskingPolicy(BTreeMap<PersonalData, Treatment>);

impl MaskingPolicy {
    /// A policy with these treatments. All other classes have their defaults.
    pub fn new(
        treatments: impl IntoIterator<Item = (PersonalData, Treatment)>,
    ) -> Result<Self, TreatmentError> {
        let checked = treatments.into_iter().map(|(data, treatment)| {
            if data.treatments().contains(&treatment) {
                Ok((data, treatment))
            } else {
                Err(TreatmentError { data, treatment })
            }
        });
        Ok(Self(checked.collect::<Result<_, _>>()?))
    }

    /// What is done with a class.
    pub fn treatment(&self, data: PersonalData) -> Treatment {
        let default = data.treatments().first().copied().unwrap_or(Treatment::Destroy);
        self.0.get(&data).copied().unwrap_or(default)
    }
}

/// A treatment that the class cannot have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} cannot be treated as {}", data.as_str(), treatment.as_str())]
pub struct TreatmentError {
    /// The class.
    pub data: PersonalData,
    /// The treatment.
    pub treatment: Treatment,
}
