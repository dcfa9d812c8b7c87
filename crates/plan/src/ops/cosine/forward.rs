//! The passes of radix 2 to 5 from numbers to their transform: FFTPACK's `radf2` to `radf5`.

use std::f64::consts::FRAC_1_SQRT_2;

use super::complex::Complex;
use super::mixed_radix::{Pass, pair, set_pair, turned_back};

/// The sine of a third of a turn; its cosine is -1/2.
pub(super) const THIRD: f64 = 0.866_025_403_784_438_7;

/// The points of the unit circle at one and two fifths of a turn.
pub(super) const FIFTH: Complex = Complex { re: 0.309_016_994_374_947_45, im: 0.951_056_516_295_153_5 };
pub(super) const TWO_FIFTHS: Complex = Complex { re: -0.809_016_994_374_947_3, im: 0.587_785_252_292_473_2 };

/// One pass from `input` to `output`.
pub(super) fn run(pass: &Pass, input: &[f64], output: &mut [f64]) {
    for group in 0..pass.groups {
        let first = |run| input[pass.apart(0, group, run)];
        ends(pass, group, first, output);
        for at in pass.pairs() {
            let unturned = pair(input, pass.apart(at, group, 0));
            let turned = |run| pass.turn(run, at).conjugate() * pair(input, pass.apart(at, group, run));
            let mut out = Joined { pass, group, at, output };
            match pass.radix {
                2 => out.put(0, unturned, turned(1)),
                3 => three(&mut out, unturned, [turned(1), turned(2)]),
                4 => four(&mut out, unturned, [turned(1), turned(2), turned(3)]),
                _ => five(&mut out, unturned, [turned(1), turned(2), turned(3), turned(4)]),
            }
        }
        if pass.has_middle() {
            let last = |run| input[pass.apart(pass.inner - 1, group, run)];
            middle(pass, group, last, output);
        }
    }
}

/// Where the pairs of one group go that end at `at`.
struct Joined<'a> {
    pass: &'a Pass,
    group: usize,
    at: usize,
    output: &'a mut [f64],
}

impl Joined<'_> {
    fn set(&mut self, run: usize, value: Complex) {
        set_pair(self.output, self.pass.joined(self.at, self.group, run), value);
    }

    /// The sum to `run`, and the conjugate of the difference, mirrored, to the run after it or before it.
    fn put(&mut self, run: usize, a: Complex, b: Complex) {
        self.set(run, a + b);
        self.mirror(if run == 0 { self.pass.radix - 1 } else { run - 1 }, a, b);
    }

    fn mirror(&mut self, run: usize, a: Complex, b: Complex) {
        let place = self.pass.joined(self.pass.inner - self.at, self.group, run);
        set_pair(self.output, place, a.conjugate() - b.conjugate());
    }
}

fn three(out: &mut Joined<'_>, a: Complex, [b, c]: [Complex; 2]) {
    let sum = b + c;
    out.set(0, a + sum);
    out.put(2, a + sum.scaled(-0.5), turned_back(b, c).scaled(THIRD));
}

fn four(out: &mut Joined<'_>, a: Complex, [b, c, d]: [Complex; 3]) {
    out.put(0, a + c, b + d);
    out.put(2, a - c, turned_back(b, d));
}

fn five(out: &mut Joined<'_>, a: Complex, [b, c, d, e]: [Complex; 4]) {
    let (outer, inner) = (b + e, c + d);
    let (outer_back, inner_back) = (turned_back(b, e), turned_back(c, d));
    out.set(0, a + outer + inner);
    let once = a + outer.scaled(FIFTH.re) + inner.scaled(TWO_FIFTHS.re);
    let twice = a + outer.scaled(TWO_FIFTHS.re) + inner.scaled(FIFTH.re);
    out.put(2, once, outer_back.scaled(FIFTH.im) + inner_back.scaled(TWO_FIFTHS.im));
    out.put(4, twice, outer_back.scaled(TWO_FIFTHS.im) - inner_back.scaled(FIFTH.im));
}

/// The first numbers of the runs, which have no imaginary part.
fn ends(pass: &Pass, group: usize, first: impl Fn(usize) -> f64, output: &mut [f64]) {
    let start = |run| pass.joined(0, group, run);
    let end = |run| pass.joined(pass.inner - 1, group, run);
    let a = first(0);
    match pass.radix {
        2 => {
            output[start(0)] = a + first(1);
            output[end(1)] = a - first(1);
        }
        3 => {
            let sum = first(1) + first(2);
            output[start(0)] = a + sum;
            output[start(2)] = THIRD * (first(2) - first(1));
            output[end(1)] = a + -0.5 * sum;
        }
        4 => {
            let (even, odd) = (a + first(2), first(1) + first(3));
            output[start(0)] = odd + even;
            output[end(3)] = even - odd;
            output[end(1)] = a - first(2);
            output[start(2)] = first(3) - first(1);
        }
        _ => {
            let (outer, inner) = (first(4) + first(1), first(3) + first(2));
            let (outer_back, inner_back) = (first(4) - first(1), first(3) - first(2));
            output[start(0)] = a + outer + inner;
            output[end(1)] = a + FIFTH.re * outer + TWO_FIFTHS.re * inner;
            output[start(2)] = FIFTH.im * outer_back + TWO_FIFTHS.im * inner_back;
            output[end(3)] = a + TWO_FIFTHS.re * outer + FIFTH.re * inner;
            output[start(4)] = TWO_FIFTHS.im * outer_back - FIFTH.im * inner_back;
        }
    }
}

/// The last numbers of runs of even length.
fn middle(pass: &Pass, group: usize, last: impl Fn(usize) -> f64, output: &mut [f64]) {
    let start = |run| pass.joined(0, group, run);
    let end = |run| pass.joined(pass.inner - 1, group, run);
    if pass.radix == 2 {
        output[start(1)] = -last(1);
        output[end(0)] = last(0);
    } else {
        let down = -FRAC_1_SQRT_2 * (last(1) + last(3));
        let across = FRAC_1_SQRT_2 * (last(1) - last(3));
        output[end(0)] = across + last(0);
        output[end(2)] = last(0) - across;
        output[start(1)] = down - last(2);
        output[start(3)] = down + last(2);
    }
}
