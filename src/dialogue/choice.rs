//! Finds which of the choices shown a customer means by a number or a yes.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

/// With a mark of order or choosing: “第一个”, “选2”, “我要第三个问题”. Without one, “一个” is
/// an amount: “我想问一个问题”.
static MARKED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        "^[我就要想问問看是]{0,4}(?:(?:选择?|選擇?|点|點)第?|第)([0-9]{1,2}|[一二两兩三四五])\
         [个個条條项項号號种種]?(?:问题|問題)?[吧的呢啊]?$",
    )
    .expect("a valid pattern")
});

/// Alone: “1”, “二”, “3号”, “我要1”.
static BARE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("^(?:我?要)?([0-9]{1,2})[号號吧]?$|^([一二三四五])[号號吧]?$")
        .expect("a valid pattern")
});

/// Yes to “您是想问「…」吗？”.
static YES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        "^(?:[是对對嗯恩哦喔噢好系係啱]|可以|没错|沒錯|正是|就是|对头|對頭|ok|okay|yes|[要想][问問]?)\
         (?:[是对對嗯恩好]|这个|這個|这|這|它|的|了|啊|呀|哦|呢|吧|啦|滴|没错|沒錯|谢谢|謝謝)*$",
    )
    .expect("a valid pattern")
});

/// The index, from 0, of the choice that is named by its number, or by a yes to the only choice.
/// `None` for any other text, and for a number beyond the choices.
pub(super) fn index_in(text: &str, choices: usize) -> Option<usize> {
    let mut folded: String =
        text.nfkc().filter(|c| !c.is_whitespace() && !"、。,!?()#:~".contains(*c)).collect();
    // A stop after the number is not a decimal point.
    folded.truncate(folded.trim_end_matches('.').len());
    if choices == 1 && YES.is_match(&folded.to_lowercase()) {
        return Some(0);
    }
    let found = MARKED.captures(&folded).or_else(|| BARE.captures(&folded))?;
    let digits = found.iter().skip(1).flatten().next()?.as_str();
    let number = match digits {
        "一" => 1,
        "二" | "两" | "兩" => 2,
        "三" => 3,
        "四" => 4,
        "五" => 5,
        arabic => arabic.parse().ok()?,
    };
    (1..=choices).contains(&number).then(|| number - 1)
}

#[cfg(test)]
mod tests {
    use super::index_in;

    #[test]
    fn numbers_name_choices_and_amounts_do_not() {
        let cases = [
            // (what it shows, text, choice from 0 of three)
            ("a digit", "1", Some(0)),
            ("full width", "２", Some(1)),
            ("circled", "③", Some(2)),
            ("with a stop", "2.", Some(1)),
            ("with a Chinese stop", "2。", Some(1)),
            ("in brackets", "（3）", Some(2)),
            ("an order", "第一个", Some(0)),
            ("an order in the traditional script", "第二個", Some(1)),
            ("an order with a digit and spaces", " 第 2 个 ", Some(1)),
            ("an order, politely", "我要第三个吧", Some(2)),
            ("a question by its order", "第一个问题", Some(0)),
            ("choosing", "选2", Some(1)),
            ("choosing in full", "我选择第二条", Some(1)),
            ("wanting a digit", "我要1", Some(0)),
            ("a numeral", "二", Some(1)),
            ("not so many choices", "4", None),
            ("none", "0", None),
            ("an amount of questions", "我想问一个问题", None),
            ("an amount of money", "2元", None),
            ("a rate", "3%", None),
            ("a decimal", "1.5", None),
            ("a little", "一点", None),
            ("a time", "三点", None),
            ("a verification code", "123456", None),
            ("choosing is hard", "选择困难", None),
            ("nothing", "", None),
        ];
        for (shows, text, expected) in cases {
            assert_eq!(index_in(text, 3), expected, "{shows}: {text}");
        }
    }

    #[test]
    fn a_yes_takes_the_one_choice() {
        for text in [
            "是",
            "是的",
            "对",
            "對啊",
            "嗯嗯",
            "没错",
            "就是这个",
            "好的，谢谢",
            "OK",
            "係",
            "想问这个",
        ] {
            assert_eq!(index_in(text, 1), Some(0), "{text}");
            assert_eq!(index_in(text, 2), None, "{text}");
        }
        for text in [
            "不是",
            "是不是",
            "是多久",
            "不对",
            "对方骗了我",
            "好像不是",
            "是吗",
            "就是不行",
            "想死",
        ] {
            assert_eq!(index_in(text, 1), None, "{text}");
        }
        assert_eq!(index_in("1", 1), Some(0));
    }
}
