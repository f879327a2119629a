// The wire protocol's names, as in src/transport/wire/; tests/it/protocol.rs compares the two.

export const PROTOCOL = 1;

export const CUSTOMER_FRAMES = [
  "hello",
  "send",
  "ask_human",
  "leave_queue",
  "leave_message",
  "rate",
  "end",
  "resume",
  "ping",
];

export const CUSTOMER_EVENTS = [
  "welcome",
  "event",
  "caught_up",
  "ack",
  "queue",
  "error",
  "pong",
  "draining",
];

export const CUSTOMER_VIEWS = [
  "episode_started",
  "customer_said",
  "human_asked",
  "bot_said",
  "agent_said",
  "noticed",
  "queued",
  "agent_joined",
  "returned_to_bot",
  "message_asked",
  "message_left",
  "ended",
  "rated",
  "closed",
];

export const AGENT_FRAMES = [
  "hello",
  "status",
  "accept",
  "decline",
  "send",
  "return_to_bot",
  "close",
  "history",
  "desk",
  "ping",
];

export const AGENT_STATUSES = ["ready", "break"];

export const AGENT_EVENTS = [
  "snapshot",
  "desk",
  "desk_changed",
  "opened",
  "record",
  "history",
  "released",
  "ack",
  "error",
  "pong",
  "draining",
];

export const AGENT_VIEWS = [
  "episode_started",
  "customer_said",
  "human_asked",
  "bot_said",
  "agent_said",
  "noticed",
  "queued",
  "offered",
  "offer_ended",
  "agent_joined",
  "agent_lost",
  "agent_back",
  "returned_to_bot",
  "message_asked",
  "message_left",
  "agent_reminded",
  "idle_warned",
  "ended",
  "rated",
  "closed",
];

export const ERROR_CODES = [
  "bad_frame",
  "bad_value",
  "bad_request",
  "unknown_path",
  "wrong_method",
  "client_id_reused",
  "conflict",
  "bad_length",
  "too_large",
  "too_slow",
  "refused_words",
  "rate_limited",
  "fenced",
  "not_owner",
  "wrong_phase",
  "at_limit",
  "unknown_conversation",
  "unauthorized",
  "forbidden_origin",
  "unsupported_protocol",
  "unavailable",
  "draining",
  "internal",
];

export const OCCASIONS = [
  "queued",
  "off_hours",
  "no_agent",
  "agent_joined",
  "agent_lost",
  "back_to_bot",
  "left_queue",
  "message_kept",
  "idle",
  "rate",
  "rated",
  "secret_destroyed",
  "queue_unstaffed",
  "queue_staffed",
  "queue_full",
];

export const REASONS = ["asked", "misses", "intent", "entry", "agent_lost", "bot_failed"];

export const REPLY_KINDS = ["answer", "clarify", "fallback", "intent"];

export const CLOSE = {
  notUtf8: 1007,
  tooBig: 1009,
  restart: 1012,
  unauthorized: 4001,
  badHello: 4002,
  slow: 4008,
  replaced: 4009,
};

// Refusals after which the same frame may succeed later.
export const PASSING = ["rate_limited", "unavailable", "draining"];

// What is said of a frame that will not be understood the next time either; a close names none.
export const UNREADABLE = ["bad_frame", "bad_value", "bad_length"];
export const UNREADABLE_CLOSES = [1002, 1003, CLOSE.notUtf8, CLOSE.tooBig];
