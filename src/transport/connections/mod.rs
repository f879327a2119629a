//! Accepts connections, sets their time limits, and closes the oldest if there are too many, before
//! anything is known about the clients.

mod accept;
mod connection;
mod descriptors;
mod error_bodies;
mod limiter;
mod slots;
#[cfg(test)]
mod tests;
mod warning_throttle;

pub(crate) use accept::Acceptor;
pub(crate) use connection::Site;
pub(crate) use descriptors::{connections, raise};
pub(crate) use slots::ConnectionSlot;
