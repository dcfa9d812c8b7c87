//! The complex Fourier transform of a power of two, in the order of JTransforms, which took it from the General
//! Purpose FFT Package of Takuya Ooura (`fftsg.c`: split radix, decimation in frequency).
//!
//! Each stage joins four quarters: the first two stay as they are, the others are turned by the once and three times
//! of an angle. A stage is *even*, or *odd* where a turn that its place asks for is folded into it. The second quarter
//! of a stage goes on odd, the first and third even and the last as the stage itself. 8 or 16 slots are written out.

use std::f64::consts::FRAC_PI_4;

use super::angles::{cosine, on_circle};
use super::complex::Complex;

/// The once and three times of an angle, as points of the unit circle.
#[derive(Clone, Copy)]
struct Turns(Complex, Complex);

/// The points of the unit circle that a transform of one size needs.
pub(super) struct SplitRadix {
    size: usize,
    /// The cosine of half a right angle.
    diagonal: f64,
    /// At π/8 and at π/16.
    eighth: Complex,
    sixteenth: Turns,
    /// Every second turn of the first stage, up to the diagonal; the later stages take a part of them.
    turns: Vec<Turns>,
    /// The turns of the first stage, up to the diagonal.
    first: Vec<Turns>,
}

/// How four slots are joined.
type Join = fn(Complex, Complex, Complex, Complex) -> [Complex; 4];

/// Which kind of stage.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Even,
    Odd,
}

impl SplitRadix {
    /// For `size` slots, which is a power of two.
    pub(super) fn new(size: usize) -> SplitRadix {
        let step = FRAC_PI_4 / (size / 4).max(1) as f64;
        let at = |angle: f64| Turns(on_circle(angle), on_circle(3.0 * angle));
        let turns: Vec<Turns> = (0..size / 16).map(|place| at(step * (4 * place) as f64)).collect();
        let diagonal = cosine(FRAC_PI_4);
        let first = if size > 16 { halve(step, diagonal, &turns) } else { Vec::new() };
        SplitRadix {
            size,
            diagonal,
            eighth: on_circle(FRAC_PI_4 / 2.0),
            sixteenth: at(FRAC_PI_4 / 4.0),
            turns,
            first,
        }
    }

    /// The transform with the angles of the inverse, without its factor.
    pub(super) fn up(&self, slots: &mut [Complex]) {
        match slots.len() {
            0 | 1 => {}
            2 => (slots[0], slots[1]) = (slots[0] + slots[1], slots[0] - slots[1]),
            4 => {
                let [a, b, c, d] = join(slots[0], slots[1], slots[2], slots[3]);
                slots.copy_from_slice(&[a, c, b, d]);
            }
            8 | 16 => {
                self.leaf(slots, Stage::Even);
                reverse_bits(slots);
            }
            _ => {
                self.even_stage(slots, join, |place| self.first[place]);
                self.quarters(slots, Stage::Even);
                reverse_bits(slots);
            }
        }
    }

    /// The transform with the angles of Fourier's own.
    pub(super) fn down(&self, slots: &mut [Complex]) {
        match slots.len() {
            0..=2 => self.up(slots),
            4 | 8 | 16 => {
                self.up(slots);
                slots[1..].reverse();
            }
            _ => {
                self.even_stage(slots, join_conjugates, |place| self.first[place]);
                self.quarters(slots, Stage::Even);
                slots.iter_mut().for_each(|slot| *slot = slot.conjugate());
                reverse_bits(slots);
            }
        }
    }

    fn quarters(&self, slots: &mut [Complex], stage: Stage) {
        let stages = [Stage::Even, Stage::Odd, Stage::Even, stage];
        for (quarter, stage) in slots.chunks_exact_mut(slots.len() / 4).zip(stages) {
            self.part(quarter, stage);
        }
    }

    fn part(&self, slots: &mut [Complex], stage: Stage) {
        if slots.len() <= 16 {
            return self.leaf(slots, stage);
        }
        match stage {
            Stage::Even => {
                let step = self.size / (2 * slots.len());
                self.even_stage(slots, join, |place| self.turns[place * step]);
            }
            Stage::Odd => self.odd_stage(slots),
        }
        self.quarters(slots, stage);
    }

    /// Turned by half a right angle.
    fn diagonal(&self, slot: Complex) -> Complex {
        Complex::new(self.diagonal * (slot.re - slot.im), self.diagonal * (slot.im + slot.re))
    }

