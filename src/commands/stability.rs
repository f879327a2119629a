//! How far direct answers move when a hundredth of the wordings goes, as text and as JSON.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::columns::columns;
use crate::authoring::{AnsweredShare, Stability};

/// A table with a row for each seed, and the largest move.
pub(super) fn write_stability(out: &mut impl Write, stability: &Stability) -> io::Result<()> {
    let Stability { whole, thinned } = stability;
    writeln!(out, "\n稳定性（去掉百分之一的相似问，再问回归集；直接回答占有答案的几成）")?;
    let share = |coverage: AnsweredShare| {
        format!("{:.1}%（{}/{}）", coverage.points(), coverage.answered, coverage.of)
    };
    let mut rows = vec![["全部问法".to_owned(), String::new(), share(*whole), String::new()]];
    rows.extend(thinned.iter().map(|one| {
        let moved = one.coverage.points() - whole.points();
        [
            format!("种子 {}", one.seed),
            format!("去掉 {} 句", one.taken_out),
            share(one.coverage),
            format!("{moved:+.1} 点"),
        ]
    }));
    columns(&rows, 2).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    writeln!(out, "最大变动 {:.1} 点", stability.largest_move())
}

/// The same as JSON.
pub(super) fn stability_json(stability: &Stability) -> Value {
    let share = |coverage: AnsweredShare| json!({"answered": coverage.answered, "of": coverage.of});
    let thinned = stability.thinned.iter().map(|one| {
        json!({"seed": one.seed, "taken_out": one.taken_out, "coverage": share(one.coverage)})
    });
    json!({
        "whole": share(stability.whole),
        "thinned": thinned.collect::<Vec<_>>(),
        "largest_move": stability.largest_move(),
    })
}
