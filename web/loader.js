// For the page of the host: `<script src="https://kefu.example/loader.js" async></script>`.
// Puts a button there and, on the first open, a frame from kefu's own origin. Attributes:
// data-locale (zh-CN, zh-TW, en), data-theme (light, dark), data-position (right, left),
// data-facts (what is known of the customer, as product=wallet,audience=vip).
// `(window.kefu = window.kefu || []).push(["open"])` works before this file has loaded, too;
// the words are open, close, toggle, and ["unread", callback].
(() => {
  "use strict";
  if (window.kefu && window.kefu.isLoaded) return;

  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const { theme = "", position = "right", facts } = script.dataset;
  const locale = script.dataset.locale || document.documentElement.lang || navigator.language;
  const isChinese = /^zh/i.test(locale);
  const isTraditional = /^zh.*(hant|tw|hk|mo)/i.test(locale);
  const name = !isChinese ? "Customer service" : isTraditional ? "線上客服" : "在线客服";
  const SVG = "http://www.w3.org/2000/svg";
  const BUBBLE = "M4 5h16v11H10l-4 4v-4H4z";

  const STYLE = `
    :host { all: initial !important; position: fixed !important; inset: auto !important;
      z-index: 2147483000 !important; bottom: 20px !important; ${position === "left" ? "left" : "right"}: 20px !important }
    button { all: initial; position: relative; display: grid; place-items: center; box-sizing: border-box;
      width: 56px; height: 56px; border-radius: 50%; background: #0b5cad; color: #fff; cursor: pointer;
      box-shadow: 0 4px 16px rgb(0 20 50 / 28%) }
    button:hover { background: #094b8e }
    button:focus-visible { outline: 3px solid #ffb020; outline-offset: 3px }
    svg { width: 28px; height: 28px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round }
    span { position: absolute; top: -2px; right: -2px; min-width: 20px; box-sizing: border-box; padding: 0 5px;
      border-radius: 10px; background: #c8102e; color: #fff; font: 600 12px/20px system-ui, sans-serif; text-align: center }
    [hidden] { display: none !important }
    iframe { position: fixed; bottom: 88px; ${position === "left" ? "left" : "right"}: 20px; width: 384px;
      height: min(640px, calc(100vh - 108px)); border: 0; border-radius: 14px; background: Canvas;
      box-shadow: 0 8px 40px rgb(0 20 50 / 26%); color-scheme: normal }
    @media (max-width: 480px) { iframe { inset: 0; width: 100%; height: 100%; border-radius: 0 } }
    @media print { :host { display: none !important } }
    @media (forced-colors: active) { button { border: 2px solid ButtonText } }
  `;

  const place = document.createElement("div");
  const root = place.attachShadow({ mode: "open" });
  const button = document.createElement("button");
  const badge = document.createElement("span");
  const listeners = [];
  let frame = null;
  let isReady = false;
  let isOpen = false;

  // A sheet made by script is no inline style: a strict policy of the host lets it pass.
  function addStyle() {
    if ("adoptedStyleSheets" in root) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      root.adoptedStyleSheets = [sheet];
    } else {
      const style = document.createElement("style");
      style.textContent = STYLE;
      root.append(style);
    }
  }

  function addButton() {
    const icon = document.createElementNS(SVG, "svg");
    const path = document.createElementNS(SVG, "path");
    icon.setAttribute("viewBox", "0 0 24 24");
    icon.setAttribute("aria-hidden", "true");
    path.setAttribute("d", BUBBLE);
    icon.append(path);
    badge.hidden = true;
    button.type = "button";
    button.append(icon, badge);
    button.addEventListener("click", toggle);
    root.append(button);
    show(0);
  }

  function show(unread) {
    badge.hidden = unread === 0;
    badge.textContent = unread > 99 ? "99+" : String(unread);
    button.setAttribute("aria-label", unread ? `${name} (${unread})` : name);
    button.setAttribute("aria-expanded", String(isOpen));
    for (const listener of listeners) listener(unread);
  }

  function addFrame() {
    const query = new URLSearchParams({ locale, theme, host: location.origin });
    if (facts !== undefined) query.set("facts", facts);
    frame = document.createElement("iframe");
    frame.title = name;
    frame.src = `${origin}/widget?${query}`;
    root.append(frame);
  }

  function tell(word) {
    if (isReady) frame.contentWindow.postMessage({ kefu: word }, origin);
  }

  function open() {
    isOpen = true;
    if (!frame) addFrame();
    frame.hidden = false;
    tell("open");
    frame.focus();
    show(0);
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    frame.hidden = true;
    tell("close");
    button.focus();
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

  addEventListener("message", ({ source, origin: from, data }) => {
    if (!frame || source !== frame.contentWindow || from !== origin || !data) return;
    if (data.kefu === "ready") {
      isReady = true;
      tell(isOpen ? "open" : "close");
    }
    if (data.kefu === "close") close();
    if (data.kefu === "unread" && !isOpen) show(data.unread);
  });

  function start() {
    document.body.append(place);
    const early = Array.isArray(window.kefu) ? window.kefu : [];
    window.kefu = { isLoaded: true, push: run };
    for (const command of early) run(command);
  }

  addStyle();
  addButton();
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
