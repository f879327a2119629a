//! The second encoder from its file to what is told: every command and the server read it the same
//! way.

use std::{fs, path::PathBuf};

use serde_json::json;
use tempfile::TempDir;

use super::assembly::json_of;
use crate::harness::{kefu, stdout};
use toy::random_toy;

#[path = "../../../src/matching/encoder/toy.rs"]
mod toy;

/// An entry for each line; none has more than two wordings.
const QUESTIONS: &str = r#"{"id": "withdraw.arrival", "question": "提现多久到账", "similar": ["提现几天能到账"]}
{"id": "withdraw.fee", "question": "提现手续费怎么收"}
{"id": "recharge.arrival", "question": "充值多久到账"}
{"id": "password.reset", "question": "忘记登录密码怎么办"}
"#;

const QUERIES: &str = r#"{"text": "提现多久到账", "label": "withdraw.arrival"}
{"text": "钱提出去多久能收到呢", "label": "withdraw.arrival", "also": ["withdraw.fee"]}
{"text": "充值的钱收手续费吗", "label": null}
"#;

/// A folder with a knowledge base, queries and an encoder.
fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("kb.jsonl"), QUESTIONS).unwrap();
    fs::write(folder.path().join("queries.jsonl"), QUERIES).unwrap();
    let path = folder.path().join("encoder.bin");
    fs::write(&path, random_toy(&["提", "现", "多", "久", "到", "账", "费", "钱"])).unwrap();
    (folder, path)
}

const EVAL: [&str; 5] = ["eval", "--knowledge", "kb.jsonl", "--queries", "queries.jsonl"];

#[test]
fn an_evaluation_tells_what_the_encoder_is_worth() {
    let (folder, _) = folder();
    let eval = |more: &[&str]| kefu(&[&EVAL, more].concat(), folder.path());
    let with = eval(&["--encoder", "encoder.bin"]);
    let shown = stdout(&with);
    assert!(shown.contains("第二编码器：3 句里有 2 句由它重排"), "{shown}");
    assert!(shown.contains("计入第二意见：首位正确"), "{shown}");
    assert!(shown.contains("只作选项"), "{shown}");
    assert!(!stdout(&eval(&[])).contains("第二编码器"));

    let told = |more: &[&str]| json_of(&[&EVAL, more, &["--json"]].concat(), folder.path());
    let measured = told(&["--encoder", "encoder.bin"]);
    assert_eq!(measured["encoder"]["asked"], 2);
    assert_eq!(measured["encoder"]["differences"][0]["figure"], "top1");
    assert!(told(&[])["encoder"].is_null());

    let similar: Vec<String> = (0..5).map(|number| format!("提现的第{number}种说法")).collect();
    let many = json!({"id": "withdraw.arrival", "question": "提现多久到账", "similar": similar});
    fs::write(folder.path().join("many.jsonl"), many.to_string()).unwrap();
    let eval = ["eval", "--knowledge", "many.jsonl", "--queries", "queries.jsonl"];
    let many = kefu(&[&eval[..], &["--encoder", "encoder.bin"]].concat(), folder.path());
    assert!(stdout(&many).contains("第二编码器：没有用上"), "{many:?}");
}

#[test]
fn a_broken_or_missing_encoder_stops_every_command_and_the_server() {
    let (folder, path) = folder();
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 1]).unwrap();
    let commands: [&[&str]; 5] =
        [&["ask", "提现"], &["check"], &["test"], &EVAL, &["serve", "--listen", "127.0.0.1:0"]];
    for (name, reason) in [("encoder.bin", "checksum"), ("nowhere.bin", "No such file")] {
        for command in commands {
            let output = kefu(&[command, &["--encoder", name][..]].concat(), folder.path());
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(!output.status.success(), "{command:?}");
            assert!(told.contains(name) && told.contains(reason), "{command:?}: {told}");
        }
    }
}
