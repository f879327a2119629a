//! Everyday sentences around a value, which `#` stands for: Simplified, Traditional and English.

use super::class::Class;

impl Class {
    /// Sentences with a value.
    pub(crate) fn sentences(self) -> &'static [&'static str] {
        match self {
            Class::UnionPay
            | Class::Visa
            | Class::Mastercard
            | Class::Amex
            | Class::Jcb
            | Class::Diners => CARD,
            Class::Id18 => ID_18,
            Class::Id15 => ID_15,
            Class::HkId => HK_ID,
            Class::MacauId => MACAU_ID,
            Class::TaiwanId => TAIWAN_ID,
            Class::ChinesePassport | Class::ForeignPassport => PASSPORT,
            Class::HomeReturnPermit => HOME_RETURN,
            Class::TaiwanPermit => TAIWAN_PERMIT,
            Class::ResidenceCard => RESIDENCE,
            Class::Mobile => MOBILE,
            Class::Landline => LANDLINE,
            Class::HkPhone => HK_PHONE,
            Class::TaiwanPhone => TAIWAN_PHONE,
            Class::ForeignPhone => FOREIGN_PHONE,
            Class::Email => EMAIL,
            Class::BankAccount => ACCOUNT,
            Class::Iban => IBAN,
            Class::LoginPassword => LOGIN,
            Class::PaymentPassword => PAYMENT,
            Class::OneTimeCode => CODE,
            Class::Cvv => CVV,
            Class::Expiry => EXPIRY,
            Class::TrackData => TRACK,
        }
    }

    /// The beginnings of a message that ends before its value.
    pub(crate) fn labels(self) -> &'static [&'static str] {
        match self {
            Class::UnionPay
            | Class::Visa
            | Class::Mastercard
            | Class::Amex
            | Class::Jcb
            | Class::Diners => &["我的卡号是", "卡号：", "銀行卡號係", "card number:"],
            Class::Id18 | Class::Id15 => {
                &["身份证号是", "身份证", "我的身份證號碼：", "my ID number is"]
            }
            Class::HkId => &["香港身份证号是", "香港身份證", "my HKID is"],
            Class::MacauId => &["澳门身份证号是", "澳門身份證號碼：", "Macau ID:"],
            Class::TaiwanId => &["台湾身份证号是", "身分證字號", "Taiwan ID:"],
            Class::ChinesePassport | Class::ForeignPassport => {
                &["护照号是", "我的護照號碼", "passport number:"]
            }
            Class::HomeReturnPermit => &["回乡证号是", "回鄉證號碼", "home return permit:"],
            Class::TaiwanPermit => &["台胞证号是", "台胞證", "MTP:"],
            Class::ResidenceCard => &["永居证号是", "外國人居留證", "我的外国人永久居留身份证"],
            Class::Mobile => &["手机号是", "我電話", "my phone number is"],
            Class::Landline => &["家里座机是", "我屋企電話", "my landline:"],
            Class::HkPhone => &["香港手机是", "我嘅手提係", "my Hong Kong phone:"],
            Class::TaiwanPhone => &["台湾手机是", "我的手機", "my phone:"],
            Class::ForeignPhone => &["国外的电话是", "海外手機", "my phone number is"],
            Class::Email => &["邮箱是", "電郵：", "my email:"],
            Class::BankAccount => &["收款账号是", "銀行帳號", "account number:"],
            Class::Iban => &["IBAN是", "我的IBAN：", "IBAN:"],
            Class::LoginPassword => &["登录密码是", "密碼：", "my password is"],
            Class::PaymentPassword => &["支付密码是", "交易密碼", "payment password:"],
            Class::OneTimeCode => &["验证码是", "驗證碼", "verification code:"],
            Class::Cvv => &["CVV是", "安全碼", "security code:"],
            Class::Expiry => &["信用卡有效期是", "卡有效期", "card expiry:"],
            Class::TrackData => &["磁道数据是", "磁條", "track 2:"],
        }
    }

    /// Letters that people write directly before the value.
    pub(crate) fn letters(self) -> &'static [&'static str] {
        match self {
            Class::Mobile => &["tel", "wx", "vx", "mob"],
            Class::Id18 | Class::Id15 => &["id", "sfz", "no"],
            Class::OneTimeCode => &["code", "yzm", "otp"],
            Class::PaymentPassword => &["pwd", "mima", "pin"],
            Class::Cvv => &["cvv", "cvc", "CVN"],
            Class::BankAccount => &["account", "acct"],
            Class::UnionPay
            | Class::Visa
            | Class::Mastercard
            | Class::Amex
            | Class::Jcb
            | Class::Diners => &["ICBC", "card", "CMB", "no"],
            // Without this evasion.
            Class::HkId
            | Class::MacauId
            | Class::TaiwanId
            | Class::ChinesePassport
            | Class::ForeignPassport
            | Class::HomeReturnPermit
            | Class::TaiwanPermit
            | Class::ResidenceCard
            | Class::Landline
            | Class::HkPhone
            | Class::TaiwanPhone
            | Class::ForeignPhone
            | Class::Email
            | Class::Iban
            | Class::LoginPassword
            | Class::Expiry
            | Class::TrackData => &["no"],
        }
    }
}

