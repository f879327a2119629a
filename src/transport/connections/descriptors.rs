//! The limit of file descriptors of this process, and the limit of connections that follows.

/// Descriptors reserved for the store, its write-ahead log, reloads of the knowledge, file
/// watchers, and connections that are closing while others replace them.
const RESERVE: usize = 128;

/// The limit of connections, however many descriptors there are. An idle customer takes 6 to 9 KiB
/// (`docs/costs.md`), so these take about 150 MiB.
const CONNECTIONS_MAX: usize = 20_000;

/// The assumed limit if it cannot be read.
const USUAL: u64 = 1_024;

/// Raises the limit of descriptors as far as the system allows. Returns it.
pub(crate) fn raise() -> usize {
    let raised = rlimit::increase_nofile_limit(rlimit::INFINITY);
    let limit = raised.unwrap_or_else(|error| {
        tracing::warn!(%error, "the limit of open files was not raised");
        rlimit::Resource::NOFILE.get_soft().unwrap_or(USUAL)
    });
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// The number of connections that leave enough descriptors for the rest.
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
