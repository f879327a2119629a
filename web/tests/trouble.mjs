// What the pages do when something around them is wrong: the server is down, refuses the page's
// origin or a frame, or the host page is torn down. Needs what journey.mjs needs. Nothing here
// sleeps: each step waits for what it expects. The steps do not build on one another.

import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import net from "node:net";

import { chromium } from "playwright-core";

import { Server } from "./server.mjs";

const WITHIN_MS = 15_000;
const PHONE = { viewport: { width: 375, height: 667 }, isMobile: true, hasTouch: true };
const MINUTE_MS = 60_000;
const UNREADABLE_CLOSE = 1007;
const REPLACED_CLOSE = 4009;
const HELLO_CLOSE = 4002;
const FAULT_CLOSE = 1011;

const server = new Server();
// A page of the operator, on an origin of its own; its query are attributes of the script tag.
const host = http.createServer(({ url }, response) => {
  const { pathname, searchParams } = new URL(url, "http://host");
  const attributes = [...searchParams];
  const kefu = pathname === "/behind-a-proxy" ? proxyUrl : server.url;
  const tag = attributes.map(([name, value]) => `data-${name}="${value}"`).join(" ");
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.end(`<!doctype html><html lang="zh-CN"><meta name="viewport" content="width=device-width">
    <title>商户</title><body><h1>商户的网页</h1><script src="${kefu}/loader.js" ${tag}></script>`);
});
// A proxy that is not named in `public_origin`.
const proxy = net.createServer((client) => {
  const { hostname, port } = new URL(server.url);
  const upstream = net.connect(Number(port), hostname);
  for (const [from, to] of [[client, upstream], [upstream, client]]) {
    from.pipe(to);
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
  }
});
let browser;
let hostUrl;
let proxyUrl;
let isUp = false;
const contexts = [];

