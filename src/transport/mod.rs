//! HTTP routes, WebSocket sessions, the protocol and the embedded pages.

mod agent_session;
mod api;
mod api_error;
mod app;
mod assets;
mod body;
mod coding;
mod connections;
mod control;
mod customer_session;
mod desk_views;
mod frame_command;
mod json;
mod metrics;
mod minify;
mod origin;
mod pages;
mod peer;
mod place_shown;
mod router;
mod server;
mod socket;
mod suggestions;
mod views;
pub mod wire;

pub use control::{
    CONTROL_SOCKET, ControlAnswer, ControlOutcome, ControlRequest, ControlSocket, ReloadRefusal,
};
pub use server::{Server, ServerError};
