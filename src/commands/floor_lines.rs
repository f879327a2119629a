//! Why floors are not kept and what an edit takes away, in Chinese, for those who keep the
//! knowledge.

use crate::authoring::{ASKED_PERCENT_MIN, Figure, IDS_SHOWN, Loss, Shortfall};
use crate::knowledge::EntryId;

/// Why a floor is not kept; `None` when it is.
pub(super) fn shortfall_line(figure: &Figure) -> Option<String> {
    let Figure { floor, hits, of, held, .. } = figure;
    let why = match figure.shortfall()? {
        Shortfall::NoUtterances => {
            "写了底线，split: test 的测试里却没有一句算得上它；补上测试，或去掉这条底线".to_owned()
        }
        Shortfall::TooFewAsked => {
            let asked = figure.asked();
            let share = per_cent(asked, *held);
            let reasons =
                figure.unasked_by_reason().into_iter().map(|(why, utterances, entries)| {
                    format!("{utterances} 句要找的条目{}：{}", why.title(), first_ids(&entries))
                });
            let reasons = reasons.collect::<Vec<_>>().join("；");
            format!(
                "测试里有 {held} 句，当天能问的只有 {asked} 句（{share}），至少要 {ASKED_PERCENT_MIN}%。{reasons}"
            )
        }
        Shortfall::NothingAnswered => {
            format!("问了 {} 句，没有一句直接回答，无从判断", figure.asked())
        }
        Shortfall::TooLow => {
            let floor = f64::from(figure.at_least.unwrap_or_default()) / 10.0;
            format!("{of} 句里对了 {hits} 句（{}），底线是 {floor:.1}%", per_cent(*hits, *of))
        }
    };
    Some(format!("底线没有达到：{}：{why}", floor.title()))
}

/// What an edit takes away.
pub(super) fn loss_line(loss: &Loss) -> String {
    let Loss { lost, served } = loss;
    let ids: Vec<&EntryId> = lost.iter().collect();
    let (share, ids) = (per_cent(lost.len(), *served), first_ids(&ids));
    format!("正在提供的 {served} 个条目里有 {} 个（{share}）不再提供：{ids}", lost.len())
}

fn per_cent(part: usize, whole: usize) -> String {
    format!("{:.1}%", 100.0 * part as f64 / whole.max(1) as f64)
}

/// The first ids and how many there are in all.
fn first_ids(ids: &[&EntryId]) -> String {
    let shown: Vec<&str> = ids.iter().take(IDS_SHOWN).map(|id| id.as_str()).collect();
    let shown = shown.join("、");
    if ids.len() > IDS_SHOWN { format!("{shown} 等 {} 个", ids.len()) } else { shown }
}
