//! The two README pages: their commands are run with the binary that the tests built, and what they
//! show is compared with what it says.
//!
//! `…` stands for what is cut, on a line of its own for any number of lines. With `UPDATE_EXPECT=1`
//! the numbers of lines that are else the same are written anew.

use std::{fs, path::Path, process::Command};

use regex::Regex;
use serde_json::Value;

use crate::harness::{Server, is_update, kefu, page, project_file, stdout};

const PAGES: [&str; 2] = ["README.md", "README.zh-CN.md"];

/// A command of a page, and what the page shows of its output.
#[derive(Debug, PartialEq, Eq)]
struct Shown {
    command: String,
    output: Vec<String>,
}

/// The lines inside of the fences of a kind.
fn blocks(text: &str, kind: &str) -> Vec<Vec<String>> {
    let fence = format!("\n```{kind}\n");
    let parts = text.split(&fence).skip(1);
    parts
        .map(|part| part.lines().take_while(|line| *line != "```").map(str::to_owned).collect())
        .collect()
}

fn commands(text: &str) -> Vec<Shown> {
    let mut shown: Vec<Shown> = Vec::new();
    for line in blocks(text, "console").into_iter().flatten() {
        match (line.strip_prefix("$ "), shown.last_mut()) {
            (Some(command), _) => shown.push(Shown { command: command.to_owned(), output: vec![] }),
            (None, Some(last)) => last.output.push(line),
            (None, None) => panic!("output without a command: {line}"),
        }
    }
    shown
}

/// Replaces a text that must be there once.
fn edit(file: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(file).unwrap();
    assert_eq!(text.matches(old).count(), 1, "{old} in {}", file.display());
    fs::write(file, text.replace(old, new)).unwrap();
}

/// The folders of which the pages speak.
fn prepare(folder: &Path) {
    for root in ["my", "old", "new"] {
        assert!(kefu(&["init", root], folder).status.success());
    }
    let my = folder.join("my/knowledge");
    edit(
        &my.join("payment/withdraw.yaml"),
        "      - 提现手续费\n",
        "      - 提现手续费\n      - 提现几天能到\n",
    );
    let text = fs::read_to_string(my.join("rights/complaint.yaml")).unwrap();
    let slip = text.replacen("    handoff:", "    hand_off:", 1);
    assert_ne!(slip, text);
    fs::write(my.join("rights/complaint.yaml"), slip).unwrap();
    edit(&my.join("wealth/product.yaml"), "“七日年化”，天天变；", "“七日年化”，天天变，稳赚不赔；");
    edit(&folder.join("new/knowledge/payment/basic.yaml"), "      - 交易明细显示不全\n", "");
    fs::write(folder.join("queries.txt"), "交易明细显示不全\n").unwrap();
}

/// Runs a command as a reader would, with `kefu` on the path.
fn output(command: &str, folder: &Path, server: &Server) -> String {
    if command.starts_with("kefu serve ") && command.ends_with(" &") {
        // That server listens elsewhere; its flags must be known.
        let flags = command.trim_start_matches("kefu ").trim_end_matches(" &").split(' ');
        let args: Vec<&str> = flags.chain(["--help"]).collect();
        assert!(kefu(&args, folder).status.success(), "{command}");
        return String::new();
    }
    if let Some(asked) = command.strip_prefix("curl -s http://") {
        let (url, body) = asked.split_once(" -d '").unwrap();
        let (_, path) = url.split_once('/').unwrap();
        let url = format!("http://{}/{path}", server.address);
        let mut answer = ureq::post(&url).send(body.trim_end_matches('\'')).unwrap();
        return answer.body_mut().read_to_string().unwrap();
    }
    assert!(command.starts_with("kefu "), "this test cannot run {command}");
    let folder_of_kefu = Path::new(env!("CARGO_BIN_EXE_kefu")).parent().unwrap();
    let script = format!("PATH='{}':\"$PATH\"; {command}", folder_of_kefu.display());
    let mut shell = Command::new("bash");
    shell.args(["-c", &script]).current_dir(folder).env("NO_COLOR", "1");
    String::from_utf8(shell.output().unwrap().stdout).unwrap()
}

/// A shown line as a pattern: what is cut is anything, and so is each number if `is_loose`.
fn pattern(line: &str, is_loose: bool) -> Regex {
    let number = Regex::new("[0-9]+").unwrap();
    let parts: Vec<String> = line
        .split('…')
        .map(|part| {
            let part = regex::escape(part);
            format!(
                "({})",
                if is_loose { number.replace_all(&part, "[0-9]+") } else { part.into() }
            )
        })
        .collect();
    Regex::new(&format!("^{}$", parts.join(".*?"))).unwrap()
}

