//! What an entry says, by day: the figures in it begin and end.

use std::borrow::Cow;

use jiff::civil::Date;

/// What an entry says on every day.
///
/// An answer without figures says the same every day. One with figures changes on the days on
/// which a figure begins or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatedAnswer {
    /// From which day on each version is said; sorted. The first one holds since ever.
    versions: Vec<(Date, AnswerVersion)>,
    /// The answer as it is written, where no day has all its figures.
    template: Option<Box<AnswerVersion>>,
}

/// What an entry says on some days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerVersion {
    /// The answer in the safe Markdown subset: variables and figures filled in, risk line added.
    pub text: String,
    /// What to do in order, one line of Markdown each; often empty.
    pub steps: Vec<String>,
    /// The law, rule or contract that the answer rests on, as customers read it; may be empty.
    pub source: String,
    /// Whether a figure that the answer needs is missing, so that `text` says where to look.
    pub is_without_figure: bool,
}

impl AnswerVersion {
    /// The text and the steps as one text in the safe Markdown subset.
    pub fn whole(&self) -> Cow<'_, str> {
        whole(&self.text, &self.steps)
    }
}

/// A text and steps as one text in the safe Markdown subset.
pub fn whole<'t>(text: &'t str, steps: &[String]) -> Cow<'t, str> {
    if steps.is_empty() {
        return Cow::Borrowed(text);
    }
    let lines = steps.iter().zip(1..).map(|(step, number)| format!("\n{number}. {step}"));
    Cow::Owned(format!("{text}\n{}", lines.collect::<String>()))
}

impl DatedAnswer {
    /// Gathers the versions. `first` holds since ever, each later one from its day on. A version
    /// that says the same as the one before is left out.
    pub fn new(
        first: AnswerVersion,
        later: impl IntoIterator<Item = (Date, AnswerVersion)>,
    ) -> Self {
        let mut versions = vec![(Date::MIN, first)];
        versions.extend(later);
        versions.sort_by_key(|(from, _)| *from);
        versions.dedup_by(|(_, later), (_, earlier)| later == earlier);
        Self { versions, template: None }
    }

    /// An answer that says the same every day, without steps and source.
    pub fn fixed(text: impl Into<String>) -> Self {
        Self::new(AnswerVersion { text: text.into(), ..AnswerVersion::default() }, [])
    }

    /// What is said on a day.
    pub fn on(&self, day: Date) -> &AnswerVersion {
        let later = self.versions.partition_point(|(from, _)| *from <= day);
        &self.versions[later.saturating_sub(1)].1
    }

    /// Whether some day has all figures of the answer.
    pub fn is_ever_complete(&self) -> bool {
        self.versions.iter().any(|(_, version)| !version.is_without_figure)
    }

    /// The same answer, searched by the words of a template where no day has all its figures.
    #[must_use]
    pub fn searched_by(self, template: AnswerVersion) -> Self {
        Self { template: Some(Box::new(template)), ..self }
    }

    /// The version by which the answer is searched, whatever the day: the last one with all its
    /// figures, else the template. An index must not change at midnight, and the text in place of
    /// a figure is the same for many entries.
    pub fn searched(&self) -> &AnswerVersion {
        let mut latest = self.versions.iter().rev().map(|(_, version)| version);
        let complete = latest.find(|version| !version.is_without_figure);
        complete.or(self.template.as_deref()).unwrap_or(&self.versions[0].1)
    }

    /// Every version, the first one first.
    pub fn versions(&self) -> impl Iterator<Item = &AnswerVersion> {
        self.versions.iter().map(|(_, version)| version)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn version(text: &str, is_without_figure: bool) -> AnswerVersion {
        AnswerVersion { text: text.to_owned(), is_without_figure, ..AnswerVersion::default() }
    }

    #[test]
    fn the_version_of_a_day_is_said() {
        let later = [
            (date(2027, 1, 1), version("see the rules", true)),
            (date(2026, 6, 1), version("4%", false)),
        ];
        let answer = DatedAnswer::new(version("3%", false), later);
        let cases = [
            // (what it shows, day, text)
            ("long before", date(1900, 1, 1), "3%"),
            ("the day before", date(2026, 5, 31), "3%"),
            ("the first day of the new figure", date(2026, 6, 1), "4%"),
            ("its last day", date(2026, 12, 31), "4%"),
            ("the day after", date(2027, 1, 1), "see the rules"),
            ("long after", date(2100, 1, 1), "see the rules"),
        ];
        for (shows, day, text) in cases {
            assert_eq!(answer.on(day).text, text, "{shows}");
        }
        assert_eq!(answer.searched().text, "4%", "the last one with its figure");
        let answer = answer.searched_by(version("a template", false));
        assert_eq!(answer.searched().text, "4%", "a template is no match for an answer");
        let never = DatedAnswer::new(version("see the rules", true), []);
        assert_eq!(never.searched().text, "see the rules");
        let never = never.searched_by(version("the yearly rate", false));
        assert_eq!(never.searched().text, "the yearly rate", "never with its figure");
    }

    #[test]
    fn a_version_that_says_the_same_is_left_out() {
        let later = [
            (date(2026, 6, 1), version("3%", false)),
            (date(2027, 1, 1), version("4%", false)),
            (date(2028, 1, 1), version("3%", false)),
        ];
        let answer = DatedAnswer::new(version("3%", false), later);
        let texts: Vec<_> = answer.versions().map(|version| version.text.as_str()).collect();
        assert_eq!(texts, ["3%", "4%", "3%"]);
    }

    #[test]
    fn steps_follow_the_text_as_a_numbered_list() {
        let mut version = version("先停用。", false);
        assert_eq!(version.whole(), "先停用。");
        version.steps = vec!["打开设置".to_owned(), "点“停用”".to_owned()];
        assert_eq!(version.whole(), "先停用。\n\n1. 打开设置\n2. 点“停用”");
    }
}
