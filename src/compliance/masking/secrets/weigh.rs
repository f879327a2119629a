//! Values without a label beside them, by what the message and those before it speak of.
//!
//! Each word near a value is evidence for a kind of secret, or against all. The sum decides: a value
//! that looks less like a secret needs more.

use std::sync::LazyLock;

use super::expiry;
use super::labels::label_at_end;
use super::secret::Secret;
use super::values::{is_day, is_service_number};
use crate::compliance::masking::cells::{Cell, first, last, split_hints};
use crate::compliance::masking::evidence::SecretEvidence;
use crate::compliance::masking::hint::Hint;
use crate::compliance::masking::label::Label;
use crate::compliance::masking::lexicon::LabelLexicon;
use crate::compliance::masking::numbers::{DigitRun, GroupedNumber};
use crate::compliance::masking::personal_data::{PersonalData, SecretKind};
use crate::compliance::masking::spot::Spot;
use crate::compliance::masking::tag::Tag;
use crate::compliance::masking::words::{
    BINDERS, COUNTS, COUPON_WORDS, MONEY, SECRETS, UNITS, clause_after, clause_before, ends_there,
};

/// The secret at this place by the words of its message.
pub(super) fn find(spot: &Spot<'_>) -> Option<Secret> {
    by_token(spot).or_else(|| by_month(spot)).or_else(|| by_digits(spot))
}

/// A word that mixes letters and digits.
fn by_token(spot: &Spot<'_>) -> Option<Secret> {
    let token = spot.token.as_ref().filter(|token| {
        token.cells() >= 5
            && !token.is_address()
            && !token.is_market_sign()
            && (token.is_mixed() || (token.has_letter() && token.has_strong_sign()))
    })?;
    let after = spot.after(token.cells());
    let labels = spot.labels(token.cells());
    if labels.own().is_some_and(|label| !matches!(label, Label::Phone | Label::Email))
        || labels.is_impersonal_here()
    {
        return None;
    }
    let found = SecretEvidence::around(spot, token.cells());
    let edges = i16::from(starts_clause(spot.before)) + i16::from(ends_there(after));
    if token.has_strong_sign()
        && token.has_letter()
        && token.cells() >= 6
        && spot.is_whole(token.cells())
    {
        return Some(Secret { kind: SecretKind::Password, cells: token.cells() });
    }
    let edges = if found.password > 0 || found.code >= 3 { edges } else { 0 };
    let own = i16::from(token.has_sign()) + i16::from(token.cells() >= 8) + edges;
    let kind =
        if found.password >= found.code { SecretKind::Password } else { SecretKind::OneTimeCode };
    let most = match kind {
        SecretKind::OneTimeCode if token.cells() > 8 || found.code < 4 => 0,
        SecretKind::OneTimeCode => found.code,
        SecretKind::Password | SecretKind::Cvv | SecretKind::Expiry | SecretKind::TrackData => {
            found.password
        }
    };
    let is_whole = spot.is_whole(token.cells());
    // The code of an error or a model stands beside words for codes as well.
    let is_doubtful = token.is_code_like() && most < 4 && !is_whole;
    let needed = NEEDED_FOR_WORD + if token.is_code_like() { 3 } else { 0 }
        - if most >= 2 && is_whole { 2 } else { 0 };
    (most >= 2 && !is_doubtful && most + own - found.against >= needed)
        .then_some(Secret { kind, cells: token.cells() })
}

/// The month in which a card expires.
fn by_month(spot: &Spot<'_>) -> Option<Secret> {
    let cells = expiry::month(spot, true)?;
    let after = spot.after(cells);
    let near = last(spot.before, 20);
    let is_other = COUPON_WORDS.is_in(last(spot.before, REACH)) && !near.iter().any(Cell::is_tag)
        || COUPON_WORDS.is_in(clause_after(after));
    // 12.27 is a price.
    let is_price = matches!(spot.rest.get(2..4), Some([point, digit])
        if point.c == '.' && digit.is_ascii_digit());
    // Another date was asked for.
    let is_asked_otherwise =
        spot.labels(cells).own().is_none() && spot.labels(cells).is_impersonal_here();
    if is_other
        || is_price
        || is_asked_otherwise
        || is_measured(after)
        || !expiry::is_about_card(spot, cells)
        || spot.is_joined()
    {
        return None;
    }
    let found = SecretEvidence::around(spot, cells);
    let edges = i16::from(starts_clause(spot.before)) + i16::from(ends_there(after));
    let edges = if found.expiry > 0 { edges } else { 0 };
    (found.expiry + edges - found.against > NEEDED)
        .then_some(Secret { kind: SecretKind::Expiry, cells })
}

