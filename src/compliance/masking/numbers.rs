//! Joins digits that form one number, in any script and across separators.

use super::cells::Cell;
use super::words::GAP_WORDS;

/// Digits in a row from one position of a text, in groups with gaps between them.
#[derive(Debug)]
pub(super) struct DigitRun {
    digits: String,
    groups: Vec<DigitGroup>,
}

/// The first groups of a run, read as one number.
#[derive(Clone, Copy, Debug)]
pub(super) struct GroupedNumber<'a> {
    /// ASCII digits, at least one.
    pub(super) digits: &'a str,
    /// Its length in cells, including gaps.
    pub(super) cells: usize,
    groups: &'a [DigitGroup],
}

#[derive(Clone, Copy, Debug)]
struct DigitGroup {
    /// The gap before the group.
    gap: DigitGap,
    /// The number of its digits.
    length: usize,
    /// Whether it is of ASCII digits, not a Chinese numeral.
    is_ascii: bool,
    /// The end of the group, in cells from the start of the run.
    cells_end: usize,
}

/// The separator between two groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DigitGap {
    /// No separator: the script changes here. Each Chinese numeral is a group of its own.
    Nothing,
    /// Spaces and dashes, as usual in numbers.
    Plain,
    /// A point, as in decimals and dates.
    Point,
    /// A line end.
    Line,
    /// Commas, as in lists.
    List,
    /// Any other sign.
    Odd,
}

impl DigitRun {
    /// The run at the start of `rest`; `None` if that is not a digit, or a digit inside a number.
    /// The run ends before a group that would exceed [`MAX_DIGITS`].
    pub(super) fn at(before: &[Cell], rest: &[Cell]) -> Option<DigitRun> {
        let first = rest.first()?;
        if first.is_ascii_digit() && before.last().is_some_and(Cell::is_ascii_digit) {
            return None;
        }
        let mut run = DigitRun { digits: String::new(), groups: Vec::new() };
        let mut at = 0;
        let mut gap = DigitGap::Nothing;
        while let Some(length) = rest.get(at..).and_then(group_length) {
            if run.digits.len() + length > MAX_DIGITS {
                break;
            }
            run.digits.extend(rest.iter().skip(at).take(length).filter_map(digit));
            let is_ascii = rest.get(at).is_some_and(Cell::is_ascii_digit);
            at += length;
            run.groups.push(DigitGroup { gap, length, is_ascii, cells_end: at });
            let Some(wide) = gap_width(rest.get(at..).unwrap_or_default()) else { break };
            gap = DigitGap::of(rest.get(at..at + wide)?);
            at += wide;
        }
        (!run.groups.is_empty()).then_some(run)
    }

