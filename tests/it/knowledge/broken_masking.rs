//! A small `ids.yaml` and `masking.yaml`, and every mistake that can be made in them.

use jiff::civil::date;
use kefu::compliance::{MaskContext, PersonalData, Treatment};
use kefu::files::Root;
use kefu::knowledge::{KnowledgeBase, SourceFile, load};

use crate::knowledge::broken_rows::{GOOD, Row};

pub(crate) const IDS: &str = "knowledge/ids.yaml";
pub(crate) const MASKING: &str = "knowledge/masking.yaml";

pub(crate) const GOOD_IDS: &str = "version: 1
ids:
  - {id: order, name: 订单号, prefix: KF, length: 18}
  - {id: contract, name: 合同号, prefix: [HT, \"2026\"], length: [14, 20]}
";

pub(crate) const GOOD_MASKING: &str = "version: 1
masking:
  phone: destroy
  email: flag
  password: destroy
";

#[rustfmt::skip] // One row a line.
pub(crate) const IN_MASKING: &[Row] = &[
    ("no own numbers", IDS, GOOD_IDS, "version: 1\nids: []\n", ""),
    ("a key of the own numbers misspelt", IDS, "prefix: KF", "prefx: KF", "KB009 knowledge/ids.yaml:3:28"),
    ("no version of the own numbers", IDS, "version: 1\n", "", "KB030 knowledge/ids.yaml:1:1"),
    ("own numbers without a prefix", IDS, "prefix: KF, ", "", "KB010 knowledge/ids.yaml:3:5"),
    ("a kind of numbers in Chinese", IDS, "id: order", "id: 订单", "KB123 knowledge/ids.yaml:3:10"),
    ("one id for two kinds of numbers", IDS, "id: contract", "id: order", "KB123 knowledge/ids.yaml:4:10"),
    ("own numbers of a long name", IDS, "订单号", "订单订单订单订单订单订单订单订单订单订单订单", "KB015 knowledge/ids.yaml:3:23"),
    ("a prefix in lower case", IDS, "KF", "kf", "KB124 knowledge/ids.yaml:3:36"),
    ("a prefix of one character", IDS, "KF", "K", "KB124 knowledge/ids.yaml:3:36"),
    ("a prefix with a dash", IDS, "HT", "H-T", "KB124 knowledge/ids.yaml:4:40"),
    ("a prefix that is empty", IDS, "KF", "\"\"", "KB010 knowledge/ids.yaml:3:36"),
    ("a prefix that YAML reads as a number", IDS, "\"2026\"", "2026", "KB013 knowledge/ids.yaml:4:44"),
    ("no prefix in the list", IDS, "[HT, \"2026\"]", "[]", "KB124 knowledge/ids.yaml:4:39"),
    ("a prefix twice", IDS, "\"2026\"", "HT", "KB031 knowledge/ids.yaml:4:44"),
    ("numbers that are too short", IDS, "length: 18", "length: 5", "KB014 knowledge/ids.yaml:3:48"),
    ("numbers that are too long", IDS, "[14, 20]", "[14, 41]", "KB014 knowledge/ids.yaml:4:66"),
    ("a length that is text", IDS, "length: 18", "length: 十八位", "KB014 knowledge/ids.yaml:3:48"),
    ("three lengths", IDS, "[14, 20]", "[14, 16, 20]", "KB124 knowledge/ids.yaml:4:61"),
    ("the most before the least", IDS, "[14, 20]", "[20, 14]", "KB124 knowledge/ids.yaml:4:61"),
    ("a prefix as long as the number", IDS, "KF, length: 18", "KF2026, length: 6", "KB124 knowledge/ids.yaml:3:52"),
    ("two kinds of one beginning", IDS, "HT", "KF9", "KB125 knowledge/ids.yaml:4:5"),
    ("two kinds of one beginning and other lengths", IDS, "HT, \"2026\"], length: [14, 20]", "KF9, \"2026\"], length: [19, 20]", ""),
    ("own numbers that look like cards", IDS, "KF, length: 18", "\"62\", length: 16", "KB126 knowledge/ids.yaml:3:36"),
    ("own numbers that look like codes", IDS, "KF, length: 18", "\"12\", length: 6", "KB126 knowledge/ids.yaml:3:36"),
    ("own numbers that look like passports", IDS, "KF, length: 18", "E1, length: 9", "KB126 knowledge/ids.yaml:3:36"),
    ("own numbers that look like mobile phones", IDS, "KF, length: 18", "\"138\", length: [10, 12]", "KB126 knowledge/ids.yaml:3:36"),
    ("own numbers that look like identity numbers", IDS, "KF", "\"11\"", "KB126 knowledge/ids.yaml:3:36"),
    ("own numbers of a narrow prefix that cards have", IDS, "KF, length: 18", "\"626012\", length: 16", "KB127 knowledge/ids.yaml:3:36"),
    ("the second prefix that cards have", IDS, "\"2026\"", "\"223000\"", "KB127 knowledge/ids.yaml:4:44"),
    ("no treatments", MASKING, GOOD_MASKING, "version: 1\nmasking: {}\n", ""),
    ("a class of personal data misspelt", MASKING, "phone", "phne", "KB009 knowledge/masking.yaml:3:3"),
    ("no version of the treatments", MASKING, "version: 1\n", "", "KB030 knowledge/masking.yaml:1:1"),
    ("treatments that are a list", MASKING, "\n  phone: destroy\n  email: flag\n  password: destroy", " [phone]", "KB011 knowledge/masking.yaml:2:10"),
    ("a treatment that is none", MASKING, "phone: destroy", "phone: delete", "KB014 knowledge/masking.yaml:3:10"),
    ("a secret of which four characters stay", MASKING, "password: destroy", "password: last_four", "KB128 knowledge/masking.yaml:5:13"),
    ("a secret that is kept", MASKING, "password: destroy", "cvv: keep", "KB128 knowledge/masking.yaml:5:8"),
    ("an address of which four characters stay", MASKING, "email: flag", "email: last_four", "KB128 knowledge/masking.yaml:4:10"),
    ("a plate that is kept", MASKING, "email: flag", "plate: keep", ""),
    ("a phone that is kept", MASKING, "phone: destroy", "phone: keep", "KB129 knowledge/masking.yaml:3:10"),
    ("a card that is flagged", MASKING, "phone: destroy", "card: flag", "KB129 knowledge/masking.yaml:3:9"),
];

/// The good root, with the files of masking or without.
fn base(with_masking: bool) -> KnowledgeBase {
    let files = GOOD.iter().filter(|(path, _)| with_masking || ![IDS, MASKING].contains(path));
    let file = |(path, text): &(&str, &str)| SourceFile {
        path: (*path).to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    load(&files.map(file).collect::<Vec<_>>(), date(2026, 11, 22)).base.unwrap()
}

#[test]
fn what_the_files_say_decides_what_is_masked() {
    let treatment = |base: &KnowledgeBase, data| base.masker.policy.treatment(data);
    let base = base(true);
    assert_eq!(treatment(&base, PersonalData::Phone), Treatment::Destroy);
    assert_eq!(treatment(&base, PersonalData::Email), Treatment::Flag);
    assert_eq!(treatment(&base, PersonalData::Card), Treatment::LastFour, "not written");
    let ids: Vec<&str> = base.masker.ids.ids().iter().map(|id| id.id.as_str()).collect();
    assert_eq!(ids, ["order", "contract"]);
    assert_eq!(base.masker.ids.find("20261122000123").unwrap().name, "合同号");
    let masked = base.masker.mask("手机13800138000", &MaskContext::default());
    assert_eq!(masked.text(), "手机[手机号已删除]");
}

#[test]
fn without_the_files_the_defaults_hold() {
    assert_eq!(base(false).masker, kefu::compliance::Masker::default());
}

#[test]
fn the_shipped_treatments_are_the_defaults() {
    let shipped = load(&Root::embedded().read().unwrap(), date(2026, 11, 22)).base.unwrap();
    let default = kefu::compliance::MaskingPolicy::default();
    for data in PersonalData::ALL {
        assert_eq!(shipped.masker.policy.treatment(data), default.treatment(data), "{data:?}");
    }
    let file = Root::embedded().read().unwrap().into_iter().find(|file| file.path == MASKING);
    let text = String::from_utf8(file.unwrap().bytes).unwrap();
    for data in PersonalData::ALL {
        let line = text.lines().find(|line| line.starts_with(&format!("  {}: ", data.as_str())));
        assert!(line.is_some_and(|line| line.contains(" # ")), "{data:?} has a line and a remark");
    }
    assert!(!shipped.masker.ids.ids().is_empty());
}
