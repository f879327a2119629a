//! How many descriptors this process may have, and how many connections follow from that.

/// Descriptors kept for other things than connections: the store, its write-ahead log, what
/// a reload of the knowledge reads, the notices of changed files, and those who go while
/// others come in their place.
const RESERVE: usize = 128;

/// More connections than this are not held, however many descriptors there are: one idle
/// customer takes 6 to 9 KiB (`docs/costs.md`), so that these take about 150 MiB.
const CONNECTIONS_MAX: usize = 20_000;

/// Where the limit cannot be read, what POSIX promises at least on any machine of now.
const USUAL: u64 = 1_024;

/// Lets this process have as many descriptors as the system lets it; gives how many.
pub(crate) fn raise() -> usize {
    let raised = rlimit::increase_nofile_limit(rlimit::INFINITY);
    let limit = raised.unwrap_or_else(|error| {
        tracing::warn!(%error, "the limit of open files was not raised");
        rlimit::Resource::NOFILE.get_soft().unwrap_or(USUAL)
    });
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// How many connections there may be beside all else.
pub(crate) fn connections(descriptors: usize) -> usize {
    descriptors.saturating_sub(RESERVE).max(descriptors / 2).min(CONNECTIONS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn something_is_always_kept_back() {
        for (descriptors, expected) in
            [(64, 32), (128, 64), (1_024, 896), (1_000_000, CONNECTIONS_MAX)]
        {
            assert_eq!(connections(descriptors), expected, "{descriptors}");
        }
    }
}
