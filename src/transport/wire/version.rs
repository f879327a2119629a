//! Which protocol is spoken.

/// The version that `hello` must carry.
pub const PROTOCOL: u32 = 1;
