//! Masking of personal data.

use std::fmt;

use super::cells::{Cell, read_numbers, write};
use super::context::MaskContext;
use super::declared::DeclaredIds;
use super::identifiers::{self, Identifier};
use super::numbers::{GroupedNumber, digit};
use super::personal_data::{PersonalData, SecretKind, Treatment};
use super::piece;
use super::policy::MaskingPolicy;
use super::secrets::{self, Secret};
use super::spot::Spot;
use super::tag::Tag;

/// A text without personal data, and the kinds of data that were removed.
///
/// Only [`mask`] makes one, so a function that takes it cannot get the original.
#[derive(Clone, PartialEq, Eq)]
pub struct Masked {
    text: String,
    found: Vec<PersonalData>,
    flagged: Vec<PersonalData>,
    typed_chars: usize,
}

impl Masked {
    /// The text, with each find replaced by a tag such as `[手机号…8000]` or `[密码已删除]`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, owned.
    pub fn into_text(self) -> String {
        self.text
    }

    /// The finds, in the order of the text. Tags that were in the original do not count.
    pub fn found(&self) -> &[PersonalData] {
        &self.found
    }

    /// The finds that the policy flags: they stay in the text.
    pub fn flagged(&self) -> &[PersonalData] {
        &self.flagged
    }

    /// The length of the original in characters.
    pub fn typed_chars(&self) -> usize {
        self.typed_chars
    }

    /// Whether the original had a secret, of which the customer should be warned.
    pub fn has_secret(&self) -> bool {
        self.found.iter().any(|data| data.is_secret())
    }

    /// The text without tags, for matching, which knows no tags.
    pub fn without_tags(&self) -> String {
        let is_tag = |inside: &str| inside.ends_with("已删除") || inside.contains('…');
        let mut rest = self.text.as_str();
        let mut kept = String::with_capacity(rest.len());
        while let Some((before, after)) = rest.split_once('[') {
            kept.push_str(before);
            rest = match after.split_once(']') {
                Some((inside, after)) if is_tag(inside) => after,
                _ => {
                    kept.push('[');
                    after
                }
            };
        }
        kept + rest
    }
}

/// Shows the finds without the text, because the output may end up in a log.
impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Masked").field("found", &self.found).finish_non_exhaustive()
    }
}

/// A text as it was typed. Only masking can read it.
///
/// It has no `Display` and no serialization, so that it reaches neither a store nor a log.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedText(String);

impl TypedText {
    /// The length in characters.
    pub fn chars(&self) -> usize {
        self.0.chars().count()
    }
}

impl From<String> for TypedText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for TypedText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// Shows the length alone, because the output may end up in a log.
impl fmt::Debug for TypedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypedText").field("bytes", &self.0.len()).finish()
    }
}

/// Removes personal data from texts before they are stored and shown.
///
/// The default has the safe policy and knows no numbers of the operator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Masker {
    /// What is done with each class.
    pub policy: MaskingPolicy,
    /// Numbers of the operator, which stay.
    pub ids: DeclaredIds,
}

impl Masker {
    /// Masks a text that was typed.
    pub fn mask_typed(&self, typed: &TypedText, context: &MaskContext) -> Masked {
        self.mask(&typed.0, context)
    }

