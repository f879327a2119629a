//! The vector of a sentence, in little memory.

/// The direction of an encoded text: numbers of 8 bits, so that cosines are sums of whole numbers
/// and a thousand questions take half a megabyte.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SentenceVector {
    numbers: Box<[i8]>,
    length: f32,
}

impl SentenceVector {
    /// Of numbers of any length.
    pub(super) fn new(numbers: &[f32]) -> Self {
        let largest = numbers.iter().fold(0.0_f32, |largest, number| largest.max(number.abs()));
        let step = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        let numbers = numbers.iter().map(|number| (number / step).round() as i8);
        let mut vector = Self { numbers: numbers.collect(), length: 0.0 };
        vector.length = (vector.dot(&vector) as f32).sqrt();
        vector
    }

    /// The cosine of the angle between two vectors, from -1 to 1; 0 with a vector of zeros.
    pub(crate) fn cosine(&self, other: &Self) -> f32 {
        let length = self.length * other.length;
        if length > 0.0 { self.dot(other) as f32 / length } else { 0.0 }
    }

    fn dot(&self, other: &Self) -> i32 {
        let products = self
            .numbers
            .iter()
            .zip(&other.numbers)
            .map(|(&one, &other)| i32::from(one) * i32::from(other));
        products.sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cosines_are_those_of_the_numbers() {
        let wave = |shift: f32| -> Vec<f32> {
            (0..512).map(|place| (place as f32 / 9.0 + shift).sin()).collect()
        };
        let vector = |shift| SentenceVector::new(&wave(shift));
        for shift in [0.0_f32, 0.5, 1.5, 3.0] {
            let plain: f32 =
                wave(0.0).iter().zip(wave(shift)).map(|(one, other)| one * other).sum();
            let length = |shift| wave(shift).iter().map(|one| one * one).sum::<f32>().sqrt();
            let plain = plain / length(0.0) / length(shift);
            let found = vector(0.0).cosine(&vector(shift));
            assert!((found - plain).abs() < 2e-3, "{found} {plain}");
        }
        assert!(vector(0.0).cosine(&SentenceVector::new(&[0.0; 512])).abs() < 1e-9);
    }
}
