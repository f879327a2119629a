//! Every mistake in the files is reported with its code and position.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
};

use expect_test::{expect, expect_file};
use jiff::civil::date;
use kefu::files::Root;
use kefu::knowledge::{
    Code, Expected, Floor, Industry, Language, Loaded, Severity, SourceFile, Split, load,
    questions_only,
};

use crate::knowledge::broken_figures::IN_FIGURES;
use crate::knowledge::broken_guard::IN_GUARD;
use crate::knowledge::broken_industry::{IN_INDUSTRY, INDUSTRY};
use crate::knowledge::broken_masking::IN_MASKING;
use crate::knowledge::broken_rows::{
    DICTIONARY, ENTRIES, GOOD, HOURS, INTENTS, POLICY, TOGETHER, VALUES, VARIABLES, YAML, edited,
    rows,
};
use crate::knowledge::typed_rows::TYPED;

/// The good root with one file replaced, removed (empty text) or added.
pub(crate) fn files_with(path: &str, bytes: &[u8]) -> Vec<SourceFile> {
    let mut files: BTreeMap<&str, &[u8]> =
        GOOD.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    files.insert(path, bytes);
    let files = files.into_iter();
    files
        .map(|(path, bytes)| SourceFile { path: path.to_owned(), bytes: bytes.to_owned() })
        .collect()
}

fn load_with(path: &str, bytes: &[u8]) -> Loaded {
    load(&files_with(path, bytes), date(2026, 11, 22))
}

