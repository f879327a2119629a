//! Numbers in whole utterances: what becomes digits, what stays, and the laws of both.

use proptest::prelude::*;

use super::normalize::{normal_form::normalize, numerals::spell};

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        let once = normalize(text).into_string();
        assert_eq!(once, *expected, "{text}");
        assert_eq!(normalize(&once).as_str(), *expected, "{text} twice");
    }
}

#[test]
fn one_number_in_many_spellings() {
    check(&[
        ("三万五", "35000"),
        ("3万5", "35000"),
        ("35000", "35000"),
        ("35,000", "35000"),
        ("３５，０００", "35000"),
        ("３．５万", "35000"),
        ("三点五万", "35000"),
        ("三萬五千", "35000"),
        ("3万5千", "35000"),
        ("35k", "35000"),
        ("3.5W", "35000"),
        ("一千二", "1200"),
        ("两万", "20000"),
        ("一万", "10000"),
        ("十万", "100000"),
        ("一百零五", "105"),
        ("1,000,000", "1000000"),
        ("扣了五十", "扣了50"),
        ("二十四小时", "24小时"),
        ("三百多天", "300多天"),
        ("二十多万", "20多万"),
        ("十多万", "10多万"),
        ("借5万分3期", "借50000分3期"),
        ("3w能贷吗", "30000能贷吗"),
    ]);
}

#[test]
fn money_is_in_yuan() {
    check(&[
        ("五百块钱", "500元"),
        ("500块", "500元"),
        ("五百圆", "500元"),
        ("500元钱", "500元"),
        ("￥500", "500元"),
        ("¥ 500.00", "500元"),
        ("¥五百", "500元"),
        ("￥3.5万元", "35000元"),
        ("￥3w", "30000元"),
        ("500.00元", "500元"),
        ("500.50元", "500.50元"),
        ("5百蚊", "500元"),
        ("三万多块", "30000多元"),
        ("三块五", "3.5元"),
        ("三块五毛", "3.5元"),
        ("三块五毛钱", "3.5元"),
        ("3块5", "3.5元"),
        ("一块钱", "1元"),
        ("3w元", "30000元"),
        ("叁万伍仟元整", "35000元"),
        ("人民币壹拾万圆整", "人民币100000元"),
        ("五百元整", "500元"),
    ]);
}

#[test]
fn what_is_counted_is_counted_in_digits() {
    check(&[
        ("百分之五", "5%"),
        ("百分之三点五", "3.5%"),
        ("百分之零点零五", "0.05%"),
        ("百分之十二", "12%"),
        ("百分之5%", "5%"),
        ("五％", "5%"),
        ("七天", "7天"),
        ("七日年化", "7日年化"),
        ("两个月", "2个月"),
        ("一个月", "1个月"),
        ("一年", "1年"),
        ("十五号", "15号"),
        ("11月一号", "11月1号"),
        ("十一月十一日", "11月11日"),
        ("二〇二五年", "2025年"),
        ("二零二五年三月", "2025年3月"),
        ("第三期", "第3期"),
        ("第一次", "第1次"),
        ("第二十四条", "第24条"),
        ("六位密码", "6位密码"),
        ("两倍", "2倍"),
        ("三点到账", "3点到账"),
        ("三点十五分", "3点15分"),
        ("三到五天", "3到5天"),
        ("三至5个工作日", "3至5个工作日"),
        ("一到两天", "1到2天"),
        ("千分之五", "千分之5"),
        ("1个", "一个"),
        ("只能试1次", "只能试一次"),
        ("1个月", "1个月"),
        ("第1次", "第1次"),
    ]);
}

