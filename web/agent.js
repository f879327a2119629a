// The agent's side of the protocol, without a page: login, desk, own conversations, and replies
// that are not acknowledged yet.

import { newId } from "./dom.js";
import { Outbox, storageOf } from "./outbox.js";
import { AGENT_EVENTS, UNREADABLE } from "./protocol.js";
import { inTime, isForbidden, Socket } from "./socket.js";

const ACCOUNT = "kefu.agent";
const MAX_RELEASED = 20;

const byId = (one, other) => (one.conversation < other.conversation ? -1 : 1);

const inOrderOfService = (one, other) =>
  other.priority - one.priority || one.order - other.order || byId(one, other);

const oldestFirst = (one, other) => Date.parse(one.at) - Date.parse(other.at) || byId(one, other);

/** The rows after an update: new rows are added, changed ones replaced, others removed. */
function merged(rows, changed = [], left = [], order) {
  if (!changed.length && !left.length) return rows;
  const byConversation = new Map(rows.map((row) => [row.conversation, row]));
  for (const row of changed) byConversation.set(row.conversation, row);
  for (const id of left) byConversation.delete(id);
  return [...byConversation.values()].sort(order);
}

export class Agent {
  /** The name of the signed-in agent, or null. */
  name = null;
  status = "break";
  isLive = false;
  /** Why reconnecting is useless for now: `replaced`, `forbidden` or `outdated`; or null. */
  trouble = null;
  /** Waiting customers in order of service: the first ones, and the one offered to this agent. */
  waiting = [];
  /** The length of the queue. */
  waitingTotal = 0;
  /** The oldest left messages that no agent has taken. */
  messages = [];
  /** The number of left messages. */
  messagesTotal = 0;
  /**
   * By id: `{id, epoch, records, contacts, unread, isReleased}`. Released ones stay, to be
   * read, until they are put away or the next snapshot comes.
   */
  conversations = new Map();
  /** Conversations that an agent may have at the same time. */
  conversationsMax = 0;
  /** The server's clock minus this machine's, milliseconds. */
  skewMs = 0;

  #view;
  #storage = storageOf("sessionStorage");
  #account;
  #socket;
  #outbox = null;
  /** The last desk frame by `desk_seq`; null before the first. */
  #deskSeq = null;

  /**
   * `view` gets `changed()` at any change of the desk or the lists, `opened(id)`,
   * `record(id, record)`, `older(id, records)`, `replaced()` after a snapshot,
   * `item(item, state)`, `down()`, `refused(frame)`, `warned(ack)`,
   * `signedOut(why)`.
   */
  constructor(view) {
    this.#view = view;
    this.#account = this.#storage.get(ACCOUNT);
    this.#socket = new Socket({
      path: "/v1/agent",
      known: AGENT_EVENTS,
      hello: () => ({ token: this.#account.token }),
      onFrame: (frame) => this.#receive(frame),
      onDown: (isUnreadable) => this.#down(isUnreadable),
      onRefused: (why) => (why === "over" ? this.#signedOut(why) : this.#stuck(why)),
    });
    // A worker's timer keeps its pace in a hidden tab, where a page's own is slowed down to
    // once a minute: too slow for the lease on this agent's conversations.
    new Worker(new URL("heartbeat.js", import.meta.url)).onmessage = () => this.#socket.beat();
  }

  /** Resumes the login of this tab, if there is one. */
  resume() {
    if (this.#account) this.#signedIn();
    return Boolean(this.#account);
  }

  /** Returns null, or the refusal's `code`, with `waitS` if it is temporary. */
  async login(name, password) {
    const response = await fetch("/v1/agents/login", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name, password }),
      signal: inTime(),
    });
    const body = await response.json();
    if (response.status === 403) await isForbidden();
    if (!response.ok) return { code: body.error.code, waitS: Number(response.headers.get("retry-after")) };
    this.#account = { token: body.token, name: body.name };
    this.#storage.set(ACCOUNT, this.#account);
    this.#signedIn();
    return null;
  }

  async logout() {
    const { token } = this.#account;
    this.#socket.stop();
    this.#signedOut(null);
    await fetch("/v1/agents/logout", {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
    });
  }

  setStatus(status) {
    this.#socket.send({ type: "status", status });
  }

  accept({ conversation, epoch }) {
    return this.#socket.send({ type: "accept", conversation, epoch });
  }

  decline({ conversation }) {
    this.#socket.send({ type: "decline", conversation });
  }

  reply(conversation, text) {
    this.#outbox.add({ type: "send", conversation, client_id: newId(), text }, conversation);
  }

  retry(id) {
    this.#outbox.retry(id, newId());
  }

  discard(id) {
    this.#outbox.discard(id);
  }

  returnToBot({ id, epoch }) {
    this.#socket.send({ type: "return_to_bot", conversation: id, epoch });
  }

  close({ id, epoch }) {
    this.#socket.send({ type: "close", conversation: id, epoch });
  }

  askOlder({ id, records }) {
    this.#socket.send({ type: "history", conversation: id, before_seq: records[0].seq });
  }

  /** Removes a conversation that has ended from the list. */
  putAway(id) {
    if (this.conversations.get(id)?.isReleased) this.conversations.delete(id);
    this.#view.changed();
  }

  /** Unsent and failed replies of a conversation, with their state. */
  unsent(conversation) {
    const items = this.#outbox?.items ?? [];
    return items.filter(({ lane }) => lane === conversation);
  }

