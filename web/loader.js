// For the page of the host: `<script src="https://kefu.example/loader.js" async></script>`.
// Puts a button there and, on the first open, a panel with a frame from kefu's own origin. The
// panel's header is the loader's, so that it can be left whatever becomes of the frame.
// Attributes: data-locale (zh-CN, zh-TW, en), data-theme (light, dark), data-position (right,
// left), data-phone (shown when kefu does not answer; else the knowledge's hotline),
// data-facts (what is known of the customer, as product=wallet,audience=vip).
// `(window.kefu = window.kefu || []).push(["open"])` works before this file has loaded, too;
// the words are open, close, toggle, and ["unread", callback].
(() => {
  "use strict";
  const LOADED = Symbol.for("kefu.loader");
  const other = window[LOADED] || window.kefu;
  if (other && other.isLoaded) {
    window.kefu = other;
    if (other.attach) other.attach();
    return;
  }

  const READY_WITHIN_MS = 5_000;
  /** How long after its load event a frame that works may still be silent. */
  const SILENT_MS = 1_000;
  const SVG = "http://www.w3.org/2000/svg";
  const BUBBLE = "M4 5h16v11H10l-4 4v-4H4z";
  const DOWN = "m6 9 6 6 6-6";

  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const { theme = "", position, facts, phone } = script.dataset;
  const side = position === "left" ? "left" : "right";
  const locale = script.dataset.locale || document.documentElement.lang || navigator.language;
  const [name, collapse, connecting, failed, again, call, leave] = !/^zh/i.test(locale)
    ? ["Customer service", "Close", "Connecting…", "Customer service cannot be reached right now", "Retry", "Call", "Close"]
    : /^zh.*(hant|tw|hk|mo)/i.test(locale)
      ? ["線上客服", "收起", "正在連線…", "暫時無法連線到線上客服", "重試", "撥打", "關閉"]
      : ["在线客服", "收起", "正在连接…", "暂时无法连接在线客服", "重试", "拨打", "关闭"];
  // The server puts the hotline of the knowledge there, a JSON string, when it has one.
  const hotline = [phone, "__KEFU_HOTLINE__"].find((text) => /\d/.test(text));
  const tel = hotline && /[\d+*#][-\d+*#() ]*/.exec(hotline)[0].replace(/[^\d+*#]/g, "");

  const STYLE = `
    :host { all: initial !important; position: fixed !important; inset: auto !important;
      z-index: 2147483000 !important; ${side}: 20px !important;
      bottom: calc(20px + env(safe-area-inset-bottom)) !important;
      color-scheme: ${/^(light|dark)$/.test(theme) ? theme : "light dark"} !important }
    * { box-sizing: border-box; font: 15px/1.6 system-ui, -apple-system, "PingFang SC", "Microsoft YaHei", sans-serif }
    [hidden] { display: none !important }
    button, a { border: 0; border-radius: 22px; min-width: 44px; min-height: 44px; padding: 0 20px; cursor: pointer;
      background: #0b5cad; color: #fff; display: grid; place-items: center; text-align: center; text-decoration: none }
    :is(button, a):hover { background: #094b8e }
    :focus-visible { outline: 3px solid #ffb020; outline-offset: 3px }
    svg { width: 28px; height: 28px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round }
    .launcher { position: relative; width: 56px; height: 56px; padding: 0; border-radius: 50%;
      box-shadow: 0 4px 16px rgb(0 20 50 / 28%) }
    span { position: absolute; top: -2px; right: -2px; min-width: 20px; padding: 0 5px; border-radius: 10px;
      background: #c8102e; color: #fff; font-size: 12px; font-weight: 600; line-height: 20px }
    section { position: fixed; ${side}: 20px; bottom: calc(88px + env(safe-area-inset-bottom)); width: 384px;
      height: min(640px, calc(100vh - 108px)); display: flex; flex-direction: column; overflow: hidden;
      border-radius: 14px; background: Canvas; color: CanvasText; box-shadow: 0 8px 40px rgb(0 20 50 / 26%); outline: 0 }
    header { flex: none; display: flex; align-items: center; padding: 2px 4px 2px 16px; background: #0b5cad; color: #fff }
    h2 { flex: 1; margin: 0; font-size: 16px; font-weight: 600 }
    header button { padding: 0 }
    header :focus-visible { outline-offset: -4px }
    main { flex: 1; min-height: 0; position: relative; display: grid; place-content: center; justify-items: stretch; gap: 12px; padding: 24px }
    p { margin: 0 0 8px; text-align: center }
    iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; color-scheme: normal }
    section:not([data-state="ready"]) iframe { visibility: hidden }
    [data-state="waiting"] p ~ *, [data-state="ready"] :is(p, p ~ :not(iframe)) { display: none }
    .quiet { border: 1px solid; background: none; color: inherit }
    .quiet:hover { background: none }
    @media (max-width: 480px), (max-height: 480px) {
      section { inset: 0; top: var(--top, 0); bottom: auto; width: auto; height: var(--height, 100%); border-radius: 0;
        padding: 0 env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left) }
      header { padding-top: calc(2px + env(safe-area-inset-top)) }
      section:not([hidden]) + button { display: none }
    }
    @media print { :host { display: none !important } }
    @media (forced-colors: active) { button, a, section { border: 2px solid ButtonText } }
  `;

  const place = el("div");
  const root = place.attachShadow({ mode: "open" });
  const text = el("p", { role: "status" });
  const stage = el("main", {}, text, button(again, retry));
  const panel = el("section", { role: "dialog", "aria-label": name, tabIndex: -1, hidden: true });
  const launcher = button("", toggle, icon(BUBBLE));
  const badge = el("span");
  const listeners = [];
  const observer = new MutationObserver(() => place.isConnected || setTimeout(attach));
  let frame = null;
  let timer = 0;
  let isReady = false;
  let isOpen = false;
  let isTold = false;

  function el(tag, properties = {}, ...children) {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(properties)) {
      if (key in element) element[key] = value;
      else element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
  }

  function button(label, onclick, ...children) {
    return el("button", { type: "button", onclick }, label, ...children);
  }

  function icon(d) {
    const svg = document.createElementNS(SVG, "svg");
    const path = document.createElementNS(SVG, "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", d);
    svg.append(path);
    return svg;
  }

  // A sheet made by script is no inline style: a strict policy of the host lets it pass.
  function addStyle() {
    if ("adoptedStyleSheets" in root) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
    } else {
      root.append(el("style", { textContent: STYLE }));
    }
  }

  function build() {
    const away = button("", close, icon(DOWN));
    away.setAttribute("aria-label", collapse);
    if (hotline) stage.append(el("a", { href: `tel:${tel}` }, `${call} ${hotline}`));
    const last = button(leave, close);
    last.className = "quiet";
    stage.append(last);
    panel.append(el("header", {}, el("h2", {}, name), away), stage);
    launcher.className = "launcher";
    launcher.append(badge);
    root.append(panel, launcher);
    addStyle();
    show(0);
  }

  function show(unread) {
    badge.hidden = unread === 0;
    badge.textContent = unread > 99 ? "99+" : String(unread);
    launcher.setAttribute("aria-label", unread ? `${name} (${unread})` : name);
    launcher.setAttribute("aria-expanded", String(isOpen));
    for (const listener of listeners) listener(unread);
  }

  /** `waiting` for the frame to say that it is ready, `failed`, or `ready`. */
  function enter(state) {
    panel.dataset.state = state;
    text.textContent = state === "failed" ? failed : connecting;
  }

  /** A new frame, whatever became of the last one. */
  function load() {
    const query = new URLSearchParams({ locale, theme, host: location.origin, bare: 1 });
    if (facts !== undefined) query.set("facts", facts);
    if (hotline) query.set("phone", hotline);
    if (frame) frame.remove();
    isReady = false;
    enter("waiting");
    frame = el("iframe", { title: name, src: `${origin}/widget?${query}` });
    // What is not allowed to be here, or to be reached, has loaded, too: a page that says so.
    frame.onload = () => setTimeout(ask, SILENT_MS);
    stage.append(frame);
    clearTimeout(timer);
    timer = setTimeout(() => {
      fail();
      ask();
    }, READY_WITHIN_MS);
  }

  function fail() {
    if (!isReady) enter("failed");
  }

  /** Whether kefu refuses this page is for its developer to know; the browser does not tell. */
  async function ask() {
    if (isReady || isTold) return;
    try {
      const { status } = await fetch(`${origin}/v1/origin`, { method: "POST" });
      if (status !== 403) return;
      fail();
      if (!isTold) console.error(`kefu: this page's origin ${location.origin} is not in allowed_origins of ${origin}`);
      isTold = true;
    } catch {
      // Not reachable, or not by this page's own policy.
    }
  }

  function retry() {
    load();
    panel.focus();
  }

  function tell(word) {
    if (isReady) frame.contentWindow.postMessage({ kefu: word }, origin);
  }

  /** Whether the focus is not with something of the host's. */
  function hasFocus() {
    const active = document.activeElement;
    return !active || active === place || active === document.body;
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
    const isOurs = hasFocus();
    isOpen = false;
    panel.hidden = true;
    tell("close");
    if (isOurs) launcher.focus();
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
      if (isOpen && hasFocus()) frame.focus();
      tell(isOpen ? "open" : "close");
    }
    if (data.kefu === "reload") load();
    if (data.kefu === "close") close();
    if (data.kefu === "unread" && !isOpen) show(data.unread);
  }

  function onKey(event) {
    if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) close();
  }

  // A phone's keyboard covers the page, or pushes it up: the panel is what is left to see.
  function fit() {
    const { offsetTop, height, scale } = window.visualViewport || {};
    if (!(scale < 1.01)) return;
    panel.style.setProperty("--top", `${offsetTop}px`);
    panel.style.setProperty("--height", `${height}px`);
  }

  /**
   * Beside the body, which pages replace. Where a page throws even that away, and all listeners
   * with it, this puts everything back; called twice it changes nothing.
   */
  function attach() {
    const page = document.documentElement;
    if (!page) return;
    addEventListener("message", onMessage);
    addEventListener("keydown", onKey);
    for (const type of ["resize", "scroll"]) {
      if (window.visualViewport) visualViewport.addEventListener(type, fit);
    }
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