/// A number of two to eight digits.
fn by_digits(spot: &Spot<'_>) -> Option<Secret> {
    let run = spot.run.as_ref()?;
    if run.is_date_or_landline() || spot.is_joined() {
        return None;
    }
    let number = run.code().filter(|number| (2..=8).contains(&number.digits.len()))?;
    let after = spot.after(number.cells);
    if is_measured(after) || is_glued(spot, after) || is_listed(spot, run, &number) {
        return None;
    }
    if spot.labels(number.cells).is_impersonal_here() {
        return None;
    }
    let length = number.digits.len();
    let mut found = SecretEvidence::around(spot, number.cells);
    if is_handed_on(spot.before, after) {
        found.code += LABEL_WEIGHT + 1;
    }
    let is_number_of_service = is_service_number(number.digits) && found.password < 6;
    if is_number_of_service || (is_day(number.digits) && found.password < 5) {
        return None;
    }
    let zeros = number.digits.len() - number.digits.trim_end_matches('0').len();
    let round = match zeros {
        0 | 1 => 0,
        2 => 1,
        _ => 3,
    };
    let edges = i16::from(starts_clause(spot.before)) + i16::from(ends_there(after));
    let weight = |kind: i16| kind + edges - round - found.against;
    let (code, password, cvv) = (weight(found.code), weight(found.password), weight(found.cvv));
    let is_whole = spot.is_whole(number.cells);
    let mut hints = spot.before.iter().rev().take_while(|cell| cell.hint.is_some());
    let follows_code = hints.find_map(|cell| cell.tag).is_some_and(|tag| {
        matches!(tag.data, PersonalData::Secret(SecretKind::OneTimeCode | SecretKind::Password))
    });
    let stronger = if password > code { SecretKind::Password } else { SecretKind::OneTimeCode };
    let (most, most_found) = (code.max(password), found.code.max(found.password));
    let kind = match length {
        // The second half of a code.
        2..=4 if is_whole && follows_code && round == 0 => SecretKind::OneTimeCode,
        3 if found.cvv >= 3 && cvv >= NEEDED => SecretKind::Cvv,
        3 if found.cvv > 0 && cvv > NEEDED => SecretKind::Cvv,
        4 if found.cvv > found.code && cvv >= NEEDED + 2 => SecretKind::Cvv,
        6 if most > NEEDED && most_found >= 2 => stronger,
        4 | 5 | 7 | 8 if most >= NEEDED + 2 && most_found >= 4 => stronger,
        _ => return None,
    };
    Some(Secret { kind, cells: number.cells })
}

/// The most beside a value of a message that earlier ones explain, in halves of a Chinese character.
const SHORT: usize = 26;

/// The weight of a label.
const LABEL_WEIGHT: i16 = 3;

/// The weight of a word that speaks against a secret.
const AGAINST_WEIGHT: i16 = 4;

/// The most that all words for a kind weigh together, so that a word against it still counts.
const MOST_WEIGHT: i16 = 6;

/// The weight that a number needs.
const NEEDED: i16 = 3;

/// The weight that a word of letters and digits needs.
const NEEDED_FOR_WORD: i16 = 3;

