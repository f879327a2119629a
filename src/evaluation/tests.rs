use super::{
    confidence::ByConfidence,
    report::{JudgedQuery, judge},
    *,
};
use crate::matching::Band;

/// A query that must find `label`, or nothing.
fn query(line: usize, label: Option<&str>, kind: &str) -> Query {
    Query {
        qid: Qid::Line(line - 1),
        line,
        text: format!("第 {line} 句"),
        label: label.map(str::to_owned),
        also: Vec::new(),
        is_disputed: false,
        kind: Some(kind.to_owned()),
    }
}

fn prediction(band: Band, clarify: &[&str], ranked: &[(&str, f64)]) -> Prediction {
    let place = |&(id, confidence): &(&str, f64)| RankedId {
        id: id.to_owned(),
        confidence,
        score: None,
        question: Some(format!("{id} 的问法")),
    };
    Prediction {
        band,
        intent: None,
        is_reply: false,
        clarify: clarify.iter().map(|&id| id.to_owned()).collect(),
        ranked: ranked.iter().map(place).collect(),
    }
}

/// Ten queries and what was found, small enough to work every figure by hand.
fn fixture() -> (Vec<Query>, Vec<Prediction>) {
    let mut rows = vec![
        // query                              what was found                            first: strict, second opinions
        (query(1, Some("a"), "plain"), prediction(Band::Answer, &[], &[("a", 0.95), ("b", 0.1)])), // right
        (query(2, Some("b"), "plain"), prediction(Band::Answer, &[], &[("b", 0.9)])), //    right
        (query(3, Some("c"), "plain"), prediction(Band::Answer, &[], &[("d", 0.85), ("c", 0.3)])), // place 2; right
        (
            query(4, Some("d"), "slip"),
            prediction(Band::Clarify, &["e", "d"], &[("e", 0.6), ("d", 0.5)]),
        ), // place 2
        (
            query(5, Some("e"), "slip"),
            prediction(
                Band::Clarify,
                &["a", "b"],
                &[("a", 0.6), ("b", 0.4), ("c", 0.3), ("e", 0.2)],
            ),
        ), // place 4
        (query(6, Some("a"), "slip"), prediction(Band::Fallback, &[], &[("a", 0.1)])), //   right
        (query(7, None, "chat"), prediction(Band::Answer, &[], &[("a", 0.8)])), //          unanswerable; left out
        (query(8, None, "chat"), prediction(Band::Fallback, &[], &[("b", 0.05)])), //       unanswerable
        (query(9, None, "other"), prediction(Band::Clarify, &["c"], &[("c", 0.7)])), //     unanswerable
        (query(10, Some("f"), "slip"), prediction(Band::Fallback, &[], &[])), //            nothing found
    ];
    rows[2].0.also = vec!["d".to_owned()];
    rows[6].0.is_disputed = true;
    rows.into_iter().unzip()
}

fn coverage(coverage: f64, false_answer_rate: f64, threshold: f64) -> Coverage {
    Coverage { coverage, false_answer_rate, threshold }
}

#[test]
fn strict_figures_worked_by_hand() {
    let (queries, predictions) = fixture();
    let report = measure(&queries, &predictions, LabelReading::Strict, Some(0.6));
    assert_eq!((report.answerable, report.unanswerable), (7, 3));
    assert_eq!(report.top1, Some(3.0 / 7.0));
    assert_eq!(report.recall3, Some(5.0 / 7.0));
    assert_eq!(report.mrr10, Some((1.0 + 1.0 + 0.5 + 0.5 + 0.25 + 1.0) / 7.0));
    // Right at 0.95, 0.9, 0.1; others at 0.85, 0.8, 0.7, 0.6, 0.6, 0.05 and nothing: of the
    // 3 × 7 pairs 7 + 7 + 2 are won.
    assert_eq!(report.auroc, Some(16.0 / 21.0));
    // Two of two right down to 0.9; below it two of three, and never 95 % again.
    assert_eq!(report.at95, Some(coverage(2.0 / 7.0, 0.0, 0.9)));
    assert_eq!(report.at98, report.at95);
    // From 0.6 on: 0.95, 0.9, 0.85, 0.6, 0.6 of the answerable, two of them right; 0.8, 0.7.
    let at = AtThreshold {
        threshold: 0.6,
        answered: 7,
        precision: Some(2.0 / 7.0),
        coverage: Some(5.0 / 7.0),
        false_answer_rate: Some(2.0 / 3.0),
    };
    assert_eq!(report.at_threshold, Some(at));
    let bands = Bands {
        answered: 3,
        answered_right: 2,
        answered_falsely: 1,
        clarified: 2,
        clarified_right: 1,
        clarified_falsely: 1,
        fallback: 3,
        silent: 1,
    };
    assert_eq!(report.bands, bands);
}

