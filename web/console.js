// The console's page: connects the agent's side of the protocol to the elements of the page.

import { Agent } from "./agent.js";
import { clean, el, followBottom, isSendKey, ui } from "./dom.js";
import { Lists } from "./lists.js";
import {
  dangerOf,
  dangerWords,
  elementOf,
  ERROR_WORDS,
  foundWords,
  nameOf,
  REASON_WORDS,
  timeOf,
  unsentElement,
} from "./records.js";

const TITLE = "坐席工作台";
const TOAST_MS = 6_000;
const TROUBLE_WORDS = {
  replaced: "已在其他页面打开，点击本页继续",
  forbidden: "服务器不接受本页的地址，请联系管理员检查 public_origin",
  outdated: "页面版本已更新，请刷新后继续。",
};

let selected = null;
const drafts = new Map();
const fences = new Map();
let offered = new Set();
const toBottom = followBottom(ui.log, [ui.records, ui.unsent]);

const agent = new Agent({
  changed: show,
  opened(id) {
    select(id);
    announce(`${nameOf(id)} 已接入`);
  },
  record(id, record) {
    const { type, kind } = record.event;
    if (type === "agent_reminded") announce(`${nameOf(id)} 在等您答复`);
    if (type === "danger_found") announce(`${nameOf(id)} ${dangerWords(kind)}`);
    if (id === selected) {
      ui.records.append(elementOf(record, agent.name));
      if (!document.hidden) agent.conversations.get(id).unread = 0;
    }
  },
  older(id, records) {
    if (id === selected) prepend(records);
  },
  replaced() {
    if (selected && !agent.conversations.has(selected)) {
      toast(`${nameOf(selected)} 已不在您名下`);
      selected = null;
    }
    open(selected);
    show();
  },
  item(item, state) {
    if (item.lane === selected) showUnsent();
    if (state === "failed" && !agent.conversations.has(item.lane)) tellLost(item);
  },
  down() {
    showUnsent();
    show();
  },
  refused,
  warned({ conversation, found }) {
    toast(`${nameOf(conversation)}：已发出，请留意用语 ${foundWords(found)}。${found[0].mend}`);
  },
  signedOut(why) {
    selected = null;
    drafts.clear();
    fences.clear();
    offered = new Set();
    ui["login-error"].textContent = why ? "登录已失效，请重新登录" : "";
    show();
    ui.name.focus();
  },
});

const lists = new Lists(agent, { accept, decline: (row) => agent.decline(row), select });

function refused({ code, conversation, client_id, message, found }) {
  const limit = code === "at_limit" ? `（${agent.conversationsMax}）` : "";
  const words = (ERROR_WORDS[code] ?? `操作未成功（${code}）`) + limit;
  if (code === "refused_words") {
    takeBack(agent.unsent(conversation).find(({ frame }) => frame.client_id === client_id));
    const forbidden = found.filter((words) => words.forbidden);
    fences.set(conversation, `没有发给客户，请改写：${foundWords(forbidden)}。${forbidden[0].mend}`);
  } else if (code === "fenced" || code === "not_owner") {
    if (client_id && conversation) fences.set(conversation, `${words}，这条消息没有发给客户。`);
    else toast(`${conversation ? nameOf(conversation) : ""} ${words}`);
  } else if (!client_id) {
    toast(words);
  }
  if (!ERROR_WORDS[code]) console.warn(code, message);
  show();
}

function show() {
  const isIn = agent.name !== null;
  ui.entrance.hidden = isIn;
  ui.desk.hidden = !isIn;
  if (!isIn) {
    document.title = TITLE;
    return;
  }
  ui.me.textContent = clean(agent.name);
  showConnection();
  for (const input of ui.status.querySelectorAll("input")) {
    input.checked = input.value === agent.status;
    input.disabled = !agent.isLive;
  }
  lists.show(selected);
  showBar();
  alertOffers();
}

function showConnection() {
  const trouble = TROUBLE_WORDS[agent.trouble] ?? "连接已断开，正在重连…";
  const words = agent.isLive ? "已连接" : trouble;
  ui.desk.dataset.live = agent.isLive;
  // Unchanged text is not read out again.
  if (ui.connection.firstChild?.data !== words) ui.connection.replaceChildren(words);
  ui.reload.hidden = agent.isLive || agent.trouble !== "outdated";
}

