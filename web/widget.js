// The widget's page: connects the customer's side of the protocol to the elements of the page.

import { Customer } from "./customer.js";
import { el, isSendKey, ui } from "./dom.js";
import { storageOf } from "./outbox.js";
import { Suggestions } from "./suggestions.js";
import { localeOf, textsOf } from "./texts.js";
import { Transcript } from "./transcript.js";

const BANNER_AFTER_MS = 800;
const STARS = [1, 2, 3, 4, 5];
const OPEN_PHASES = ["bot", "asked", "queued", "agent"];
const UNREAD = ["bot_said", "agent_said", "noticed"];
const DRAFT = "kefu.draft";
const FACT_WORD = /^[a-z][a-z0-9_]{0,31}$/;
const FACTS_MAX = 16;
const leftOut = new Set();

const settings = new URLSearchParams(location.search);
const locale = localeOf(settings.get("locale") ?? navigator.language);
const t = await textsOf(locale);
// The page that embeds the widget, by its own message; it is told nothing but a count.
const host = window.parent === window ? null : settings.get("host");
// Its loader shows a header of its own around this page.
const isBare = Boolean(host) && settings.has("bare");
const drafts = storageOf("sessionStorage");
let isOpen = true;
let unread = 0;
let isFormPutOff = false;
let isRatingPutOff = false;

function tell(message) {
  if (host) window.parent.postMessage({ kefu: message, unread }, host);
}

addEventListener("message", ({ source, origin, data }) => {
  if (source !== window.parent || origin !== host) return;
  if (data?.kefu === "open") {
    isOpen = true;
    unread = 0;
    transcript.toBottom();
    ui.text.focus();
  } else if (data?.kefu === "close") {
    isOpen = false;
  }
  see();
});

function see() {
  transcript.isSeen = isOpen && !document.hidden;
}

const transcript = new Transcript({
  scroller: ui.scroller,
  log: ui.log,
  newer: ui.newer,
  locale,
  t,
  actions: {
    choose: ({ label, entry }) => customer.say(label, entry),
    askHuman,
    retry: (id) => customer.retry(id),
    discard: (id) => customer.discard(id),
  },
});

const customer = new Customer({
  facts: factsOf(settings.get("facts")),
  event(event, at, isNew) {
    transcript.event(event, at, isNew);
    if (event.type === "message_asked") isFormPutOff = false;
    // Nothing may cover what a person in danger reads.
    if (event.urgent) isFormPutOff = true;
    if (event.type === "ended") isRatingPutOff = event.rate_until === null;
    if (event.type === "rated") isRatingPutOff = true;
    if (isNew && !isOpen && UNREAD.includes(event.type)) {
      unread += 1;
      tell("unread");
    }
  },
  known: (id, seq) => transcript.known(id, seq),
  ready(welcome, isFresh) {
    transcript.welcome(welcome, isFresh);
    ui.log.setAttribute("aria-busy", "false");
    transcript.toBottom();
  },
  queue(place) {
    ui.place.textContent = place > 1 ? t("ahead", { n: place - 1 }) : t("next");
  },
  item(item, state) {
    transcript.item(item, state === "waiting" && customer.isLive ? "sending" : state);
    if (item.frame.type === "ask_human") showHuman(state === "waiting");
    if (state === "failed" && !["send", "leave_message"].includes(item.frame.type)) {
      customer.discard(item.frame.client_id);
      warn(t.error(item.error));
    }
  },
  refused: (code) => warn(t.error(code)),
  dropped: ({ names }) => leaveOut(names.join(", ")),
  reset() {
    transcript.clear();
    ui.log.setAttribute("aria-busy", "true");
  },
  state: show,
});

/** Tells the host's developer of facts without effect, the same ones once. No value is shown. */
function leaveOut(names) {
  if (!leftOut.has(names)) console.warn(`data-facts: left out, not in facts.yaml: ${names}`);
  leftOut.add(names);
}

