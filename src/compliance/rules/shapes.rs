//! Characters that look alike.

use std::{collections::HashMap, sync::LazyLock};

/// The plain character that a look-alike replaces.
pub(super) fn plain_of(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    match c {
        // Greek and Cyrillic letters, in lower case.
        'α' | 'а' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' => 'e',
        'һ' => 'h',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' => 'm',
        'п' | 'η' => 'n',
        'о' | 'ο' | 'σ' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'ц' | 'υ' => 'u',
        'ѵ' | 'ν' => 'v',
        'ѡ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        '○' | '◯' | '⭕' => '〇',
        '\u{3400}'..='\u{9fff}' => VARIANTS.get(&c).copied().unwrap_or(c),
        _ => c,
    }
}

/// Variants, Japanese forms and look-alikes that are not Traditional forms.
static VARIANTS: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    const FROM: &str = "夲夳穏険収囯囻髙囘囬宻亾曰銭権営両壱従徴徳増蔵黒児団囲図広応価実験歩済発変関転軽辺込滝渋塩剤竜倹検剣圏単厳戦弾銀鉄拝択沢訳釈駅仮気殻売読続継絵恵巣悪亜挙処拠様楽薬嬢譲醸壌焼暁勧観歓鶏渓斉斎舗総聡県蛍栄労覚貮弍弎佋啇吿囸夨伱祢妳帐";
    const TO: &str = "本太稳险收国国高回回密亡日钱权营两一从征德增藏黑儿团围图广应价实验步济发变关转轻边入泷涩盐剂龙俭检剑圈单严战弹银铁拜择泽译释驿假气壳卖读续继绘惠巢恶亚举处据样乐药娘让酿壤烧晓劝观欢鸡溪齐斋铺总聪县萤荣劳觉二二三绍商告日失你你你账";
    FROM.chars().zip(TO.chars()).collect()
});

/// The shape of a plain character: a digit, and the letters and characters that replace it, have
/// the same shape.
pub(super) fn shape_of(c: char) -> char {
    match c {
        'o' | '〇' | '零' => '0',
        'l' | '一' | '壹' => '1',
        '二' | '贰' | '两' => '2',
        '三' | '叁' => '3',
        '百' | '佰' => '佰',
        _ => c,
    }
}
