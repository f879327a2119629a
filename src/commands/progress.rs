//! A bar on standard error while something takes its time.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// What is done sooner needs no bar.
const SHOWN_AFTER: Duration = Duration::from_secs(1);

/// Does some work under a bar that says in Chinese what it is; the work tells how many steps
/// of how many are done. The bar is shown on a terminal only, after a second, and gone at the end.
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
