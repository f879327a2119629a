//! Guesses the known word that a mistyped one was meant to be.

use strsim::osa_distance;

/// The nearest of the known words, if one is near enough; the first of equally near ones.
pub(crate) fn nearest<'w>(word: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    // A short word may have one slip, a long one up to three.
    let limit = match word.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    };
    words
        .map(|known| (osa_distance(word, known), known))
        .filter(|(distance, _)| (1..=limit).contains(distance))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_guessed_and_another_word_is_not() {
        let known = ["answer", "question", "similar", "not", "follow_ups"];
        let cases = [
            // (what it shows, word, guess)
            ("neighbours swapped", "anwser", Some("answer")),
            ("a letter lost", "simlar", Some("similar")),
            ("a letter too many", "questions", Some("question")),
            ("an underscore for a dash", "follow-ups", Some("follow_ups")),
            ("another word", "title", None),
            ("a short word is not stretched", "no", None),
            ("the word itself is not a slip", "not", None),
        ];
        for (shows, word, expected) in cases {
            assert_eq!(nearest(word, known.iter().copied()), expected, "{shows}");
        }
    }
}
