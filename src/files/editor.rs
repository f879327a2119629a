//! Files for editors: JSON schemas, and settings for VS Code.

use serde_json::{Map, Value, json};

use crate::knowledge::SchemaKind;

/// The folder of the schemas, from the root.
const SCHEMAS: &str = "knowledge/schemas";

/// The JSON schema of a kind of file, as file text.
pub fn schema_text(kind: SchemaKind) -> String {
    pretty(&kind.schema())
}

/// `.vscode/settings.json`: the schema of each file.
pub fn editor_text() -> String {
    let mut schemas = Map::new();
    for kind in SchemaKind::ALL {
        let anchored = |glob: &&str| match glob.strip_prefix('!') {
            Some(glob) => format!("!/{glob}"),
            None => format!("/{glob}"),
        };
        let files: Vec<String> = kind.files().iter().map(anchored).collect();
        schemas.insert(format!("./{SCHEMAS}/{}.json", kind.name()), json!(files));
    }
    pretty(&json!({"yaml.schemas": schemas, "files.encoding": "utf8"}))
}

/// The files for editors, with their path from the root.
pub(super) fn editor_files() -> Vec<(String, String)> {
    let schema = |kind: SchemaKind| (format!("{SCHEMAS}/{}.json", kind.name()), schema_text(kind));
    let recommended = pretty(&json!({"recommendations": ["redhat.vscode-yaml"]}));
    let mut files: Vec<(String, String)> = SchemaKind::ALL.into_iter().map(schema).collect();
    files.push((".vscode/settings.json".to_owned(), editor_text()));
    files.push((".vscode/extensions.json".to_owned(), recommended));
    files
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
