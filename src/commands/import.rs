//! `kefu import`: changes entries to what a sheet says.

use std::{
    fs,
    io::{IsTerminal, Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::Args;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{
    assembled::TableArgs,
    export::format_of,
    figures::{figure_json, sealed_json, shortfall_line},
    loss_line::loss_line,
    progress::with_bar,
    today::or_today,
};
use crate::authoring::{
    Column, Effect, Figure, ForeignDefaults, ForeignNote, ForeignSheet, ImportRefusal, Imported,
    Loss, LossMax, Missing, Sheet, SheetMistake, effect_of, import, import_new, rasa_sheet,
    table_sheet, without_taken,
};
use crate::config::Environment;
use crate::files::Root;
use crate::knowledge::{Floor, Language, SourceFile};
use crate::parallel::Threads;

/// The limit of listed mistakes.
const SHOWN_MAX: usize = 200;

/// A byte more than a sheet may have, so that its reader can report it.
const READ_MAX: u64 = (20 << 20) + 1;

/// Changes entries to what the rows of a CSV or XLSX file say.
///
/// Rows find their entry by its id; only lines of changed values change. Everything is
/// checked first, and with one mistake nothing is written. Nor is it when more of what is
/// served would go than --max-loss says, or the floors of knowledge/tests.yaml are not kept.
#[derive(Args, Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(super) struct ImportArgs {
    /// The sheet, as kefu export writes it: a .csv or .xlsx file. Tables of FastGPT, MaxKB, QnA
    /// Maker and plain lists of questions and answers are known by their headings; the .yml
    /// files of a Rasa bot may be named together. Their entries become drafts.
    #[arg(required = true)]
    #[expect(clippy::doc_markdown, reason = "the help is read as it stands")]
    sheets: Vec<PathBuf>,
    /// The folder with knowledge/ and intents/. Default: the
    /// current folder.
    #[arg(long, value_name = "DIR", verbatim_doc_comment)]
    root: Option<PathBuf>,
    /// Checks and tells what would change; writes nothing.
    #[arg(long)]
    dry_run: bool,
    /// The category of entries from another program's file.
    #[arg(long, value_name = "ID")]
    category: Option<String>,
    /// Their compliance class. Default: general.
    #[arg(long, value_name = "CLASS")]
    class: Option<String>,
    /// What their answers rest on. Default: that it has to be
    /// found out.
    #[arg(long, value_name = "TEXT", verbatim_doc_comment)]
    source: Option<String>,
    /// Takes entries without a row out of service (status:
    /// retired). Default: they stay.
    #[arg(long, verbatim_doc_comment)]
    retire_missing: bool,
    /// Of 100 entries that are served, how many may be taken
    /// out of service. More is refused.
    #[arg(long, value_name = "PERCENT", default_value = "20", verbatim_doc_comment)]
    max_loss: LossMax,
    /// Writes even if more is taken out of service.
    #[arg(long)]
    allow_loss: bool,
    /// Prints one JSON object.
    #[arg(long)]
    json: bool,
    /// The day as of which the new root is checked. Default:
    /// today.
    #[arg(long, value_name = "DATE", verbatim_doc_comment)]
    today: Option<Date>,
    #[command(flatten)]
    table: TableArgs,
}

/// Exit code 1 when there are mistakes, or when a server would refuse what comes of it.
pub(super) fn run(args: &ImportArgs, environment: &Environment) -> anyhow::Result<ExitCode> {
    let cwd = std::env::current_dir().context("failed to find the current folder")?;
    let root = Root::find(args.root.as_deref(), &cwd).context("failed to find the root")?;
    if root.path().is_none() {
        bail!("failed to find the root: name a folder with --root, as kefu init makes one");
    }
    let sheets: Vec<SourceFile> =
        args.sheets.iter().map(|path| read(path)).collect::<anyhow::Result<_>>()?;
    let files = root.read().context("failed to read the root")?;

    let today = or_today(args.today, &files);
    let missing = if args.retire_missing { Missing::Retire } else { Missing::Stay };
    let mut out = std::io::stdout().lock();
    let sheet = args.sheet_of(&sheets, today)?.map(|sheet| sheet.without_taken(&files, today));
    let foreign = sheet.as_ref().ok().and_then(|sheet| match sheet {
        GivenSheet::Own(_) => None,
        GivenSheet::Foreign(foreign) => Some(foreign),
    });
    if let Some(foreign) = foreign.filter(|_| !args.json) {
        write_template(&mut out, foreign)?;
    }
    let template = foreign.map(template_json);
    let done = sheet
        .map_err(|mistakes| ImportRefusal { mistakes, diagnostics: Vec::new() })
        .and_then(|sheet| {
            with_bar("对照并检查", |tell| match sheet {
                GivenSheet::Own(sheet) => import(&files, &sheet, missing, today, tell),
                // Its entries may have been reviewed since it was imported before.
                GivenSheet::Foreign(foreign) => import_new(&files, &foreign.sheet, today, tell),
            })
        });
    let imported = match done {
        Ok(imported) => imported,
        Err(refusal) => {
            if args.json {
                let mut object = refusal_as_json(&refusal);
                object["template"] = template.into();
                writeln!(out, "{object:#}")?;
            } else {
                write_refusal(&mut out, &refusal)?;
            }
            return Ok(ExitCode::FAILURE);
        }
    };
    let mut assembly = args.table.clone().assembly(environment)?;
    let table = assembly.table().context("failed to use the trained table or the encoder")?;
    let effect = effect_of(&files, &imported, today, |base| {
        let mut assembled = assembly.assemble(base, table, None, Threads::all())?;
        Ok(assembled.under_floors(&root, today, Threads::all()))
    })
    .context("failed to test what comes of it")?;
    let is_refused = !args.lets_through(&effect);
    if !is_refused && !args.dry_run {
        root.replace(&files, &imported.files).context("failed to write the root")?;
    }
    if args.json {
        let mut object = as_json(&imported, &effect);
        object["refused"] = is_refused.into();
        object["template"] = template.into();
        object["written"] = (!is_refused && !args.dry_run && !imported.files.is_empty()).into();
        writeln!(out, "{object:#}")?;
    } else {
        if is_refused {
            write!(out, "本来要改：")?;
        }
        write_counts(&mut out, &imported)?;
        write_effect(&mut out, &effect, args)?;
        if !is_refused {
            write_files(&mut out, &imported, args.dry_run)?;
        }
    }
    Ok(if is_refused { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// A sheet of ours, or one that was made of the file of another program.
enum GivenSheet {
    Own(Sheet),
    Foreign(ForeignSheet),
}

impl GivenSheet {
    /// Without the wordings of another program's file that belong to something of the root.
    fn without_taken(self, files: &[SourceFile], today: Date) -> Self {
        match self {
            Self::Foreign(foreign) => Self::Foreign(without_taken(foreign, files, today)),
            Self::Own(_) => self,
        }
    }
}

impl ImportArgs {
    /// The sheet of the files; the inner error is what is wrong in them.
    fn sheet_of(
        &self,
        files: &[SourceFile],
        today: Date,
    ) -> anyhow::Result<Result<GivenSheet, Vec<SheetMistake>>> {
        let source = "由其他系统导入，依据待核实".to_owned();
        let defaults = ForeignDefaults {
            category: self.category.clone(),
            class: self.class.clone().unwrap_or_else(|| "general".to_owned()),
            source: self.source.clone().unwrap_or(source),
            today,
        };
        let is_yaml = |path: &PathBuf| {
            path.extension().is_some_and(|end| {
                ["yml", "yaml"].iter().any(|known| end.eq_ignore_ascii_case(known))
            })
        };
        if self.sheets.iter().all(is_yaml) {
            let sheet = rasa_sheet(files, &defaults).map(GivenSheet::Foreign);
            return self.with_its_flags(sheet);
        }
        let ([path], [file]) = (self.sheets.as_slice(), files) else {
            bail!("failed to use the sheets: name one sheet, or the .yml files of a Rasa bot");
        };
        let format = format_of(path)?;
        self.with_its_flags(match table_sheet(&file.bytes, format, &defaults) {
            Ok(Some(foreign)) => Ok(GivenSheet::Foreign(foreign)),
            Ok(None) => Sheet::read(&file.bytes, format).map(GivenSheet::Own),
            Err(mistakes) => Err(mistakes),
        })
    }

    /// Refuses flags that would do nothing with this kind of sheet, or harm.
    fn with_its_flags(
        &self,
        sheet: Result<GivenSheet, Vec<SheetMistake>>,
    ) -> anyhow::Result<Result<GivenSheet, Vec<SheetMistake>>> {
        let given = [
            ("--category", self.category.is_some()),
            ("--class", self.class.is_some()),
            ("--source", self.source.is_some()),
        ];
        match &sheet {
            Ok(GivenSheet::Own(_)) => {
                if let Some((flag, _)) = given.iter().find(|(_, is_given)| *is_given) {
                    bail!(
                        "failed to use {flag}: it is for files of other programs; this sheet has columns for it"
                    );
                }
            }
            Ok(GivenSheet::Foreign(foreign)) if self.retire_missing => {
                let name = foreign.template;
                bail!(
                    "failed to use --retire-missing: a file of {name} only adds entries; all others would be taken out of service"
                );
            }
            Ok(GivenSheet::Foreign(_)) | Err(_) => {}
        }
        Ok(sheet)
    }

    fn lets_through(&self, effect: &Effect) -> bool {
        (self.allow_loss || !effect.loss.is_over(self.max_loss)) && effect.under_floors.is_empty()
    }
}

fn read(path: &Path) -> anyhow::Result<SourceFile> {
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(READ_MAX).read_to_end(&mut bytes))
        .with_context(|| format!("failed to read {}", path.display()))?;
    Ok(SourceFile { path: path.display().to_string(), bytes })
}

/// Tells how the file of another program is read.
fn write_template(out: &mut impl Write, foreign: &ForeignSheet) -> std::io::Result<()> {
    writeln!(out, "看出是 {} 的文件：{}", foreign.template, foreign.mapped.join("，"))?;
    if !foreign.unused.is_empty() {
        writeln!(out, "用不上的：{}", foreign.unused.join("、"))?;
    }
    for note in foreign.skipped.iter().take(SHOWN_MAX) {
        writeln!(out, "略过：{note}")?;
    }
    if let Some(more @ 1..) = foreign.skipped.len().checked_sub(SHOWN_MAX) {
        writeln!(out, "还有 {more} 处略过；--json 列出全部")?;
    }
    writeln!(out, "条目都是草稿（status: draft）：核对过答案和依据，再改成 live")
}

fn template_json(foreign: &ForeignSheet) -> Value {
    let skipped =
        |note: &ForeignNote| json!({"file": note.file, "row": note.row, "reason": note.reason});
    json!({
        "name": foreign.template,
        "mapped": foreign.mapped,
        "unused": foreign.unused,
        "skipped": foreign.skipped.iter().map(skipped).collect::<Vec<_>>(),
    })
}

fn write_counts(out: &mut impl Write, imported: &Imported) -> std::io::Result<()> {
    let Imported { added, changed, unchanged, kept, missing, retired, .. } = imported;
    write!(out, "新增 {added}，修改 {changed}，未变 {unchanged}")?;
    if *kept > 0 {
        write!(out, "；已有 {kept} 条，没有改动")?;
    }
    match (missing, retired) {
        (0, _) => writeln!(out),
        (missing, 0) => writeln!(out, "；另有 {missing} 个条目不在表格里，保持原样"),
        (missing, retired) => {
            writeln!(out, "；另有 {missing} 个条目不在表格里，其中 {retired} 个改为 retired")
        }
    }
}

/// Prints what a server would refuse, and what is allowed although it would.
fn write_effect(out: &mut impl Write, effect: &Effect, args: &ImportArgs) -> std::io::Result<()> {
    let Effect { loss, under_floors } = effect;
    if loss.is_over(args.max_loss) {
        let line = loss_line(loss);
        if args.allow_loss {
            writeln!(out, "注意：{line}（--allow-loss 允许了）")?;
            writeln!(out, "  正在运行的 kefu serve 可能不肯换上，重启后才生效")?;
        } else {
            let most = args.max_loss.percent();
            writeln!(
                out,
                "错误：{line}；一次最多 {most}%\n  = 改法：确实要这样，加 --allow-loss；否则看看表格是不是少了行，状态和日期是不是填错了"
            )?;
        }
    }
    for line in under_floors.iter().filter_map(shortfall_line) {
        writeln!(out, "错误：{line}")?;
    }
    if !under_floors.is_empty() {
        writeln!(out, "  = 改法：改表格，或者先改 knowledge/tests.yaml；不然 kefu serve 不会换上")?;
    }
    if args.lets_through(effect) { Ok(()) } else { writeln!(out, "什么也没有写") }
}

fn write_files(out: &mut impl Write, imported: &Imported, dry_run: bool) -> std::io::Result<()> {
    let files = &imported.files;
    for file in files {
        writeln!(out, "{}", file.path)?;
    }
    match (files.len(), dry_run) {
        (0, _) => writeln!(out, "没有文件要改"),
        (count, true) => writeln!(out, "这是试运行：会写 {count} 个文件，现在什么也没写"),
        (count, false) => writeln!(out, "写好了 {count} 个文件；运行 kefu check 看有没有警告"),
    }
}

fn write_refusal(out: &mut impl Write, refusal: &ImportRefusal) -> std::io::Result<()> {
    let ImportRefusal { mistakes, diagnostics } = refusal;
    let color = std::io::stdout().is_terminal();
    for mistake in mistakes.iter().take(SHOWN_MAX) {
        writeln!(out, "{mistake}\n")?;
    }
    for diagnostic in diagnostics.iter().take(SHOWN_MAX) {
        writeln!(out, "{}", diagnostic.render(Language::Chinese, color))?;
    }
    let count = mistakes.len() + diagnostics.len();
    writeln!(out, "{count} 个错误，什么也没有写")
}

fn as_json(imported: &Imported, effect: &Effect) -> Value {
    let files: Vec<&str> = imported.files.iter().map(|file| file.path.as_str()).collect();
    json!({
        "added": imported.added,
        "changed": imported.changed,
        "unchanged": imported.unchanged,
        "kept": imported.kept,
        "missing": imported.missing,
        "retired": imported.retired,
        "files": files,
        "loss": loss_as_json(&effect.loss),
        "under_floors": effect.under_floors.iter().map(floor_json).collect::<Vec<_>>(),
        "mistakes": [],
        "diagnostics": [],
    })
}

fn loss_as_json(loss: &Loss) -> Value {
    json!({"lost": loss.lost, "served": loss.served, "percent": loss.percent()})
}

fn floor_json(figure: &Figure) -> Value {
    if matches!(figure.floor, Floor::Sealed(_)) { sealed_json(figure) } else { figure_json(figure) }
}

fn refusal_as_json(refusal: &ImportRefusal) -> Value {
    let mistake = |mistake: &SheetMistake| {
        json!({
            "file": mistake.file,
            "row": mistake.row,
            "column": mistake.column.map(Column::key),
            "code": mistake.code,
            "message": mistake.message,
            "mend": mistake.mend,
        })
    };
    json!({
        "refused": true,
        "written": false,
        "mistakes": refusal.mistakes.iter().map(mistake).collect::<Vec<_>>(),
        "diagnostics": refusal.diagnostics,
    })
}
