//! A running server: sockets, disk, limits, stop.

pub(crate) mod bad_input;
pub(crate) mod conversation;
pub(crate) mod door;
pub(crate) mod drivers;
pub(crate) mod durability;
pub(crate) mod floods;
pub(crate) mod handoff;
pub(crate) mod http_errors;
pub(crate) mod log_and_disk;
pub(crate) mod pages;
pub(crate) mod reload;
pub(crate) mod restart;
pub(crate) mod sign_in;
pub(crate) mod start_and_stop;
