//! `kefu schema`: JSON schemas for editors.

use std::{fs, io::Write, path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::Args;

use crate::files::{editor_text, schema_text};
use crate::knowledge::SchemaKind;

/// Prints the JSON Schema of one kind of file; without a name, lists the kinds.
#[derive(Args, Clone, Debug)]
pub(super) struct SchemaArgs {
    /// Such as entries; see the list.
    #[arg(value_parser = parse_kind)]
    name: Option<SchemaKind>,
    /// Writes all of them into this folder, as NAME.json.
    #[arg(long, value_name = "DIR", conflicts_with = "name")]
    write: Option<PathBuf>,
    /// Prints the settings that tie them to the files in VS Code.
    #[arg(long, conflicts_with_all = ["name", "write"])]
    vscode: bool,
}

/// Exit code 0.
pub(super) fn run(args: SchemaArgs) -> anyhow::Result<ExitCode> {
    let SchemaArgs { name, write, vscode } = args;
    let mut out = std::io::stdout().lock();
    if let Some(kind) = name {
        write!(out, "{}", schema_text(kind))?;
    } else if let Some(dir) = write {
        fs::create_dir_all(&dir).with_context(|| format!("failed to make {}", dir.display()))?;
        for kind in SchemaKind::ALL {
            let path = dir.join(format!("{}.json", kind.name()));
            fs::write(&path, schema_text(kind))
                .with_context(|| format!("failed to write {}", path.display()))?;
            writeln!(out, "{}", path.display())?;
        }
    } else if vscode {
        write!(out, "{}", editor_text())?;
    } else {
        for kind in SchemaKind::ALL {
            writeln!(out, "{:<12}{}", kind.name(), kind.files().join("  "))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn parse_kind(name: &str) -> Result<SchemaKind, String> {
    let found = SchemaKind::ALL.into_iter().find(|kind| kind.name() == name);
    found.ok_or_else(|| {
        let names = SchemaKind::ALL.map(SchemaKind::name);
        format!("there are {}", names.join(", "))
    })
}