/// Whether it is one of several in a row, as sums and funds are, or below zero.
fn is_listed(spot: &Spot<'_>, run: &DigitRun, number: &GroupedNumber<'_>) -> bool {
    let is_negative = matches!(spot.before, [.., before, sign]
        if sign.c == '-' && !before.is_separator());
    let mut longest = run.numbers().rev().take(1);
    let is_list_of_sums = longest.any(|number| number.is_list_of_round_sums());
    // Six digits beside six others are funds.
    let length = number.digits.len();
    let has_neighbor = |cells: &mut dyn Iterator<Item = &Cell>| {
        let digits = cells.skip_while(|cell| {
            cell.is_white_space()
                || matches!(cell.c, '、' | ',' | '和' | '跟' | '与' | '还' | '有' | '及')
        });
        digits.take_while(|cell| cell.is_ascii_digit()).count() == length
    };
    let is_one_of_many = (length == 6 || (length == 4 && number.digits.ends_with('0')))
        && (has_neighbor(&mut spot.before.iter().rev())
            || has_neighbor(&mut spot.after(number.cells).iter()));
    is_negative || is_list_of_sums || is_one_of_many
}

/// Whether somebody told the number to another: 把482913告诉他了.
fn is_handed_on(before: &[Cell], after: &[Cell]) -> bool {
    before.last().is_some_and(|cell| matches!(cell.c, '把' | '将'))
        && TELLS.at_start(after).is_some()
}

static TELLS: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "告诉 念给 报给 发给 给了 给他 给她 给对方 说给 说了 念了 报了 泄露 透露 发出去 告诉了",
    )
});

/// Whether letters stand directly before or after it.
fn is_glued(spot: &Spot<'_>, after: &[Cell]) -> bool {
    let joins =
        |cell: &&Cell| cell.is_ascii_alphanumeric() || matches!(cell.c, '-' | '_' | '/' | '#');
    // A field of a message between programs: "code":100204.
    let is_field = matches!(spot.before, [.., quote, colon] if quote.c == '"' && colon.c == ':');
    is_field
        || spot.before.iter().rev().take(12).take_while(joins).any(Cell::is_ascii_letter)
        || after.first().is_some_and(Cell::is_ascii_letter)
}

fn is_measured(after: &[Cell]) -> bool {
    MONEY.comes_next(after)
        || COUNTS.comes_next(after)
        || UNITS.at_start(after).is_some()
        || (after.first().is_some_and(|cell| matches!(cell.c, '.' | ',' | '/' | '-' | ':'))
            && after.get(1).is_some_and(Cell::is_ascii_digit))
}

/// Whether a clause starts here.
fn starts_clause(before: &[Cell]) -> bool {
    let mut left = before;
    for _ in 0..6 {
        let Some(last) = left.last() else { return true };
        if last.is_separator() || !last.is_char() {
            let joins = matches!(last.c, '-' | '_' | '/' | '.' | ':')
                && left.get(left.len().wrapping_sub(2)).is_some_and(Cell::is_ascii_alphanumeric);
            return !joins;
        }
        let Some((_, shorter)) = BINDERS.at_end(left) else { return false };
        left = shorter;
    }
    false
}

impl SecretEvidence {
    /// What a whole message tells; `None` if it says too little.
    pub(in crate::compliance::masking) fn of_message(cells: &[Cell]) -> Option<SecretEvidence> {
        let mut found = SecretEvidence::default();
        found.read(last(cells, REACH));
        let most = found.code.max(found.password).max(found.cvv).max(found.expiry);
        (most >= 2).then_some(found)
    }

    /// A weight less for a message that asks for nothing. `is_other`: something else than a card
    /// expires.
    pub(in crate::compliance::masking) fn less(self, is_other: bool) -> SecretEvidence {
        let less = |weight: i16| (weight - 1).clamp(0, 4);
        SecretEvidence {
            code: less(self.code),
            password: less(self.password),
            cvv: less(self.cvv),
            expiry: if is_other { 0 } else { less(self.expiry) },
            against: 0,
            labels: [false; 4],
        }
    }

    /// What the words before a value tell.
    fn before(before: &[Cell]) -> SecretEvidence {
        let mut found = SecretEvidence::default();
        found.read(last(before, REACH));
        found.against = against(clause_before(before));
        found
    }

