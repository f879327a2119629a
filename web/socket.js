// A WebSocket that comes back by itself: with a growing, scattered pause after a failure, and
// after the time that the server names when it restarts.

import { CLOSE, PROTOCOL } from "./protocol.js";

const PAUSE_FIRST_MS = 500;
const PAUSE_MAX_MS = 20_000;
const PONG_WITHIN_MS = 8_000;

export class Socket {
  #options;
  #socket = null;
  #timer = 0;
  #failures = 0;
  #heard = 0;
  #retryAfter = null;
  #isOutdated = false;
  #stopped = true;

  /**
   * `path`; `known`: frame types that are passed on; `hello()`: the first frame's own fields;
   * `onFrame(frame)`; `onDown()`: the connection is gone or could not be made;
   * `onRefused(why)`: coming back with the same hello is useless, as the token is `over` or
   * this page is `outdated`.
   */
  constructor(options) {
    this.#options = options;
    addEventListener("online", () => this.#hurry());
    addEventListener("offline", () => this.#drop());
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
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

  /** Gives the connection up and makes a new one. */
  restart() {
    this.#drop();
  }

  /** Whether the frame went out; on a connection that is down it did not. */
  send(frame) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** To be called at the pace of the pings; notices a connection that died in silence. */
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
    socket.onopen = () => {
      this.send({ type: "hello", protocol: PROTOCOL, ...this.#options.hello() });
    };
    socket.onmessage = ({ data }) => socket === this.#socket && this.#receive(data);
    socket.onclose = ({ code }) => socket === this.#socket && this.#closed(code);
  }

  #receive(data) {
    this.#heard = Date.now();
    const frame = JSON.parse(data);
    if (frame.code === "unsupported_protocol") this.#isOutdated = true;
    if (frame.type === "draining") this.#retryAfter = frame.retry_after_ms;
    if (frame.type === "welcome" || frame.type === "snapshot") this.#failures = 0;
    if (this.#options.known.includes(frame.type)) this.#options.onFrame(frame);
  }

  // Does not wait for the other side to agree: a dead connection never answers.
  #drop() {
    if (!this.#socket) return;
    const socket = this.#socket;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    this.#closed(1006);
  }

  #closed(code) {
    this.#socket = null;
    this.#options.onDown();
    if (this.#stopped) return;
    if (code === CLOSE.unauthorized || this.#isOutdated) {
      this.#stopped = true;
      this.#options.onRefused(this.#isOutdated ? "outdated" : "over");
      return;
    }
    const growing = Math.min(PAUSE_FIRST_MS * 2 ** this.#failures, PAUSE_MAX_MS);
    const pause = (this.#retryAfter ?? growing) * (0.75 + Math.random() / 2);
    this.#failures += 1;
    this.#retryAfter = null;
    this.#timer = setTimeout(() => this.#connect(), pause);
  }

  #hurry() {
    if (this.#stopped || this.#socket) return;
    this.#failures = 0;
    this.#connect();
  }
}
