// Frames that the server has not acknowledged yet. Each is kept in storage under its own key
// until then, so that a reload loses nothing; a repeated `client_id` is harmless. In each lane
// one frame is under way at a time, in order. One that the server cannot read fails alone.

import { PASSING } from "./protocol.js";

const RETRY_MS = 2_000;
const ANSWER_WITHIN_MS = 15_000;
/** How often a frame may be in flight when the server reports an unreadable one, before it is taken for it. */
const STRIKES_MAX = 3;
/** An older message was not sent: its moment has passed, and storage must not keep it. */
const KEEP_MS = 15 * 60_000;

export class Outbox {
  #storage;
  #prefix;
  #transmit;
  #onChange;
  #onSilence;
  #conversationOf;
  #items = new Map();
  #open = false;

  /**
   * `transmit(frame)` says whether the frame went out; `onChange(item)` is told of each new
   * state, `waiting`, `sent` or `failed`; `onSilence()` when the server owes an answer.
   * `conversationOf(frame)` is where the frame goes, or null while that is not known.
   */
  constructor({ storage, prefix, transmit, onChange, onSilence, conversationOf }) {
    this.#storage = storage;
    this.#prefix = prefix;
    this.#transmit = transmit;
    this.#onChange = onChange;
    this.#onSilence = onSilence;
    this.#conversationOf = conversationOf;
    const stored = storage.keys().filter((key) => key.startsWith(prefix));
    const items = stored.map((key) => storage.get(key)).filter((item) => item?.frame?.client_id);
    for (const item of items.sort((a, b) => a.at - b.at)) {
      this.#hold({ strikes: 0, ...item, flight: null });
    }
  }

  /** All messages that are not acknowledged, oldest first. */
  get items() {
    return [...this.#items.values()];
  }

  /** Whether a record may be of one that is not acknowledged, and its hash cannot tell. */
  get isUnsure() {
    return this.items.some(({ error, hash }) => !error && !hash);
  }

  /** The `client_id` of the one with this hash, by which records name it; or undefined. */
  idOf(hash) {
    return this.items.find((item) => item.hash === hash)?.frame.client_id;
  }

  /** The conversation is known or has changed, and with it the hashes. */
  identify() {
    for (const item of this.#items.values()) this.#identify(item);
  }

  add(frame, lane = "") {
    const newest = this.items.at(-1)?.at ?? 0;
    const at = Math.max(Date.now(), newest + 1);
    const item = { frame, lane, at, error: null, strikes: 0, flight: null };
    this.#hold(item);
    this.#keep(item);
    this.#onChange(item, "waiting");
    this.#pump();
  }

  /** The connection is up and caught up. */
  open() {
    this.#open = true;
    this.#pump();
  }

  /** The connection is down: nothing is in flight any more. */
  shut(isUnreadable) {
    this.#open = false;
    if (isUnreadable) this.suspect();
    for (const item of this.#items.values()) item.flight = null;
  }

  /** The server could not read one of the frames in flight, without saying which. */
  suspect() {
    const suspects = this.items.filter(({ flight }) => flight && !flight.isPause);
    for (const item of suspects) {
      item.flight = null;
      item.strikes += 1;
      if (item.strikes >= STRIKES_MAX) this.#fail(item, "bad_frame");
      this.#keep(item);
    }
    this.#pump();
    return suspects.length > 0;
  }

  /** The message was acknowledged, or its event came. */
  settle(id) {
    const item = this.#items.get(id);
    if (!item) return;
    this.#forget(id);
    this.#onChange(item, "sent");
    this.#pump();
  }

  /** The message was refused: for now, with a retry after a pause, or for good. */
  refuse(id, code, retryAfterMs) {
    const item = this.#items.get(id);
    if (!item) return;
    if (PASSING.includes(code)) {
      const pause = { isPause: true };
      item.flight = pause;
      setTimeout(() => {
        if (item.flight === pause) item.flight = null;
        this.#pump();
      }, retryAfterMs ?? RETRY_MS);
      return;
    }
    this.#fail(item, code);
    this.#keep(item);
    this.#pump();
  }

  /** Sends a failed message again. Only a reused `client_id` needs a new one. */
  retry(id, freshId) {
    const item = this.#items.get(id);
    if (!item) return;
    this.#forget(id);
    const client_id = item.error === "client_id_reused" ? freshId : id;
    this.add({ ...item.frame, client_id }, item.lane);
  }

  /** Drops a failed message. */
  discard(id) {
    this.#forget(id);
  }

  #fail(item, code) {
    item.flight = null;
    item.error = code;
    this.#onChange(item, "failed");
  }

  #hold(item) {
    const id = item.frame.client_id;
    this.#items.set(id, item);
    this.#identify(item);
    setTimeout(() => {
      if (this.#items.get(id) !== item) return;
      this.#storage.remove(this.#prefix + id);
      this.#fail(item, item.error ?? "expired");
      this.#pump();
    }, item.at + KEEP_MS - Date.now());
  }

  async #identify(item) {
    const conversation = this.#conversationOf(item.frame);
    if (!conversation || item.hashedFor === conversation) return;
    item.hashedFor = conversation;
    item.hash = null;
    const hash = await hashOf(conversation, item.frame.client_id);
    if (item.hashedFor === conversation) item.hash = hash;
  }

  #keep(item) {
    const { frame, lane, at, error, strikes } = item;
    if (Date.now() >= at + KEEP_MS) return;
    this.#storage.set(this.#prefix + frame.client_id, { frame, lane, at, error, strikes });
  }

  #forget(id) {
    this.#items.delete(id);
    this.#storage.remove(this.#prefix + id);
  }

  #pump() {
    if (!this.#open) return;
    const items = this.items.filter(({ error }) => !error);
    // With one under suspicion they go one by one, so that the next strike hits it alone.
    const isCareful = items.some(({ strikes }) => strikes);
    const busy = new Set();
    for (const item of items) {
      const lane = isCareful ? "" : item.lane;
      if (busy.has(lane)) continue;
      busy.add(lane);
      if (!item.flight && this.#transmit(item.frame)) this.#launch(item);
    }
  }

  #launch(item) {
    const flight = {};
    item.flight = flight;
    setTimeout(() => {
      const isOwed = this.#items.get(item.frame.client_id) === item && item.flight === flight;
      if (isOwed) this.#onSilence();
    }, ANSWER_WITHIN_MS);
  }
}

/** The hash that the server stores of a `client_id`; null without browser cryptography (plain http). */
async function hashOf(conversation, id) {
  if (!globalThis.crypto?.subtle) return null;
  const bytes = new TextEncoder().encode(`${conversation}:${id}`);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** `localStorage` or `sessionStorage` as JSON; memory where the browser denies it. */
export function storageOf(name) {
  const memory = new Map();
  let area = null;
  try {
    area = window[name];
  } catch {
    // Blocked by the browser's settings, as a third-party frame's storage may be.
  }
  return {
    keys: () => [...memory.keys(), ...(area ? Object.keys(area) : [])],
    get(key) {
      try {
        return memory.get(key) ?? JSON.parse(area?.getItem(key) ?? "null");
      } catch {
        return null;
      }
    },
    set(key, value) {
      try {
        if (!area) throw new Error("no storage");
        area.setItem(key, JSON.stringify(value));
      } catch {
        memory.set(key, value);
      }
    },
    remove(key) {
      memory.delete(key);
      area?.removeItem(key);
    },
  };
}
