//! Reads one file by its role, without looking at the others.

use std::collections::BTreeMap;

use super::{
    compliance_file::{self, Class},
    dictionary_file,
    entries::file::{self as entry_file, EntryList},
    facts_file::{self, Declared},
    figures::{self, file::FigureList},
    guard::{self, file::GuardDraft},
    hours_file, ids_file,
    industry::{self, file::IndustryDraft},
    intent_file::{self, IntentList},
    masking_file,
    policy_file::{self, PolicyDraft},
    role::FileRole,
    synonyms_file,
    tests_file::{self, TestsDraft},
    variables_file,
};
use crate::compliance::{DeclaredIds, MaskingPolicy, RuleBook};
use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::{Notes, Report},
        source::{FILE_BYTES_MAX, Located, Place, Source, Undecoded},
    },
    model::{base::DictionaryWord, hours::Hours, synonyms::Synonyms},
    yaml::{recover, tree::Node},
};
use crate::parallel::Threads;

/// One file as it was read, and the mistakes that show in this file alone.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) contents: FileContents,
    pub(crate) notes: Notes,
}

/// The contents of a file. A part that could not be read is `None` and was reported.
#[derive(Debug)]
pub(crate) enum FileContents {
    /// A file that kefu does not read.
    Unread,
    /// The file could not be read to its end, so that its contents are unknown.
    Lost,
    Entries(EntryList),
    Intents(IntentList),
    Variables(Option<BTreeMap<String, Located<String>>>),
    Compliance(Option<Box<(BTreeMap<String, Class>, RuleBook)>>),
    Hours(Option<Box<Hours>>),
    Dictionary(Vec<Located<DictionaryWord>>),
    Synonyms(Synonyms),
    Industry(Box<IndustryDraft>),
    Facts(Option<Declared>),
    Figures(FigureList),
    Ids(DeclaredIds),
    Masking(MaskingPolicy),
    Policy(Option<Box<PolicyDraft>>),
    Guard(Option<GuardDraft>),
    Tests(TestsDraft),
}

/// Reads the file with this index among the sources.
pub(crate) fn read(file: usize, sources: &[Source<'_>], threads: Threads) -> Parsed {
    let mut report = Report::new(sources);
    let contents = sources.get(file).map_or(FileContents::Unread, |source| {
        contents(FileRole::of(source.path), file, source, threads, &mut report)
    });
    Parsed { contents, notes: report.into_notes() }
}

fn contents<'s>(
    role: FileRole,
    file: usize,
    source: &'s Source<'s>,
    threads: Threads,
    report: &mut Report<'s>,
) -> FileContents {
    if matches!(source.undecoded, Some(Undecoded::RefusedLink | Undecoded::UnresolvedLink)) {
        is_decoded(file, source, report);
        return FileContents::Lost;
    }
    if role == FileRole::Unread {
        let message = format!("{} 不会被读取", source.path);
        let mend =
            "改名为 .yaml 并放在 knowledge/、knowledge/<一层子目录>/ 或 intents/ 下；不需要就移走";
        report.add_file(Code::UnreadFile, source.path, message, mend.to_owned());
        return FileContents::Unread;
    }
    if !is_decoded(file, source, report) {
        hide_lost(role, file, source, report);
        return FileContents::Lost;
    }
    if role == FileRole::Dictionary {
        return FileContents::Dictionary(dictionary_file::read(file, source, report));
    }
    let Some(read) = recover::read(file, source, role.is_read_by_parts(), report) else {
        hide_lost(role, file, source, report);
        return FileContents::Lost;
    };
    let contents = of_tree(role, source.path, &read.root, threads, report);
    if read.is_whole {
        return contents;
    }
    hide_lost(role, file, source, report);
    // What other files refer to may be in the part that is not there.
    if let FileContents::Entries(list) = contents {
        return FileContents::Entries(EntryList { is_complete: false, ..list });
    }
    if let FileContents::Figures(list) = contents {
        return FileContents::Figures(FigureList { is_complete: false, ..list });
    }
    if let FileContents::Intents(list) = contents {
        return FileContents::Intents(IntentList { is_complete: false, ..list });
    }
    FileContents::Lost
}

