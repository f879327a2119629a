//! The files of a root: bytes, text, lines and places.

use std::sync::OnceLock;

use super::diagnostic::Span;

/// One file of a root folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The path relative to the root, with `/` between its parts, such as `knowledge/payment.yaml`.
    pub path: String,
    /// The contents.
    pub bytes: Vec<u8>,
}

/// The contents of a link that was not followed. No text has these bytes.
const REFUSED_LINK: &[u8] = b"\xffa link out of the root";
/// The contents of a link of which it cannot be said where it leads.
const UNRESOLVED_LINK: &[u8] = b"\xffa link to somewhere";

impl SourceFile {
    /// A symbolic link that leads out of the root. Its target was not read, and the checks report
    /// it by its own name alone.
    pub fn refused_link(path: String) -> Self {
        Self { path, bytes: REFUSED_LINK.to_vec() }
    }

    /// A symbolic link of which it cannot be said where it leads: a link in a circle, or into a
    /// folder that may not be read. The checks report it by its own name alone.
    pub fn unresolved_link(path: String) -> Self {
        Self { path, bytes: UNRESOLVED_LINK.to_vec() }
    }
}

/// A part of a file, from byte to byte.
///
/// Bytes are counted without the byte order mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// The number of the file: its index among the sources.
    pub(crate) file: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A value and its place in the file.
#[derive(Clone, Debug)]
pub(crate) struct Located<T> {
    pub(crate) value: T,
    pub(crate) place: Place,
}

/// Why a file was not decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Undecoded {
    /// Larger than [`FILE_BYTES_MAX`].
    TooLarge,
    /// Not UTF-8; the text stops before the first wrong byte.
    NotUtf8 {
        /// Whether the file begins with the byte order mark of UTF-16.
        utf16: bool,
    },
    /// A link that leads out of the root.
    RefusedLink,
    /// A link of which it cannot be said where it leads.
    UnresolvedLink,
}

/// Largest file in bytes. Text editors become slow long before.
pub(crate) const FILE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// One file, decoded as far as it can be, with the start of each line.
#[derive(Debug)]
pub(crate) struct Source<'f> {
    pub(crate) path: &'f str,
    pub(crate) text: &'f str,
    pub(crate) byte_order_mark: bool,
    pub(crate) undecoded: Option<Undecoded>,
    line_starts: Vec<usize>,
    /// Where a comma with a space after it stands (true), or a line or a bracket ends (false), in
    /// the order of the text. Few files need it, and those at each item of a long list.
    commas_and_ends: OnceLock<Vec<(usize, bool)>>,
}

impl<'f> Source<'f> {
    /// An empty source, for a number without a file.
    pub(crate) fn none() -> Self {
        Self {
            path: "",
            text: "",
            byte_order_mark: false,
            undecoded: None,
            line_starts: vec![0],
            commas_and_ends: OnceLock::new(),
        }
    }

    pub(crate) fn decode(file: &'f SourceFile) -> Self {
        let (text, undecoded) = if file.bytes.len() > FILE_BYTES_MAX {
            ("", Some(Undecoded::TooLarge))
        } else if file.bytes == REFUSED_LINK {
            ("", Some(Undecoded::RefusedLink))
        } else if file.bytes == UNRESOLVED_LINK {
            ("", Some(Undecoded::UnresolvedLink))
        } else {
            match str::from_utf8(&file.bytes) {
                Ok(text) => (text, None),
                Err(error) => {
                    let good = file.bytes.get(..error.valid_up_to()).unwrap_or_default();
                    let utf16 = file.bytes.starts_with(&[0xff, 0xfe])
                        || file.bytes.starts_with(&[0xfe, 0xff]);
                    (str::from_utf8(good).unwrap_or_default(), Some(Undecoded::NotUtf8 { utf16 }))
                }
            }
        };
        let stripped = text.strip_prefix('\u{feff}');
        let byte_order_mark = stripped.is_some();
        let text = stripped.unwrap_or(text);
        let line_starts = line_starts(text);
        let commas_and_ends = OnceLock::new();
        Self { path: &file.path, text, byte_order_mark, undecoded, line_starts, commas_and_ends }
    }

