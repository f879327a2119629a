//! The state of the routes.

use std::{net::IpAddr, sync::Arc};

use super::{assets::LoaderScript, origin::Origins};
use crate::service::{AddressLimits, Service, TypingLimit};

/// The state that every route can use.
pub(crate) struct App {
    pub(crate) service: Arc<Service>,
    pub(crate) origins: Origins,
    pub(crate) limits: AddressLimits,
    pub(crate) typing: TypingLimit,
    pub(crate) trusted_proxies: Vec<IpAddr>,
    pub(crate) loader: LoaderScript,
}
