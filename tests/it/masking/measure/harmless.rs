//! Sentences with numbers that are not private.

use super::dice::Dice;
use super::values::{is_id_number, is_luhn};

/// A kind of numbers that are not private.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum HarmlessKind {
    NamedOrder,
    BareOrder,
    Amount,
    Date,
    Time,
    Timestamp,
    Fund,
    Rate,
    Version,
    Hotline,
    Tail,
    Count,
    SecretsTalk,
    Postcode,
    Tracking,
    ErrorCode,
    Bare,
}

/// A sentence without private data.
#[derive(Clone, Debug)]
pub(crate) struct Harmless {
    pub(crate) text: String,
    /// Whether it has 13 to 19 digits with the prefix of an issuer and a right check digit, so that
    /// nobody can tell it from a card.
    pub(crate) is_like_card: bool,
}

impl HarmlessKind {
    pub(crate) const ALL: [HarmlessKind; 17] = [
        HarmlessKind::NamedOrder,
        HarmlessKind::BareOrder,
        HarmlessKind::Amount,
        HarmlessKind::Date,
        HarmlessKind::Time,
        HarmlessKind::Timestamp,
        HarmlessKind::Fund,
        HarmlessKind::Rate,
        HarmlessKind::Version,
        HarmlessKind::Hotline,
        HarmlessKind::Tail,
        HarmlessKind::Count,
        HarmlessKind::SecretsTalk,
        HarmlessKind::Postcode,
        HarmlessKind::Tracking,
        HarmlessKind::ErrorCode,
        HarmlessKind::Bare,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            HarmlessKind::NamedOrder => "orders, 10 to 28 digits, called so",
            HarmlessKind::BareOrder => "orders, 10 to 28 digits, without the word",
            HarmlessKind::Amount => "amounts",
            HarmlessKind::Date => "dates",
            HarmlessKind::Time => "times",
            HarmlessKind::Timestamp => "timestamps",
            HarmlessKind::Fund => "funds",
            HarmlessKind::Rate => "rates",
            HarmlessKind::Version => "versions",
            HarmlessKind::Hotline => "hotlines",
            HarmlessKind::Tail => "last four digits",
            HarmlessKind::Count => "counts and limits",
            HarmlessKind::SecretsTalk => "questions about passwords and codes",
            HarmlessKind::Postcode => "postcodes",
            HarmlessKind::Tracking => "tracking numbers with letters",
            HarmlessKind::ErrorCode => "error codes",
            HarmlessKind::Bare => "numbers alone, 1 to 12 digits",
        }
    }

    pub(crate) fn draw(self, dice: &mut Dice) -> Harmless {
        let (frame, number) = match self {
            HarmlessKind::NamedOrder => (dice.pick(NAMED_ORDERS), order_number(dice)),
            HarmlessKind::BareOrder => (dice.pick(BARE_ORDERS), order_number(dice)),
            HarmlessKind::Amount => (dice.pick(AMOUNTS), amount(dice)),
            HarmlessKind::Date => (dice.pick(DATES), date(dice)),
            HarmlessKind::Time => (dice.pick(TIMES), time(dice)),
            HarmlessKind::Timestamp => (dice.pick(TIMESTAMPS), timestamp(dice)),
            HarmlessKind::Fund => (dice.pick(FUNDS), fund(dice)),
            HarmlessKind::Rate => (dice.pick(RATES), rate(dice)),
            HarmlessKind::Version => (dice.pick(VERSIONS), version(dice)),
            HarmlessKind::Hotline => (dice.pick(HOTLINES), hotline(dice)),
            HarmlessKind::Tail => (dice.pick(TAILS), dice.digits(4)),
            HarmlessKind::Count => (dice.pick(COUNTS), dice.within(2, 99).to_string()),
            HarmlessKind::SecretsTalk => (dice.pick(SECRETS_TALK), dice.within(2, 9).to_string()),
            HarmlessKind::Postcode => (dice.pick(POSTCODES), dice.number(6)),
            HarmlessKind::Tracking => (dice.pick(TRACKINGS), tracking(dice)),
            HarmlessKind::ErrorCode => (dice.pick(ERRORS), error_code(dice)),
            HarmlessKind::Bare => (dice.pick(BARE), bare(dice)),
        };
        let text = frame.replace('#', &number);
        Harmless { is_like_card: is_like_card(&number), text }
    }
}

/// Whether a number has the form of a card.
fn is_like_card(number: &str) -> bool {
    let within = |from: &str, to: &str| {
        number.get(..from.len()).is_some_and(|start| (from..=to).contains(&start))
    };
    let begins = |starts: &[&str]| starts.iter().any(|start| number.starts_with(start));
    (13..=19).contains(&number.len())
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && is_luhn(number)
        && (begins(&["4", "60", "62", "64", "65", "81", "34", "37", "36", "38", "39", "9558"])
            || within("51", "55")
            || within("2221", "2720")
            || within("3528", "3589")
            || within("300", "305"))
}