/// The contents of a tree.
fn of_tree(
    role: FileRole,
    path: &str,
    root: &Node,
    threads: Threads,
    report: &mut Report<'_>,
) -> FileContents {
    match role {
        FileRole::Entries => FileContents::Entries(entry_file::read(root, report)),
        FileRole::Intents => FileContents::Intents(intent_file::read(root, report)),
        FileRole::Variables => FileContents::Variables(variables_file::read(root, report)),
        FileRole::Compliance => {
            FileContents::Compliance(compliance_file::read(root, threads, report).map(Box::new))
        }
        FileRole::Hours => FileContents::Hours(hours_file::read(root, report).map(Box::new)),
        FileRole::Facts => FileContents::Facts(facts_file::read(root, report)),
        FileRole::Figures => FileContents::Figures(figures::file::read(root, report)),
        FileRole::Ids => FileContents::Ids(ids_file::read(root, report)),
        FileRole::Masking => FileContents::Masking(masking_file::read(root, report)),
        FileRole::Synonyms => FileContents::Synonyms(synonyms_file::read(root, report)),
        FileRole::Industry => FileContents::Industry(Box::new(industry::file::read(root, report))),
        FileRole::Policy => FileContents::Policy(policy_file::read(root, report).map(Box::new)),
        FileRole::Guard => FileContents::Guard(guard::file::read(root, report)),
        FileRole::Tests => {
            let holds_floors = path == "knowledge/tests.yaml";
            FileContents::Tests(tests_file::read(root, holds_floors, report))
        }
        FileRole::Dictionary | FileRole::Unread => FileContents::Unread,
    }
}

/// Hides the text of a tests file that could not be read to its end, if some of its cases may be
/// sealed. Bytes that are not UTF-8 are hidden in any case.
fn hide_lost(role: FileRole, file: usize, source: &Source<'_>, report: &mut Report<'_>) {
    let may_hold_sealed =
        source.undecoded.is_some() || tests_file::text_may_hold_sealed(source.text);
    if role == FileRole::Tests && may_hold_sealed {
        report.hide(file);
    }
}

/// Whether a file is text of an allowed size; reports it if not.
pub(super) fn is_decoded(file: usize, source: &Source<'_>, report: &mut Report<'_>) -> bool {
    let end = source.text.len();
    match source.undecoded {
        None => {}
        Some(Undecoded::TooLarge) => {
            let message = format!("文件超过 {} MB", FILE_BYTES_MAX / 1024 / 1024);
            let mend = "拆成几个文件".to_owned();
            report.add_file(Code::TooLarge, source.path, message, mend);
            return false;
        }
        Some(link @ (Undecoded::RefusedLink | Undecoded::UnresolvedLink)) => {
            let is_known = link == Undecoded::RefusedLink;
            let why =
                if is_known { "指到了根目录外面" } else { "读不出它指向哪里" };
            let message = format!("{} 是一个链接，{why}", source.path);
            let mend = "把文件本身放进来，或删掉这个链接；链接指向的内容没有读".to_owned();
            report.add_file(Code::LinkOutOfRoot, source.path, message, mend);
            return false;
        }
        Some(Undecoded::NotUtf8 { utf16 }) => {
            let looks = if utf16 { "看起来是 UTF-16" } else { "可能是 GBK（“ANSI”）" };
            report.add(
                Code::NotUtf8,
                Place { file, start: end, end },
                "从这里开始不是 UTF-8",
                format!("{looks}；整个文件都没有读"),
                "用编辑器另存为 UTF-8（无 BOM）",
            );
            return false;
        }
    }
    if source.byte_order_mark {
        report.add(
            Code::ByteOrderMark,
            Place { file, start: 0, end: 0 },
            "文件开头有看不见的 BOM",
            "内容照常读取，但其他工具可能出错",
            "另存为 UTF-8（无 BOM）",
        );
    }
    true
}