    /// Removes personal data from a text. `context` tells what the messages before it were about.
    ///
    /// Of cards, identity numbers and phones the last four characters are kept, unless the policy
    /// says otherwise. Of passwords, one-time codes and other secrets nothing is kept. Full-width,
    /// circled and Chinese digits, spaces, dashes and invisible characters do not hide a number.
    /// Amounts, dates, order numbers, hotlines, and questions about passwords and codes stay
    /// unchanged.
    ///
    /// Masking is idempotent.
    ///
    /// # Examples
    ///
    /// ```
    /// use kefu::compliance::{MaskContext, Masker};
    ///
    /// let (masker, mut context) = (Masker::default(), MaskContext::default());
    /// let masked = masker.mask("我的手机是１３８ 0013 8000，验证码是", &context);
    /// assert_eq!(masked.text(), "我的手机是[手机号…8000]，验证码是");
    ///
    /// context.customer_said(masked.text());
    /// let masked = masker.mask("482913", &context);
    /// assert_eq!(masked.text(), "[验证码已删除]");
    /// assert!(masked.has_secret());
    ///
    /// assert!(masker.mask("6位验证码收不到怎么办？", &context).found().is_empty());
    /// ```
    pub fn mask(&self, text: &str, context: &MaskContext) -> Masked {
        let mut cells = context.cells_before(read_numbers(text));
        if !may_find(&cells) {
            let typed_chars = text.chars().count();
            let (found, flagged) = (Vec::new(), Vec::new());
            return Masked { text: text.to_owned(), found, flagged, typed_chars };
        }
        // A tag may bring a label and another value together, so masking repeats until it finds
        // nothing. Each round but the last removes characters.
        let flagged = loop {
            let mut round = Round {
                masker: self,
                done: Vec::with_capacity(cells.len()),
                has_found: false,
                flagged: Vec::new(),
            };
            round.run(&cells);
            cells = round.done;
            if !round.has_found {
                break round.flagged;
            }
        };
        let typed_chars = text.chars().count();
        let (text, found) = write(text, &cells);
        Masked { text, found, flagged, typed_chars }
    }
}

/// Masks a text outside of a conversation, with the default [`Masker`].
pub fn mask(text: &str) -> Masked {
    Masker::default().mask(text, &MaskContext::default())
}

/// One round over a text.
struct Round<'a> {
    masker: &'a Masker,
    /// The cells that are done, after the hints of earlier messages.
    done: Vec<Cell>,
    has_found: bool,
    flagged: Vec<PersonalData>,
}

/// What is at one place of a text.
enum Find {
    /// Data that a tag replaces, with its length in cells.
    Replaced(Tag, usize),
    /// Something that stays, with its length in cells: a number of the operator, or data of a class
    /// that the policy keeps.
    Left(Option<PersonalData>, usize),
}

impl Round<'_> {
    /// The cells with a tag in place of each find.
    fn run(&mut self, cells: &[Cell]) {
        let mut left = cells;
        while let Some((first, rest)) = left.split_first() {
            left = match self.find(left) {
                None => {
                    self.done.push(*first);
                    rest
                }
                Some(Find::Left(data, length)) => {
                    self.flagged.extend(data);
                    let (left_alone, rest) = left.split_at(length.min(left.len()));
                    self.done.extend(left_alone);
                    rest
                }
                Some(Find::Replaced(tag, length)) => self.replace(left, tag, length),
            };
        }
    }

    /// Puts a tag in place of the first cells. Returns the cells after it.
    fn replace<'c>(&mut self, left: &'c [Cell], tag: Tag, length: usize) -> &'c [Cell] {
        self.has_found = true;
        let mut end = length;
        while let [.., last, next] = left.get(..=end).unwrap_or_default()
            && last.shares_character(next)
        {
            end += 1;
        }
        let (covered, rest) = left.split_at(end.min(left.len()));
        if let Some(first) = covered.first() {
            while self.done.pop_if(|before: &mut Cell| before.shares_character(first)).is_some() {}
        }
        self.done.extend(Cell::over(covered, tag));
        rest
    }

    /// The find at the start of `rest`.
    fn find(&self, rest: &[Cell]) -> Option<Find> {
        let first = rest.first().filter(|first| first.is_char())?;
        let before = &*self.done;
        // Most characters of a text can begin nothing.
        if !may_begin(before.last(), first) {
            return None;
        }
        let spot = Spot::new(before, rest);
        if let Some(length) = self.declared(&spot) {
            return Some(Find::Left(None, length));
        }
        let identifier = identifiers::find(&spot);
        if identifier.is_none()
            && let Some((tag, length)) = piece::find(&spot)
        {
            return Some(Find::Replaced(tag, length));
        }
        let secret = secrets::find(&spot);
        match (identifier, secret) {
            (Some(identifier), Some(secret)) if is_password(&identifier, secret) => {
                Some(secret_find(secret))
            }
            (Some(identifier), _) => Some(self.treated(&identifier)),
            (None, secret) => secret.map(secret_find),
        }
    }

    /// What the policy does with an identifier.
    fn treated(&self, identifier: &Identifier) -> Find {
        let Identifier { data, characters, cells } = identifier;
        match self.masker.policy.treatment(*data) {
            Treatment::LastFour => Find::Replaced(Tag::last_four(*data, characters), *cells),
            Treatment::Destroy => Find::Replaced(Tag::destroyed(*data), *cells),
            Treatment::Flag => Find::Left(Some(*data), *cells),
            Treatment::Keep => Find::Left(None, *cells),
        }
    }

    /// The length of the operator's own number at the start.
    fn declared(&self, spot: &Spot<'_>) -> Option<usize> {
        let rest = spot.rest;
        if self.masker.ids.ids().is_empty() || !spot.starts_word() {
            return None;
        }
        let length = rest.iter().take(64).take_while(|cell| cell.is_ascii_alphanumeric()).count();
        let word: String =
            rest.iter().take(length).map(|cell| cell.c.to_ascii_uppercase()).collect();
        if self.masker.ids.find(&word).is_some() {
            return Some(length);
        }
        let mut numbers = spot.run.as_ref()?.numbers().rev().filter(GroupedNumber::is_one);
        numbers.find(|number| self.masker.ids.find(number.digits).is_some()).map(|n| n.cells)
    }
}