/// Words before a sentence.
pub(crate) const OPENINGS: &[&str] =
    &["你好，", "在吗？", "麻烦看下，", "請問，", "hi, ", "急！", "客服你好 "];

/// Words after a sentence.
pub(crate) const CLOSINGS: &[&str] =
    &["，麻烦查一下", "，谢谢", "。怎么办", "，點解唔得", ", thanks", "\n急", "，快点"];

const CARD: &[&str] = &[
    "我的卡号是#",
    "#这张卡提现失败",
    "银行卡：#",
    "#",
    "绑定 # 不成功",
    "卡号#，怎么还没到账",
    "信用卡#还款失败",
    "钱退到#这张卡上",
    "新卡#换绑不了",
    "我的銀行卡號是#",
    "呢張卡#轉唔到錢",
    "請幫我查卡號 #",
    "my card number is #",
    "card no. # was declined",
    "I can't bind # to my account",
];

const ID_18: &[&str] = &[
    "身份证#",
    "我的证件号码是#，实名不过",
    "#",
    "实名认证 # 失败",
    "身份证号：#",
    "姓名张伟，身份证#",
    "#是我的身份证",
    "我的身份證號碼是#",
    "證件號#驗證唔到",
    "ID number: #",
    "my id card is #, verification failed",
];

const ID_15: &[&str] = &[
    "老身份证#",
    "身份证号#",
    "我的证件号是#，十五位的",
    "15位身份证：#",
    "身份證號碼#",
    "舊身份證係#",
    "my id number is #",
];

const HK_ID: &[&str] = &[
    "香港身份证#",
    "我的香港身份证号是#",
    "我是香港人，身份证#",
    "香港永久性居民身份證#",
    "我的香港身份證號碼係#",
    "HKID: #",
    "my HKID number is #",
];

const MACAU_ID: &[&str] = &[
    "澳门身份证#",
    "澳门身份证号是#，能开户吗",
    "我的澳门证件#",
    "澳門居民身份證號碼#",
    "澳門身份證：#",
    "Macau ID: #",
    "BIR no. #",
];

const TAIWAN_ID: &[&str] = &[
    "台湾身份证#",
    "台湾身份证号：#，可以认证吗",
    "用台湾证件#开户",
    "身分證字號#",
    "我的身分證號碼是#",
    "國民身分證#",
    "Taiwan ID #",
];

const PASSPORT: &[&str] = &[
    "护照#",
    "护照号码是#",
    "用护照#开的户",
    "护照号：#，认证不了",
    "我的護照號碼：#",
    "護照#過期咗",
    "passport no. #",
    "my passport number is #",
    "my passport is #, can I verify with it",
];

const HOME_RETURN: &[&str] = &[
    "回乡证#",
    "我的回乡证号是#",
    "港澳居民来往内地通行证#",
    "用回乡证 # 认证",
    "通行证号码：#",
    "回鄉證號碼係#",
    "home return permit #",
];

const TAIWAN_PERMIT: &[&str] = &[
    "台胞证#",
    "我的台胞证号是#",
    "用台胞证#开户不成功",
    "台湾居民来往大陆通行证：#",
    "台胞證號碼#",
    "我的台胞證係#",
    "MTP no. #",
];

const RESIDENCE: &[&str] = &[
    "永居证#",
    "外国人永久居留身份证#",
    "居留证号码是#",
    "五星卡#怎么认证",
    "我的外國人永久居留證#",
    "居留證：#",
    "permanent residence permit no. #",
];

