use proptest::prelude::*;
use regex::Regex;

use super::{Denials, LikelyBreach, Rule, RuleBook, Speaker};
use crate::text::{Composition, CompositionTerm, Concept};

fn words(words: &str) -> Vec<String> {
    words.split_whitespace().map(str::to_owned).collect()
}

fn rule(code: &str, found: &str, unless: &str) -> Rule {
    Rule {
        code: code.to_owned(),
        name: "承诺".to_owned(),
        words: words(found),
        patterns: Vec::new(),
        compositions: Vec::new(),
        unless: words(unless),
        is_forbidden: true,
        applies_to: vec![Speaker::Answer],
        classes: Vec::new(),
        source: "法律".to_owned(),
        mend: "改".to_owned(),
    }
}

fn book() -> RuleBook {
    let promise =
        rule("CP001", "保本 保息 稳赚 稳赚不赔 收益率 零风险", "确保本 保本人 风险评估 报喜");
    let code = Rule {
        patterns: vec![Regex::new("把.{0,6}验证码.{0,4}给我").unwrap()],
        ..rule("CP002", "", "")
    };
    let denials = Denials {
        before: words("不 不是 没有 不承诺 谨防 任何承诺"),
        after: words("都是骗局 的宣传"),
        asks: words("吗"),
        turns: words("而是 别家 请"),
    };
    RuleBook::new(vec![promise, code], Vec::new(), &denials)
}

/// The finds in a text, as they stand there.
fn found(text: &str) -> String {
    told(&book(), text)
}

fn told(book: &RuleBook, text: &str) -> String {
    let found = book
        .review(text, Speaker::Answer, None)
        .into_iter()
        .map(|finding| finding.words(text))
        .collect::<Vec<String>>();
    found.join(" ")
}

#[test]
fn words_are_found_however_they_are_disguised() {
    let cases = [
        // (what it shows, text, words found)
        ("as it is", "这款保本", "保本"),
        ("the longest speaks for all", "稳赚不赔的", "稳赚不赔"),
        ("two at once", "保本保息", "保本 保息"),
        ("spaces", "保 \u{3000}本", "保 \u{3000}本"),
        ("an asterisk and an emoji", "保*本，保😀息", "保*本 保😀息"),
        ("zero width", "保\u{200b}本", "保\u{200b}本"),
        ("too far apart", "保 ******* 本", ""),
        ("Traditional", "穩賺不賠", "穩賺不賠"),
        ("full width and a look-alike", "保夲，Ｏ风险", "保夲 Ｏ风险"),
        ("a digit for a character", "0风险", "0风险"),
        ("Cyrillic pinyin", "bаоben", "bаоben"),
        ("pinyin", "稳稳的 baoben", "baoben"),
        ("pinyin with accents and a space", "Bǎo běn", "Bǎo běn"),
        ("half in pinyin", "bao本，保xi", "bao本 保xi"),
        ("ü by its key", "shouyilv", "shouyilv"),
        ("homophones", "宝本又稳撰", "宝本 稳撰"),
        ("single characters between marks", "“保”“本”", "保”“本"),
        ("a mark between other words", "担保，本公司", ""),
        ("inside a harmless word", "请确保本人操作", ""),
        ("a harmless word that goes on", "没有零风险评估", ""),
        ("a harmless homophone", "保本，报喜", "保本"),
        ("a homophone inside a common word", "宝本子", ""),
        ("the end of another Latin word", "taobao本店", ""),
        ("the beginning of a longer syllable", "wenzhuang", ""),
        ("two characters that both only sound alike", "抱笨", ""),
    ];
    for (shows, text, expected) in cases {
        assert_eq!(found(text), expected, "{shows}");
    }
}