/** The host's facts about the customer. What has not the form of a fact does not leave the page. */
function factsOf(text) {
  if (text === null) return undefined;
  const facts = {};
  for (const part of text.split(",").filter((part) => part.trim())) {
    const [name = "", value = "", ...rest] = part.split("=").map((word) => word.trim());
    const fits = FACT_WORD.test(name) && FACT_WORD.test(value) && rest.length === 0;
    if (fits && Object.keys(facts).length < FACTS_MAX) facts[name] = value;
    else leaveOut(FACT_WORD.test(name) ? name : "…");
  }
  return facts;
}
const suggestions = new Suggestions({
  ask: (text, signal) => customer.suggestions(text, signal),
  choose: say,
  t,
});

let trouble = "";
let warning = 0;

/** A line at the top that disappears after a while. */
function warn(text) {
  ui.banner.textContent = text;
  ui.banner.hidden = false;
  clearTimeout(warning);
  warning = setTimeout(showTrouble, 6_000);
}

/** A connection problem is shown for as long as it lasts. */
function showTrouble() {
  ui.banner.hidden = !trouble;
  ui.banner.replaceChildren(trouble && t(trouble));
  const phone = host && settings.get("phone");
  const [number] = /^[\d+*#]+$/.exec(settings.get("tel") ?? "") ?? [];
  if (trouble === "outdated") {
    const reload = () => (isBare ? tell("reload") : location.reload());
    ui.banner.append(el("button", { type: "button", onclick: reload }, t("reload")));
  } else if (trouble === "forbidden" && phone && number) {
    ui.banner.append(el("a", { href: `tel:${number}` }, t("call", { phone })));
  }
}

function setTrouble(name) {
  if (name === trouble) return;
  trouble = name;
  showTrouble();
}

let bannerTimer = 0;

function showConnection() {
  ui.log.dataset.live = customer.isLive;
  if (customer.isLive || customer.trouble) {
    clearTimeout(bannerTimer);
    bannerTimer = 0;
    setTrouble(customer.trouble === "replaced" ? "" : (customer.trouble ?? ""));
  } else if (!bannerTimer && !trouble) {
    // A short restart needs no banner.
    bannerTimer = setTimeout(setTrouble, BANNER_AFTER_MS, "offline");
  }
}

function statusOf(phase) {
  if (phase === "agent") return t("agentServes", { agent: customer.agent });
  if (phase === "queued") return t("queueing");
  if (phase === "ended" || phase === "closed") return t("isOver");
  return t("botServes");
}

/** A lasting problem is shown in the banner. */
function statusDown() {
  if (customer.trouble === "replaced") return t("replaced");
  return customer.trouble ? "" : t("connecting");
}

let shown = "";

/** Updates everything that depends on the connection and the phase. */
function show() {
  showConnection();
  const { phase, isLive } = customer;
  const isOver = !OPEN_PHASES.includes(phase);
  const status = isLive ? statusOf(phase) : statusDown();
  if (ui.status.textContent !== status) ui.status.textContent = status;
  // The place may come before the event that enters the queue.
  if (shown === "queued" && phase !== "queued") ui.place.textContent = t("queueing");
  if (phase !== shown && isOver) ui.ending.hidden = true;
  shown = phase;
  document.body.dataset.phase = phase;
  ui.queue.hidden = phase !== "queued";
  ui["leave-queue"].disabled = !isLive;
  ui.end.hidden = isOver;
  ui["end-yes"].disabled = !isLive;
  // A typed message stays although the queue has moved on meanwhile.
  const isWriting = phase !== "agent" && ui["message-text"].value !== "";
  ui.message.hidden = isFormPutOff || (phase !== "asked" && !isWriting);
  ui.rating.hidden = phase !== "ended" || isRatingPutOff;
  const isBot = phase !== "queued" && phase !== "agent";
  transcript.allowChoices(isBot);
  suggestions.allow(isBot);
  showHuman();
}

let isAsking = false;

function showHuman(asking = isAsking) {
  isAsking = asking;
  const { phase } = customer;
  const name = { queued: "humanWaiting", agent: "humanServing" }[phase];
  ui.human.textContent = t(name ?? (isAsking ? "humanAsking" : "human"));
  ui.human.disabled = Boolean(name) || isAsking;
}

/** The number of characters above the limit. */
function excess(text) {
  return Math.max(0, [...text].length - customer.maxChars);
}

function grow() {
  ui.text.style.height = "auto";
  ui.text.style.height = `${ui.text.scrollHeight}px`;
  if (ui.text.value) drafts.set(DRAFT, ui.text.value);
  else drafts.remove(DRAFT);
  const over = excess(ui.text.value.trim());
  ui.excess.textContent = over ? t("tooLong", { n: over }) : "";
}

function send() {
  const text = ui.text.value.trim();
  if (text && !excess(text)) say(text);
}

function askHuman() {
  customer.askHuman();
  transcript.toEnd();
}

function say(text) {
  suggestions.close();
  customer.say(text);
  ui.text.value = "";
  grow();
  ui.text.focus();
}

function wireComposer() {
  ui.text.value = drafts.get(DRAFT) ?? "";
  grow();
  ui.text.addEventListener("input", grow);
  ui.text.addEventListener("keydown", (event) => {
    if (suggestions.takes(event) || !isSendKey(event)) return;
    event.preventDefault();
    send();
  });
  ui.composer.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  ui.human.onclick = askHuman;
  ui["leave-queue"].onclick = () => {
    customer.leaveQueue();
    transcript.toEnd();
  };
}

function wireEnding() {
  ui.end.onclick = () => {
    ui.ending.hidden = false;
    ui["end-no"].focus();
  };
  ui["end-no"].onclick = () => {
    ui.ending.hidden = true;
    ui.text.focus();
  };
  ui["end-yes"].onclick = () => {
    ui.ending.hidden = true;
    customer.end();
    transcript.toEnd();
    ui.text.focus();
  };
}

function wireMessage() {
  ui.message.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = ui["message-text"].value.trim();
    const contact = ui.contact.value.trim();
    const isAgreed = !contact || ui.consent.checked;
    ui["message-error"].textContent = !text
      ? t("textNeeded")
      : isAgreed
        ? ""
        : t("consentNeeded");
    if (ui["message-error"].textContent) {
      (text && !isAgreed ? ui.consent : ui["message-text"]).focus();
      return;
    }
    customer.leaveMessage(text, contact);
    ui.message.reset();
    putOffForm();
  });
  ui["message-no"].onclick = putOffForm;
}

