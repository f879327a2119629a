//! Values of which a label stands before.

use super::labels::mentions;
use super::secret::Secret;
use crate::compliance::masking::cells::{Cell, last, split_hints};
use crate::compliance::masking::label::{Label, LabelLink};
use crate::compliance::masking::lexicon::LabelLexicon;
use crate::compliance::masking::numbers::{DigitRun, digit};
use crate::compliance::masking::personal_data::SecretKind;
use crate::compliance::masking::spot::Spot;
use crate::compliance::masking::words::{BINDERS, COUNTS, MONEY, UNITS, ends_there};
use std::sync::LazyLock;

/// The secret of this kind, of which the label stands before it.
pub(super) fn labelled(spot: &Spot<'_>, kind: SecretKind, link: LabelLink) -> Option<Secret> {
    let found = by_shape(spot, kind, link)?;
    // A label of an earlier message belongs to a value that is all there is to its clause.
    let is_hinted = spot.before.last().is_some_and(|cell| cell.hint.is_some());
    (!is_hinted || ends_there(spot.after(found.cells))).then_some(found)
}

fn by_shape(spot: &Spot<'_>, kind: SecretKind, link: LabelLink) -> Option<Secret> {
    word(spot, kind, link)
        .or_else(|| repeated(spot, kind, link))
        .or_else(|| spaced(spot, kind, link))
        .or_else(|| with_han(spot, kind, link))
        .or_else(|| code(spot.rest, spot.run.as_ref()?, kind, link, spot.before))
}

/// A password or code that contains letters, or a password of letters only.
fn word(spot: &Spot<'_>, kind: SecretKind, link: LabelLink) -> Option<Secret> {
    let token = spot.token.as_ref()?;
    let is_said = link == LabelLink::Said;
    let shortest = match (kind, link) {
        (SecretKind::Password, LabelLink::Said)
        | (SecretKind::OneTimeCode, LabelLink::Said | LabelLink::Beside) => 4,
        (SecretKind::Password, LabelLink::Beside | LabelLink::Again) => 5,
        (SecretKind::Password, LabelLink::Loose) => 6,
        (SecretKind::TrackData, LabelLink::Said | LabelLink::Beside) => 12,
        _ => return None,
    };
    let is_secret = if token.has_digit() {
        token.has_letter() || (is_said && token.has_sign() && kind == SecretKind::Password)
    } else {
        token.has_letter()
            && kind == SecretKind::Password
            && !token.is_plain_word()
            && (is_said || (link == LabelLink::Beside && token.has_sign()))
            && (token.ends() || token.cells() >= 6)
    };
    let is_model = token.is_code_like() && link == LabelLink::Beside && token.cells() < 7;
    let is_code =
        kind != SecretKind::OneTimeCode || (token.cells() <= 10 && token.has_digit() && !is_model);
    // An address is no password because an earlier message spoke of one.
    let is_address =
        token.is_address() && mentions(last(split_hints(spot.before).1, 16)).is_empty();
    (token.cells() >= shortest && is_secret && is_code && !token.is_product && !is_address)
        .then_some(Secret { kind, cells: token.cells() })
}

/// Digits that are told by their number: 六个八, 三个6三个9.
fn repeated(spot: &Spot<'_>, kind: SecretKind, link: LabelLink) -> Option<Secret> {
    let is_known = matches!(kind, SecretKind::Password | SecretKind::OneTimeCode);
    if !is_known || !matches!(link, LabelLink::Said | LabelLink::Beside) {
        return None;
    }
    let groups = spot.rest.chunks(3).take_while(|group| {
        matches!(group, [count, unit, of]
            if digit(count).is_some_and(|count| count > '1')
                && unit.c == '个'
                && digit(of).is_some())
    });
    let cells = 3 * groups.count();
    (cells > 0).then_some(Secret { kind, cells })
}

