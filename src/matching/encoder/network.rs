//! The network: from the rows of a text's pieces to one vector.

use super::matrix::Matrix;

/// Numbers that are added side by side, in this order on every machine.
const LANES: usize = 8;

/// A matrix and what is added to its products.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    pub(super) matrix: Matrix,
    pub(super) bias: Vec<f32>,
}

/// Brings each row to a mean of zero and a variance of one, then to a scale and an offset (Ba et
/// al. 2016, "Layer Normalization").
#[derive(Clone, Debug)]
pub(super) struct Norm {
    pub(super) scale: Vec<f32>,
    pub(super) offset: Vec<f32>,
}

/// Two convolutions over neighbouring pieces.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    /// How many pieces are seen at once.
    pub(super) order: usize,
    /// How many of them come before the piece at which they are seen.
    pub(super) before: usize,
    /// From a piece's row to the inputs of the convolutions.
    pub(super) entrance: Layer,
    pub(super) first: Layer,
    pub(super) second: Layer,
}

/// What follows when a text is one row: two layers, and the same past each of them.
#[derive(Clone, Debug)]
pub(super) struct OutputHead {
    pub(super) first: Matrix,
    pub(super) past_first: Matrix,
    pub(super) second: Matrix,
    pub(super) third: Matrix,
    pub(super) past_third: Matrix,
    pub(super) fourth: Matrix,
}

/// All layers in their order.
#[derive(Clone, Debug)]
pub(super) struct Network {
    /// How many numbers the row of a piece has.
    pub(super) dimensions: usize,
    pub(super) branches: Vec<Branch>,
    /// Of the entrances of all branches, side by side.
    pub(super) entrance: Norm,
    /// Of a piece's own row and those of its branches, side by side.
    pub(super) norm: Norm,
    pub(super) sum: Layer,
    pub(super) head: OutputHead,
    /// Keeps divisors from zero.
    pub(super) epsilon: f32,
}

impl Network {
    /// The vector of a text, of length one, from the rows of its pieces.
    pub(super) fn run(&self, rows: &[f32]) -> Vec<f32> {
        let count = rows.len() / self.dimensions;
        let mut seen: Vec<Vec<f32>> =
            self.branches.iter().map(|branch| branch.entrance.apply(rows)).collect();
        self.normalize_entrances(&mut seen, count);
        for (branch, seen) in self.branches.iter().zip(&mut seen) {
            *seen = branch.run(seen, count);
        }
        let mut total = vec![0.0; self.norm.scale.len()];
        for place in 0..count {
            let mut features = row_of(rows, place, count).to_vec();
            for seen in &seen {
                features.extend(row_of(seen, place, count));
            }
            self.norm.apply(&mut features, self.epsilon);
            add(&mut total, &features);
        }
        // A sum of products is the product of the sum.
        let mut sum = self.sum.matrix.product(&total);
        let share = 1.0 / (count as f32).sqrt();
        for (sum, bias) in sum.iter_mut().zip(&self.sum.bias) {
            *sum = (*sum + count as f32 * bias) * share;
        }
        let mut vector = self.head.run(&sum);
        let length = dot(&vector, &vector).max(self.epsilon).sqrt();
        for number in &mut vector {
            *number /= length;
        }
        vector
    }

    /// Normalises the entrances of each piece, which count as one row.
    fn normalize_entrances(&self, entrances: &mut [Vec<f32>], count: usize) {
        for place in 0..count {
            let mut row = Vec::with_capacity(self.entrance.scale.len());
            for one in &*entrances {
                row.extend(row_of(one, place, count));
            }
            self.entrance.apply(&mut row, self.epsilon);
            let mut rest = &row[..];
            for one in &mut *entrances {
                let width = one.len() / count;
                let (own, after) = rest.split_at(width);
                one[place * width..(place + 1) * width].copy_from_slice(own);
                rest = after;
            }
        }
    }
}

impl Branch {
    /// From the inputs of each piece to one row for each.
    fn run(&self, inputs: &[f32], count: usize) -> Vec<f32> {
        let width = inputs.len() / count;
        let first = self.convolve(&self.first, inputs, width);
        self.convolve(&self.second, &first, width)
    }

    /// A convolution, to which its inputs are added.
    fn convolve(&self, layer: &Layer, rows: &[f32], width: usize) -> Vec<f32> {
        let count = rows.len() / width;
        let mut windows = Vec::with_capacity(self.order * rows.len());
        for place in 0..count {
            for seen in place..place + self.order {
                match seen.checked_sub(self.before).filter(|seen| *seen < count) {
                    Some(seen) => windows.extend(&rows[seen * width..(seen + 1) * width]),
                    None => windows.extend(std::iter::repeat_n(0.0, width)),
                }
            }
        }
        let mut products = layer.apply(&windows);
        positive(&mut products);
        add(&mut products, rows);
        products
    }
}

impl Layer {
    fn apply(&self, rows: &[f32]) -> Vec<f32> {
        let mut products = self.matrix.product(rows);
        for row in products.chunks_exact_mut(self.bias.len()) {
            add(row, &self.bias);
        }
        products
    }
}

impl Norm {
    fn apply(&self, row: &mut [f32], epsilon: f32) {
        let count = row.len() as f32;
        let mean = sum(row.iter().copied()) / count;
        for number in row.iter_mut() {
            *number -= mean;
        }
        let variance = dot(row, row) / count;
        let factor = 1.0 / (variance + epsilon).sqrt();
        for ((number, scale), offset) in row.iter_mut().zip(&self.scale).zip(&self.offset) {
            *number = *number * factor * scale + offset;
        }
    }
}

impl OutputHead {
    fn run(&self, row: &[f32]) -> Vec<f32> {
        let mut first = self.first.product(row);
        positive(&mut first);
        let mut second = self.past_first.product(row);
        add(&mut second, &self.second.product(&first));
        positive(&mut second);
        let mut third = self.third.product(&second);
        positive(&mut third);
        let mut vector = self.past_third.product(&second);
        add(&mut vector, &self.fourth.product(&third));
        for number in &mut vector {
            *number = libm::tanhf(*number);
        }
        vector
    }
}

/// The row with this number of `count` rows.
fn row_of(rows: &[f32], place: usize, count: usize) -> &[f32] {
    let width = rows.len() / count;
    &rows[place * width..(place + 1) * width]
}

fn positive(numbers: &mut [f32]) {
    for number in numbers {
        *number = number.max(0.0);
    }
}

fn add(sums: &mut [f32], numbers: &[f32]) {
    for (sum, number) in sums.iter_mut().zip(numbers) {
        *sum += number;
    }
}

fn dot(one: &[f32], other: &[f32]) -> f32 {
    sum(one.iter().zip(other).map(|(one, other)| one * other))
}

/// The sum in [`LANES`] parts: a machine may add them side by side, and the order is fixed.
fn sum(numbers: impl Iterator<Item = f32>) -> f32 {
    let mut lanes = [0.0; LANES];
    for (place, number) in numbers.enumerate() {
        lanes[place % LANES] += number;
    }
    lanes.iter().sum()
}
