//! How one list becomes another with few changes.

/// One step on the way, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step<'n> {
    /// The old item stays.
    Keep(usize),
    /// The old item gets a new text.
    Replace(usize, &'n str),
    /// The old item goes.
    Delete(usize),
    /// A new item comes.
    Insert(&'n str),
}

/// Most pairs of items that are compared to find what stays in the middle of two lists;
/// beyond, all of the middle is written anew. 2,000 lines each, ten times a long list.
const PAIRS_MAX: usize = 4_000_000;

/// The steps from one list to another; what both have in the same order stays.
pub(super) fn steps<'n>(old: &[Option<&str>], new: &'n [String]) -> Vec<Step<'n>> {
    let is_same = |(old, new): (Option<&str>, &String)| old == Some(new.as_str());
    let first = old.iter().copied().zip(new).take_while(|pair| is_same(*pair)).count();
    let (old_rest, new_rest) = (old.iter().copied().skip(first), new.iter().skip(first));
    let last = old_rest.rev().zip(new_rest.rev()).take_while(|pair| is_same(*pair)).count();
    let (old_end, new_end) = (old.len() - last, new.len() - last);

    let mut steps: Vec<Step<'n>> = (0..first).map(Step::Keep).collect();
    let (mut at_old, mut at_new) = (first, first);
    let common = common(old, new, first..old_end, first..new_end);
    for (next_old, next_new) in common.into_iter().chain([(old_end, new_end)]) {
        while at_old < next_old && at_new < next_new {
            steps.push(Step::Replace(at_old, &new[at_new]));
            (at_old, at_new) = (at_old + 1, at_new + 1);
        }
        steps.extend((at_old..next_old).map(Step::Delete));
        steps.extend(new[at_new..next_new].iter().map(|item| Step::Insert(item)));
        if next_old < old_end {
            steps.push(Step::Keep(next_old));
        }
        (at_old, at_new) = (next_old + 1, next_new + 1);
    }
    steps.extend((old_end..old.len()).map(Step::Keep));
    steps
}

/// A longest common subsequence of two stretches, as pairs of indices.
fn common(
    old: &[Option<&str>],
    new: &[String],
    olds: std::ops::Range<usize>,
    news: std::ops::Range<usize>,
) -> Vec<(usize, usize)> {
    let (height, width) = (olds.len(), news.len());
    if height.saturating_mul(width) > PAIRS_MAX {
        return Vec::new();
    }
    let is_same = |i: usize, j: usize| old[olds.start + i] == Some(new[news.start + j].as_str());
    let row = width + 1;
    // How long the longest is from each pair to the ends.
    let mut longest = vec![0_u32; (height + 1) * row];
    for i in (0..height).rev() {
        for j in (0..width).rev() {
            longest[i * row + j] = if is_same(i, j) {
                longest[(i + 1) * row + j + 1] + 1
            } else {
                longest[(i + 1) * row + j].max(longest[i * row + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < height && j < width {
        if is_same(i, j) {
            pairs.push((olds.start + i, news.start + j));
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * row + j] >= longest[i * row + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_lists_have_stays() {
        let cases = [
            // (what it shows, old, new, steps)
            ("nothing changed", "ab", "ab", "=a =b"),
            ("one reworded", "abc", "axc", "=a b>x =c"),
            ("one added in the middle", "ac", "abc", "=a +b =c"),
            ("one added in front", "b", "ab", "+a =b"),
            ("one taken away", "abc", "ac", "=a -b =c"),
            ("two far changes", "abcde", "xbcdy", "a>x =b =c =d e>y"),
            ("all taken away", "ab", "", "-a -b"),
            ("repeated ones", "aa", "a", "=a -a"),
        ];
        for (shows, old, new, expected) in cases {
            let old: Vec<String> = old.chars().map(String::from).collect();
            let new: Vec<String> = new.chars().map(String::from).collect();
            let texts: Vec<Option<&str>> = old.iter().map(|text| Some(text.as_str())).collect();
            let shown: Vec<String> = steps(&texts, &new)
                .into_iter()
                .map(|step| match step {
                    Step::Keep(at) => format!("={}", old[at]),
                    Step::Replace(at, text) => format!("{}>{text}", old[at]),
                    Step::Delete(at) => format!("-{}", old[at]),
                    Step::Insert(text) => format!("+{text}"),
                })
                .collect();
            assert_eq!(shown.join(" "), expected, "{shows}");
        }
    }
}
