//! The nearest candidates that may be served, however many unserved ones are nearer.

/// The nearest ids for which `keeps` holds, at most `wanted`.
///
/// `nearest` gives the nearest ids of an index, at most as many as its argument. It is called
/// again with a larger argument while too few of its ids are kept.
pub(crate) fn nearest_kept(
    wanted: usize,
    nearest: impl Fn(usize) -> Vec<u32>,
    keeps: impl Fn(u32) -> bool,
) -> Vec<u32> {
    let mut limit = wanted;
    loop {
        let mut ids = nearest(limit);
        let is_all = ids.len() < limit;
        ids.retain(|&id| keeps(id));
        if is_all || ids.len() >= wanted {
            ids.truncate(wanted);
            return ids;
        }
        limit = limit.saturating_mul(4);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_are_not_kept_take_no_place() {
        let all: Vec<u32> = (0..100).collect();
        let nearest = |limit: usize| all.iter().copied().take(limit).collect::<Vec<_>>();
        assert_eq!(nearest_kept(3, nearest, |_| true), [0, 1, 2]);
        assert_eq!(nearest_kept(3, nearest, |id| id >= 50), [50, 51, 52]);
        assert_eq!(nearest_kept(3, nearest, |id| id == 99), [99]);
        assert!(nearest_kept(3, nearest, |_| false).is_empty());
    }
}
