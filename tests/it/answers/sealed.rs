//! The sealed part of the tests: asked and counted, and its sentences told by nothing but
//! `kefu test --reveal`.

use std::{collections::BTreeMap, fs, path::Path, process::Output};

use jiff::civil::{Date, date};
use kefu::{
    authoring::{FitTables, fit_tasks},
    files::Root,
    knowledge::{KnowledgeBase, Language, SourceFile, load},
    matching::{Embeddings, Snapshot, refine_embeddings},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    harness::{Server, kefu, small_root, stdout},
    knowledge::broken_rows::GOOD,
    server::reload::until_ready,
};

/// A sentence that stands nowhere but in sealed cases, and part of it.
const SECRET: &str = "蓝鲸夜里借走了三块月饼";
const SECRET_PART: &str = "蓝鲸";

/// Each kind has a sealed case with the sentence in it, which comes out badly or well.
const SEALED: &str = "version: 1
cases:
  # 别人写的；写知识的人不看
  - entry: payment.withdraw.arrival
    split: sealed   # 封存
    say:
      - 蓝鲸夜里借走了三块月饼
      - 提现几天能到啊
  - {entry: account.close.how, say: [蓝鲸夜里借走了三块月饼吗], split: \"sealed\"}
  - clarify: [payment.withdraw.arrival, payment.withdraw.fee]
    split: sealed
    say: ['提现蓝鲸夜里借走了三块月饼']
  - intent: human.request
    split: 'sealed'
    say: [蓝鲸夜里借走了三块月饼呀]
  - no_answer: 蓝鲸的月饼
    split: sealed
    say: [蓝鲸夜里借走了三块月饼呢, 今天天气真好]
";

const OPEN: &str = "version: 1
floors: {first: 500}
cases:
  - {entry: payment.withdraw.arrival, say: [提现几天能到]}
  - {entry: payment.withdraw.fee, split: fit, say: [提现扣手续费吗, 提现要不要钱]}
  - {no_answer: 别家产品, split: fit, say: [宇宙飞船]}
";

const TODAY: Date = date(2026, 11, 22);

fn root_with(open: &str, sealed: &str) -> TempDir {
    let root = small_root();
    fs::write(root.path().join("knowledge/tests.yaml"), open).unwrap();
    fs::create_dir(root.path().join("knowledge/tests")).unwrap();
    fs::write(sealed_file(root.path()), sealed).unwrap();
    root
}

fn sealed_file(root: &Path) -> std::path::PathBuf {
    root.join("knowledge/tests/sealed.yaml")
}

/// Standard output and standard error, and that neither holds the sentence.
fn told(args: &[&str], folder: &Path) -> (Output, String) {
    let output = kefu(args, folder);
    let all = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    let all = all.concat();
    assert!(!all.contains(SECRET_PART), "kefu {args:?} tells:\n{all}");
    (output, all)
}

/// Every file below a folder apart from the sealed one holds no word of it.
fn assert_no_file_holds_it(folder: &Path) {
    for item in fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() {
            assert_no_file_holds_it(&path);
        } else if !path.ends_with("sealed.yaml") {
            let bytes = fs::read(&path).unwrap();
            let wanted = SECRET_PART.as_bytes();
            let holds_it = bytes.windows(wanted.len()).any(|window| window == wanted);
            assert!(!holds_it, "{} holds it", path.display());
        }
    }
}

