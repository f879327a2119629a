//! `kefu check --measure`: rules and guard, measured by sentences.

use std::{fs, path::Path, process::Output};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{kefu, small_root, stdout};

const RULES: &str = "
concepts:
  密码类: {alike: [验证码, 密码]}
  给我: [发我, 告诉我]
rules:
  - code: CP001
    name: 承诺保本
    severity: error
    applies_to: [answer, agent]
    words: [保本]
    source: 法律
    mend: 说明不保本
  - code: CP007
    name: 绝对化用语
    severity: warning
    applies_to: [agent]
    words: [最好的]
    source: 法律
    mend: 换一种说法
  - code: CP009
    name: 索要密码
    severity: error
    applies_to: [answer, agent]
    when: [密码类 > 给我]
    source: 法律
    mend: 请客户自己输
";

const GUARD: &str = "version: 1
concepts: {死: [想死], 偷: [被偷]}
watches:
  - {kind: crisis, intent: human.request, when: [死]}
  - {kind: theft, intent: human.request, when: [偷]}
";

const SENTENCES: &str = "version: 1
sentences:
  - rule: CP009
    say: [驗證碼告诉我, 密码念一下, 保本的，密码念一下]
  - rule: CP007
    speaker: answer
    say: [最好的产品]
  - allowed: 提醒
    say: [验证码不要给人, 这款保本, 最好的办法是改密码]
  - guard: crisis
    say: [我想死, 手机被偷了, 你好]
  - harmless: 玩笑
    say: [热得想死, 天气真好]
";

fn root() -> TempDir {
    let root = small_root();
    let file = root.path().join("knowledge/compliance.yaml");
    let classes = "version: 1\nclasses: {general: {}}\n";
    fs::write(file, format!("{classes}{RULES}")).unwrap();
    fs::write(root.path().join("intents/guard.yaml"), GUARD).unwrap();
    root
}

