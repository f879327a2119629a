//! Learnt weights and test results are kept, and only save time.

use std::{fmt::Write as _, fs, path::PathBuf};

use jiff::{
    Timestamp,
    civil::{Date, date},
};
use kefu::config::TableChoice;
use kefu::files::Root;
use kefu::matching::{Calibration, Snapshot};
use kefu::parallel::Threads;
use kefu::service::{KnowledgeBuilder, ReloadError};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::harness::small_root;

const TODAY: Date = date(2026, 11, 22);

/// Between the sum and what it is the sum of.
const SAID: &str = "\",\"said\":";

/// A floor that the small knowledge misses.
const UNKEPT: &str = "version: 1
floors: {helped: 1000}
cases: [{entry: account.close.how, say: [提现要手续费的吗]}]
";

/// What is remembered of floors that were kept on [`TODAY`].
const KEPT: &str = "\"floors_kept_on\":\"2026-11-22\"";

/// The field with the number of hold-outs.
fn held_out(count: usize) -> String {
    format!("\"held_out\":{count}")
}

/// Noon of the day at the operator's place.
fn noon(day: Date) -> Timestamp {
    day.at(12, 0, 0, 0).in_tz("Asia/Shanghai").unwrap().timestamp()
}

/// A root and a data folder for several servers, one after the other.
struct Starts {
    root: TempDir,
    data: TempDir,
}

impl Starts {
    fn new() -> Self {
        Self { root: small_root(), data: tempfile::tempdir().unwrap() }
    }

    fn start_on(&self, today: Date) -> Result<Snapshot, ReloadError> {
        self.start_at(noon(today))
    }

    fn start_at(&self, now: Timestamp) -> Result<Snapshot, ReloadError> {
        let root = Root::find(Some(self.root.path()), self.root.path()).unwrap();
        KnowledgeBuilder::new(root, TableChoice::Shipped, self.data.path())
            .build(now, Threads::all())
    }

    fn calibration(&self) -> Calibration {
        self.start_on(TODAY).unwrap().calibration().clone()
    }

    fn file(&self) -> PathBuf {
        self.data.path().join("cache/learnt.json")
    }

    /// What is remembered, with one of its words changed as only we could.
    fn forge(&self, from: &str, to: &str) {
        let text = fs::read_to_string(self.file()).unwrap();
        let (_, said) = text.trim_end().strip_suffix('}').unwrap().split_once(SAID).unwrap();
        assert!(said.contains(from), "{said} has {from}");
        let said = said.replace(from, to);
        let mut sum = String::new();
        Sha256::digest(&said).iter().for_each(|byte| write!(sum, "{byte:02x}").unwrap());
        fs::write(self.file(), format!("{{\"sum\":\"{sum}{SAID}{said}}}\n")).unwrap();
    }
}

/// From midnight to eight in Shanghai it is still the day before in UTC.
#[test]
fn the_day_of_a_start_is_the_operators() {
    let starts = Starts::new();
    let file = starts.root.path().join("knowledge/payment.yaml");
    let text = fs::read_to_string(&file).unwrap();
    let dated = text.replace("    handoff: offer\n", "    valid: {from: 2026-11-22}\n");
    assert_ne!(dated, text);
    fs::write(&file, dated).unwrap();
    let tests = "version: 1
floors: {helped: 1000}
cases: [{entry: account.close.how, say: [想把账户注销掉]}]
";
    fs::write(starts.root.path().join("knowledge/tests.yaml"), tests).unwrap();
    let at = |text: &str| starts.start_at(text.parse().unwrap());
    assert!(
        matches!(at("2026-11-21T15:59:59Z"), Err(ReloadError::Floors { .. })),
        "not served yet"
    );
    assert!(at("2026-11-21T16:00:00Z").is_ok(), "served from midnight of the operator's day");
}

