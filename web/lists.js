// The console's left column: offers, own conversations, the queue, left messages.

import { clean, el, ui } from "./dom.js";
import { dangerOf, dangerWords, nameOf, REASON_WORDS, summaryOf, timeOf, waitOf } from "./records.js";

const OFFER_WINDOW_S = 30;
// Nobody reads further down, and each change draws all rows.
const ROWS_MAX = 200;

/** Makes the children of `list` match `items`; elements are kept by their key. */
function keyed(list, items, keyOf, make, update) {
  const old = new Map([...list.children].map((child) => [child.dataset.key, child]));
  let next = list.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    const child = old.get(key) ?? make(item);
    child.dataset.key = key;
    old.delete(key);
    update(child, item);
    if (child === next) next = next.nextElementSibling;
    else list.insertBefore(child, next);
  }
  for (const child of old.values()) child.remove();
}

const span = (className, text = "") => el("span", { className }, text);
const button = (text, className = "") => el("button", { type: "button", className }, text);
const set = (parent, selector, text) => {
  const element = parent.querySelector(selector);
  if (element.textContent !== text) element.textContent = text;
};

/** Shows the danger, if there is one. */
function mark(item, kind) {
  const element = item.querySelector(".danger");
  element.hidden = !kind;
  set(item, ".danger", kind ? dangerWords(kind) : "");
}

/** A duration as minutes and seconds. */
export function lasted(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60) return `${Math.floor(minutes / 60)} 小时 ${minutes % 60} 分`;
  return `${minutes}:${String(seconds % 60).padStart(2, "0")}`;
}

/** The last message, for one line. */
function preview({ records }) {
  for (let at = records.length - 1; at >= 0; at -= 1) {
    const summary = summaryOf(records[at]);
    if (summary) return summary;
  }
  return "";
}

export class Lists {
  #agent;
  #actions;

  /** `actions`: `accept(row)`, `decline(row)`, `select(id)`. */
  constructor(agent, actions) {
    this.#agent = agent;
    this.#actions = actions;
  }

  show(selected) {
    const { waiting, waitingTotal, messages, messagesTotal, conversations } = this.#agent;
    this.#offers();
    this.#own([...conversations.values()], selected);
    const others = waiting.filter(({ offered_until }) => !offered_until);
    this.#waiting(others.slice(0, ROWS_MAX));
    this.#messages(messages);
    this.#count("own", [...conversations.values()].filter(({ isReleased }) => !isReleased).length);
    const offered = waiting.length - others.length;
    this.#count("waiting", waitingTotal - offered);
    this.#more("waiting", waitingTotal - offered - Math.min(others.length, ROWS_MAX), "位");
    this.#count("messages", messagesTotal);
    this.#more("messages", messagesTotal - messages.length, "条");
    ui["own-none"].hidden = conversations.size > 0;
    this.tick();
  }

  /** Updates waiting times and countdowns. */
  tick() {
    const now = Date.now() + this.#agent.skewMs;
    for (const element of document.querySelectorAll("[data-since]")) {
      element.textContent = lasted(now - Date.parse(element.dataset.since));
    }
    for (const element of document.querySelectorAll("[data-until]")) {
      const left = Math.max(0, Date.parse(element.dataset.until) - now);
      set(element, ".left", `${Math.round(left / 1000)} 秒`);
      const part = Math.min(1, left / 1000 / OFFER_WINDOW_S);
      element.style.setProperty("--part", `${part * 100}%`);
    }
  }

  #count(name, number) {
    ui[`${name}-count`].textContent = number ? String(number) : "";
    ui[`${name}-none`].hidden = number > 0;
  }

  /** The server sends the first rows of a long list, and the number of the others. */
  #more(name, number, unit) {
    ui[`${name}-more`].hidden = number <= 0;
    ui[`${name}-more`].textContent = number > 0 ? `另有 ${number} ${unit}` : "";
  }

  #offers() {
    const offers = this.#agent.waiting.filter(({ offered_until }) => offered_until);
    const make = (row) => {
      const accept = button("接入", "primary accept");
      const decline = button("婉拒", "decline");
      return el(
        "li",
        { className: "offer" },
        el("p", {}, el("strong", {}, nameOf(row.conversation)), span("left")),
        el("p", { className: "danger" }),
        el("p", { className: "soft" }, span("reason")),
        el("p", { className: "soft" }, "已等 ", span("wait")),
        el("div", { className: "row" }, decline, accept),
      );
    };
    const update = (item, row) => {
      item.dataset.until = row.offered_until;
      this.#describe(item, row);
      item.querySelector(".accept").onclick = () => this.#actions.accept(row);
      item.querySelector(".decline").onclick = () => this.#actions.decline(row);
    };
    keyed(ui.offers, offers, (row) => row.conversation, make, update);
    ui["offers-part"].hidden = offers.length === 0;
  }

  #own(conversations, selected) {
    const make = ({ id }) => {
      const open = button("", "pick");
      open.append(span("name", nameOf(id)), span("badge"), span("danger"), span("preview"), span("note"));
      open.onclick = () => this.#actions.select(id);
      return el("li", {}, open);
    };
    const update = (item, conversation) => {
      const { id, unread, isReleased, records } = conversation;
      const wait = isReleased ? null : waitOf(records);
      const open = item.querySelector("button");
      open.setAttribute("aria-current", String(id === selected));
      open.classList.toggle("released", isReleased);
      set(item, ".badge", unread ? String(unread) : "");
      item.querySelector(".badge").setAttribute("aria-label", unread ? `${unread} 条未读` : "");
      mark(item, isReleased ? null : dangerOf(records));
      set(item, ".preview", preview(conversation));
      const note = item.querySelector(".note");
      if (wait) note.dataset.since = wait.since;
      else delete note.dataset.since;
      note.title = wait ? "客户等待答复的时间" : "";
      open.classList.toggle("late", wait?.reminders === 1);
      open.classList.toggle("very-late", wait?.reminders > 1);
      if (!wait) set(item, ".note", isReleased ? "已离开" : "");
    };
    keyed(ui.own, conversations, ({ id }) => id, make, update);
  }

  #waiting(rows) {
    const make = (row) =>
      el(
        "li",
        { className: "entry" },
        el("p", {}, el("strong", {}, nameOf(row.conversation)), span("wait")),
        el("p", { className: "danger" }),
        el("p", { className: "soft" }, span("reason")),
        button("接入", "accept"),
      );
    const update = (item, row) => {
      this.#describe(item, row);
      const accept = item.querySelector(".accept");
      accept.disabled = row.offered_elsewhere;
      accept.textContent = row.offered_elsewhere ? "已派给他人" : "接入";
      accept.onclick = () => this.#actions.accept(row);
    };
    keyed(ui.waiting, rows, (row) => row.conversation, make, update);
  }

  #describe(item, { since, reason, priority, danger }) {
    mark(item, danger);
    item.querySelector(".wait").dataset.since = since;
    const urgency = priority > 0 ? `优先级 ${priority} · ` : "";
    item.classList.toggle("urgent", priority > 0);
    set(item, ".reason", urgency + (REASON_WORDS[reason] ?? reason));
  }

  #messages(rows) {
    const make = (row) =>
      el(
        "li",
        { className: "entry" },
        el("p", {}, el("strong", {}, nameOf(row.conversation)), el("time", {}, timeOf(row.at))),
        el("p", { className: "words" }, clean(row.text)),
        button("接入", "accept"),
      );
    const update = (item, row) => {
      item.querySelector(".accept").onclick = () => this.#actions.accept(row);
    };
    keyed(ui.messages, rows, (row) => row.conversation + row.at, make, update);
  }
}