#[test]
fn a_denial_takes_a_word_back() {
    let cases = [
        // (what it shows, text, words found)
        ("at once before it", "理财不保本", ""),
        ("through quotation marks", "没有“零风险”的投资", ""),
        ("some letters away", "我们不承诺任何产品保本、保息", ""),
        ("a short one that denies something else", "不怕亏保本", "保本"),
        ("behind a comma", "不怕亏，保本", "保本"),
        ("not only", "不仅保本", "保本"),
        ("twice is not at all", "不是不保本", "保本"),
        ("there is nothing that does not", "没有不保本的", "保本"),
        ("but", "这不是理财而是保本存款", "保本"),
        ("a warning", "谨防“稳赚不赔”的套路", ""),
        ("a warning behind it", "保本、稳赚，这些都是骗局", ""),
        ("a question", "它保本吗", ""),
        ("what others do", "我们保本，别家都是骗局", "保本"),
        ("another sentence", "我们保本。那些都是骗局", "保本"),
        ("a list under a warning", "这些都是骗局：\n- 转账\n- 保本", ""),
        ("a list under a denial", "我们**不承诺**：\n\n1. 零风险\n2. 保本", ""),
        ("a list under something else", "不承诺什么。好处：\n- 保本", "保本"),
        ("a list right under a warning", "这些都是骗局。\n- 保本", ""),
        ("a list some way under a warning", "这些都是骗局。\n\n- 保本", "保本"),
        ("after the list", "都是骗局：\n- 转账\n\n我们保本", "保本"),
        ("too far", "不承诺一二三四五六七八九十一二三四五六七保本", "保本"),
    ];
    for (shows, text, expected) in cases {
        assert_eq!(found(text), expected, "{shows}");
    }
}

#[test]
fn what_a_customer_asks_for_is_found() {
    let rule = Rule { applies_to: vec![Speaker::Customer], ..rule("CP014", "套现", "") };
    let denials =
        Denials { asks: words("吗 有没有"), after: words("违法"), ..Denials::default() };
    let book = RuleBook::new(vec![rule], Vec::new(), &denials);
    let count = |text| book.review(text, Speaker::Customer, None).len();
    assert_eq!(count("有没有人能帮我套现吗"), 1);
    assert_eq!(count("套现违法吗"), 0);
}

#[test]
fn patterns_see_normalised_sentences() {
    assert_eq!(found("请 把收到的【驗證碼】发给我"), "把收到的【驗證碼】发给我");
    assert_eq!(found("请把它收好。验证码不要给我"), "");
    assert_eq!(found("不要请人把验证码给我"), "把验证码给我");
    assert_eq!(found("谨防把验证码给我"), "");
    assert_eq!(found("把“验证码”都是骗局给我"), "");
}

#[test]
fn a_rule_judges_only_whom_it_is_for() {
    let rule = Rule { classes: words("general"), ..rule("CP001", "保本", "") };
    let book = RuleBook::new(vec![rule], Vec::new(), &Denials::default());
    let count = |speaker, class| book.review("保本", speaker, class).len();
    assert_eq!(count(Speaker::Answer, Some("general")), 1);
    assert_eq!(count(Speaker::Answer, Some("invest")), 0);
    assert_eq!(count(Speaker::Answer, None), 0);
    assert_eq!(count(Speaker::Agent, Some("general")), 0);
}

