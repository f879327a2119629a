//! The classes of private values that are generated.

use super::evasion::Evasion;

/// A class of private values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    UnionPay,
    Visa,
    Mastercard,
    Amex,
    Jcb,
    Diners,
    Id18,
    Id15,
    HkId,
    MacauId,
    TaiwanId,
    ChinesePassport,
    ForeignPassport,
    HomeReturnPermit,
    TaiwanPermit,
    ResidenceCard,
    Mobile,
    Landline,
    HkPhone,
    TaiwanPhone,
    ForeignPhone,
    Email,
    BankAccount,
    Iban,
    LoginPassword,
    PaymentPassword,
    OneTimeCode,
    Cvv,
    Expiry,
    TrackData,
}

impl Class {
    pub(crate) const ALL: [Class; 30] = [
        Class::UnionPay,
        Class::Visa,
        Class::Mastercard,
        Class::Amex,
        Class::Jcb,
        Class::Diners,
        Class::Id18,
        Class::Id15,
        Class::HkId,
        Class::MacauId,
        Class::TaiwanId,
        Class::ChinesePassport,
        Class::ForeignPassport,
        Class::HomeReturnPermit,
        Class::TaiwanPermit,
        Class::ResidenceCard,
        Class::Mobile,
        Class::Landline,
        Class::HkPhone,
        Class::TaiwanPhone,
        Class::ForeignPhone,
        Class::Email,
        Class::BankAccount,
        Class::Iban,
        Class::LoginPassword,
        Class::PaymentPassword,
        Class::OneTimeCode,
        Class::Cvv,
        Class::Expiry,
        Class::TrackData,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Class::UnionPay => "card: UnionPay, 16 and 19 digits",
            Class::Visa => "card: Visa",
            Class::Mastercard => "card: Mastercard, series 5 and 2",
            Class::Amex => "card: American Express",
            Class::Jcb => "card: JCB",
            Class::Diners => "card: Diners, 14 digits",
            Class::Id18 => "identity number, 18",
            Class::Id15 => "identity number, 15",
            Class::HkId => "identity card, Hong Kong",
            Class::MacauId => "identity card, Macau",
            Class::TaiwanId => "identity card, Taiwan",
            Class::ChinesePassport => "passport, Chinese",
            Class::ForeignPassport => "passport, foreign",
            Class::HomeReturnPermit => "home return permit",
            Class::TaiwanPermit => "permit of Taiwan residents",
            Class::ResidenceCard => "residence card of foreigners",
            Class::Mobile => "mobile, mainland",
            Class::Landline => "landline of a person",
            Class::HkPhone => "phone, Hong Kong and Macau",
            Class::TaiwanPhone => "mobile, Taiwan",
            Class::ForeignPhone => "phone, foreign",
            Class::Email => "e-mail address",
            Class::BankAccount => "bank account",
            Class::Iban => "IBAN",
            Class::LoginPassword => "login password",
            Class::PaymentPassword => "payment password, 6 digits",
            Class::OneTimeCode => "one-time code",
            Class::Cvv => "CVV",
            Class::Expiry => "expiry month",
            Class::TrackData => "magnetic stripe",
        }
    }

    /// Whether nothing of a value may be kept, not even its last four characters.
    pub(crate) fn is_destroyed(self) -> bool {
        matches!(
            self,
            Class::Email
                | Class::LoginPassword
                | Class::PaymentPassword
                | Class::OneTimeCode
                | Class::Cvv
                | Class::Expiry
                | Class::TrackData
        )
    }

    /// The evaded spellings that people use for it.
    pub(crate) fn evasions(self) -> &'static [Evasion] {
        match self {
            Class::UnionPay
            | Class::Visa
            | Class::Mastercard
            | Class::Amex
            | Class::Jcb
            | Class::Diners
            | Class::Mobile
            | Class::BankAccount
            | Class::OneTimeCode
            | Class::PaymentPassword
            | Class::Id15
            | Class::Id18 => DIGITS,
            Class::Landline | Class::TaiwanPhone | Class::HkPhone | Class::MacauId => PHONE,
            Class::TaiwanPermit => PERMIT,
            Class::HkId
            | Class::TaiwanId
            | Class::ChinesePassport
            | Class::HomeReturnPermit
            | Class::ResidenceCard => DOCUMENT,
            Class::ForeignPassport => PASSPORT,
            Class::ForeignPhone => FOREIGN,
            Class::Iban => IBAN,
            Class::Email => EMAIL,
            Class::LoginPassword => PASSWORD,
            Class::Cvv => CVV,
            Class::Expiry => EXPIRY,
            Class::TrackData => TRACK,
        }
    }
}

