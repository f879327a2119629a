// An agent's records as elements: messages, the bot's candidates, and events in between.

import { clean, el } from "./dom.js";
import { markdown, stepList } from "./markdown.js";
import { GUARD_KINDS } from "./protocol.js";

/** The reasons for a handoff. */
export const REASON_WORDS = {
  asked: "客户要求人工",
  misses: "机器人连续未答上",
  intent: "涉及需人工处理的事项",
  entry: "该问题须由人工解答",
  agent_lost: "原坐席掉线",
  bot_failed: "机器人出故障",
};

/** The kinds of danger, as the guard calls them in Chinese. */
const DANGER_WORDS = {
  crisis: "本人可能轻生、自伤",
  crisis_near: "身边的人可能轻生、自伤",
  distress: "情绪低落",
  fraud: "正在被骗或被胁迫",
  theft: "正在被盗",
  violence: "扬言伤人",
};

/** A kind of danger in words. */
export const dangerWords = (kind) => `⚠ 危险：${DANGER_WORDS[kind] ?? kind}`;

const KIND_WORDS = { answer: "解答", clarify: "反问", fallback: "兜底", intent: "意图" };

const OCCASION_WORDS = {
  queued: "进入排队",
  off_hours: "非服务时间",
  no_agent: "无坐席可接",
  agent_joined: "坐席接入",
  agent_lost: "坐席掉线",
  back_to_bot: "转回机器人",
  left_queue: "离开排队",
  message_kept: "留言已存",
  idle: "静默提醒",
  rate: "邀请评分",
  rated: "感谢评分",
  secret_destroyed: "敏感信息已销毁",
  queue_unstaffed: "已无坐席在线",
  queue_full: "排队已满",
  queue_staffed: "有坐席上线",
  safety: "安全提示",
};

/** The reasons for a refusal. */
export const ERROR_WORDS = {
  bad_frame: "内容无法识别",
  expired: "超过 15 分钟",
  bad_length: "内容为空或过长",
  client_id_reused: "消息编号重复",
  conflict: "会话已有变化，请查看后重发",
  refused_words: "按合规规则不能发送",
  rate_limited: "操作过于频繁",
  fenced: "会话归属已变更",
  not_owner: "会话已不在您名下",
  wrong_phase: "会话当前状态不允许此操作",
  at_limit: "已达到同时接待上限",
  unknown_conversation: "会话不存在",
  unavailable: "服务暂不可用，将自动重试",
  draining: "服务正在重启，将自动重试",
};

const clock = new Intl.DateTimeFormat("zh-CN", { timeStyle: "medium", hourCycle: "h23" });
const calendar = new Intl.DateTimeFormat("zh-CN", { month: "numeric", day: "numeric" });

/** The time of day, with the date if it is not today. */
export function timeOf(at) {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? clock.format(date) : `${calendar.format(date)} ${clock.format(date)}`;
}

/** Customers have no names here: the end of the conversation's id identifies them. */
export const nameOf = (conversation) => `客户 ${conversation.slice(-4).toUpperCase()}`;

/**
 * Since when the customer waits for the agent's answer, and how often the agent was reminded;
 * null when the agent spoke last. `records` may begin in the middle.
 */
export function waitOf(records) {
  let since = null;
  let reminders = 0;
  for (const { at, event } of records) {
    if (event.type === "agent_said") since = null;
    else if (event.type === "agent_joined" || (event.type === "customer_said" && !since)) {
      since = at;
      reminders = 0;
    } else if (event.type === "agent_reminded") reminders += 1;
  }
  return since && { since, reminders };
}

/** The most urgent danger, first of `GUARD_KINDS`, that the customer told of and that is not over, or null. */
export function dangerOf(records) {
  let danger = null;
  for (const { event } of records) {
    if (event.type === "danger_over" || event.type === "episode_started") danger = null;
    else if (event.type === "danger_found") {
      const isMore = danger === null || GUARD_KINDS.indexOf(event.kind) < GUARD_KINDS.indexOf(danger);
      if (isMore) danger = event.kind;
    }
  }
  return danger;
}

/** A record in one line for the list of conversations. */
export function summaryOf({ event }) {
  const { type, text } = event;
  if (!text) return null;
  const who = { bot_said: "机器人：", agent_said: "我方：", message_left: "留言：", noticed: null }[type];
  if (who === null) return null;
  const words = clean(text).replace(/\*\*|\[([^\]]*)\]\([^)]*\)/g, "$1");
  return (who ?? "") + words.replace(/\s+/g, " ");
}

function bubble(side, who, at, content, ...below) {
  const time = at ? el("time", { dateTime: at }, timeOf(at)) : null;
  return el(
    "article",
    { className: `bubble ${side}` },
    el("p", { className: "who" }, who, time),
    el("div", { className: "text", dir: "auto" }, content),
    ...below,
  );
}

