//! The shell around the core: it owns the clock, the store and the snapshot, runs one task
//! per conversation and one for the desk, and carries out what the core decides.

mod accounts;
mod act;
mod clock;
mod conversation;
mod desk;
mod error;
mod inbox;
mod learnt_file;
mod limits;
mod lock;
mod metrics;
mod reload;
mod running;
mod token;
mod wording;

pub use accounts::{AccountError, Customer, SignedIn, add_agent, draw_password, set_password};
pub use act::Act;
pub use clock::Clock;
pub use conversation::{Head, Taken};
pub use desk::DeskView;
pub use error::ServiceError;
pub use inbox::Inbox;
pub use limits::{AddressLimit, AddressLimits, KeyedLimit, SocketLimit, TypingLimit};
pub use metrics::{Metrics, RoleValue, SocketGuard};
pub use reload::{Builder, ReloadError, watch};
pub use running::{Asked, Service};
pub use token::Token;
pub use wording::FoundWords;