#[test]
fn a_numeral_in_a_word_stays() {
    let texts = "一下 一直 一起 一样 一些 一点 统一 万一 千万别 三方 第三方 二维码 四大行 五险一金 \
        星期一 周三 一个 一次 一张 一笔 十分 百度 百分百 百分之百 一卡通 两融 七七八八 二手 三农 \
        双十一 六一八 亿联 零钱 零钱通 余额宝 幺三八 一会儿 一方面 十几天 几十万 三五天 七八百 \
        两三千 半年 半个月 二百五 三天两头 十万火急 同一天 有一点 唯一 张三 第三人 第一时间 \
        三分之二 陆金所 登陆百度 收拾 上千 百万医疗 一二三类 三四十万 二级市场 周二十点 \
        星期三十点 一部分 一块 数十万 初三 三千万别 五千万一没到 一零零八六 二次验证 每一天 这一期 \
        一日三餐 一 三 十 两 万 零 第三";
    for text in texts.split_whitespace() {
        check(&[(text, text)]);
    }
    check(&[
        ("12306", "12306"),
        ("95188转2", "95188转2"),
        ("p2p", "p2p"),
        ("T+1", "t1"),
        ("a股三板", "a股三板"),
        ("4k屏", "4k屏"),
        ("18k金", "18k金"),
        ("65w快充", "65w快充"),
        ("3个月", "3个月"),
        ("v2.10.3", "v2.10.3"),
        ("007", "007"),
    ]);
}

#[test]
fn numbers_beside_each_other_stay_apart() {
    check(&[
        ("三万三天没到", "30000、3天没到"),
        ("提了五万一直没到", "提了50000一直没到"),
        ("3万15天", "30000、15天"),
        ("借三万五年还", "借30000、5年还"),
        ("三万，三天没到", "30000、3天没到"),
        ("交三万五险一金", "交30000五险一金"),
        ("转一百零钱", "转100零钱"),
        ("3-5天", "3、5天"),
        ("3，5天", "3、5天"),
        ("1、提现三天", "1提现3天"),
        ("充了五十一直没到", "充了50一直没到"),
        ("三十w", "300000"),
        ("三点五w", "35000"),
        ("几十w", "几十w"),
        ("放五萬一日有幾多", "放50000、1日有几多"),
        ("百分之三点几", "百分之三点几"),
        ("借一千七天还一千五", "借1000、7天还1500"),
        ("138-1234-5678", "13812345678"),
        ("6222 0202", "62220202"),
        ("10￥20", "10、20元"),
        ("3w，5天", "30000、5天"),
        ("app三天打不开", "app三天打不开"),
        ("2025-11-22", "20251122"),
    ]);
}

#[test]
fn a_stretch_leads_back_to_what_it_came_from() {
    let cases = [
        // (what it shows, text, characters of the normalised text, of the original)
        ("plain", "怎么还款", 2..4, 2..4),
        ("nothing", "", 0..0, 0..0),
        ("an empty stretch", "还款", 1..1, 0..0),
        ("past the end", "还款", 1..9, 1..2),
        ("after the end", "还款", 5..9, 0..0),
        ("full width", "还１０次", 1..3, 1..3),
        ("Traditional after emoji", "😀還款", 0..2, 1..3),
        ("over what was dropped", "还 （款）", 0..2, 0..4),
        ("one that became two", "㎡元", 1..2, 0..1),
        ("one that became two, and the next", "㎡元", 0..3, 0..2),
        ("a part of a folded number", "充三万五了", 2..3, 1..4),
        ("up to a folded number", "充三万五了", 0..1, 0..1),
        ("from a folded number on", "充三万五了", 5..7, 1..5),
        ("after it", "充三万五了", 6..7, 4..5),
        ("a folded unit alone", "还500块钱了", 4..5, 4..6),
        ("a price", "还￥ 500了", 1..5, 1..6),
        ("a percentage", "付百分之五吧", 1..3, 1..5),
        ("the second of two numbers", "三万三天", 5..8, 2..4),
    ];
    for (shows, text, chars, original) in cases {
        assert_eq!(normalize(text).original_range(chars), original, "{shows}: {text}");
    }
}

