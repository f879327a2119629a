// The customer's side of the protocol, without a page: token, resume, order of events, and messages
// that are not acknowledged yet.

import { newId } from "./dom.js";
import { Outbox, storageOf } from "./outbox.js";
import { CUSTOMER_EVENTS, PASSING, UNREADABLE } from "./protocol.js";
import { FORBIDDEN_RETRY_MS, inTime, isForbidden, Socket } from "./socket.js";

const ACCOUNT = "kefu.customer";
const UNSENT = "kefu.unsent.";
const PING_MS = 25_000;
const TOKEN_RETRY_MS = 3_000;
const RESUME_RETRY_MS = 2_000;

/** The phase after an event; other events do not change it. */
const PHASES = {
  episode_started: "bot",
  queued: "queued",
  agent_joined: "agent",
  returned_to_bot: "bot",
  message_asked: "asked",
  message_left: "bot",
  ended: "ended",
  closed: "closed",
};

export class Customer {
  /** `none` (no message yet), `bot`, `queued`, `agent`, `asked` or `closed`. */
  phase = "none";
  /** Whether the socket is connected and the transcript complete. */
  isLive = false;
  /** Why reconnecting is useless for now: `replaced`, `forbidden` or `outdated`; or null. */
  trouble = null;
  /** The name of the agent who answers. */
  agent = "";
  /** The longest utterance, in characters. */
  maxChars = 500;

  #view;
  #storage = storageOf("localStorage");
  #account;
  #generation = null;
  #last = 0;
  #isFilling = false;
  #askedFrom = null;
  #resuming = 0;
  /** By `seq`, the `client_id` of acknowledged messages whose event has not come yet. */
  #acked = new Map();
  #welcome = null;
  #socket;
  #outbox;

