//! What keeps the first candidate from an answer at once, however likely it is. It may still be
//! shown as a choice.
//!
//! A likelihood says how well candidates fit in general. These are the few cases in which a good
//! fit says nothing, because the utterance does not say what it is about, or says that it is
//! about something else.

use std::collections::BTreeSet;

/// Why the first candidate is not answered, or acted on, at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// The utterance is nothing but interjections and imitated sounds. It is not even worth
    /// choices.
    Sounds,
    /// The utterance names no subject, as in 怎么买.
    NoSubject,
    /// The utterance is nearer to a `not` line of the entry than to its questions.
    NotLine,
    /// The utterance is about something that the entry has nowhere, nor anything like it.
    ForeignWord,
}

/// What a word may be the name of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Naming {
    /// Many entries have it, so it tells no firm from another.
    pub(super) is_common: bool,
    /// It is one of the brands of the trade.
    pub(super) is_brand: bool,
    /// It may be the name of a thing: a noun, or a word that no dictionary has.
    pub(super) is_noun: bool,
}

/// A word that the wordings of this many entries and intents have is common, such as app.
pub(super) const COMMON_PROFILES: u32 = 5;

/// In an utterance of at most this many characters, the word that comes first is the subject. In a
/// longer one it is mostly the beginning of a story.
const SHORT_CHARS: usize = 14;

/// How many characters a subject needs: with a single one, such as 买 or 退, nobody knows what is
/// bought.
const TOPIC_CHARS: usize = 2;

/// Interjections, particles and characters that imitate sounds. They are grammar, as 不 and 没 are.
const SOUNDS: &str = "啊呀呢哦哈嘛吖吧吗啦呗咯喽嘞哩咧呐哇哟呦噢喔嗯唔呃诶欸哎唉嗨嗐嘿嘻呵嚯咦啧咳咔\
                      哼喂呸嘘嗷呜嘎嘤嘟嘀嗒哒咚叮当铛噔噗砰啪嘭嘣轰隆哐咣呼噜吱嘶咕呱叽喳喵汪咩哞吼吁呕么略啵";

/// Characters of words that hold a question together. A guessed word with one of them is a piece
/// of grammar and no name.
const FUNCTIONAL: &str = "的了着过吗呢啊呀吧嘛么我你您他她它们咱俺是在有就都也还和与跟把被给让对从到要想\
                          能可以会请一下个这那哪怎如何样什啥多少几因所然后现直已经需办问不没别又再才很太真\
                          上里外来去说看听找用弄做点些好得嘅咗喺畀佢系";

/// Whether a text is nothing but sounds.
pub(super) fn is_sounds(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| SOUNDS.contains(c))
}

/// Whether two texts have the same characters, however often: 哈哈 and 哈哈哈哈.
pub(super) fn has_same_chars(one: &str, other: &str) -> bool {
    let chars = |text: &str| text.chars().collect::<BTreeSet<char>>();
    chars(one) == chars(other)
}

/// Whether the words of an utterance, stop words aside, name a subject.
pub(super) fn has_subject(words: &[&str]) -> bool {
    let is_functional = |word: &str| word.chars().all(|c| FUNCTIONAL.contains(c));
    let topical = words.iter().filter(|word| !is_interrogative(word) && !is_functional(word));
    if topical.clone().any(|word| is_latin(word)) {
        return true;
    }
    let chars = topical.flat_map(|word| word.chars()).filter(|c| c.is_alphabetic());
    chars.collect::<BTreeSet<char>>().len() >= TOPIC_CHARS
}

/// Whether a word only asks: 多久, 几天, 何时.
fn is_interrogative(word: &str) -> bool {
    const FIRST: [char; 8] = ['几', '何', '哪', '怎', '咋', '啥', '谁', '甚'];
    const MUCH: [&str; 6] = ["多久", "多少", "多长", "多大", "多会", "多快"];
    word.starts_with(FIRST) || MUCH.iter().any(|one| word.starts_with(one))
}

fn is_latin(word: &str) -> bool {
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    word.is_ascii() && letters >= 2
}