#[test]
fn second_opinions_accept_more_and_leave_out_what_they_dispute() {
    let (queries, predictions) = fixture();
    let report = measure(&queries, &predictions, LabelReading::SecondOpinions, Some(0.6));
    assert_eq!((report.answerable, report.unanswerable), (7, 2));
    assert_eq!(report.top1, Some(4.0 / 7.0));
    assert_eq!(report.recall3, Some(5.0 / 7.0));
    assert_eq!(report.mrr10, Some((1.0 + 1.0 + 1.0 + 0.5 + 0.25 + 1.0) / 7.0));
    // Right at 0.95, 0.9, 0.85, 0.1; others at 0.7, 0.6, 0.6, 0.05 and nothing.
    assert_eq!(report.auroc, Some((5.0 + 5.0 + 5.0 + 2.0) / 20.0));
    assert_eq!(report.at95, Some(coverage(3.0 / 7.0, 0.0, 0.85)));
    let at = report.at_threshold.unwrap();
    assert_eq!((at.answered, at.precision), (6, Some(3.0 / 6.0)));
    assert_eq!((at.coverage, at.false_answer_rate), (Some(5.0 / 7.0), Some(1.0 / 2.0)));
    assert_eq!((report.bands.answered_right, report.bands.answered_falsely), (3, 0));
    let first = report.confusions.first().unwrap();
    assert_eq!((first.line, first.answered), (9, 0), "nothing is wrongly answered any more");
}

#[test]
fn a_plain_reply_is_no_answer_where_none_is_wanted() {
    let mut small_talk = prediction(Band::Answer, &[], &[("smalltalk.weather", 0.99)]);
    small_talk.is_reply = true;
    let queries =
        [query(1, None, "x"), query(2, Some("a"), "x"), query(3, Some("smalltalk.weather"), "x")];
    let report = measure(&queries, &vec![small_talk; 3], LabelReading::Strict, Some(0.5));
    let bands =
        Bands { answered: 2, answered_right: 1, fallback: 1, silent: 1, ..Bands::default() };
    assert_eq!(report.bands, bands);
    assert_eq!(report.at_threshold.unwrap().false_answer_rate, Some(0.0));
    assert_eq!((report.reliability.unfound, report.confusions.len()), (1, 1));
}

#[test]
fn coverage_goes_down_to_where_the_precision_still_holds() {
    let (queries, predictions) = fixture();
    let judged = judge(&queries, &predictions, LabelReading::Strict);
    let best: Vec<_> = judged.iter().map(JudgedQuery::best).collect();
    let by_confidence = ByConfidence::new(&best);
    let cases = [
        // (what it shows, precision, each query's weight, expected)
        // Right of all from the top: 1/1, 2/2, 2/3, 2/4 at 0.8, then 2/5, 2/7, 3/8, 3/9.
        ("a half", 0.5, [1; 10], Some(coverage(3.0 / 7.0, 1.0 / 3.0, 0.8))),
        // 3/9 at 0.05 is a third exactly; what was not found is never answered.
        ("a third", 1.0 / 3.0, [1; 10], Some(coverage(6.0 / 7.0, 1.0, 0.05))),
        // The first query counts five times: 5/5, 6/6, 6/7, 6/8, 6/9 at 0.7, then 6/11, 7/12.
        (
            "weights",
            0.6,
            [5, 1, 1, 1, 1, 1, 1, 1, 1, 1],
            Some(coverage(7.0 / 11.0, 2.0 / 3.0, 0.7)),
        ),
        ("one left, wrong", 0.5, [0, 0, 1, 0, 0, 0, 0, 0, 0, 0], None),
    ];
    for (shows, precision, weights, expected) in cases {
        assert_eq!(by_confidence.coverage_at(precision, &weights), expected, "{shows}");
    }
}

