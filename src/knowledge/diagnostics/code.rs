//! The macro that turns the table of diagnostics into [`Code`](crate::knowledge::Code) and its texts.

/// Defines `Code` from the table: code, severity, title and page of each mistake.
macro_rules! codes {
    ($($name:ident $code:literal $severity:ident $title:literal
        means $meaning:literal example $example:literal mend $mend:literal
        english $english:literal means $why:literal mend $how:literal)*) => {
        /// A kind of mistake: one line of the table behind `docs/diagnostics/`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $title] $name,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &[Code] = &[$(Code::$name),*];

            /// The code as people see it, such as `KB012`. Its meaning never changes.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code),* }
            }

            /// How severe it is. An error keeps the knowledge base from being served.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity),* }
            }

            /// The mistake in a few Chinese words.
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title),* }
            }

            /// The mistake in a few English words, which can follow a colon.
            pub fn english_title(self) -> &'static str {
                match self { $(Code::$name => $english),* }
            }

            /// Why it is a mistake, and how to mend it, in English.
            pub fn english(self) -> (&'static str, &'static str) {
                match self { $(Code::$name => ($why, $how)),* }
            }

            /// Reads a code such as `KB012`, in upper or lower case.
            pub fn parse(text: &str) -> Option<Code> {
                Code::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(text))
            }

            /// Its page of `docs/diagnostics/`: Markdown with meaning, example and mend, in
            /// Chinese and then in English.
            pub fn page(self) -> String {
                let (meaning, example, mend) = match self {
                    $(Code::$name => ($meaning, $example, $mend)),*
                };
                let (why, how) = self.english();
                let (code, title, english) = (self.as_str(), self.title(), self.english_title());
                let (level, english_level) = (
                    self.severity().word(Language::Chinese),
                    self.severity().word(Language::English),
                );
                format!(
                    "# {code} {title}\n\n级别：{level}\n\n{meaning}\n\n例：\n\n\
                     ```yaml\n{example}\n```\n\n改法：{mend}\n\n\
                     ## {code}: {english}\n\nLevel: {english_level}\n\n{why}\n\n\
                     To mend it: {how}\n",
                )
            }
        }
    };
}

pub(crate) use codes;
