//! What masking found in the texts of a turn.

use crate::compliance::{Masked, MaskingPolicy, PersonalData, Treatment};

/// Personal data that masking found in a text: its class and what was done with it, never the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TreatedData {
    /// The class.
    pub class: PersonalData,
    /// What was done. Never [`Treatment::Keep`]: such data is not told.
    pub treatment: Treatment,
}

impl TreatedData {
    /// The finds of a text that was masked by this policy, each as often as it was found.
    pub(super) fn all_in(masked: &Masked, policy: &MaskingPolicy) -> impl Iterator<Item = Self> {
        let found = masked.found().iter();
        let replaced =
            found.map(|class| Self { class: *class, treatment: policy.treatment(*class) });
        let flagged = masked.flagged().iter();
        replaced.chain(flagged.map(|class| Self { class: *class, treatment: Treatment::Flag }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compliance::{MaskContext, Masker};

    #[test]
    fn each_find_is_told_with_its_treatment() {
        use PersonalData::{Card, Phone, Plate};
        let policy = MaskingPolicy::new([(Phone, Treatment::Flag)]).unwrap();
        let masker = Masker { policy, ..Masker::default() };
        let text = "卡6222021234567890128和6222021234567890128，手机13800138000，车牌京A12345";
        let stored = masker.mask(text, &MaskContext::default());
        let told: Vec<(PersonalData, Treatment)> = TreatedData::all_in(&stored, &masker.policy)
            .map(|found| (found.class, found.treatment))
            .collect();
        let card = (Card, Treatment::LastFour);
        assert_eq!(told, [card, card, (Phone, Treatment::Flag), (Plate, Treatment::Flag)]);
    }
}