#[test]
fn equal_confidences_are_answered_together() {
    let queries = [query(1, Some("a"), "x"), query(2, Some("b"), "x")];
    let both = vec![prediction(Band::Answer, &[], &[("a", 0.9)]); 2];
    let report = measure(&queries, &both, LabelReading::Strict, None);
    assert_eq!((report.at95, report.auroc), (None, Some(0.5)));
}

#[test]
fn no_queries_give_no_figures() {
    let report = measure(&[], &[], LabelReading::Strict, Some(0.5));
    assert_eq!((report.top1, report.auroc, report.at95), (None, None, None));
    assert_eq!((report.reliability.error, report.at_threshold.unwrap().precision), (None, None));
}

#[test]
fn each_style_has_its_figures() {
    let (queries, predictions) = fixture();
    let report = measure(&queries, &predictions, LabelReading::Strict, Some(0.75));
    let of = |kind: &str| {
        let found = report.kinds.iter().find(|one| one.kind.as_deref() == Some(kind));
        found.unwrap().clone()
    };
    let kind = |kind: &str| KindFigures {
        kind: Some(kind.to_owned()),
        falsely_at95: Some(0),
        falsely_at98: Some(0),
        falsely_at_threshold: Some(0),
        ..KindFigures::default()
    };
    let plain = KindFigures {
        answerable: 3,
        first_right: 2,
        answered: 3,
        answered_right: 2,
        ..kind("plain")
    };
    assert_eq!(of("plain"), plain);
    assert_eq!(of("slip"), KindFigures { answerable: 4, first_right: 1, ..kind("slip") });
    let chat = KindFigures {
        unanswerable: 2,
        answered_falsely: 1,
        falsely_at_threshold: Some(1),
        ..kind("chat")
    };
    assert_eq!(of("chat"), chat);
    assert_eq!(of("other"), KindFigures { unanswerable: 1, ..kind("other") });
    assert_eq!(report.kinds.len(), 4);
}

#[test]
fn confidences_are_held_against_what_was_right() {
    let (queries, predictions) = fixture();
    let Reliability { bins, unfound, error } =
        measure(&queries, &predictions, LabelReading::Strict, None).reliability;
    // A confidence at the edge of two bins is in the upper one.
    let counts = bins.map(|bin| (bin.count, bin.right));
    let none = (0, 0);
    let expected = [(1, 0), (1, 1), none, none, none, none, (2, 0), (1, 0), (2, 0), (2, 2)];
    assert_eq!((counts, unfound), (expected, 1));
    let eighth = bins[8].measured.unwrap();
    assert!((eighth.confidence - 0.825).abs() < 1e-12);
    assert!(eighth.right.abs() < 1e-12);
    // 0.05 and 0.9 once, 0.6 twice, 0.7 once, 0.825 twice, 1 − 0.925 twice; of nine.
    let expected = (0.05 + 0.9 + 1.2 + 0.7 + 1.65 + 0.15) / 9.0;
    assert!((error.unwrap() - expected).abs() < 1e-12, "{error:?}");
}

#[test]
fn a_confidence_at_an_edge_is_in_the_upper_bin_and_one_in_the_last() {
    for tenths in 0..=10_u8 {
        let queries = [query(1, Some("a"), "x")];
        let confidence = format!("0.{tenths}").parse().unwrap();
        let confidence = if tenths == 10 { 1.0 } else { confidence };
        let predictions = [prediction(Band::Fallback, &[], &[("a", confidence)])];
        let bins = measure(&queries, &predictions, LabelReading::Strict, None).reliability.bins;
        let place = bins.iter().position(|bin| bin.count == 1);
        assert_eq!(place, Some(usize::from(tenths.min(9))), "{confidence}");
    }
}

