//! A server for each test, and clients for it.

mod client;
mod command;
mod knowledge;
mod page;
mod server;

pub(crate) use client::{Agent, Customer, PATIENCE, Socket, connect};
pub(crate) use command::{kefu, stdout};
pub(crate) use knowledge::small_root;
pub(crate) use page::{assert_part, is_update, marks, page, project_file, table};
pub(crate) use server::{PASSWORD, Server, copy_folder, post};
