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
  "danger_found",
  "danger_over",
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
  "safety",
];

export const REASONS = ["asked", "misses", "intent", "entry", "agent_lost", "bot_failed"];

export const GUARD_KINDS = [
  "crisis",
  "crisis_near",
  "distress",
  "fraud",
  "theft",
  "violence",
  "minor",
  "harm",
  "injection",
  "advice",
];

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

// What is in each frame: the fields that `?` follows may be left out. The test writes this part.
// generated: types
/**
 * @typedef {
 *   {type: "hello", protocol: number, token: string, last_seq?: number, generation?: string | null, facts?: Record<string, string> | null} |
 *   {type: "send", client_id: string, text: string, choice?: string | null} |
 *   {type: "ask_human", client_id: string} |
 *   {type: "leave_queue"} |
 *   {type: "leave_message", client_id: string, text: string, contact?: string | null, consent?: boolean} |
 *   {type: "rate", client_id: string, stars: number, comment?: string} |
 *   {type: "end"} |
 *   {type: "resume", last_seq: number} |
 *   {type: "ping"}
 * } CustomerFrame
 */
/**
 * @typedef {
 *   {type: "welcome", protocol: number, conversation: string, generation: string, resync: boolean, text: string, hot_questions: Choice[], utterance_max_chars: number, build: string, dropped_facts?: DroppedFactsView} |
 *   {type: "event", seq: number, prev: number, at: string, event: CustomerView} |
 *   {type: "caught_up", seq: number, more: boolean} |
 *   {type: "ack", client_id: string, seq: number} |
 *   {type: "queue", place: number, waiting: number} |
 *   {type: "error", code: ErrorCode, message: string, client_id?: string, conversation?: string, found?: ViolationView[], retry_after_ms?: number} |
 *   {type: "pong"} |
 *   {type: "draining", retry_after_ms: number}
 * } FrameToCustomer
 */
/**
 * @typedef {
 *   {type: "episode_started", episode: number} |
 *   {type: "customer_said", client_id: string, text: string} |
 *   {type: "human_asked", client_id: string} |
 *   {type: "bot_said", kind: ReplyKind, text: string, steps: string[], source: string | null, checked: string | null, choices: Choice[], offer_human: boolean, urgent: boolean} |
 *   {type: "agent_said", agent: string, text: string} |
 *   {type: "noticed", occasion: Occasion, text: string} |
 *   {type: "queued"} |
 *   {type: "agent_joined", agent: string} |
 *   {type: "returned_to_bot"} |
 *   {type: "message_asked"} |
 *   {type: "message_left", client_id: string, text: string} |
 *   {type: "ended", rate_until: string | null} |
 *   {type: "rated", client_id: string, stars: number} |
 *   {type: "closed"}
 * } CustomerView
 */
/**
 * @typedef {
 *   {type: "hello", protocol: number, token: string} |
 *   {type: "status", status: AgentStatusView} |
 *   {type: "accept", conversation: string, epoch: number} |
 *   {type: "decline", conversation: string} |
 *   {type: "send", conversation: string, epoch: number, client_id: string, text: string} |
 *   {type: "return_to_bot", conversation: string, epoch: number} |
 *   {type: "close", conversation: string, epoch: number} |
 *   {type: "history", conversation: string, before_seq: number} |
 *   {type: "desk"} |
 *   {type: "ping"}
 * } AgentFrame
 */
/**
 * @typedef {
 *   {type: "snapshot", protocol: number, name: string, status: AgentStatusView, build: string, conversations: OwnConversation[]} |
 *   {type: "desk", desk_seq: number, waiting: WaitingView[], waiting_total: number, messages: LeftMessage[], messages_total: number, status: AgentStatusView, conversations_max: number} |
 *   {type: "desk_changed", prev: number, desk_seq: number, waiting?: WaitingView[], left?: string[], waiting_total: number, messages?: LeftMessage[], messages_left?: string[], messages_total: number, status: AgentStatusView, conversations_max: number} |
 *   {type: "opened", conversation: string, epoch: number, records: AgentRecord[], contacts: string[]} |
 *   {type: "record", conversation: string, epoch: number, record: AgentRecord} |
 *   {type: "history", conversation: string, records: AgentRecord[]} |
 *   {type: "released", conversation: string} |
 *   {type: "ack", conversation: string, client_id: string, seq: number, found?: ViolationView[]} |
 *   {type: "error", code: ErrorCode, message: string, client_id?: string, conversation?: string, found?: ViolationView[], retry_after_ms?: number} |
 *   {type: "pong"} |
 *   {type: "draining", retry_after_ms: number}
 * } FrameToAgent
 */