    /// The numbers of the run, from the first group alone to all groups joined.
    pub(super) fn numbers(&self) -> impl DoubleEndedIterator<Item = GroupedNumber<'_>> {
        (1..=self.groups.len()).filter_map(|count| {
            let groups = self.groups.get(..count)?;
            let digits = groups.iter().map(|group| group.length).sum();
            let cells = groups.last()?.cells_end;
            Some(GroupedNumber { digits: self.digits.get(..digits)?, cells, groups })
        })
    }

    /// The first group alone.
    pub(super) fn first_group(&self) -> Option<GroupedNumber<'_>> {
        self.numbers().next()
    }

    /// The number that a customer would write as a code: at least four digits at once, or in groups
    /// that are no longer than the first.
    pub(super) fn code(&self) -> Option<GroupedNumber<'_>> {
        let first = self.groups.first()?.length;
        let mut digits = first;
        let mut is_adjacent = false;
        let mut usual = None;
        let mut count = 1;
        while let Some(group) = self.groups.get(count) {
            let next = self.groups.get(count + 1);
            let goes_on = match group.gap {
                // A single numeral starts a word: 482913一直不对.
                DigitGap::Nothing => {
                    digits < 4 || is_adjacent || next.is_some_and(DigitGroup::is_adjacent)
                }
                DigitGap::Plain => {
                    let is_four_and_two = (first, group.length) == (4, 2)
                        && next.is_none()
                        && !self.digits.starts_with("20");
                    (first < 4 && group.length <= first) || is_four_and_two
                }
                // Three digits after a point are not a sum of money.
                DigitGap::Point => {
                    let is_third = count > 1
                        || next.is_some_and(|next| next.gap == DigitGap::Point && next.length == 2);
                    matches!((first, group.length), (1, 1) | (3, 3))
                        || ((first, group.length) == (2, 2) && is_third)
                }
                DigitGap::Line | DigitGap::List | DigitGap::Odd => (first, group.length) == (1, 1),
            };
            // Single digits have the same separator throughout: 七四八三，5分钟 ends at the comma.
            // 一 after a gap begins a word: 8 2 0 6 3 1 一个一个打的.
            let is_same_script =
                group.is_adjacent() || group.is_ascii == self.groups.first()?.is_ascii;
            let goes_on = goes_on && is_same_script;
            let is_usual = group.is_adjacent()
                || (!is_adjacent && *usual.get_or_insert(group.gap) == group.gap);
            if !goes_on || !is_usual {
                break;
            }
            is_adjacent |= group.is_adjacent();
            digits += group.length;
            count += 1;
        }
        self.numbers().nth(count - 1)
    }

    /// Whether digits of several scripts follow each other.
    pub(super) fn is_mixed(&self) -> bool {
        self.groups.iter().any(|group| group.is_ascii)
            && self.groups.iter().any(|group| !group.is_ascii)
    }

    /// All groups over single separators, for a code that a word announces: 69.65, ④5.②六7.
    pub(super) fn joined_code(&self) -> Option<GroupedNumber<'_>> {
        let joins = |group: &&DigitGroup| {
            matches!(
                group.gap,
                DigitGap::Nothing | DigitGap::Plain | DigitGap::Point | DigitGap::Line
            )
        };
        let count = 1 + self.groups.iter().skip(1).take_while(joins).count();
        self.numbers().nth(count - 1).filter(|number| (3..=8).contains(&number.digits.len()))
    }

    /// Whether the run is a date, or a telephone number with an area code.
    pub(super) fn is_date_or_landline(&self) -> bool {
        self.starts_with_date()
            || (self.digits.len() >= 10
                && (self.digits.starts_with("400") || self.digits.starts_with("800")))
            || matches!(
                &*self.groups,
                [area, line, ..] if matches!(area.length, 3..=4)
                    && line.gap == DigitGap::Plain
                    && matches!(line.length, 7..=8)
            )
    }

    /// Whether the first three groups are a year, a month and a day.
    pub(super) fn starts_with_date(&self) -> bool {
        let [year, month, day, ..] = &*self.groups else { return false };
        if year.length != 4 || month.length > 2 || day.length > 2 || month.gap == DigitGap::Nothing
        {
            return false;
        }
        let part = |from: usize, length: usize| {
            self.digits.get(from..from + length).and_then(|digits| digits.parse::<u32>().ok())
        };
        part(0, 4).is_some_and(|year| (1900..=2100).contains(&year))
            && part(4, month.length).is_some_and(|month| (1..=12).contains(&month))
            && part(4 + month.length, day.length).is_some_and(|day| (1..=31).contains(&day))
    }
}