/** A new offer is read out once, and stays in the title until it is gone. */
function alertOffers() {
  const offers = agent.waiting.filter(({ offered_until }) => offered_until);
  const isNew = offers.some(({ conversation }) => !offered.has(conversation));
  offered = new Set(offers.map(({ conversation }) => conversation));
  if (isNew) announce("有新的会话待您接入");
  let unread = 0;
  for (const conversation of agent.conversations.values()) unread += conversation.unread;
  const mark = offers.length ? "● 新会话待接入 · " : unread ? `(${unread}) ` : "";
  document.title = mark + TITLE;
}

function announce(words) {
  ui.alert.textContent = words;
}

function toast(words) {
  const element = el("p", {}, words);
  ui.toasts.append(element);
  setTimeout(() => element.remove(), TOAST_MS);
}

/** A reply whose conversation is gone: its text stays until the agent has seen it. */
function tellLost({ frame: { conversation, client_id, text }, error }) {
  const seen = el("button", { type: "button" }, "知道了");
  const why = ERROR_WORDS[error] ?? error;
  const words = `给${nameOf(conversation)}的回复没有送达，${why}：“${clean(text)}”`;
  const element = el("p", {}, words, seen);
  seen.onclick = () => {
    element.remove();
    agent.discard(client_id);
  };
  ui.toasts.append(element);
}

function select(id) {
  const conversation = agent.conversations.get(id);
  if (!conversation) return;
  if (id !== selected) {
    if (selected) drafts.set(selected, ui.text.value);
    ui.text.value = drafts.get(id) ?? "";
  }
  selected = id;
  conversation.unread = 0;
  open(id);
  show();
  ui.text.focus();
}

/** Draws a conversation from its records. */
function open(id) {
  const conversation = agent.conversations.get(id);
  ui.empty.hidden = Boolean(conversation);
  ui.open.hidden = !conversation;
  ui.facts.hidden = !conversation;
  if (!conversation) return;
  ui.who.textContent = nameOf(id);
  const records = conversation.records.map((record) => elementOf(record, agent.name));
  ui.records.replaceChildren(...records);
  ui.contacts.replaceChildren(...conversation.contacts.map((contact) => el("li", {}, clean(contact))));
  if (!conversation.contacts.length) ui.contacts.append(el("li", { className: "soft" }, "未留"));
  showUnsent();
  showBar();
  toBottom();
}

function showBar() {
  const conversation = agent.conversations.get(selected);
  if (!conversation) {
    ui.open.hidden = ui.facts.hidden = true;
    ui.empty.hidden = false;
    return;
  }
  const { isReleased, records } = conversation;
  ui.state.textContent = isReleased ? "会话已离开您名下，仅供查看" : "由您接待";
  ui.return.hidden = ui.close.hidden = isReleased;
  ui.return.disabled = ui.close.disabled = !agent.isLive;
  ui["put-away"].hidden = !isReleased;
  ui.composer.hidden = isReleased;
  ui.older.hidden = !records.length || records[0].seq <= 1;
  ui.older.disabled = !agent.isLive;
  ui.fence.hidden = !fences.has(selected);
  ui.fence.textContent = fences.get(selected) ?? "";
  showFacts(conversation);
}

function showFacts({ id, records }) {
  const last = (type) => records.findLast(({ event }) => event.type === type);
  const queued = last("queued");
  const joined = last("agent_joined");
  const episode = last("episode_started");
  const danger = dangerOf(records);
  const rows = [
    ["编号", id],
    ["危险", danger ? dangerWords(danger) : null],
    ["次数", episode ? `第 ${episode.event.episode} 次会话` : null],
    ["转人工原因", queued ? (REASON_WORDS[queued.event.reason] ?? queued.event.reason) : null],
    ["优先级", queued ? String(queued.event.priority) : null],
    ["接入时间", joined ? timeOf(joined.at) : null],
  ];
  const pairs = rows.filter(([, value]) => value !== null);
  ui["facts-list"].replaceChildren(
    ...pairs.flatMap(([term, value]) => [el("dt", {}, term), el("dd", {}, value)]),
  );
}

/** Adds older records on top; the scroll position stays. */
function prepend(records) {
  const first = ui.records.firstElementChild;
  const { top } = first.getBoundingClientRect();
  first.before(...records.map((record) => elementOf(record, agent.name)));
  ui.log.scrollTop += first.getBoundingClientRect().top - top;
  showBar();
}

function showUnsent() {
  const actions = {
    retry(id) {
      fences.delete(selected);
      agent.retry(id);
      showUnsent();
      showBar();
    },
    takeBack(item) {
      fences.delete(selected);
      takeBack(item);
      showBar();
      ui.text.focus();
    },
    discard(id) {
      fences.delete(selected);
      agent.discard(id);
      showUnsent();
      showBar();
    },
  };
  const items = agent.unsent(selected).map((item) => unsentElement(item, agent.isLive, actions));
  ui.unsent.replaceChildren(...items);
}

