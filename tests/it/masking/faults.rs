//! The counting is seen to fail on faults: what finds nothing, what takes everything, what leaves a
//! little.

use kefu::compliance::MaskContext;

use super::measure::{
    Class, Dice, HarmlessKind, Recall, Recalls, Traces, Typed, count_touched, is_found,
};

fn recall(mask: fn(&str, &MaskContext) -> String) -> (f64, f64) {
    let recalls = Recalls::count(&mask, 20, 20, &mut Dice::new(3));
    let share = |recalls: Vec<&Recall>| Recall::sum(recalls).share();
    (share(recalls.plain.values().collect()), share(recalls.evaded.values().collect()))
}

#[test]
fn a_masker_that_does_nothing_finds_nothing() {
    assert_eq!(recall(|text, _| text.to_owned()), (0.0, 0.0));
}

#[test]
fn a_masker_that_takes_everything_finds_all_and_touches_all() {
    let takes_all = |_: &str, _: &MaskContext| "[密码已删除]".to_owned();
    assert_eq!(recall(takes_all), (1.0, 1.0));
    let touched = count_touched(&takes_all, 20, &mut Dice::new(3));
    assert_eq!(touched.len(), HarmlessKind::ALL.len());
    assert!(touched.values().all(|kind| kind.texts > 0 && kind.wrongly.len() == kind.texts));
}

#[test]
fn a_masker_that_keeps_four_characters_of_secrets_finds_none_of_them() {
    let recalls = Recalls::count(&|_, _| "[手机号…8000]".to_owned(), 20, 20, &mut Dice::new(3));
    for class in Class::ALL {
        let expected = if class.is_destroyed() { 0.0 } else { 1.0 };
        assert!((recalls.plain[&class].share() - expected).abs() < 1e-9, "{}", class.name());
    }
}

#[test]
fn what_is_left_of_a_value_counts() {
    let cases = [
        // (what it shows, the stored text, whether the value counts as found)
        ("all gone", "打我电话[手机号…8000]吧", true),
        ("a sign beside it stays", "打我电话+[手机号…8000]吧", true),
        ("a word beside it goes, too", "打我[手机号…8000]", true),
        ("as it was", "打我电话+138 0013 8000吧", false),
        ("the first digit stays", "打我电话+1[手机号…8000]吧", false),
        ("the last digits stay", "打我电话+[座机…1380]00吧", false),
        ("in another script", "打我电话⑧[手机号…8000]吧", false),
        ("in Chinese", "打我电话[手机号…8000]八吧", false),
        ("what is no tag", "打我电话[138 0013 8000]吧", false),
    ];
    let typed = Typed {
        before: "打我电话".to_owned(),
        value: "+138 0013 8000".to_owned(),
        after: "吧".to_owned(),
        is_first_part: false,
    };
    for (shows, stored, expected) in cases {
        assert_eq!(is_found(&typed, stored, false), expected, "{shows}");
    }
}

#[test]
fn traces_are_found_in_files_but_not_within_ids() {
    let typed = |before: &str, value: &str, after: &str| Typed {
        before: before.to_owned(),
        value: value.to_owned(),
        after: after.to_owned(),
        is_first_part: false,
    };
    let mut traces = Traces::default();
    traces.add(&typed("我的验证码是", "4829", ""), "4829");
    traces.add(&typed("卡号", "6222 0212\n3456 7890 128", "吧"), "6222021234567890128");
    traces.add(&typed("护照", "E12345678", "过期了"), "E12345678");
    let cases = [
        ("a short one in its sentence", "{\"text\":\"我的验证码是4829\"}", true),
        ("a short one alone", "took 4829 ms", false),
        ("as it was typed", "卡号6222 0212\n3456 7890 128吧", true),
        ("as JSON has it", "6222 0212\\n3456 7890 128", true),
        ("joined, even within more", "x6222021234567890128", true),
        ("a middle one alone", "number=E12345678", true),
        ("a middle one within an id", "a9E123456780f", false),
        ("its tag", "[银行卡…0128]", false),
    ];
    let folder = tempfile::tempdir().unwrap();
    for (shows, text, expected) in cases {
        let path = folder.path().join("file");
        std::fs::write(&path, [b"\x00\xff", text.as_bytes(), b"\x00"].concat()).unwrap();
        assert_eq!(!traces.search(&[path]).is_empty(), expected, "{shows}");
    }
}
