// Frames that the server has not acknowledged yet. Each is kept in storage under its own key
// until then, so that a reload loses nothing and two tabs do not overwrite one another; a
// repeated `client_id` is harmless. In each lane one frame is under way at a time, in order.

import { PASSING } from "./protocol.js";

const RETRY_MS = 2_000;
const ANSWER_WITHIN_MS = 15_000;

export class Outbox {
  #storage;
  #prefix;
  #transmit;
  #onChange;
  #onSilence;
  #items = new Map();
  #open = false;

  /**
   * `transmit(frame)` says whether the frame went out; `onChange(item)` is told of each new
   * state, `waiting`, `sent` or `failed`; `onSilence()` when the server owes an answer.
   */
  constructor({ storage, prefix, transmit, onChange, onSilence }) {
    this.#storage = storage;
    this.#prefix = prefix;
    this.#transmit = transmit;
    this.#onChange = onChange;
    this.#onSilence = onSilence;
    const stored = storage.keys().filter((key) => key.startsWith(prefix));
    const items = stored.map((key) => storage.get(key)).filter((item) => item?.frame?.client_id);
    for (const item of items.sort((a, b) => a.at - b.at)) {
      this.#items.set(item.frame.client_id, { ...item, flight: null });
    }
  }

  /** All that is not acknowledged, oldest first. */
  get items() {
    return [...this.#items.values()];
  }

  add(frame, lane = "") {
    const newest = this.items.at(-1)?.at ?? 0;
    const item = { frame, lane, at: Math.max(Date.now(), newest + 1), error: null, flight: null };
    this.#items.set(frame.client_id, item);
    this.#keep(item);
    this.#onChange(item, "waiting");
    this.#pump();
  }

  /** The connection is up and caught up. */
  open() {
    this.#open = true;
    this.#pump();
  }

  /** The connection is down: nothing is under way any more. */
  shut() {
    this.#open = false;
    for (const item of this.#items.values()) item.flight = null;
  }

  /** Acknowledged, or seen among the events. */
  settle(id) {
    const item = this.#items.get(id);
    if (!item) return;
    this.#forget(id);
    this.#onChange(item, "sent");
    this.#pump();
  }

  /** Refused: for now, to be tried again after a pause, or for good. */
  refuse(id, code, retryAfterMs) {
    const item = this.#items.get(id);
    if (!item) return;
    if (PASSING.includes(code)) {
      const pause = {};
      item.flight = pause;
      setTimeout(() => {
        if (item.flight === pause) item.flight = null;
        this.#pump();
      }, retryAfterMs ?? RETRY_MS);
      return;
    }
    item.flight = null;
    item.error = code;
    this.#keep(item);
    this.#onChange(item, "failed");
    this.#pump();
  }

  /** Tries a failed one again. Only a `client_id` that means something else needs a new one. */
  retry(id, freshId) {
    const item = this.#items.get(id);
    if (!item) return;
    this.#forget(id);
    const client_id = item.error === "client_id_reused" ? freshId : id;
    this.add({ ...item.frame, client_id }, item.lane);
  }

  /** Gives a failed one up. */
  discard(id) {
    this.#forget(id);
  }

  #keep(item) {
    const { frame, lane, at, error } = item;
    this.#storage.set(this.#prefix + frame.client_id, { frame, lane, at, error });
  }

  #forget(id) {
    this.#items.delete(id);
    this.#storage.remove(this.#prefix + id);
  }

  #pump() {
    if (!this.#open) return;
    const busy = new Set();
    for (const item of this.#items.values()) {
      if (item.error || busy.has(item.lane)) continue;
      busy.add(item.lane);
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
