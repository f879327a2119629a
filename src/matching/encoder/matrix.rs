//! Products with matrices of 8-bit numbers.
//!
//! Each sum is made in the order of the inputs, and products are rounded before they are added. So
//! every instruction set gives the same bits, however many columns it computes at once.

/// Columns that are computed together.
const PANEL: usize = 16;

/// Rows that are computed together: with more, their sums do not fit the registers.
const ROWS: usize = 4;

/// A matrix of 8-bit numbers with one step for all of them.
#[derive(Clone, Debug)]
pub(super) struct Matrix {
    inputs: usize,
    outputs: usize,
    step: f32,
    /// For each panel of columns, its numbers by input. Missing columns are zeros.
    panels: Vec<[i8; PANEL]>,
}

impl Matrix {
    /// A matrix of `inputs` rows of numbers, one after the other.
    pub(super) fn new(inputs: usize, step: f32, numbers: &[i8]) -> Self {
        let outputs = numbers.len() / inputs;
        let mut panels = Vec::with_capacity(outputs.div_ceil(PANEL) * inputs);
        for from in (0..outputs).step_by(PANEL) {
            for row in numbers.chunks_exact(outputs) {
                let mut panel = [0; PANEL];
                let to = outputs.min(from + PANEL);
                panel[..to - from].copy_from_slice(&row[from..to]);
                panels.push(panel);
            }
        }
        Self { inputs, outputs, step, panels }
    }

    /// The product of each row of `rows` with the matrix, row by row.
    pub(super) fn product(&self, rows: &[f32]) -> Vec<f32> {
        let mut product = vec![0.0; rows.len() / self.inputs * self.outputs];
        pulp::Arch::new().dispatch(Multiplication { matrix: self, rows, product: &mut product });
        product
    }
}

/// A product that is not computed yet. A closure would be compiled without the instruction set.
struct Multiplication<'m> {
    matrix: &'m Matrix,
    rows: &'m [f32],
    product: &'m mut [f32],
}

impl pulp::NullaryFnOnce for Multiplication<'_> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "compiled once for each instruction set")]
    #[inline(always)]
    fn call(self) {
        let Matrix { inputs, outputs, step, panels } = self.matrix;
        let (inputs, outputs) = (*inputs, *outputs);
        let mut packed = vec![[0.0; ROWS]; inputs];
        let blocks = self.rows.chunks(ROWS * inputs);
        for (block, out) in blocks.zip(self.product.chunks_mut(ROWS * outputs)) {
            for (place, row) in block.chunks_exact(inputs).enumerate() {
                for (packed, &number) in packed.iter_mut().zip(row) {
                    packed[place] = number;
                }
            }
            for (number, panel) in panels.chunks_exact(inputs).enumerate() {
                let sums = sums(&packed, panel);
                for (row, sums) in out.chunks_exact_mut(outputs).zip(&sums) {
                    for (out, sum) in row[number * PANEL..].iter_mut().zip(sums) {
                        *out = sum * step;
                    }
                }
            }
        }
    }
}

/// The sums of a block of rows with a panel of columns. Loops over fixed ranges become registers
/// even where little is optimised.
#[expect(clippy::inline_always, reason = "compiled once for each instruction set")]
#[inline(always)]
fn sums(rows: &[[f32; ROWS]], panel: &[[i8; PANEL]]) -> [[f32; PANEL]; ROWS] {
    let mut sums = [[0.0; PANEL]; ROWS];
    for (numbers, weights) in rows.iter().zip(panel) {
        for column in 0..PANEL {
            let weight = f32::from(weights[column]);
            for row in 0..ROWS {
                sums[row][column] += numbers[row] * weight;
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_equals_plain_sums_to_the_last_bit() {
        // Neither rows nor columns fill their blocks.
        let (inputs, outputs, count) = (5, 19, 6);
        let numbers: Vec<i8> =
            (0..inputs * outputs).map(|place| (place * 37 % 255) as u8 as i8).collect();
        let rows: Vec<f32> = (0..count * inputs).map(|place| (place as f32).sin()).collect();
        let product = Matrix::new(inputs, 0.3, &numbers).product(&rows);
        for row in 0..count {
            for column in 0..outputs {
                let mut sum = 0.0;
                for input in 0..inputs {
                    sum +=
                        rows[row * inputs + input] * f32::from(numbers[input * outputs + column]);
                }
                let found: f32 = product[row * outputs + column];
                assert_eq!(found.to_bits(), (sum * 0.3_f32).to_bits(), "{row} {column}");
            }
        }
    }
}