/// Whether a number alone looks private: a phone of the mainland or of Taiwan, perhaps with its country
/// code, or an identity number.
fn looks_private(number: &str) -> bool {
    let codes = ["0086", "86", "0", ""];
    let mut local = codes.iter().filter_map(|code| number.strip_prefix(code));
    let is_mobile =
        |local: &str| local.len() == 11 && local.starts_with('1') && local.get(1..2) > Some("2");
    let is_landline = number.starts_with('0') && (10..=12).contains(&number.len());
    let is_taiwan = number.starts_with("886") && (11..=12).contains(&number.len());
    local.any(is_mobile) || is_landline || is_taiwan || is_id_number(number)
}

fn order_number(dice: &mut Dice) -> String {
    loop {
        let (year, month, day) = dice.day(2019, 2026);
        let (hour, minute, second) = (dice.below(24), dice.below(60), dice.below(60));
        let number = match dice.below(4) {
            0 => {
                let more = dice.within(2, 14);
                let day = format!("{year}{month:02}{day:02}{hour:02}{minute:02}{second:02}");
                format!("{day}{}", dice.digits(more))
            }
            1 => {
                let more = dice.within(2, 12);
                format!("{year}{month:02}{day:02}{}", dice.digits(more))
            }
            _ => {
                let length = dice.within(10, 28);
                dice.number(length)
            }
        };
        if !looks_private(&number) {
            return number;
        }
    }
}

fn amount(dice: &mut Dice) -> String {
    let (short, long) = (dice.within(1, 3), dice.within(1, 7));
    match dice.below(9) {
        0 => format!("{}元", dice.number(long)),
        1 => format!("{}.{}元", dice.number(long), dice.digits(2)),
        2 => format!("{},{}元", dice.number(short), dice.digits(3)),
        3 => format!(
            "{},{},{}.{}",
            dice.number(short),
            dice.digits(3),
            dice.digits(3),
            dice.digits(2)
        ),
        4 => format!("¥{}.{}", dice.number(long), dice.digits(2)),
        5 => format!("{}万", dice.number(short)),
        6 => format!("{}块{}", dice.number(short), dice.within(1, 9)),
        7 => format!(
            "{}百{}十元",
            dice.character("一二三四五六七八九"),
            dice.character("一二三四五六七八九")
        ),
        _ => format!("RMB {}", dice.number(long)),
    }
}

fn date(dice: &mut Dice) -> String {
    let (year, month, day) = dice.day(2015, 2027);
    match dice.below(7) {
        0 => format!("{year}-{month:02}-{day:02}"),
        1 => format!("{year}年{month}月{day}日"),
        2 => format!("{year}/{month}/{day}"),
        3 => format!("{year}.{month:02}.{day:02}"),
        4 => format!("{year}{month:02}{day:02}"),
        5 => format!("{month}月{day}号"),
        _ => format!("{month}.{day}"),
    }
}

fn time(dice: &mut Dice) -> String {
    let (hour, minute, second) = (dice.below(24), dice.below(60), dice.below(60));
    match dice.below(4) {
        0 => format!("{hour}:{minute:02}"),
        1 => format!("{hour:02}:{minute:02}:{second:02}"),
        2 => format!("{hour}点{minute:02}分"),
        _ => format!("{} {hour:02}:{minute:02}", date(dice)),
    }
}

fn timestamp(dice: &mut Dice) -> String {
    let (year, month, day) = dice.day(2020, 2027);
    let (hour, minute, second) = (dice.below(24), dice.below(60), dice.below(60));
    match dice.below(4) {
        0 => format!("17{}", dice.digits(8)),
        1 => format!("17{}", dice.digits(11)),
        2 => format!("{year}{month:02}{day:02}{hour:02}{minute:02}{second:02}"),
        _ => format!(
            "{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{}Z",
            dice.digits(3)
        ),
    }
}

fn fund(dice: &mut Dice) -> String {
    let start = dice.pick(&["000", "001", "110", "161", "510", "519", "600", "300"]);
    format!("{start}{}", dice.digits(3))
}

fn rate(dice: &mut Dice) -> String {
    let sign = dice.pick(&["%", "％", "‰", "个点"]);
    format!("{}.{}{sign}", dice.below(25), dice.digits(2))
}

fn version(dice: &mut Dice) -> String {
    loop {
        let [major, minor, patch] = [20, 30, 200].map(|most| dice.below(most));
        let version = match dice.below(3) {
            0 => format!("v{major}.{minor}.{patch}"),
            1 => format!("{major}.{minor}.{patch}"),
            _ => format!("{major}.{minor}.{patch}.{}", dice.number(4)),
        };
        if !looks_private(&version.replace('.', "")) {
            return version;
        }
    }
}

