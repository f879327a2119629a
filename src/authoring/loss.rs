//! How much of what is served an edit takes away.

use std::{collections::BTreeSet, fmt, str::FromStr};

use jiff::civil::Date;

use super::{
    regression::first_ids,
    sheet::{Column, export, normalized},
};
use crate::knowledge::{EntryId, KnowledgeBase, SourceFile};

/// Of 100 entries that are served, how many an edit may take away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LossMax(u8);

impl LossMax {
    /// `None` for what is no percentage from 0 to 100.
    pub fn new(percent: u64) -> Option<Self> {
        u8::try_from(percent).ok().filter(|percent| *percent <= 100).map(Self)
    }

    /// From 0 to 100.
    pub fn percent(self) -> u8 {
        self.0
    }
}

/// A fifth: reviewed edits take entries away one by one, accidents take whole files.
impl Default for LossMax {
    fn default() -> Self {
        Self(20)
    }
}

impl FromStr for LossMax {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let percent = text.parse().ok().and_then(Self::new);
        percent.ok_or_else(|| "expected a percentage from 0 to 100".to_owned())
    }
}

/// The entries that are served on a day, to some customer at least.
#[derive(Clone, Debug, Default)]
pub struct Served(BTreeSet<EntryId>);

impl Served {
    /// Those of a knowledge base.
    pub fn of(base: &KnowledgeBase, today: Date) -> Self {
        let served = base.entries.iter().filter(|entry| entry.is_served_on(today));
        Self(served.map(|entry| entry.id.clone()).collect())
    }

    /// Those of entry files as they are written, whatever mistakes the files have: a root with
    /// mistakes has something to lose, too.
    pub fn written(files: &[SourceFile], today: Date) -> Self {
        let sheet = export(files);
        let text = |cells: &[String], column: Column| {
            let at = sheet.columns.iter().position(|known| *known == column);
            let cell = at.and_then(|at| cells.get(at)).map_or("", String::as_str);
            normalized(column, cell)
        };
        let day = |cells: &[String], column| text(cells, column).parse::<Date>().ok();
        let served = sheet.rows.iter().map(|row| row.cells.as_slice()).filter(|cells| {
            text(cells, Column::Status) == "live"
                && day(cells, Column::ValidFrom).is_none_or(|from| from <= today)
                && day(cells, Column::ValidUntil).is_none_or(|until| today <= until)
        });
        let ids = served.map(|cells| EntryId::from(text(cells, Column::Id).as_str()));
        Self(ids.collect())
    }
}

/// What an edit takes away from what is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Entries that are served and would be no more, sorted.
    pub lost: Vec<EntryId>,
    /// How many are served.
    pub served: usize,
}

impl Loss {
    /// What `new` takes away from `old`, both being what is served on the same day: so entries
    /// that end by their own date are lost by no edit.
    pub fn between(old: &Served, new: &Served) -> Self {
        Self { lost: old.0.difference(&new.0).cloned().collect(), served: old.0.len() }
    }

    /// Whether more is lost than may be. Exactly as much may be.
    pub fn is_over(&self, most: LossMax) -> bool {
        self.lost.len() * 100 > usize::from(most.percent()) * self.served
    }

    /// The share that is lost, in per cent.
    pub fn percent(&self) -> f64 {
        100.0 * self.lost.len() as f64 / self.served.max(1) as f64
    }
}

/// For the log, in a line.
impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lost, served, percent) = (self.lost.len(), self.served, self.percent());
        let ids: Vec<&EntryId> = self.lost.iter().collect();
        write!(f, "{lost} of {served} entries ({percent:.1} %): {}", first_ids(&ids))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served(ids: &[&str]) -> Served {
        Served(ids.iter().map(|&id| id.into()).collect())
    }

    #[test]
    fn more_than_the_share_is_over_and_the_share_itself_is_not() {
        let ten: Vec<String> = (0..10).map(|at| format!("a.e{at}")).collect();
        let ten: Vec<&str> = ten.iter().map(String::as_str).collect();
        let cases = [
            // (what it shows, before, after, most, over)
            ("exactly a fifth", &ten[..], served(&ten[2..]), 20, false),
            ("more than a fifth", &ten[..], served(&ten[3..]), 20, true),
            ("a fifth, and less is allowed", &ten[..], served(&ten[2..]), 19, true),
            ("everything", &ten[..], served(&[]), 99, true),
            ("everything, which is allowed", &ten[..], served(&[]), 100, false),
            ("one where none may go", &ten[..], served(&ten[1..]), 0, true),
            ("nothing where none may go", &ten[..], served(&ten), 0, false),
            ("other ids are other entries", &ten[..2], served(&ten[2..]), 99, true),
            ("nothing to lose", &[][..], served(&[]), 0, false),
        ];
        for (shows, old, new, most, expected) in cases {
            let loss = Loss::between(&served(old), &new);
            assert_eq!(loss.is_over(LossMax::new(most).unwrap()), expected, "{shows}");
        }
        let loss = Loss::between(&served(&ten[..4]), &served(&ten[3..]));
        assert_eq!(loss.to_string(), "3 of 4 entries (75.0 %): a.e0, a.e1, a.e2");
    }

    #[test]
    fn a_limit_is_a_percentage() {
        assert_eq!(LossMax::default().percent(), 20);
        assert_eq!("0".parse(), Ok(LossMax(0)));
        assert_eq!("100".parse(), Ok(LossMax(100)));
        for wrong in ["101", "-1", "20%", "0.2", "", "twenty"] {
            assert!(wrong.parse::<LossMax>().is_err(), "{wrong}");
        }
    }
}
