//! A good `guard.yaml`, and what is told of one with a mistake.

use super::broken_rows::Row;

pub(crate) const GUARD: &str = "intents/guard.yaml";

pub(crate) const GOOD_GUARD: &str = "version: 1
harmless: [笑死]
likely:
  fraud: {alone: 900, with_rule: 100}
concepts:
  对方: [骗子]
  转钱: {words: [汇款], alike: [转账]}
watches:
  - kind: fraud
    intent: human.request
    near: 900
    when: [对方 > 转钱]
vetoes: []
";

/// As the rows of `broken_rows`.
pub(crate) const IN_GUARD: &[Row] = &[
    (
        "a concept that does not exist",
        GUARD,
        "对方 > 转钱",
        "对方 > 转账",
        "KB119 intents/guard.yaml:7:3 | KB115 intents/guard.yaml:12:17",
    ),
    (
        "a rule without signs",
        GUARD,
        "对方 > 转钱",
        "对方 转钱",
        "KB119 intents/guard.yaml:7:3 | KB115 intents/guard.yaml:12:12",
    ),
    (
        "a concept that must be there after one that must not",
        GUARD,
        "对方 > 转钱",
        "对方 - 对方 > 转钱",
        "KB119 intents/guard.yaml:7:3 | KB115 intents/guard.yaml:12:12",
    ),
    (
        "an intent that does not exist",
        GUARD,
        "human.request",
        "human.requests",
        "KB018 intents/guard.yaml:10:13",
    ),
    (
        "a kind that does not exist",
        GUARD,
        "kind: fraud",
        "kind: frauds",
        "KB014 intents/guard.yaml:9:11",
    ),
];
