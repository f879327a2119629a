//! A server for each test, and clients for it.

mod client;
mod command;
mod knowledge;
mod server;

pub(crate) use client::{Agent, Customer, PATIENCE, Socket, connect};
pub(crate) use command::{kefu, stdout};
pub(crate) use knowledge::small_root;
pub(crate) use server::{PASSWORD, Server, copy_folder};