/// Whether data may begin anywhere. Most texts of customers have neither a digit nor a letter.
fn may_find(cells: &[Cell]) -> bool {
    let mut before = None;
    cells.iter().any(|cell| {
        let begins = cell.is_char() && may_begin(before, cell);
        before = Some(cell);
        begins
    })
}

/// Whether data may begin at a character.
fn may_begin(before: Option<&Cell>, first: &Cell) -> bool {
    if first.c.is_ascii_alphanumeric() {
        // A number may begin after letters, but no word in the middle of another.
        let follows =
            |fits: fn(&Cell) -> bool| before.is_some_and(|before| before.is_char() && fits(before));
        return if first.is_ascii_digit() {
            !follows(Cell::is_ascii_digit)
        } else {
            !follows(Cell::is_ascii_alphanumeric)
        };
    }
    if first.c.is_ascii() {
        return matches!(
            first.c,
            '@' | '#' | '$' | '%' | '^' | '&' | '*' | '_' | '+' | '-' | '=' | '!' | '~' | '.' | ';'
        );
    }
    digit(first).is_some()
        || identifiers::begins_plate(first.c)
        // A password of Chinese characters.
        || secrets::says(before)
}

/// Whether a number is named as a password: then none of its digits may stay.
fn is_password(identifier: &Identifier, secret: Secret) -> bool {
    secret.kind == SecretKind::Password && secret.cells >= identifier.cells
}

fn secret_find(Secret { kind, cells }: Secret) -> Find {
    Find::Replaced(Tag::destroyed(PersonalData::Secret(kind)), cells)
}

#[cfg(test)]
mod tests {
    #[test]
    fn tags_are_no_words_of_the_customer() {
        let cases = [
            ("a secret", "密码是abc12345，怎么办", "密码是，怎么办"),
            ("a phone", "13800138000，请回电", "，请回电"),
            ("brackets of one's own", "[图片]怎么办[", "[图片]怎么办["),
            ("nothing", "提现多久到账", "提现多久到账"),
        ];
        for (shows, text, expected) in cases {
            assert_eq!(mask(text).without_tags(), expected, "{shows}");
        }
    }

    use proptest::prelude::*;

    use super::mask;