impl GroupedNumber<'_> {
    /// Whether the groups may form one number, instead of several numbers in a row.
    pub(super) fn is_one(&self) -> bool {
        let gaps = || self.groups.iter().skip(1).map(|group| group.gap);
        let are_all = |gap| gaps().all(|other| other == gap);
        let is_spelled_out = self.lengths().all(|length| length == 1);
        let is_plain = |gap| matches!(gap, DigitGap::Nothing | DigitGap::Plain | DigitGap::Line);
        if gaps().all(is_plain) {
            return true;
        }
        if are_all(DigitGap::Point) {
            return is_spelled_out || (self.groups.len() > 2 && !self.is_ip_address());
        }
        // A number in several scripts is one, whatever stands between.
        let is_mixed = gaps().any(|gap| gap == DigitGap::Nothing)
            && !gaps().any(|gap| matches!(gap, DigitGap::List | DigitGap::Odd))
            && self.digits.len() >= 8
            && !self.groups.iter().all(|group| !group.is_ascii);
        if is_mixed {
            return true;
        }
        // A spoken number has its numerals in groups.
        let is_spoken = self.groups.len() >= 8
            && is_spelled_out
            && gaps().filter(|gap| *gap != DigitGap::Nothing).count() <= 6
            && gaps().all(|gap| gap != DigitGap::Odd);
        if is_spoken && gaps().any(|gap| gap == DigitGap::Nothing) {
            return true;
        }
        let is_usual_shape = || {
            self.lengths().eq(PHONE_SHAPE)
                || self.lengths().eq([4, 3, 3])
                || self.lengths().eq([3, 3, 4])
                || self.lengths().eq([3, 8])
                || self.lengths().rev().skip(1).all(|length| length == 4)
        };
        (are_all(DigitGap::List) && is_spelled_out)
            || (gaps()
                .all(|gap| matches!(gap, DigitGap::Nothing | DigitGap::Plain | DigitGap::Odd))
                && (is_spelled_out || is_usual_shape()))
    }

    /// Whether the groups may form one number that has a right check digit, whatever stands between
    /// them: only a list of sums may not.
    pub(super) fn may_be_one(&self) -> bool {
        self.is_one()
            || (!self.is_list_of_round_sums()
                && self.lengths().rev().skip(1).all(|length| length >= 3))
    }

    /// Whether its groups have these lengths.
    pub(super) fn parts_are(&self, lengths: &[usize]) -> bool {
        self.lengths().eq(lengths.iter().copied())
    }

    /// Whether it looks like `1500 1600 180`, which is not written for one number.
    pub(super) fn is_list_of_round_sums(&self) -> bool {
        self.groups.len() > 1
            && !self.lengths().eq(PHONE_SHAPE)
            && self
                .parts()
                .all(|part| part.len() > 1 && !part.starts_with('0') && part.ends_with('0'))
    }

    fn is_ip_address(&self) -> bool {
        self.groups.len() == 4
            && self
                .parts()
                .all(|part| part.parse::<u8>().is_ok() && (part == "0" || !part.starts_with('0')))
    }

    fn lengths(&self) -> impl DoubleEndedIterator<Item = usize> {
        self.groups.iter().map(|group| group.length)
    }

    /// The digits of each group.
    fn parts(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().scan(self.digits, |left, group| {
            let (part, rest) = left.split_at_checked(group.length)?;
            *left = rest;
            Some(part)
        })
    }
}

impl DigitGroup {
    /// Whether no separator stands before it, as between Chinese numerals.
    fn is_adjacent(&self) -> bool {
        self.gap == DigitGap::Nothing
    }
}

impl DigitGap {
    fn of(between: &[Cell]) -> DigitGap {
        let all = |may: fn(char) -> bool| between.iter().all(|cell| may(cell.c));
        if between.is_empty() {
            DigitGap::Nothing
        } else if all(|c| is_space(c) || DASHES.contains(c)) {
            DigitGap::Plain
        } else if all(|c| is_space(c) || POINTS.contains(c)) {
            DigitGap::Point
        } else if all(char::is_whitespace) {
            DigitGap::Line
        } else if all(|c| c.is_whitespace() || ",、;。".contains(c)) {
            DigitGap::List
        } else {
            DigitGap::Odd
        }
    }
}

/// The width of the gap at the start, in cells; `None` for one that is too wide.
fn gap_width(cells: &[Cell]) -> Option<usize> {
    let separators = |cells: &[Cell]| cells.iter().take_while(|cell| cell.is_separator()).count();
    let wide = separators(cells);
    if wide > MAX_GAP {
        return None;
    }
    let Some(((), after)) = GAP_WORDS.at_start(cells.get(wide..)?) else { return Some(wide) };
    // A word stands between two groups only.
    let wide = cells.len() - after.len();
    let wide = wide + separators(after);
    let goes_on = cells.get(wide..).and_then(group_length).is_some();
    Some(if goes_on { wide } else { separators(cells) })
}

/// White space within a line.
fn is_space(c: char) -> bool {
    c.is_whitespace() && c != '\n' && c != '\r'
}

/// The longest number that is read; cards, the longest relevant ones, have 19 digits.
const MAX_DIGITS: usize = 20;

/// The usual grouping of a mobile number, such as `138 0013 8000`.
const PHONE_SHAPE: [usize; 3] = [3, 4, 4];

