//! Tests of reading an encoder and of its vectors.

use super::{
    Encoder, EncoderError,
    toy::{ToyEncoder, random_toy, sealed},
};

const PIECES: [&str; 6] = ["提", "现", "到", "账", "提现", "▁"];

/// Where the body of a file begins: after the mark and the checksum.
const BODY: usize = 40;

#[test]
fn a_vector_equals_that_computed_by_hand() {
    let toy = ToyEncoder {
        pieces: &[],
        sizes: [1, 1, 1, 1, 2],
        row: &|_, _| 1,
        weight: &|_, _, output| output as i8 + 1,
        // The four matrices up to the sum, then the head.
        step: &|matrix| if matrix < 4 { 1.0 } else { 0.1 },
        constant: 0.5,
    };
    let encoder = Encoder::parse(&toy.bytes()).unwrap();
    // Three pieces: begin, unknown, end. A row of one number is brought to 0, then to 0.5. The first
    // convolution gives 2, 2, 1.5 and the second 6.5, 6, 3.5. Beside the row's own 1 that is the
    // larger of two, so the normalised pair is (0, 1), and the sum (0, 3). With three biases and
    // over the root of 3 that is 2.598076, then 0.285788 and (0.0371525, 0.0743050) in the head.
    let expected = [0.447_708, 0.894_181];
    for (found, expected) in encoder.encode("").iter().zip(expected) {
        assert!((found - expected).abs() < 1e-5, "{found} {expected}");
    }
}

#[test]
fn vectors_have_length_one_and_tell_texts_apart() {
    let encoder = Encoder::parse(&random_toy(&PIECES)).unwrap();
    let texts = ["提现", "现提", "到账", "提现到账", "天气", ""];
    for (place, one) in texts.iter().enumerate() {
        let vector = encoder.encode(one);
        let length: f32 = vector.iter().map(|number| number * number).sum();
        assert!((length - 1.0).abs() < 1e-5, "{one}: {length}");
        for other in &texts[place + 1..] {
            // Two characters without a piece are two unknown pieces; nothing is one.
            assert_ne!(vector, encoder.encode(other), "{one} {other}");
        }
    }
}

/// The same bits on every machine: a checksum over the vectors of some texts.
#[test]
fn vectors_are_the_same_everywhere() {
    let encoder = Encoder::parse(&random_toy(&PIECES)).unwrap();
    let bits = ["提现多久到账", "到账", "", "提 现"].iter().flat_map(|text| {
        encoder.encode(text).into_iter().map(|number| u64::from(number.to_bits()))
    });
    assert_eq!(
        crate::text::fnv1a(1, bits),
        3_205_521_099_328_375_082,
        "another order of sums, or another root or tangent"
    );
}

#[test]
fn broken_files_are_refused() {
    let good = random_toy(&PIECES);
    let changed = |place: usize, bytes: &[u8]| {
        let mut body = good[BODY..].to_vec();
        body[place..place + bytes.len()].copy_from_slice(bytes);
        sealed(&body)
    };
    let flipped = |place: usize| {
        let mut bytes = good.clone();
        bytes[place] ^= 1;
        bytes
    };
    let size = |what, found, most| EncoderError::Size { what, found, most };
    let nan = f32::NAN.to_le_bytes();
    let cases = [
        // (what it shows, bytes, error)
        ("nothing", Vec::new(), EncoderError::NotAnEncoder),
        ("another version", flipped(7), EncoderError::NotAnEncoder),
        ("cut off in its checksum", good[..20].to_vec(), EncoderError::Damaged),
        ("cut off", good[..good.len() - 1].to_vec(), EncoderError::Damaged),
        ("a changed bit", flipped(good.len() - 9), EncoderError::Damaged),
        ("a changed checksum", flipped(9), EncoderError::Damaged),
        (
            "too many pieces",
            changed(0, &200_001_u32.to_le_bytes()),
            size("the number of pieces", 200_001, 200_000),
        ),
        ("no width", changed(4, &[0; 4]), size("the length of a row", 0, 2_048)),
        (
            "too wide",
            changed(8, &u32::MAX.to_le_bytes()),
            size("the width of a branch", u32::MAX as usize, 2_048),
        ),
        ("too many branches", changed(24, &[9, 0, 0, 0]), size("the number of branches", 9, 8)),
        (
            "a branch that sees too far back",
            changed(32, &[2, 0, 0, 0]),
            EncoderError::Wrong("a branch sees more pieces before than at all"),
        ),
        ("no number", changed(36, &nan), EncoderError::Wrong("a number is not finite")),
        ("too few pieces", changed(0, &[2, 0, 0, 0]), EncoderError::Wrong("it has too few pieces")),
        (
            "fewer layers than its sizes say",
            sealed(&good[BODY..good.len() - 1]),
            EncoderError::Wrong("it ends before its last layer"),
        ),
        (
            "more bytes than its sizes say",
            sealed(&[&good[BODY..], b"x"].concat()),
            EncoderError::Wrong("it goes on after its last layer"),
        ),
        ("a piece twice", random_toy(&["提", "提"]), EncoderError::Wrong("a piece occurs twice")),
        ("an empty piece", random_toy(&["提", ""]), EncoderError::Wrong("a piece is empty")),
    ];
    for (shows, bytes, error) in cases {
        assert_eq!(Encoder::parse(&bytes).unwrap_err(), error, "{shows}");
    }
}

#[test]
fn no_sizes_make_it_read_past_the_end() {
    let good = random_toy(&PIECES);
    for end in BODY..good.len() {
        assert!(Encoder::parse(&sealed(&good[BODY..end])).is_err(), "cut at {end}");
    }
}