#[test]
fn what_is_wrongly_answered_is_the_worst_confusion() {
    let (mut queries, mut predictions) = fixture();
    // Another query of the pair c → d, with more confidence but not answered.
    queries.push(query(11, Some("c"), "plain"));
    predictions.push(prediction(Band::Clarify, &["c"], &[("d", 0.97)]));
    let report = measure(&queries, &predictions, LabelReading::Strict, None);
    let shown = report.confusions.iter().map(|one| {
        let id = |id: &Option<String>| id.clone().unwrap_or_else(|| "-".to_owned());
        let (expected, found) = (id(&one.expected), id(&one.found));
        let confidence = one.confidence.map_or_else(|| "-".to_owned(), |one| one.to_string());
        format!("{expected}>{found} {}/{} {confidence} {}", one.answered, one.count, one.line)
    });
    let expected = [
        // expected > found, answered/all, confidence of the example, its line
        "c>d 1/2 0.85 3",
        "->a 1/1 0.8 7",
        "->c 0/1 0.7 9",
        "d>e 0/1 0.6 4",
        "e>a 0/1 0.6 5",
        "f>- 0/1 - 10",
    ];
    assert_eq!(shown.collect::<Vec<_>>(), expected);
    assert_eq!(report.confusions[0].wording.as_deref(), Some("d 的问法"));
}

/// `wins` of a hundred queries are answered rightly only now, `losses` only before.
fn two_runs(count: usize, wins: usize, losses: usize) -> Comparison {
    let queries: Vec<Query> = (1..=count).map(|line| query(line, Some("a"), "x")).collect();
    let found = |is_right: bool| {
        let id = if is_right { "a" } else { "b" };
        prediction(Band::Answer, &[], &[(id, 0.9)])
    };
    let old: Vec<Prediction> = (0..count).map(|place| found(place >= wins)).collect();
    let new: Vec<Prediction> = (0..count).map(|place| found(place < count - losses)).collect();
    compare(&queries, &old, &new, &mut |_, _| {})
}

#[test]
fn a_difference_is_told_from_chance() {
    let top1 = |comparison: &Comparison| comparison.differences[0];
    // Ten of a hundred more: the number drawn is binomial(100, 0.1), of which 95 % lie within
    // 5 to 16.
    let clear = two_runs(100, 10, 0);
    let difference = top1(&clear);
    assert_eq!((difference.figure, difference.is_beyond_chance), (Compared::Top1, true));
    assert_eq!((difference.old, difference.new), (Some(0.9), Some(1.0)));
    let (low, high) = difference.interval.unwrap();
    assert!((0.045..0.055).contains(&low) && (0.155..0.165).contains(&high), "{low} {high}");
    assert_eq!((clear.won.len(), clear.lost.len()), (10, 0));
    let wrong = clear.differences[4];
    assert_eq!((wrong.figure, wrong.old), (Compared::AnsweredWrong, Some(0.1)));
    assert_eq!((wrong.new, wrong.is_beyond_chance), (Some(0.0), true));

    // Twelve won and eight lost: 0.04, with a standard error of √20 / 100 = 0.045.
    let unclear = two_runs(100, 12, 8);
    assert!(!top1(&unclear).is_beyond_chance, "{:?}", top1(&unclear));
    assert_eq!((unclear.won.len(), unclear.lost.len()), (12, 8));
    assert_eq!(unclear, two_runs(100, 12, 8), "the same runs compare alike");

    // All of ten: each resample says the same, and yet ten are too few.
    let small = two_runs(10, 10, 0);
    assert_eq!((top1(&small).interval, small.is_too_small), (Some((1.0, 1.0)), true));
    assert!(!top1(&small).is_beyond_chance);
}

#[test]
fn all_figures_of_equal_runs_are_equal() {
    let (queries, predictions) = fixture();
    let comparison = compare(&queries, &predictions, &predictions, &mut |_, _| {});
    for difference in &comparison.differences {
        assert_eq!(difference.old, difference.new, "{difference:?}");
        assert_eq!(difference.interval, Some((0.0, 0.0)), "{difference:?}");
        assert!(!difference.is_beyond_chance);
    }
    let old = comparison.differences.iter().map(|one| one.old.unwrap());
    let expected = [3.0 / 7.0, 16.0 / 21.0, 2.0 / 7.0, 2.0 / 7.0, 2.0 / 10.0];
    assert_eq!(old.collect::<Vec<_>>(), expected);
    assert!(comparison.won.is_empty() && comparison.lost.is_empty());
}

