//! The columns of a sheet: what they are called, and which part of an entry they hold.

use crate::knowledge::nearest;

macro_rules! columns {
    ($($name:ident $key:literal $title:literal $path:tt $form:ident $default:expr, $width:literal $note:literal)*) => {
        /// One column of a sheet.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Column {
            $(#[doc = $title] $name,)*
        }

        impl Column {
            /// In the order in which they are written.
            pub const ALL: &[Column] = &[$(Column::$name),*];

            /// Such as `valid_from`; may stand alone as the heading.
            pub fn key(self) -> &'static str {
                match self { $(Column::$name => $key),* }
            }

            /// In Chinese; may stand alone as the heading.
            pub fn title(self) -> &'static str {
                match self { $(Column::$name => $title),* }
            }

            /// The keys that lead to it from the entry; none for what is no part of it.
            pub(crate) fn path(self) -> &'static [&'static str] {
                match self { $(Column::$name => &$path),* }
            }

            pub(crate) fn form(self) -> Form {
                match self { $(Column::$name => Form::$form),* }
            }

            pub(crate) fn by_default(self) -> ByDefault {
                match self { $(Column::$name => $default),* }
            }

            /// How many characters wide it is shown.
            pub(super) fn width(self) -> u32 {
                match self { $(Column::$name => $width),* }
            }

            /// What is to be written in it, for the second sheet.
            pub(super) fn note(self) -> &'static str {
                match self { $(Column::$name => $note),* }
            }
        }
    };
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// An id, a path, or one of a few words.
    Word,
    Date,
    /// Text that the checks read without the blanks around it.
    Question,
    Text,
    Prose,
    /// Questions, one on each line.
    Questions,
    /// What to do one after the other, one on each line.
    Steps,
    /// Short texts, one on each line.
    Words,
    /// Names with values, a name on each line: `product=wallet,loan`.
    Facts,
}

/// What holds for an entry in which nothing is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ByDefault {
    Nothing,
    /// What the `defaults` of the file say under the same key.
    OfFile,
    Word(&'static str),
}

use ByDefault::{Nothing, OfFile};

columns! {
    File "file" "文件" [] Word Nothing, 24
        "条目写在哪个文件。已有的条目不要改；新条目留空时写进 knowledge/<分类>/imported.yaml。"
    Id "id" "编号" ["id"] Word Nothing, 28
        "必填，每个条目一个，如 payment.withdraw.arrival；上线后不要再改。改了编号就是一个新条目。"
    Category "category" "分类" ["category"] Word OfFile, 12
        "只能是下拉列表里的词。留空就用那个文件的默认值。"
    Question "question" "标准问" ["question"] Question Nothing, 28 "必填，2 至 60 字。"
    Similar "similar" "相似问" ["similar"] Questions Nothing, 36
        "客户会说的其他话，每行一句（单元格里用 Alt+Enter 换行）。"
    Not "not" "不是" ["not"] Questions Nothing, 24 "很像、但不该找到这一条的话，每行一句。"
    Match "match" "匹配方式" ["match"] Word ByDefault::Word("smart"), 10
        "smart 按相似、exact 只认相同的问法、contains 含有匹配词、regex 符合正则；留空是 smart。"
    Patterns "patterns" "匹配词" ["patterns"] Questions Nothing, 24
        "匹配方式是 contains 时的词，或 regex 时的正则，每行一个；其他方式留空。"
    When "when" "适用客户" ["when"] Facts Nothing, 20
        "只给这些客户：每行一个属性，如 product=wallet,loan；要先在 knowledge/facts.yaml 里声明；留空是所有客户。"
    Answer "answer" "答案" ["answer"] Prose Nothing, 60
        "必填，1 至 1000 字；{{名字}} 是变量，**文字** 是加粗，- 开头是列表。"
    Steps "steps" "步骤" ["steps"] Steps Nothing, 40
        "按先后要做的事，每行一步，2 至 12 步；在页面上折叠在答案下面；没有就留空。"
    WithoutFigure "without_figure" "代替的话" ["without_figure"] Prose Nothing, 30
        "答案里引用的数过期或没有核实时改说的话；留空就用 policy.yaml 里的。"
    FollowUps "follow_ups" "推荐问题" ["follow_ups"] Words Nothing, 28
        "答案下面的按钮，每行一个条目编号，最多 4 个。"
    Handoff "handoff" "转人工" ["handoff"] Word ByDefault::Word("none"), 10
        "none 不提人工、offer 给一个按钮、force 直接转人工；留空是 none。"
    ValidFrom "valid_from" "生效日期" ["valid", "from"] Date Nothing, 12
        "写成 2026-11-22；从这天起提供；留空不限。"
    ValidUntil "valid_until" "失效日期" ["valid", "until"] Date Nothing, 12
        "写成 2026-11-22；到这天为止（含）；留空不限。"
    Status "status" "状态" ["status"] Word ByDefault::Word("live"), 10
        "draft 未上线、live 上线、retired 已下线；留空是 live。"
    Tags "tags" "标签" ["tags"] Words Nothing, 14 "每行一个。"
    Class "class" "合规类别" ["compliance", "class"] Word OfFile, 12
        "knowledge/compliance.yaml 里的一个类别；留空就用那个文件的默认值。"
    Source "source" "依据" ["compliance", "source"] Text Nothing, 36 "必填：答案依据的法规、规则或合同。"
    Checked "checked" "核对日期" ["compliance", "checked"] Date OfFile, 12
        "写成 2026-11-22；留空就用那个文件的默认值。"
    ReviewDue "review_due" "复核日期" ["compliance", "review_due"] Date OfFile, 12
        "写成 2026-11-22；留空就用那个文件的默认值。"
}