/// What the page should show of an output, or the first shown line that the output does not have.
fn compared(shown: &[String], said: &str, is_loose: bool) -> Result<Vec<String>, String> {
    let said: Vec<&str> = said.trim_end().lines().collect();
    let (mut at, mut is_cut) = (0, false);
    let mut right = Vec::new();
    for line in shown {
        if line == "…" {
            is_cut = true;
            right.push(line.clone());
            continue;
        }
        let pattern = pattern(line, is_loose);
        let reach = if is_cut { said.len() } else { said.len().min(at + 1) };
        let found = (at..reach).find_map(|place| Some((place, pattern.captures(said[place])?)));
        let Some((place, parts)) = found else {
            return Err(format!(
                "{line}\nwhere the output has\n{}",
                said.get(at).unwrap_or(&"no more")
            ));
        };
        let parts: Vec<&str> = parts.iter().skip(1).flatten().map(|part| part.as_str()).collect();
        right.push(parts.join("…"));
        (at, is_cut) = (place + 1, false);
    }
    if at < said.len() && !is_cut && !shown.is_empty() {
        return Err(format!("no line for\n{}", said[at]));
    }
    Ok(right)
}

#[test]
fn both_pages_show_the_same_commands_and_outputs() {
    let [english, chinese] = PAGES.map(page);
    assert_eq!(commands(&english), commands(&chinese));
    for kind in ["sh", "html"] {
        assert_eq!(blocks(&english, kind), blocks(&chinese, kind), "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_command_says_what_the_pages_show() {
    let folder = tempfile::tempdir().unwrap();
    prepare(folder.path());
    let server = Server::start_with_shipped_knowledge(&folder.path().join("log"));
    tokio::task::block_in_place(|| {
        let is_update = is_update();
        let shown = commands(&page(PAGES[0]));
        assert!(shown.len() > 8, "{} commands", shown.len());
        let mut wrong = Vec::new();
        for Shown { command, output: lines } in shown {
            let said = output(&command, folder.path(), &server);
            match compared(&lines, &said, is_update) {
                Err(line) => wrong.push(format!("$ {command}\n{line}\n")),
                Ok(right) if right != lines => rewrite(&command, &lines, &right),
                Ok(_) => {}
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

/// Puts right lines in place of those that a page shows after a command.
fn rewrite(command: &str, lines: &[String], right: &[String]) {
    for path in PAGES {
        let block = |lines: &[String]| format!("$ {command}\n{}\n", lines.join("\n"));
        let text = page(path).replace(&block(lines), &block(right));
        fs::write(project_file(path), text).unwrap();
    }
}

#[test]
fn the_first_start_says_what_the_pages_show() {
    let data = tempfile::tempdir().unwrap();
    let shown = blocks(&page(PAGES[0]), "text").remove(0);
    assert_eq!(shown, blocks(&page(PAGES[1]), "text").remove(0));
    let mut child = Command::new(env!("CARGO_BIN_EXE_kefu"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(data.path())
        .env("KEFU_LOG", "off")
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let out = std::io::BufReader::new(child.stdout.take().unwrap());
    let said: Vec<String> = std::io::BufRead::lines(out).map_while(Result::ok).take(3).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    let varying = Regex::new("password [a-z0-9]{20}$|:[0-9]+$").unwrap();
    let plain = |lines: &[String]| -> Vec<String> {
        lines.iter().map(|line| varying.replace(line, "…").into_owned()).collect()
    };
    assert_eq!(plain(&shown), plain(&said));
}

/// Compares a sentence of a page with how it must be; the pattern finds it whatever its figures are.
fn sentence(path: &str, found_by: &str, expected: &str) {
    let text = page(path);
    let found: Vec<&str> =
        Regex::new(found_by).unwrap().find_iter(&text).map(|one| one.as_str()).collect();
    assert_eq!(found.len(), 1, "{found_by} in {path}");
    if found[0] != expected && is_update() {
        fs::write(project_file(path), text.replace(found[0], expected)).unwrap();
        return;
    }
    assert_eq!(found[0], expected, "{path}");
}

#[test]
fn the_figures_of_the_shipped_knowledge_are_those_of_check() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let checked = kefu(&["check", "--root", ".", "--fast"], top);
    let said = stdout(&checked);
    let counts = Regex::new("([0-9]+) 个条目、([0-9]+) 个意图、([0-9]+) 句问法").unwrap();
    let counts = counts.captures(said).unwrap_or_else(|| panic!("{said}"));
    let (entries, intents) = (&counts[1], &counts[2]);
    let questions: usize = counts[3].parse().unwrap();
    let hundreds = (questions + 50) / 100;
    let about = format!("{},{}00", hundreds / 10, hundreds % 10);
    sentence(
        PAGES[0],
        "[0-9]+ entries, [0-9]+ intents and about [0-9,]+ questions",
        &format!("{entries} entries, {intents} intents and about {about} questions"),
    );
    sentence(
        PAGES[1],
        "[0-9]+ 个条目、[0-9]+ 个意图、约 [0-9,]+ 句问法",
        &format!("{entries} 个条目、{intents} 个意图、约 {about} 句问法"),
    );
}

#[test]
fn the_figures_of_answers_are_those_of_the_tests() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tested = kefu(&["test", "--root", ".", "--split", "test", "--json"], top);
    let tested: Value = serde_json::from_str(stdout(&tested)).unwrap();
    // Of 100 utterances of a kind, how many had the outcome.
    let of_hundred = |kind: &str, outcome: &str| {
        let groups = tested["groups"].as_array().unwrap().iter();
        let counts = groups.filter(|group| group["kind"] == kind).map(|group| &group["counts"]);
        let (mut all, mut had) = (0, 0);
        for count in counts {
            all += count.as_object().unwrap().values().filter_map(Value::as_u64).sum::<u64>();
            had += count[outcome].as_u64().unwrap_or(0);
        }
        assert!(all > 50, "{kind}: {all}");
        (had * 200 + all) / (2 * all)
    };
    let answered = of_hundred("entry", "right");
    let shown = of_hundred("entry", "shown");
    let asked = of_hundred("no_answer", "asked");
    sentence(
        PAGES[0],
        "on the shipped knowledge [0-9]+ of 100 questions are answered at once, and [0-9]+ are asked back",
        &format!(
            "on the shipped knowledge {answered} of 100 questions are answered at once, and {shown} are asked back"
        ),
    );
    sentence(
        PAGES[0],
        "Of 100 questions without an answer [0-9]+ are",
        &format!("Of 100 questions without an answer {asked} are"),
    );
    sentence(
        PAGES[1],
        "一百句里 [0-9]+ 句直接答对，[0-9]+ 句反问且选项里有",
        &format!("一百句里 {answered} 句直接答对，{shown} 句反问且选项里有"),
    );
    sentence(PAGES[1], "一百句里仍有 [0-9]+ 句会反问", &format!("一百句里仍有 {asked} 句会反问"));
}

/// Every command and flag of the table of commands is there.
#[test]
fn the_table_of_commands_names_flags_that_are_there() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let named = |path: &str| -> Vec<String> {
        let text = page(path);
        let rows = text.lines().filter(|line| line.starts_with("| `kefu "));
        rows.map(|line| line.split(" | ").next().unwrap().replace("、", ", ")).collect()
    };
    let rows = named(PAGES[0]);
    assert_eq!(rows, named(PAGES[1]));
    let flag = Regex::new("--[a-z-]+").unwrap();
    let mut commands = Vec::new();
    for command in
        rows.iter().flat_map(|row| row.split('`')).filter(|part| part.starts_with("kefu "))
    {
        let name = command.split(' ').nth(1).unwrap();
        let help = kefu(&[name, "--help"], top);
        assert!(help.status.success(), "{command}");
        // `kefu new entry` has a help of its own.
        let words: Vec<&str> = command
            .split(' ')
            .skip(1)
            .take(2)
            .filter(|word| word.chars().all(|c| c.is_ascii_lowercase()))
            .collect();
        let inner = kefu(&[&words[..], &["--help"]].concat(), top);
        for found in flag.find_iter(command) {
            let is_there = [&help, &inner].iter().any(|help| stdout(help).contains(found.as_str()));
            assert!(is_there, "{} in {command}", found.as_str());
        }
        commands.push(name.to_owned());
    }
    let help = kefu(&["--help"], top);
    let (_, list) = stdout(&help).split_once("Commands:\n").unwrap();
    for line in list.lines().take_while(|line| !line.is_empty()) {
        let name = line.split_whitespace().next().unwrap();
        assert!(
            name == "help" || commands.iter().any(|command| command == name),
            "{name} is missing"
        );
    }
}

#[test]
fn what_differs_from_the_output_is_noticed() {
    let shown = |text: &str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
    let said = "a 1\nb 22 c\nd\ne";
    let fits = ["a 1\n…", "a 1\nb … c\nd\ne", "…\nd\ne", "…\nb 22 c\n…", "…"];
    for text in fits {
        assert_eq!(compared(&shown(text), said, false), Ok(shown(text)), "{text}");
    }
    for text in ["a 2\n…", "a 1\nb 22 c\nd", "a 1\nd\ne", "…\nf", "a 1\nb 22 c\nd\ne\nf"] {
        assert!(compared(&shown(text), said, false).is_err(), "{text}");
    }
    assert_eq!(compared(&shown("a 7\nb 1 …\n…"), said, true), Ok(shown("a 1\nb 22 …\n…")));
    assert!(compared(&shown("a x\n…"), said, true).is_err());
}
