//! The shell around the core: it owns the clock, the store and the snapshot, runs one task
//! per conversation and one for the desk, and carries out what the core decides.

mod accounts;
mod act;
mod asking;
mod buckets;
mod clock;
mod conversation;
mod customer_sockets;
mod desk;
mod error;
mod known_places;
mod learnt_file;
mod limits;
mod lock;
mod metrics;
mod passwords;
mod reload;
mod running;
mod security_log;
mod sign_in_limits;
mod sign_ins;
mod token;
mod wording;

pub use accounts::{
    AccountError, Customer, SignedIn, add_agent, draw_password, set_disabled, set_password,
};
pub use act::Act;
pub use asking::Asked;
pub use clock::{Clock, TimeSource, VirtualTime};
pub use conversation::{Head, Taken};
pub use customer_sockets::CustomerSocket;
pub use desk::{DeskView, Inbox};
pub use error::ServiceError;
pub use limits::{
    AddressKey, AddressLimit, AddressLimits, FrameKind, FrameLimits, Overrun, TypingLimit,
};
pub use metrics::{Metrics, RoleValue, SocketGuard};
pub use reload::{Builder, ReloadError, watch};
pub use running::Service;
pub use token::Token;
pub use wording::FoundWords;
