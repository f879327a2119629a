//! All figures of a root, by id and day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::file::{FigureDraft, FigureList};

/// All figures of a root.
#[derive(Debug)]
pub(crate) struct FigureBook {
    /// The rows of each figure, the earliest first.
    rows: BTreeMap<String, Vec<FigureDraft>>,
    /// Ids of rows with a mistake, which was reported at the row.
    unread: BTreeSet<String>,
    /// Rows whose id is that of a variable, which stands for the name.
    twins: Vec<FigureDraft>,
    /// Whether every id that the files hold is known.
    pub(crate) is_complete: bool,
}

impl Default for FigureBook {
    /// No figures at all.
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            unread: BTreeSet::new(),
            twins: Vec::new(),
            is_complete: true,
        }
    }
}

impl FigureBook {
    /// Adds the rows of one file.
    pub(crate) fn add(&mut self, list: &FigureList) {
        self.is_complete &= list.is_complete;
        self.unread.extend(list.unread.iter().cloned());
        for row in &list.rows {
            let of_id = self.rows.entry(row.id.value.clone()).or_default();
            let later = of_id.partition_point(|other| other.from.value <= row.from.value);
            of_id.insert(later, row.clone());
        }
    }

    /// Sets figures aside that are named as a variable: the name stays what it was before they were
    /// written, so that nothing is told of the texts that use it.
    pub(crate) fn yield_to(&mut self, variables: &BTreeMap<String, String>) {
        let twins = self.rows.extract_if(.., |id, _| variables.contains_key(id));
        self.twins.extend(twins.flat_map(|(_, rows)| rows));
        self.unread.retain(|id| !variables.contains_key(id));
    }

    /// The first row of each figure that is named as a variable.
    pub(crate) fn twins(&self) -> impl Iterator<Item = &FigureDraft> {
        let mut seen = BTreeSet::new();
        self.twins.iter().filter(move |row| seen.insert(row.id.value.as_str()))
    }

    /// The rows of each figure, the earliest first.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[FigureDraft]> {
        self.rows.values().map(Vec::as_slice)
    }

    /// Whether there is a figure of this name.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.rows.contains_key(id) || self.unread.contains(id)
    }

    /// The name of each figure.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.rows.keys().chain(&self.unread).map(String::as_str)
    }

    /// The value that an answer may state on a day.
    pub(crate) fn value_on(&self, id: &str, day: Date) -> Option<&str> {
        let mut rows = self.rows.get(id)?.iter();
        Some(rows.find(|row| row.may_be_stated_on(day))?.value.value.as_str())
    }

    /// The values of some figures on the days on which all of them hold, verified or not: one set
    /// for each combination. Where there is no such day, the value of the last row of each.
    pub(crate) fn sets_of_values<'b>(
        &'b self,
        ids: &BTreeSet<&'b str>,
    ) -> Vec<BTreeMap<&'b str, &'b str>> {
        let on = |day| ids.iter().map(|id| Some((*id, self.written_on(id, day)?))).collect();
        let sets: BTreeSet<_> =
            self.turns(ids.iter().copied()).into_iter().filter_map(on).collect();
        if !sets.is_empty() {
            return sets.into_iter().collect();
        }
        let last = |id: &&'b str| self.rows.get(*id)?.last().map(|row| row.value.value.as_str());
        vec![ids.iter().map(|id| (*id, last(id).unwrap_or_default())).collect()]
    }

    /// The value of a row of a day, verified or not; empty for a row with a mistake.
    fn written_on(&self, id: &str, day: Date) -> Option<&str> {
        let Some(rows) = self.rows.get(id) else { return self.unread.contains(id).then_some("") };
        let row = rows.iter().find(|row| row.holds_on(day))?;
        Some(row.value.value.as_str())
    }

    /// The document and clause of a figure on a day; empty where it may not be stated then.
    pub(crate) fn rests_on(&self, id: &str, day: Date) -> Option<&str> {
        let mut rows = self.rows.get(id)?.iter();
        Some(rows.find(|row| row.may_be_stated_on(day)).map_or("", |row| row.rests_on.as_str()))
    }

    /// The days on which one of these figures begins, or no longer holds.
    pub(crate) fn turns<'i>(&self, ids: impl Iterator<Item = &'i str>) -> BTreeSet<Date> {
        let rows = ids.filter_map(|id| self.rows.get(id)).flatten();
        rows.flat_map(|row| {
            let after = row.until.as_ref().and_then(|until| until.value.tomorrow().ok());
            [Some(row.from.value), after]
        })
        .flatten()
        .collect()
    }
}