  /**
   * `view` gets `event(view, at, isNew)`, `known(id, seq)` (see the transcript), `ready(welcome, isFresh)` once the transcript is whole
   * for the first time, `queue(place)`, `item(item, state)`, `reset()` and `state()` at any
   * change. Its `facts` are what the host knows of the customer, undefined when it does not say;
   * `dropped({ names, count })` tells those that the server did not keep.
   */
  constructor(view) {
    this.#view = view;
    this.#account = this.#storage.get(ACCOUNT);
    this.#socket = new Socket({
      path: "/v1/customer",
      known: CUSTOMER_EVENTS,
      hello: () => ({
        token: this.#account.token,
        last_seq: this.#last,
        generation: this.#generation,
        facts: view.facts,
      }),
      onFrame: (frame) => this.#receive(frame),
      onDown: (isUnreadable) => this.#down(isUnreadable),
      onRefused: (why) => (why === "over" ? this.#renew() : this.#stuck(why)),
    });
    this.#outbox = new Outbox({
      storage: this.#takeOver(storageOf("sessionStorage")),
      prefix: UNSENT,
      transmit: (frame) => this.#socket.send(frame),
      onChange: (item, state) => {
        view.item(item, state);
        this.#endDoubt();
      },
      onSilence: () => this.#socket.restart(),
      conversationOf: () => this.#account?.conversation,
    });
    setInterval(() => this.#socket.beat(), PING_MS);
  }

  async start() {
    this.#showUnsent();
    if (this.#account) this.#socket.start();
    else await this.#register();
  }

  say(text, choice) {
    this.#add({ type: "send", text, ...(choice && { choice }) });
  }

  /** Suggestions while the customer types: `[{ entry, text, matched }]`. */
  async suggestions(text, signal) {
    if (!this.#account) return [];
    const response = await fetch(`/v1/suggestions?${new URLSearchParams({ text })}`, {
      headers: { authorization: `Bearer ${this.#account.token}` },
      signal,
    });
    return response.ok ? (await response.json()).suggestions : [];
  }

  askHuman() {
    const isAsking = this.#outbox.items.some(({ frame, error }) => {
      return frame.type === "ask_human" && !error;
    });
    if (!isAsking) this.#add({ type: "ask_human" });
  }

  leaveMessage(text, contact) {
    const reach = contact ? { contact, consent: true } : {};
    this.#add({ type: "leave_message", text, ...reach });
  }

  rate(stars, comment) {
    this.#add({ type: "rate", stars, comment });
  }

  leaveQueue() {
    this.#socket.send({ type: "leave_queue" });
  }

  end() {
    this.#socket.send({ type: "end" });
  }

  retry(id) {
    this.#outbox.retry(id, newId());
  }

  discard(id) {
    this.#outbox.discard(id);
  }

  /** Moves the messages that a closed page left into this tab's storage, if they are this customer's. */
  #takeOver(session) {
    for (const key of this.#storage.keys().filter((key) => key.startsWith(UNSENT))) {
      const item = this.#storage.get(key);
      if (this.#account && item) session.set(key, item);
      this.#storage.remove(key);
    }
    return session;
  }

  #add(frame) {
    this.#outbox.add({ ...frame, client_id: newId() });
  }

  async #register() {
    let waitMs = 0;
    try {
      const response = await fetch("/v1/customers", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ facts: this.#view.facts }),
        signal: inTime(),
      });
      waitMs = Number(response.headers.get("retry-after")) * 1_000;
      if (!response.ok) throw new Error(`status ${response.status}`);
      const { token, conversation } = await response.json();
      this.#account = { token, conversation };
      this.#storage.set(ACCOUNT, this.#account);
      this.#socket.start();
    } catch {
      this.#view.state();
      const isRefused = await isForbidden();
      if (isRefused) this.#stuck("forbidden");
      const pause = isRefused ? FORBIDDEN_RETRY_MS : TOKEN_RETRY_MS;
      setTimeout(() => this.#register(), waitMs + pause * (0.75 + Math.random() / 2));
    }
  }

  // The token has expired: another tab may have a new one, else a new conversation starts.
  #renew() {
    const stored = this.#storage.get(ACCOUNT);
    const isNewer = stored && stored.token !== this.#account.token;
    const ratings = this.#outbox.items.filter(({ frame }) => frame.type === "rate");
    for (const { frame } of ratings) this.#outbox.discard(frame.client_id);
    this.#reset();
    if (isNewer) {
      this.#account = stored;
      this.#socket.start();
    } else {
      this.#storage.remove(ACCOUNT);
      this.#register();
    }
  }

  #reset() {
    this.#last = 0;
    this.#generation = null;
    this.#welcome = null;
    this.#askedFrom = null;
    this.#acked.clear();
    this.phase = "none";
    this.#view.reset();
    this.#showUnsent();
  }

  #showUnsent() {
    for (const item of this.#outbox.items) {
      this.#view.item(item, item.error ? "failed" : "waiting");
    }
  }

  #stuck(why) {
    this.trouble = why;
    this.#view.state();
  }

  #down(isUnreadable) {
    this.isLive = false;
    if (this.trouble === "replaced") this.trouble = null;
    this.#isFilling = false;
    this.#askedFrom = null;
    clearTimeout(this.#resuming);
    this.#outbox.shut(isUnreadable);
    this.#showUnsent();
    this.#view.state();
  }

  #receive(frame) {
    switch (frame.type) {
      case "welcome":
        return this.#greet(frame);
      case "event":
        return this.#place(frame);
      case "caught_up":
        return this.#caughtUp(frame);
      case "ack":
        return this.#acknowledged(frame);
      case "queue":
        return this.#view.queue(frame.place);
      case "error":
        return this.#refused(frame);
    }
  }

  #greet(frame) {
    if (frame.resync) this.#reset();
    if (frame.dropped_facts) this.#view.dropped(frame.dropped_facts);
    this.#generation = frame.generation;
    this.#account.conversation = frame.conversation;
    this.#outbox.identify();
    this.maxChars = frame.utterance_max_chars;
    this.#isFilling = true;
    this.#welcome ??= { text: frame.text, choices: frame.hot_questions, isShown: false };
  }

  // An event is accepted if it follows the last one; missing events are requested first.
  #place({ seq, prev, at, event }) {
    if (seq <= this.#last) return;
    if (prev > this.#last) return this.#fill();
    this.#last = seq;
    this.#fold(event);
    const named = this.#named(seq, event);
    this.#view.event(named, at, this.isLive);
    if (named.client_id) this.#outbox.settle(named.client_id);
    if (this.isLive) this.#view.state();
  }

  // An event names its message by a hash of the `client_id`. Which of our own it is tells the
  // hash, or the ack; until then it may be one of those that wait, or another tab's.
  #named(seq, event) {
    if (!event.client_id) return event;
    const id = this.#acked.get(seq) ?? this.#outbox.idOf(event.client_id);
    this.#acked.delete(seq);
    const doubt = !id && this.#outbox.isUnsure ? seq : null;
    return { ...event, client_id: id ?? event.client_id, doubt };
  }

  #acknowledged({ client_id, seq }) {
    if (seq > this.#last) this.#acked.set(seq, client_id);
    else this.#view.known(client_id, seq);
    this.#outbox.settle(client_id);
    this.#endDoubt();
  }

  #endDoubt() {
    if (!this.#outbox.isUnsure) this.#view.known(null, null);
  }

  #fill() {
    if (this.#isFilling) return;
    this.#isFilling = true;
    this.#askedFrom = this.#last;
    this.#resume();
  }

  #resume() {
    this.#socket.send({ type: "resume", last_seq: this.#last });
  }

  #fold(event) {
    this.phase = PHASES[event.type] ?? this.phase;
    if (event.type === "agent_joined") this.agent = event.agent;
  }

  #caughtUp({ seq, more }) {
    this.#isFilling = false;
    // Requests the next page, or events missing before `seq`; never the same twice.
    const isBehind = more || seq > this.#last;
    if (isBehind && this.#askedFrom !== this.#last) return this.#fill();
    this.isLive = true;
    this.trouble = null;
    if (this.#welcome && !this.#welcome.isShown) {
      this.#welcome.isShown = true;
      this.#view.ready(this.#welcome, this.phase === "none" || this.phase === "closed");
    }
    this.#showUnsent();
    this.#outbox.open();
    this.#view.state();
  }

  #refused({ code, client_id, retry_after_ms }) {
    if (client_id) {
      this.#outbox.refuse(client_id, code, retry_after_ms);
      return this.#endDoubt();
    }
    if (this.#isFilling && PASSING.includes(code)) {
      clearTimeout(this.#resuming);
      this.#resuming = setTimeout(() => this.#isFilling && this.#resume(), retry_after_ms ?? RESUME_RETRY_MS);
      return;
    }
    if (!UNREADABLE.includes(code) || !this.#outbox.suspect()) this.#view.refused(code);
  }
}
