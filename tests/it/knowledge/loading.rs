//! Reloading a root: unchanged files are not parsed again, and the result equals that of a first
//! load.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use kefu::knowledge::{Code, Finding, Loaded, Loader, Part, SourceFile, load};
use kefu::parallel::Threads;

use crate::knowledge::broken_rows::GOOD;

const TODAY: Date = date(2026, 11, 22);

const FIRST: &str = "version: 1
defaults: {category: account, class: general, checked: 2026-11-22, review_due: 2099-01-01}
entries:
  - id: account.close.how
    question: 怎么注销账户
    similar: [账户怎么销户]
    answer: 拨打{{hotline}}注销。
    compliance: {source: 运营方规则}
";

const RULES: &str = "version: 1
classes: {general: {}, invest: {risk_line: 投资需谨慎。}}
rules:
  - {code: CP001, name: 承诺, severity: warning, applies_to: [answer], words: [注销], source: 法律, mend: 换个说法}
";

/// Files that change between loads, and one loader for all of them.
struct Root {
    files: BTreeMap<String, String>,
    loader: Loader,
}

impl Root {
    fn good() -> Self {
        let files = GOOD.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        Self { files: files.collect(), loader: Loader::default() }
    }

    fn files(&self) -> Vec<SourceFile> {
        let file = |(path, text): (&String, &String)| SourceFile {
            path: path.clone(),
            bytes: text.clone().into_bytes(),
        };
        self.files.iter().map(file).collect()
    }

    fn load(&mut self) -> Loaded {
        let files = self.files();
        self.loader.load(&files, TODAY, Threads::all())
    }

    /// Loads after a change of this many files; only these are parsed.
    fn load_after(&mut self, shows: &str, parsed: usize) -> Loaded {
        let again = self.load();
        assert_eq!(again.parsed, parsed, "{shows}");
        let anew = load(&self.files(), TODAY);
        assert_eq!(anew.parsed, self.files.len(), "{shows}");
        assert_eq!(again.diagnostics, anew.diagnostics, "{shows}");
        assert_eq!(again.summary, anew.summary, "{shows}");
        assert_eq!(said(&again), said(&anew), "{shows}");
        again
    }

    fn write(&mut self, path: &str, text: &str) {
        self.files.insert(path.to_owned(), text.to_owned());
    }

    fn replace(&mut self, path: &str, from: &str, to: &str) {
        let text = self.files.get_mut(path).unwrap();
        assert!(text.contains(from), "{path} has {from}");
        *text = text.replace(from, to);
    }
}

/// The contents of the knowledge base; rules are compared by their reports.
fn said(loaded: &Loaded) -> String {
    loaded.base.as_ref().map_or_else(String::new, |base| {
        format!(
            "{} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {}",
            base.hash,
            base.entries,
            base.intents,
            base.policy,
            base.hours,
            base.variables,
            base.dictionary,
            base.synonyms,
            base.tests,
            base.rules.rules().len(),
        )
    })
}

fn codes(loaded: &Loaded) -> Vec<&str> {
    loaded.diagnostics.iter().map(|one| one.code.as_ref()).collect()
}

#[test]
fn only_what_changed_is_parsed_and_all_of_it_is_checked() {
    let mut root = Root::good();
    root.load_after("at first", GOOD.len());
    root.load_after("nothing changed", 0);

    root.replace("knowledge/payment.yaml", "以确认页为准", "以页面为准");
    root.load_after("another answer", 1);

    root.write("knowledge/a.yaml", FIRST);
    let loaded = root.load_after("a file before all others", 1);
    assert_eq!(loaded.base.unwrap().entries[0].id.as_str(), "account.close.how");

    root.replace("knowledge/a.yaml", "账户怎么销户", "提现多久到账");
    let loaded = root.load_after("a question of another file, too", 1);
    assert_eq!(codes(&loaded), [Code::SameQuestion.as_str()]);
    root.replace("knowledge/a.yaml", "提现多久到账", "账户怎么销户");
    root.load_after("mended", 1);

    root.replace("knowledge/variables.yaml", "  hotline: \"12378\"\n", "");
    let loaded = root.load_after("a variable that a file that did not change uses", 1);
    assert_eq!(codes(&loaded), [Code::UnknownVariable.as_str()]);
    root.write("knowledge/variables.yaml", GOOD[1].1);
    root.load_after("mended", 1);

    root.write("knowledge/compliance.yaml", RULES);
    let loaded = root.load_after("a rule that finds words of a file that did not change", 1);
    assert_eq!(codes(&loaded), ["CP001"]);
    assert_eq!(codes(&root.load_after("and finds them again", 0)), ["CP001"]);

    root.write("intents/b.yaml", "version: [");
    root.load_after("a file that cannot be read", 1);
    root.load_after("it is as broken as before", 0);

    let moved = root.files.remove("knowledge/payment.yaml").unwrap();
    root.write("knowledge/z/payment.yaml", &moved);
    root.files.remove("intents/b.yaml");
    root.load_after("a file moved behind all others, one gone", 1);
}

#[test]
fn what_is_found_later_is_told_where_it_stands_after_files_came_and_went() {
    let mut root = Root::good();
    root.load();
    root.write("knowledge/a.yaml", FIRST);
    root.files.remove("knowledge/tests.yaml");
    let mut loaded = root.load();
    let finding = |entry| Finding {
        code: Code::SameQuestion,
        part: Part::Question { entry, question: 1 },
        message: "像".to_owned(),
        reason: String::new(),
        mend: String::new(),
    };
    loaded.add(&root.files(), vec![finding(0), finding(1)]);
    let places = loaded.diagnostics.iter().map(|one| (one.file.as_str(), one.source_line.trim()));
    assert_eq!(
        places.collect::<Vec<_>>(),
        [
            ("knowledge/a.yaml", "similar: [账户怎么销户]"),
            ("knowledge/payment.yaml", "- 提现要几天"),
        ]
    );
}
