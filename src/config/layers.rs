//! Lays file, environment and flags over the defaults.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use serde::de::IgnoredAny;

use super::{
    environment::Environment,
    settings::{Config, Flags, SETTINGS},
};
use crate::knowledge::nearest;

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file named is not there or not readable.
    #[error("read the configuration file {path}")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is not YAML, or a key or value is wrong; the message has line and column.
    #[error("use the configuration file {path}: {reason}")]
    Parse {
        /// Which.
        path: PathBuf,
        /// Where and why.
        reason: String,
    },
    /// An environment variable's value is wrong.
    #[error("use the environment variable {name}={value}: {reason}")]
    Variable {
        /// Which.
        name: String,
        /// As found.
        value: String,
        /// What it should be.
        reason: String,
    },
    /// A value that parses and still cannot work.
    #[error("use {name}: {reason}")]
    Value {
        /// Which setting.
        name: &'static str,
        /// What is wrong.
        reason: String,
    },
}

/// Lays the layers over one another. The file is `file`, or else what `KEFU_CONFIG` names.
pub fn load(
    file: Option<&Path>,
    environment: &Environment,
    flags: Flags,
) -> Result<Config, ConfigError> {
    let mut config = Config::default();
    if let Some(path) = file.or_else(|| environment.config()) {
        config.lay(read_file(path)?);
    }
    config.lay(read_environment(environment)?);
    config.lay(flags);
    check(&config)?;
    Ok(config)
}

fn read_file(path: &Path) -> Result<Flags, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
    serde_yaml::from_str(&text).map_err(|error| {
        let reason = error.to_string() + &suggestion(&text).unwrap_or_default();
        ConfigError::Parse { path: path.to_owned(), reason }
    })
}

/// What the first unknown key was probably meant to be, as one more line of a message.
fn suggestion(text: &str) -> Option<String> {
    #[expect(clippy::zero_sized_map_values, reason = "serde reads keys into a map")]
    let file: BTreeMap<String, IgnoredAny> = serde_yaml::from_str(text).ok()?;
    let is_known = |key: &str| SETTINGS.iter().any(|setting| setting.key == key);
    let mut unknown = file.keys().filter(|key| !is_known(key));
    let keys = || SETTINGS.iter().map(|setting| setting.key);
    let found = unknown.find_map(|key| Some((key, nearest(key, keys())?)));
    found.map(|(key, meant)| format!("\ndid you mean `{meant}` instead of `{key}`?"))
}

fn read_environment(environment: &Environment) -> Result<Flags, ConfigError> {
    let given = Flags::from_texts(|setting| environment.get(&setting.variable()));
    given.map_err(|(setting, value)| ConfigError::Variable {
        name: setting.variable(),
        value: value.to_owned(),
        reason: if setting.is_list {
            format!("expected {}, separated by commas", setting.wanted)
        } else {
            format!("expected {}", setting.wanted)
        },
    })
}

/// An origin is a scheme and a host, with no path: what a browser sends, and compares.
fn check(config: &Config) -> Result<(), ConfigError> {
    let own = config.public_origin.iter().map(|origin| ("public_origin", origin));
    let allowed = config.allowed_origins.iter().map(|origin| ("allowed_origins", origin));
    for (name, origin) in own.chain(allowed) {
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        let is_origin = host.is_some_and(|host| {
            !host.is_empty()
                && host.chars().all(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(c))
                && !host.chars().any(|c| c.is_ascii_uppercase())
        });
        if !is_origin {
            let reason = format!("{origin:?} is not an origin such as https://www.example.com");
            return Err(ConfigError::Value { name, reason });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authoring::LossMax;

    #[test]
    fn flags_go_over_environment_over_file_over_defaults() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("kefu.yaml");
        std::fs::write(
            &file,
            "listen: 127.0.0.1:1\ndata: from-file\nlog_json: true\nreload_max_loss: 5\n",
        )
        .unwrap();
        let environment = Environment::of(&[("KEFU_LISTEN", "127.0.0.1:2"), ("KEFU_DATA", "env")]);
        let flags = Flags { data: Some("flag".into()), ..Flags::default() };

        let config = load(Some(&file), &environment, flags).unwrap();

        let expected = Config {
            listen: "127.0.0.1:2".parse().unwrap(),
            data: "flag".into(),
            reload_max_loss: LossMax::new(5).unwrap(),
            log_json: true,
            ..Config::default()
        };
        assert_eq!(config, expected);
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("kefu.yaml");
        std::fs::write(&file, "listen: 127.0.0.1:1\nlisten_to: x\n").unwrap();
        let slip = dir.path().join("slip.yaml");
        std::fs::write(&slip, "public_orgin: https://a.example\n").unwrap();
        let over = dir.path().join("over.yaml");
        std::fs::write(&over, "reload_max_loss: 101\n").unwrap();
        let cases = [
            (Some(file.as_path()), [("KEFU_X", "1")], "listen_to"),
            (Some(slip.as_path()), [("KEFU_X", "1")], "did you mean `public_origin`"),
            (Some(Path::new("no-such-file")), [("KEFU_X", "1")], "no-such-file"),
            (None, [("KEFU_LISTEN", "8600")], "KEFU_LISTEN=8600"),
            (None, [("KEFU_TRUSTED_PROXIES", "10.0.0.1,proxy")], "separated by commas"),
            (None, [("KEFU_DATA", "da\u{fffd}ta")], "KEFU_DATA"),
            (None, [("KEFU_ALLOWED_ORIGINS", "https://a.example/path")], "allowed_origins"),
            (None, [("KEFU_ALLOWED_ORIGINS", "*")], "allowed_origins"),
            (None, [("KEFU_PUBLIC_ORIGIN", "kefu.example")], "public_origin"),
            (None, [("KEFU_RELOAD_MAX_LOSS", "101")], "KEFU_RELOAD_MAX_LOSS=101"),
            (None, [("KEFU_RELOAD_MAX_LOSS", "20%")], "from 0 to 100"),
            (Some(over.as_path()), [("KEFU_X", "1")], "101 is no percentage"),
        ];
        for (file, variables, named) in cases {
            let error = load(file, &Environment::of(&variables), Flags::default()).unwrap_err();
            assert!(error.to_string().contains(named), "{error}");
        }
    }
}
