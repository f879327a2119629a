//! docs/configuration.md says what the settings of the server are, and no setting is missing.

use std::{collections::BTreeSet, fs, path::Path};

use clap::Args;
use kefu::{
    config::{DefaultValue, Environment, Flags, SETTINGS, Setting, VARIABLES, load},
    knowledge::TEXTS,
};

use crate::harness::{assert_part, kefu, marks, page, project_file, stdout, table};

const PAGE: &str = "docs/configuration.md";

fn part(name: &str, expected: &str) {
    let (begin, end) = marks(name);
    assert_part(PAGE, (&begin, &end), expected);
}

/// The flag with what follows it on the command line.
fn flag(setting: &Setting) -> String {
    let command = Flags::augment_args(clap::Command::new("serve"));
    let arg = command.get_arguments().find(|arg| arg.get_id() == setting.key).unwrap();
    let has_value = arg.get_num_args().is_none_or(|count| count.takes_values());
    let value = arg.get_value_names().filter(|_| has_value).map(|names| format!(" {}", names[0]));
    format!("`{}{}`", setting.flag(), value.unwrap_or_default())
}

fn row(setting: &Setting) -> [String; 6] {
    let list = if setting.is_list { " (list)" } else { "" };
    let default = match setting.default {
        DefaultValue::Is("") => "none".to_owned(),
        DefaultValue::Is(value) => format!("`{value}`"),
        DefaultValue::Told(told) => told.to_owned(),
    };
    [
        flag(setting),
        format!("`{}`{list}", setting.key),
        format!("`{}`", setting.variable()),
        setting.wanted.to_owned(),
        default,
        setting.why.trim().to_owned(),
    ]
}

#[test]
fn the_page_of_the_settings_is_theirs() {
    let mut rows: Vec<_> = SETTINGS.iter().map(row).collect();
    rows.extend(VARIABLES.iter().map(|variable| {
        let flag = variable.flag.map_or("—".to_owned(), |flag| format!("`{flag}`"));
        [&*flag, "—", &format!("`{}`", variable.name), "", variable.default, variable.why]
            .map(str::to_owned)
    }));
    let head = ["Flag of `kefu serve`", "Key", "Variable", "Value", "Default", "Why"];
    part("settings", &table(head, &rows));
}

#[test]
fn the_page_has_every_text_of_the_policy() {
    let marked = |is: bool, word: &'static str| is.then_some(word);
    let rows: Vec<_> = TEXTS
        .iter()
        .map(|text| {
            let kinds = [
                marked(!text.is_required(), "may be left out"),
                marked(text.is_open, "open"),
                marked(text.is_early, "early"),
                marked(text.is_markdown, "Markdown"),
            ];
            let kinds: Vec<&str> = kinds.into_iter().flatten().collect();
            [format!("`{}`", text.key), text.when.trim().to_owned(), kinds.join(", ")]
        })
        .collect();
    part("texts", &table(["Key", "When it is said", "What it is"], &rows));
}

/// The names of the commands, as `kefu --help` lists them.
fn commands() -> Vec<String> {
    let help = kefu(&["--help"], Path::new("."));
    let (_, list) = stdout(&help).split_once("Commands:\n").unwrap();
    let names = list.lines().take_while(|line| !line.is_empty());
    let names = names.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

#[test]
fn every_flag_of_serve_is_a_setting_and_other_commands_name_those_that_they_take() {
    let mut rows = Vec::new();
    for command in commands() {
        let help = kefu(&[&command, "--help"], Path::new("."));
        let shown = stdout(&help).lines().filter_map(|line| line.trim().split(' ').next());
        let shown: BTreeSet<&str> = shown.filter(|word| word.starts_with("--")).collect();
        let flags: Vec<String> = SETTINGS.iter().map(Setting::flag).collect();
        let known: Vec<String> =
            flags.into_iter().filter(|flag| shown.contains(flag.as_str())).collect();
        // `--root` of other commands is a flag of their own, which no variable stands for.
        let known_elsewhere = known.iter().filter(|flag| *flag != "--root");
        if command == "serve" {
            assert_eq!(known.len(), SETTINGS.len(), "{shown:?}");
            assert_eq!(shown.len(), SETTINGS.len() + 1, "with --config: {shown:?}");
        } else if known_elsewhere.clone().next().is_some() {
            let flags: Vec<_> = known_elsewhere.map(|flag| format!("`{flag}`")).collect();
            rows.push([format!("`kefu {command}`"), flags.join(", ")]);
        }
    }
    part("commands", &table(["Command", "Settings that are flags of it, too"], &rows));
}

#[test]
fn the_files_that_are_shown_can_be_used() {
    let dir = tempfile::tempdir().unwrap();
    let of_page = dir.path().join("kefu.yaml");
    let text = page(PAGE);
    let (_, example) = text.split_once("```yaml\n# kefu.yaml\n").unwrap();
    fs::write(&of_page, example.split_once("```").unwrap().0).unwrap();
    let mut files = vec![of_page];
    // What is made for a machine stands in `deploy/`, where there is one.
    let deploy = fs::read_dir(project_file("deploy")).into_iter().flatten();
    files.extend(deploy.map(|file| file.unwrap().path()).filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with("kefu") && name.ends_with(".yaml")
    }));
    for file in files {
        let loaded = load(Some(&file), &Environment::default(), Flags::default());
        assert!(loaded.is_ok(), "{}: {:?}", file.display(), loaded.err());
    }
}

#[test]
fn no_page_speaks_of_a_variable_that_nothing_reads() {
    let mut known: BTreeSet<String> = SETTINGS.iter().map(Setting::variable).collect();
    known.extend(VARIABLES.iter().map(|variable| variable.name.to_owned()));
    let pages =
        ["README.md", "README.zh-CN.md", "docs/guide.zh-CN.md", PAGE, "knowledge/README.md"];
    for path in pages {
        let text = page(path);
        for rest in text.split("KEFU_").skip(1) {
            let name: String =
                rest.chars().take_while(|c| c.is_ascii_uppercase() || *c == '_').collect();
            // “KEFU_…” stands for all of them.
            let name = format!("KEFU_{name}");
            assert!(name == "KEFU_" || known.contains(&name), "{name} in {path}");
        }
    }
}
