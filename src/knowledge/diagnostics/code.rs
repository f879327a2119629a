//! What each line of the table of diagnostics becomes: a variant of [`Code`](crate::knowledge::Code), and
//! what is told of it.

/// Makes `Code` of the table: code, severity, title and page of each mistake.
macro_rules! codes {
    ($($name:ident $code:literal $severity:ident $title:literal
        means $meaning:literal example $example:literal mend $mend:literal
        english $english:literal means $why:literal mend $how:literal)*) => {
        /// What is wrong: one line of the table behind `docs/diagnostics/`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $title] $name,)*
        }

        impl Code {
            /// Every code, in the order of their numbers.
            pub const ALL: &[Code] = &[$(Code::$name),*];

            /// Such as `KB012`; never changes its meaning.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code),* }
            }

            /// Whether it keeps the knowledge base from being served.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity),* }
            }

            /// In a few words, Chinese.
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title),* }
            }

            /// In a few words, English, fit to follow a colon.
            pub fn english_title(self) -> &'static str {
                match self { $(Code::$name => $english),* }
            }

            /// Why it is a mistake, and how it is mended, English.
            pub fn english(self) -> (&'static str, &'static str) {
                match self { $(Code::$name => ($why, $how)),* }
            }

            /// The code that is written so, in capitals or not.
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
