//! The one table of the server's settings. Flags of `kefu serve`, keys of the file, variables of
//! the environment, defaults, and the table of docs/configuration.md follow from it.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use serde::{Deserialize, Deserializer, de::Error as _};

use super::table_choice::TableChoice;
use crate::authoring::LossMax;

/// One setting. Its flag and its variable are its key in other letters.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name in the file, such as `public_origin`.
    pub key: &'static str,
    /// What a value is, with unit and range, in English.
    pub wanted: &'static str,
    /// Whether it has several values: a list in the file, separated by commas in the environment,
    /// a flag for each on the command line.
    pub is_list: bool,
    /// What holds when nothing is set, written as in the environment; or told, in English.
    pub default: DefaultValue,
    /// Why it is there, in Markdown.
    pub why: &'static str,
}

/// What holds when a setting is not set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultValue {
    /// This value; without a letter: an empty list.
    Is(&'static str),
    /// No value; what the server does then.
    Told(&'static str),
}

impl Setting {
    /// Its flag, such as `--public-origin`.
    pub fn flag(&self) -> String {
        format!("--{}", self.key.replace('_', "-"))
    }

    /// Its variable in the environment, such as `KEFU_PUBLIC_ORIGIN`.
    pub fn variable(&self) -> String {
        format!("KEFU_{}", self.key.to_ascii_uppercase())
    }
}

/// The type of a setting in [`Config`].
macro_rules! value {
    (default $type:ty) => { $type };
    (unset $type:ty) => { Option<$type> };
}

/// The value of a setting that is not set.
macro_rules! initial {
    (default $type:ty, $text:literal) => {
        <$type as FromText>::from_text($text).expect("a test reads all defaults")
    };
    (unset $type:ty, $told:literal) => {
        None
    };
}

/// How [`DefaultValue`] tells it.
macro_rules! told {
    (default $text:literal) => {
        DefaultValue::Is($text)
    };
    (unset $text:literal) => {
        DefaultValue::Told($text)
    };
}

/// Lays a value that is given over one that holds.
macro_rules! lay {
    (default $place:expr, $over:expr) => {
        if let Some(value) = $over {
            $place = value;
        }
    };
    (unset $place:expr, $over:expr) => {
        $place = $over.or($place.take())
    };
}

/// A row: why it is there; the key, its type, and the default or what happens without one; what a
/// value is; and the help of the flag. Attributes are those of the field of [`Flags`].
macro_rules! settings {
    ($(
        $(#[doc = $why:literal])+
        $(#[arg $arg:tt])?
        $(#[serde $serde:tt])?
        $key:ident: $type:ty = $kind:ident($default:literal), $wanted:literal, $help:literal;
    )+) => {
        /// How `kefu serve` runs on this machine. What the bot says and when is in the knowledge.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Config {
            $($(#[doc = $why])+ pub $key: value!($kind $type),)+
        }

        /// Settings of one layer, all optional: the file, the environment, or the command line.
        #[derive(Clone, Debug, Default, Deserialize, clap::Args)]
        #[serde(deny_unknown_fields)]
        pub struct Flags {
            $(
                #[doc = concat!("See [`Config::", stringify!($key), "`].")]
                #[arg(long, help = $help)]
                $(#[arg $arg])?
                $(#[serde $serde])?
                pub $key: Option<$type>,
            )+
        }

        impl Default for Config {
            fn default() -> Self {
                Self { $($key: initial!($kind $type, $default),)+ }
            }
        }

        /// Every setting, in the order in which the settings are listed.
        pub const SETTINGS: &[Setting] = &[
            $(Setting {
                key: stringify!($key),
                wanted: $wanted,
                is_list: <$type as FromText>::IS_LIST,
                default: told!($kind $default),
                why: concat!($($why),+),
            },)+
        ];

        impl Config {
            /// Lays what a layer gives over what holds.
            pub(super) fn lay(&mut self, over: Flags) {
                $(lay!($kind self.$key, over.$key);)+
            }
        }

        impl Flags {
            /// Reads each setting from a text, by its key; `Err` with the first one whose text is
            /// no value.
            pub(super) fn from_texts<'t>(
                text: impl Fn(&Setting) -> Option<&'t str>,
            ) -> Result<Self, (&'static Setting, &'t str)> {
                let mut flags = Self::default();
                let mut rows = SETTINGS.iter();
                $(
                    let row = rows.next().expect("a row for each field");
                    if let Some(text) = text(row) {
                        flags.$key = Some(read(text).ok_or((row, text))?);
                    }
                )+
                Ok(flags)
            }
        }
    };
}

settings! {
    /// reachable from outside only when somebody says so
    #[arg(value_name = "ADDRESS")]
    listen: SocketAddr = default("127.0.0.1:8600"),
        "an address such as 127.0.0.1:8600", "Where to listen [default: 127.0.0.1:8600]";

    /// journal and accounts; made with mode 700, locked against a second server
    #[arg(value_name = "DIR")]
    data: PathBuf = default("data"),
        "a folder", "The folder with journal and accounts [default: data]";

    /// the knowledge to serve. A fresh binary answers without any file. A folder must keep the floors of
    /// its `tests.yaml`, else the server does not start
    #[arg(value_name = "DIR")]
    root: PathBuf = unset("the current folder if it has `knowledge/` and `intents/`, else the copy in the binary"),
        "a folder with `knowledge/` and `intents/`",
        "The folder of knowledge/ and intents/ [default: here, else shipped]";

    /// the address that browsers see. Behind a proxy it must be set, or pages get 403
    #[arg(value_name = "ORIGIN")]
    public_origin: String = unset("`http://` and the listening address, `127.0.0.1` and `localhost`"),
        "an origin such as https://kefu.example.com",
        "The origin under which browsers reach this server";

    /// pages that may embed the widget; compared whole, no wildcard
    #[arg(value_name = "ORIGIN")]
    allowed_origins: Vec<String> = default(""),
        "origins such as https://www.example.com",
        "An origin whose pages may embed the widget; may be repeated";

    /// native apps send no `Origin`; browsers always do
    #[arg(num_args = 0, default_missing_value = "true")]
    allow_missing_origin: bool = default("false"),
        "true or false", "Let customers' sockets in without an Origin (native apps)";

    /// proxies whose `X-Forwarded-For` is believed; anybody else could make one up
    #[arg(value_name = "IP")]
    trusted_proxies: Vec<IpAddr> = default(""),
        "IP addresses", "A proxy whose X-Forwarded-For is believed; may be repeated";

    /// keeps `/metrics` off the port that customers reach
    #[arg(value_name = "ADDRESS")]
    admin_listen: SocketAddr = unset("on `listen`"),
        "an address such as 127.0.0.1:8601", "Serve /metrics there instead";

    /// the embeddings, which tell what words mean. `trained`: the table that `kefu train` wrote into the data
    /// folder, if there is one, taken up while the server runs; `shipped`: the table in the program;
    /// `off`: none, letters alone count
    #[arg(value_name = "TABLE")]
    static_table: TableChoice = default("trained"),
        "trained, shipped or off",
        "Which embeddings are used: trained, shipped or off [default: trained]";

    /// a second encoder, made by [assets/encoder](../assets/encoder/README.md): ranks the best entries again where the first
    /// ranking is not sure, in knowledge bases with few wordings. Read once; a broken file is an error at the start
    #[arg(value_name = "FILE")]
    encoder: PathBuf = unset("none"),
        "a file", "The file of a second encoder, for few wordings";

    /// of 100 entries that are served, how many an edit may take away from all customers while the server
    /// runs; more is refused, as lost files and bad sheets look like that. 100 lets everything go. A restart has nothing
    /// to compare with
    #[arg(value_name = "PERCENT")]
    #[serde(default, deserialize_with = "percentage")]
    reload_max_loss: LossMax = default("20"),
        "a percentage from 0 to 100",
        "Of 100 served entries, how many a reload may take away [default: 20]";

    /// the hashes of all files are compared so often, in seconds, because a watch can lose its folder (links that
    /// are replaced, mounts without notices). 0: never
    #[arg(value_name = "SECONDS")]
    reload_check_s: u16 = default("60"),
        "seconds from 0 to 65535",
        "How often the files are compared, beside the watch [default: 60]";

    /// JSON lines for a collector
    #[arg(num_args = 0, default_missing_value = "true")]
    log_json: bool = default("false"), "true or false", "Write logs as JSON lines";
}

/// A variable of the environment that is no setting of the file.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// The flag that stands for it, if there is one, with its value.
    pub flag: Option<&'static str>,
    /// What holds without it, in Markdown.
    pub default: &'static str,
    /// What it is for, in Markdown.
    pub why: &'static str,
}

/// Names the configuration file.
pub(super) const CONFIG: Variable = Variable {
    name: "KEFU_CONFIG",
    flag: Some("--config FILE"),
    default: "none",
    why: "the file with the keys of this table",
};

/// The filter of the log.
pub(super) const LOG: Variable = Variable {
    name: "KEFU_LOG",
    flag: None,
    default: "`info`",
    why: "what is logged, to standard error: `off`, `debug`, or by module, `kefu=debug`; of libraries never more than `info`",
};

/// Asks every program for plain text, <https://no-color.org>.
pub(super) const NO_COLOR: Variable = Variable {
    name: "NO_COLOR",
    flag: None,
    default: "unset",
    why: "any value: no colours; without it, only on a terminal",
};

/// Every variable that is no setting.
pub const VARIABLES: &[Variable] = &[CONFIG, LOG, NO_COLOR];

/// Reads a value. What was no UTF-8 in the environment is none.
fn read<T: FromText>(text: &str) -> Option<T> {
    T::from_text(text).filter(|_| !text.contains(char::REPLACEMENT_CHARACTER))
}

/// A value as it is written in the environment.
trait FromText: Sized {
    const IS_LIST: bool = false;

    /// `None` for what is no such value.
    fn from_text(text: &str) -> Option<Self>;
}

macro_rules! from_text {
    ($($type:ty),+) => {
        $(impl FromText for $type {
            fn from_text(text: &str) -> Option<Self> {
                text.parse().ok()
            }
        })+
    };
}

from_text!(SocketAddr, IpAddr, PathBuf, String, bool, u16, TableChoice, LossMax);

/// A list is separated by commas.
impl<T: FromText> FromText for Vec<T> {
    const IS_LIST: bool = true;

    fn from_text(text: &str) -> Option<Self> {
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        items.map(T::from_text).collect()
    }
}

fn percentage<'de, D: Deserializer<'de>>(from: D) -> Result<Option<LossMax>, D::Error> {
    let percent = u64::deserialize(from)?;
    let refused = || D::Error::custom(format!("{percent} is no percentage from 0 to 100"));
    LossMax::new(percent).map(Some).ok_or_else(refused)
}

#[cfg(test)]
mod tests {
    use clap::Args;

    use super::*;

    #[test]
    fn every_default_can_be_read_and_stands_in_the_help() {
        let flags = Flags::augment_args(clap::Command::new("serve"));
        let _ = Config::default();
        for setting in SETTINGS {
            let arg = flags.get_arguments().find(|arg| arg.get_id() == setting.key);
            let arg = arg.expect("every setting has a flag");
            assert_eq!(arg.get_long().map(|long| format!("--{long}")), Some(setting.flag()));
            let help = arg.get_help().expect("every flag has a help").to_string();
            let DefaultValue::Is(value) = setting.default else { continue };
            let is_told = help.contains(&format!("[default: {value}]"));
            assert_eq!(is_told, !["", "false"].contains(&value), "{help}");
        }
    }
}
