//! Classes of personal data, and the tags that replace them in a text.

/// A class of personal data that masking finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PersonalData {
    /// The number of a bank card.
    Card,
    /// A bank account that is no card.
    BankAccount,
    /// An international bank account number, ISO 13616.
    Iban,
    /// A resident identity number of the mainland, GB 11643.
    IdNumber,
    /// An identity card of Hong Kong.
    HkId,
    /// An identity card of Macau.
    MacauId,
    /// An identity card of Taiwan.
    TaiwanId,
    /// A passport of any country.
    Passport,
    /// A permit to travel or to reside: 回乡证, 台胞证, 港澳通行证, 永居证.
    Permit,
    /// A mobile phone of the mainland.
    Phone,
    /// A phone of Hong Kong or Macau.
    HkPhone,
    /// A mobile phone of Taiwan.
    TaiwanPhone,
    /// A phone of any other country.
    ForeignPhone,
    /// A landline of the mainland that is not a firm's.
    Landline,
    /// An e-mail address that is not a firm's.
    Email,
    /// The plate of a car.
    Plate,
    /// A street or a flat.
    Address,
    /// A secret that authenticates the customer. Nothing of it is kept.
    Secret(SecretKind),
}

/// A kind of secret that a customer must tell nobody: class C3 of JR/T 0171.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SecretKind {
    /// A password or PIN.
    Password,
    /// A single-use code from a message or a token.
    OneTimeCode,
    /// The three or four digits on the back of a card.
    Cvv,
    /// The month in which a card expires.
    Expiry,
    /// The data of a card's magnetic stripe, ISO/IEC 7813.
    TrackData,
}

/// What masking does with a class of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Treatment {
    /// The text is kept, and the find is not told.
    Keep,
    /// The text is kept, and the find is counted.
    Flag,
    /// A tag with the last four characters takes its place.
    LastFour,
    /// A tag takes its place.
    Destroy,
}

impl PersonalData {
    /// All classes.
    pub const ALL: [PersonalData; 22] = [
        PersonalData::Card,
        PersonalData::BankAccount,
        PersonalData::Iban,
        PersonalData::IdNumber,
        PersonalData::HkId,
        PersonalData::MacauId,
        PersonalData::TaiwanId,
        PersonalData::Passport,
        PersonalData::Permit,
        PersonalData::Phone,
        PersonalData::HkPhone,
        PersonalData::TaiwanPhone,
        PersonalData::ForeignPhone,
        PersonalData::Landline,
        PersonalData::Email,
        PersonalData::Plate,
        PersonalData::Address,
        PersonalData::Secret(SecretKind::Password),
        PersonalData::Secret(SecretKind::OneTimeCode),
        PersonalData::Secret(SecretKind::Cvv),
        PersonalData::Secret(SecretKind::Expiry),
        PersonalData::Secret(SecretKind::TrackData),
    ];

    /// Whether nothing of it may be kept, whatever the policy says.
    pub fn is_secret(self) -> bool {
        matches!(self, PersonalData::Secret(_))
    }

    /// The name of the class in YAML and in metrics.
    pub fn as_str(self) -> &'static str {
        self.names().0
    }

    /// The class of this name; `None` for any other word.
    pub fn of_name(name: &str) -> Option<PersonalData> {
        Self::ALL.into_iter().find(|data| data.as_str() == name)
    }

    /// The name in a tag, which agents read.
    pub fn chinese_name(self) -> &'static str {
        self.names().1
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            PersonalData::Card => ("card", "银行卡"),
            PersonalData::BankAccount => ("bank_account", "银行账号"),
            PersonalData::Iban => ("iban", "国际账号"),
            PersonalData::IdNumber => ("id_number", "身份证号"),
            PersonalData::HkId => ("hk_id", "香港身份证"),
            PersonalData::MacauId => ("macau_id", "澳门身份证"),
            PersonalData::TaiwanId => ("taiwan_id", "台湾身份证"),
            PersonalData::Passport => ("passport", "护照号"),
            PersonalData::Permit => ("permit", "通行证号"),
            PersonalData::Phone => ("phone", "手机号"),
            PersonalData::HkPhone => ("hk_phone", "港澳电话"),
            PersonalData::TaiwanPhone => ("taiwan_phone", "台湾电话"),
            PersonalData::ForeignPhone => ("foreign_phone", "境外电话"),
            PersonalData::Landline => ("landline", "座机"),
            PersonalData::Email => ("email", "邮箱"),
            PersonalData::Plate => ("plate", "车牌"),
            PersonalData::Address => ("address", "地址"),
            PersonalData::Secret(SecretKind::Password) => ("password", "密码"),
            PersonalData::Secret(SecretKind::OneTimeCode) => ("one_time_code", "验证码"),
            PersonalData::Secret(SecretKind::Cvv) => ("cvv", "安全码"),
            PersonalData::Secret(SecretKind::Expiry) => ("expiry", "有效期"),
            PersonalData::Secret(SecretKind::TrackData) => ("track_data", "磁道数据"),
        }
    }

    /// What may be done with the class, the safe default first.
    pub fn treatments(self) -> &'static [Treatment] {
        match self {
            PersonalData::Secret(_) => &[Treatment::Destroy],
            PersonalData::Email => &[Treatment::Destroy, Treatment::Flag, Treatment::Keep],
            PersonalData::Plate | PersonalData::Address => {
                &[Treatment::Flag, Treatment::Keep, Treatment::Destroy]
            }
            PersonalData::Card
            | PersonalData::BankAccount
            | PersonalData::Iban
            | PersonalData::IdNumber
            | PersonalData::HkId
            | PersonalData::MacauId
            | PersonalData::TaiwanId
            | PersonalData::Passport
            | PersonalData::Permit
            | PersonalData::Phone
            | PersonalData::HkPhone
            | PersonalData::TaiwanPhone
            | PersonalData::ForeignPhone
            | PersonalData::Landline => {
                &[Treatment::LastFour, Treatment::Destroy, Treatment::Flag, Treatment::Keep]
            }
        }
    }
}

impl Treatment {
    /// All treatments.
    pub const ALL: [Treatment; 4] =
        [Treatment::Destroy, Treatment::LastFour, Treatment::Flag, Treatment::Keep];

    /// The name in YAML.
    pub fn as_str(self) -> &'static str {
        match self {
            Treatment::Keep => "keep",
            Treatment::Flag => "flag",
            Treatment::LastFour => "last_four",
            Treatment::Destroy => "destroy",
        }
    }

    /// The treatment of this name; `None` for any other word.
    pub fn of_name(name: &str) -> Option<Treatment> {
        Self::ALL.into_iter().find(|treatment| treatment.as_str() == name)
    }

    /// Whether a tag takes the place of the text.
    pub fn replaces(self) -> bool {
        matches!(self, Treatment::LastFour | Treatment::Destroy)
    }
}