/// The good root without one of its files.
fn load_without(path: &str) -> Loaded {
    let files = GOOD.iter().filter(|(good, _)| *good != path);
    let file = |(path, text): &(&str, &str)| SourceFile {
        path: (*path).to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    load(&files.map(file).collect::<Vec<_>>(), date(2026, 11, 22))
}

/// Code, line and column of each finding.
pub(crate) fn told_briefly(loaded: &Loaded) -> String {
    let lines = loaded.diagnostics.iter().map(|found| {
        let (line, column) = (found.span.line, found.span.column);
        format!("{} {line}:{column}", found.code)
    });
    lines.collect::<Vec<_>>().join(" | ")
}

fn told(loaded: &Loaded) -> String {
    let lines = loaded.diagnostics.iter().map(|found| {
        let (line, column) = (found.span.line, found.span.column);
        format!("{} {}:{line}:{column}", found.code, found.file)
    });
    lines.collect::<Vec<_>>().join(" | ")
}

#[test]
fn the_good_root_is_good() {
    let loaded = load_with(DICTIONARY, b"");
    assert_eq!(told(&loaded), "");
    let base = loaded.base.unwrap();
    let arrival = &base.entries[0];
    assert_eq!(arrival.answer.searched().text, "次日到账，请看**提现页面**。\n- [电话](tel:12378)");
    assert_eq!(base.entries[1].answer.searched().text, "以确认页为准。\n\n投资需谨慎。");
    assert_eq!(base.policy.texts.off_hours, "{{next_opening}} 上班 110 120 12356");
    assert_eq!(base.intents[0].priority, 60);
    assert_eq!(base.hash.len(), 64);
    assert_eq!(base.tests.floors, [(Floor::First, 800), (Floor::Helped, 850)].into());
    let [answered, acted, unanswered] = &base.tests.cases[..] else { panic!("three cases") };
    assert_eq!(answered.expected, Expected::Entry("payment.withdraw.arrival".into()));
    assert_eq!((answered.split, acted.split), (Split::Fit, Split::Test));
    assert_eq!(unanswered.say[1].at, "knowledge/tests.yaml:12:9");
}

#[test]
fn without_words_of_a_trade_the_shipped_ones_apply() {
    let loaded = load_without(INDUSTRY);
    assert_eq!(told(&loaded), "KB104 knowledge/industry.yaml:1:1");
    assert_eq!(loaded.diagnostics[0].severity, Severity::Note);
    let keys = "categories、rivals、brands、opposites、question_kinds、stop_words、courtesies、\
                not_denials、dialect、same";
    assert!(loaded.diagnostics[0].message.ends_with(keys), "{}", loaded.diagnostics[0].message);
    assert_eq!(loaded.base.unwrap().industry, Industry::shipped());

    // Each key by itself.
    let bytes = edited(INDUSTRY, "brands: [微信, 支付宝]\n", "");
    let base = load_with(INDUSTRY, &bytes).base.unwrap();
    assert_eq!(base.industry.brands, Industry::shipped().brands);
    assert_eq!(base.industry.rivals.len(), 2);
}

#[test]
fn words_of_a_trade_are_read_as_utterances_are() {
    let base = load_with(DICTIONARY, b"").base.unwrap();
    let industry = &base.industry;
    assert_eq!(industry.categories.with_parents("transfer"), ["payment", "transfer"]);
    assert_eq!(industry.rivals[1], [vec!["登录密码"], vec!["支付密码", "交易密码"]]);
    assert_eq!(industry.question_kinds[1].over, [0]);
    assert_eq!(industry.courtesies.after, ["谢谢", "呢"]);
    let bytes = edited(INDUSTRY, "[微信, 支付宝]", "[ＶＩＳＡ 卡, 支付寶！]");
    let base = load_with(INDUSTRY, &bytes).base.unwrap();
    assert_eq!(base.industry.brands, [["visa卡"], ["支付宝"]]);
}

/// As many as there may be are no mistake, and one more is.
#[test]
fn words_of_a_trade_have_their_limits() {
    let many = |from: usize, to: usize| -> Vec<String> {
        // Not by digits alone: numbers are read as such.
        (from..to)
            .map(|n| {
                format!("词{}", ["甲", "乙", "丙"].repeat(n % 4).join("") + &n.to_string() + "字")
            })
            .collect()
    };
    let list = |count: usize| format!("[{}]", many(0, count).join(", "));
    let each = |count: usize, line: &dyn Fn(usize) -> String| -> String {
        (0..count).flat_map(|n| ["\n  - ".to_owned(), line(n)]).collect()
    };
    let categories = |count: usize| {
        format!(
            "categories:\n  - {{id: payment, name: 支付}}{}",
            each(count - 1, &|n| format!("{{id: c{n}, name: 类}}"))
        )
    };
    let brands = |count| format!("brands: {}", list(count));
    let rivals = |groups: usize, of_each: usize| {
        let group = |n: usize| format!("[{}]", many(n * of_each, (n + 1) * of_each).join(", "));
        format!("rivals:{}", each(groups, &group))
    };
    let opposites = |count| {
        format!("opposites:{}", each(count, &|n| format!("{{one: [开{n}号], other: [关{n}号]}}")))
    };
    let kinds = |count| {
        format!("question_kinds:{}", each(count, &|n| format!("{{id: k{n}, words: [问{n}号]}}")))
    };
    let words = |key: &str, count| format!("{key}: {}", list(count));
    let courtesies = |count| format!("courtesies: {{before: {}}}", list(count));
    let same = |count| format!("same:\n  - {{say: {}, means: 一样的词}}", list(count));
    let cases = [
        // (what it shows, as many as there may be, one more)
        ("categories", categories(500), categories(501)),
        ("brands", brands(64), brands(65)),
        ("groups of rivals", rivals(63, 3), rivals(64, 3)),
        ("rivals", rivals(48, 4), rivals(49, 4)),
        ("opposites", opposites(32), opposites(33)),
        ("kinds of questions", kinds(16), kinds(17)),
        ("stop words", words("stop_words", 2_000), words("stop_words", 2_001)),
        ("courtesies", courtesies(200), courtesies(201)),
        ("words that deny nothing", words("not_denials", 200), words("not_denials", 201)),
        ("common words", same(2_000), same(2_001)),
    ];
    for (shows, most, more) in cases {
        let found = |key: &str| {
            let loaded = load_with(INDUSTRY, format!("version: 1\n{key}\n").as_bytes());
            let errors = loaded.diagnostics.iter().filter(|one| one.severity == Severity::Error);
            errors.map(|one| format!("{} {}", one.code, one.message)).collect::<Vec<_>>()
        };
        assert_eq!(found(&most), [""; 0], "{shows}");
        let told = found(&more);
        assert_eq!(told.len(), 1, "{shows}: {told:?}");
        assert!(told[0].starts_with("KB014"), "{shows}: {told:?}");
    }
}

/// An earlier root may have such a file of entries.
#[test]
fn entries_about_industries_stand_in_a_folder() {
    let (_, entries) = GOOD.iter().find(|(path, _)| *path == ENTRIES).unwrap();
    let entries = entries.replace("payment.withdraw", "payment.industry").replace("提现", "提货");
    let loaded = load_with("knowledge/payment/industry.yaml", entries.as_bytes());
    assert_eq!(told(&loaded), "");
    assert_eq!(loaded.base.unwrap().entries.len(), 4);
}

#[test]
fn line_ends_of_windows_are_read_as_well() {
    let windows: Vec<SourceFile> = GOOD
        .iter()
        .map(|(path, text)| SourceFile {
            path: (*path).to_owned(),
            bytes: text.replace('\n', "\r\n").into_bytes(),
        })
        .collect();
    let loaded = load(&windows, date(2026, 11, 22));
    assert_eq!(told(&loaded), "");
    assert!(!loaded.base.unwrap().entries[0].answer.searched().text.contains('\r'));
}

#[test]
fn the_shipped_knowledge_has_nothing_to_tell() {
    let mut loaded = load(&Root::embedded().read().unwrap(), date(2026, 11, 30));
    // That a figure ends or is due soon is no mistake: the days of laws are not ours. One that no
    // entry uses may be kept for an entry to come.
    let is_no_mistake = |code: &str| ["KB132", "KB134", "KB150"].contains(&code);
    loaded.diagnostics.retain(|found| !is_no_mistake(&found.code));
    assert!(loaded.diagnostics.is_empty(), "{}", rendered(&loaded));
    assert!(loaded.summary.entries >= 100, "{:?}", loaded.summary);
}

#[test]
fn each_mistake_is_told_with_its_place_and_nothing_else_is() {
    let mut wrong = Vec::new();
    for ((shows, path, _, _, expected), bytes) in rows() {
        let loaded = load_with(path, &bytes);
        if told(&loaded) != *expected {
            let (told, rendered) = (told(&loaded), rendered(&loaded));
            wrong.push(format!("{shows}: told {told}, expected {expected}\n{rendered}"));
        }
        let has_errors = loaded.diagnostics.iter().any(|d| d.severity == Severity::Error);
        assert_eq!(loaded.base.is_none(), has_errors, "{shows}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

pub(crate) fn rendered(loaded: &Loaded) -> String {
    loaded.diagnostics.iter().map(|found| found.render(Language::Chinese, false)).collect()
}

#[test]
fn files_that_are_no_text_are_told() {
    let large = vec![b'#'; 8 * 1024 * 1024 + 1];
    let cases: [(&str, &str, &[u8], &str); 5] = [
        // (what it shows, file, bytes, what is told)
        ("GBK", ENTRIES, b"version: 1\n# \xcc\xe1\xcf\xd6", "KB001 knowledge/payment.yaml:2:3"),
        ("UTF-16", ENTRIES, b"\xff\xfev\0", "KB001 knowledge/payment.yaml:1:1"),
        ("too large", ENTRIES, &large, "KB003 knowledge/payment.yaml:1:1"),
        ("a wrong extension", "knowledge/p2p.yml", b"x", "KB036 knowledge/p2p.yml:1:1"),
        ("too deep a folder", "knowledge/a/b/c.yaml", b"x", "KB036 knowledge/a/b/c.yaml:1:1"),
    ];
    for (shows, path, bytes, expected) in cases {
        // Only the file itself is reported: other files may refer to its entries.
        assert_eq!(told(&load_with(path, bytes)), expected, "{shows}");
    }
}

#[test]
fn files_that_are_missing_are_told() {
    let expected = "KB116 intents/guard.yaml:1:1 | KB117 intents/guard.yaml:1:1 \
                    | KB029 intents/policy.yaml:1:1 | KB037 knowledge:1:1 \
                    | KB029 knowledge/compliance.yaml:1:1 | KB029 knowledge/hours.yaml:1:1 \
                    | KB104 knowledge/industry.yaml:1:1 | KB029 knowledge/variables.yaml:1:1";
    assert_eq!(told(&load(&[], date(2026, 11, 22))), expected);
}

#[test]
fn question_sets_for_evaluation_are_checked_too() {
    let cases = [
        // (what it shows, lines, what is told)
        ("good", "{\"id\":\"a\",\"question\":\"提现多久\",\"similar\":[\"几天到\"]}\n", ""),
        ("further keys", "{\"id\":\"a\",\"question\":\"提现多久\",\"kind\":1}", ""),
        ("no json", "提现多久", "KB040 questions.jsonl:1:1"),
        ("an id that is a number", "{\"id\":7,\"question\":\"提现\"}", "KB040 questions.jsonl:1:1"),
        (
            "an id twice",
            "{\"id\":\"a\",\"question\":\"提\"}\n{\"id\":\"a\",\"question\":\"充\"}",
            "KB040 questions.jsonl:2:1",
        ),
        (
            "a question twice",
            "{\"id\":\"a\",\"question\":\"提现\"}\n{\"id\":\"b\",\"question\":\"提现？\"}",
            "KB041 questions.jsonl:2:1",
        ),
        ("nothing", "\n", "KB037 questions.jsonl:1:1"),
    ];
    for (shows, lines, expected) in cases {
        assert_eq!(told(&questions_only(lines.as_bytes())), expected, "{shows}");
    }
}

#[test]
fn all_mistakes_of_all_files_come_in_one_run_and_none_follows_from_another() {
    let mut files: BTreeMap<&str, Vec<u8>> =
        GOOD.iter().map(|(path, text)| (*path, text.as_bytes().to_vec())).collect();
    // If variables or entries cannot be read, their uses are not reported.
    files.insert(VARIABLES, b"version: 1\nvariables: [\n".to_vec());
    files.insert(ENTRIES, edited(ENTRIES, "similar:", "similar："));
    files.insert(INTENTS, edited(INTENTS, "priority: 60", "priority: 600"));
    files.insert(HOURS, edited(HOURS, "like: mon", "like: mom"));
    let files: Vec<SourceFile> = files
        .into_iter()
        .map(|(path, bytes)| SourceFile { path: path.to_owned(), bytes })
        .collect();
    let loaded = load(&files, date(2026, 11, 22));
    let expected = "KB014 intents/service.yaml:4:15 | KB014 knowledge/hours.yaml:8:30 \
                    | KB006 knowledge/payment.yaml:6:12 | KB005 knowledge/variables.yaml:2:12";
    assert_eq!(told(&loaded), expected);
}

#[test]
fn a_message_says_what_where_why_and_how_to_mend_it() {
    let bytes = edited(ENTRIES, "question: 提现手续费多少", "question: 提现 要几天？");
    expect![[r#"
        错误[KB012]：“提现 要几天？”同时属于两个条目
          --> knowledge/payment.yaml:15:15
           |
        15 |     question: 提现 要几天？
           |               ^^^^^^^^^^^^^
           |
           = 原因：同一句问法对应两个答案，机器人无法确定答哪一个（这里是 payment.withdraw.fee，另一处 knowledge/payment.yaml:7:9 是 payment.withdraw.arrival）
           = 改法：删掉其中一行，或把它们改得不同
    "#]]
    .assert_eq(&rendered(&load_with(ENTRIES, &bytes)));
}

#[test]
fn a_variable_in_brackets_is_told_as_one_that_needs_quotation_marks() {
    let bytes = edited(ENTRIES, "    steps: [看确认页, ", "    steps: [看{{hotline}}, ");
    expect![[r#"
        错误[KB005]：[ ] 里的 {{ }} 没有加引号
          --> knowledge/payment.yaml:17:14
           |
        17 |     steps: [看{{hotline}}, "费率{{fee_rate}}"]
           |               ^^^^^^^^^^^
           |
           = 原因：方括号里，花括号是一组“键: 值”的开头；第 17 行没有检查
           = 改法：含 {{ }} 的一项用英文引号整个括起来，如 ["看{{hotline}}", 再点确认]
    "#]]
    .assert_eq(&rendered(&load_with(ENTRIES, &bytes)));
}

#[test]
fn a_long_line_is_cut_around_its_mistake_and_cannot_steer_the_terminal() {
    let long = format!("{}<b>{}\u{202e}", "很".repeat(80), "长".repeat(80));
    let bytes = edited(POLICY, "rate: 打分", &format!("rate: {long}"));
    expect![[r#"
        错误[KB038]：“rate”里有看不见的字符（U+202E）
          --> intents/policy.yaml:18:174
           |
        18 | …长长长长长长长长长长长长长长长长长长长长�
           |                                          ^
           |
           = 原因：多半是粘贴带来的，会让看到的和实际的不一样
           = 改法：删掉这一处重新输入
    "#]]
    .assert_eq(&rendered(&load_with(POLICY, &bytes)));
}

proptest::proptest! {
    /// With any cut, repetition or insertion, the files are read to the end, and every finding lies
    /// in its file and can be shown.
    #[test]
    fn damaged_files_are_told_not_fatal(
        which in 0..GOOD.len(),
        at in 0.0..1.0f64,
        length in 0..20_usize,
        put in "[-:{}\\[\\]&*!|>'\"%@`#?,~ \n\t：{{}}**（\u{200b}a1]{0,4}",
    ) {
        let (path, good) = GOOD[which];
        let chars: Vec<char> = good.chars().collect();
        let from = (chars.len() as f64 * at) as usize;
        let to = (from + length).min(chars.len());
        let damaged: String =
            chars[..from].iter().copied().chain(put.chars()).chain(chars[to..].iter().copied()).collect();
        let loaded = load_with(path, damaged.as_bytes());
        for found in &loaded.diagnostics {
            assert!(found.render(Language::English, true).contains(&*found.code));
            let lines = damaged.split('\n').count();
            assert!(found.file != path || found.span.line <= lines, "{found:?}");
        }
    }
}

#[test]
fn the_hash_names_paths_bytes_and_version() {
    let hash = |path: &str, bytes: &[u8]| load_with(path, bytes).base.unwrap().hash;
    let words = b"\xe8\x8a\xb1\xe5\x91\x97\n";
    assert_eq!(hash(DICTIONARY, words), hash(DICTIONARY, words));
    assert_ne!(hash(DICTIONARY, words), hash(DICTIONARY, b""));
    assert_ne!(hash("knowledge/a.txt", b""), hash("knowledge/b.txt", b""));
}

/// `UPDATE_EXPECT=1` rewrites the pages from the table of codes.
#[test]
fn every_code_has_a_row_here_and_a_page_in_the_docs() {
    let told: BTreeSet<&str> =
        [YAML, VALUES, TOGETHER, IN_INDUSTRY, IN_GUARD, IN_MASKING, IN_FIGURES]
            .into_iter()
            .flatten()
            .flat_map(|row| row.4.split(" | "))
            .filter_map(|line| line.split(' ').next().filter(|code| !code.is_empty()))
            .chain(TYPED.iter().flat_map(|row| row.2.split(['=', '|'])).filter_map(|told| {
                told.split_whitespace().next().filter(|code| code.starts_with("KB"))
            }))
            .chain(["KB001", "KB029", "KB036", "KB040", "KB041"]) // The tests above.
            .chain(["KB044", "KB047", "KB048", "KB049", "KB050", "KB110", "KB139"]) // In `check.rs`.
            .chain(["KB116", "KB117", "KB118"]) // In `help.rs`, and in the checks of the library.
            .chain(["KB149"]) // In `links.rs`.
            .collect();
    let told: BTreeSet<&str> = told.into_iter().filter(|code| !code.starts_with("CP")).collect();
    let all: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(told, all);

    let mut index = String::from(INDEX_HEAD);
    for code in Code::ALL {
        let (id, level) = (code.as_str(), code.severity());
        let level = match level {
            Severity::Error => "错误 error",
            Severity::Warning => "警告 warning",
            Severity::Note => "提示 note",
        };
        let (title, english) = (code.title(), code.english_title());
        writeln!(index, "| [{id}]({id}.md) | {level} | {title} | {english} |").unwrap();
        expect_file![format!("../../../docs/diagnostics/{id}.md")].assert_eq(&code.page());
    }
    expect_file!["../../../docs/diagnostics/README.md"].assert_eq(&index);
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/diagnostics");
    assert_eq!(fs::read_dir(pages).unwrap().count(), all.len() + 1, "a page of no code");
}

const INDEX_HEAD: &str = "# 诊断代码 Diagnostic codes

`kefu check` 列出的每一条都有代码、位置、原因和改法；`kefu check --explain KB012` 显示一个代码的说明。
代码的含义不会改变。错误（退出码 1）会使知识库不能上线，警告和提示不会。

Every diagnostic of `kefu check` has a code, a place, a reason and a way to mend it; `--lang en` prints them in English.
A code never changes its meaning. Errors (exit code 1) keep the knowledge from being served; warnings and notes do not.

`CP` 开头的代码是合规发现：规则写在 `knowledge/compliance.yaml` 里，由运营方自己编号、命名、写明依据和改法，所以没有单独的页面。

Codes that begin with `CP` are compliance findings. The operator writes their rules in `knowledge/compliance.yaml`,
each with its own name, legal source and mend, so they have no page here.

| | | | |
|---|---|---|---|
";