/// A password or code with a space after each character: W a n g 3 6 4 8.
fn spaced(spot: &Spot<'_>, kind: SecretKind, link: LabelLink) -> Option<Secret> {
    let is_known = matches!(kind, SecretKind::Password | SecretKind::OneTimeCode);
    if !is_known || !matches!(link, LabelLink::Said | LabelLink::Beside) {
        return None;
    }
    let mut count = 0;
    let mut letters = 0;
    let is_part = |cell: &&Cell| {
        cell.is_ascii_alphanumeric()
            || matches!(cell.c, '@' | '#' | '$' | '%' | '&' | '*' | '_' | '!' | '+' | '-')
    };
    while let Some(cell) = spot.rest.get(2 * count).filter(is_part) {
        letters += usize::from(cell.is_ascii_letter());
        count += 1;
        if !spot.rest.get(2 * count - 1).is_some_and(Cell::is_white_space) {
            break;
        }
    }
    let cells = (2 * count).checked_sub(1)?;
    let ends = !spot.rest.get(cells).is_some_and(Cell::is_ascii_alphanumeric);
    (count >= 5 && letters > 0 && ends).then_some(Secret { kind, cells })
}

/// A code in the form in which Google sends it: G-482913.
pub(super) fn google_code(spot: &Spot<'_>) -> Option<Secret> {
    let token = spot.token.as_ref()?;
    let letters = token.letters();
    let code = letters.strip_prefix("g-")?;
    (code.len() == 6 && code.chars().all(|c| c.is_ascii_digit()))
        .then_some(Secret { kind: SecretKind::OneTimeCode, cells: token.cells() })
}

/// A password with the letters of its label before it, such as `pwdOf9God_x`.
pub(super) fn glued(spot: &Spot<'_>) -> Option<Secret> {
    let token = spot.token.as_ref().filter(|token| token.has_digit() && !token.is_product)?;
    let letters = token.letters();
    let label = GLUED.iter().find(|label| letters.starts_with(**label))?;
    let rest = letters.get(label.len()..)?;
    let is_mixed = rest.chars().any(|c| c.is_ascii_alphabetic());
    (rest.len() >= 5 && is_mixed && !rest.starts_with(['_', '-', '.']))
        .then_some(Secret { kind: SecretKind::Password, cells: token.cells() })
}

/// Labels of passwords that customers write without a space.
const GLUED: [&str; 5] = ["pwd", "mima", "password", "passwd", "mm"];

/// A password of a few Chinese characters and digits: 芝麻开门88.
fn with_han(spot: &Spot<'_>, kind: SecretKind, link: LabelLink) -> Option<Secret> {
    if kind != SecretKind::Password || link != LabelLink::Said {
        return None;
    }
    let is_han = |cell: &&Cell| cell.is_char() && !cell.c.is_ascii() && cell.c.is_alphanumeric();
    let han = spot.rest.iter().take(7).take_while(is_han).count();
    let digits =
        spot.rest.iter().skip(han).take(9).take_while(|cell| cell.is_ascii_digit()).count();
    let cells = han + digits;
    let words = spot.rest.get(..han)?;
    let after = spot.after(cells);
    ((2..=6).contains(&han)
        && (2..=8).contains(&digits)
        && BINDERS.at_start(words).is_none()
        && !NO_PASSWORD.is_in(words)
        && !MONEY.comes_next(after)
        && !COUNTS.comes_next(after)
        && !UNITS.comes_next(after))
    .then_some(Secret { kind, cells })
}

/// Units that may follow six digits.
static LONG_UNITS: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "千 百 分钟 小时 天 年 期 笔 人 条 开头 结尾 打头 发来 发的 打来 客服 热线 岁",
    )
});

/// Words that tell that a sentence about passwords goes on, not a password.
static NO_PASSWORD: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words("不 没 错 忘 要 几 多 少 位 次 必须 至少 最少 可以 能 会 被 原来 哪 什么 怎 在 到 从 给 手机 订单 卡 银行 客服 电话 银 微信 号 尾 后 前 收 发 说 年 月 日 天 元 钱
         还款 基金 短信 去年 今年 昨天 今天 改 设 输 登 我 你 他 她")
});

