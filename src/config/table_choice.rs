//! Which embeddings are used.

use std::str::FromStr;

use serde::Deserialize;

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