fn measure(root: &Path, sentences: &str, further: &[&str]) -> Output {
    fs::write(root.join("sentences.yaml"), sentences).unwrap();
    kefu(&[&["check", "--measure", "sentences.yaml"], further].concat(), root)
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

#[test]
fn each_rule_and_each_kind_tells_what_it_finds_and_misses() {
    let root = root();
    let output = measure(root.path(), SENTENCES, &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let told = stdout(&output);
    let lines: Vec<String> =
        told.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for expected in [
        "规则 应找到 找到 其中别的规则 漏掉 误报",
        "CP001 承诺保本 0 0 0 0 1",
        "CP007 绝对化用语 1 0 0 1 1",
        "CP009 索要密码 3 2 1 1 0",
        "规则合计：应找到 4 句，找到 2 句（50.0%）；不该找到 3 句，误报 2 句（66.7%）",
        "sentences.yaml:4:19 密码念一下",
        "sentences.yaml:7:11 最好的产品",
        "sentences.yaml:9:20 这款保本 ← “保本”",
        "守门 应找到 找到 当成别的 漏掉 误报",
        "crisis 本人可能轻生、自伤 3 1 1 1 1",
        "守门合计：应找到 3 句，找到 1 句（33.3%）；不该找到 2 句，误报 1 句（50.0%）",
        "sentences.yaml:11:16 手机被偷了 （当成了 theft）",
        "sentences.yaml:11:23 你好",
        "sentences.yaml:13:11 热得想死 ← “规则“死”：死=“想死””",
    ] {
        assert!(lines.iter().any(|line| line == expected), "{expected}\n{told}");
    }
    assert!(!told.contains("驗證碼告诉我"), "found sentences are not listed: {told}");
}

#[test]
fn the_object_holds_the_same() {
    let root = root();
    let output = measure(root.path(), SENTENCES, &["--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let object: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(object["found"], json!({"hits": 2, "of": 4, "share": 0.5}));
    assert_eq!(object["false"]["hits"], 2);
    assert_eq!(object["rules"][2]["code"], "CP009");
    assert_eq!(object["rules"][2]["found_by_others"], 1);
    let missed = json!([{"at": "sentences.yaml:4:19", "text": "密码念一下", "found_as": null}]);
    assert_eq!(object["rules"][2]["missed_sentences"], missed);
    let falsely = json!([{"at": "sentences.yaml:9:20", "text": "这款保本", "found": "保本"}]);
    assert_eq!(object["rules"][0]["false_sentences"], falsely);
    assert_eq!(object["guard"][0]["kind"], "crisis");
    assert_eq!(object["guard"][0]["missed_sentences"][0]["found_as"], "theft");
    assert_eq!(object["guarded_falsely"]["hits"], 1);
    assert_eq!((&object["floors"], &object["kept"]), (&json!([]), &json!(true)));
}

#[test]
fn of_sealed_sentences_only_the_counts_are_shown() {
    let root = root();
    let sealed = SENTENCES.replace("    say:", "    split: sealed\n    say:");
    for further in [&[][..], &["--json"]] {
        let output = measure(root.path(), &sealed, further);
        let told = stdout(&output);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        for sentence in ["念一下", "保本的", "最好的", "被偷", "热得", "sentences.yaml"]
        {
            assert!(!told.contains(sentence), "{sentence} in {told}");
        }
        assert!(told.contains('3') && told.contains("CP009"), "{told}");
    }
    let wrong = sealed.replace("CP009", "CP099");
    let output = measure(root.path(), &wrong, &[]);
    assert_eq!(output.status.code(), Some(1));
    let told = stderr(&output);
    assert!(told.contains("sentences.yaml:3:11") && !told.contains("CP099"), "{told}");
}

#[test]
fn the_sealed_sentences_of_agents_keep_their_floors() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = kefu(&["check", "--measure", "tests/data/agents_sealed.yaml"], root);
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn a_floor_that_is_broken_or_about_nothing_fails() {
    let root = root();
    let cases = [
        // (what it shows, floors, exit code)
        ("kept", "{found: 500, false_max: 667, harmless_max: 500, guard: {crisis: 333}}", 0),
        ("too little found", "{found: 501}", 1),
        ("too much found wrongly", "{false_max: 666}", 1),
        ("harmless ones found", "{harmless_max: 499}", 1),
        ("too little of a kind", "{guard: {crisis: 334}}", 1),
        ("a kind without sentences", "{guard: {theft: 0}}", 1),
    ];
    for (shows, floors, code) in cases {
        let sentences = SENTENCES.replace("sentences:", &format!("floors: {floors}\nsentences:"));
        let output = measure(root.path(), &sentences, &[]);
        assert_eq!(output.status.code(), Some(code), "{shows}: {}", stdout(&output));
        assert_eq!(stdout(&output).contains('✗'), code == 1, "{shows}: {}", stdout(&output));
    }
    let nothing = "version: 1\nfloors: {found: 0}\nsentences: []\n";
    assert_eq!(measure(root.path(), nothing, &[]).status.code(), Some(1), "no sentence at all");
}

#[test]
fn a_wrong_file_is_told_by_code_place_reason_and_mend() {
    let root = root();
    let cases = [
        // (what it shows, wrong sentences, what is told)
        ("no YAML", "version: 1\nsentences: [", "sentences.yaml:"),
        ("no version", "sentences: []\n", "KB030"),
        (
            "an unknown rule",
            "version: 1\nsentences: [{rule: CP008, say: [好]}]",
            "错误[KB057]：没有代码是“CP008”的规则\n --> sentences.yaml:2:20",
        ),
        (
            "an unknown kind",
            "version: 1\nsentences: [{guard: crisi, say: [好]}]",
            "sentences.yaml:2:21",
        ),
        (
            "two expectations",
            "version: 1\nsentences: [{rule: CP001, allowed: 好, say: [好]}]",
            "错误[KB052]：同时写了 rule 和 allowed",
        ),
        ("none", "version: 1\nsentences: [{say: [好]}]", "错误[KB052]：没有写该不该找到这些话"),
        ("no sentence", "version: 1\nsentences: [{rule: CP001, say: []}]", "KB010"),
        (
            "an unknown key",
            "version: 1\nsentences: [{rule: CP001, said: [好], say: [好]}]",
            "错误[KB009]",
        ),
        (
            "a floor of the wrong size",
            "version: 1\nfloors: {found: 1001}\nsentences: []",
            "sentences.yaml:2:17",
        ),
    ];
    for (shows, sentences, expected) in cases {
        let output = measure(root.path(), sentences, &[]);
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{shows}: {told}");
        assert!(told.contains(expected), "{shows}: {told}");
        assert!(told.contains("改法："), "{shows}: {told}");
    }
    let missing = kefu(&["check", "--measure", "nowhere.yaml"], root.path());
    assert_eq!(missing.status.code(), Some(2), "{}", stderr(&missing));
}
