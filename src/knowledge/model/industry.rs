//! What belongs to a trade: its categories, and the words by which its questions are told apart.

use super::{categories::Categories, synonyms::Synonym};

/// What belongs to a trade, from `knowledge/industry.yaml`; what that does not say is
/// [`Industry::shipped`].
///
/// All words are normalised, as utterances are before they are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Industry {
    /// What entries may be about.
    pub categories: Categories,
    /// Groups of things that a customer has several of, with the same wishes for each: what is
    /// true of one is no answer about another.
    pub rivals: Vec<Vec<Thing>>,
    /// Firms and products that everybody knows. They exclude each other as rivals do.
    pub brands: Vec<Thing>,
    /// Opposite acts; “怎么开通” and “怎么关闭” differ in nothing else.
    pub opposites: Vec<Opposites>,
    /// Kinds of questions by their marks.
    pub question_kinds: Vec<QuestionKind>,
    /// Words that hold a question together and say nothing about its matter.
    pub stop_words: Vec<String>,
    /// What is polite and no part of a question.
    pub courtesies: Courtesies,
    /// Words with 不, 没, 未 or 无 that deny nothing, in the order in which they are taken out.
    pub not_denials: Vec<String>,
    /// Words of a dialect and the common one that stands for each, in the order in which they
    /// are replaced, before those of `same`.
    pub dialect: Vec<Synonym>,
    /// Common words that ask or say the same, and the one that stands for each, in the order in
    /// which they are replaced.
    pub same: Vec<Synonym>,
}

/// One of several things that exclude each other, by its names.
pub type Thing = Vec<String>;

/// Words for an act, and words for the opposite act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opposites {
    /// As 开通 and 打开.
    pub one: Vec<String>,
    /// As 关闭 and 取消.
    pub other: Vec<String>,
}

/// A kind of questions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionKind {
    /// Such as `how_long`.
    pub id: String,
    /// A question with one of them is of this kind. It may be of several.
    pub words: Vec<String>,
    /// By their places: kinds that a question of this kind is not of, whatever its words.
    pub over: Vec<usize>,
}

/// Courtesies at the ends of a question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Courtesies {
    /// Before it, such as 请问.
    pub before: Vec<String>,
    /// After it, such as 谢谢.
    pub after: Vec<String>,
}

impl Industry {
    /// Whether questions are read the same with both: everything but the categories.
    pub(crate) fn reads_like(&self, other: &Self) -> bool {
        let Self {
            categories: _,
            rivals,
            brands,
            opposites,
            question_kinds,
            stop_words,
            courtesies,
            not_denials,
            dialect,
            same,
        } = self;
        *rivals == other.rivals
            && *brands == other.brands
            && *opposites == other.opposites
            && *question_kinds == other.question_kinds
            && *stop_words == other.stop_words
            && *courtesies == other.courtesies
            && *not_denials == other.not_denials
            && *dialect == other.dialect
            && *same == other.same
    }
}
