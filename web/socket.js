// A WebSocket that reconnects: with growing, randomized pauses after a failure, and after the time
// that the server names when it restarts.

import { CLOSE, PROTOCOL, UNREADABLE_CLOSES } from "./protocol.js";

const PAUSE_FIRST_MS = 500;
const PAUSE_MAX_MS = 20_000;
const PONG_WITHIN_MS = 8_000;
/** The time limit for a server that accepts a connection and then stays silent. */
const ANSWER_WITHIN_MS = 20_000;
/** Pause between attempts while this page's origin is refused: an operator must change a setting. */
export const FORBIDDEN_RETRY_MS = 60_000;

/** The build id of the pages: the folder that this file came from, if it has one. */
const BUILD = /\/web\/([^/]+)\/[^/]+$/.exec(import.meta.url)?.[1];

/** Aborts a request without an answer in time; older browsers have no such signal. */
export const inTime = () => AbortSignal.timeout?.(ANSWER_WITHIN_MS);

let isTold = false;

/** Whether the server refuses this page's origin, which a failed socket does not tell. */
export async function isForbidden() {
  try {
    const response = await fetch("/v1/origin", { method: "POST", signal: inTime() });
    if (response.ok || (await response.json()).error.code !== "forbidden_origin") return false;
  } catch {
    return false;
  }
  if (!isTold) console.error(`kefu: refuses its own pages' origin ${location.origin}; set public_origin to it`);
  isTold = true;
  return true;
}

/** Half a surrogate pair, which no server can parse. */
const HALF = /\p{Cs}/gu;
const wellFormed = (_, value) => (typeof value === "string" ? value.replace(HALF, "\ufffd") : value);

export class Socket {
  #options;
  #socket = null;
  #timer = 0;
  #failures = 0;
  #heard = 0;
  #retryAfter = null;
  #hasOpened = false;
  #isGreeted = false;
  #isOtherBuild = false;
  #isReplaced = false;
  #stopped = true;

  /**
   * `path`; `known`: frame types that are passed on; `hello()`: the first frame's own fields;
   * `onFrame(frame)`; `onDown(isUnreadable)`: the connection is gone or could not be made,
   * perhaps because the server could not read what was sent; `onRefused(why)`: coming back is
   * useless, as the token is `over` or this page is `outdated`; or rarely of use, as this
   * page's origin is `forbidden`; or to be left until the page is used again, as another
   * `replaced` it.
   */
  constructor(options) {
    this.#options = options;
    addEventListener("online", () => this.#isReplaced || this.#hurry());
    addEventListener("offline", () => this.#drop());
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
    for (const used of ["focus", "pointerdown", "keydown"]) {
      addEventListener(used, () => this.#isReplaced && this.#hurry());
    }
  }

  start() {
    this.#stopped = false;
    this.#failures = 0;
    this.#connect();
  }

  stop() {
    this.#stopped = true;
    this.#drop();
    clearTimeout(this.#timer);
  }

  /** Drops the connection and makes a new one. */
  restart() {
    this.#drop();
  }

  /** Returns whether the frame was sent; without a connection it was not. */
  send(frame) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame, wellFormed));
    return true;
  }

  /** Must be called at the pace of the pings. Notices a connection that died silently. */
  beat() {
    const asked = Date.now();
    if (!this.send({ type: "ping" })) return;
    const socket = this.#socket;
    setTimeout(() => {
      if (socket === this.#socket && this.#heard < asked) this.#drop();
    }, PONG_WITHIN_MS);
  }

  #connect() {
    clearTimeout(this.#timer);
    if (this.#stopped || this.#socket) return;
    const url = location.origin.replace(/^http/, "ws") + this.#options.path;
    const socket = new WebSocket(url);
    this.#socket = socket;
    this.#hasOpened = this.#isGreeted = this.#isReplaced = false;
    socket.onopen = () => {
      this.#hasOpened = true;
      this.send({ type: "hello", protocol: PROTOCOL, ...this.#options.hello() });
    };
    socket.onmessage = ({ data }) => socket === this.#socket && this.#receive(data);
    socket.onclose = ({ code }) => socket === this.#socket && this.#closed(code);
    setTimeout(() => socket === this.#socket && !this.#isGreeted && this.#drop(), ANSWER_WITHIN_MS);
  }

  #receive(data) {
    this.#heard = Date.now();
    const frame = JSON.parse(data);
    if (frame.type === "draining") this.#retryAfter = frame.retry_after_ms;
    if (frame.type === "welcome" || frame.type === "snapshot") {
      this.#failures = 0;
      this.#isGreeted = true;
      this.#isOtherBuild = Boolean(BUILD && frame.build) && BUILD !== frame.build;
    }
    const isOfOther = !this.#isGreeted || this.#isOtherBuild;
    if (frame.code === "unsupported_protocol" || (frame.code === "bad_frame" && isOfOther)) {
      return this.#refused("outdated");
    }
    if (this.#options.known.includes(frame.type)) this.#options.onFrame(frame);
  }

  // Does not wait for the other side's close: a dead connection never answers.
  #drop() {
    if (!this.#socket) return;
    const socket = this.#socket;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    this.#closed(1006);
  }

  #closed(code) {
    this.#socket = null;
    this.#options.onDown(UNREADABLE_CLOSES.includes(code));
    if (this.#stopped) return;
    if (code === CLOSE.unauthorized) return this.#refused("over");
    if (code === CLOSE.badHello) return this.#refused("outdated");
    if (code === CLOSE.replaced) {
      this.#isReplaced = true;
      return this.#options.onRefused("replaced");
    }
    const growing = Math.min(PAUSE_FIRST_MS * 2 ** this.#failures, PAUSE_MAX_MS);
    this.#wait(this.#retryAfter ?? growing);
    this.#failures += 1;
    this.#retryAfter = null;
    if (!this.#hasOpened) this.#askWhy();
  }

  #wait(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#connect(), ms * (0.75 + Math.random() / 2));
  }

  async #askWhy() {
    if (!(await isForbidden()) || this.#stopped || this.#isGreeted) return;
    if (!this.#socket) this.#wait(FORBIDDEN_RETRY_MS);
    this.#options.onRefused("forbidden");
  }

  #refused(why) {
    this.stop();
    this.#options.onRefused(why);
  }

  #hurry() {
    if (this.#stopped || this.#socket) return;
    this.#failures = 0;
    this.#connect();
  }
}