const DIGITS: &[Evasion] = &[
    Evasion::LabelFirst,
    Evasion::Spaces,
    Evasion::Dashes,
    Evasion::Dots,
    Evasion::ZeroWidth,
    Evasion::FullWidth,
    Evasion::Chinese,
    Evasion::Spoken,
    Evasion::Circled,
    Evasion::OtherScript,
    Evasion::Mixed,
    Evasion::LineBreak,
    Evasion::Letters,
    Evasion::TwoBubbles,
];

const PERMIT: &[Evasion] = &[
    Evasion::LabelFirst,
    Evasion::Spaces,
    Evasion::Dashes,
    Evasion::Dots,
    Evasion::ZeroWidth,
    Evasion::FullWidth,
    Evasion::Chinese,
    Evasion::Spoken,
    Evasion::Circled,
    Evasion::OtherScript,
    Evasion::Mixed,
];

const PHONE: &[Evasion] = &[
    Evasion::LabelFirst,
    Evasion::Spaces,
    Evasion::Dashes,
    Evasion::Dots,
    Evasion::ZeroWidth,
    Evasion::FullWidth,
    Evasion::Chinese,
    Evasion::Circled,
    Evasion::OtherScript,
    Evasion::Mixed,
    Evasion::LineBreak,
];

const DOCUMENT: &[Evasion] = &[
    Evasion::LabelFirst,
    Evasion::Spaces,
    Evasion::Dashes,
    Evasion::Dots,
    Evasion::ZeroWidth,
    Evasion::FullWidth,
    Evasion::Circled,
    Evasion::OtherScript,
    Evasion::LineBreak,
];

const PASSPORT: &[Evasion] = &[
    Evasion::LabelFirst,
    Evasion::Spaces,
    Evasion::Dashes,
    Evasion::ZeroWidth,
    Evasion::FullWidth,
    Evasion::OtherScript,
];

const FOREIGN: &[Evasion] = &[
    Evasion::LabelFirst,
    Evasion::Spaces,
    Evasion::Dashes,
    Evasion::Dots,
    Evasion::ZeroWidth,
    Evasion::FullWidth,
];

const IBAN: &[Evasion] = &[
    Evasion::LabelFirst,
    Evasion::Spaces,
    Evasion::Dashes,
    Evasion::ZeroWidth,
    Evasion::FullWidth,
    Evasion::LineBreak,
];

const EMAIL: &[Evasion] =
    &[Evasion::LabelFirst, Evasion::ZeroWidth, Evasion::FullWidth, Evasion::Words, Evasion::Spaces];

const PASSWORD: &[Evasion] =
    &[Evasion::LabelFirst, Evasion::Spaces, Evasion::ZeroWidth, Evasion::FullWidth];

const CVV: &[Evasion] = &[
    Evasion::LabelFirst,
    Evasion::Spaces,
    Evasion::Dashes,
    Evasion::Dots,
    Evasion::ZeroWidth,
    Evasion::FullWidth,
    Evasion::Chinese,
    Evasion::Spoken,
    Evasion::Circled,
    Evasion::OtherScript,
    Evasion::Mixed,
    Evasion::Letters,
];

const EXPIRY: &[Evasion] = &[
    Evasion::LabelFirst,
    Evasion::Spaces,
    Evasion::Dashes,
    Evasion::Dots,
    Evasion::ZeroWidth,
    Evasion::FullWidth,
    Evasion::Chinese,
    Evasion::Circled,
];

const TRACK: &[Evasion] =
    &[Evasion::LabelFirst, Evasion::ZeroWidth, Evasion::FullWidth, Evasion::OtherScript];