    /// The same file with another text of the same lines.
    pub(crate) fn with_text<'t>(&self, text: &'t str) -> Source<'t>
    where
        'f: 't,
    {
        let (line_starts, commas_and_ends) = (self.line_starts.clone(), OnceLock::new());
        Source { text, line_starts, commas_and_ends, ..*self }
    }

    /// The number of the line, from 1, in which a byte lies.
    pub(crate) fn line_at(&self, byte: usize) -> usize {
        self.line_starts.partition_point(|start| *start <= byte).max(1)
    }

    /// Whether a comma with a space after it follows a byte, before its line or a bracket ends.
    pub(crate) fn has_spaced_comma(&self, from: usize) -> bool {
        let found = self.commas_and_ends.get_or_init(|| {
            let signs = self.text.match_indices([',', ']', '\n', '\r']);
            let signs = signs.map(|(at, sign)| (at, sign == ","));
            let is_spaced =
                |at: usize| self.text.get(at + 1..).is_some_and(|rest| rest.starts_with(' '));
            signs.filter(|&(at, is_comma)| !is_comma || is_spaced(at)).collect()
        });
        let next = found.partition_point(|&(at, _)| at < from);
        found.get(next).is_some_and(|&(_, is_comma)| is_comma)
    }

    /// The text of a place; empty when the place is not in this text.
    pub(crate) fn slice(&self, place: Place) -> &'f str {
        self.text.get(place.start..place.end).unwrap_or_default()
    }

    /// The line and columns of a place. A place of several lines is cut at the end of its first.
    pub(crate) fn span(&self, place: Place) -> Span {
        let line = self.line_starts.partition_point(|start| *start <= place.start).max(1);
        let line_start = self.line_starts.get(line - 1).copied().unwrap_or_default();
        let shown = self.line(line);
        let column_of = |byte: usize| {
            let inside = byte.saturating_sub(line_start).min(shown.len());
            shown.char_indices().take_while(|(at, _)| *at < inside).count() + 1
        };
        let column = column_of(place.start);
        // At least one character wide, so that there is something to underline.
        let end_column = column_of(place.end).max(column + 1);
        Span { line, column, end_column }
    }

    /// A line by its number from 1, without the line feed; empty when there is none.
    pub(crate) fn line(&self, line: usize) -> &'f str {
        let start = self.line_starts.get(line.wrapping_sub(1)).copied();
        let end = self.line_starts.get(line).copied().unwrap_or(self.text.len());
        start
            .and_then(|start| self.text.get(start..end))
            .map_or("", |line| line.trim_end_matches(['\n', '\r']))
    }

    /// The place of a line by its number from 1, without the line feed.
    pub(crate) fn line_place(&self, file: usize, line: usize) -> Place {
        let start = self.line_starts.get(line.wrapping_sub(1)).copied().unwrap_or(self.text.len());
        Place { file, start, end: start + self.line(line).len() }
    }

    /// The number of lines.
    pub(crate) fn line_count(&self) -> usize {
        self.line_starts.len()
    }
}

/// The byte at which each line begins. A line ends with `\n`, `\r\n`, or `\r` alone, as in YAML.
fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let ends = bytes.iter().enumerate().filter(|(at, byte)| match **byte {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    });
    std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spaced_comma_counts_until_its_line_or_a_bracket_ends() {
        for text in ["[甲,乙, 丙,丁]\n, 戊", "a,b\r\nc, d", ", ,", "a, ", "", "],x, y"] {
            let file = SourceFile { path: String::new(), bytes: text.into() };
            let source = Source::decode(&file);
            for (from, _) in text.char_indices() {
                let rest = text.get(from..).unwrap_or_default();
                let part = rest.split(['\n', '\r', ']']).next().unwrap_or_default();
                assert_eq!(source.has_spaced_comma(from), part.contains(", "), "{text:?} {from}");
            }
        }
    }
}