    /// Each quarter's `place` joined; the other side of the diagonal takes the same turns mirrored.
    fn even_stage(&self, slots: &mut [Complex], join: Join, turns: impl Fn(usize) -> Turns) {
        let quarter = slots.len() / 4;
        let half = quarter / 2;
        for place in 0..quarter {
            let at = [place, place + quarter, place + 2 * quarter, place + 3 * quarter];
            let [a, b, c, d] = join(slots[at[0]], slots[at[1]], slots[at[2]], slots[at[3]]);
            (slots[at[0]], slots[at[1]]) = (a, b);
            (slots[at[2]], slots[at[3]]) = if place == 0 {
                (c, d)
            } else if place < half {
                let Turns(once, thrice) = turns(place);
                (once * c, thrice * d)
            } else if place == half {
                let down = -self.diagonal;
                (self.diagonal(c), Complex::new(down * (d.re + d.im), down * (d.im - d.re)))
            } else {
                let Turns(once, thrice) = turns(quarter - place);
                (once.swapped() * c, -thrice.swapped() * d)
            };
        }
    }

    /// As an even stage, with the turn of what was the second quarter folded in.
    fn odd_stage(&self, slots: &mut [Complex]) {
        let quarter = slots.len() / 4;
        let half = quarter / 2;
        let step = self.size / (4 * slots.len());
        for place in 0..quarter {
            let at = [place, place + quarter, place + 2 * quarter, place + 3 * quarter];
            let (up, down) = apart(slots[at[0]], slots[at[2]]);
            let (other_up, other_down) = apart(slots[at[1]], slots[at[3]]);
            if place == 0 {
                let (a, b) = (self.diagonal(other_up), self.diagonal(other_down).turned());
                (slots[at[0]], slots[at[1]]) = (up + a, up - a);
                (slots[at[2]], slots[at[3]]) = (down + b, down - b);
                continue;
            }
            let Turns(once, thrice) = self.turns[place * step];
            let Turns(mirrored, mirrored_thrice) = self.turns[(quarter - place) * step];
            let (a, b) = (once * up, mirrored.swapped() * other_up);
            (slots[at[0]], slots[at[1]]) = (a + b, a - b);
            let (c, d) = if place == half {
                (once.swapped() * down, -(once * other_down))
            } else {
                (thrice * down, -mirrored_thrice.swapped() * other_down)
            };
            (slots[at[2]], slots[at[3]]) = (c + d, c - d);
        }
    }

    fn leaf(&self, slots: &mut [Complex], stage: Stage) {
        match (slots.len(), stage) {
            (8, Stage::Even) => self.even_8(slots),
            (8, Stage::Odd) => self.odd_8(slots),
            (_, Stage::Even) => self.even_16(slots),
            (_, Stage::Odd) => self.odd_16(slots),
        }
    }

    fn even_8(&self, s: &mut [Complex]) {
        let [a, c, b, d] = join(s[0], s[2], s[4], s[6]);
        let [e, g, f, h] = join(s[1], s[3], s[5], s[7]);
        let (f, h) = (self.diagonal(f), self.diagonal(h).turned());
        let g = g.turned();
        s.copy_from_slice(&[a + e, a - e, c + g, c - g, b + f, b - f, d + h, d - h]);
    }

    fn odd_8(&self, s: &mut [Complex]) {
        let once = self.eighth;
        let (a, b) = apart(s[0], s[4]);
        let (c, d) = apart(s[2], s[6]);
        let (e, f) = apart(s[1], s[5]);
        let (g, h) = apart(s[3], s[7]);
        let (c, d) = (self.diagonal(c), self.diagonal(d).turned());
        let (e, f) = (once * e, once.swapped() * f);
        let (g, h) = (once.swapped() * g, once * h);
        s[..4].copy_from_slice(&join(a, e, c, g));
        s[4..].copy_from_slice(&join(b, f, d, -h));
    }

    fn even_16(&self, s: &mut [Complex]) {
        let once = self.eighth;
        let [a0, b0, c0, d0] = join(s[0], s[4], s[8], s[12]);
        let [a1, b1, c1, d1] = join(s[1], s[5], s[9], s[13]);
        let [a2, b2, c2, d2] = join(s[2], s[6], s[10], s[14]);
        let [a3, b3, c3, d3] = join(s[3], s[7], s[11], s[15]);
        let (c1, d1) = (once * c1, once.swapped() * d1);
        let d2 = Complex::new(self.diagonal * (d2.re + d2.im), self.diagonal * (d2.im - d2.re));
        let c2 = self.diagonal(c2);
        let (c3, d3) = (once.swapped() * c3, once * d3);
        s[..4].copy_from_slice(&join(a0, a1, a2, a3));
        s[4..8].copy_from_slice(&self.join_turned(b0, b1, b2, b3));
        s[8..12].copy_from_slice(&join(c0, c1, c2, c3));
        s[12..].copy_from_slice(&join(d0, d1, -d2, -d3));
    }