/// A book with compositions of `secret`, `hand`, `me` and `gain`, `certain`, in which 提醒 is excluded.
fn composed() -> RuleBook {
    let concept = |(name, alike): (&str, &str)| Concept {
        name: name.to_owned(),
        words: Vec::new(),
        alike: words(alike),
    };
    let concepts = [
        ("秘密", "验证码 密码"),
        ("交出", "发 报 告诉 念 要您发"),
        ("给我", "给我 我 过来"),
        ("收益", "收益 利息"),
        ("确定", "一定 不会亏"),
        ("提醒", "提醒"),
    ];
    let term = |(concept, follows)| CompositionTerm { concept, follows };
    let secret = Composition {
        terms: [(0, false), (1, true), (2, true)].map(term).to_vec(),
        without: vec![5],
    };
    let gain = Composition { terms: [(3, false), (4, false)].map(term).to_vec(), without: vec![] };
    let secret = Rule { compositions: vec![secret], ..rule("CP009", "", "我行密码") };
    let gain = Rule { compositions: vec![gain], ..rule("CP001", "一定稳赚 稳赚", "") };
    let denials = Denials {
        before: words("不 别 没 不会 不要 不需要 不用 没有 谨防"),
        after: words("都是骗子 的说法"),
        asks: words("吗"),
        turns: words("担心 而是"),
    };
    RuleBook::new(vec![secret, gain], concepts.map(concept).to_vec(), &denials)
}

#[test]
fn concepts_are_found_where_they_meet() {
    let cases = [
        // (what it shows, text, words found)
        ("in order", "验证码快点发给我", "验证码快点发给我"),
        ("in another order", "发给我看验证码", ""),
        ("a word over a comma", "验证码发出过，来了", ""),
        ("far apart", "验证码您收到以后麻烦尽快报一下给我", "验证码您收到以后麻烦尽快报一下给我"),
        ("too far", "验证码您收到以后先不用理它等会儿我们同事到了您家门口再报给我", ""),
        ("over a comma", "验证码收到了吧，报给我", "验证码收到了吧，报给我"),
        ("over the end of a sentence", "验证码收到了。报给我", ""),
        ("in any order", "一定有收益，利息一定有", "一定有收益 利息一定"),
        ("disguised", "驗 證*码ｆa 发给我", "驗 證*码ｆa 发给我"),
        ("by its sound", "燕正吗发过来", "燕正吗发过来"),
        ("in pinyin", "yanzhengma发我", "yanzhengma发我"),
        ("an excluded concept", "提醒您验证码发我", ""),
        (
            "an excluded concept, far away",
            "提醒您一下今天下午三点我们系统要升级，验证码发我",
            "验证码发我",
        ),
        ("an excluded concept in another sentence", "提醒您。验证码发我", "验证码发我"),
        ("a harmless part", "我行密码发给我们", ""),
        ("twice", "验证码发我，密码发我", "验证码发我 密码发我"),
        ("a word of the rule within it", "收益一定稳赚", "一定稳赚"),
    ];
    for (shows, text, expected) in cases {
        assert_eq!(told(&composed(), text), expected, "{shows}");
    }
}

#[test]
fn a_composition_is_denied_before_and_inside_it() {
    let cases = [
        // (what it shows, text, words found)
        ("before it", "我们不会要您把验证码发给我", ""),
        ("inside it", "验证码不要发给我", ""),
        ("a short one inside it", "验证码别发给我", ""),
        ("a short one that denies something else", "验证码没过期就发给我", "验证码没过期就发给我"),
        ("before it, behind a comma", "不用担心，验证码给我发我就行", "验证码给我发我"),
        ("before what ends its reach", "不用担心验证码发我就行", "验证码发我"),
        ("inside it, behind a comma", "验证码不用给别人看，发我就行", "验证码不用给别人看，发我"),
        ("into a part", "验证码不需要您发给我", ""),
        ("a part with those letters", "验证码要您发给我", "验证码要您发给我"),
        ("after it", "验证码发我的都是骗子", ""),
        ("a warning inside it", "验证码都是骗子让您发我", ""),
        ("a question", "验证码发我吗", ""),
        ("one is denied, another not", "验证码别发给他，验证码发我", "验证码发我"),
        ("what is denied is meant", "收益不会亏", "收益不会亏"),
        ("what is denied is meant, in order", "不会亏的收益", "不会亏的收益"),
        ("the denial is denied", "没有不会亏的收益", ""),
        ("a list under a warning", "这些都是骗子：\n- 验证码发我", ""),
    ];
    for (shows, text, expected) in cases {
        assert_eq!(told(&composed(), text), expected, "{shows}");
    }
}