/// A code of digits.
pub(super) fn code(
    rest: &[Cell],
    run: &DigitRun,
    kind: SecretKind,
    link: LabelLink,
    before: &[Cell],
) -> Option<Secret> {
    let (_, own) = split_hints(before);
    let mut number = run.code()?;
    let length = number.digits.len();
    let shortest = if kind == SecretKind::Cvv { 3 } else { 4 };
    if (length < 4 || (length < 6 && run.is_mixed()))
        && matches!(link, LabelLink::Said | LabelLink::Beside)
        && let Some(joined) = run.joined_code().filter(|joined| joined.digits.len() >= shortest)
        && !run.starts_with_date()
        // The 2 of cvv2 belongs to the label.
        && !(before.last().is_some_and(Cell::is_ascii_letter) && length == 1)
        && !mentions(last(own, 16)).is_empty()
    {
        number = joined;
    }
    let length = number.digits.len();
    let after = rest.get(number.cells..).unwrap_or_default();
    let is_measured =
        MONEY.comes_next(after) || COUNTS.comes_next(after) || is_inside_sum(length, after);
    let is_password = kind == SecretKind::Password;
    let fits = match link {
        LabelLink::Said if is_password => (3..=20).contains(&length),
        LabelLink::Beside if is_password => {
            (3..=10).contains(&length) && !(length == 4 && number.digits.ends_with("00"))
        }
        LabelLink::Said | LabelLink::Beside => (3..=8).contains(&length),
        LabelLink::Again => {
            matches!(length, 6 | 4) || (length == 3 && !number.digits.ends_with("00"))
        }
        LabelLink::Loose => length == 6 || (kind == SecretKind::Cvv && length == 3),
        LabelLink::Received => length == 6 && !number.digits.ends_with("00"),
    };
    let fits_kind = match kind {
        SecretKind::Cvv => matches!(length, 3..=4),
        SecretKind::Password | SecretKind::OneTimeCode => true,
        SecretKind::Expiry | SecretKind::TrackData => false,
    };
    let is_something_else = match link {
        LabelLink::Said => length != 6 && UNITS.comes_next(after),
        LabelLink::Beside | LabelLink::Again | LabelLink::Loose | LabelLink::Received => {
            // 259548点了确认 is no time.
            let is_unit =
                if length == 6 { LONG_UNITS.comes_next(after) } else { UNITS.comes_next(after) };
            is_unit
                || run.is_date_or_landline()
                || (kind == SecretKind::Password && length != 6 && is_service_number(number.digits))
                || is_day(number.digits)
        }
    };
    let is_called_otherwise = matches!(link, LabelLink::Received | LabelLink::Again)
        && matches!(Label::before(before), Some(Label::Order | Label::Amount));
    let is_date = run.starts_with_date() && length == 4;
    let is_sender = kind == SecretKind::OneTimeCode && is_service_number(number.digits);
    let is_called_otherwise = is_called_otherwise || is_sender;
    (fits && fits_kind && !is_measured && !is_something_else && !is_date && !is_called_otherwise)
        .then_some(Secret { kind, cells: number.cells })
}

/// Whether a number of `length` digits continues as a decimal or with thousands.
///
/// Six digits are a code more often than a sum, and messages continue like “482913，5分钟内有效”.
fn is_inside_sum(length: usize, after: &[Cell]) -> bool {
    let Some((sign, fraction)) = after.split_first() else { return false };
    let more = fraction.iter().take_while(|cell| cell.is_ascii_digit()).count();
    let end = fraction.get(more..).unwrap_or_default();
    match sign.c {
        '.' => more > 0 && (length != 6 || MONEY.comes_next(end)),
        ',' => more == 3 && length <= 3,
        _ => false,
    }
}

/// Numbers that customers call or that send messages.
pub(in crate::compliance::masking) fn is_service_number(digits: &str) -> bool {
    match digits.len() {
        3 => matches!(digits, "110" | "114" | "119" | "120" | "122"),
        5 => ["95", "96", "12", "100", "101", "106"].iter().any(|start| digits.starts_with(start)),
        6 => digits.starts_with("1069") || digits.starts_with("1065"),
        _ => false,
    }
}

/// A date in eight digits, such as 20251123.
pub(super) fn is_day(digits: &str) -> bool {
    let part = |from, to| digits.get(from..to).and_then(|part| part.parse::<u32>().ok());
    digits.len() == 8
        && (digits.starts_with("20") || digits.starts_with("19"))
        && part(4, 6).is_some_and(|month| (1..=12).contains(&month))
        && part(6, 8).is_some_and(|day| (1..=31).contains(&day))
}
