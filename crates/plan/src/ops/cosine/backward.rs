//! The passes of radix 2 to 5 from a transform back to its numbers: FFTPACK's `radb2` to `radb5`.

use std::f64::consts::SQRT_2;

use super::complex::Complex;
use super::forward::{FIFTH, THIRD, TWO_FIFTHS};
use super::mixed_radix::{Pass, pair, set_pair};

/// One pass from `input` to `output`.
pub(super) fn run(pass: &Pass, input: &[f64], output: &mut [f64]) {
    for group in 0..pass.groups {
        ends(pass, group, input, output);
        for at in pass.pairs() {
            let plain = |run| pair(input, pass.joined(at, group, run));
            let mirrored = |run| pair(input, pass.joined(pass.inner - at, group, run)).conjugate();
            let (a, b) = (plain(0), mirrored(1));
            let sums = match pass.radix {
                2 => [a + b, a - b, a, a, a],
                3 => three(a, b, plain(2)),
                4 => four([a, b, plain(2), mirrored(3)]),
                _ => five([a, b, plain(2), mirrored(3), plain(4)]),
            };
            set_pair(output, pass.apart(at, group, 0), sums[0]);
            for (run, sum) in sums.into_iter().enumerate().take(pass.radix).skip(1) {
                set_pair(output, pass.apart(at, group, run), pass.turn(run, at) * sum);
            }
        }
        if pass.has_middle() {
            middle(pass, group, input, output);
        }
    }
}

fn three(a: Complex, b: Complex, c: Complex) -> [Complex; 5] {
    let sum = c + b;
    let part = a + sum.scaled(-0.5);
    let turned = (c - b).scaled(THIRD).turned();
    [a + sum, part + turned, part - turned, a, a]
}

fn four([a, b, c, d]: [Complex; 4]) -> [Complex; 5] {
    let (even, odd) = (a + d, c + b);
    let (difference, turned) = (a - d, (c - b).turned());
    [even + odd, difference + turned, even - odd, difference - turned, a]
}

fn five([a, b, c, d, e]: [Complex; 5]) -> [Complex; 5] {
    let (outer, inner) = (c + b, e + d);
    let (outer_back, inner_back) = (c - b, e - d);
    let once = a + outer.scaled(FIFTH.re) + inner.scaled(TWO_FIFTHS.re);
    let twice = a + outer.scaled(TWO_FIFTHS.re) + inner.scaled(FIFTH.re);
    let once_turned = (outer_back.scaled(FIFTH.im) + inner_back.scaled(TWO_FIFTHS.im)).turned();
    let twice_turned = (outer_back.scaled(TWO_FIFTHS.im) - inner_back.scaled(FIFTH.im)).turned();
    [a + outer + inner, once + once_turned, twice + twice_turned, twice - twice_turned, once - once_turned]
}

/// The first numbers of the runs, which have no imaginary part.
fn ends(pass: &Pass, group: usize, input: &[f64], output: &mut [f64]) {
    let start = |run| input[pass.joined(0, group, run)];
    let end = |run| input[pass.joined(pass.inner - 1, group, run)];
    let mut put = |run, value| output[pass.apart(0, group, run)] = value;
    let a = start(0);
    match pass.radix {
        2 => {
            put(0, a + end(1));
            put(1, a - end(1));
        }
        3 => {
            let sum = 2.0 * end(1);
            let (part, turned) = (a + -0.5 * sum, 2.0 * THIRD * start(2));
            put(0, a + sum);
            put(1, part - turned);
            put(2, part + turned);
        }
        4 => {
            let (difference, even) = (a - end(3), a + end(3));
            let (odd, turned) = (end(1) + end(1), start(2) + start(2));
            put(0, even + odd);
            put(1, difference - turned);
            put(2, even - odd);
            put(3, difference + turned);
        }
        _ => {
            let (outer, inner) = (2.0 * end(1), 2.0 * end(3));
            let (outer_back, inner_back) = (2.0 * start(2), 2.0 * start(4));
            let once = a + FIFTH.re * outer + TWO_FIFTHS.re * inner;
            let twice = a + TWO_FIFTHS.re * outer + FIFTH.re * inner;
            let once_turned = FIFTH.im * outer_back + TWO_FIFTHS.im * inner_back;
            let twice_turned = TWO_FIFTHS.im * outer_back - FIFTH.im * inner_back;
            put(0, a + outer + inner);
            put(1, once - once_turned);
            put(2, twice - twice_turned);
            put(3, twice + twice_turned);
            put(4, once + once_turned);
        }
    }
}

/// The last numbers of runs of even length.
fn middle(pass: &Pass, group: usize, input: &[f64], output: &mut [f64]) {
    let start = |run| input[pass.joined(0, group, run)];
    let end = |run| input[pass.joined(pass.inner - 1, group, run)];
    let mut put = |run, value| output[pass.apart(pass.inner - 1, group, run)] = value;
    if pass.radix == 2 {
        put(0, 2.0 * end(0));
        put(1, -2.0 * start(1));
    } else {
        let (sum, difference) = (start(1) + start(3), start(3) - start(1));
        let (other, total) = (end(0) - end(2), end(0) + end(2));
        put(0, total + total);
        put(1, SQRT_2 * (other - sum));
        put(2, difference + difference);
        put(3, -SQRT_2 * (other + sum));
    }
}