/// The longest gap between two groups, in cells.
const MAX_GAP: usize = 4;

const DASHES: &str = "-‐‑‒–—―−﹣ー_";
const POINTS: &str = ".·•∙・";

/// A digit or Chinese numeral as an ASCII digit.
pub(super) fn digit(cell: &Cell) -> Option<char> {
    match cell.c {
        '0'..='9' => Some(cell.c),
        '零' | '〇' | '○' | '洞' => Some('0'),
        '一' | '幺' | '壹' | '弌' => Some('1'),
        '二' | '贰' | '两' | '弍' => Some('2'),
        '三' | '叁' | '参' | '叄' | '弎' => Some('3'),
        '四' | '肆' => Some('4'),
        '五' | '伍' => Some('5'),
        '六' | '陆' => Some('6'),
        '七' | '柒' | '拐' => Some('7'),
        '八' | '捌' => Some('8'),
        '九' | '玖' | '勾' => Some('9'),
        _ => None,
    }
}

/// The length of the group at the start, in cells: all ASCII digits, or one Chinese numeral.
fn group_length(cells: &[Cell]) -> Option<usize> {
    let ascii = cells.iter().take(MAX_DIGITS + 1).take_while(|cell| cell.is_ascii_digit()).count();
    if ascii > 0 {
        return Some(ascii);
    }
    digit(cells.first()?).map(|_| 1)
}

#[cfg(test)]
mod tests {
    use super::super::number_words::read_numbers as read;
    use super::DigitRun;

    fn joined(text: &str) -> Vec<String> {
        let run = DigitRun::at(&[], &read(text)).expect("begins with a digit");
        run.numbers()
            .filter(super::GroupedNumber::is_one)
            .map(|number| number.digits.to_owned())
            .collect()
    }

    #[test]
    fn groups_are_joined_over_what_may_stand_between() {
        let cases: [(&str, &str, &[&str]); 14] = [
            ("one group", "12345元", &["12345"]),
            ("spaces and dashes", "138 0013-8000", &["138", "1380013", "13800138000"]),
            ("points, but not a decimal", "138.0013.8000", &["138", "13800138000"]),
            ("decimal", "1500.00", &["1500"]),
            ("address of a computer", "10.0.0.1", &["10", "1000"]),
            ("one by one over commas", "1,3,8", &["1", "13", "138"]),
            ("thousands", "13,800,138", &["13"]),
            ("usual shape over odd signs", "138*0013*8000", &["138", "13800138000"]),
            ("area in brackets", "138)0013-8000", &["138", "13800138000"]),
            ("time", "13:45:00", &["13"]),
            ("Chinese numerals", "一三八00", &["1", "13", "138", "13800"]),
            ("keys, circles and hidden signs", "1️⃣❷\u{200b}③", &["123"]),
            ("long gap", "1     2", &["1"]),
            ("too many digits", "123 123456789012345678", &["123"]),
        ];
        for (shows, text, expected) in cases {
            assert_eq!(joined(text), expected, "{shows}");
        }
    }

    #[test]
    fn codes_end_where_other_words_begin() {
        let cases = [
            ("at once", "482913 13800138000", "482913"),
            ("in halves", "482 913", "482913"),
            ("one by one", "4-8-2-9-1-3，5分钟", "482913"),
            ("with other signs", "4/8/2/9/1/3", "482913"),
            ("Chinese", "四八二九一三，5分钟", "482913"),
            ("Chinese, then a space", "四八二九一三 5分钟", "482913"),
            ("mixed", "4八２9一3", "482913"),
            ("a word that begins with a numeral", "482913一直不对", "482913"),
            ("longer groups", "12 3456", "12"),
            ("sum", "500.00", "500"),
        ];
        for (shows, text, expected) in cases {
            let run = DigitRun::at(&[], &read(text)).expect("begins with a digit");
            assert_eq!(run.code().map(|number| number.digits), Some(expected), "{shows}");
        }
    }

    #[test]
    fn no_run_begins_inside_a_number() {
        let cells = read("12");
        assert!(DigitRun::at(&cells[..1], &cells[1..]).is_none());
        assert!(DigitRun::at(&[], &read("123456789012345678901")).is_none());
    }
}