#[cfg(unix)]
#[test]
fn only_its_owner_reads_what_was_learnt() {
    use std::os::unix::fs::PermissionsExt;
    let starts = Starts::new();
    let folder = starts.data.path().join("cache");
    fs::create_dir(&folder).unwrap();
    let left_over = folder.join("learnt.new");
    fs::write(&left_over, "of an earlier start").unwrap();
    fs::set_permissions(&left_over, fs::Permissions::from_mode(0o444)).unwrap();
    starts.start_on(TODAY).unwrap();
    assert_eq!(fs::metadata(starts.file()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn what_was_learnt_is_taken_up_at_the_next_start() {
    let starts = Starts::new();
    let learnt = starts.calibration();
    let known = held_out(learnt.held_out);
    starts.forge(&known, &held_out(4321));
    assert_eq!(starts.calibration().held_out, 4321, "it was not learnt anew");

    // Other knowledge replaces the learnt weights.
    let file = starts.root.path().join("knowledge/dict.txt");
    fs::write(&file, "提现\n到账\n销户\n").unwrap();
    assert_eq!(starts.calibration().held_out, learnt.held_out);
    assert!(fs::read_to_string(starts.file()).unwrap().contains(&known));
}

#[test]
fn a_file_of_no_use_costs_time_and_nothing_else() {
    let starts = Starts::new();
    let learnt = starts.calibration();
    let good = fs::read(starts.file()).unwrap();
    let known = held_out(learnt.held_out);
    starts.forge(&known, &held_out(4321));
    let forged = fs::read_to_string(starts.file()).unwrap();
    let flipped = |at: usize| {
        let mut bytes = forged.clone().into_bytes();
        bytes[at] ^= 1;
        bytes
    };
    let middle = forged.find("4321").unwrap();
    let cases = [
        // (what it shows, contents)
        ("nothing in it", Vec::new()),
        ("cut in the middle", forged.as_bytes()[..middle].to_vec()),
        ("its end lost", forged.trim_end().as_bytes()[..forged.len() - 2].to_vec()),
        ("a bit of a number flipped", flipped(middle)),
        ("a bit of the sum flipped", flipped(forged.find(SAID).unwrap() - 1)),
        ("no text", vec![0xff; 500]),
        ("something else", b"version: 1\n".to_vec()),
        ("without end", forged.repeat(1_000).into_bytes()),
    ];
    for (shows, contents) in cases {
        fs::write(starts.file(), contents).unwrap();
        assert_eq!(starts.calibration(), learnt, "{shows}");
        assert_eq!(fs::read(starts.file()).unwrap(), good, "{shows}: it is whole again");
    }
    for (shows, from, to) in [
        ("of other knowledge", "\"of\":\"", "\"of\":\"0"),
        ("of another engine", "\"engine\":\"", "\"engine\":\"9"),
        ("of another format", "{\"format\":3", "{\"format\":4"),
        ("of another format of numbers", "{\"format\":3,\"of\"", "{\"format\":4,\"of\""),
    ] {
        fs::write(starts.file(), &forged).unwrap();
        starts.forge(from, to);
        assert_eq!(starts.calibration(), learnt, "{shows}");
    }

    // Where nothing can be written, nothing is kept.
    fs::remove_dir_all(starts.data.path().join("cache")).unwrap();
    fs::write(starts.data.path().join("cache"), "a file in the way").unwrap();
    assert_eq!(starts.calibration(), learnt);
}

#[test]
fn floors_that_were_kept_are_not_tested_again_on_days_that_serve_the_same() {
    let starts = Starts::new();
    let entries = starts.root.path().join("knowledge/payment.yaml");
    let text = fs::read_to_string(&entries).unwrap();
    let valid = text.replace("    handoff: offer\n", "    valid: {until: 2026-12-31}\n");
    assert_ne!(text, valid);
    fs::write(&entries, valid).unwrap();
    let tests = starts.root.path().join("knowledge/tests.yaml");
    fs::write(&tests, UNKEPT.replace("1000", "0")).unwrap();
    starts.start_on(TODAY).unwrap();
    assert!(fs::read_to_string(starts.file()).unwrap().contains(KEPT));

    fs::write(&tests, UNKEPT).unwrap();
    let refused = |today| matches!(starts.start_on(today), Err(ReloadError::Floors { .. }));
    assert!(refused(TODAY), "other files are tested");
    assert!(refused(TODAY), "what was refused is refused again");

    // As if the floors had been kept, by a file that names this knowledge.
    let hash = {
        fs::write(&tests, UNKEPT.replace("1000", "0")).unwrap();
        starts.start_on(TODAY).unwrap().base.hash
    };
    fs::write(&tests, UNKEPT).unwrap();
    let Err(ReloadError::Floors { .. }) = starts.start_on(TODAY) else { panic!("refused") };
    let root = Root::find(Some(starts.root.path()), starts.root.path()).unwrap();
    let now = kefu::knowledge::load(&root.read().unwrap(), TODAY).base.unwrap().hash;
    starts.forge(&hash, &now);
    starts.start_on(TODAY).unwrap();
    starts.start_on(date(2026, 12, 31)).unwrap();
    let Err(ReloadError::Floors { figures, .. }) = starts.start_on(date(2027, 1, 1)) else {
        panic!("a day that serves other entries is tested by itself, and there is nothing to ask")
    };
    let told = figures[0].to_string();
    assert!(told.contains("0 of 1 asked") && told.contains("account.close.how"), "{told}");
    assert!(fs::read_to_string(starts.file()).unwrap().contains(KEPT));
}

#[test]
fn what_ends_by_its_own_date_is_lost_by_no_edit() {
    let starts = Starts::new();
    let file = starts.root.path().join("knowledge/payment.yaml");
    let text = fs::read_to_string(&file).unwrap();
    let until = "    valid: {until: 2026-11-22}\n    compliance: {source: 运营方规则}\n";
    let ending = text.replace("    compliance: {source: 运营方规则}\n", until);
    fs::write(&file, &ending).unwrap();
    let root = Root::find(Some(starts.root.path()), starts.root.path()).unwrap();
    let mut builder = KnowledgeBuilder::new(root, TableChoice::Shipped, starts.data.path());
    let served = builder.build(noon(TODAY), Threads::all()).unwrap();

    let edited = ending.replace("提现费用以确认页为准", "提现免费");
    fs::write(&file, &edited).unwrap();
    let tomorrow = date(2026, 11, 23);
    assert!(
        builder.rebuild(noon(tomorrow), &served, false).unwrap().is_some(),
        "nothing was served any more"
    );

    // On a day on which they are served, an edit takes them away.
    fs::write(&file, edited.replacen("until: 2026-11-22", "until: 2026-11-21", 1)).unwrap();
    let Err(ReloadError::Loss { loss, most }) = builder.rebuild(noon(TODAY), &served, false) else {
        panic!("one of four is more than a fifth")
    };
    assert_eq!((loss.lost.len(), loss.served, most.percent()), (1, 4, 20));
    fs::write(&file, edited.replacen("    valid: {until: 2026-11-22}\n", "    status: draft\n", 1))
        .unwrap();
    assert!(matches!(builder.rebuild(noon(TODAY), &served, false), Err(ReloadError::Loss { .. })));
    fs::write(&file, &edited).unwrap();
    assert!(builder.rebuild(noon(TODAY), &served, false).unwrap().is_some(), "mended");
}