/**
 * @typedef {
 *   {type: "episode_started", episode: number} |
 *   {type: "customer_said", text: string, found?: ViolationView[]} |
 *   {type: "human_asked"} |
 *   {type: "bot_said", kind: ReplyKind, text: string, steps: string[], source: string | null, checked: string | null, entry: string | null, intent: string | null, candidates: CandidateNote[]} |
 *   {type: "agent_said", agent: string, client_id: string, text: string} |
 *   {type: "noticed", occasion: Occasion, text: string} |
 *   {type: "danger_found", kind: GuardKind, intent: string} |
 *   {type: "danger_over"} |
 *   {type: "queued", reason: HandoffReason, priority: number} |
 *   {type: "offered", agent: string} |
 *   {type: "offer_ended", agent: string} |
 *   {type: "agent_joined", agent: string} |
 *   {type: "agent_lost", agent: string} |
 *   {type: "agent_back", agent: string} |
 *   {type: "returned_to_bot"} |
 *   {type: "message_asked"} |
 *   {type: "message_left", text: string, has_contact: boolean} |
 *   {type: "agent_reminded", agent: string, waited_s: number} |
 *   {type: "idle_warned"} |
 *   {type: "ended"} |
 *   {type: "rated", stars: number, comment: string} |
 *   {type: "closed"}
 * } AgentView
 */
/**
 * @typedef {{seq: number, at: string, event: AgentView}} AgentRecord
 */
/**
 * @typedef {"ready" | "break"} AgentStatusView
 */
/**
 * @typedef {{entry: string, question: string, confidence: number}} CandidateNote
 */
/**
 * @typedef {{entry: string, label: string}} Choice
 */
/**
 * @typedef {{names: string[], count: number}} DroppedFactsView
 */
/**
 * @typedef {"bad_frame" | "bad_value" | "bad_length" | "bad_request" | "unknown_path" | "wrong_method" | "too_large" | "too_slow" | "refused_words" | "unauthorized" | "forbidden_origin" | "unknown_conversation" | "client_id_reused" | "conflict" | "fenced" | "not_owner" | "wrong_phase" | "at_limit" | "unsupported_protocol" | "rate_limited" | "internal" | "unavailable" | "draining"} ErrorCode
 */
/**
 * @typedef {{rule: string, name: string, words: string, mend: string, forbidden: boolean}} ViolationView
 */
/**
 * @typedef {{code: ErrorCode, message: string, client_id?: string, conversation?: string, found?: ViolationView[], retry_after_ms?: number}} FrameError
 */
/**
 * @typedef {"crisis" | "crisis_near" | "distress" | "fraud" | "theft" | "violence" | "minor" | "harm" | "injection" | "advice"} GuardKind
 */
/**
 * @typedef {"asked" | "misses" | "intent" | "entry" | "bot_failed" | "agent_lost"} HandoffReason
 */
/**
 * @typedef {{conversation: string, epoch: number, at: string, text: string}} LeftMessage
 */
/**
 * @typedef {"queued" | "off_hours" | "no_agent" | "agent_joined" | "agent_lost" | "back_to_bot" | "left_queue" | "message_kept" | "idle" | "rate" | "rated" | "secret_destroyed" | "queue_unstaffed" | "queue_staffed" | "queue_full" | "safety"} Occasion
 */
/**
 * @typedef {{conversation: string, epoch: number, records: AgentRecord[], contacts: string[]}} OwnConversation
 */
/**
 * @typedef {"answer" | "clarify" | "fallback" | "intent"} ReplyKind
 */
/**
 * @typedef {{conversation: string, epoch: number, since: string, reason: HandoffReason, priority: number, danger: GuardKind | null, order: number, offered_until: string | null, offered_elsewhere: boolean}} WaitingView
 */
// end: types
