//! A small root folder, quick to index, whose answers the tests know.

use std::path::Path;

use tempfile::TempDir;

const ENTRIES: &str = "version: 1
defaults: {category: payment, class: general, checked: 2026-11-22, review_due: 2099-01-01}
entries:
  - id: payment.withdraw.arrival
    question: 提现多久到账
    similar: [提现几天能到账, 提现什么时候到银行卡, 提出来的钱多久能到, 提现到账时间, 提现一直没到账]
    answer: 提现一般在下一个工作日到账，热线{{hotline}}。
    follow_ups: [payment.withdraw.fee]
    compliance: {source: 运营方规则}
  - id: payment.withdraw.fee
    question: 提现要手续费吗
    similar: [提现收费吗, 提现手续费是多少, 提现扣多少手续费, 为什么提现要收钱, 提现手续费怎么算]
    answer: 提现费用以确认页为准。
    compliance: {source: 运营方规则}
  - id: account.password.reset
    category: account
    question: 忘记登录密码怎么办
    similar: [登录密码忘了, 怎么找回登录密码, 登录密码怎么重置, 想不起登录密码了, 登不上去密码不对]
    answer: 在登录页点“忘记密码”。
    compliance: {source: 运营方规则}
  - id: account.close.how
    category: account
    question: 怎么注销账户
    similar: [我要注销账号, 账户怎么销户, 不想用了怎么注销, 注销账户流程, 怎么把账号删掉]
    answer: 在设置里申请注销。
    handoff: offer
    compliance: {source: 运营方规则}
";

const INTENTS: &str = "version: 1
intents:
  - id: human.request
    priority: 60
    examples: [转人工, 我要人工客服, 找真人说话]
    patterns: ['^(转|找|要|我要)?(人工|真人)(客服)?$']
    action: {type: handoff, text: 好的，请不要发送密码。, priority: 5}
  - id: smalltalk.thanks
    examples: [谢谢, 谢谢你, 太感谢了, 多谢帮忙]
    action: {type: reply, text: 不客气。}
";

const POLICY: &str = "version: 1
policy:
  welcome: 您好，我是机器人小云。
  hot_questions: [payment.withdraw.arrival, account.password.reset]
  texts:
    clarify: 您想问的是哪一个？
    fallback: 没听懂，请换个说法。急事打 110、120、12356。
    fallback_again: 还是没听懂，要请人来看。急事打 110、120、12356。
    queued: 正在为您转接。
    off_hours: '现在不在服务时间，{{next_opening}}开始。急事打 110、120、12356。'
    no_agent: 坐席都不在，请留言。急事打 110、120、12356。
    agent_joined: '坐席{{agent}}为您服务。'
    agent_lost: 坐席掉线了，重新为您转接。
    back_to_bot: 由机器人继续为您服务。
    left_queue: 已离开排队。
    message_kept: 留言已收到。
    idle: 您还在吗？
    rate: 请评价本次服务。
    rated: 谢谢评价。
    secret_destroyed: 密码没有保存，请不要发送密码。
    queue_unstaffed: 现在没有坐席在线，可以等，也可以留言。
    queue_staffed: 有坐席上线了，请再等一下。
    queue_full: 排队已满，请留言。急事打 110、120、12356。
    clarify_one: '您是想问「{{question}}」吗？'
    without_figure: 规定可能变了，拨打{{hotline}}核实。
    clarify_fraud: 正在转账的，请先停下，打 110 或 96110。
    safety_line: 急事打 110、120、12356。
";

const HOURS: &str = "version: 1
time_zone: Asia/Shanghai
week: {mon: ['00:00-24:00'], tue: ['00:00-24:00'], wed: ['00:00-24:00'], thu: ['00:00-24:00'],
  fri: ['00:00-24:00'], sat: ['00:00-24:00'], sun: ['00:00-24:00']}
";

const RULES: &str = "version: 1
classes: {general: {}}
denials: {before: [不]}
rules:
  - {code: CP001, name: 承诺保本, severity: error, applies_to: [answer, agent], words: [保本], source: 法律, mend: 说明不保本}
  - {code: CP007, name: 绝对化用语, severity: warning, applies_to: [agent], words: [最安全], source: 法律, mend: 换个说法}
  - {code: CP014, name: 问违法的事, severity: warning, applies_to: [customer], words: [跑分], source: 法律, mend: 不提供办法}
";

/// Writes the root. Agents are on duty at all hours.
pub(crate) fn small_root() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "knowledge/payment.yaml", ENTRIES);
    write(root.path(), "knowledge/variables.yaml", "version: 1\nvariables: {hotline: '95000'}\n");
    write(root.path(), "knowledge/compliance.yaml", RULES);
    write(root.path(), "knowledge/hours.yaml", HOURS);
    write(root.path(), "knowledge/dict.txt", "提现\n到账\n");
    write(root.path(), "knowledge/industry.yaml", include_str!("../../../knowledge/industry.yaml"));
    // Without rules: what the shipped guard finds has tests of its own.
    write(root.path(), "intents/guard.yaml", "version: 1\n");
    write(root.path(), "intents/service.yaml", INTENTS);
    write(root.path(), "intents/policy.yaml", POLICY);
    root
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}
