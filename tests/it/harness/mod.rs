//! A server of one's own, and the clients that talk to it.

mod client;
mod knowledge;
mod server;

pub(crate) use client::{Agent, Customer, Socket, connect};
pub(crate) use knowledge::small_root;
pub(crate) use server::Server;