#[test]
fn no_command_tells_a_sealed_sentence() {
    let root = root_with(OPEN, SEALED);
    let folder = root.path();
    let edited = root_with(OPEN, SEALED);
    let entries = edited.path().join("knowledge/payment.yaml");
    let text = fs::read_to_string(&entries).unwrap();
    // The sentences are treated otherwise in the edited root: they are a question there, nearly.
    fs::write(&entries, text.replace("忘记登录密码怎么办", "鲸鱼夜里借走三块月饼吗")).unwrap();
    fs::write(folder.join("queries.jsonl"), "{\"text\": \"提现几天能到\", \"label\": null}\n")
        .unwrap();
    let groups = "怎么还款 | 钱咋还 | 还款怎么弄\n去哪儿提额 | 提高额度 | 额度怎么提\n".repeat(60);
    fs::create_dir(folder.join("sentences")).unwrap();
    fs::write(folder.join("sentences/a.txt"), groups).unwrap();
    let table = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/static/table.bin");
    let other = edited.path().to_str().unwrap();
    let commands: &[&[&str]] = &[
        &["check"],
        &["check", "--json"],
        &["check", "--sarif"],
        &["check", "--lang", "en"],
        &["test"],
        &["test", "--failures"],
        &["test", "--json"],
        &["test", "--split", "test", "--failures"],
        &["test", "--split", "fit", "--json"],
        &["diff", ".", other],
        &["diff", other, ".", "--all"],
        &["diff", ".", other, "--json"],
        &["diff", ".", other, "--queries", "queries.jsonl"],
        &["eval", "--queries", "queries.jsonl", "--predictions", "predictions.jsonl"],
        &["eval", "--queries", "queries.jsonl", "--json"],
        &["ask", "提现", "--explain"],
        &["ask", "月饼", "--explain", "--json"],
        &["export", "sheet.csv"],
        &["import", "sheet.csv", "--root", ".", "--dry-run", "--json"],
        &["new", "entry", "--question", "提现被退回怎么办", "--root", "."],
        &["train", "--data", "data", "--no-conversations", "--force"],
        &["schema"],
        &[
            "fit",
            "--own-table",
            table,
            "--foreign-table",
            table,
            "--sentences",
            "sentences",
            "--out",
            "data",
        ],
    ];
    fs::create_dir(folder.join("data")).unwrap();
    for args in commands {
        let (output, all) = told(args, folder);
        assert_ne!(output.status.code(), Some(2), "kefu {args:?} did not run:\n{all}");
    }
    assert_no_file_holds_it(folder);
}

