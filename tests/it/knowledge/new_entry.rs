//! `kefu new entry`: drafts are added where they belong, or nothing is written at all.

use std::{fs, path::Path};

use expect_test::expect;
use kefu::knowledge::SchemaKind;
use serde_json::Value;

use crate::harness::{kefu, small_root};

const PAYMENT: &str = "knowledge/payment.yaml";

/// Adds an entry; gives the exit code and the object.
fn new_entry(root: &Path, args: &[&str]) -> (i32, Value) {
    let output = kefu(&[&["new", "entry", "--json", "--today", "2026-11-22"], args].concat(), root);
    let object = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output.status.code().unwrap(), object)
}

/// Every file below a folder, hidden ones too, with what it holds.
fn contents(dir: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for item in fs::read_dir(dir).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() {
            found.extend(contents(&path));
        } else {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn a_draft_is_added_beside_the_nearest_entry() {
    let root = small_root();
    let old = fs::read_to_string(root.path().join(PAYMENT)).unwrap();
    let files = contents(root.path()).len();
    let question = "提现申请提交了: 能撤销吗";
    let args = ["--question", question, "--similar", "能取消提现申请吗", "--similar", "12378"];
    let output =
        kefu(&[&["new", "entry", "--today", "2026-11-22"], &args[..]].concat(), root.path());
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{stdout}{}", String::from_utf8_lossy(&output.stderr));
    for told in
        ["payment.withdraw.fee 提现要手续费吗（置信度", "knowledge/payment.yaml:28", "kefu check"]
    {
        assert!(stdout.contains(told), "{told} in {stdout}");
    }
    let new = fs::read_to_string(root.path().join(PAYMENT)).unwrap();
    expect![[r#"
        entries:
          - id: payment.withdraw.tixianshenqingtijiaolenengche
            question: "提现申请提交了: 能撤销吗"
            similar:
              - 能取消提现申请吗
              - "12378"
            answer: 待补充。先写怎么做，再写时间、费用和例外。
            status: draft
            compliance:
              source: 待补充。写法律、规则、合同的名称和条款，或运营方规则（变量名）
              checked: 2026-11-22
              review_due: 2027-05-22
    "#]]
    .assert_eq(&format!("entries:\n{}", new.strip_prefix(&old).unwrap()));
    assert_eq!(contents(root.path()).len(), files, "nothing is left beside it");

    let checked = kefu(&["check", "--today", "2026-11-22"], root.path());
    let told = String::from_utf8(checked.stdout).unwrap();
    assert!(
        checked.status.success() && told.contains("5 个条目") && told.contains("没有问题"),
        "{told}"
    );
    let asked = kefu(&["ask", question, "--json"], root.path());
    assert!(!String::from_utf8(asked.stdout).unwrap().contains("tixianshenqing"), "not served");
    let (code, told) = new_entry(root.path(), &args);
    assert_eq!(
        (code, told["refused"].as_str()),
        (1, Some("known")),
        "a draft's words are taken, too"
    );
}

#[test]
fn a_category_without_an_entry_like_it_gets_a_file_of_its_own() {
    let root = small_root();
    let (code, told) =
        new_entry(root.path(), &["--question", "理财产品提前赎回", "--category", "wealth"]);
    assert_eq!((code, &told["line"]), (0, &6.into()), "{told}");
    let (code, told) =
        new_entry(root.path(), &["--question", "理财收益怎么算", "--category", "wealth"]);
    assert_eq!((code, told["file"].as_str()), (0, Some("knowledge/wealth/new.yaml")), "{told}");
    let text = fs::read_to_string(root.path().join("knowledge/wealth/new.yaml")).unwrap();
    expect![[r#"
        # yaml-language-server: $schema=../schemas/entries.json
        version: 1
        defaults:
          category: wealth
        entries:
          - id: wealth.licaichanpintiqianshuhui
            question: 理财产品提前赎回
            answer: 待补充。先写怎么做，再写时间、费用和例外。
            status: draft
            compliance:
              class: general
              source: 待补充。写法律、规则、合同的名称和条款，或运营方规则（变量名）
              checked: 2026-11-22
              review_due: 2027-05-22

          - id: wealth.licaishouyizenmesuan
            question: 理财收益怎么算
            answer: 待补充。先写怎么做，再写时间、费用和例外。
            status: draft
            compliance:
              class: general
              source: 待补充。写法律、规则、合同的名称和条款，或运营方规则（变量名）
              checked: 2026-11-22
              review_due: 2027-05-22
    "#]]
    .assert_eq(&text);
    let document: Value = serde_yaml::from_str(&text).unwrap();
    let schema = jsonschema::validator_for(&SchemaKind::Entries.schema()).unwrap();
    assert!(schema.is_valid(&document));
    fs::write(root.path().join("knowledge/fund.yaml"), "version: 1\nentries: []\n").unwrap();
    let flat =
        ["--question", "基金怎么定投", "--category", "wealth", "--file", "./knowledge/fund.yaml"];
    let (code, told) = new_entry(root.path(), &flat);
    assert_eq!((code, told["file"].as_str()), (0, Some("knowledge/fund.yaml")), "{told}");
    assert!(kefu(&["check"], root.path()).status.success());
}

#[test]
fn what_is_answered_already_is_written_only_by_force() {
    let root = small_root();
    let before = contents(root.path());
    let args = ["--question", "提现手续费收多少", "--id", "payment.withdraw.price"];
    let (code, told) = new_entry(root.path(), &args);
    assert_eq!((code, told["refused"].as_str()), (1, Some("answered")), "{told}");
    assert_eq!(told["by"]["id"], "payment.withdraw.fee");
    assert_eq!(told["nearest"][0]["standard_question"], "提现要手续费吗");
    let (code, told) = new_entry(root.path(), &["--question", "转人工", "--category", "rights"]);
    assert_eq!((code, told["by"]["kind"].as_str()), (1, Some("intent")), "{told}");
    assert_eq!(contents(root.path()), before);

    let (code, told) = new_entry(root.path(), &[&args[..], &["--force"]].concat());
    assert_eq!((code, told["id"].as_str()), (0, Some("payment.withdraw.price")), "{told}");
}

#[test]
fn what_would_be_a_mistake_is_not_written() {
    let root = small_root();
    let before = contents(root.path());
    let cases: &[(&str, &[&str], &str, &str)] = &[
        // (what it shows, arguments, refused, also told)
        (
            "a question of an entry",
            &["--question", "提现，多久到账？"],
            "known",
            "payment.withdraw.arrival",
        ),
        (
            "a similar question of one",
            &["--question", "提现撤销", "--similar", "怎么注销账户"],
            "known",
            "account.close.how",
        ),
        ("an example of an intent", &["--question", "谢谢你"], "known", "smalltalk.thanks"),
        (
            "an id in use",
            &["--question", "提现撤销", "--id", "account.close.how"],
            "id_in_use",
            "account.close.how_2",
        ),
        (
            "an id that is none",
            &["--question", "提现撤销", "--id", "撤销"],
            "mistakes",
            "编号“撤销”的写法不对",
        ),
        (
            "a repeated wording",
            &["--question", "提现撤销", "--similar", "提现撤销？"],
            "mistakes",
            "KB0",
        ),
        ("a variable", &["--question", "提现{{hotline}}"], "mistakes", "KB0"),
        ("two lines", &["--question", "提现\n撤销"], "mistakes", "一行"),
        ("one letter", &["--question", "提"], "mistakes", "2 至 60 字"),
    ];
    for (shows, args, refused, also) in cases {
        let (code, told) = new_entry(root.path(), &[args, &["--force"][..]].concat());
        assert_eq!((code, told["refused"].as_str()), (1, Some(*refused)), "{shows}: {told}");
        assert!(told.to_string().contains(also), "{shows}: {told}");
        assert_eq!(contents(root.path()), before, "{shows}");
    }
}

#[test]
fn wrong_use_is_told_and_exits_with_two() {
    let root = small_root();
    let before = contents(root.path());
    let cases: &[(&str, &[&str], &str)] = &[
        // (what it shows, arguments, told)
        ("no question, no terminal", &[], "--question"),
        ("nothing like it", &["--question", "zzzz"], "--category"),
        ("no such category", &["--question", "提现撤销", "--category", "pay"], "crowdfunding"),
        (
            "outside of the root",
            &["--question", "提现撤销", "--file", "knowledge/../x.yaml"],
            "knowledge/",
        ),
        (
            "a file of intents",
            &["--question", "提现撤销", "--file", "intents/service.yaml"],
            "knowledge/",
        ),
    ];
    for (shows, args, expected) in cases {
        let output = kefu(&[&["new", "entry"], *args].concat(), root.path());
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{shows}: {told}");
        assert!(told.contains(expected), "{shows}: {told}");
        assert_eq!(contents(root.path()), before, "{shows}");
    }
    let nowhere = tempfile::tempdir().unwrap();
    let output = kefu(&["new", "entry", "--question", "提现撤销"], nowhere.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--root"));
}

#[test]
fn a_root_with_mistakes_is_mended_first() {
    let root = small_root();
    let path = root.path().join(PAYMENT);
    let broken =
        fs::read_to_string(&path).unwrap().replace("    handoff: offer", "    handof: offer");
    fs::write(&path, &broken).unwrap();
    let output = kefu(&["new", "entry", "--question", "提现撤销"], root.path());
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("handof"));
    assert_eq!(fs::read_to_string(&path).unwrap(), broken);
}
