// For the page of the host, with the attributes and commands of examples/embed/README.md: a
// button and, once opened, a panel with a frame of kefu's. The panel's header is not in the
// frame: it can be left, whatever becomes of that.
(() => {
  "use strict";
  const LOADED = Symbol.for("kefu.loader");
  const earlier = window[LOADED] || window.kefu;
  if (earlier && earlier.isLoaded) {
    window.kefu = earlier;
    if (earlier.attach) earlier.attach();
    return;
  }

  const READY_WITHIN_MS = 5_000;
  /** How long a working frame may be silent after its load event. */
  const SILENT_MS = 1_000;

  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const { theme = "", position, facts, phone } = script.dataset;
  const side = position === "left" ? "left" : "right";
  const locale = script.dataset.locale || document.documentElement.lang || navigator.language;
  const [name, collapse, connecting, failed, again, call, leave] = (
    !/^zh/i.test(locale)
      ? "Customer service|Close|Connecting…|Customer service cannot be reached right now|Retry|Call|Close"
      : /^zh.*(hant|tw|hk|mo)/i.test(locale)
        ? "線上客服|收起|正在連線…|暫時無法連線到線上客服|重試|撥打|關閉"
        : "在线客服|收起|正在连接…|暂时无法连接在线客服|重试|拨打|关闭"
  ).split("|");
  /** Hours of service, which may stand beside a number. */
  const HOURS = /(^|\D)\d\d?[:：点點时時小]\d*/g;
  const NUMBER = /[+*#]?\d(?:[-*#) ]*\d|[- ]*\(\d+\)){2,}#?/;
  const dialed = (text = "") => (NUMBER.exec(text.replace(HOURS, " ")) || [""])[0].replace(/[^\d+*#]/g, "");
  // The server puts the knowledge's hotline there, as a JSON string, where it has one.
  const hotline = [phone, "__KEFU_HOTLINE__"].find(dialed);

  const STYLE = `
    :host { all: initial !important; direction: ltr !important; position: fixed !important; inset: auto !important;
      z-index: 2147483000 !important; ${side}: 20px !important;
      bottom: calc(20px + env(safe-area-inset-bottom)) !important;
      color-scheme: ${/^(light|dark)$/.test(theme) ? theme : "light dark"} !important }
    * { box-sizing: border-box; margin: 0; font: 15px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif }
    [hidden] { display: none !important }
    button, a { display: grid; place-items: center; min-width: 44px; min-height: 44px; padding: 0 20px; border: 0;
      border-radius: 28px; background: #0b5cad; color: #fff; text-align: center; text-decoration: none; cursor: pointer }
    button:hover, a:hover { background: #094b8e }
    :focus-visible { outline: 3px solid #ffb020; outline-offset: 3px }
    svg { width: 28px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round }
    .launcher { width: 56px; height: 56px; padding: 0; box-shadow: 0 8px 32px rgb(0 20 50 / 28%) }
    span { position: absolute; top: -2px; right: -2px; min-width: 20px; padding: 0 5px; border-radius: 10px;
      background: #c8102e; font-size: 12px; font-weight: 600; line-height: 20px; text-align: center }
    section { position: fixed; ${side}: 20px; bottom: calc(88px + env(safe-area-inset-bottom)); width: 384px;
      height: min(640px, calc(100vh - 108px)); display: flex; flex-direction: column; overflow: hidden; outline: 0;
      border-radius: 14px; background: Canvas; color: CanvasText; box-shadow: 0 8px 32px rgb(0 20 50 / 28%) }
    header { display: flex; align-items: center; padding: 2px 4px 2px 16px; background: #0b5cad; color: #fff }
    h2 { flex: 1; font-weight: 600 }
    header button { padding: 0; outline-offset: -4px !important }
    div { flex: 1; position: relative; display: grid; place-content: center; gap: 12px; padding: 24px }
    p { text-align: center }
    div > button:last-of-type { border: 1px solid; background: none; color: inherit }
    iframe { position: absolute; width: 100%; height: 100%; border: 0; color-scheme: normal }
    [data-state="waiting"] :is(button, a, iframe):not(header *), [data-state="failed"] iframe { visibility: hidden }
    [data-state="ready"] div > :not(iframe) { display: none }
    @media (max-width: 480px), (max-height: 480px) {
      section { inset: var(--top, 0) 0 auto; width: auto; height: var(--height, 100%); border-radius: 0;
        padding: 0 env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left) }
      header { padding-top: calc(2px + env(safe-area-inset-top)) }
      section:not([hidden]) + button { display: none }
    }
    @media print { :host { display: none !important } }
    @media (forced-colors: active) { button, a, section { border: 2px solid ButtonText } }
  `;

  const place = el("div");
  const root = place.attachShadow({ mode: "open" });
  const clicks = new Map();
  const badge = el("span");
  const launcher = button(toggle, icon("M4 5h16v11H10l-4 4v-4H4z"), badge);
  const away = button(close, icon("m6 9 6 6 6-6"));
  const text = el("p", { role: "status" });
  const stage = el("div", {}, text, button(retry, again));
  const panel = el("section", { role: "dialog", "aria-label": name, tabindex: -1 });
  const listeners = [];
  const observer = new MutationObserver(() => place.isConnected || setTimeout(attach));
  let frame = null;
  let timer = 0;
  let isReady = false;
  let isOpen = false;
  let told = "";

  function el(tag, attributes = {}, ...children) {
    const kind = /svg|path/.test(tag) ? "2000/svg" : "1999/xhtml";
    const element = document.createElementNS(`http://www.w3.org/${kind}`, tag);
    for (const key of Object.keys(attributes)) element.setAttribute(key, attributes[key]);
    element.append(...children);
    return element;
  }

  function button(onclick, ...children) {
    const element = el("button", { type: "button" }, ...children);
    clicks.set(element, onclick);
    return element;
  }

  function icon(d) {
    return el("svg", { viewBox: "0 0 24 24", "aria-hidden": true }, el("path", { d }));
  }

  // A sheet made by script is no inline style: a strict policy of the host lets it pass.
  function addStyle() {
    if ("adoptedStyleSheets" in root) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
    } else {
      root.append(el("style", {}, STYLE));
    }
  }

  function build() {
    if (hotline) stage.append(el("a", { href: `tel:${dialed(hotline)}` }, `${call} ${hotline}`));
    stage.append(button(close, leave));
    away.setAttribute("aria-label", collapse);
    panel.append(el("header", {}, el("h2", {}, name), away), stage);
    panel.hidden = true;
    launcher.className = "launcher";
    root.append(panel, launcher);
    addStyle();
    show(0);
  }

  function show(unread) {
    badge.hidden = unread === 0;
    badge.textContent = unread > 99 ? "99+" : unread;
    launcher.setAttribute("aria-label", unread ? `${name} (${unread})` : name);
    launcher.setAttribute("aria-expanded", isOpen);
    for (const listener of listeners) listener(unread);
  }

  /** The frame's state: `waiting` for its ready message, `failed`, or `ready`. */
  function enter(state) {
    panel.dataset.state = state;
    text.textContent = state === "failed" ? failed : connecting;
  }

  /** Replaces the frame. */
  function load() {
    const query = new URLSearchParams({ locale, theme, host: location.origin, bare: 1 });
    if (facts !== undefined) query.set("facts", facts);
    if (hotline) {
      query.set("phone", hotline);
      query.set("tel", dialed(hotline));
    }
    if (frame) frame.remove();
    isReady = false;
    enter("waiting");
    frame = el("iframe", { title: name, src: `${origin}/widget?${query}` });
    // The browser's error page fires the load event, too.
    frame.onload = () => setTimeout(ask, SILENT_MS);
    stage.append(frame);
    clearTimeout(timer);
    timer = setTimeout(ask, READY_WITHIN_MS, true);
  }

  /** Browsers do not tell a page that kefu refuses it, but its developer must know. */
  async function ask(isLate) {
    if (isReady) return;
    if (isLate) enter("failed");
    let words = `this page's origin ${location.origin} is not in allowed_origins of ${origin}`;
    try {
      const { status } = await fetch(`${origin}/v1/origin`, { method: "POST" });
      if (status !== 403 || isReady) return;
      enter("failed");
    } catch {
      // Or this page's policy forbids the request.
      words = `${origin} is down, or ${words}`;
    }
    if (words !== told) console.error(`kefu: ${words}`);
    told = words;
  }

  function retry() {
    load();
    panel.focus();
  }

  function tell(word) {
    if (isReady) frame.contentWindow.postMessage({ kefu: word }, origin);
  }

  /** Whether the focus is outside the host's own elements. */
  function isFree() {
    return [null, place, document.body].includes(document.activeElement);
  }

  function open() {
    isOpen = true;
    panel.hidden = false;
    fit();
    if (!frame || panel.dataset.state === "failed") load();
    (isReady ? frame : panel).focus();
    tell("open");
    show(0);
  }

  function close() {
    if (!isOpen) return;
    const wasFree = isFree();
    isOpen = false;
    panel.hidden = true;
    tell("close");
    if (wasFree) launcher.focus();
    show(0);
  }

  function toggle() {
    if (isOpen) close();
    else open();
  }

  function run(command) {
    const [word, callback] = Array.isArray(command) ? command : [command];
    if (word === "open") open();
    else if (word === "close") close();
    else if (word === "toggle") toggle();
    else if (word === "unread" && typeof callback === "function") listeners.push(callback);
  }

  function onMessage({ source, origin: from, data }) {
    if (!frame || source !== frame.contentWindow || from !== origin || !data) return;
    if (data.kefu === "ready") {
      isReady = true;
      clearTimeout(timer);
      enter("ready");
      if (isOpen && isFree()) frame.focus();
      tell(isOpen ? "open" : "close");
    }
    if (data.kefu === "reload") load();
    if (data.kefu === "close") close();
    if (data.kefu === "unread" && !isOpen) show(data.unread);
  }

  function onKey(event) {
    if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) close();
  }

  // A phone's keyboard covers part of the view.
  function fit() {
    if (visualViewport.scale > 1.01) return;
    panel.style.setProperty("--top", `${visualViewport.offsetTop}px`);
    panel.style.setProperty("--height", `${visualViewport.height}px`);
  }

  /** Beside the body, which pages replace. Some throw away even that, and all listeners. */
  function attach() {
    const page = document.documentElement;
    if (!page) return;
    addEventListener("message", onMessage);
    addEventListener("keydown", onKey);
    for (const [element, onclick] of clicks) element.onclick = onclick;
    for (const type of ["resize", "scroll"]) visualViewport.addEventListener(type, fit);
    for (const parent of [document, page]) observer.observe(parent, { childList: true });
    if (place.isConnected) return;
    page.append(place);
    if (frame) load();
  }

  function start() {
    attach();
    const early = Array.isArray(window.kefu) ? window.kefu : [];
    window.kefu = window[LOADED] = { isLoaded: true, push: run, attach };
    for (const command of early) run(command);
  }

  build();
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
