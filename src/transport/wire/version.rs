//! The protocol version.

/// The version that `hello` must carry.
pub const PROTOCOL: u32 = 1;