  #signedIn() {
    this.name = this.#account.name;
    this.#outbox = new Outbox({
      storage: this.#storage,
      prefix: `kefu.reply.${this.name}.`,
      transmit: (frame) => this.#transmit(frame),
      onChange: (item, state) => this.#view.item(item, state),
      onSilence: () => this.#socket.restart(),
      conversationOf: ({ conversation }) => conversation,
    });
    this.#socket.start();
    this.#view.changed();
  }

  #signedOut(why) {
    this.#storage.remove(ACCOUNT);
    this.#account = null;
    this.name = null;
    this.conversations.clear();
    this.waiting = [];
    this.messages = [];
    this.waitingTotal = this.messagesTotal = 0;
    this.#deskSeq = null;
    this.#view.signedOut(why);
  }

  // A reply is sent with the present epoch: the conversation may have left and come back.
  #transmit(frame) {
    const conversation = this.conversations.get(frame.conversation);
    if (conversation && !conversation.isReleased) {
      return this.#socket.send({ ...frame, epoch: conversation.epoch });
    }
    queueMicrotask(() => this.#outbox.refuse(frame.client_id, "not_owner"));
    return false;
  }

  #stuck(why) {
    this.trouble = why;
    this.#view.down();
  }

  #down(isUnreadable) {
    this.isLive = false;
    if (this.trouble === "replaced") this.trouble = null;
    this.#outbox?.shut(isUnreadable);
    this.#view.down();
  }

  #receive(frame) {
    switch (frame.type) {
      case "snapshot":
        return this.#replace(frame);
      case "desk":
        this.waiting = frame.waiting;
        this.messages = frame.messages;
        return this.#showDesk(frame);
      case "desk_changed":
        return this.#changeDesk(frame);
      case "opened":
        this.#open(frame);
        return this.#view.opened(frame.conversation);
      case "record":
        return this.#append(frame);
      case "history":
        return this.#prepend(frame);
      case "released":
        return this.#release(frame.conversation);
      case "ack":
        if (frame.found?.length) this.#view.warned(frame);
        return this.#outbox.settle(frame.client_id);
      case "error":
        if (frame.client_id) {
          this.#outbox.refuse(frame.client_id, frame.code, frame.retry_after_ms);
        } else if (UNREADABLE.includes(frame.code) && this.#outbox.suspect()) {
          return;
        }
        return this.#view.refused(frame);
    }
  }

  #replace(frame) {
    const unread = new Map([...this.conversations].map(([id, { unread }]) => [id, unread]));
    this.conversations.clear();
    for (const conversation of frame.conversations) this.#open(conversation, unread);
    this.status = frame.status;
    this.isLive = true;
    this.trouble = null;
    this.#readClock();
    for (const { records } of this.conversations.values()) records.forEach((record) => this.#settle(record));
    this.#view.replaced();
    this.#outbox.open();
  }

  // A change that does not follow on what is shown means that one was missed: then the whole is
  // asked for, once, and all that comes before it is of no use.
  #changeDesk(frame) {
    if (this.#deskSeq === null) return;
    if (frame.prev !== this.#deskSeq) {
      this.#deskSeq = null;
      this.#socket.send({ type: "desk" });
      return;
    }
    this.waiting = merged(this.waiting, frame.waiting, frame.left, inOrderOfService);
    this.messages = merged(this.messages, frame.messages, frame.messages_left, oldestFirst);
    this.#showDesk(frame);
  }

  #showDesk(frame) {
    this.#deskSeq = frame.desk_seq;
    this.waitingTotal = frame.waiting_total;
    this.messagesTotal = frame.messages_total;
    this.status = frame.status;
    this.conversationsMax = frame.conversations_max;
    this.#view.changed();
  }

  #open({ conversation: id, epoch, records, contacts }, unread = new Map()) {
    const count = unread.get(id) ?? 0;
    this.conversations.set(id, { id, epoch, records, contacts, unread: count, isReleased: false });
  }

  #append({ conversation: id, epoch, record }) {
    const conversation = this.conversations.get(id);
    const last = conversation?.records.at(-1)?.seq ?? 0;
    if (!conversation || record.seq <= last) return;
    conversation.epoch = epoch;
    conversation.records.push(record);
    if (record.event.type === "customer_said") conversation.unread += 1;
    this.#view.record(id, record);
    this.#settle(record);
    this.#view.changed();
  }

  // A record names its message by a hash of the `client_id`; where a page cannot compute that,
  // the ack tells.
  #settle({ event }) {
    const id = event.client_id && this.#outbox.idOf(event.client_id);
    if (id) this.#outbox.settle(id);
  }

  #prepend({ conversation: id, records }) {
    const conversation = this.conversations.get(id);
    if (!conversation) return;
    const first = conversation.records[0]?.seq ?? Infinity;
    const older = records.filter(({ seq }) => seq < first);
    conversation.records.unshift(...older);
    this.#view.older(id, older);
  }

  #release(id) {
    const conversation = this.conversations.get(id);
    if (!conversation) return;
    conversation.isReleased = true;
    conversation.unread = 0;
    const released = [...this.conversations.values()].filter(({ isReleased }) => isReleased);
    for (const { id: old } of released.slice(0, -MAX_RELEASED)) this.conversations.delete(old);
    this.#view.changed();
  }

  // Countdowns run by the server's clock, which the Date header of any answer tells.
  async #readClock() {
    try {
      const { headers } = await fetch("/console", { method: "HEAD", cache: "no-store" });
      const date = Date.parse(headers.get("date"));
      if (date) this.skewMs = date - Date.now();
    } catch {
      // The connection is gone again; the old value stays.
    }
  }
}