async function newPage(options = {}) {
  const context = await browser.newContext({ locale: "zh-CN", reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(WITHIN_MS);
  contexts.push(context);
  const page = await context.newPage();
  page.errors = [];
  page.on("console", (message) => message.type() === "error" && page.errors.push(message.text()));
  page.on("pageerror", (error) => page.errors.push(`uncaught: ${error.message}`));
  return page;
}

/** Kefu, which lets the host embed it. */
async function startServer() {
  if (!isUp) await server.start("--allowed-origins", hostUrl);
  isUp = true;
}

async function killServer() {
  isUp = false;
  await server.kill();
}

const launcher = (page) => page.getByRole("button", { name: /^在线客服/ });
const panel = (page) => page.getByRole("dialog", { name: "在线客服" });
const widget = (page) => page.frameLocator("iframe");
const input = (page) => widget(page).getByLabel("输入消息");
const own = (page, text) => widget(page).locator(".bubble.me", { hasText: text });
const told = (page, about) => page.errors.filter((text) => text.includes(about));

async function open(page) {
  await launcher(page).click();
  await live(page);
}

async function live(page) {
  await widget(page).locator('#log[aria-busy="false"][data-live="true"]').waitFor();
}

async function say(page, text) {
  await input(page).fill(text);
  await input(page).press("Enter");
}

async function isSent(page, text) {
  await widget(page).locator('.bubble.me[data-state="sent"]', { hasText: text }).waitFor();
  assert.equal(await own(page, text).count(), 1);
}

async function isFailed(page, text) {
  await widget(page).locator('.bubble.me[data-state="failed"]', { hasText: text }).waitFor();
}

/** All that was to be scrolled is. */
async function settled(page) {
  const done = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  await widget(page).locator("#scroller").evaluate(done);
}

/** Which of the loader's elements has the focus, in the page or the frame. */
function focused(page) {
  return page.evaluate(() => {
    const active = document.activeElement?.shadowRoot?.activeElement;
    return active?.tagName === "BUTTON" ? active.className : active?.tagName;
  });
}

/** Stands between page and server: `onFrame(frame, page, server)` says true for what it took. */
async function between(page, onFrame, onOpen = () => {}) {
  const sockets = [];
  await page.routeWebSocket(/\/v1\/(customer|agent)$/, (route) => {
    sockets.push(route);
    const upstream = route.connectToServer();
    route.onMessage((message) => onFrame(JSON.parse(message), route, upstream) || upstream.send(message));
    upstream.onMessage((message) => onOpen(JSON.parse(message), route) || route.send(message));
  });
  return sockets;
}

const error = (more) => JSON.stringify({ type: "error", code: "bad_frame", message: "", ...more });

async function signIn(page) {
  await page.goto(`${server.url}/console`);
  await page.getByLabel("坐席名").fill(server.agent.name);
  await page.getByLabel("密码").fill(server.agent.password);
  await page.getByRole("button", { name: "登录" }).click();
  await page.getByText("已连接").waitFor();
}

const steps = {
  async "a message whose acknowledgement was lost is shown once, whether or not the page can hash"() {
    await startServer();
    for (const canHash of [true, false]) {
      const page = await newPage();
      const noHash = () => Object.defineProperty(Crypto.prototype, "subtle", { get: () => undefined });
      if (!canHash) await page.context().addInitScript(noHash);
      let lost = 0;
      let hold;
      const held = new Promise((done) => (hold = done));
      const shown = widget(page).locator(".bubble.me:not([hidden])");
      await between(page, () => false, (frame, route) => {
        if (frame.type !== "ack") return false;
        lost += 1;
        if (lost === 1) route.close({ code: FAULT_CLOSE });
        else hold(() => route.send(JSON.stringify(frame)));
        return true;
      });
      await page.goto(hostUrl);
      await open(page);
      await say(page, "提现多久到账");
      if (!canHash) {
        // Its event is there, and nothing tells yet that it is this message's.
        const sendIt = await held;
        assert.equal(await shown.count(), 1, "while it waits");
        sendIt();
      }
      await isSent(page, "提现多久到账");
      assert.equal(await shown.count(), 1);
      const sides = await widget(page).locator(".bubble").evaluateAll((all) => all.map(({ className }) => className));
      assert.equal(sides.indexOf("bubble me"), sides.lastIndexOf("bubble bot") - 1, sides.join());
      assert.equal(lost, canHash ? 1 : 2);
    }
  },

  async "with the server down a phone's panel can be left, called from, and tried again"() {
    const page = await newPage(PHONE);
    await page.goto(`${hostUrl}/?phone=24 小时 400-000-0001 (9:00-21:00)`);
    await launcher(page).waitFor();
    await killServer();
    await launcher(page).tap();
    const away = panel(page).getByRole("button", { name: "收起" });
    const { x, y, width, height } = await away.boundingBox();
    assert.ok(width >= 44 && height >= 44 && y >= 0 && x + width <= 375);
    // In the way of nothing: it is what the finger meets.
    await away.tap();
    await panel(page).waitFor({ state: "hidden" });
    await launcher(page).tap();
    await page.keyboard.press("Escape");
    await panel(page).waitFor({ state: "hidden" });
    assert.equal(await focused(page), "launcher");
    await launcher(page).tap();
    await panel(page).getByText("暂时无法连接在线客服").waitFor();
    const call = panel(page).getByRole("link", { name: "拨打 24 小时 400-000-0001 (9:00-21:00)" });
    assert.equal(await call.getAttribute("href"), "tel:4000000001");
    await startServer();
    await panel(page).getByRole("button", { name: "重试" }).tap();
    await live(page);
    await page.waitForFunction(() => document.activeElement?.shadowRoot?.activeElement?.tagName === "IFRAME");
    await page.keyboard.press("Escape");
    await panel(page).waitFor({ state: "hidden" });
    assert.equal(await focused(page), "launcher");
  },

  async "an origin that may not embed is named to its developer, and the panel can be left"() {
    const page = await newPage(PHONE);
    const foreign = hostUrl.replace("127.0.0.1", "localhost");
    await page.goto(`${foreign}/?phone=95000`);
    await launcher(page).tap();
    await panel(page).getByText("暂时无法连接在线客服").waitFor();
    await panel(page).getByRole("link", { name: "拨打 95000" }).waitFor();
    await panel(page).getByRole("button", { name: "重试" }).tap();
    await panel(page).getByText("暂时无法连接在线客服").waitFor();
    assert.deepEqual(told(page, "allowed_origins"), [
      `kefu: this page's origin ${foreign} is not in allowed_origins of ${server.url}`,
    ]);
    await panel(page).getByRole("button", { name: "关闭" }).tap();
    await panel(page).waitFor({ state: "hidden" });
    assert.equal(await focused(page), "launcher");
  },

  async "kefu's own origin refused is no broken network"() {
    const page = await newPage();
    await page.goto(`${proxyUrl}/widget`);
    for (const how of ["a new customer", "a socket"]) {
      await page.locator("#banner", { hasText: "暂时无法连接在线客服" }).waitFor();
      assert.equal(await page.getByText("重连").count(), 0, how);
      const [text, ...rest] = told(page, "public_origin");
      assert.ok(text.includes(proxyUrl) && rest.length === 0, how);
      page.errors = [];
      const account = { token: "x", conversation: "x" };
      await page.evaluate((account) => (localStorage["kefu.customer"] = JSON.stringify(account)), account);
      await page.reload();
    }
    await page.goto(`${hostUrl}/behind-a-proxy?phone=95001 (9点-21点)`);
    await launcher(page).click();
    const call = widget(page).locator("#banner").getByRole("link", { name: "拨打 95001 (9点-21点)" });
    assert.equal(await call.getAttribute("href"), "tel:95001");
  },

  async "a host page may throw everything away: one launcher stays, and works"() {
    const page = await newPage();
    await page.goto(hostUrl);
    await open(page);
    await input(page).fill("写到一半");
    await page.keyboard.press("Escape");
    await page.evaluate(async (source) => {
      const again = () =>
        new Promise((onload) => document.body.append(Object.assign(document.createElement("script"), { src: source, onload })));
      for (let round = 0; round < 20; round += 1) {
        const body = document.createElement("body");
        if (round % 3 === 0) document.body = body;
        else if (round % 3 === 1) document.body.replaceWith(body);
        else document.body.innerHTML = "";
        if (round === 10) window.kefu = [];
        await again();
      }
    }, `${server.url}/loader.js`);
    const tearings = {
      none: () => {},
      root: () => (document.documentElement.innerHTML = "<head></head><body></body>"),
      all: () => document.replaceChild(document.createElement("html"), document.documentElement),
      "open and write": () => {
        document.open();
        document.write("<!doctype html><body><p>新页面</p>");
        document.close();
      },
    };
    for (const [name, tear] of Object.entries(tearings)) {
      await page.evaluate(tear);
      await launcher(page).waitFor();
      assert.equal(await launcher(page).count(), 1, name);
      await open(page);
      assert.equal(await input(page).inputValue(), "写到一半", name);
      assert.equal(await page.locator("iframe").count(), 1, name);
      await page.keyboard.press("Escape");
      await panel(page).waitFor({ state: "hidden" });
    }
  },

  async "half a character is sent as none, and keeps nothing waiting"() {
    const page = await newPage();
    await page.goto(server.url);
    await open(page);
    // As when the length of an input method's text is cut; the test's own line would mend it.
    await input(page).evaluate((box) => (box.value = `一半${String.fromCharCode(0xd83d)}`));
    await input(page).press("Enter");
    await isSent(page, "一半");
    await say(page, "提现多久到账");
    await isSent(page, "提现多久到账");
  },

  async "a frame that cannot be read fails alone, whatever the server says of it"() {
    const page = await newPage();
    const sends = { "坏的一": 0, "坏的二": 0, "坏的三": 0 };
    await between(page, ({ text, client_id }, route) => {
      if (!(text in sends)) return false;
      sends[text] += 1;
      if (text === "坏的一") route.send(error({ client_id }));
      if (text === "坏的二") route.send(error());
      if (text === "坏的三") route.close({ code: UNREADABLE_CLOSE });
      return true;
    });
    await page.goto(server.url);
    await open(page);
    for (const text of [...Object.keys(sends), "提现手续费"]) await say(page, text);
    await isSent(page, "提现手续费");
    assert.deepEqual(sends, { "坏的一": 1, "坏的二": 3, "坏的三": 3 });
    await page.reload();
    await open(page);
    for (const text of Object.keys(sends)) await isFailed(page, text);
    await own(page, "坏的一").getByRole("button", { name: "重试" }).click();
    await isFailed(page, "坏的一");
    assert.deepEqual(sends, { "坏的一": 2, "坏的二": 3, "坏的三": 3 });
    for (const text of Object.keys(sends)) {
      await own(page, text).getByRole("button", { name: "删除" }).click();
      assert.equal(await own(page, text).count(), 0);
    }
    await page.reload();
    await open(page);
    await isSent(page, "提现手续费");
    assert.equal(await widget(page).locator('[data-state="failed"]').count(), 0);
  },

  async "a reply that cannot be read fails alone in the console, too"() {
    const customer = await newPage();
    await customer.goto(server.url);
    await open(customer);
    const page = await newPage();
    let sends = 0;
    await between(page, ({ text }, route) => {
      if (text !== "坏的") return false;
      sends += 1;
      route.send(error());
      return true;
    });
    await signIn(page);
    await page.getByRole("radio", { name: "就绪" }).check();
    await widget(customer).locator("#human").click();
    await page.locator("#offers").getByRole("button", { name: "接入" }).click();
    for (const text of ["坏的", "您好"]) {
      await page.getByLabel("回复客户").fill(text);
      await page.getByLabel("回复客户").press("Enter");
    }
    const failed = page.locator('#unsent [data-state="failed"]', { hasText: "坏的" });
    await failed.getByText("内容无法识别").waitFor();
    assert.equal(sends, 3);
    await page.locator("#records .bubble.agent", { hasText: "您好" }).waitFor();
    await failed.getByRole("button", { name: "重试" }).click();
    await failed.waitFor();
    assert.equal(sends, 6);
    await failed.getByRole("button", { name: "删除" }).click();
    await page.locator("#unsent:empty").waitFor({ state: "attached" });
    await page.getByRole("button", { name: "结束会话" }).click();
    await page.getByRole("button", { name: "确定" }).click();
    await page.getByText("仅供查看").waitFor();
    await page.getByRole("radio", { name: "小休" }).check();
  },

  async "a page whose place another took waits until it is used"() {
    const page = await newPage();
    const sockets = await between(page, () => false);
    await page.goto(server.url);
    await open(page);
    await page.clock.install();
    sockets[0].close({ code: REPLACED_CLOSE });
    await widget(page).getByText("已在其他页面打开").waitFor();
    await page.clock.fastForward(MINUTE_MS);
    await page.evaluate(() => dispatchEvent(new Event("online")));
    assert.equal(sockets.length, 1);
    assert.equal(await widget(page).locator("#banner").isVisible(), false);
    await widget(page).locator("#scroller").click();
    await live(page);
    assert.equal(sockets.length, 2);
  },

  async "an old page before a newer server asks to be reloaded, and does not go on and on"() {
    const refusals = {
      close: (route) => route.close({ code: HELLO_CLOSE }),
      version: (route) => route.send(error({ code: "unsupported_protocol" })),
      frame: (route) => route.send(error()),
    };
    for (const [name, refuse] of Object.entries(refusals)) {
      const page = await newPage();
      await page.clock.install();
      let isOld = true;
      const sockets = await between(page, ({ type }, route) => {
        if (type !== "hello" || !isOld) return false;
        refuse(route);
        return true;
      });
      await page.goto(server.url);
      await launcher(page).click();
      const banner = widget(page).locator("#banner", { hasText: "页面版本已更新" });
      await banner.waitFor();
      await page.clock.fastForward(MINUTE_MS);
      assert.equal(sockets.length, 1, name);
      isOld = false;
      await banner.getByRole("button", { name: "刷新" }).click();
      await live(page);
    }
    const page = await newPage();
    let isOld = false;
    const sockets = await between(page, ({ type }, route) => {
      if (type === "hello" && isOld) route.close({ code: HELLO_CLOSE });
      return isOld;
    });
    await signIn(page);
    await page.clock.install();
    isOld = true;
    sockets[0].close({ code: FAULT_CLOSE });
    await page.clock.fastForward(MINUTE_MS);
    await page.getByText("页面版本已更新").waitFor();
    await page.clock.fastForward(MINUTE_MS);
    assert.equal(sockets.length, 2, "console");
    isOld = false;
    await page.getByRole("button", { name: "刷新" }).click();
    await page.getByText("已连接").waitFor();
  },

  async "nor does one whose frame a newer server cannot read any more"() {
    const page = await newPage();
    // As pages are served: from a folder that is named by their version.
    await page.route(/\/widget\?/, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(/"\/web\/(?:[^/"]+\/)?/g, '"/web/before/');
      await route.fulfill({ response, body });
    });
    await page.route(/\/web\/before\//, async (route) => {
      const url = route.request().url().replace("/web/before/", "/web/");
      await route.fulfill({ response: await route.fetch({ url }) });
    });
    let sends = 0;
    const tellBuild = (frame, route) => {
      if (frame.type !== "welcome") return false;
      route.send(JSON.stringify({ ...frame, build: "after" }));
      return true;
    };
    const refuse = ({ type, client_id }, route) => {
      if (type !== "send") return false;
      sends += 1;
      route.send(error({ client_id }));
      return true;
    };
    await between(page, refuse, tellBuild);
    await page.goto(server.url);
    await open(page);
    await say(page, "提现多久到账");
    await widget(page).locator("#banner", { hasText: "页面版本已更新" }).waitFor();
    assert.equal(sends, 1);
    await own(page, "提现多久到账").getByText("待发送").waitFor();
  },

  async "who signs in too often is told for how long to wait"() {
    const page = await newPage();
    const headers = { "retry-after": "12" };
    const json = { error: { code: "rate_limited", message: "" } };
    await page.route("**/v1/agents/login", (route) => route.fulfill({ status: 429, headers, json }));
    await page.goto(`${server.url}/console`);
    await page.getByLabel("坐席名").fill("小李");
    await page.getByLabel("密码").fill("password");
    await page.getByRole("button", { name: "登录" }).click();
    await page.getByText("请 12 秒后再试").waitFor();
  },

  async "a connection on which nothing is said is made anew"() {
    const page = await newPage();
    let sockets = 0;
    // The first never opens: its connection is accepted, and that is all.
    await page.routeWebSocket(/\/v1\/customer$/, async (route) => {
      sockets += 1;
      if (sockets > 1) route.connectToServer();
      else await new Promise(() => {});
    });
    await page.clock.install();
    await page.goto(server.url);
    await launcher(page).click();
    await widget(page).locator("#log").waitFor({ state: "attached" });
    while (sockets === 0) await page.clock.runFor(100);
    await page.clock.fastForward(MINUTE_MS);
    await live(page);
    assert.equal(sockets, 2);
  },

  async "a history whose next page is refused for now is asked for again"() {
    const page = await newPage();
    let isCut = true;
    let asked = 0;
    const refuse = ({ type }, route) => {
      if (type !== "resume") return false;
      asked += 1;
      if (asked === 1) route.send(error({ code: "rate_limited", retry_after_ms: 50 }));
      return asked === 1;
    };
    // As if the first page ended before the last event.
    const cut = (frame, route) => {
      if (frame.type === "caught_up" && isCut) {
        isCut = false;
        route.send(JSON.stringify({ ...frame, more: true }));
        return true;
      }
      return false;
    };
    await between(page, refuse, cut);
    await page.goto(server.url);
    await open(page);
    assert.equal(asked, 2);
    assert.equal(await widget(page).locator("#banner").isVisible(), false);
  },

  async "of a long answer the first line is in view, and who has scrolled up is left alone"() {
    const small = await newPage({ viewport: { width: 320, height: 500 } });
    await small.goto(server.url);
    await open(small);
    assert.equal(await widget(small).locator("#newer").isVisible(), false, "the greeting is not new");
    await widget(small).locator("#human").click();
    await widget(small).locator("#log > .line", { hasText: "系统" }).waitFor();
    await settled(small);
    const [shown] = await widget(small).locator("#log > .line", { hasText: "系统" }).evaluateAll((lines) =>
      lines.map((line) => line.getBoundingClientRect().top - line.closest("#scroller").getBoundingClientRect().top),
    );
    assert.ok(shown >= 0 && shown < 100, `what follows from a press begins ${shown} px below the top`);
    assert.equal(await widget(small).locator("#newer").isVisible(), false, "what follows from a press is in view");
    const page = await newPage(PHONE);
    await page.goto(server.url);
    await open(page);
    const scroller = widget(page).locator("#scroller");
    const place = async (locator) => (await locator.boundingBox()).y - (await scroller.boundingBox()).y;
    await say(page, "怎么投诉");
    const answer = widget(page).locator(".bubble.bot").nth(1);
    await answer.locator(".choices").waitFor();
    const { height } = await scroller.boundingBox();
    assert.ok((await answer.boundingBox()).height > height, "the answer is higher than the view");
    await settled(page);
    const top = await place(answer);
    assert.ok(top >= 0 && top < 40, `the answer begins ${top} px below the top`);
    assert.equal(await widget(page).locator("#newer").isVisible(), false);
    await scroller.evaluate((box) => (box.scrollTop = 0));
    const greeting = widget(page).locator(".bubble.bot").first();
    const before = await place(greeting);
    // As if another tab of the customer had asked.
    const other = await page.context().newPage();
    await other.goto(`${server.url}/widget`);
    await other.getByLabel("输入消息").fill("提现多久到账");
    await other.getByLabel("输入消息").press("Enter");
    await widget(page).locator("#newer").waitFor();
    assert.equal(await place(greeting), before);
  },

  async "help for a person in danger is in view, and no form covers it until one is asked for"() {
    await startServer();
    const page = await newPage({ viewport: { width: 320, height: 500 } });
    await page.goto(server.url);
    await open(page);
    const form = widget(page).locator("#message");
    await widget(page).locator("#human").click();
    await form.waitFor();
    await say(page, "渡渡鸟被困住了");
    const help = widget(page).locator(".bubble.urgent[role=alert]", { hasText: "请马上停下来" });
    await help.waitFor();
    await form.waitFor({ state: "hidden" });
    await say(page, "怎么办啊");
    await help.nth(1).waitFor();
    assert.equal(await form.isVisible(), false, "read in the danger");
    await settled(page);
    assert.equal(await widget(page).getByText("没太明白").count(), 0);
    // Another tab, or this one after a reload, shows the same.
    await page.reload();
    await open(page);
    await widget(page).locator(".bubble.urgent:not([role])").nth(1).waitFor();
    assert.equal(await form.isVisible(), false, "after a reload");
    await widget(page).locator(".bubble.urgent").last().locator(".to-human").click();
    await form.waitFor();
  },

  async "of several at once, or of what came while it was closed, the first is in view"() {
    const page = await newPage();
    let seq = 0;
    const note = (frame) => {
      seq = frame.seq ?? seq;
      return false;
    };
    const sockets = await between(page, () => false, note);
    await page.goto(server.url);
    await open(page);
    const [socket] = sockets;
    const scroller = widget(page).locator("#scroller");
    const arrive = (...texts) => {
      for (const text of texts) {
        const event = { type: "agent_said", agent: "小李", text };
        socket.send(JSON.stringify({ type: "event", seq: seq + 1, prev: seq, at: new Date().toISOString(), event }));
        seq += 1;
      }
    };
    const isFirst = async (text) => {
      const bubble = widget(page).locator(".bubble.agent", { hasText: text });
      await bubble.waitFor();
      await settled(page);
      const top = (await bubble.boundingBox()).y - (await scroller.boundingBox()).y;
      assert.ok(top >= 0 && top < 40, `${text} begins ${top} px below the top`);
    };
    const lines = (text) => Array.from({ length: 20 }, () => text).join("\n");
    arrive(lines("甲"), lines("乙"), lines("丙"));
    await isFirst("甲");
    const newer = widget(page).locator("#newer");
    for (const next of ["乙", "丙"]) {
      await newer.click();
      await isFirst(next);
    }
    await newer.click();
    await newer.waitFor({ state: "hidden" });
    // Last is what is higher than the view, and a form takes from that before the answer comes.
    await widget(page).locator("#human").click();
    await widget(page).locator("#message").evaluate((form) => (form.hidden = false));
    await settled(page);
    arrive("答复");
    await widget(page).locator(".bubble.agent", { hasText: "答复" }).waitFor();
    await settled(page);
    await newer.waitFor({ state: "hidden" });
    await page.keyboard.press("Escape");
    await panel(page).waitFor({ state: "hidden" });
    arrive(lines("丁"), lines("戊"));
    await launcher(page).filter({ hasText: "2" }).click();
    await isFirst("丁");
  },

  async "what is unsent stays with its tab, and not for longer than a quarter of an hour"() {
    const page = await newPage();
    let isDeaf = true;
    await between(page, ({ text }) => isDeaf && text === "没有送达的话");
    await page.goto(server.url);
    await open(page);
    const leftBehind = (id, at) => ({ frame: { type: "send", text: id, client_id: id }, lane: "", at, error: null });
    const keep = (items) => {
      for (const item of items) localStorage.setItem(`kefu.unsent.${item.frame.client_id}`, JSON.stringify(item));
    };
    const isStored = () => [Object.keys(localStorage), Object.keys(sessionStorage)];
    await page.evaluate(keep, [leftBehind("from-an-older-page", Date.now())]);
    await page.reload();
    await open(page);
    await isSent(page, "from-an-older-page");
    assert.deepEqual(await page.evaluate(isStored), [["kefu.customer"], []]);
    await page.clock.install();
    await say(page, "没有送达的话");
    await input(page).fill("草稿");
    const [kept, unsent] = await page.evaluate(isStored);
    assert.deepEqual(kept, ["kefu.customer"]);
    assert.equal(unsent.length, 2);
    await page.clock.fastForward(16 * MINUTE_MS);
    const bubble = own(page, "没有送达的话");
    await bubble.getByText("超过 15 分钟").waitFor();
    assert.deepEqual(await page.evaluate(isStored), [["kefu.customer"], ["kefu.draft"]]);
    await bubble.getByRole("button", { name: "复制" }).click();
    await input(page).fill("");
    await input(page).press("Control+V");
    assert.equal(await input(page).inputValue(), "没有送达的话");
    isDeaf = false;
    await bubble.getByRole("button", { name: "重试" }).click();
    await isSent(page, "没有送达的话");
  },
};

async function listen(listener) {
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  return `http://127.0.0.1:${listener.address().port}`;
}

async function run() {
  let passed = 0;
  let failed = 0;
  hostUrl = await listen(host);
  proxyUrl = await listen(proxy);
  try {
    server.prepare();
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-sync",
        "--disable-component-update",
        // A page that a test has changed is held to come from somewhere else than this machine.
        "--disable-features=LocalNetworkAccessChecks",
      ],
    });
    const only = process.argv[2] ?? "";
    for (const [name, step] of Object.entries(steps).filter(([name]) => name.includes(only))) {
      try {
        await startServer();
        await step();
        passed += 1;
        console.log(`ok    ${name}`);
      } catch (reason) {
        failed += 1;
        console.log(`FAIL  ${name}`);
        console.error(reason);
      }
      for (const context of contexts.splice(0)) await context.close();
    }
    if (failed) console.error(server.log.slice(-4_000));
  } finally {
    await browser?.close();
    host.closeAllConnections();
    for (const listener of [host, proxy]) listener.close();
    await server.remove();
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed || !passed ? 1 : 0;
}

await run();