    /// What the words around a value of this length tell.
    fn around(spot: &Spot<'_>, cells: usize) -> SecretEvidence {
        let mut found = spot.evidence_before(SecretEvidence::before);
        let after = spot.after(cells);
        found.read(first(after, REACH));
        // What earlier messages tell is for a message that says little itself.
        let width = |cell: &Cell| if cell.c.is_ascii() { 1 } else { 2 };
        let (hints, own) = split_hints(spot.before);
        if own.iter().chain(after).map(width).sum::<usize>() <= SHORT {
            let mut told = SecretEvidence::default();
            told.read_hints(hints);
            found.code += told.code;
            found.password += told.password;
            found.cvv += told.cvv;
            found.expiry += told.expiry;
        }
        // Words for a code and for a password both tell of a secret.
        let (code, password) = (found.code, found.password);
        found.code += password / 2;
        found.password += code / 2;
        found.against = found.against.max(against(clause_after(after)));
        for weight in [&mut found.code, &mut found.password, &mut found.cvv, &mut found.expiry] {
            *weight = (*weight).min(MOST_WEIGHT);
        }
        found
    }

    /// What earlier messages were about.
    fn read_hints(&mut self, hints: &[Cell]) {
        for cell in hints {
            match cell.hint {
                Some(Hint::Mentioned(kind)) => self.add_kind(kind, 2),
                Some(Hint::Secret(kind, _)) => self.add_kind(kind, 3),
                Some(Hint::Weighs(weights)) => {
                    self.code = self.code.max(weights.code);
                    self.password = self.password.max(weights.password);
                    self.cvv = self.cvv.max(weights.cvv);
                    self.expiry = self.expiry.max(weights.expiry);
                }
                _ => {}
            }
        }
    }

    fn read(&mut self, cells: &[Cell]) {
        for end in 1..=cells.len() {
            if let Some(kind) = cells.get(..end).and_then(label_at_end) {
                self.add_label(kind);
            }
        }
        let mut left = cells;
        while let Some((cell, shorter)) = left.split_first() {
            let is_of_card = |tag: Tag| {
                matches!(
                    tag.data,
                    PersonalData::Card | PersonalData::Secret(SecretKind::Expiry | SecretKind::Cvv)
                )
            };
            if cell.tag.is_some_and(is_of_card) {
                self.cvv += 2;
                self.expiry += 2;
            }
            // The label of a code counts by itself, not also by the words in it.
            if let Some((SecretKind::OneTimeCode, after)) = SECRETS.at_start(left) {
                left = after;
                continue;
            }
            left = match WORDS.at_start(left) {
                Some((WordWeight(code, password, cvv, expiry), after)) => {
                    self.code += code;
                    self.password += password;
                    self.cvv += cvv;
                    self.expiry += expiry;
                    after
                }
                None => shorter,
            };
        }
    }

    /// A label of a kind counts once, however often it stands there.
    fn add_label(&mut self, kind: SecretKind) {
        let (at, to) = match kind {
            SecretKind::OneTimeCode => (0, &mut self.code),
            SecretKind::Password => (1, &mut self.password),
            SecretKind::Cvv => (2, &mut self.cvv),
            SecretKind::Expiry => (3, &mut self.expiry),
            SecretKind::TrackData => return,
        };
        if let Some(is_counted) = self.labels.get_mut(at).filter(|is_counted| !**is_counted) {
            *is_counted = true;
            *to += LABEL_WEIGHT;
        }
    }

    fn add_kind(&mut self, kind: SecretKind, weight: i16) {
        let to = match kind {
            SecretKind::Password => &mut self.password,
            SecretKind::OneTimeCode => &mut self.code,
            SecretKind::Cvv => &mut self.cvv,
            SecretKind::Expiry => &mut self.expiry,
            SecretKind::TrackData => return,
        };
        *to = weight.max(*to);
    }
}

/// How much speaks against a secret in these cells.
fn against(cells: &[Cell]) -> i16 {
    let mut sum = 0;
    let mut left = cells;
    while let Some((_, shorter)) = left.split_first() {
        left = match (AGAINST.at_start(left), WORDS.at_start(left)) {
            (Some(((), against)), Some((_, words))) if words.len() < against.len() => words,
            (Some(((), after)), _) => {
                sum += AGAINST_WEIGHT;
                after
            }
            (None, _) => shorter,
        };
    }
    sum
}

/// How far evidence reaches, in cells.
const REACH: usize = 40;