function putOffForm() {
  isFormPutOff = true;
  show();
  ui.text.focus();
}

function wireRating() {
  for (const n of STARS) {
    const input = el("input", { type: "radio", name: "stars", value: n, id: `star-${n}` });
    const label = el("label", { htmlFor: input.id, title: t("star", { n }) });
    label.append(el("span", { className: "unseen" }, t("star", { n })), star());
    input.addEventListener("change", () => (ui.stars.dataset.chosen = n));
    ui.stars.append(input, label);
  }
  ui.rating.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = ui.rating.elements.stars.value;
    ui["rating-error"].textContent = chosen ? "" : t("starsNeeded");
    if (!chosen) return;
    customer.rate(Number(chosen), ui.comment.value.trim());
    ui.rating.reset();
    putOffRating();
  });
  ui["rating-no"].onclick = putOffRating;
}

function putOffRating() {
  isRatingPutOff = true;
  delete ui.stars.dataset.chosen;
  show();
  ui.text.focus();
}

function star() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "m12 3 2.7 5.9 6.3.7-4.7 4.3 1.3 6.3L12 17l-5.6 3.2 1.3-6.3L3 9.6l6.3-.7z");
  svg.append(path);
  return svg;
}

function wireHost() {
  document.body.classList.toggle("bare", isBare);
  ui.collapse.hidden = !host || isBare;
  document.addEventListener("visibilitychange", see);
  ui.collapse.onclick = () => tell("close");
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) tell("close");
  });
}

function translate() {
  document.documentElement.lang = locale;
  document.title = t("title");
  for (const element of document.querySelectorAll("[data-t]")) {
    element.textContent = t(element.dataset.t);
  }
  for (const element of document.querySelectorAll("[data-hint]")) {
    element.placeholder = t(element.dataset.hint);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", t(element.dataset.label));
  }
}

const theme = settings.get("theme");
if (theme === "dark") ui.dark.media = "all";
if (theme === "light") ui.dark.media = "not all";
translate();
wireComposer();
wireEnding();
wireMessage();
wireRating();
wireHost();
show();
customer.start();
tell("ready");
