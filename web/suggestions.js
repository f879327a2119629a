// Suggestions above the input box: questions of the knowledge base that complete the typed text.

import { clean, el, ui } from "./dom.js";

const PAUSE_MS = 80;
/** The server matches no more than this; longer texts are stories. */
const LONGEST = 30;
/** One Han character, or two letters or digits. */
const ENOUGH = /\p{Script=Han}|[a-z0-9]{2}/iu;
/** Card, phone and order numbers start no question: they are not sent for suggestions. */
const PRIVATE = /\d{5}/;

export class Suggestions {
  #options;
  #isAllowed = true;
  #isComposing = false;
  #timer = 0;
  #request = new AbortController();
  #items = [];
  #active = -1;

  /**
   * `ask(text, signal)` gives `[{ text, matched }]`; `choose(text)` is told what was chosen;
   * `t` are the texts.
   */
  constructor(options) {
    this.#options = options;
    ui.text.addEventListener("input", ({ isComposing }) => isComposing || this.#wait());
    ui.text.addEventListener("compositionstart", () => {
      this.#isComposing = true;
      this.close();
    });
    ui.text.addEventListener("compositionend", () => {
      this.#isComposing = false;
      this.#wait();
    });
    ui.text.addEventListener("blur", () => this.close());
    // The input box keeps the focus, and a phone its keyboard.
    ui.suggestions.addEventListener("mousedown", (event) => event.preventDefault());
    ui.suggestions.addEventListener("click", ({ target }) => {
      const option = target.closest("[role=option]");
      if (option) this.#choose(Number(option.dataset.place));
    });
  }

  /** No suggestions while an agent answers or is waited for. */
  allow(isAllowed) {
    this.#isAllowed = isAllowed;
    if (!isAllowed) this.close();
  }

  close() {
    clearTimeout(this.#timer);
    this.#request.abort();
    if (this.#items.length) this.#show([]);
  }

  /** Returns whether the list used the key press. */
  takes(event) {
    const isForInput = event.isComposing || event.keyCode === 229 || event.shiftKey;
    if (isForInput || !this.#items.length) return false;
    switch (event.key) {
      case "ArrowDown":
        this.#mark(this.#active + 1);
        break;
      case "ArrowUp":
        this.#mark(this.#active - 1);
        break;
      case "Escape":
        this.close();
        break;
      case "Enter":
        if (this.#active < 0) return false;
        this.#choose(this.#active);
        break;
      default:
        return false;
    }
    event.preventDefault();
    event.stopPropagation(); // Escape would also collapse the widget
    return true;
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#request.abort();
    this.#timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  #asked() {
    const text = ui.text.value.trim();
    const isAsked = ENOUGH.test(text) && !PRIVATE.test(text) && [...text].length <= LONGEST;
    return this.#isAllowed && !this.#isComposing && isAsked ? text : "";
  }

  async #ask() {
    const text = this.#asked();
    if (!text) return this.close();
    this.#request = new AbortController();
    const { signal } = this.#request;
    let items = [];
    try {
      items = await this.#options.ask(text, signal);
    } catch {
      // Typing goes on without suggestions.
    }
    if (signal.aborted) return;
    const isUseful = text === this.#asked() && document.activeElement === ui.text;
    this.#show(isUseful ? items : []);
  }

  #show(items) {
    this.#items = items;
    ui.suggestions.replaceChildren(...items.map(option));
    ui.suggestions.hidden = !items.length;
    ui.suggested.textContent = items.length ? this.#options.t("suggested", { n: items.length }) : "";
    this.#mark(-1);
  }

  /** The selected option; none is the input box itself, between the last and the first. */
  #mark(place) {
    const count = this.#items.length;
    this.#active = place < -1 ? count - 1 : place >= count ? -1 : place;
    for (const [at, element] of [...ui.suggestions.children].entries()) {
      element.setAttribute("aria-selected", String(at === this.#active));
    }
    const active = ui.suggestions.children[this.#active];
    if (active) ui.text.setAttribute("aria-activedescendant", active.id);
    else ui.text.removeAttribute("aria-activedescendant");
    active?.scrollIntoView({ block: "nearest" });
  }

  #choose(place) {
    const { text } = this.#items[place];
    this.close();
    this.#options.choose(text);
  }
}

function option({ text, matched }, place) {
  const characters = [...text];
  const part = (from, to) => clean(characters.slice(from, to).join(""));
  const parts = [];
  let end = 0;
  for (const [from, to] of matched) {
    parts.push(part(end, from), el("b", {}, part(from, to)));
    end = to;
  }
  const id = `suggestion-${place}`;
  return el("li", { id, role: "option", data: { place } }, ...parts, part(end));
}
