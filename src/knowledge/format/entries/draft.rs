//! An entry as it is written, and what it says on each day.

use jiff::civil::Date;

use super::shown_source::for_customers;
use crate::knowledge::{
    diagnostics::source::Located,
    format::{
        figures::book::FigureBook,
        parts::{
            match_by::MatchDraft,
            prose::{Prose, Variables},
            question::Question,
            when::WhenDraft,
        },
    },
    model::{
        answer::{AnswerVersion, DatedAnswer},
        entry::{Compliance, Entry, EntryHandoff, Status},
    },
};

/// An entry as it is written. A part that could not be read is `None` and was reported.
#[derive(Clone, Debug)]
pub(crate) struct EntryDraft {
    pub(crate) id: Option<Located<String>>,
    pub(super) category: Option<Located<String>>,
    /// The standard question comes first, if it could be read.
    pub(crate) questions: Vec<Question>,
    pub(super) has_standard: bool,
    pub(crate) not: Vec<Question>,
    pub(crate) match_by: MatchDraft,
    pub(crate) when: WhenDraft,
    pub(crate) answer: Option<Prose>,
    pub(crate) steps: Vec<Prose>,
    pub(crate) without_figure: Option<Prose>,
    pub(crate) follow_ups: Vec<Located<String>>,
    pub(crate) handoff: EntryHandoff,
    pub(super) valid_from: Option<Date>,
    pub(crate) valid_until: Option<Located<Date>>,
    pub(crate) status: Status,
    pub(super) tags: Vec<String>,
    pub(crate) class: Option<Located<String>>,
    pub(crate) source: Option<Prose>,
    pub(crate) checked: Option<Located<Date>>,
    pub(crate) review_due: Option<Located<Date>>,
}

impl EntryDraft {
    /// The id, or a Chinese placeholder where the entry has none.
    pub(crate) fn name(&self) -> &str {
        self.id.as_ref().map_or("（没有编号）", |id| id.value.as_str())
    }

    /// The category, if it could be read.
    pub(crate) fn category(&self) -> Option<&str> {
        self.category.as_ref().map(|category| category.value.as_str())
    }

    /// Makes the entry and fills its names in; `None` when part of it could not be read.
    pub(crate) fn build(self, risk_line: Option<&Prose>, filling: &Filling<'_>) -> Option<Entry> {
        let answer = self.dated_answer(risk_line, filling)?;
        let mut questions = self.questions.into_iter().map(|question| question.text);
        let standard_question = questions.next().filter(|_| self.has_standard)?;
        Some(Entry {
            id: self.id?.value.as_str().into(),
            category: self.category?.value,
            standard_question,
            similar_questions: questions.collect(),
            not: self.not.into_iter().map(|question| question.text).collect(),
            match_by: self.match_by.build(),
            when: self.when.build(),
            answer,
            follow_ups: self.follow_ups.iter().map(|id| id.value.as_str().into()).collect(),
            handoff: self.handoff,
            valid_from: self.valid_from,
            valid_until: self.valid_until.map(|until| until.value),
            status: self.status,
            tags: self.tags,
            compliance: Compliance {
                class: self.class?.value,
                checked: self.checked?.value,
                review_due: self.review_due?.value,
            },
        })
    }
}

/// What stands for the names in the texts of entries.
#[derive(Debug)]
pub(crate) struct Filling<'d> {
    pub(crate) variables: &'d Variables,
    pub(crate) figures: &'d FigureBook,
    /// What is said in place of a missing figure, where an entry has no such text of its own.
    pub(crate) without_figure: &'d str,
}

impl<'d> Filling<'d> {
    fn variable(&self, name: &str) -> Option<&'d str> {
        Some(self.variables.as_ref()?.get(name)?.as_str())
    }
}

impl EntryDraft {
    /// The figures that stand in the source alone.
    pub(crate) fn cited<'a>(&'a self, figures: &'a FigureBook) -> impl Iterator<Item = &'a str> {
        let names = self.source.iter().flat_map(Prose::names);
        names.filter(|name| figures.has(name) && self.stated(figures).all(|stated| stated != *name))
    }

    /// Whether customers may get it on one of some days, the first and the last included.
    pub(crate) fn is_served_between(&self, first: Date, last: Date) -> bool {
        self.status == Status::Live
            && self.valid_from.is_none_or(|from| from <= last)
            && self.valid_until.as_ref().is_none_or(|until| first <= until.value)
    }

    /// The figures that the answer and its steps state.
    pub(crate) fn stated<'a>(&'a self, figures: &'a FigureBook) -> impl Iterator<Item = &'a str> {
        let said = self.answer.iter().chain(&self.steps);
        said.flat_map(Prose::names).filter(|name| figures.has(name))
    }

    fn dated_answer(
        &self,
        risk_line: Option<&Prose>,
        filling: &Filling<'_>,
    ) -> Option<DatedAnswer> {
        let figures = filling.figures;
        let turns = figures.turns(self.stated(figures).chain(self.cited(figures)));
        let first = self.version(Date::MIN, risk_line, filling)?;
        let later: Option<Vec<_>> = (turns.into_iter())
            .map(|day| Some((day, self.version(day, risk_line, filling)?)))
            .collect();
        let answer = DatedAnswer::new(first, later?);
        Some(if answer.is_ever_complete() {
            answer
        } else {
            answer.searched_by(self.template(risk_line, filling)?)
        })
    }

    /// What the entry says from a day on.
    fn version(
        &self,
        day: Date,
        risk_line: Option<&Prose>,
        filling: &Filling<'_>,
    ) -> Option<AnswerVersion> {
        let Filling { figures, .. } = filling;
        let value = |name: &str| figures.value_on(name, day).or_else(|| filling.variable(name));
        let is_without_figure =
            self.stated(figures).any(|name| figures.value_on(name, day).is_none());
        let (text, steps) = if is_without_figure {
            let own = self.without_figure.as_ref();
            let text = own.map(|text| text.filled(filling.variables).into_owned());
            (text.unwrap_or_else(|| filling.without_figure.to_owned()), Vec::new())
        } else {
            self.said_with(value)?
        };
        let rests_on = |name: &str| figures.rests_on(name, day).or_else(|| filling.variable(name));
        let source = for_customers(&self.source.as_ref()?.filled_by(rests_on));
        let text = with_risk_line(text, risk_line, filling);
        Some(AnswerVersion { text, steps, source, is_without_figure })
    }

    /// What the entry would say, without the values of its figures.
    fn template(&self, risk_line: Option<&Prose>, filling: &Filling<'_>) -> Option<AnswerVersion> {
        let value = |name: &str| {
            if filling.figures.has(name) { Some("") } else { filling.variable(name) }
        };
        let (text, steps) = self.said_with(value)?;
        let text = with_risk_line(text, risk_line, filling);
        Some(AnswerVersion { text, steps, ..AnswerVersion::default() })
    }

    /// The answer and its steps with the given values of names.
    fn said_with<'v>(
        &self,
        value: impl Fn(&str) -> Option<&'v str>,
    ) -> Option<(String, Vec<String>)> {
        let steps = self.steps.iter().map(|step| step.filled_by(&value).into_owned());
        Some((self.answer.as_ref()?.filled_by(&value).into_owned(), steps.collect()))
    }
}

fn with_risk_line(mut text: String, risk_line: Option<&Prose>, filling: &Filling<'_>) -> String {
    if let Some(line) = risk_line {
        text.push_str("\n\n");
        text.push_str(&line.filled(filling.variables));
    }
    text
}
