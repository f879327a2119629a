//! Guesses what a mistyped word was meant to be.

/// The nearest of some words, if one is near enough to be meant. The first of equals.
pub(crate) fn nearest<'w>(word: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    // One slip in a short word, up to three in a long one.
    let limit = match word.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    };
    words
        .map(|known| (distance(word, known), known))
        .filter(|(distance, _)| (1..=limit).contains(distance))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// Insertions, deletions, replacements and swaps of neighbours that lead from one word to
/// the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before_last = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let replaced = last[j] + usize::from(x != y);
            let mut best = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                let swapped: &Vec<usize> = &before_last;
                best = best.min(swapped[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
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
