// A real server in folders of its own, killed and started again at will.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const START_WITHIN_MS = 120_000;
const AGENT = { name: "小李", password: "journey-password" };

// Agents work around the clock here, whatever the time of the test.
const HOURS = `version: 1
time_zone: Asia/Shanghai
week:
${["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => `  ${day}: ["00:00-24:00"]\n`).join("")}`;

// A guard of its own: what the shipped one finds may change.
const GUARD = `version: 1
concepts:
  渡渡鸟: [渡渡鸟]
  受困: [被困, 困住]
watches:
  - kind: fraud
    intent: safety.fraud_now
    when: [渡渡鸟 + 受困]
`;

/** `KEFU_BIN`, a path from where the test was called. */
function binary() {
  const { KEFU_BIN = "kefu", INIT_CWD = "." } = process.env;
  return KEFU_BIN.includes("/") ? path.resolve(INIT_CWD, KEFU_BIN) : KEFU_BIN;
}

export class Server {
  agent = AGENT;
  url = "";
  #binary = binary();
  #home = mkdtempSync(path.join(tmpdir(), "kefu-journey-"));
  #process = null;
  #log = "";

  /** Writes knowledge and an account into the folders. */
  prepare() {
    this.#run(["init", this.#root]);
    writeFileSync(path.join(this.#root, "knowledge", "hours.yaml"), HOURS);
    writeFileSync(path.join(this.#root, "intents", "guard.yaml"), GUARD);
    // The shipped tests have floors for the shipped guard.
    for (const tests of ["tests", "tests.yaml"]) {
      rmSync(path.join(this.#root, "knowledge", tests), { recursive: true });
    }
    mkdirSync(this.#data, { recursive: true });
    const add = ["agent", "add", AGENT.name, "--password-stdin", "--data", this.#data];
    this.#run(add, `${AGENT.password}\n`);
  }

  /** Starts it, the second time on the port of the first. `flags` are further ones of `serve`. */
  async start(...flags) {
    const listen = this.url ? new URL(this.url).host : "127.0.0.1:0";
    const args = ["serve", "--listen", listen, "--data", this.#data, "--root", this.#root, ...flags];
    this.#process = spawn(this.#binary, args, { stdio: ["ignore", "pipe", "pipe"] });
    this.#process.stderr.on("data", (data) => (this.#log += data));
    this.url = await this.#listening(this.#process);
  }

  /** As if the power went: no goodbye to anybody. */
  async kill() {
    if (!this.#process || this.#process.exitCode !== null || this.#process.signalCode) return;
    const gone = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await gone;
  }

  async remove() {
    await this.kill();
    rmSync(this.#home, { recursive: true, force: true });
  }

  /** What it wrote to standard error. */
  get log() {
    return this.#log;
  }

  get #root() {
    return path.join(this.#home, "root");
  }

  get #data() {
    return path.join(this.#home, "data");
  }

  #run(args, input = "") {
    const { status, error, stderr } = spawnSync(this.#binary, args, { input, encoding: "utf8" });
    if (error) throw error;
    if (status !== 0) throw new Error(`kefu ${args.join(" ")}: exit code ${status}\n${stderr}`);
  }

  #listening(process) {
    return new Promise((resolve, reject) => {
      const fail = (why) => reject(new Error(`${why}\n${this.#log}`));
      const timer = setTimeout(() => fail("the server did not start in time"), START_WITHIN_MS);
      process.once("error", reject);
      process.once("exit", (code) => fail(`the server ended with exit code ${code}`));
      let out = "";
      process.stdout.on("data", (data) => {
        out += data;
        const found = /listening on (http:\/\/[^\s"]+)/.exec(out);
        if (!found) return;
        clearTimeout(timer);
        resolve(found[1]);
      });
    });
  }
}
