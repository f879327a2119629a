//! The words around a number that tell what it is.

use super::cells::{Cell, last, strip_end, strip_start};
use super::personal_data::SecretKind;

/// What the nearest word before a number says that the number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Card,
    IdNumber,
    Phone,
    /// An order, a contract or something else that is no person's.
    Order,
    Amount,
}

impl Label {
    /// The label nearest before a number, at most [`LABEL_REACH`] cells away.
    pub(super) fn before(before: &[Cell]) -> Option<Label> {
        let mut near = last(before, LABEL_REACH);
        loop {
            if near.last()?.tag.is_some() || ends_sentence(near.last()?.c) {
                return None;
            }
            let label = LABELS
                .iter()
                .find(|(_, words)| words.iter().any(|word| strip_end(near, word).is_some()));
            if let Some(&(label, _)) = label {
                return Some(label);
            }
            near = near.split_last()?.1;
        }
    }
}

/// The kind of secret for which the cells end with a word.
pub(super) fn secret_at_end(cells: &[Cell]) -> Option<SecretKind> {
    SECRETS.iter().find_map(|&(kind, words)| {
        words.iter().any(|word| is_word_at_end(cells, word)).then_some(kind)
    })
}

/// The kind of secret for which the cells begin with a word.
pub(super) fn secret_at_start(cells: &[Cell]) -> Option<SecretKind> {
    SECRETS.iter().find_map(|&(kind, words)| {
        words.iter().any(|word| strip_start(cells, word).is_some()).then_some(kind)
    })
}

/// The longest of `words` with which the cells end, and the cells before it.
pub(super) fn longest_at_end<'a>(
    cells: &'a [Cell],
    words: &[&'static str],
) -> Option<(&'static str, &'a [Cell])> {
    let ends = words.iter().filter_map(|&word| Some((word, strip_end(cells, word)?)));
    ends.min_by_key(|(_, left)| left.len())
}

/// The longest of `words` with which the cells begin, and the cells after it.
pub(super) fn longest_at_start<'a>(
    cells: &'a [Cell],
    words: &[&'static str],
) -> Option<(&'static str, &'a [Cell])> {
    let starts = words.iter().filter_map(|&word| Some((word, strip_start(cells, word)?)));
    starts.min_by_key(|(_, left)| left.len())
}

/// Whether one of `words` comes next, after spaces at most.
pub(super) fn begins_with_any(cells: &[Cell], words: &[&'static str]) -> bool {
    let spaces = cells.iter().take_while(|cell| cell.tag.is_none() && cell.c == ' ').count();
    cells.get(spaces..).is_some_and(|cells| longest_at_start(cells, words).is_some())
}

/// Whether one of `words` stands anywhere in the cells.
pub(super) fn contains_any(cells: &[Cell], words: &[&'static str]) -> bool {
    (0..cells.len())
        .any(|at| cells.get(at..).is_some_and(|cells| longest_at_start(cells, words).is_some()))
}

/// Whether the cells end with `word`, an ASCII word not being the end of a longer one.
fn is_word_at_end(cells: &[Cell], word: &str) -> bool {
    strip_end(cells, word).is_some_and(|before| {
        !word.starts_with(|c: char| c.is_ascii_alphabetic())
            || !before.last().is_some_and(Cell::is_ascii_letter)
    })
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '!' | '?' | ';' | '\n')
}

/// How far before a number its label may stand, in cells.
const LABEL_REACH: usize = 12;

/// Where one word ends as another does, the more telling comes first.
const LABELS: &[(Label, &[&str])] = &[
    (
        Label::Order,
        &[
            "订单",
            "单号",
            "流水",
            "流水号",
            "交易号",
            "编号",
            "合同",
            "合同号",
            "快递",
            "运单",
            "凭证",
            "凭证号",
            "参考号",
            "序列号",
            "设备号",
            "imei",
            "iccid",
            "工单",
            "票号",
            "发票",
            "条码",
            "批次",
            "产品代码",
            "基金代码",
            "信用代码",
            "order",
            "id号",
        ],
    ),
    (
        Label::Amount,
        &[
            "金额",
            "余额",
            "本金",
            "额度",
            "市值",
            "资产",
            "¥",
            "$",
            "€",
            "£",
            "借了",
            "还了",
            "转了",
            "充了",
            "花了",
            "买了",
            "提现了",
        ],
    ),
    (Label::IdNumber, &["身份证", "身份证号", "证件", "证件号", "身份号码"]),
    (
        Label::Phone,
        &["手机", "手机号", "电话", "联系方式", "联系", "tel", "phone", "mobile", "微信", "致电"],
    ),
    (
        Label::Card,
        &[
            "卡号",
            "银行卡",
            "储蓄卡",
            "信用卡",
            "借记卡",
            "工资卡",
            "账号",
            "帐号",
            "账户",
            "帐户",
            "我的卡",
            "这张卡",
            "card",
        ],
    ),
];

/// Kinds with the longer words first, since a 动态密码 is no password.
const SECRETS: &[(SecretKind, &[&str])] = &[
    (
        SecretKind::OneTimeCode,
        &[
            "验证码",
            "校验码",
            "动态码",
            "短信码",
            "确认码",
            "认证码",
            "授权码",
            "动态密码",
            "动态口令",
            "短信密码",
            "短信口令",
            "一次性密码",
            "otp",
            "captcha",
            "yzm",
        ],
    ),
    (
        SecretKind::Cvv,
        &[
            "安全码",
            "cvv",
            "cvv2",
            "cvc",
            "cvc2",
            "cvn",
            "cvn2",
            "背面三位",
            "背面后三位",
            "背面末三位",
            "背面的三位",
            "背后三位",
            "背面最后三位",
        ],
    ),
    (
        SecretKind::Expiry,
        &["有效期", "有效期限", "有效日期", "到期日", "expiry", "exp", "valid thru"],
    ),
    (SecretKind::Password, &["密码", "口令", "password", "passwd", "pwd", "pin", "pin码", "mima"]),
];