fn hotline(dice: &mut Dice) -> String {
    match dice.below(5) {
        0 => dice.pick(&["12378", "12363", "12345", "12315", "96110", "110", "10086"]).to_owned(),
        1 => format!("95{}", dice.digits(3)),
        2 => format!("400-{}-{}", dice.number(3), dice.digits(4)),
        3 => format!("400{}", dice.digits(7)),
        _ => format!("400 {} {}", dice.number(3), dice.digits(4)),
    }
}

fn tracking(dice: &mut Dice) -> String {
    let (letters, length) =
        [("SF", 13), ("YT", 13), ("JD", 13), ("ZTO", 12), ("JT", 13)][dice.below(5)];
    format!("{letters}{}", dice.digits(length))
}

fn error_code(dice: &mut Dice) -> String {
    match dice.below(4) {
        0 => format!("E{}", dice.number(4)),
        1 => dice.number(4),
        2 => format!("0x{}", dice.characters("0123456789abcdef", 8)),
        _ => format!("ERR-{}", dice.number(5)),
    }
}

fn bare(dice: &mut Dice) -> String {
    loop {
        let length = dice.within(1, 12);
        let number = dice.digits(length);
        if !looks_private(&number) {
            return number;
        }
    }
}

const NAMED_ORDERS: &[&str] = &[
    "订单#到哪了",
    "订单号：#怎么还没处理",
    "流水号 # 查一下",
    "交易号#没到账",
    "合同编号#是几期的",
    "我的訂單#退咗未",
    "工单号#处理到哪了",
    "order # is still pending",
    "单号#",
];

const BARE_ORDERS: &[&str] =
    &["#", "#这笔没到账", "#还在处理中", "查一下#", "#到哪了", "#呢筆幾時到", "please check #"];

const AMOUNTS: &[&str] = &[
    "充值#没到账",
    "余额#",
    "提现#要手续费吗",
    "还了#怎么还欠",
    "借#一个月利息多少",
    "被扣了#",
    "#",
    "轉咗#未收到",
    "my balance is #",
    "一共#，对吗",
];

const DATES: &[&str] = &[
    "#扣的款",
    "#还款可以吗",
    "账单日是#",
    "#到期",
    "我#开的户",
    "#轉咗錢",
    "since # nothing came",
    "#",
];

const TIMES: &[&str] =
    &["#提现的", "昨天#转的账", "#以后到账吗", "#收到短信", "#轉嘅", "at # I paid", "#"];

const TIMESTAMPS: &[&str] = &["时间戳#", "日志显示#", "#报错", "截图时间#", "timestamp #", "#"];

const FUNDS: &[&str] = &[
    "基金#怎么样",
    "#这只基金能卖吗",
    "买了#什么时候确认",
    "#今天净值多少",
    "股票#跌了",
    "基金代码#",
    "how is fund #",
    "#",
];

const RATES: &[&str] = &[
    "年化#吗",
    "利率#高不高",
    "手续费#",
    "昨天涨了#",
    "收益率#",
    "年利率#係咪真",
    "the rate is #",
    "#",
];

const VERSIONS: &[&str] =
    &["版本#闪退", "app #打不开", "更新到#以后登不上", "系统#", "version # crashes", "安卓#"];

const HOTLINES: &[&str] = &[
    "打#没人接",
    "#是你们的电话吗",
    "客服热线#吗",
    "密码忘了，打#可以吗",
    "#给我打电话说我中奖",
    "打咗#冇人聽",
    "is # your hotline",
    "投诉打#",
];

const TAILS: &[&str] = &[
    "尾号#的卡",
    "尾号#没到账",
    "后四位是#",
    "卡尾号#怎么解绑",
    "末四位#",
    "提現到尾號#",
    "card ending in #",
    "手机尾号#",
];

const COUNTS: &[&str] = &[
    "试了#次都不行",
    "等了#天",
    "分#期还",
    "一天最多转#笔吗",
    "限额#万够吗",
    "我有#张卡",
    "第#条规则是什么",
    "等咗#日",
    "I waited # days",
    "#岁能开户吗",
    "满#元减10元",
];

const SECRETS_TALK: &[&str] = &[
    "密码输错#次会锁吗",
    "验证码#分钟没收到",
    "密码要#位吗",
    "验证码#秒还没来",
    "密码错了#次，怎么办",
    "短信验证码发了#条都没收到",
    "驗證碼等咗#分鐘",
    "password must have # characters?",
    "CVV是#位数字吗",
    "信用卡有效期还有#年",
];

const POSTCODES: &[&str] =
    &["邮编#", "邮政编码是#", "地址邮编：#", "郵編#", "postcode #", "zip code #"];

const TRACKINGS: &[&str] =
    &["快递#到哪了", "运单号#", "#查一下快递", "顺丰单号：#", "快遞#未到", "tracking #", "#"];

const ERRORS: &[&str] =
    &["报错#", "提示错误码#", "错误代码：#", "登录失败 #", "error #", "出現錯誤#", "页面显示#"];

const BARE: &[&str] = &["#", "#", "#？", "是#吗", "#对不对", "我选#", "回复#"];
