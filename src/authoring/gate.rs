//! What a server that reads an import would refuse, told before anything is written.

use jiff::civil::Date;

use super::{
    import::{Imported, with_new},
    loss::{Loss, Served},
    regression::Figure,
};
use crate::knowledge::{KnowledgeBase, SourceFile, load};
use crate::matching::MatchingError;

/// What an import without mistakes does to a root.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// What it takes away from what was served before.
    pub loss: Loss,
    /// The floors of the tests that the new root does not keep.
    pub under_floors: Vec<Figure>,
}

/// Compares the root before with the one after. `under_floors` tells which floors of its tests
/// the new knowledge base does not keep, as a server tells it when it reads the files.
pub fn effect_of(
    old: &[SourceFile],
    imported: &Imported,
    today: Date,
    under_floors: impl FnOnce(KnowledgeBase) -> Result<Vec<Figure>, MatchingError>,
) -> Result<Effect, MatchingError> {
    let before = Served::written(old, today);
    if imported.files.is_empty() {
        return Ok(Effect { loss: Loss::between(&before, &before), under_floors: Vec::new() });
    }
    let new = with_new(old, &imported.files);
    let Some(base) = load(&new, today).base else {
        // An import that leaves mistakes is refused for them.
        let loss = Loss::between(&before, &Served::default());
        return Ok(Effect { loss, under_floors: Vec::new() });
    };
    let loss = Loss::between(&before, &Served::of(&base, today));
    let under_floors = if base.tests.floors.is_empty() { Vec::new() } else { under_floors(base)? };
    Ok(Effect { loss, under_floors })
}