    #[test]
    fn what_is_personal_goes() {
        let cases = [
            // (what it shows, text, expected)
            ("phone", "我手机13800138000", "我手机[手机号…8000]"),
            ("phone, spaced", "打138 0013 8000找我", "打[手机号…8000]找我"),
            ("phone, dashes", "138-0013-8000", "[手机号…8000]"),
            ("phone, other groups", "1380-0138-000", "[手机号…8000]"),
            ("phone, points", "138.0013.8000", "[手机号…8000]"),
            ("phone, one by one", "1,3,8,0,0,1,3,8,0,0,0", "[手机号…8000]"),
            ("phone, stars", "138*0013*8000", "[手机号…8000]"),
            ("phone, full width", "１３８００１３８０００", "[手机号…8000]"),
            ("phone, hidden characters", "138\u{200b}0013\u{ad}8000", "[手机号…8000]"),
            ("phone, key caps", "1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣", "[手机号…8000]"),
            ("phone, circled", "❶❸❽00①③⑧000", "[手机号…8000]"),
            ("phone, Chinese", "幺三八零零幺三八零零零一直打不通", "[手机号…8000]一直打不通"),
            ("phone, mixed", "一三八00138〇〇〇", "[手机号…8000]"),
            ("phone, country", "+86 138-0013-8000", "+[手机号…8000]"),
            ("phone, country at once", "8613800138000", "[手机号…8000]"),
            ("phone between letters", "wx13800138000vx同号", "wx[手机号…8000]vx同号"),
            ("phone, brackets", "(138)0013-8000", "([手机号…8000]"),
            ("phone in a name", "微信号abc13800138000", "微信号abc[手机号…8000]"),
            ("account", "账号1001234567890123456", "账号[银行卡…3456]"),
            ("two phones", "13800138000/13900139000", "[手机号…8000]/[手机号…9000]"),
            ("two phones, a space", "13800138000 13900139000", "[手机号…8000] [手机号…9000]"),
            ("phone and code", "验证码发到13800138000没有收到", "验证码发到[手机号…8000]没有收到"),
            (
                "phone after a question",
                "密码忘了，手机号13800138000",
                "密码忘了，手机号[手机号…8000]",
            ),
            ("ID", "身份证440524188001010014", "身份证[身份证号…0014]"),
            ("ID with x", "11010519491231002x", "[身份证号…002X]"),
            ("ID with full-width X", "110105 19491231 002Ｘ。", "[身份证号…002X]。"),
            ("ID, groups", "4405-2418-8001-0100-14", "[身份证号…0014]"),
            (
                "ID with a slip, called so",
                "身份证号是440524188001010015",
                "身份证号是[身份证号…0015]",
            ),
            ("old ID, called so", "身份证号110105491231002", "身份证号[身份证号…1002]"),
            ("card", "6222021234567890128", "[银行卡…0128]"),
            ("card, fours", "卡6222 0212 3456 7890 128", "卡[银行卡…0128]"),
            ("card, Visa", "4111-1111-1111-1111", "[银行卡…1111]"),
            ("card, mixed", "六二二八480402564890018", "[银行卡…0018]"),
            (
                "card without check digit",
                "银行卡号：6222021234567890123",
                "银行卡号：[银行卡…0123]",
            ),
            ("card and amount", "卡4111111111111111转500元", "卡[银行卡…1111]转500元"),
            (
                "all at once",
                "卡号6222021234567890128密码123456手机13800138000",
                "卡号[银行卡…0128]密码[密码已删除]手机[手机号…8000]",
            ),
        ];
        for (shows, text, expected) in cases {
            assert_eq!(mask(text).text, expected, "{shows}");
        }
    }

