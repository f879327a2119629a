//! The real binary with a data folder of its own.

use std::{
    fs,
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
};

use serde_json::Value;
use tempfile::TempDir;

use super::{Agent, Customer, small_root};

/// A running server; killed when dropped.
pub(crate) struct Server {
    child: Child,
    /// The address, such as `127.0.0.1:40321`.
    pub(crate) address: String,
    folders: Folders,
    /// Makes the command that starts it.
    command: fn(&Folders) -> Command,
}

struct Folders {
    root: TempDir,
    data: TempDir,
    /// The path of the log, if it is kept.
    log: TempDir,
}

impl Folders {
    fn new() -> Self {
        let [data, log] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        Self { root: small_root(), data, log }
    }
}

fn binary() -> Command {
    Command::new(env!("CARGO_BIN_EXE_kefu"))
}

impl Server {
    /// Starts with the small knowledge and empty data, with one agent `lin`.
    pub(crate) fn start() -> Self {
        Self::start_as(|_| binary())
    }

    /// As [`Self::start`], behind a proxy on this machine, with its log kept.
    pub(crate) fn start_behind_a_proxy() -> Self {
        Self::start_as(|folders| {
            let script = "export KEFU_LOG=warn,kefu::security=info NO_COLOR=1
                exec \"$0\" \"$@\" --trusted-proxies 127.0.0.1 2>> log";
            let mut shell = Command::new("bash");
            shell.args(["-c", script, env!("CARGO_BIN_EXE_kefu")]).current_dir(folders.log.path());
            shell
        })
    }

    /// As [`Self::start`], with its log kept and this value of `KEFU_LOG`.
    pub(crate) fn start_logging(filter: &str) -> Self {
        let folders = Folders::new();
        let mut shell = Command::new("bash");
        let script = "KEFU_LOG=$FILTER NO_COLOR=1 exec \"$0\" \"$@\" 2>> log";
        shell.args(["-c", script, env!("CARGO_BIN_EXE_kefu")]).current_dir(folders.log.path());
        shell.env("FILTER", filter);
        Self::start_first(shell, folders, |_| binary())
    }

    /// The folder of the log.
    pub(crate) fn log_folder(&self) -> PathBuf {
        self.folders.log.path().to_owned()
    }

