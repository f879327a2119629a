//! Lays file, environment and flags over the defaults.

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Deserializer, de::Error as _};

use super::model::{Config, TableChoice};
use crate::authoring::LossMax;

/// Settings given on the command line, all optional; the same names as in the file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flags {
    /// See [`Config::listen`].
    pub listen: Option<SocketAddr>,
    /// See [`Config::data`].
    pub data: Option<PathBuf>,
    /// See [`Config::root`].
    pub root: Option<PathBuf>,
    /// See [`Config::public_origin`].
    pub public_origin: Option<String>,
    /// See [`Config::allowed_origins`].
    pub allowed_origins: Option<Vec<String>>,
    /// See [`Config::allow_missing_origin`].
    pub allow_missing_origin: Option<bool>,
    /// See [`Config::trusted_proxies`].
    pub trusted_proxies: Option<Vec<IpAddr>>,
    /// See [`Config::admin_listen`].
    pub admin_listen: Option<SocketAddr>,
    /// See [`Config::static_table`].
    pub static_table: Option<TableChoice>,
    /// See [`Config::reload_max_loss`].
    #[serde(default, deserialize_with = "percentage")]
    pub reload_max_loss: Option<LossMax>,
    /// See [`Config::log_json`].
    pub log_json: Option<bool>,
}

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

/// The variables named `KEFU_…`, and `NO_COLOR`, as read once at start.
#[derive(Clone, Debug, Default)]
pub struct Environment(Vec<(String, String)>);

impl Environment {
    /// Reads the process's environment.
    pub fn read() -> Self {
        Self(std::env::vars().filter(|(name, _)| is_ours(name)).collect())
    }

    /// Takes these variables instead, for tests.
    pub fn of(variables: &[(&str, &str)]) -> Self {
        Self(variables.iter().map(|&(n, v)| (n.to_owned(), v.to_owned())).collect())
    }

    /// The value of a variable that is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

fn is_ours(name: &str) -> bool {
    name.starts_with("KEFU_") || name == "NO_COLOR"
}

/// Lays the layers over one another. The file is `file`, or else what `KEFU_CONFIG` names.
pub fn load(
    file: Option<&Path>,
    environment: &Environment,
    flags: Flags,
) -> Result<Config, ConfigError> {
    let file = file.or_else(|| environment.get("KEFU_CONFIG").map(Path::new));
    let mut config = Config::default();
    if let Some(path) = file {
        lay(&mut config, read_file(path)?);
    }
    lay(&mut config, read_environment(environment)?);
    lay(&mut config, flags);
    check(&config)?;
    Ok(config)
}

fn read_file(path: &Path) -> Result<Flags, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
    serde_yaml::from_str(&text)
        .map_err(|error| ConfigError::Parse { path: path.to_owned(), reason: error.to_string() })
}

fn percentage<'de, D: Deserializer<'de>>(from: D) -> Result<Option<LossMax>, D::Error> {
    let percent = u64::deserialize(from)?;
    let refused = || D::Error::custom(format!("{percent} is no percentage from 0 to 100"));
    LossMax::new(percent).map(Some).ok_or_else(refused)
}

fn read_environment(environment: &Environment) -> Result<Flags, ConfigError> {
    Ok(Flags {
        listen: parsed(environment, "KEFU_LISTEN", "an address such as 127.0.0.1:8600")?,
        data: environment.get("KEFU_DATA").map(PathBuf::from),
        root: environment.get("KEFU_ROOT").map(PathBuf::from),
        public_origin: environment.get("KEFU_PUBLIC_ORIGIN").map(str::to_owned),
        allowed_origins: environment
            .get("KEFU_ALLOWED_ORIGINS")
            .map(|list| listed(list).map(str::to_owned).collect()),
        allow_missing_origin: parsed(environment, "KEFU_ALLOW_MISSING_ORIGIN", "true or false")?,
        trusted_proxies: addresses(environment)?,
        admin_listen: parsed(
            environment,
            "KEFU_ADMIN_LISTEN",
            "an address such as 127.0.0.1:8601",
        )?,
        static_table: parsed(environment, "KEFU_STATIC_TABLE", "trained, shipped or off")?,
        reload_max_loss: parsed(environment, "KEFU_RELOAD_MAX_LOSS", "a percentage from 0 to 100")?,
        log_json: parsed(environment, "KEFU_LOG_JSON", "true or false")?,
    })
}

fn listed(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|item| !item.is_empty())
}

fn parsed<T: std::str::FromStr>(
    environment: &Environment,
    name: &str,
    wanted: &str,
) -> Result<Option<T>, ConfigError> {
    let Some(value) = environment.get(name) else { return Ok(None) };
    value.parse().map(Some).map_err(|_| wrong(name, value, wanted))
}

fn addresses(environment: &Environment) -> Result<Option<Vec<IpAddr>>, ConfigError> {
    let name = "KEFU_TRUSTED_PROXIES";
    let Some(value) = environment.get(name) else { return Ok(None) };
    let parsed: Result<Vec<IpAddr>, _> = listed(value).map(str::parse).collect();
    parsed.map(Some).map_err(|_| wrong(name, value, "IP addresses, separated by commas"))
}

fn wrong(name: &str, value: &str, wanted: &str) -> ConfigError {
    ConfigError::Variable {
        name: name.to_owned(),
        value: value.to_owned(),
        reason: format!("expected {wanted}"),
    }
}

fn lay(config: &mut Config, over: Flags) {
    set(&mut config.listen, over.listen);
    set(&mut config.data, over.data);
    set(&mut config.allowed_origins, over.allowed_origins);
    set(&mut config.allow_missing_origin, over.allow_missing_origin);
    set(&mut config.trusted_proxies, over.trusted_proxies);
    set(&mut config.static_table, over.static_table);
    set(&mut config.reload_max_loss, over.reload_max_loss);
    set(&mut config.log_json, over.log_json);
    config.root = over.root.or(config.root.take());
    config.public_origin = over.public_origin.or(config.public_origin.take());
    config.admin_listen = over.admin_listen.or(config.admin_listen);
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
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
        let over = dir.path().join("over.yaml");
        std::fs::write(&over, "reload_max_loss: 101\n").unwrap();
        let cases = [
            (Some(file.as_path()), [("KEFU_X", "1")], "listen_to"),
            (Some(Path::new("no-such-file")), [("KEFU_X", "1")], "no-such-file"),
            (None, [("KEFU_LISTEN", "8600")], "KEFU_LISTEN=8600"),
            (None, [("KEFU_TRUSTED_PROXIES", "10.0.0.1,proxy")], "KEFU_TRUSTED_PROXIES"),
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
