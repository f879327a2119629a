//! The measured server, and Linux's counters of it.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use kefu::service::Clock;

/// The password of all accounts here.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// Linux counts CPU time in hundredths of a second (`USER_HZ`) on every current machine.
const TICKS_A_SECOND: f64 = 100.0;

/// The interval of readiness probes during a start.
const ASK_EVERY: Duration = Duration::from_millis(2);

/// A running server; killed when dropped.
pub(crate) struct Server {
    child: Child,
    /// The address, such as `127.0.0.1:40321`.
    pub(crate) address: String,
    /// The time from the start of the process until it was ready.
    pub(crate) ready_after: Duration,
}

impl Server {
    /// Starts the program over a data folder, with the shipped knowledge, and waits until it is
    /// ready.
    pub(crate) fn start(program: &Path, data: &Path) -> Self {
        // Without a root in the folder, the shipped one is served.
        Self::start_in(data, program, data)
    }

    /// As [`Self::start`], with the knowledge of this folder, if it has any.
    pub(crate) fn start_in(root: &Path, program: &Path, data: &Path) -> Self {
        let clock = Clock::start();
        let mut child = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .current_dir(root)
            .env("KEFU_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let address = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("listening on http://").map(str::to_owned))
            .expect("it listens");
        let url = format!("http://{address}/readyz");
        while !ureq::get(&url).call().is_ok_and(|answer| answer.status() == 200) {
            std::thread::sleep(ASK_EVERY);
        }
        Self { child, address, ready_after: clock.elapsed() }
    }

    /// CPU time of all threads until now, in seconds.
    pub(crate) fn cpu(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("it runs");
        // The second field is the name in parentheses; the times are the 14th and 15th.
        let (_, fields) = stat.rsplit_once(')').expect("a name in parentheses");
        let mut fields = fields.split_whitespace().skip(11).map(str::parse::<f64>);
        let mut ticks = || fields.next().expect("it is there").expect("it is a number");
        (ticks() + ticks()) / TICKS_A_SECOND
    }

    /// Resident memory, in bytes.
    pub(crate) fn memory(&self) -> usize {
        let status = format!("/proc/{}/status", self.child.id());
        let status = fs::read_to_string(status).expect("it runs");
        let kib = status.lines().find_map(|line| {
            line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse::<usize>().ok()
        });
        kib.expect("Linux tells it in KiB") * 1_024
    }

    /// Ends the server in order, so that the next one has nothing to repair.
    pub(crate) fn stop(mut self) {
        let pid = self.child.id().to_string();
        let told = Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs");
        assert!(told.success());
        self.child.wait().expect("it ends");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been stopped already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes the shipped knowledge out, with a queue limit that is large enough, if the program has
/// such a limit.
pub(crate) fn write_root(program: &Path, root: &Path) {
    let written = Command::new(program).arg("init").arg(root).stdout(Stdio::null()).status();
    assert!(written.expect("the program runs").success());
    let path = root.join("intents/policy.yaml");
    let policy = fs::read_to_string(&path).expect("the shipped policy");
    let is_limit = |line: &str| line.trim_start().starts_with("queue_max:");
    let lines = policy.lines().map(|line| if is_limit(line) { "  queue_max: 10000" } else { line });
    fs::write(&path, lines.collect::<Vec<_>>().join("\n")).expect("it is written");
}

/// Adds an agent's account while no server runs.
pub(crate) fn add_agent(program: &Path, data: &Path, name: &str) {
    let mut child = Command::new(program)
        .args(["agent", "add", name, "--password-stdin", "--data"])
        .arg(data)
        .env("KEFU_LOG", "off")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    writeln!(child.stdin.take().expect("its input"), "{PASSWORD}").expect("it reads");
    assert!(child.wait().expect("it ends").success());
}