/// Texts thick with numerals and what decides over them.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[一二三五十百千万亿两零〇0-35.,，、 天个元块￥%％点之分第一直年wk月多几周到]{0,12}",
        "([三两一十]?[十百千万]?[一五零]?[万亿年天]?|[0-9]{1,4}[.,、]?|百分之|块钱?|[元wkW点多￥%之第周次到方个月毛整正,，。 -]){0,8}",
        "[壹贰叁陆拾佰仟万零百三元圆整块 5]{0,8}",
    ]
}

/// The numbers that stand in a text in digits.
fn numbers_of(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.').filter(|part| !part.is_empty()).collect()
}

proptest! {
    #[test]
    fn normalising_twice_is_normalising_once(text in texts()) {
        let once = normalize(&text).into_string();
        let twice = normalize(&once).into_string();
        prop_assert_eq!(twice, once, "{}", text);
    }

    #[test]
    fn every_character_has_an_origin_and_they_never_fall(text in texts()) {
        let normalized = normalize(&text);
        let chars = normalized.as_str().chars().count();
        let length = text.chars().count();
        prop_assert_eq!(chars, normalized.origins().len());
        prop_assert!(normalized.origins().is_sorted());
        prop_assert!(normalized.origins().iter().all(|&at| (at as usize) < length));
        let mut last = 0..0;
        for at in 0..chars {
            let range = normalized.original_range(at..at + 1);
            prop_assert!(range.start < range.end && range.end <= length, "{} {:?}", text, range);
            prop_assert!(range.start >= last.start && range.end >= last.end, "{}", text);
            last = range;
        }
    }

    #[test]
    fn an_amount_has_one_form(number in prop_oneof![1..1_000_u64, 0..=99_999_999_u64]) {
        let spelled = spell(number);
        let grouped = group(number);
        let wide: String = number.to_string().chars().map(full_width).collect();
        for typed in [spelled, grouped, wide, number.to_string()] {
            for unit in ["元", "块钱", "块 錢", "圆"] {
                let text = format!("要还{typed}{unit}吗");
                let skips = typed == "零" || (typed == "一" && unit == "块");
                if !skips {
                    let expected = format!("要还{number}元吗");
                    prop_assert_eq!(normalize(&text).into_string(), expected, "{}", text);
                }
            }
            if typed != "零" {
                let price = normalize(&format!("￥{typed}吗")).into_string();
                prop_assert_eq!(price, format!("{number}元吗"));
            }
        }
    }

    #[test]
    fn a_large_number_needs_no_unit(number in 20..=99_999_999_u64) {
        prop_assert_eq!(normalize(&format!("转了{}吗", spell(number))).into_string(), format!("转了{number}吗"));
        if number % 100 == 0 {
            let short = format!("{}.{:02}万", number / 10_000, number / 100 % 100);
            prop_assert_eq!(normalize(&short).into_string(), number.to_string());
        }
    }

    #[test]
    fn no_number_comes_from_nowhere(
        one in 1..1_000_000_u64,
        other in 1..40_u64,
        between in "[，、。！]|一直|然后|到账|块钱，|元|吗",
        spells in any::<(bool, bool)>(),
    ) {
        let write = |number: u64, spelled: bool| if spelled { spell(number) } else { number.to_string() };
        let first = write(one, spells.0);
        let text = format!("转{first}{between}{}天没到", write(other, spells.1));
        let normalized = normalize(&text).into_string();
        let meant = [one.to_string(), other.to_string(), "1".to_owned()];
        for number in numbers_of(&normalized) {
            prop_assert!(meant.iter().any(|meant| meant == number), "{} became {}", text, normalized);
        }
    }
}

fn full_width(digit: char) -> char {
    char::from_u32(u32::from(digit) - u32::from('0') + u32::from('０')).unwrap_or(digit)
}

fn group(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (digit, left) in digits.chars().zip((0..digits.len()).rev()) {
        grouped.push(digit);
        if left > 0 && left % 3 == 0 {
            grouped.push(',');
        }
    }
    grouped
}
