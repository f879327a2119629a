//! A progress bar on standard error for long work.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// Shorter work needs no bar.
const SHOWN_AFTER: Duration = Duration::from_secs(1);

/// Runs `work` under a progress bar with a Chinese label. The work reports how many of how many
/// steps are done. The bar appears only on a terminal, after a second, and is gone at the end.
pub(super) fn with_bar<T>(
    what: &'static str,
    work: impl FnOnce(&mut dyn FnMut(usize, usize)) -> T,
) -> T {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(0).with_style(style).with_message(what);
    let done = work(&mut |done, all| {
        if bar.elapsed() >= SHOWN_AFTER {
            bar.set_length(all as u64);
            bar.set_position(done as u64);
        }
    });
    bar.finish_and_clear();
    done
}
