//! Accepts connections, sets their time limits, and closes the oldest if there are too many, before
//! anything is known about the clients.

mod accept;
mod connection;
mod descriptors;
mod hall;
mod room;
#[cfg(test)]
mod tests;
mod unread;
mod warning;

pub(crate) use accept::Door;
pub(crate) use connection::Site;
pub(crate) use descriptors::{connections, raise};
pub(crate) use hall::Slot;