/// The weights of a word: for a code, a password, the digits on the back, the month of a card.
#[derive(Clone, Copy, Debug)]
struct WordWeight(i16, i16, i16, i16);

static WORDS: LazyLock<LabelLexicon<WordWeight>> = LazyLock::new(|| {
    LabelLexicon::new(&[
        (
            WordWeight(2, 0, 0, 0),
            "短信 短讯 简讯 sms 验证 校验 认证 令牌 口令牌 验证器 动态 确认登录 text",
        ),
        (
            WordWeight(1, 0, 0, 0),
            "收到 收到了 发来 发我 发给我 发到我 来了 念 读 六位数字 六个数字 收到的 发的 刚发 下发 sent received 机器人念 邮箱里收到 显示",
        ),
        (
            WordWeight(1, 1, 0, 0),
            "填 输 输入 输的 填的 六位 六个 6位 那串 一串 数字 登录 登陆 登 提示 不对 错误 不行 也不行 没用 没反应 不通过 失败 也错 错了 告诉你 报给 念给 登入 login 登不上 登不进",
        ),
        (
            WordWeight(0, 2, 0, 0),
            "改成 设成 设的 出生年月 改为 设为 换成 取钱 取款 提款 提钱 解锁 set changed 暗号 设咗 改咗 初始",
        ),
        (WordWeight(0, 4, 0, 0), "手势 九宫格"),
        (WordWeight(0, 3, 0, 0), "重置成 重置为 设置成"),
        (
            WordWeight(0, 1, 0, 0),
            "按 按的 一直用 以前用 原先 原来的 旧的 新的 进不去 生日 用的 记得",
        ),
        (WordWeight(0, 0, 3, 0), "卡背面 卡反面 卡后面 卡背后 背后三 背面三"),
        (WordWeight(2, 1, 0, 0), "念给 念了 报给他 发给他 告诉他 念给他"),
        (
            WordWeight(0, 0, 0, 4),
            "卡日期 卡的日期 卡上日期 卡面日期 卡上的日期 卡面上的日期 卡上面那个日期",
        ),
        (WordWeight(2, 0, 0, 0), "语音电话 语音 authenticator"),
        (WordWeight(1, 0, 0, 0), "手机上 跳出来 弹出来 蹦出来 字符串 字符 邮件 发给"),
        (WordWeight(0, 1, 0, 0), "揿 撳 入唔到"),
        (WordWeight(0, 0, 3, 0), "签名栏 签名条 识别码"),
        (
            WordWeight(0, 0, 2, 0),
            "背面 背后 反面 签名 卡背 signature 后三 末三 后面三 后3 银条 front 小数字 四个字",
        ),
        (WordWeight(0, 0, 1, 1), "卡 card 信用卡 visa 正面"),
        (WordWeight(0, 0, 2, 1), "amex 运通"),
        (WordWeight(0, 0, 1, 0), "斜体 斜着 三位 三个 三码 3位 三个数 四位 digits 安全"),
        (WordWeight(1, 0, 0, 1), "失效"),
        (WordWeight(1, 0, 0, 2), "过期"),
        (WordWeight(0, 0, 0, 2), "有效 到期 expire expires 效期 月年 年月 月份 年份 凸"),
        (WordWeight(0, 0, 0, 1), "日期 印 卡面 几月几年 卡号下面 valid 到"),
    ])
});

/// Words that tell that a number near them is something else.
static AGAINST: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words("转 退 只 这只 三只 那只 几只 那种 这种 分红 定投 赎回 申购 份额 重仓 持有 委托价 扣 余额 积分 编号 单号 订单 尾号 卡号 工号 代码 基金 股票 邮编 金额 元 钱 消费 还款 借 贷 利息 充值 提现 到账 付了 限额
         额度 热线 客户号 号码是 次数 版本 型号 房 楼 期限 保单 合同 票 快递 取件 邀请 优惠 兑换 红包 券 推荐码 支出 收入 赚 亏 买 卖
         工单 排队 前面有 手机尾 身份证后 最后四位 后四位 净值 涨 跌 收盘 走势 时间 几点")
});