function line(text, at) {
  const time = el("time", { dateTime: at }, timeOf(at));
  return el("p", { className: "line" }, text, time);
}

function found({ entry, intent, candidates }) {
  const rows = candidates.map(({ entry: id, question, confidence }) => {
    const percent = `${Math.round(confidence * 100)}%`;
    const meter = el("span", { className: "meter", role: "presentation" });
    meter.style.setProperty("--part", percent);
    return el(
      "li",
      id === entry ? { className: "chosen" } : {},
      el("span", { className: "percent" }, percent),
      meter,
      el("span", { className: "question" }, clean(question)),
      el("code", {}, id),
    );
  });
  const source = [entry && `条目 ${entry}`, intent && `意图 ${intent}`].filter(Boolean).join(" · ");
  return el(
    "div",
    { className: "found" },
    source ? el("p", {}, source) : null,
    rows.length ? el("ol", { "aria-label": "机器人的候选与置信度" }, ...rows) : null,
  );
}

/** Rule violations in one line for the agent. */
export const foundWords = (found) =>
  found.map(({ rule, name, words }) => `“${clean(words)}”（${rule} ${clean(name)}）`).join("、");

function flags(found) {
  return found.length ? el("p", { className: "flag" }, `合规提示：${foundWords(found)}`) : null;
}

/** A record as an element. */
export function elementOf({ at, event }, ownName) {
  switch (event.type) {
    case "episode_started":
      return line(`第 ${event.episode} 次会话`, at);
    case "customer_said":
      return bubble("customer", "客户", at, clean(event.text), flags(event.found ?? []));
    case "human_asked":
      return line("客户点了“转人工”", at);
    case "bot_said":
      return bubble(
        "bot",
        `机器人 · ${KIND_WORDS[event.kind] ?? event.kind}`,
        at,
        markdown(event.text),
        stepList(event.steps, `步骤（${event.steps?.length} 步）`),
        found(event),
      );
    case "agent_said": {
      const who = event.agent === ownName ? "我" : clean(event.agent);
      return bubble("agent", `人工 · ${who}`, at, clean(event.text));
    }
    case "noticed": {
      const occasion = OCCASION_WORDS[event.occasion] ?? event.occasion;
      return line(`系统（${occasion}）：${clean(event.text)}`, at);
    }
    case "danger_found": {
      const element = line(`${dangerWords(event.kind)}（客户上一句）`, at);
      element.classList.add("danger");
      return element;
    }
    case "danger_over":
      return line("客户改问别的，安全提示不再重复", at);
    case "queued":
      return line(`进入排队：${REASON_WORDS[event.reason] ?? event.reason}，优先级 ${event.priority}`, at);
    case "offered":
      return line(`派给 ${clean(event.agent)}`, at);
    case "offer_ended":
      return line(`${clean(event.agent)} 未接入`, at);
    case "agent_joined":
      return line(`${clean(event.agent)} 接入会话`, at);
    case "agent_lost":
      return line(`${clean(event.agent)} 掉线，等待重连`, at);
    case "agent_back":
      return line(`${clean(event.agent)} 已重连`, at);
    case "returned_to_bot":
      return line("转回机器人", at);
    case "message_asked":
      return line("已请客户留言", at);
    case "message_left": {
      const note = event.has_contact ? "（留有联系方式）" : "（未留联系方式）";
      return bubble("customer", `客户 · 留言${note}`, at, clean(event.text));
    }
    case "agent_reminded": {
      const element = line(`客户已等 ${event.waited_s} 秒，请 ${clean(event.agent)} 尽快答复`, at);
      element.classList.add("late");
      return element;
    }
    case "idle_warned":
      return line("客户静默，已提醒", at);
    case "ended":
      return line("会话结束", at);
    case "rated": {
      const comment = event.comment ? `，意见：${clean(event.comment)}` : "";
      return line(`客户评分 ${event.stars} 星${comment}`, at);
    }
    case "closed":
      return line("会话关闭", at);
    default:
      return line(`（${event.type}）`, at);
  }
}

/** A reply that is not acknowledged: `actions` are `retry(id)`, `takeBack(item)`, `discard(id)`. */
export function unsentElement(item, isLive, actions) {
  const { frame, error } = item;
  const state = el("p", { className: "state" });
  if (error) {
    const retry = () => actions.retry(frame.client_id);
    const takeBack = () => actions.takeBack(item);
    const discard = () => actions.discard(frame.client_id);
    state.append(
      `未送达：${ERROR_WORDS[error] ?? error}`,
      el("button", { type: "button", onclick: retry }, "重试"),
      el("button", { type: "button", onclick: takeBack }, "放回输入框"),
      el("button", { type: "button", onclick: discard }, "删除"),
    );
  } else {
    state.append(isLive ? "发送中" : "待发送，连上后自动发出");
  }
  const element = bubble("agent", "人工 · 我", null, clean(frame.text), state);
  element.dataset.state = error ? "failed" : "waiting";
  return element;
}