    #[test]
    fn what_is_secret_is_destroyed() {
        let cases = [
            ("password", "密码123456", "密码[密码已删除]"),
            ("said", "我的登录密码是：888888，帮我看看", "我的登录密码是：[密码已删除]，帮我看看"),
            ("Traditional", "密碼是123456", "密碼是[密码已删除]"),
            ("word taken apart", "密 码 1 2 3 4 5 6", "密 码 [密码已删除]"),
            ("hidden characters", "密\u{200b}码12\u{200b}34\u{200b}56", "密\u{200b}码[密码已删除]"),
            ("full width", "支付密码＝１２３４５６", "支付密码＝[密码已删除]"),
            ("Chinese", "密码是一二三四五六", "密码是[密码已删除]"),
            ("in halves", "验证码 482 913", "验证码 [验证码已删除]"),
            ("a word with a numeral after it", "密码123456一直不对", "密码[密码已删除]一直不对"),
            ("points", "验证码4.8.2.9.1.3", "验证码[验证码已删除]"),
            ("scripts mixed", "验证码4八２91三", "验证码[验证码已删除]"),
            ("dashes", "验证码48-29-13", "验证码[验证码已删除]"),
            ("letters", "密码是Abc@1234！登不上", "密码是[密码已删除]登不上"),
            ("signs first", "密码是@abc123", "密码是[密码已删除]"),
            ("letters alone", "密码：qwertyui", "密码：[密码已删除]"),
            ("letters beside", "密码abc123，app打不开", "密码[密码已删除]，app打不开"),
            ("long", "密码是1234567890", "密码是[密码已删除]"),
            ("birthday", "密码是19900101", "密码是[密码已删除]"),
            ("phone as password", "密码是13800138000", "密码是[密码已删除]"),
            ("two", "密码是123456和654321", "密码是[密码已删除]和[密码已删除]"),
            ("corrected", "密码123456，不对，是654321", "密码[密码已删除]，不对，是[密码已删除]"),
            ("loose", "密码我记得123456", "密码我记得[密码已删除]"),
            ("English", "my Password is hunter22", "my Password is [密码已删除]"),
            ("PIN", "pin码1234", "pin码[密码已删除]"),
            ("code", "验证码482913", "验证码[验证码已删除]"),
            ("code of four", "短信验证码是4829", "短信验证码是[验证码已删除]"),
            ("code, told", "验证码收到了，是482913", "验证码收到了，是[验证码已删除]"),
            ("code with letters", "校验码：a8K2", "校验码：[验证码已删除]"),
            ("code of a token", "动态口令 482913", "动态口令 [验证码已删除]"),
            ("code, not a password", "动态密码482913", "动态密码[验证码已删除]"),
            ("code named after it", "482913是我收到的验证码", "[验证码已删除]是我收到的验证码"),
            (
                "code in the message",
                "【某某】验证码：482913，5分钟内有效",
                "【某某】验证码：[验证码已删除]，5分钟内有效",
            ),
            ("CVV", "cvv2 123", "cvv2 [安全码已删除]"),
            ("CVV码", "CVV 码是 123", "CVV 码是 [安全码已删除]"),
            ("part of a password", "取款密码后三位 123", "取款密码后三位 [密码已删除]"),
            ("security code", "安全码是 1234", "安全码是 [安全码已删除]"),
            ("back of the card", "卡背面后三位是123", "卡背面后三位是[安全码已删除]"),
            ("expiry", "卡有效期12/26，CVV:123", "卡有效期[有效期已删除]，CVV:[安全码已删除]"),
            ("expiry at once", "信用卡有效期1226", "信用卡有效期[有效期已删除]"),
        ];
        for (shows, text, expected) in cases {
            let masked = mask(text);
            assert_eq!(masked.text, expected, "{shows}");
            assert!(masked.has_secret(), "{shows}");
        }
    }

    #[test]
    fn questions_about_secrets_stay() {
        check_unchanged(&[
            "密码忘了怎么办",
            "验证码收不到",
            "6位验证码是什么",
            "密码是几位数",
            "密码必须是6-16位吗",
            "密码至少8位，要有字母",
            "验证码是4位还是6位",
            "登录密码输错5次被锁了",
            "密码输错3次会锁24小时吗",
            "验证码60秒还没收到",
            "验证码10分钟了还没来",
            "验证码 5分钟内有效吗",
            "验证码收不到，打95588有用吗",
            "忘记密码打12378能解决吗",
            "密码错误，提示代码1001",
            "修改密码要100元吗",
            "密码没问题却转走100000元",
            "密码锁定后转账5000被扣",
            "验证码是1069开头的号码发的吗",
            "95588是发验证码的吗",
            "验证码 10690 发的吗",
            "密码收不到，客服电话400-810-8888",
            "验证码 400-810-8888",
            "密码，2024年设置的",
            "密码是app里设置的吗",
            "支付密码 2024-11-23 改过",
            "验证码20241123收到的",
            "安全码在哪里看",
            "CVV是什么意思",
            "信用卡有效期是什么",
            "优惠券有效期12/26",
            "理财卡券有效期30天",
            "密码iphone15登录不上",
            "验证码收不到，基金110022还能买吗",
            "忘记密码了，工号100234帮我查",
            "密码 021-12345678 打过了",
            "shopping 1234",
            "验证码一直发到旧手机",
            "密码三次都输错",
            "验证码一会儿就过期",
            "动态口令 30 秒一变",
        ]);
    }

