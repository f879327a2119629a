//! The promised rates: of private values that are found, of harmless numbers that are changed.

use kefu::compliance::{MaskContext, Masker};

use super::measure::{Class, Dice, Recall, Recalls, count_touched};

/// The texts of each class in plain spelling, and as many in evaded ones.
const TEXTS: usize = 112;
/// The harmless texts of each kind.
const HARMLESS: usize = 400;

fn mask(text: &str, context: &MaskContext) -> String {
    Masker::default().mask(text, context).into_text()
}

/// What is wrong if a share of these values was missed, with all that were.
fn shortfall(spelling: &str, recall: &Recall, least: f64) -> Option<String> {
    let (found, texts, misses) = (recall.found, recall.texts, recall.misses.join("\n"));
    (recall.share() < least).then(|| format!("{spelling}: {found} of {texts}, missed:\n{misses}"))
}

#[test]
fn s5_private_values_are_found_in_all_spellings() {
    let recalls = Recalls::count(&mask, TEXTS, TEXTS, &mut Dice::new(1));
    for class in Class::ALL {
        let (plain, evaded) = (&recalls.plain[&class], &recalls.evaded[&class]);
        assert_eq!((plain.texts, evaded.texts), (TEXTS, TEXTS), "{}", class.name());
    }
    let plain = shortfall("plain", &Recall::sum(recalls.plain.values()), 0.999);
    let evaded = shortfall("evaded", &Recall::sum(recalls.evaded.values()), 0.99);
    let wrong: Vec<String> = plain.into_iter().chain(evaded).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn s5_harmless_numbers_stay() {
    let by_kind = count_touched(&mask, HARMLESS, &mut Dice::new(2));
    let texts: usize = by_kind.values().map(|kind| kind.texts).sum();
    let touched: Vec<&str> =
        by_kind.values().flat_map(|kind| kind.wrongly.iter().map(String::as_str)).collect();
    assert!(by_kind.values().all(|kind| kind.texts + kind.like_cards == HARMLESS));
    assert!(
        touched.len() * 1_000 <= texts,
        "{} of {texts}:\n{}",
        touched.len(),
        touched.join("\n")
    );
}
