//! Looks only at what a customer may be served, however much else is nearer.

/// The nearest of an index that are kept, `wanted` at most. `nearest` gives the nearest, as
/// many as it is asked for; it is asked again for more while too many of them are not kept.
pub(crate) fn nearest_kept(
    wanted: usize,
    nearest: impl Fn(usize) -> Vec<u32>,
    keeps: impl Fn(u32) -> bool,
) -> Vec<u32> {
    let mut limit = wanted;
    loop {
        let mut near = nearest(limit);
        let is_all = near.len() < limit;
        near.retain(|&id| keeps(id));
        if is_all || near.len() >= wanted {
            near.truncate(wanted);
            return near;
        }
        limit = limit.saturating_mul(4);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_kept_takes_no_place() {
        let all: Vec<u32> = (0..100).collect();
        let nearest = |limit: usize| all.iter().copied().take(limit).collect::<Vec<_>>();
        assert_eq!(nearest_kept(3, nearest, |_| true), [0, 1, 2]);
        assert_eq!(nearest_kept(3, nearest, |id| id >= 50), [50, 51, 52]);
        assert_eq!(nearest_kept(3, nearest, |id| id == 99), [99]);
        assert!(nearest_kept(3, nearest, |_| false).is_empty());
    }
}
