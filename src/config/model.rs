//! What can be set, and what holds when nothing is.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

use serde::Deserialize;

use crate::authoring::LossMax;

/// How `kefu serve` runs on this machine. What the bot says and when is in the knowledge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where customers and agents connect. Default `127.0.0.1:8600`: reachable from outside
    /// only when somebody says so.
    pub listen: SocketAddr,
    /// The folder with the journal and the accounts. Default `data`.
    pub data: PathBuf,
    /// The root folder of `knowledge/` and `intents/`. Default: the current folder if it has
    /// them, else the copy in the binary.
    pub root: Option<PathBuf>,
    /// The origin under which browsers reach this server, such as `https://kefu.example.com`.
    /// Default: `http://` with the listening address, `localhost` included.
    pub public_origin: Option<String>,
    /// Origins of the pages that may embed the widget. Default: none but kefu's own.
    pub allowed_origins: Vec<String>,
    /// Whether a customer's socket may come without an `Origin`, as a native app's does.
    /// Default no.
    pub allow_missing_origin: bool,
    /// Proxies whose `X-Forwarded-For` is believed. Default none.
    pub trusted_proxies: Vec<IpAddr>,
    /// Serves `/metrics` there instead of on `listen`.
    pub admin_listen: Option<SocketAddr>,
    /// Which embeddings are used. Default: the trained one, if there is one.
    pub static_table: TableChoice,
    /// Of 100 entries that are served, how many a reload may take away. Default 20.
    pub reload_max_loss: LossMax,
    /// Whether logs are JSON lines. Default no.
    pub log_json: bool,
}

/// Which embeddings are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TableChoice {
    /// The one that `kefu train` wrote into the data folder, else the shipped one.
    #[default]
    Trained,
    /// The one that comes with the program.
    Shipped,
    /// None: texts are compared by their letters alone.
    Off,
}

impl TableChoice {
    /// As it is written in the configuration.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trained => "trained",
            Self::Shipped => "shipped",
            Self::Off => "off",
        }
    }
}

impl FromStr for TableChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "trained" => Ok(Self::Trained),
            "shipped" => Ok(Self::Shipped),
            "off" => Ok(Self::Off),
            _ => Err("expected trained, shipped or off".to_owned()),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8600)),
            data: PathBuf::from("data"),
            root: None,
            public_origin: None,
            allowed_origins: Vec::new(),
            allow_missing_origin: false,
            trusted_proxies: Vec::new(),
            admin_listen: None,
            static_table: TableChoice::Trained,
            reload_max_loss: LossMax::default(),
            log_json: false,
        }
    }
}