impl Column {
    /// As it is written: `标准问 (question)`.
    pub fn heading(self) -> String {
        format!("{} ({})", self.title(), self.key())
    }

    /// The column of a heading, of which either half is enough.
    pub(in super::super) fn of(heading: &str) -> Option<Column> {
        let halves = heading.split(['(', ')', '（', '）']);
        let halves = halves.map(|half| half.split_whitespace().collect::<String>());
        let mut found = halves.filter(|half| !half.is_empty()).map(|half| {
            Self::ALL.iter().find(|column| half == column.title() || half == column.key())
        });
        let first = *found.next()??;
        found.all(|other| other == Some(&first)).then_some(first)
    }

    /// The column that an unknown heading was probably meant to be.
    pub(super) fn like(heading: &str) -> Option<Column> {
        let mut halves = heading.split(['(', ')', '（', '）']).map(str::trim);
        halves.find_map(|half| {
            let half = half.to_lowercase();
            let of = |word: &str| {
                Self::ALL.iter().find(|column| column.key() == word || column.title() == word)
            };
            let contains = |column: &&Column| !half.is_empty() && half.contains(column.title());
            of(&half)
                .or_else(|| {
                    let words = Self::ALL.iter().flat_map(|column| [column.key(), column.title()]);
                    nearest(&half, words).and_then(of)
                })
                .or_else(|| Self::ALL.iter().find(contains))
                .copied()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One table serves both: a key that an entry gets has a column, and no column is without a key.
    #[test]
    fn every_key_of_an_entry_has_a_column() {
        let keys = crate::knowledge::entry_key_order();
        let columns: Vec<&str> =
            Column::ALL.iter().flat_map(|column| column.path()).copied().collect();
        let without: Vec<&&str> = keys.iter().filter(|key| !columns.contains(key)).collect();
        assert!(without.is_empty(), "keys without a column: {without:?}");
        let unknown: Vec<&&str> = columns.iter().filter(|key| !keys.contains(key)).collect();
        assert!(unknown.is_empty(), "columns of no key: {unknown:?}");
    }

    #[test]
    fn headings_are_known_by_either_half() {
        let cases = [
            // (what it shows, heading, column, guess)
            ("as written", "标准问 (question)", Some(Column::Question), None),
            ("Chinese alone", " 标准问 ", Some(Column::Question), None),
            ("the key alone", "valid_from", Some(Column::ValidFrom), None),
            ("a blank inside", "标 准问", Some(Column::Question), None),
            ("full-width brackets", "标签（tags）", Some(Column::Tags), None),
            ("halves of two columns", "标签 (question)", None, Some(Column::Tags)),
            ("a slip", "anwser", None, Some(Column::Answer)),
            ("another case", "Answer", None, Some(Column::Answer)),
            ("a word more", "标准问题", None, Some(Column::Question)),
            ("something else", "备注", None, None),
            ("nothing", "", None, None),
        ];
        for (shows, heading, expected, guess) in cases {
            assert_eq!(Column::of(heading), expected, "{shows}");
            if expected.is_none() {
                assert_eq!(Column::like(heading), guess, "{shows}");
            }
        }
    }
}