    #[test]
    fn numbers_that_are_no_persons_stay() {
        check_unchanged(&[
            // Amounts.
            "余额1234567.89元",
            "借了50000元",
            "提现13800138000元",
            "13,800,138,000元",
            "还了1500 1600 180",
            "¥13800138000",
            "1500.00 1600.1",
            "年化3.65%",
            "金额6222021234567890128",
            "1500，1600，180",
            "一万三千八百元",
            "分15 16 17 18 19 20期",
            // Dates and times.
            "2024-11-23 13:45:00",
            "20241123134500",
            "生日1990-01-01 123号",
            "2024年11月23日",
            "二〇二四年十一月",
            "2024.11.23 15.30",
            "1732345678901",
            // Orders and other codes.
            "订单号13800138000",
            "订单202411231380013800",
            "流水号4200001234202411231234567890",
            "单号：6222021234567890128",
            "合同编号 HT20241123000123",
            "DD13800138000",
            "IMEI 356938035643809",
            "信用代码91310000MA1FL0000X",
            "快递单号 SF1380013800012",
            "基金代码110022",
            "003003这只基金",
            "110022",
            // Hotlines, network addresses, versions.
            "12378",
            "95588",
            "96110",
            "400-810-8888",
            "021-12345678",
            "0755 8888 8888",
            "183.12.160.123",
            "v2.10.3",
            "尾号1234的卡",
            "后四位是8000",
        ]);
    }

    fn check_unchanged(texts: &[&str]) {
        for &text in texts {
            let masked = mask(text);
            assert_eq!((masked.text.as_str(), &*masked.found), (text, &[][..]));
        }
    }

    #[test]
    fn tags_are_left_as_they_are() {
        for text in [
            "密码[密码已删除]",
            "密码[银行卡…1234]",
            "[手机号…8000]的验证码",
            "[密码已删除] 2024年",
        ] {
            assert_eq!(mask(text).text, text);
        }
    }

    /// Texts full of the parts that the rules check.
    fn texts() -> impl Strategy<Value = String> {
        let parts = prop::sample::select(vec![
            "密码",
            "验证码",
            "cvv",
            "有效期",
            "卡号",
            "身份证",
            "订单",
            "是",
            "：",
            "，",
            " ",
            "-",
            ".",
            "/",
            "\n",
            "我的",
            "和",
            "元",
            "次",
            "一",
            "零",
            "①",
            "⑩",
            "⑴",
            "1️⃣",
            "\u{200b}",
            "１",
            "13800138000",
            "123456",
            "6222021234567890128",
            "440524188001010014",
            "11010519491231002",
            "x",
            "abc123",
            "12/26",
            "123",
            "4",
            "[密码已删除]",
            "[手机号…8000]",
            "[",
            "]",
            "86",
            "+",
        ]);
        prop_oneof![
            any::<String>(),
            prop::collection::vec(parts, 0..16).prop_map(|parts| parts.concat()),
        ]
    }

    proptest! {
        #[test]
        fn masking_twice_is_masking_once(text in texts()) {
            let once = mask(&text);
            let twice = mask(&once.text);
            prop_assert_eq!(&twice.text, &once.text);
            prop_assert_eq!(twice.found, vec![]);
        }

        #[test]
        fn a_text_with_nothing_found_is_not_changed(text in texts()) {
            let masked = mask(&text);
            prop_assert_eq!(masked.found.is_empty(), masked.text == text);
        }
    }
}