#[test]
fn the_whole_sentence_is_weighed_where_the_operator_asks_for_it() {
    let everybody = vec![Speaker::Answer, Speaker::Agent, Speaker::Customer];
    let rule = |code, word| Rule { applies_to: everybody.clone(), ..rule(code, word, "") };
    let limits = LikelyBreach { alone: 900, with_concepts: 500, with_words: 100 };
    let weighing =
        |rules, likely| RuleBook::weighing(rules, Vec::new(), &Denials::default(), likely);
    let plain = weighing(vec![rule("CP001", "稳赚")], None);
    let weighed = weighing(vec![rule("CP001", "稳赚")], Some(limits));
    let codes = |book: &RuleBook, text: &str, speaker| {
        let found = book.review(text, speaker, None);
        found.iter().map(|one| one.rule.code.clone()).collect::<Vec<_>>().join(" ")
    };
    let sideways = "本金这块您把心放肚子里，亏了算我们公司的";
    let proper = "这款不是存款，谁跟您说稳赚您都别信，请看清风险再决定";
    let cases = [
        // (what it shows, text, speaker, codes without the weights, and with them)
        ("no word names it", sideways, Speaker::Agent, "", "CP001"),
        ("of an answer", sideways, Speaker::Answer, "", "CP001"),
        ("of a customer", sideways, Speaker::Customer, "", ""),
        ("the opposite is said", proper, Speaker::Agent, "CP001", ""),
        ("nothing is said", "", Speaker::Agent, "", ""),
    ];
    for (shows, text, speaker, expected, weighed_as) in cases {
        assert_eq!(codes(&plain, text, speaker), expected, "{shows}");
        assert_eq!(codes(&weighed, text, speaker), weighed_as, "{shows}");
    }
    let found = weighed.review(&format!("{}。{sideways}", "您好".repeat(40)), Speaker::Agent, None);
    assert!(found.iter().all(|one| one.chars.len() <= 65), "a part of a long text is told");
    assert!(!found.is_empty());
    let warning = Rule { is_forbidden: false, ..rule("CP007", "公司") };
    let both = weighing(vec![rule("CP001", "稳赚"), warning], Some(limits));
    let found_by = codes(&both, sideways, Speaker::Agent);
    assert_eq!(found_by, "CP001 CP007", "a warning hides nothing");
    let unknown = weighing(vec![rule("CP901", "稳赚")], Some(limits));
    assert_eq!(codes(&unknown, proper, Speaker::Agent), "CP901", "a rule that is not learnt");
}

proptest! {
    /// For any text, each find lies in the text, and denials cause no failure.
    #[test]
    fn places_lie_in_the_text(text in "[保本宝零0oｂaobenwzhun不是没有，。 “”*吗都骗局\u{200b}①]{0,40}") {
        let count = text.chars().count();
        for finding in book().review(&text, Speaker::Answer, None) {
            prop_assert!(finding.chars.start < finding.chars.end && finding.chars.end <= count);
        }
    }

    /// The same for compositions, which are never found over the end of a sentence.
    #[test]
    fn concepts_lie_in_one_sentence(text in "([验证码密发报给我收益一定提醒不会亏别没担心，。 \n]|验证码|发给我){0,40}") {
        let count = text.chars().count();
        for finding in composed().review(&text, Speaker::Answer, None) {
            prop_assert!(finding.chars.start < finding.chars.end && finding.chars.end <= count);
            let words = finding.words(&text);
            prop_assert!(!words.contains(['。', '\n']), "{words}");
        }
    }

    /// Separators between letters never hide a word.
    #[test]
    fn noise_hides_nothing(noise in "[ *_~\\-\u{200b}😀·]{0,3}") {
        let text = format!("稳{noise}赚");
        prop_assert!(!found(&text).is_empty());
    }
}
