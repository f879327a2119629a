//! What the pages say, compared with the program.

pub(crate) mod architecture;
pub(crate) mod examples;
pub(crate) mod glossary;
pub(crate) mod help;
pub(crate) mod keys;
pub(crate) mod privacy;
pub(crate) mod protocol;
pub(crate) mod readme;
pub(crate) mod settings;
pub(crate) mod wire;
