// The widget's own texts. Texts of the bot, agents and the system come from the server.

const ZH_CN = {
  title: "在线客服",
  bot: "机器人",
  agent: "人工",
  system: "系统",
  urgent: "重要提示",
  steps: "查看步骤（{n} 步）",
  me: "我",
  connecting: "正在连接…",
  botServes: "机器人为您服务，可随时转人工",
  agentServes: "人工坐席 {agent} 为您服务",
  queueing: "正在排队等待人工",
  isOver: "会话已结束，发消息可重新开始",
  offline: "网络已断开，正在重连。消息会保留，连上后自动发出。",
  outdated: "页面版本已更新，请刷新后继续。",
  reload: "刷新",
  replaced: "已在其他页面打开，点这里继续",
  forbidden: "暂时无法连接在线客服。",
  call: "拨打 {phone}",
  human: "转人工",
  humanAsking: "正在转人工…",
  humanWaiting: "排队中",
  humanServing: "人工服务中",
  ahead: "前面还有 {n} 位",
  next: "您是下一位",
  leaveQueue: "离开排队",
  end: "结束会话",
  endAsk: "结束本次会话？",
  endYes: "结束",
  endNo: "继续咨询",
  collapse: "收起",
  log: "会话内容",
  placeholder: "请输入您的问题",
  input: "输入消息",
  suggestions: "相关问题",
  suggested: "{n} 个相关问题，按上下键选择",
  send: "发送",
  keys: "Enter 发送，Shift+Enter 换行 · ",
  caution: "请勿发送密码、验证码",
  tooLong: "超出 {n} 字",
  newer: "有新消息",
  sending: "发送中",
  waiting: "待发送",
  sent: "已送达",
  failed: "未送达（{why}）",
  retry: "重试",
  copy: "复制",
  discard: "删除",
  episode: "新的会话",
  closed: "本次会话已结束",
  left: "留言",
  messageTitle: "留言给人工客服",
  messageText: "留言内容",
  messageHint: "请描述您的问题，请勿填写密码、验证码",
  contact: "联系方式（选填）",
  contactHint: "手机号或邮箱",
  consent: "同意为回复本次留言而单独保存以上联系方式",
  consentNeeded: "填写联系方式后，请先勾选同意",
  textNeeded: "请填写留言内容",
  leave: "提交留言",
  notNow: "暂不",
  rateTitle: "请为本次服务评分",
  star: "{n} 星",
  comment: "补充意见（选填）",
  rate: "提交评价",
  starsNeeded: "请先选择星级",
  rated: "您的评分：{n} 星",
  errors: {
    rate_limited: "发送过于频繁，请稍后",
    bad_length: "内容为空或过长",
    bad_frame: "内容无法识别",
    client_id_reused: "编号重复",
    conflict: "对话已有变化，请重发",
    expired: "超过 15 分钟",
    wrong_phase: "当前状态下无法操作",
    unavailable: "服务暂不可用，请稍后",
    other: "服务异常",
  },
};

/** The locale of a BCP 47 tag: Traditional for Taiwan, Hong Kong and Macau, else Simplified. */
export function localeOf(tag) {
  if (/^zh.*(hant|tw|hk|mo)/i.test(tag)) return "zh-TW";
  return /^(zh|$)/i.test(tag) ? "zh-CN" : "en";
}

async function tableOf(locale) {
  if (locale === "zh-TW") return (await import("./texts-zh-tw.js")).default;
  if (locale === "en") return (await import("./texts-en.js")).default;
  return ZH_CN;
}

/** `t(name, values)`: a text with its values filled in. */
export async function textsOf(locale) {
  const table = await tableOf(locale);
  const t = (name, values = {}) =>
    table[name].replace(/\{(\w+)\}/g, (_, key) => String(values[key]));
  t.error = (code) => table.errors[code] ?? table.errors.other;
  return t;
}