#[test]
fn sealed_cases_are_counted_by_kind_with_their_interval() {
    let root = root_with(OPEN, SEALED);
    let output = kefu(&["test", "--today", "2026-11-22"], root.path());
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    let (_, sealed) = stdout(&output).split_once("\n\n封存集").unwrap();
    expect_test::expect![[r#"
        （split: sealed；只报类别、句数和 95% 的 Wilson 区间）
        － 没有底线  account          0.0%（0/1）    0.0% 到 79.3%
        － 没有底线  clarify          0.0%（0/1）    0.0% 到 79.3%
        － 没有底线  human.request    0.0%（0/1）    0.0% 到 79.3%
        － 没有底线  no_answer      100.0%（2/2）  34.2% 到 100.0%
        － 没有底线  payment         50.0%（1/2）    9.5% 到 90.5%
    "#]]
    .assert_eq(sealed);

    let output = kefu(&["test", "--json", "--today", "2026-11-22"], root.path());
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let payment = json["sealed"].as_array().unwrap().iter().find(|one| one["kind"] == "payment");
    let payment = payment.unwrap();
    assert_eq!((&payment["hits"], &payment["of"]), (&json!(1), &json!(2)));
    assert!(payment["low"].as_f64().unwrap() < 0.5 && payment["high"].as_f64().unwrap() > 0.5);
    assert_eq!(json["asked"], 4, "the sealed are not among those that are listed");
}

#[test]
fn diff_counts_sealed_cases_and_tells_that_they_changed() {
    let root = root_with(OPEN, SEALED);
    let edited = root_with(OPEN, SEALED);
    let entries = edited.path().join("knowledge/payment.yaml");
    let text = fs::read_to_string(&entries).unwrap();
    fs::write(&entries, text.replace("提现几天能到账, ", "提现几天能到账, 夜里借走三块月饼, "))
        .unwrap();
    let args = ["diff", ".", edited.path().to_str().unwrap(), "--json", "--today", "2026-11-22"];
    let output = kefu(&args, root.path());
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let payment = json["sealed"].as_array().unwrap().iter().find(|one| one["kind"] == "payment");
    let payment = payment.unwrap();
    assert_eq!((&payment["of"], &payment["changed"]), (&json!(2), &json!(1)), "{json:#}");
    assert_eq!((&payment["old"]["hits"], &payment["new"]["hits"]), (&json!(1), &json!(2)));
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_sealed_floor_is_kept_or_missed_without_a_sentence() {
    let cases = [
        // (what it shows, the floors, exit code, told)
        ("kept", "sealed: {payment: 500}", 0, "✓ 达到"),
        ("missed", "sealed: {payment: 501}", 1, "✗ 低于底线   payment"),
        ("kept by an intent", "sealed: {human.request: 0}", 0, "✓ 达到"),
        ("no case", "sealed: {smalltalk.thanks: 0}", 1, "split: sealed 的测试里却没有一句"),
    ];
    for (shows, floors, code, wanted) in cases {
        let root = root_with(&OPEN.replace("first: 500", floors), SEALED);
        let (output, all) = told(&["test", "--today", "2026-11-22"], root.path());
        assert_eq!(output.status.code(), Some(code), "{shows}: {all}");
        assert!(all.contains(wanted), "{shows}: {all}");
    }
    // A figure over too few of its cases is not kept, and no entry is named.
    let root = root_with(&OPEN.replace("first: 500", "sealed: {account: 0}"), SEALED);
    let entries = root.path().join("knowledge/payment.yaml");
    let text = fs::read_to_string(&entries).unwrap();
    let text = text
        .replace("    question: 怎么注销账户", "    status: retired\n    question: 怎么注销账户");
    fs::write(&entries, text).unwrap();
    let (output, all) = told(&["test", "--today", "2026-11-22"], root.path());
    assert_eq!(output.status.code(), Some(1), "{all}");
    assert!(all.contains("测试里有 1 句，当天能问的只有 0 句"), "{all}");
    assert!(!all.contains("account.close.how"), "{all}");
}

/// The good root with a file of sealed tests.
fn load_sealed(sealed: &[u8]) -> kefu::knowledge::Loaded {
    let mut files: BTreeMap<&str, &[u8]> =
        GOOD.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    files.insert("knowledge/tests/sealed.yaml", sealed);
    let files: Vec<SourceFile> = files
        .into_iter()
        .map(|(path, bytes)| SourceFile { path: path.to_owned(), bytes: bytes.to_owned() })
        .collect();
    load(&files, TODAY)
}

#[test]
fn no_mistake_of_a_sealed_case_repeats_its_words() {
    let case = "version: 1\ncases:\n  - entry: payment.withdraw.arrival\n    split: sealed\n    say:\n      - 蓝鲸夜里借走了三块月饼\n";
    let edits = [
        // (what it shows, what is replaced, by what)
        ("an unknown key", "    say:", "    蓝鲸: 1\n    say:"),
        ("a misspelt key", "    say:", "    saying:"),
        ("a misspelt split", "split: sealed", "split: seald"),
        ("a split in capitals", "split: sealed", "split: Sealed"),
        ("a misspelt key of the split", "    split: sealed", "    splitt: sealed"),
        ("a full-width colon after split", "    split: sealed", "    split：sealed"),
        ("a full-width colon after say", "    say:\n      - ", "    say：\n      - "),
        ("the split in another item", "    say:", "  - say:"),
        ("a tab", "      - 蓝鲸", "\t- 蓝鲸"),
        ("a list that is not aligned", "      - 蓝鲸", "   - 蓝鲸"),
        ("an open quotation mark", "- 蓝鲸", "- \"蓝鲸"),
        ("an open bracket", "- 蓝鲸", "- [蓝鲸"),
        ("text after quotation marks", "- 蓝鲸夜里", "- \"蓝鲸\"夜里"),
        ("a colon and a blank", "蓝鲸夜里", "蓝鲸: 夜里"),
        ("a tag", "- 蓝鲸", "- !蓝鲸"),
        ("an alias", "- 蓝鲸", "- *蓝鲸"),
        ("an anchor", "- 蓝鲸", "- &蓝鲸"),
        ("a number", "蓝鲸夜里借走了三块月饼", "12345 # 蓝鲸"),
        ("a map in the list", "- 蓝鲸夜里借走了三块月饼", "- {蓝鲸: 1}"),
        ("a key twice", "    split: sealed", "    split: sealed\n    蓝鲸: 1\n    蓝鲸: 2"),
        ("hidden characters", "蓝鲸夜里", "蓝鲸\u{200b}夜里"),
        ("no text", "- 蓝鲸夜里借走了三块月饼", "- \"\" # 蓝鲸"),
        ("an id that is a sentence", "payment.withdraw.arrival", "蓝鲸夜里借走了三块月饼"),
        ("an intent that is a sentence", "entry: payment.withdraw.arrival", "intent: 蓝鲸夜里"),
        ("choices that are sentences", "entry: payment.withdraw.arrival", "clarify: [蓝鲸, 月饼]"),
        (
            "a reason that is too long",
            "entry: payment.withdraw.arrival",
            "no_answer: 蓝鲸夜里借走了三块月饼蓝鲸夜里借走了三块月饼",
        ),
        ("two expectations", "    split", "    no_answer: 蓝鲸\n    split"),
        ("facts that are sentences", "    split", "    facts: {蓝鲸: 月饼}\n    split"),
        ("an undeclared fact", "    split", "    facts: {produkt: lanjing}\n    split"),
        ("a second document", "      - 蓝鲸", "---\n- 蓝鲸"),
        ("the cases under another key", "cases:", "case:"),
        ("no list of cases", "cases:\n  - entry", "cases:\n    entry"),
        ("the word of another root", "say:\n      - ", "say: "),
        ("a question", "蓝鲸夜里借走了三块月饼", "提现要几天 # 蓝鲸"),
        ("twice", "月饼\n", "月饼\n      - 蓝鲸 夜里借走了三块月饼！\n"),
    ];
    for (shows, from, to) in edits {
        let text = case.replacen(from, to, 1);
        assert_ne!(text, case, "{shows}");
        let loaded = load_sealed(text.as_bytes());
        assert!(!loaded.diagnostics.is_empty(), "{shows}: nothing is found");
        for found in &loaded.diagnostics {
            let all = [Language::Chinese, Language::English].map(|one| found.render(one, false));
            let all = all.concat() + &serde_json::to_string(found).unwrap();
            for word in [SECRET_PART, "月饼", "lanjing"] {
                assert!(!all.contains(word), "{shows}:\n{all}");
            }
        }
    }
    let good = load_sealed(case.as_bytes());
    assert!(good.diagnostics.is_empty(), "{:?}", good.diagnostics);

    // Bytes that are no text.
    let mut bytes = case.as_bytes().to_vec();
    bytes.extend(b"    # \xcc\xe1");
    let text = case.replace("饼\n", "饼");
    for bytes in [bytes, [text.as_bytes(), b"\xcc\xe1"].concat()] {
        let found = load_sealed(&bytes).diagnostics;
        let all = serde_json::to_string(&found).unwrap();
        assert!(all.contains("KB001") && !all.contains(SECRET_PART), "{all}");
    }
}

#[test]
fn a_sealed_sentence_that_is_known_is_counted_only() {
    let sealed = "version: 1\ncases:\n  - {intent: human.request, split: sealed, \
                  say: [转人工, 有人吗, 蓝鲸在吗, 蓝鲸 在吗？, 蓝鲸不在]}\n";
    let found = load_sealed(sealed.as_bytes()).diagnostics;
    let [one] = &found[..] else { panic!("one finding: {found:?}") };
    assert_eq!((&*one.code, &*one.file), ("KB122", "knowledge/tests/sealed.yaml"));
    assert_eq!((one.span.line, one.span.column), (1, 1), "no place is told");
    assert_eq!(
        one.message,
        "封存的用例里有 3 句不算封存：1 句就是知识库的问法，1 句在 fit 或 test 里也有，1 句重复"
    );
}

/// A base with so many utterances of one part, which contradict the knowledge.
fn base_with(part: &str) -> KnowledgeBase {
    let says: Vec<String> = (0..40).map(|n| format!("提现要等{n}天才到账吗")).collect();
    let case = |list: &[String]| {
        format!("  - {{entry: account.close.how, split: {part}, say: [{}]}}\n", list.join(", "))
    };
    let wrong: String = says.chunks(40).map(case).collect();
    let more: String = (0..8)
        .map(|n| {
            let says: Vec<String> = (0..40).map(|m| format!("{n}号{m}点提现能到账不")).collect();
            case(&says)
        })
        .collect();
    let root = root_with(OPEN, &format!("version: 1\ncases:\n{wrong}{more}"));
    let found = Root::find(Some(root.path()), Path::new("/")).unwrap();
    load(&found.read().unwrap(), TODAY).base.unwrap()
}

#[test]
fn nothing_is_learnt_of_sealed_cases() {
    let without = {
        let root = root_with(OPEN, "version: 1\ncases: []\n");
        let found = Root::find(Some(root.path()), Path::new("/")).unwrap();
        load(&found.read().unwrap(), TODAY).base.unwrap()
    };
    let (fit, sealed) = (base_with("fit"), base_with("sealed"));
    assert_eq!(sealed.tests.sealed.len(), fit.tests.cases.len() - without.tests.cases.len());

    let calibration =
        |base: &KnowledgeBase| Snapshot::build(base.clone()).unwrap().calibration().clone();
    assert_eq!(calibration(&sealed), calibration(&without), "thresholds and curve");
    assert_ne!(calibration(&fit), calibration(&without), "of the fit part they are learnt");

    let shipped = Embeddings::shipped();
    let tables = FitTables { own: shipped.clone(), foreign: shipped.clone() };
    let groups = [vec![vec!["怎么还款".to_owned(), "钱咋还".to_owned()]; 80]];
    let asked = |base: &KnowledgeBase| -> Vec<_> {
        fit_tasks(base, &groups, &tables).into_iter().map(|task| task.utterances).collect()
    };
    assert_eq!(asked(&sealed), asked(&without), "the ranker's weights");
    assert_ne!(asked(&fit), asked(&without));

    let taught = |base: &KnowledgeBase| refine_embeddings(base, &shipped, &[], |_, _| {}).unwrap();
    assert!(taught(&sealed) == taught(&without), "the embeddings");
}

#[test]
fn revealed_cases_are_shown_once_they_are_sealed_no_more() {
    let root = root_with(OPEN, SEALED);
    let folder = root.path();
    let open = fs::read(folder.join("knowledge/tests.yaml")).unwrap();
    let shown = kefu(&["test", "--reveal", "payment", "--today", "2026-11-22"], folder);
    let text = stdout(&shown);
    assert_eq!(shown.status.code(), Some(0), "{shown:?}");
    assert!(text.contains(&format!("“{SECRET}”")) && text.contains("“提现几天能到啊”"), "{text}");
    assert!(text.contains("2 句已经改成 split: test") && text.contains("不再算封存"), "{text}");
    assert!(!text.contains("月饼吗") && !text.contains("月饼呢"), "no other kind: {text}");
    let expected = SEALED.replacen("split: sealed   # 封存", "split: test   # 封存", 1);
    assert_eq!(fs::read_to_string(sealed_file(folder)).unwrap(), expected);
    assert_eq!(fs::read(folder.join("knowledge/tests.yaml")).unwrap(), open);

    let again = kefu(&["test", "--reveal", "payment"], folder);
    assert_eq!(again.status.code(), Some(2));
    let told = String::from_utf8_lossy(&again.stderr);
    assert!(
        told.contains("“payment”; there are: account, clarify, human.request, no_answer"),
        "{told}"
    );

    for (kind, from, to) in [
        ("account", "split: \"sealed\"}", "split: test}"),
        ("human.request", "split: 'sealed'", "split: test"),
        ("clarify", "fee]\n    split: sealed", "fee]\n    split: test"),
        ("no_answer", "月饼\n    split: sealed", "月饼\n    split: test"),
    ] {
        let before = fs::read_to_string(sealed_file(folder)).unwrap();
        let shown = kefu(&["test", "--reveal", kind, "--today", "2026-11-22"], folder);
        assert_eq!(shown.status.code(), Some(0), "{shown:?}");
        let after = fs::read_to_string(sealed_file(folder)).unwrap();
        assert_eq!(after, before.replacen(from, to, 1), "{kind}");
    }
    let output = kefu(&["test", "--json", "--today", "2026-11-22"], folder);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&json["sealed"], &json["asked"]), (&json!([]), &json!(11)));
}

#[test]
fn line_ends_and_a_mark_at_the_start_survive_a_reveal() {
    let written = format!("\u{feff}{}", SEALED.replace('\n', "\r\n"));
    let root = root_with(OPEN, &written);
    let shown = kefu(&["test", "--reveal", "no_answer"], root.path());
    assert_eq!(shown.status.code(), Some(0), "{shown:?}");
    let expected = written.replacen("月饼\r\n    split: sealed", "月饼\r\n    split: test", 1);
    assert_eq!(fs::read_to_string(sealed_file(root.path())).unwrap(), expected);
}

#[test]
fn the_copy_inside_the_program_reveals_nothing() {
    let empty = tempfile::tempdir().unwrap();
    let refused = kefu(&["test", "--reveal", "payment"], empty.path());
    assert_eq!((refused.status.code(), stdout(&refused)), (Some(2), ""));
    let told = String::from_utf8_lossy(&refused.stderr);
    assert!(told.contains("name a folder with --root"), "{told}");
}

#[test]
fn nothing_is_shown_where_nothing_can_be_written() {
    let root = root_with(OPEN, SEALED);
    // A folder where the new file would be written first.
    fs::create_dir(root.path().join("knowledge/tests/.sealed.yaml.kefu-new")).unwrap();
    let (output, all) = told(&["test", "--reveal", "payment"], root.path());
    assert_eq!(output.status.code(), Some(2), "{all}");
    assert_eq!(fs::read_to_string(sealed_file(root.path())).unwrap(), SEALED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_under_a_sealed_floor_is_refused_without_a_sentence() {
    let server = Server::start_behind_a_proxy();
    let knowledge = server.root().join("knowledge");
    fs::create_dir(knowledge.join("tests")).unwrap();
    fs::write(sealed_file(server.root()), SEALED).unwrap();
    let open = OPEN.replace("first: 500", "sealed: {payment: 900}");
    fs::write(knowledge.join("tests.yaml"), open).unwrap();
    let refused = |ready: &Value, why: &str| {
        ready["refused_knowledge"].as_str().is_some_and(|told| told.contains(why))
    };
    until_ready(&server, |ready, _| refused(ready, "sealed.payment 1 of 2, wanted 900 ‰")).await;

    fs::write(sealed_file(server.root()), SEALED.replace("say: ['", "sayy: ['")).unwrap();
    until_ready(&server, |ready, _| refused(ready, "mistakes")).await;

    let pages = [server.get("/readyz").await.2, server.get("/metrics").await.2, server.log()];
    for page in pages {
        assert!(!page.contains(SECRET_PART), "{page}");
    }
    assert!(server.log().contains("sealed.payment"), "the log tells of it");
    let (_, answer) = server.post("/v1/ask", json!({"text": "提现"})).await;
    assert!(!answer.to_string().contains(SECRET_PART));
}