    /// The log until now.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folders.log.path().join("log")).unwrap()
    }

    /// Its resident memory, in MiB.
    pub(crate) fn memory(&self) -> u64 {
        let status = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(status).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.split_whitespace().next().unwrap().parse::<u64>().unwrap() / 1_024
    }

    /// Starts with a root and a copy of a data folder's database, like an upgrade.
    pub(crate) fn start_over(root: &Path, database: &Path) -> Self {
        let folders = Folders { root: tempfile::tempdir().unwrap(), ..Folders::new() };
        copy_folder(root, folders.root.path());
        fs::copy(database, folders.data.path().join("kefu.sqlite3")).unwrap();
        let (child, address) = spawn(binary(), &folders);
        Self { child, address, folders, command: |_| binary() }
    }

    /// Starts with a copy of this root and empty data, with one agent `lin`.
    pub(crate) fn start_with_root(root: &Path) -> Self {
        let folders = Folders { root: tempfile::tempdir().unwrap(), ..Folders::new() };
        copy_folder(root, folders.root.path());
        Self::start_first(binary(), folders, |_| binary())
    }

    /// Starts as [`Server::start`], with these environment variables.
    pub(crate) fn start_with(variables: &[(&str, &str)]) -> Self {
        let mut first = binary();
        first.envs(variables.iter().copied());
        Self::start_first(first, Folders::new(), |_| binary())
    }

    /// As [`Self::start`], with these lines at the top of the policy.
    pub(crate) fn start_with_policy(lines: &str) -> Self {
        let folders = Folders::new();
        let path = folders.root.path().join("intents/policy.yaml");
        let policy = fs::read_to_string(&path).unwrap();
        fs::write(path, policy.replacen("policy:\n", &format!("policy:\n{lines}"), 1)).unwrap();
        Self::start_first(binary(), folders, |_| binary())
    }

    /// As [`Self::start`], with a limit on the size of files, in KiB.
    pub(crate) fn start_with_file_limit(kib: u32) -> Self {
        let mut shell = Command::new("bash");
        // Without the trap the signal would end the process instead of failing the write.
        let script = format!("trap '' XFSZ; ulimit -S -f {kib}; exec \"$0\" \"$@\"");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_kefu")]);
        Self::start_first(shell, Folders::new(), |_| binary())
    }

    /// As [`Self::start`], with a limit of descriptors. The log goes to a file.
    pub(crate) fn start_with_descriptors(count: u32, log: &Path) -> Self {
        let mut shell = Command::new("bash");
        let script = format!("ulimit -n {count}; exec \"$0\" \"$@\" 2>{}", log.display());
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_kefu")]);
        Self::start_first(shell, Folders::new(), |_| binary())
    }

    /// Starts with the knowledge in the binary. The log goes to a file.
    pub(crate) fn start_with_shipped_knowledge(log: &Path) -> Self {
        let mut shell = Command::new("bash");
        // All of `serve --listen A --root R --data D` without the root, in a folder without one.
        let script = "cd \"$7\"; KEFU_LOG=info exec \"$0\" \"$1\" \"$2\" \"$3\" \"$6\" \"$7\"";
        let script = format!("{script} 2>{}", log.display());
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_kefu")]);
        Self::start_first(shell, Folders::new(), |_| binary())
    }

    /// As [`Self::start`], with a trace line for each of these system calls.
    pub(crate) fn start_traced(calls: &str) -> (Self, mpsc::Receiver<String>) {
        let (trace, stderr) = io::pipe().unwrap();
        let (sender, lines) = mpsc::channel();
        // Read beside the start, because a full pipe would stop the server.
        thread::spawn(move || {
            let trace = BufReader::new(trace).lines();
            trace.map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let mut strace = Command::new("strace");
        // As a grandchild, so that the child is the server itself; with file paths, and enough of
        // the written data to show all frames of a write.
        let (named, calls) = ("--decode-fds=path", format!("--trace={calls}"));
        strace.args(["-D", "-f", named, "-s", "4096", &calls, env!("CARGO_BIN_EXE_kefu")]);
        strace.stderr(stderr);
        let server = Self::start_first(strace, Folders::new(), |_| binary());
        (server, lines)
    }

    /// Changes the limit of descriptors of the running server.
    pub(crate) fn set_descriptors(&self, soft: u32) {
        let (pid, limit) = (self.child.id().to_string(), format!("--nofile={soft}:"));
        assert!(Command::new("prlimit").args(["--pid", &pid, &limit]).status().unwrap().success());
    }

    /// Lifts the limit on the size of files of the running server.
    pub(crate) fn lift_file_limit(&self) {
        let pid = self.child.id().to_string();
        let lifted = Command::new("prlimit").args(["--pid", &pid, "--fsize=unlimited"]).status();
        assert!(lifted.unwrap().success());
    }

    fn start_as(command: fn(&Folders) -> Command) -> Self {
        let folders = Folders::new();
        Self::start_first(command(&folders), folders, command)
    }

    fn start_first(first: Command, folders: Folders, command: fn(&Folders) -> Command) -> Self {
        add_agent(folders.data.path(), "lin");
        let (child, address) = spawn(first, &folders);
        Self { child, address, folders, command }
    }

    pub(crate) fn root(&self) -> &Path {
        self.folders.root.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folders.data.path().to_owned()
    }

    /// Adds another agent with the harness's password.
    pub(crate) fn add_agent(&self, name: &str) {
        add_agent(&self.data(), name);
    }

    /// Kills the process like a power cut, and starts another with the same data.
    pub(crate) fn kill_and_restart(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        (self.child, self.address) = spawn((self.command)(&self.folders), &self.folders);
    }

    /// Sends a signal, such as `-HUP`.
    pub(crate) fn signal(&self, signal: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
    }

    /// Sends SIGTERM and waits for the end.
    pub(crate) fn terminate(&mut self) -> ExitStatus {
        self.signal("-TERM");
        tokio::task::block_in_place(|| self.child.wait().unwrap())
    }

    /// A new customer, signed in.
    pub(crate) async fn customer(&self) -> Customer {
        Customer::new(&self.address).await
    }

    /// The agent with this name, signed in.
    pub(crate) async fn agent(&self, name: &str) -> Agent {
        Agent::new(&self.address, name).await
    }

    /// Posts JSON. Returns the status and the body.
    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.post_as(path, body, None).await
    }

    /// As [`Self::post`], with a bearer token.
    pub(crate) async fn post_as(
        &self,
        path: &str,
        body: Value,
        token: Option<&str>,
    ) -> (u16, Value) {
        post(&self.address, path, body.to_string(), token).await
    }

    /// Tries to sign in from this address, as a proxy forwards it. Returns the status, the seconds
    /// of `Retry-After`, and the body.
    pub(crate) async fn sign_in_from(
        &self,
        address: &str,
        name: &str,
        password: &str,
    ) -> (u16, Option<u64>, Value) {
        let url = format!("http://{}/v1/agents/login", self.address);
        let request = agent().post(url).header("origin", format!("http://{}", self.address));
        let request = request.header("x-forwarded-for", address);
        let body = serde_json::json!({"name": name, "password": password}).to_string();
        let post = move || {
            let mut response = request.send(body.as_bytes()).unwrap();
            let wait = response.headers().get("retry-after").map(|value| value.to_str().unwrap());
            let wait = wait.map(|seconds| seconds.parse().unwrap());
            let text = response.body_mut().read_to_string().unwrap();
            (response.status().as_u16(), wait, serde_json::from_str(&text).unwrap())
        };
        tokio::task::spawn_blocking(post).await.unwrap()
    }

    /// Gets a page. Returns the status, the headers and the body.
    pub(crate) async fn get(&self, path: &str) -> (u16, ureq::http::HeaderMap, String) {
        self.get_with(path, &[]).await
    }

    /// As [`Self::get`], with these headers.
    pub(crate) async fn get_with(
        &self,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> (u16, ureq::http::HeaderMap, String) {
        let (status, headers, body) = self.get_bytes(path, headers).await;
        (status, headers, String::from_utf8(body).unwrap())
    }

    /// As above, for any kind of body.
    pub(crate) async fn get_bytes(
        &self,
        path: &str,
        headers: &[(&'static str, &str)],
    ) -> (u16, ureq::http::HeaderMap, Vec<u8>) {
        let url = format!("http://{}{path}", self.address);
        let headers: Vec<(&str, String)> =
            headers.iter().map(|&(name, value)| (name, value.to_owned())).collect();
        let get = move || {
            let request = headers
                .into_iter()
                .fold(agent().get(url), |request, (name, value)| request.header(name, value));
            let mut response = request.call().unwrap();
            let body = response.body_mut().read_to_vec().unwrap();
            (response.status().as_u16(), response.headers().clone(), body)
        };
        tokio::task::spawn_blocking(get).await.unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Posts a body. Returns the status and the answer.
pub(crate) async fn post(
    address: &str,
    path: &str,
    body: String,
    token: Option<&str>,
) -> (u16, Value) {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let (url, origin) = (format!("http://{address}{path}"), format!("http://{address}"));
    let post = move || {
        let mut request = agent().post(url).header("origin", origin);
        if let Some(bearer) = bearer {
            request = request.header("authorization", bearer);
        }
        let mut response =
            request.header("content-type", "application/json").send(body.as_bytes()).unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        (response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null))
    };
    tokio::task::spawn_blocking(post).await.unwrap()
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

/// The password of every agent here.
pub(crate) const PASSWORD: &str = "a long enough password";

/// Copies the contents of a folder, recursively, into an existing one.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&to).unwrap();
            copy_folder(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn add_agent(data: &Path, name: &str) {
    let mut child = binary()
        .args(["agent", "add", name, "--password-stdin", "--data"])
        .arg(data)
        .env("KEFU_LOG", "off")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(child.wait().unwrap().success());
}

fn spawn(mut command: Command, folders: &Folders) -> (Child, String) {
    let mut child = command
        .args(["serve", "--listen", "127.0.0.1:0", "--root"])
        .arg(folders.root.path())
        .arg("--data")
        .arg(folders.data.path())
        .env("KEFU_LOG", "warn")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let address = lines
        .map_while(Result::ok)
        .find_map(|line| line.strip_prefix("listening on http://").map(str::to_owned));
    (child, address.expect("the server says where it listens"))
}
