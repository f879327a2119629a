//! The shell around the core. It owns the clock, the store and the snapshot, runs one task for each
//! conversation and one for the desk, and carries out the core's decisions.

mod account_error;
mod accounts;
mod agents;
mod buckets;
mod clock;
mod command;
mod conversation;
mod customer_sockets;
mod customers;
mod desk;
mod error;
mod inbox;
mod knowledge;
mod known_places;
mod limits;
mod lock;
mod metrics;
mod node;
mod passwords;
mod questions;
mod security_log;
mod sign_in_limits;
mod sign_ins;
mod token;
mod wording;

pub use account_error::AccountError;
pub use accounts::{AgentAccess, add_agent, draw_password, set_disabled, set_password};
pub use clock::{Clock, TimeSource, VirtualTime};
pub use command::Command;
pub use conversation::{Head, OpenConversations, Receipt};
pub use customer_sockets::CustomerSocket;
pub use customers::{CustomerAccess, Customers, KnownCustomer};
pub use desk::DeskView;
pub use error::ServiceError;
pub use inbox::Inbox;
pub use knowledge::{KnowledgeBuilder, LiveKnowledge, ReloadError, ReloadOutcome, Reloader};
pub use limits::{
    AddressKey, AddressLimit, AddressLimits, FrameKind, FrameLimits, Overrun, TypingLimit,
};
pub use metrics::{Metrics, RoleValue, SocketGuard};
pub use node::Service;
pub use token::AccessToken;
pub use wording::ViolationReport;
pub(crate) use wording::violations_of_customer;
