//! The labels of secrets: words, and words that are labels together.

use std::sync::LazyLock;

use crate::compliance::masking::cells::{Cell, last, trim_end};
use crate::compliance::masking::hint::Hint;
use crate::compliance::masking::label::LabelLink;
use crate::compliance::masking::lexicon::LabelLexicon;
use crate::compliance::masking::personal_data::SecretKind;
use crate::compliance::masking::words::{BINDERS, Binder, SECRETS, UNBINDING};

/// The label to which a value after these cells may belong.
pub(in crate::compliance::masking) fn label_before(
    before: &[Cell],
) -> Option<(SecretKind, LabelLink)> {
    let mut left = before;
    let mut link = LabelLink::Beside;
    let mut received = false;
    for _ in 0..MOST_BINDERS {
        if let Some(kind) = label_at_end(left) {
            // The word alone means many codes.
            let is_bare = SECRETS.at_end(left).is_none() && bare_code(left).is_some();
            let is_beside = link == LabelLink::Beside && is_bare;
            return Some((kind, if is_beside { LabelLink::Loose } else { link }));
        }
        let Some((last, shorter)) = left.split_last() else { break };
        if let Some(Hint::Secret(kind, open)) = last.hint {
            let link = match (link, open) {
                (LabelLink::Beside, open) => open,
                (link, _) => link,
            };
            return Some((kind, link));
        }
        if last.is_secret() {
            link = LabelLink::Again;
            left = shorter;
        } else if last.hint.is_some() || last.is_white_space() {
            left = shorter;
        } else if let Some((binder, shorter)) = BINDERS.at_end(left) {
            received |= RECEIVED.at_end(left).is_some();
            link = match (link, binder) {
                (LabelLink::Beside, Binder::Says) => LabelLink::Said,
                (link, _) => link,
            };
            left = shorter;
        } else {
            break;
        }
    }
    label_nearby(before).or(received.then_some((SecretKind::OneTimeCode, LabelLink::Received)))
}

/// The label that ends here.
pub(super) fn label_at_end(cells: &[Cell]) -> Option<SecretKind> {
    if let Some((kind, rest)) = SECRETS.at_end(cells) {
        // The letters of a measure, such as 5mm, are no label.
        let is_measure = rest.last().is_some_and(Cell::is_ascii_digit)
            && cells.last().is_some_and(Cell::is_ascii_letter);
        return (!is_measure).then_some(kind);
    }
    homophone(cells)
        .or_else(|| bare_code(cells))
        .or_else(|| back_of_card(cells))
        .or_else(|| number_of_message(cells))
}

/// A label that speech input heard wrongly: 研正马, 蜜马.
fn homophone(cells: &[Cell]) -> Option<SecretKind> {
    let [.., first, second, third] = cells else { return None };
    if !matches!(third.c, '码' | '马' | '吗' | '妈' | '嘛' | '麻' | '玛') {
        return None;
    }
    if "证正整政郑症征挣证".contains(second.c) && "验研颜严言盐燕眼演烟".contains(first.c)
    {
        return Some(SecretKind::OneTimeCode);
    }
    ("密蜜秘谜".contains(second.c) && third.c != '吗').then_some(SecretKind::Password)
}

/// 码 or “code” alone, unless it is the code of something else.
fn bare_code(cells: &[Cell]) -> Option<SecretKind> {
    let (last, rest) = cells.split_last()?;
    if last.c == '码' {
        let is_bare = rest.last().is_none_or(|cell| {
            !cell.c.is_alphanumeric()
                || "的个这那收到给发来报你我了输填动认位串组条封要看念读写".contains(cell.c)
        });
        return is_bare.then_some(SecretKind::OneTimeCode);
    }
    let ((), rest) = CODE.at_end(cells)?;
    let is_other = OTHER_CODES.at_end(trim_end(rest)).is_some()
        || rest.last().is_some_and(|cell| cell.c == '"');
    (!is_other).then_some(SecretKind::OneTimeCode)
}

/// 码 or “code” at the start: 0193这是code.
pub(super) fn bare_code_at_start(cells: &[Cell]) -> Option<(SecretKind, &[Cell])> {
    let ((), rest) = CODE.at_start(cells)?;
    Some((SecretKind::OneTimeCode, rest))
}

/// A place on the back of a card with a count of digits: 卡背面那三个数, 签名栏后面的三位.
fn back_of_card(cells: &[Cell]) -> Option<SecretKind> {
    if let Some(((), rest)) = BACK.at_end(cells)
        && THREE.is_in(last(rest, PLACE_REACH + 4))
    {
        return Some(SecretKind::Cvv);
    }
    let ((), rest) = THREE.at_end(cells)?;
    let near = since(last(rest, PLACE_REACH), &['。', '!', '?', ';', '\n', ',']);
    (BACK.is_in(near) && !NOT_BACK.is_in(near)).then_some(SecretKind::Cvv)
}

