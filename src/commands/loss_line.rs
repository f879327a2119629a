//! What an edit takes away, in Chinese, for those who keep the knowledge.

use super::figures::{first_ids, per_cent};
use crate::authoring::Loss;
use crate::knowledge::EntryId;

/// The entries that an edit takes away, in a line.
pub(super) fn loss_line(loss: &Loss) -> String {
    let Loss { lost, served } = loss;
    let ids: Vec<&EntryId> = lost.iter().collect();
    let (share, ids) = (per_cent(lost.len(), *served), first_ids(&ids));
    format!("正在提供的 {served} 个条目里有 {} 个（{share}）不再提供：{ids}", lost.len())
}