    fn odd_16(&self, s: &mut [Complex]) {
        let (Turns(once, thrice), twice) = (self.sixteenth, self.eighth);
        // The sums and differences of one column, as rows a, b and c, d.
        let rows = |up: (Complex, Complex), down: (Complex, Complex)| {
            [up.0 + up.1, up.0 - up.1, down.0 + down.1, down.0 - down.1]
        };
        let ((up, down), (other_up, other_down)) = (apart(s[0], s[8]), apart(s[4], s[12]));
        let [a0, b0, c0, d0] =
            rows((up, self.diagonal(other_up)), (down, self.diagonal(other_down).turned()));
        let ((up, down), (other_up, other_down)) = (apart(s[1], s[9]), apart(s[5], s[13]));
        let [a1, b1, d1, c1] =
            rows((once * up, thrice.swapped() * other_up), (thrice * down, once.conjugate() * other_down));
        let ((up, down), (other_up, other_down)) = (apart(s[2], s[10]), apart(s[6], s[14]));
        let [a2, b2, d2, c2] =
            rows((twice * up, twice.swapped() * other_up), (twice.swapped() * down, twice * other_down));
        let ((up, down), (other_up, other_down)) = (apart(s[3], s[11]), apart(s[7], s[15]));
        let [a3, b3, c3, d3] = rows(
            (thrice * up, once.swapped() * other_up),
            (once.swapped().conjugate() * down, thrice.swapped() * other_down),
        );
        s[..4].copy_from_slice(&join(a0, a1, a2, a3));
        s[4..8].copy_from_slice(&self.join_turned(b0, b1, b2, b3));
        s[8..12].copy_from_slice(&join(c0, c1, c2, -c3));
        s[12..].copy_from_slice(&self.join_turned(d0, d1, d2, -d3));
    }

    /// Four slots joined, with the third turned by a right angle and the others by half of one.
    fn join_turned(&self, a: Complex, b: Complex, c: Complex, d: Complex) -> [Complex; 4] {
        let ((up, down), (other_up, other_down)) = (apart(a, c), apart(b, d));
        let (e, f) = (self.diagonal(other_up), self.diagonal(other_down).turned());
        [up + e, up - e, down + f, down - f]
    }
}

/// The turns of the first stage: those of `turns`, and between two of them the scaled sum of both.
fn halve(step: f64, diagonal: f64, turns: &[Turns]) -> Vec<Turns> {
    let scale = (0.5 / cosine(2.0 * step), 0.5 / cosine(6.0 * step));
    let at = |place: usize| turns.get(place).copied();
    let last = Turns(Complex::new(diagonal, diagonal), Complex::new(-diagonal, diagonal));
    (0..2 * turns.len())
        .map(|place| {
            let before = turns[place / 2];
            if place % 2 == 0 {
                return before;
            }
            let after = at(place / 2 + 1).unwrap_or(last);
            Turns((before.0 + after.0).scaled(scale.0), (before.1 + after.1).scaled(scale.1))
        })
        .collect()
}

/// One step of radix 4: sums and differences of the first and third slot with those of the others.
fn join(a: Complex, b: Complex, c: Complex, d: Complex) -> [Complex; 4] {
    let (sum, difference) = (a + c, a - c);
    let (other_sum, other_difference) = (b + d, (b - d).turned());
    [sum + other_sum, sum - other_sum, difference + other_difference, difference - other_difference]
}

/// As `join`, of the conjugates.
fn join_conjugates(a: Complex, b: Complex, c: Complex, d: Complex) -> [Complex; 4] {
    let (a, c) = (a.conjugate(), c.conjugate());
    let (sum, difference) = (a + c, a - c);
    let (other_sum, other_difference) = ((b + d).conjugate(), (b - d).conjugate().turned());
    [sum + other_sum, sum - other_sum, difference + other_difference, difference - other_difference]
}

/// `a + i · b` and `a − i · b`.
fn apart(a: Complex, b: Complex) -> (Complex, Complex) {
    let turned = b.turned();
    (a + turned, a - turned)
}

/// Each slot to the place whose number is its own with the bits in reverse.
fn reverse_bits(slots: &mut [Complex]) {
    let unused = usize::BITS - slots.len().trailing_zeros();
    for place in 1..slots.len() {
        let other = place.reverse_bits() >> unused;
        if place < other {
            slots.swap(place, other);
        }
    }
}