const MOBILE: &[&str] = &[
    "手机号#",
    "打我电话#",
    "#",
    "我换了号码，原来是#，现在收不到验证码",
    "联系#，谢谢",
    "加我微信#",
    "预留的手机是#",
    "#打不通，换个号",
    "我的手機係#",
    "請打#找我",
    "my phone number is #",
    "call me at #",
    "tel:#",
];

const LANDLINE: &[&str] = &[
    "我家座机#",
    "家里电话#",
    "打我办公室电话#",
    "座机：#，白天有人",
    "固定电话#找我",
    "请回拨我公司电话#",
    "我屋企電話#",
    "家用電話號碼是#",
    "my landline is #",
    "home phone #",
];

const HK_PHONE: &[&str] = &[
    "我的香港手机#",
    "香港电话#",
    "联系电话#",
    "打我香港号码#",
    "我嘅手提號碼係#",
    "打俾我 #",
    "香港手機：#",
    "my Hong Kong phone is #",
    "whatsapp #",
];

const TAIWAN_PHONE: &[&str] = &[
    "台湾手机#",
    "我在台湾，电话#",
    "#",
    "我的手機#",
    "手機號碼是#",
    "請打#聯絡我",
    "聯絡電話：#",
    "my Taiwan phone is #",
    "call me at #",
];

const FOREIGN_PHONE: &[&str] = &[
    "我在国外，电话#",
    "海外手机#",
    "境外手机号：#",
    "国外号码#能收验证码吗",
    "國外電話 #",
    "海外手機：#",
    "call me at #",
    "my phone number is #",
    "whatsapp #",
    "phone: #",
];

const EMAIL: &[&str] = &[
    "邮箱#",
    "发到#吧",
    "我的邮箱是#，收不到邮件",
    "#",
    "注册邮箱#登不上",
    "联系方式 #",
    "電郵：#",
    "請寄到#",
    "my email is #",
    "contact me at #",
];

const ACCOUNT: &[&str] = &[
    "银行账号#",
    "对公账户#",
    "收款账号是#",
    "开户行工商银行，账号#",
    "公司账户：#",
    "存折号#",
    "我的帳號係#",
    "銀行戶口 #",
    "account number #",
    "please pay to account #",
];

const IBAN: &[&str] = &[
    "IBAN #",
    "我的IBAN是#",
    "汇到#",
    "国际账号#",
    "#",
    "請匯到 #",
    "國際帳號：#",
    "please transfer to #",
    "my IBAN: #",
];

const LOGIN: &[&str] = &[
    "密码#",
    "我的登录密码是#，登不上",
    "登录密码：#",
    "密码是#对吗",
    "我密码设成#了",
    "口令为#",
    "初始密码就是#吗",
    "密碼是#",
    "登入密碼係#",
    "my password is #",
    "login password: #",
    "pwd=#",
];

const PAYMENT: &[&str] = &[
    "支付密码#",
    "交易密码：#",
    "我的支付密码是#",
    "取款密码 #",
    "密码#不对",
    "我设的密码是#",
    "支付密碼係#",
    "提款密碼是#",
    "payment password is #",
    "my PIN is #",
    "pin: #",
];

const CODE: &[&str] = &[
    "验证码#",
    "验证码是#",
    "收到的验证码：#，然后呢",
    "短信校验码 #",
    "验证码收到了，是#",
    "动态码：#",
    "验证码为#，5分钟内有效",
    "我的验证码#对不对",
    "驗證碼#",
    "短訊驗證碼係#",
    "verification code: #",
    "my OTP is #",
    "otp #",
];

const CVV: &[&str] = &[
    "cvv#",
    "CVV2：#",
    "安全码是#",
    "卡背面后三位#",
    "信用卡安全码 # 填了不行",
    "卡背面三位数是#",
    "安全碼係#",
    "背面末三碼#",
    "CVV is #",
    "security code: #",
    "cvc:#",
];

const EXPIRY: &[&str] = &[
    "有效期#",
    "卡有效期#",
    "信用卡有效期是#",
    "信用卡有效期至#，对吗",
    "信用卡到期日#",
    "卡片有效期限：#",
    "信用卡到期年月：#",
    "expiry date #",
    "my card expires #",
    "card exp: #",
    "valid thru #",
];

const TRACK: &[&str] = &[
    "磁道数据#",
    "读卡器读出来是#",
    "二磁：#",
    "磁条信息 #",
    "#",
    "刷卡机显示 #",
    "磁條資料：#",
    "track 2: #",
    "the reader shows #",
];
