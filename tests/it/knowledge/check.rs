//! `kefu check` with all its flags.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Output, Stdio},
    sync::mpsc,
    time::Duration,
};

use expect_test::expect;
use kefu::knowledge::Code;
use serde_json::Value;
use tempfile::TempDir;

use crate::harness::small_root;

fn check(args: &[&str], root: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kefu"));
    command.args(["check", "--today", "2026-11-22"]).args(args).current_dir(root);
    command.output().unwrap()
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

const CLASHES: &str = "version: 1
defaults: {category: account, class: general, checked: 2026-11-22, review_due: 2099-01-01}
entries:
  - id: account.close.time
    question: 提现多久能到账
    similar: [怎么注销支付账户, 提现几天到账]
    answer: 以页面为准。
    compliance: {source: 运营方规则}
  - id: account.name.change
    question: 怎么修改昵称
    similar: [昵称在哪里改, 我要人工修改昵称, 提现手续费怎么算的]
    not: [如何更改昵称]
    answer: 在设置里改。
    compliance: {source: 运营方规则}
";

/// A root with every kind of mistake that only the engine or the segmenter finds.
fn clashing_root() -> TempDir {
    let root = small_root();
    fs::write(root.path().join("knowledge/账户 2.yaml"), CLASHES).unwrap();
    fs::write(root.path().join("knowledge/dict.txt"), "提现\n到账\n银行卡\n").unwrap();
    let intents = root.path().join("intents/service.yaml");
    let text = fs::read_to_string(&intents).unwrap();
    fs::write(intents, text.replace("(客服)?$'", "(客服)?$', '我要人工'")).unwrap();
    root
}

fn codes_and_places(output: &Output) -> String {
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = log["diagnostics"].as_array().unwrap().iter();
    let lines = found.map(|one| {
        let (code, file) = (one["code"].as_str().unwrap(), one["file"].as_str().unwrap());
        format!("{code} {file}:{}:{}\n", one["span"]["line"], one["span"]["column"])
    });
    lines.collect()
}

#[test]
fn what_the_engine_finds_is_told_where_it_is_written() {
    let root = clashing_root();
    let whole = check(&["--json"], root.path());
    assert_eq!(whole.status.code(), Some(0), "warnings alone");
    expect![[r#"
        KB044 knowledge/dict.txt:3:1
        KB139 knowledge/payment.yaml:4:9
        KB048 knowledge/账户 2.yaml:4:9
        KB050 knowledge/账户 2.yaml:11:23
        KB049 knowledge/账户 2.yaml:12:11
    "#]]
    .assert_eq(&codes_and_places(&whole));
    let fast = check(&["--json", "--fast"], root.path());
    expect![[r#"
        KB044 knowledge/dict.txt:3:1
    "#]]
    .assert_eq(&codes_and_places(&fast));
}

/// Two entries for one matter.
const COMPETING: &str = "version: 1
defaults: {category: payment, class: general, checked: 2026-11-22, review_due: 2099-01-01}
entries:
  - id: payment.refund.slow
    question: 退款怎么这么慢
    similar: [退款一直没有到账, 退款为什么还没到, 退款等了很久没到, 退款迟迟不到账]
    answer: 以页面为准。
    compliance: {source: 运营方规则}
  - id: payment.refund.late
    question: 退款怎么那么慢
    similar: [退款一直没到账, 退款为啥还没有到, 退款等了好久没到, 退款迟迟没到账]
    answer: 请看账单。
    compliance: {source: 运营方规则}
";

#[test]
fn entries_that_take_questions_from_each_other_are_told_until_somebody_explains() {
    let root = small_root();
    let file = root.path().join("knowledge/退款.yaml");
    fs::write(&file, COMPETING).unwrap();
    let told = codes_and_places(&check(&["--json"], root.path()));
    assert!(told.contains("KB139 knowledge/退款.yaml:4:9"), "{told}");
    let explained = COMPETING.replacen(
        "  - id:",
        "  # KB139: payment.refund.late 的页面不同，先这样\n  - id:",
        1,
    );
    fs::write(&file, explained).unwrap();
    let after = codes_and_places(&check(&["--json"], root.path()));
    assert!(!after.contains("KB139"), "{after}");
    for bare in ["# KB139", "# KB139: 先这样", "# KB047: payment.refund.late"] {
        let text = COMPETING.replacen("  - id:", &format!("  {bare}\n  - id:"), 1);
        fs::write(&file, text).unwrap();
        let told = codes_and_places(&check(&["--json"], root.path()));
        assert!(told.contains("KB139"), "{bare} explains nothing: {told}");
    }
    let others = |told: &str| told.matches("KB04").count();
    assert_eq!(others(&after), others(&told), "the comment is about this code alone");
}

#[test]
fn mistakes_are_told_in_english_too() {
    let root = clashing_root();
    let output = check(&["--lang", "en", "--fast"], root.path());
    let (told, closing) = stdout(&output).trim_end().rsplit_once('\n').unwrap();
    expect![[r#"
        warning[KB044]: dictionary word without effect
         --> knowledge/dict.txt:3:1
          |
        3 | 银行卡
          | ^^^^^^
          |
          = why: Texts are cut the same with and without this word: the common dictionary has it, or its frequency is too low.
          = mend: Delete it, or give it a larger frequency if it should be one word and is cut.

        not asked: whether questions find their entries (KB047–KB050); without errors and --fast they are"#]].assert_eq(told);
    assert!(closing.ends_with("questions: 38; errors: 0, warnings: 1"), "{closing}");
    let log: Value =
        serde_json::from_slice(&check(&["--json", "--fast"], root.path()).stdout).unwrap();
    let first = &log["diagnostics"][0];
    for key in ["message", "reason", "mend", "title_en", "reason_en", "mend_en"] {
        assert!(first[key].as_str().is_some_and(|text| !text.is_empty()), "{key} in {first}");
    }
    assert_eq!(check(&["--lang", "fr"], root.path()).status.code(), Some(2));
}

#[test]
fn the_help_fits_a_narrow_terminal() {
    let help = Command::new(env!("CARGO_BIN_EXE_kefu")).args(["check", "--help"]).output().unwrap();
    let wide: Vec<&str> = stdout(&help).lines().filter(|line| line.len() > 80).collect();
    assert!(wide.is_empty() && stdout(&help).contains("--watch"), "{wide:?}");
}

#[test]
fn a_code_is_explained() {
    let root = small_root();
    let page = |code: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kefu"));
        command.args(["check", "--explain", code]).current_dir(root.path()).output().unwrap()
    };
    for code in ["KB012", "kb012"] {
        assert_eq!(stdout(&page(code)), Code::SameQuestion.page());
    }
    assert_eq!(page("KB999").status.code(), Some(2));
}

#[test]
fn a_sarif_log_is_as_the_standard_wants_it() {
    let root = clashing_root();
    fs::remove_file(root.path().join("knowledge/hours.yaml")).unwrap();
    fs::write(root.path().join("knowledge/dict.txt"), "云 小 贷\n").unwrap();
    let output = check(&["--sarif"], root.path());
    assert_eq!(output.status.code(), Some(1));
    let log: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "kefu");
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let base = run["originalUriBaseIds"]["ROOT"]["uri"].as_str().unwrap();
    assert!(base.starts_with("file:///") && base.ends_with('/'), "{base}");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for rule in rules {
        for key in ["shortDescription", "fullDescription", "help"] {
            assert!(rule[key]["text"].is_string(), "{key} in {rule}");
        }
    }
    let results = run["results"].as_array().unwrap();
    let (mut with_region, mut without) = (0, 0);
    for result in results {
        let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(["error", "warning"].contains(&result["level"].as_str().unwrap()), "{result}");
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.is_ascii() && !uri.contains(' '), "{uri}");
        assert_eq!(place["artifactLocation"]["uriBaseId"], "ROOT");
        let Some(region) = place.get("region") else {
            without += 1;
            continue;
        };
        with_region += 1;
        let number = |key: &str| region[key].as_u64().unwrap();
        assert!(number("startLine") >= 1 && number("startColumn") >= 1, "{region}");
        assert!(number("endColumn") > number("startColumn"), "{region}");
    }
    assert_eq!((with_region, without), (1, 1), "{results:?}");
    assert_eq!(check(&["--sarif", "--json"], root.path()).status.code(), Some(2));
}

#[test]
fn a_watched_root_is_checked_again_when_it_changes() {
    let root = small_root();
    let mut child = Command::new(env!("CARGO_BIN_EXE_kefu"))
        .args(["check", "--watch", "--fast"])
        .current_dir(root.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (sender, lines) = mpsc::channel();
    let said = BufReader::new(child.stdout.take().unwrap());
    std::thread::spawn(move || said.lines().try_for_each(|line| sender.send(line.unwrap())));
    let until = |wanted: &str| {
        while !lines.recv_timeout(Duration::from_mins(1)).unwrap().contains(wanted) {}
    };
    until("没有问题");
    let file = root.path().join("knowledge/payment.yaml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("id: payment.withdraw.fee", "id: payment.fee")).unwrap();
    until("── ");
    until("1 个错误");
    fs::write(&file, text).unwrap();
    until("没有问题");
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(check(&["--watch", "--json"], root.path()).status.code(), Some(2));
    let nowhere = tempfile::tempdir().unwrap();
    assert_eq!(check(&["--watch"], nowhere.path()).status.code(), Some(2), "no folder to watch");
}

#[test]
fn a_root_that_serves_nothing_is_told() {
    let root = small_root();
    let file = root.path().join("knowledge/payment.yaml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("    question: ", "    status: draft\n    question: ")).unwrap();
    for flags in [&[][..], &["--fast"]] {
        let output = check(flags, root.path());
        assert_eq!(output.status.code(), Some(0), "it is a warning");
        let told =
            "警告[KB110]：4 个条目，2026-11-22 没有一个提供给客户\n --> knowledge/payment.yaml:4:9";
        assert!(stdout(&output).contains(told), "{}", stdout(&output));
    }
}
