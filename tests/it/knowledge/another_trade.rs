//! A root of another trade, made by doing what the guide says.

use std::{fs, path::Path, process::Command};

use jiff::civil::date;
use kefu::files::Root;
use kefu::knowledge::{Severity, load};

use crate::harness::{kefu, stdout};

/// The section of the guide that makes it.
fn section() -> String {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide.zh-CN.md");
    let guide = fs::read_to_string(guide).unwrap();
    guide.split_once("\n## 17 换一个行业\n").unwrap().1.to_owned()
}

/// The blocks of the section in a language, each with the line of text before it.
fn blocks<'s>(section: &'s str, language: &str) -> Vec<(&'s str, &'s str)> {
    let open = format!("\n```{language}\n");
    let parts = section.match_indices(&open).map(|(at, open)| {
        let (before, after) = section.split_at(at);
        let block = after.strip_prefix(open).unwrap();
        let title = before.trim_end().lines().last().unwrap();
        (title, block.split("\n```").next().unwrap())
    });
    parts.collect()
}

/// Does what the section says, in a folder.
fn follow(section: &str, folder: &Path) {
    let program = Path::new(env!("CARGO_BIN_EXE_kefu")).parent().unwrap();
    let (_, commands) = blocks(section, "console")[0];
    for command in commands.lines().map(|line| line.strip_prefix("~$ ").unwrap()) {
        let done = Command::new("sh")
            .args(["-c", &format!("PATH='{}':\"$PATH\"; {command}", program.display())])
            .current_dir(folder)
            .output()
            .unwrap();
        assert!(done.status.success(), "{command}: {}", String::from_utf8_lossy(&done.stderr));
    }
    let mut written = 0;
    for (title, text) in blocks(section, "yaml") {
        let path = title.strip_prefix("**`").unwrap().split('`').next().unwrap();
        let path = folder.join("快递").join(path);
        if let Ok(old) = fs::read_to_string(&path) {
            // Only the key that is shown changes.
            let (before, rest) = old.split_once("  hot_questions:\n").unwrap();
            let after: Vec<&str> =
                rest.lines().skip_while(|line| line.starts_with("    - ")).collect();
            let text = format!("{before}{text}\n{}\n", after.join("\n"));
            fs::write(path, text).unwrap();
        } else {
            fs::write(path, format!("{text}\n")).unwrap();
        }
        written += 1;
    }
    assert_eq!(written, 7);
}

#[test]
fn the_guide_makes_a_root_of_another_trade() {
    let section = section();
    let folder = tempfile::tempdir().unwrap();
    follow(&section, folder.path());

    let root = folder.path().join("快递");
    let files = Root::find(Some(&root), &root).unwrap().read().unwrap();
    let loaded = load(&files, date(2026, 11, 22));
    let found: Vec<_> =
        loaded.diagnostics.iter().map(|found| (&*found.code, found.severity)).collect();
    assert_eq!(found, ["KB116", "KB117", "KB104"].map(|code| (code, Severity::Note)));
    let base = loaded.base.unwrap();
    assert_eq!(base.industry.categories.with_parents("pack"), ["send", "pack"]);
    assert!(
        base.entries.iter().all(|entry| base.industry.categories.get(&entry.category).is_some())
    );

    // What the section says that the commands tell is what they tell.
    let told = blocks(&section, "console");
    let (_, told) = told.last().unwrap();
    for (number, command) in told.split("~$ kefu ").skip(1).enumerate() {
        let (command, expected) = command.split_once('\n').unwrap();
        let mut args: Vec<&str> = command.split(' ').collect();
        if number == 0 {
            args.extend(["--today", "2026-11-22"]);
        }
        let output = kefu(&args, folder.path());
        assert!(output.status.success(), "{command}");
        // Columns are as wide as the longest line, which may be left out here.
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let told: Vec<String> = stdout(&output).lines().map(words).collect();
        for line in expected.lines().filter(|line| *line != "…" && !line.is_empty()) {
            assert!(told.contains(&words(line)), "{command} tells {line}: {}", stdout(&output));
        }
    }
}
