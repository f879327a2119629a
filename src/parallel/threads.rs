//! Splits work between threads.
//!
//! Not with rayon. A pool there has one number of threads, so that a reload, which leaves a core to
//! customers, would need a second pool, and both would keep their idle threads. A pool for each
//! piece of work starts no faster than these threads: 0.2 to 0.3 ms either. And rayon gives
//! neighbours to one thread: two long items side by side among 64 took 40 ms there on two cores and
//! take 24 here.

use std::{
    num::NonZero,
    panic::resume_unwind,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

/// More threads than this only wait for memory in our work.
const THREADS_MAX: usize = 8;

/// The number of threads that share a piece of work. The result is the same for any number.
///
/// # Examples
///
/// ```
/// use kefu::parallel::Threads;
///
/// assert!(Threads::but_one() <= Threads::all());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threads(usize);

impl Threads {
    /// The caller's thread alone.
    pub const ONE: Self = Self(1);

    /// One for each core, at most eight: for work that blocks all else.
    pub fn all() -> Self {
        Self(thread::available_parallelism().map_or(1, NonZero::get).min(THREADS_MAX))
    }

    /// All but one, if there are two or more cores: leaves a core to requests.
    pub fn but_one() -> Self {
        Self(Self::all().0.saturating_sub(1).max(1))
    }

    /// Runs the work for each item. The results are in the order of the items.
    pub(crate) fn map<'t, T: Sync, R: Send>(
        self,
        items: &'t [T],
        work: impl Fn(&'t T) -> R + Sync,
    ) -> Vec<R> {
        let threads = self.0.min(items.len());
        if threads <= 1 {
            return items.iter().map(work).collect();
        }
        let next = AtomicUsize::new(0);
        let work_on = || {
            let mut done = Vec::new();
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(item) = items.get(place) else { return done };
                done.push((place, work(item)));
            }
        };
        let mut done = thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work_on)).collect();
            let mut done = work_on();
            for other in others {
                done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
            }
            done
        });
        done.sort_unstable_by_key(|(place, _)| *place);
        done.into_iter().map(|(_, result)| result).collect()
    }

    /// Runs two pieces of work, at the same time if there are two threads. The first gets the
    /// remaining threads.
    pub(crate) fn both<A, B: Send>(
        self,
        one: impl FnOnce(Self) -> A,
        other: impl FnOnce() -> B + Send,
    ) -> (A, B) {
        if self.0 <= 1 {
            return (one(self), other());
        }
        thread::scope(|scope| {
            let other = scope.spawn(other);
            let one = one(Self(self.0 - 1));
            (one, other.join().unwrap_or_else(|panic| resume_unwind(panic)))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::Threads;

    #[test]
    fn results_keep_the_order_of_the_items_whatever_the_threads() {
        let items: Vec<u64> = (0..1_000).collect();
        let expected: Vec<u64> = items.iter().map(|item| item * item).collect();
        for threads in [1, 2, 3, 2_000] {
            assert_eq!(Threads(threads).map(&items, |item| item * item), expected, "{threads}");
        }
        assert!(Threads(4).map(&[], |item: &u64| *item).is_empty());
        assert_eq!(Threads(3).both(|left| left, || "two"), (Threads(2), "two"));
    }

    #[test]
    fn a_panic_reaches_the_caller() {
        let panics = |threads: Threads| {
            catch_unwind(|| threads.map(&[1, 2, 3, 4], |item| assert_ne!(*item, 3))).is_err()
        };
        assert!(panics(Threads::ONE) && panics(Threads(3)));
        assert!(catch_unwind(|| Threads(2).both(|_| 1, || panic!("in the other"))).is_err());
    }
}
