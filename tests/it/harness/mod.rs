//! A server of one's own, and the clients that talk to it.

mod client;
mod command;
mod knowledge;
mod server;

pub(crate) use client::{Agent, Customer, PATIENCE, Socket, connect};
pub(crate) use command::{kefu, stdout};
pub(crate) use knowledge::small_root;
pub(crate) use server::{PASSWORD, Server, copy_folder};
