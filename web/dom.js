// Builds pages from elements and text nodes only: no string is ever parsed as markup.

// Marks that change the direction of text, by which a message can be made to read differently.
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

/** The text without direction marks. */
export const clean = (text) => String(text ?? "").replace(TURNING, "");

/** An element with properties, `data` for data-*, `aria-…` attributes and children. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "data") Object.assign(element.dataset, value);
    else if (name.includes("-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** The elements of the page by their id: `ui.send`, `ui["end-no"]`. */
export const ui = new Proxy({}, { get: (_, id) => document.getElementById(id) });

/** Whether the key press sends the message; presses of an input method do not. */
export const isSendKey = (event) =>
  event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;

const NEAR_BOTTOM_PX = 80;
/** Of what is above what is to be read. */
const READ_FROM_PX = 8;

/**
 * Keeps a scrolling box at its bottom as it or its content grows, until somebody scrolls up;
 * but never beyond the top of `first()`, what is to be read first, which is there to be read
 * until somebody scrolls on. `onMove(isAtBottom)` hears of both. Returns a function that goes
 * there.
 */
export function followBottom(box, contents, onMove = () => {}, first = () => null) {
  let follows = true;
  let top = 0;
  const jump = () => {
    follows = true;
    const end = box.scrollHeight - box.clientHeight;
    const from = first();
    const start = from?.offsetTop - READ_FROM_PX;
    if (box.clientHeight) follows = !(start < end);
    box.scrollTop = follows ? box.scrollHeight : start;
    if (!follows) tellMore();
  };
  // What is being read, from its first line and with nothing after it, is all there is.
  const tellMore = () => {
    const from = first();
    const isAt = from && Math.abs(box.scrollTop - from.offsetTop + READ_FROM_PX) <= 1;
    if (!isAt || from.nextElementSibling) onMove(false);
  };
  const observer = new ResizeObserver((changes) => {
    if (follows) jump();
    else if (changes.some(({ target }) => target !== box)) tellMore();
  });
  for (const element of [box, ...contents]) observer.observe(element);
  box.addEventListener("scroll", () => {
    // More may have been added since the jump that this event tells of: only a move up counts.
    const isNear = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_BOTTOM_PX;
    if (isNear) follows = true;
    else if (box.scrollTop < top) follows = false;
    top = box.scrollTop;
    if (isNear) onMove(true);
  });
  return jump;
}

/** A new message id; `randomUUID` is missing on pages without TLS. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