/** Puts the text of a reply that was not sent back into the box of its conversation. */
function takeBack(item) {
  if (!item) return;
  const { frame, lane } = item;
  agent.discard(frame.client_id);
  const typed = lane === selected ? ui.text.value : drafts.get(lane);
  const words = [typed, frame.text].filter(Boolean).join("\n");
  if (lane === selected) ui.text.value = words;
  else drafts.set(lane, words);
  showUnsent();
}

function accept(row) {
  agent.accept(row);
}

function acceptNext() {
  const { waiting, messages } = agent;
  const next =
    waiting.find(({ offered_until }) => offered_until) ??
    waiting.find(({ offered_elsewhere }) => !offered_elsewhere) ??
    messages[0];
  if (next) accept(next);
  else toast("没有待接入的会话");
}

function step(by) {
  const ids = [...agent.conversations.keys()];
  if (!ids.length) return;
  const at = ids.indexOf(selected);
  select(ids[(at + by + ids.length) % ids.length]);
}

function ask(words, then) {
  const conversation = agent.conversations.get(selected);
  if (!conversation || conversation.isReleased || ui.confirm.open) return;
  ui["confirm-text"].textContent = words;
  ui.confirm.returnValue = "no";
  ui.confirm.onclose = () => {
    if (ui.confirm.returnValue === "yes") then(conversation);
    ui.text.focus();
  };
  ui.confirm.showModal();
}

const askReturn = () => ask("转回机器人？之后由机器人答复客户。", (open) => agent.returnToBot(open));
const askClose = () => ask("结束本次会话？客户将被邀请评分。", (open) => agent.close(open));

function send() {
  const text = ui.text.value.trim();
  const conversation = agent.conversations.get(selected);
  if (!text || !conversation || conversation.isReleased) return;
  fences.delete(selected);
  agent.reply(selected, text);
  ui.text.value = "";
  drafts.delete(selected);
  toBottom();
}

const setStatus = (status) => agent.setStatus(status);

// By place on the keyboard: with Alt, some systems give another letter.
const SHORTCUTS = {
  KeyJ: acceptNext,
  ArrowUp: () => step(-1),
  ArrowDown: () => step(1),
  KeyR: askReturn,
  KeyX: askClose,
  KeyS: () => setStatus(agent.status === "ready" ? "break" : "ready"),
};

function onShortcut(event) {
  const { altKey, ctrlKey, metaKey, shiftKey, isComposing, code } = event;
  const action = SHORTCUTS[code];
  if (!action || !altKey || ctrlKey || metaKey || shiftKey || isComposing) return;
  event.preventDefault();
  if (agent.isLive && !ui.confirm.open) action();
}

function loginWords({ code, waitS }) {
  const words = {
    unauthorized: "坐席名或密码不对",
    rate_limited: `尝试过于频繁，请${waitS ? ` ${waitS} 秒` : "稍"}后再试`,
    forbidden_origin: TROUBLE_WORDS.forbidden,
  };
  return words[code] ?? `登录未成功（${code}）`;
}

async function login(event) {
  event.preventDefault();
  ui["login-go"].disabled = true;
  ui["login-error"].textContent = "";
  try {
    const refusal = await agent.login(ui.name.value.trim(), ui.password.value);
    if (refusal) ui["login-error"].textContent = loginWords(refusal);
  } catch {
    ui["login-error"].textContent = "连不上服务，请稍后再试";
  }
  ui.password.value = "";
  ui["login-go"].disabled = false;
}

ui.login.addEventListener("submit", login);
ui.logout.onclick = () => agent.logout();
ui.reload.onclick = () => location.reload();
ui.status.addEventListener("change", ({ target }) => setStatus(target.value));
ui.return.onclick = askReturn;
ui.close.onclick = askClose;
ui["put-away"].onclick = () => {
  const id = selected;
  selected = null;
  agent.putAway(id);
};
ui.older.onclick = () => agent.askOlder(agent.conversations.get(selected));
ui.text.addEventListener("keydown", (event) => {
  if (!isSendKey(event)) return;
  event.preventDefault();
  send();
});
ui.composer.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
addEventListener("keydown", onShortcut);
document.addEventListener("visibilitychange", () => {
  const conversation = agent.conversations.get(selected);
  if (conversation && !document.hidden) conversation.unread = 0;
  show();
});
setInterval(() => lists.tick(), 1_000);
if (!agent.resume()) show();
