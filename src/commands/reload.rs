//! `kefu reload`: has a running server read the files of its root again, and tells the outcome.

use std::{
    io::{self, BufRead, BufReader, Read as _, Write},
    os::unix::net::UnixStream,
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context, bail};
use clap::Args;
use serde_json::Value;

use crate::config::{Environment, Flags, load};
use crate::transport::{CONTROL_SOCKET, ControlRequest};

/// The longest answer: 2,000 diagnostics of some lines each.
const ANSWER_BYTES_MAX: u64 = 16 << 20;

/// Arguments of `kefu reload`.
#[derive(Args, Clone, Debug)]
pub(super) struct ReloadArgs {
    /// The data folder of the running server [default: data]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Lets the new knowledge take away more entries than `reload_max_loss` allows.
    #[arg(long)]
    allow_loss: bool,
    /// Prints the server's answer as JSON
    #[arg(long)]
    json: bool,
}

/// Exit code 0 when the files are served; 1 when they are refused; 2 when no server answers.
pub(super) fn run(args: &ReloadArgs, environment: &Environment) -> anyhow::Result<ExitCode> {
    let flags = Flags { data: args.data.clone(), ..Flags::default() };
    let data = load(None, environment, flags).context("failed to use the settings")?.data;
    let answer = ask(&data.join(CONTROL_SOCKET), args.allow_loss).with_context(|| {
        format!("failed to reach a server with the data folder {}", data.display())
    })?;
    let told: Value =
        serde_json::from_str(&answer).context("failed to read the server's answer")?;
    let mut out = io::stdout().lock();
    if args.json {
        writeln!(out, "{}", answer.trim_end())?;
    } else {
        write_answer(&mut out, &told)?;
    }
    match told["outcome"].as_str() {
        Some("loaded" | "unchanged") => Ok(ExitCode::SUCCESS),
        Some("refused") => Ok(ExitCode::FAILURE),
        _ => bail!("the server could not reload: {}", text(&told, "reason")),
    }
}

fn ask(socket: &std::path::Path, allow_loss: bool) -> io::Result<String> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_write_timeout(Some(Duration::from_secs(5)))?;
    let mut request = serde_json::to_vec(&ControlRequest::Reload { allow_loss })?;
    request.push(b'\n');
    stream.write_all(&request)?;
    let mut answer = String::new();
    BufReader::new(stream.take(ANSWER_BYTES_MAX)).read_line(&mut answer)?;
    if answer.is_empty() {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the server went away"));
    }
    Ok(answer)
}

fn write_answer(out: &mut impl Write, told: &Value) -> io::Result<()> {
    match told["outcome"].as_str() {
        Some("loaded") => {
            // A number that is no longer verified stops nothing, and is gone from its answers.
            let warnings = match told["warnings"].as_u64() {
                None | Some(0) => String::new(),
                Some(count) => format!("；有 {count} 个警告，运行 kefu check 看"),
            };
            writeln!(out, "✓ 新的知识已经上线（{}）{warnings}", text(told, "knowledge"))
        }
        Some("unchanged") => writeln!(out, "✓ 没有改动：文件和正在提供的一样"),
        Some("refused") => {
            let found = told["diagnostics"].as_array().map_or(&[][..], Vec::as_slice);
            let errors = found.iter().filter(|found| found["severity"] == "error");
            for found in errors.clone() {
                let place = &found["span"];
                writeln!(
                    out,
                    "{}:{}:{}：{} {}；改法：{}",
                    text(found, "file"),
                    place["line"],
                    place["column"],
                    text(found, "code"),
                    text(found, "message"),
                    text(found, "mend"),
                )?;
            }
            let why = match told["refusal"].as_str() {
                Some("mistakes") => format!("{} 个错误，见上", errors.count()),
                Some("floors") => "没有达到测试的底线".to_owned(),
                Some("loss") => {
                    "去掉的条目太多；确实要这样，加 --allow-loss，否则把它们找回来".to_owned()
                }
                _ => "文件读不出来".to_owned(),
            };
            writeln!(out, "✗ 没有上线，继续用旧的知识：{why}")?;
            if told["refusal"] != "mistakes" {
                writeln!(out, "  （{}）", text(told, "reason"))?;
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// A text of the answer without control characters, which could change the terminal.
fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().chars().filter(|c| !c.is_control()).collect()
}
