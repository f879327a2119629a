//! A bar on standard error while something takes its time.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over so many steps, told in Chinese what they are. Shown on a terminal only, and
/// gone when dropped after [`ProgressBar::finish_and_clear`].
pub(super) fn progress_bar(what: &'static str, total: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(total as u64).with_style(style).with_message(what)
}
