// The widget's list of bubbles: the events in order, then messages that are not acknowledged yet.

import { clean, el, followBottom } from "./dom.js";
import { markdown, stepList } from "./markdown.js";

/** Messages within this time of each other are read as one, from the first. */
const BURST_MS = 1_000;
/** A message that starts within this distance of the view's top is being read, or was. */
const READ_PX = 40;

export class Transcript {
  #log;
  #newer;
  /** The bubble where reading starts, or null for the end. */
  #first = null;
  /** Whether the end is looked at until something comes, however high what is there. */
  #awaits = false;
  #cameAt = 0;
  #isSeen = true;
  #toBottom;
  #t;
  #actions;
  #pending = new Map();
  /** By `seq`, own messages that may be pending ones: hidden until that is known. */
  #doubtful = new Map();
  #clock;
  #calendar;
  #day = "";

  /** `actions`: `choose(choice)`, `askHuman()`, `retry(id)`, `discard(id)`. */
  constructor({ scroller, log, newer, locale, t, actions }) {
    this.#log = log;
    this.#t = t;
    this.#actions = actions;
    this.#clock = new Intl.DateTimeFormat(locale, { timeStyle: "short", hourCycle: "h23" });
    this.#calendar = new Intl.DateTimeFormat(locale, { month: "long", day: "numeric" });
    this.#newer = newer;
    const onMove = (isThere) => (newer.hidden = isThere);
    this.#toBottom = followBottom(scroller, [log], onMove, () => {
      return this.#awaits ? null : (this.#first ?? log.lastElementChild);
    });
    newer.onclick = () => this.#toNext(scroller);
  }

  clear() {
    this.#log.replaceChildren();
    this.#pending.clear();
    this.#doubtful.clear();
    this.#first = null;
    this.#day = "";
  }

  /** Messages that come while the page is hidden are read from the first when it is back. */
  set isSeen(isSeen) {
    if (this.#isSeen && !isSeen) this.#first = null;
    this.#isSeen = isSeen;
  }

  /** Scrolls to the end, or to the first unread message if that is above the view. */
  toBottom() {
    this.#newer.hidden = true;
    this.#toBottom();
  }

  /** Scrolls to the very end, where actions without a message are answered. */
  toEnd() {
    this.#first = null;
    this.#awaits = true;
    this.#newer.hidden = true;
    this.#toBottom();
  }

  /** The bot's welcome: above an open episode, below a closed one. */
  welcome({ text, choices }, isBelow) {
    const bubble = this.#bubble("bot", this.#t("bot"), markdown(text));
    this.#addChoices(bubble, choices, false);
    if (isBelow) this.#append(bubble);
    else this.#log.prepend(bubble);
    // Messages that are there when the page opens were read before.
    this.#first = null;
  }

  /** Adds an event of the conversation. `isNew`: it has just come. */
  event(event, at, isNew) {
    const t = this.#t;
    switch (event.type) {
      case "episode_started":
        return event.episode > 1 ? this.#line(t("episode"), at) : undefined;
      case "customer_said":
        return this.#own(event, at);
      case "message_left":
        return this.#own(event, at, t("left"));
      case "bot_said": {
        const bubble = this.#bubble("bot", t("bot"), markdown(event.text), at);
        const steps = stepList(event.steps, t("steps", { n: event.steps?.length }));
        if (steps) {
          // A customer in danger reads what to do at once.
          steps.open = event.urgent;
          bubble.append(steps);
        }
        this.#addChoices(bubble, event.choices, event.offer_human);
        return event.urgent ? this.#appendUrgent(bubble, at, isNew) : this.#append(bubble, at);
      }
      case "agent_said":
        return this.#append(this.#agentBubble(event, at), at);
      case "noticed":
        if (event.occasion === "safety") {
          const tag = el("span", { className: "tag" }, t("urgent"));
          return this.#appendUrgent(el("p", { className: "line" }, tag, clean(event.text)), at, isNew);
        }
        return this.#line(event.text, at, t("system"));
      case "rated":
        return this.#line(t("rated", { n: event.stars }), at);
      case "closed":
        return this.#line(t("closed"), at);
    }
  }

  /** Shows a message of this page that is `waiting`, `sending`, `sent` or `failed`. */
  item({ frame, error }, state) {
    if (frame.type !== "send" && frame.type !== "leave_message") return;
    // Its event may have come before its acknowledgement.
    const known = this.#pending.get(frame.client_id);
    if (!known && state === "sent") return;
    const label = frame.type === "leave_message" ? this.#t("left") : "";
    const bubble = known ?? this.#pend(frame, label);
    bubble.dataset.state = state;
    bubble.querySelector(".state")?.remove();
    bubble.append(this.#state(frame.client_id, state, error));
    if (known) return;
    this.#first = null;
    this.#awaits = false;
    this.toBottom();
  }

  /**
   * The event at `seq`, which was here before its acknowledgement, is the message `id`. Without
   * either: what is in doubt is of others.
   */
  known(id, seq) {
    this.#pending.get(id)?.remove();
    this.#pending.delete(id);
    for (const [at, bubble] of this.#doubtful) {
      if (id && at !== seq) continue;
      bubble.hidden = false;
      this.#doubtful.delete(at);
    }
  }

  /** Choices can be pressed while the bot or nobody owns the conversation. */
  allowChoices(isAllowed) {
    for (const button of this.#log.querySelectorAll(".choices button")) {
      button.disabled = !isAllowed;
    }
  }

  #own({ client_id, text, doubt }, at, label = "") {
    const known = this.#pending.get(client_id);
    const bubble = known ?? this.#pend({ client_id, text }, label);
    if (doubt) {
      bubble.hidden = true;
      this.#doubtful.set(doubt, bubble);
    } else if (!known) {
      this.#came(bubble);
    }
    this.#pending.delete(client_id);
    bubble.dataset.state = "sent";
    bubble.querySelector(".text").textContent = clean(text);
    bubble.querySelector(".who").append(this.#time(at));
    bubble.querySelector(".state")?.remove();
    bubble.append(this.#state(client_id, "sent"));
    // Other messages may stand before it: a failed one, or one of another tab.
    const next = this.#firstPending();
    if (bubble.nextElementSibling !== next) this.#log.insertBefore(bubble, next);
    this.#markDay(at, bubble);
  }

  #pend({ client_id, text }, label) {
    const who = label ? `${this.#t("me")} · ${label}` : this.#t("me");
    const bubble = this.#bubble("me", who, clean(text));
    this.#pending.set(client_id, bubble);
    this.#log.append(bubble);
    return bubble;
  }

  #state(id, state, error) {
    const t = this.#t;
    if (state !== "failed") return el("p", { className: "state" }, t(state));
    const button = (name, then) => {
      const onclick = () => {
        this.#pending.get(id)?.remove();
        this.#pending.delete(id);
        then(id);
      };
      return el("button", { type: "button", onclick }, t(name));
    };
    const copy = el("button", { type: "button", onclick: () => this.#copy(id) }, t("copy"));
    return el(
      "p",
      { className: "state" },
      t("failed", { why: t.error(error) }),
      button("retry", this.#actions.retry),
      error === "expired" ? copy : null,
      button("discard", this.#actions.discard),
    );
  }

  // Not by the clipboard's own interface, which frames of another origin are denied.
  #copy(id) {
    getSelection().selectAllChildren(this.#pending.get(id).querySelector(".text"));
    document.execCommand("copy");
  }

  #agentBubble({ agent, text }, at) {
    const who = `${this.#t("agent")} · ${clean(agent)}`;
    return this.#bubble("agent", who, clean(text), at);
  }

  #bubble(side, who, content, at) {
    const text = el("div", { className: "text", dir: "auto" }, content);
    const head = el("p", { className: "who" }, who, at ? this.#time(at) : null);
    return el("article", { className: `bubble ${side}` }, head, text);
  }

  #addChoices(bubble, choices, offerHuman) {
    const buttons = choices.map((choice) => {
      const onclick = () => this.#actions.choose(choice);
      return el("button", { type: "button", onclick }, clean(choice.label));
    });
    if (offerHuman) {
      const onclick = () => this.#actions.askHuman();
      buttons.push(el("button", { type: "button", className: "to-human", onclick }, this.#t("human")));
    }
    if (buttons.length) bubble.append(el("div", { className: "choices" }, ...buttons));
  }

  #line(text, at, who = "") {
    const label = who ? el("span", { className: "tag" }, who) : null;
    this.#append(el("p", { className: "line" }, label, clean(text)), at);
  }

  #append(element, at) {
    this.#log.insertBefore(element, this.#firstPending());
    this.#came(element);
    if (at) this.#markDay(at, element);
  }

  /** Says it aloud at once and brings it into view, whatever is being read. */
  #appendUrgent(element, at, isNew) {
    element.classList.add("urgent");
    if (isNew) element.setAttribute("role", "alert");
    this.#append(element, at);
    if (!isNew) return;
    this.#first = element;
    this.toBottom();
  }

  /** On to what is not in view yet, from its first line. */
  #toNext(scroller) {
    const { scrollTop: top, clientHeight: height } = scroller;
    const isRead = ({ offsetTop, offsetHeight }) =>
      offsetTop < top + READ_PX || offsetTop + offsetHeight <= top + height;
    while (this.#first && isRead(this.#first)) this.#first = this.#first.nextElementSibling;
    if (this.#first) this.#toBottom();
    else this.toEnd();
  }

  #came(element) {
    this.#awaits = false;
    const now = performance.now();
    const isAlone = this.#isSeen && this.#newer.hidden && now - this.#cameAt > BURST_MS;
    if (!this.#first || isAlone) this.#first = element;
    this.#cameAt = now;
  }

  #markDay(at, before) {
    const day = this.#calendar.format(new Date(at));
    if (day === this.#day) return;
    this.#day = day;
    this.#log.insertBefore(el("p", { className: "line day" }, day), before);
  }

  #time(at) {
    return el("time", { dateTime: at }, this.#clock.format(new Date(at)));
  }

  #firstPending() {
    return this.#pending.values().next().value ?? null;
  }
}