#[test]
fn a_wrong_answer_weighs_more_than_none() {
    let queries = [query(1, Some("a"), "x"), query(2, None, "x"), query(3, Some("a"), "x")];
    let fallback = prediction(Band::Fallback, &[], &[("b", 0.1)]);
    let wrong = prediction(Band::Answer, &[], &[("b", 0.9)]);
    let right = prediction(Band::Answer, &[], &[("a", 0.9)]);
    let old = [fallback.clone(), fallback.clone(), fallback.clone()];
    let new = [wrong.clone(), wrong, right];
    let comparison = compare(&queries, &old, &new, &mut |_, _| {});
    let swing = |place, old, new| Swing { place, old, new };
    assert_eq!(comparison.won, [swing(2, Grade::FirstWrong, Grade::AnsweredRight)]);
    // The unanswerable one fell further: it was as it should be.
    let lost = [
        swing(1, Grade::FirstRight, Grade::AnsweredWrong),
        swing(0, Grade::FirstWrong, Grade::AnsweredWrong),
    ];
    assert_eq!(comparison.lost, lost);
}

#[test]
fn predictions_come_back_from_their_lines_in_the_order_of_the_queries() {
    let (queries, predictions) = fixture();
    let lines: Vec<String> = queries
        .iter()
        .zip(&predictions)
        .map(|(query, prediction)| prediction.to_line(query))
        .rev()
        .collect();
    assert_eq!(parse_predictions(&lines.join("\n"), &queries), Ok(predictions));
}

#[test]
fn predictions_that_do_not_meet_the_queries_are_told() {
    let (mut queries, predictions) = fixture();
    let good: Vec<String> =
        queries.iter().zip(&predictions).map(|(query, one)| one.to_line(query)).collect();
    let edited = |place: usize, from: &str, to: &str| {
        let mut lines = good.clone();
        lines[place] = lines[place].replace(from, to);
        lines.join("\n")
    };
    let cases = [
        // (what it shows, file, line, what is told)
        ("no JSON", edited(1, "{", ""), 2, "it is no JSON: trailing characters at column 7"),
        ("no name", edited(1, "qid", "id"), 2, "“qid” is missing"),
        ("a foreign name", edited(1, "\"qid\":1", "\"qid\":\"q1\""), 2, "no query is named \"q1\""),
        (
            "a name twice",
            edited(1, "\"qid\":1", "\"qid\":0"),
            2,
            "its text is not that of its query, line 1 of the queries",
        ),
        ("a line twice", format!("{}\n{}", good[0], good[0]), 2, "it is the second one for 0"),
        (
            "another band",
            edited(0, "\"answer\"", "\"sure\""),
            1,
            "“band” is not one of answer, clarify, fallback",
        ),
        ("no candidates", edited(0, "ranked", "found"), 1, "“ranked” is missing or no list"),
        (
            "a score as confidence",
            edited(0, "0.95", "9.5"),
            1,
            "a “confidence” is missing or not within 0 to 1",
        ),
    ];
    for (shows, file, line, what) in cases {
        let expected = EvaluationError::Prediction { line, what: what.to_owned() };
        assert_eq!(parse_predictions(&file, &queries), Err(expected), "{shows}");
    }
    let short = parse_predictions(&good[..7].join("\n"), &queries);
    let expected = EvaluationError::Unpredicted { count: 3, qid: "7".to_owned(), line: 8 };
    assert_eq!(short, Err(expected));
    queries[0].text = "改过的一句".to_owned();
    let what = "its text is not that of its query, line 1 of the queries".to_owned();
    let stale = parse_predictions(&good.join("\n"), &queries);
    assert_eq!(stale, Err(EvaluationError::Prediction { line: 1, what }));
}
