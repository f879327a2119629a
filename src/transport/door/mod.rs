//! How connections are let in, timed and sent off, before anything is known of who is there.

mod accept;
mod connection;
mod descriptors;
mod hall;
mod room;
#[cfg(test)]
mod tests;
mod warning;

pub(crate) use accept::Door;
pub(crate) use descriptors::{connections, raise};
pub(crate) use hall::Seat;
