use proptest::prelude::*;

use super::{
    Edits, KeyChange,
    KeyChange::{Inside, Remove, Set},
    Value,
    steps::{Step, steps},
};
use crate::knowledge::{NodeKind, SourceFile, Written};

const ORDER: &[&str] = &["id", "question", "similar", "answer", "tags", "valid", "inner", "x", "y"];

fn word(text: &str) -> Value {
    Value::Word(text.to_owned())
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn list(items: &[&str]) -> Value {
    Value::List(items.iter().map(|item| (*item).to_owned()).collect())
}

fn row(items: &[&str]) -> Value {
    Value::Row(items.iter().map(|item| (*item).to_owned()).collect())
}

fn file(text: &str) -> SourceFile {
    SourceFile { path: "knowledge/a.yaml".to_owned(), bytes: text.into() }
}

/// The text with changes to its first entry.
fn changed(text: &str, changes: &[(&'static str, KeyChange)]) -> String {
    let file = file(text);
    let written = Written::read(&file).expect(text);
    let mut edits = Edits::new(written.text);
    edits.change_map(written.entries().next().unwrap(), ORDER, changes);
    edits.apply().unwrap()
}

type Changes = Vec<(&'static str, KeyChange)>;

const BLOCK: &str = "entries:
  - id: a.b  # 编号
    # 说法
    similar:  # 客户的话
      - 一
      # 二的由来
      - '二'
      - 三

    answer: |
      甲

      乙
    tags: [丙, 丁]  # 标签
    inner: {x: 1, y: 2}
";

/// Lines that go and that come, joined by `|`, with both kinds of line ends.
fn assert_lines(cases: Vec<(&str, Changes, &str, &str)>) {
    for (shows, changes, gone, come) in cases {
        for eol in ["\n", "\r\n"] {
            let old = BLOCK.replace('\n', eol);
            let new = changed(&old, &changes);
            let old: Vec<Option<&str>> = old.split(eol).map(Some).collect();
            let new: Vec<String> = new.split(eol).map(str::to_owned).collect();
            let (mut went, mut came) = (Vec::new(), Vec::new());
            for step in steps(&old, &new) {
                if let Step::Replace(at, _) | Step::Delete(at) = step {
                    went.push(old[at].unwrap());
                }
                if let Step::Replace(_, line) | Step::Insert(line) = step {
                    came.push(line);
                }
            }
            assert_eq!((went.join("|").as_str(), came.join("|").as_str()), (gone, come), "{shows}");
        }
    }
}

fn assert_texts(cases: Vec<(&str, &str, Changes, &str)>) {
    for (shows, text, changes, expected) in cases {
        assert_eq!(changed(text, &changes), expected, "{shows}");
    }
}

#[test]
fn only_lines_of_changed_texts_change() {
    assert_lines(vec![
        // (what it shows, changes, lines that go, lines that come)
        (
            "a plain text",
            vec![("id", Set(text("a.c")))],
            "  - id: a.b  # 编号",
            "  - id: a.c  # 编号",
        ),
        (
            "a text that needs quotation marks",
            vec![("id", Set(text("甲: 乙")))],
            "  - id: a.b  # 编号",
            "  - id: \"甲: 乙\"  # 编号",
        ),
        (
            "one line of a list",
            vec![("similar", Set(list(&["一", "二", "叁"])))],
            "      - 三",
            "      - 叁",
        ),
        ("a line more", vec![("similar", Set(list(&["一", "新", "二", "三"])))], "", "      - 新"),
        (
            "a line in front",
            vec![("similar", Set(list(&["零", "一", "二", "三"])))],
            "",
            "      - 零",
        ),
        ("a line less", vec![("similar", Set(list(&["一", "三"])))], "      - '二'", ""),
        ("one line of a block", vec![("answer", Set(text("甲\n\n丙")))], "      乙", "      丙"),
        ("a block with one line", vec![("answer", Set(text("甲")))], "|      乙", ""),
        (
            "a text that no block keeps",
            vec![("answer", Set(text(" 甲\n乙")))],
            "    answer: ||      甲||      乙",
            "    answer: \" 甲\\n乙\"",
        ),
    ]);
}

#[test]
fn only_lines_of_keys_that_come_and_go_change() {
    assert_lines(vec![
        // (what it shows, changes, lines that go, lines that come)
        (
            "a list in brackets",
            vec![("tags", Set(row(&["丁", "戊"])))],
            "    tags: [丙, 丁]  # 标签",
            "    tags: [丁, 戊]  # 标签",
        ),
        (
            "a map in braces",
            vec![("inner", Inside(vec![("y", Remove), ("z", Set(word("3")))]))],
            "    inner: {x: 1, y: 2}",
            "    inner: {x: 1, z: 3}",
        ),
        ("a key that goes", vec![("tags", Remove)], "    tags: [丙, 丁]  # 标签", ""),
        (
            "a list that goes",
            vec![("similar", Remove)],
            "    similar:  # 客户的话|      - 一|      # 二的由来|      - '二'|      - 三",
            "",
        ),
        ("a key that comes", vec![("question", Set(text("#1 问")))], "", "    question: \"#1 问\""),
        ("a list that comes", vec![("valid", Set(list(&["x"])))], "", "    valid:|      - x"),
    ]);
}

#[test]
fn unusual_ways_of_writing_are_kept() {
    assert_texts(vec![
        // (what it shows, text, changes, text after)
        (
            "an entry in braces, no line feed at the end",
            "entries: [{id: a.b, tags: [x], inner: {x: 1}}]",
            vec![
                ("tags", Remove),
                ("inner", Inside(vec![("x", Set(word("2")))])),
                ("y", Set(text("a,b"))),
            ],
            "entries: [{id: a.b, inner: {x: 2}, y: \"a,b\"}]",
        ),
        (
            "a list in brackets over several lines",
            "entries:\n- id: a.b\n  similar: [\n    一,  # 甲\n    二,\n    三,  # 丙\n  ]\n",
            vec![("similar", Set(list(&["一", "三", "四"])))],
            "entries:\n- id: a.b\n  similar: [\n    一,  # 甲\n    三, 四,  # 丙\n  ]\n",
        ),
        (
            "the key beside the dash goes",
            "entries:\n  - tags: [x]  # 标签\n    id: a.b\n",
            vec![("tags", Remove)],
            "entries:\n  -  # 标签\n    id: a.b\n",
        ),
        (
            "blocks as items",
            "entries:\n  - id: a.b\n    similar:\n      - >-\n        一\n        二\n      - 三\n",
            vec![("similar", Set(list(&["四", "三"])))],
            "entries:\n  - id: a.b\n    similar:\n      - 四\n      - 三\n",
        ),
        (
            "a line that becomes a block beside a comment",
            "entries:\n  - id: a.b\n    answer: 甲  # 待定\n    tags: [x]\n",
            vec![("answer", Set(text("甲\n乙")))],
            "entries:\n  - id: a.b\n    answer: |  # 待定\n      甲\n      乙\n    tags: [x]\n",
        ),
        (
            "a folded text",
            "entries:\n  - id: a.b\n    answer: >\n      甲\n      乙\n",
            vec![("answer", Set(text("甲\n丙")))],
            "entries:\n  - id: a.b\n    answer: |\n      甲\n      丙\n",
        ),
    ]);
}

#[test]
fn keys_are_put_where_they_belong() {
    assert_texts(vec![
        // (what it shows, text, changes, text after)
        (
            "a key before all others of a map, and one at the end without a line feed",
            "entries:\n  - id: a.b\n    inner:\n      y: 1",
            vec![("inner", Inside(vec![("x", Set(word("0")))])), ("tags", Set(row(&["t"])))],
            "entries:\n  - id: a.b\n    tags: [t]\n    inner:\n      x: 0\n      y: 1",
        ),
        (
            "a key after the last, without a line feed",
            "entries:\n  - id: a.b",
            vec![
                ("tags", Set(row(&["t", "12"]))),
                ("inner", Set(Value::Map(vec![("x", word("2026-11-22"))]))),
            ],
            "entries:\n  - id: a.b\n    tags: [t, \"12\"]\n    inner:\n      x: 2026-11-22\n",
        ),
        (
            "keys without a value",
            "entries:\n  - id: a.b\n    similar:  # 空\n    answer:\n    inner:\n      x:\n  - id: c.d\n",
            vec![
                ("similar", Set(list(&["一"]))),
                ("answer", Set(text("甲"))),
                ("inner", Inside(vec![("y", Set(word("1")))])),
            ],
            "entries:\n  - id: a.b\n    similar:  # 空\n      - 一\n    answer: 甲\n    inner:\n      x:\n      y: 1\n  - id: c.d\n",
        ),
        (
            "a key without a value goes",
            "entries:\n  - id: a.b\n    similar:\n    answer: x\n",
            vec![("similar", Remove)],
            "entries:\n  - id: a.b\n    answer: x\n",
        ),
        (
            "an empty list",
            "entries:\n  - id: a.b\n    similar: []\n",
            vec![("similar", Set(list(&["一"])))],
            "entries:\n  - id: a.b\n    similar:\n      - 一\n",
        ),
    ]);
}

#[test]
fn entries_are_added_in_the_manner_of_the_file() {
    let new = [Value::Map(vec![("id", text("c.d")), ("similar", list(&["一"]))])];
    let cases = [
        // (what it shows, text, text after)
        (
            "after a blank line",
            "entries:\n  - id: a.b\n",
            "entries:\n  - id: a.b\n\n  - id: c.d\n    similar:\n      - 一\n",
        ),
        (
            "close together",
            "entries:\n- id: a.a\n- id: a.b\n  # 完",
            "entries:\n- id: a.a\n- id: a.b\n- id: c.d\n  similar:\n    - 一\n  # 完",
        ),
        (
            "to none",
            "version: 1\nentries: []  # 空\n",
            "version: 1\nentries:  # 空\n  - id: c.d\n    similar:\n      - 一\n",
        ),
        ("to nothing", "entries:", "entries:\n  - id: c.d\n    similar:\n      - 一"),
        (
            "in brackets",
            "entries: [{id: a.b}]\n",
            "entries: [{id: a.b}, {id: c.d, similar: [一]}]\n",
        ),
    ];
    for (shows, text, expected) in cases {
        let file = file(text);
        let written = Written::read(&file).expect(text);
        let mut edits = Edits::new(written.text);
        edits.append(&written.root, "entries", &new);
        assert_eq!(edits.apply().as_deref(), Some(expected), "{shows}");
    }
}

/// Texts with everything that has a meaning in YAML.
fn any_text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("\n"),
        Just(" "),
        Just(": "),
        Just(" #"),
        Just("- "),
        Just("'"),
        Just("\""),
        Just("\\"),
        Just("|"),
        Just(">"),
        Just("["),
        Just("]"),
        Just("{"),
        Just("}"),
        Just(","),
        Just("&"),
        Just("*"),
        Just("!"),
        Just("%"),
        Just("@"),
        Just("`"),
        Just("？"),
        Just("："),
        Just("提现"),
        Just("12"),
        Just("no"),
        Just("~"),
        Just("2026-11-22"),
        Just("👍🏽"),
        Just("…"),
        Just("---"),
        Just("**粗**"),
        Just("\t"),
        Just("\u{7f}"),
        Just("\u{85}"),
        Just("\u{feff}"),
    ];
    prop::collection::vec(part, 1..6).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        question in any_text(),
        answer in any_text(),
        items in prop::collection::vec(any_text(), 1..4),
        old in 0..4_usize,
    ) {
        let olds = [
            "entries:\n  - id: a.b\n    question: x  # c\n    answer: |\n      甲\n    similar:\n      - y\n    tags: [z]\n",
            "entries:\n  - id: a.b\n    similar: [y]\n    tags:\n      - z\n",
            "entries: [{id: a.b, question: x, similar: [y], tags: []}]",
            "entries:\n  - {id: a.b, answer: 'x'}",
        ];
        let after = changed(olds[old], &[
            ("question", Set(Value::Text(question.clone()))),
            ("answer", Set(Value::Prose(answer.clone()))),
            ("similar", Set(Value::List(items.clone()))),
            ("tags", Set(Value::Row(items.clone()))),
        ]);
        let file = file(&after);
        let written = Written::read(&file);
        prop_assert!(written.is_some(), "{after}");
        let written = written.unwrap();
        let entry = written.entries().next().unwrap();
        let read = |key: &str| entry.value(key).and_then(|value| value.raw_text());
        prop_assert_eq!(read("question"), Some(question.as_str()), "{}", after);
        prop_assert_eq!(read("answer"), Some(answer.as_str()), "{}", after);
        for key in ["similar", "tags"] {
            let Some(NodeKind::List(found)) = entry.value(key).map(|node| &node.kind) else { panic!() };
            let found: Vec<&str> = found.iter().filter_map(|item| item.raw_text()).collect();
            prop_assert_eq!(&found, &items, "{}", after);
        }
    }
}