/// A number with the message or device that shows it: 短信那个数, 令牌上的数字.
fn number_of_message(cells: &[Cell]) -> Option<SecretKind> {
    let ((), rest) = NUMBER.at_end(cells)?;
    let near = since(last(rest, PLACE_REACH), &['。', '!', '?', ';', '\n']);
    (MESSAGE.is_in(near) && !NOT_BACK.is_in(near)).then_some(SecretKind::OneTimeCode)
}

/// The cells since the last of these marks, tag or hint.
fn since<'a>(cells: &'a [Cell], marks: &[char]) -> &'a [Cell] {
    let mark = cells.iter().rposition(|cell| !cell.is_char() || marks.contains(&cell.c));
    cells.get(mark.map_or(0, |at| at + 1)..).unwrap_or_default()
}

/// As [`label_before`], across a few characters without a word of [`UNBINDING`].
fn label_nearby(before: &[Cell]) -> Option<(SecretKind, LabelLink)> {
    (1..=LOOSE_REACH)
        .map_while(|width| before.split_at_checked(before.len().checked_sub(width)?))
        .take_while(|(_, gap)| {
            gap.first().is_some_and(|cell| !cell.is_separator() && cell.is_char())
        })
        .find_map(|(label, gap)| Some((label_at_end(label)?, gap)))
        .filter(|(_, gap)| !UNBINDING.is_in(gap) && !gap.iter().any(Cell::is_ascii_digit))
        .map(|(kind, _)| (kind, LabelLink::Loose))
}

/// The kinds of secrets that the cells mention, the last one last.
pub(in crate::compliance::masking) fn mentions(cells: &[Cell]) -> Vec<SecretKind> {
    let mut found = Vec::new();
    for end in 1..=cells.len() {
        let Some(cells) = cells.get(..end) else { break };
        if let Some(Hint::Mentioned(kind) | Hint::Secret(kind, _)) =
            cells.last().and_then(|cell| cell.hint)
        {
            found.push(kind);
        } else if let Some(kind) = label_at_end(cells) {
            found.push(kind);
        }
    }
    found
}

/// The most small words between a label and its value.
const MOST_BINDERS: usize = 14;

/// The most characters of any kind between a label and its value.
const LOOSE_REACH: usize = 6;

/// The distance between a count of digits and the place on the card.
const PLACE_REACH: usize = 12;

static CODE: LazyLock<LabelLexicon<()>> = LazyLock::new(|| LabelLexicon::of_words("code codes 码"));

static OTHER_CODES: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "error fund stock promo zip postal post area country invite referral qr bar source coupon discount swift sort
         branch bank product redeem gift voucher tracking pickup routing dial status response promotion invitation errcode 错误 基金 股票 产品 邀请 优惠 兑换 推荐 区域 国家 失败 识别失败 提示 报错 显示 返回",
    )
});

/// Words for three digits.
static THREE: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "三位 三位数 三位数字 三个数 三个数字 3位 3位数 3位数字 3个数 3个数字 三码 3码 三个号 三个小数字 仨数 仨数字 那仨数 仨数是 三位码 3位码 三位号码 三个小字 小数字
         三个号码 那串 数字 四位数字 四个数字 4位 三个 那三个 3个 数 三位小数字 digits 3digits threedigits threenumbers 3numbers number numbers 三只字 三个字",
    )
});

/// Words for a number of a few digits.
static NUMBER: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "数 数字 数是 那个数 个数 那串 那串数 那串数字 几个数 几个数字 六位 六位数 六位数字 四位 四位数 四位数字 六个数 六个数字 那个号 那组 那组数 digits number numbers 数目字 數",
    )
});

/// Words for a message or a device that shows a code.
static MESSAGE: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "短信 简讯 短讯 发我 发我的 发给我 发给我的 sms 令牌 验证器 口令牌 手机收到 手机上收到 message text u盾 动态 随机 发来的 收到的",
    )
});

/// Words for the back of a card.
static BACK: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "背面 背后 后面 反面 签名 签名栏 签名条 签名处 签名那 签名旁 卡背 卡后 后边 背 反过来 翻过来 磁条旁 尾三位 back signature 卡尾 后尾 签字 签字栏 后头 flipside",
    )
});

/// Words that tell that the last digits of another number are meant.
static NOT_BACK: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "卡号 尾号 手机 手机号 身份证 订单 单号 号码 账号 密码 验证码 金额 电话 证件 合同 流水",
    )
});

/// Words for a message that came. They are among [`BINDERS`].
static RECEIVED: LazyLock<LabelLexicon<()>> = LazyLock::new(|| {
    LabelLexicon::of_words(
        "收到 收到了 刚收到 短信 发来 发来的 发过来 发过来的 来的 收到的 发的 来了 到了 来的是 收到的是 发的是",
    )
});
