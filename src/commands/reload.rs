//! `kefu reload`: has a running server read the files of its root again, and tells the outcome.

use std::{
    io::{self, BufRead, BufReader, Read as _, Write},
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use anyhow::{Context, bail};
use clap::Args;

use crate::config::{Environment, Flags, load};
use crate::knowledge::{Diagnostic, Severity};
use crate::transport::{
    CONTROL_SOCKET, ControlAnswer, ControlOutcome, ControlRequest, ReloadRefusal,
};

/// The longest answer: more than a server writes.
const ANSWER_BYTES_MAX: u64 = 16 << 20;

/// The longest time for a reload, far above what the largest knowledge takes.
const RELOAD_TIME_MAX: Duration = Duration::from_mins(10);

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

/// Exit code 0 when the files are served; 1 when they are refused; 2 when no server answers, or is
/// busy.
pub(super) fn run(args: &ReloadArgs, environment: &Environment) -> anyhow::Result<ExitCode> {
    let flags = Flags { data: args.data.clone(), ..Flags::default() };
    let data = load(None, environment, flags).context("failed to use the settings")?.data;
    let answer = ask(&data, args.allow_loss, RELOAD_TIME_MAX)?;
    let told: ControlAnswer =
        serde_json::from_str(&answer).context("failed to read the server's answer")?;
    let mut out = io::stdout().lock();
    if args.json {
        writeln!(out, "{}", answer.trim_end())?;
    } else {
        write_answer(&mut out, &told)?;
    }
    match told.outcome {
        ControlOutcome::Loaded | ControlOutcome::Unchanged => Ok(ExitCode::SUCCESS),
        ControlOutcome::Refused => Ok(ExitCode::FAILURE),
        ControlOutcome::Busy => Ok(ExitCode::from(2)),
        ControlOutcome::Failed | ControlOutcome::BadRequest => {
            bail!("the server could not reload: {}", text(told.reason.as_deref()))
        }
    }
}

fn ask(data: &Path, allow_loss: bool, time_max: Duration) -> anyhow::Result<String> {
    let answer = read_answer(&data.join(CONTROL_SOCKET), allow_loss, time_max);
    let is_late = |error: &io::Error| {
        matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
    };
    match answer {
        Err(error) if is_late(&error) => {
            bail!("no answer within {time_max:?}; the server's log tells what it does")
        }
        answer => answer.with_context(|| {
            format!("failed to reach a server with the data folder {}", data.display())
        }),
    }
}

fn read_answer(socket: &Path, allow_loss: bool, time_max: Duration) -> io::Result<String> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_write_timeout(Some(Duration::from_secs(5)))?;
    stream.set_read_timeout(Some(time_max))?;
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

fn write_answer(out: &mut impl Write, told: &ControlAnswer) -> io::Result<()> {
    match told.outcome {
        ControlOutcome::Loaded => {
            // A number that is no longer verified stops nothing, and is gone from its answers.
            let warnings = match told.warnings {
                None | Some(0) => String::new(),
                Some(count) => format!("；有 {count} 个警告，运行 kefu check 看"),
            };
            writeln!(out, "✓ 新的知识已经上线（{}）{warnings}", text(told.knowledge.as_deref()))
        }
        ControlOutcome::Unchanged => writeln!(out, "✓ 没有改动：文件和正在提供的一样"),
        ControlOutcome::Busy => writeln!(out, "正在处理别的请求，稍后再试"),
        ControlOutcome::Refused => write_refusal(out, told),
        // Told as an error.
        ControlOutcome::Failed | ControlOutcome::BadRequest => Ok(()),
    }
}

fn write_refusal(out: &mut impl Write, told: &ControlAnswer) -> io::Result<()> {
    let errors = told.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    for Diagnostic { code, file, span, message, mend, .. } in errors.clone() {
        let (file, line, column) = (text(Some(file)), span.line, span.column);
        let (message, mend) = (text(Some(message)), text(Some(mend)));
        writeln!(out, "{file}:{line}:{column}：{} {message}；改法：{mend}", text(Some(code)))?;
    }
    if told.left_out > 0 {
        writeln!(out, "还有 {} 条没有列出；kefu check 会列全", told.left_out)?;
    }
    let why = match told.refusal {
        Some(ReloadRefusal::Mistakes) if told.left_out > 0 => "有错误，见上".to_owned(),
        Some(ReloadRefusal::Mistakes) => format!("{} 个错误，见上", errors.count()),
        Some(ReloadRefusal::Floors) => "没有达到测试的底线".to_owned(),
        Some(ReloadRefusal::Loss) => {
            "去掉的条目太多；确实要这样，加 --allow-loss，否则把它们找回来".to_owned()
        }
        Some(ReloadRefusal::Matching) => "做不出查找用的索引".to_owned(),
        Some(ReloadRefusal::Files) | None => "文件读不出来".to_owned(),
    };
    writeln!(out, "✗ 没有上线，继续用旧的知识：{why}")?;
    if told.refusal == Some(ReloadRefusal::Mistakes) {
        return Ok(());
    }
    writeln!(out, "  （{}）", text(told.reason.as_deref()))
}

/// A text of the answer without control characters, which could change the terminal.
fn text(value: Option<&str>) -> String {
    value.unwrap_or_default().chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn a_server_that_does_not_answer_is_told_as_such() {
        let data = tempfile::tempdir().unwrap();
        let ask = || ask(data.path(), false, Duration::from_millis(20)).unwrap_err().to_string();
        assert!(ask().starts_with("failed to reach a server"), "{}", ask());
        // The kernel takes the connection and the request; nobody reads them.
        let _listener = UnixListener::bind(data.path().join(CONTROL_SOCKET)).unwrap();
        assert!(ask().starts_with("no answer within 20ms"), "{}", ask());
    }
}