/// The word by which an utterance is about something else: one of those at the places
/// `unmatched`, which the entry has nowhere, nor anything like it. That is
///
/// - a word in Latin letters, which is mostly a name, or a brand, wherever it stands;
/// - the first word of a short utterance, if it may be a name. Chinese puts the subject first: in
///   工资多久到账 the first word decides, in 提现的工资还没到 it does not.
pub(super) fn foreign_word<'a>(
    core: &str,
    words: &[&'a str],
    unmatched: &[usize],
    naming: impl Fn(&str) -> Naming,
) -> Option<&'a str> {
    let words_of = || unmatched.iter().filter_map(|&place| words.get(place).copied());
    let is_name = |word: &str| {
        let naming = naming(word);
        naming.is_brand || is_latin(word) && !naming.is_common
    };
    if let Some(name) = words_of().find(|word| is_name(word)) {
        return Some(name);
    }
    let is_short = core.chars().count() <= SHORT_CHARS;
    let first = first_whole(words).filter(|_| is_short)?;
    let is_subject = words_of().any(|word| word == first)
        && first.chars().nth(1).is_some()
        && !first.chars().any(|c| FUNCTIONAL.contains(c) || c.is_ascii())
        && naming(first).is_noun;
    is_subject.then_some(first)
}

/// The first word, as the longest of those that overlap it: shorter words stand before the longer
/// one that has them.
fn first_whole<'a>(words: &[&'a str]) -> Option<&'a str> {
    let first = *words.first()?;
    let overlapping = words.iter().take(4).filter(|word| word.starts_with(first));
    overlapping.max_by_key(|word| word.len()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_more_than_a_question() {
        let cases: [(&str, &[&str], bool); 8] = [
            // (what it shows, words, expected)
            ("none", &[], false),
            ("a question word", &["多久"], false),
            ("a single act", &["买", "几天"], false),
            ("grammar alone", &["多久", "能到"], false),
            ("an act of two characters", &["提现"], true),
            ("two words of one", &["卡", "丢"], true),
            ("a word in Latin letters", &["vip"], true),
            ("a number", &["15", "3"], false),
        ];
        for (shows, words, expected) in cases {
            assert_eq!(has_subject(words), expected, "{shows}");
        }
    }

    #[test]
    fn sounds_are_told_from_words() {
        for sounds in ["嗷呜嘎嘎啦啦", "啊", "嗯嗯哦"] {
            assert!(is_sounds(sounds), "{sounds}");
        }
        for words in ["", "好啊", "啊123", "喵要吃鱼"] {
            assert!(!is_sounds(words), "{words}");
        }
    }

    #[test]
    fn a_foreign_word_is_a_name_or_the_subject() {
        type Case = (
            &'static str,
            &'static str,
            &'static [&'static str],
            &'static [usize],
            Naming,
            Option<&'static str>,
        );
        let noun = Naming { is_noun: true, ..Naming::default() };
        let brand = Naming { is_brand: true, ..noun };
        let common = Naming { is_common: true, ..Naming::default() };
        let verb = Naming::default();
        let cases: [Case; 9] = [
            // (what it shows, core, words, unmatched, naming, expected)
            ("Latin", "提现到paypal", &["提现", "paypal"], &[1], verb, Some("paypal")),
            ("Latin and common", "提现到app", &["提现", "app"], &[1], common, None),
            ("a brand", "提现到微信", &["提现", "微信"], &[1], brand, Some("微信")),
            ("the first word", "工资多久到账", &["工资", "多久", "到账"], &[0], noun, Some("工资")),
            (
                "a whole word",
                "社保卡丢了",
                &["社保", "社保卡", "丢"],
                &[0, 1],
                noun,
                Some("社保卡"),
            ),
            ("matched in part", "社保卡丢了", &["社保", "社保卡", "丢"], &[0], noun, None),
            ("no name", "死活绑不上", &["死活", "绑"], &[0], verb, None),
            ("not the first", "提现的工资多久到账", &["提现", "工资"], &[1], noun, None),
            ("all matched", "提现多久到账", &["提现", "到账"], &[], noun, None),
        ];
        for (shows, core, words, unmatched, naming, expected) in cases {
            assert_eq!(foreign_word(core, words, unmatched, |_| naming), expected, "{shows}");
        }
        let story = "侄女上个月在你们这里买的众筹杯子坏了";
        assert_eq!(foreign_word(story, &["侄女", "众筹"], &[0], |_| noun), None, "a story");
        assert_eq!(foreign_word("我想改绑", &["我想", "改绑"], &[0], |_| noun), None, "grammar");
    }
}
