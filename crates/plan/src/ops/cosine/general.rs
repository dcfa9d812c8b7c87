//! The pass of any odd radix from 7 on: FFTPACK's `radfg` and `radbg`.
//!
//! Runs that are as far from the first as from the last are joined to a sum and a difference, and each result adds up
//! all of them with turns that are multiplied up from one step to the next.

use super::angles::on_circle;
use super::complex::Complex;
use super::mixed_radix::{Pass, pair, set_pair, turned_back};

/// One pass from numbers to their transform, within `values`.
pub(super) fn forward(pass: &Pass, values: &mut [f64], work: &mut [f64]) {
    work.copy_from_slice(values);
    for run in 1..pass.radix {
        each_pair(pass, |at, group| {
            let place = pass.apart(at, group, run);
            set_pair(work, place, pass.turn(run, at).conjugate() * pair(values, place));
        });
    }
    for (run, partner) in partners(pass) {
        each_pair(pass, |at, group| {
            let (place, other) = (pass.apart(at, group, run), pass.apart(at, group, partner));
            let (a, b) = (pair(work, place), pair(work, other));
            set_pair(values, place, a + b);
            set_pair(values, other, turned_back(a, b));
        });
        for group in 0..pass.groups {
            let (place, other) = (pass.apart(0, group, run), pass.apart(0, group, partner));
            (values[place], values[other]) = (work[place] + work[other], work[other] - work[place]);
        }
    }
    turned_sums(pass, values, work);
    for group in 0..pass.groups {
        for at in 0..pass.inner {
            values[pass.joined(at, group, 0)] = work[pass.apart(at, group, 0)];
        }
    }
    for (run, partner) in partners(pass) {
        for group in 0..pass.groups {
            values[pass.joined(pass.inner - 1, group, 2 * run - 1)] = work[pass.apart(0, group, run)];
            values[pass.joined(0, group, 2 * run)] = work[pass.apart(0, group, partner)];
        }
        each_pair(pass, |at, group| {
            let (a, b) = (pair(work, pass.apart(at, group, run)), pair(work, pass.apart(at, group, partner)));
            set_pair(values, pass.joined(at, group, 2 * run), a + b);
            let mirrored = pass.joined(pass.inner - at, group, 2 * run - 1);
            set_pair(values, mirrored, a.conjugate() - b.conjugate());
        });
    }
}

/// One pass from a transform back to its numbers, within `values`.
pub(super) fn backward(pass: &Pass, values: &mut [f64], work: &mut [f64]) {
    for group in 0..pass.groups {
        for at in 0..pass.inner {
            work[pass.apart(at, group, 0)] = values[pass.joined(at, group, 0)];
        }
    }
    for (run, partner) in partners(pass) {
        for group in 0..pass.groups {
            let end = values[pass.joined(pass.inner - 1, group, 2 * run - 1)];
            let start = values[pass.joined(0, group, 2 * run)];
            work[pass.apart(0, group, run)] = end + end;
            work[pass.apart(0, group, partner)] = start + start;
        }
        each_pair(pass, |at, group| {
            let a = pair(values, pass.joined(at, group, 2 * run));
            let b = pair(values, pass.joined(pass.inner - at, group, 2 * run - 1)).conjugate();
            set_pair(work, pass.apart(at, group, run), a + b);
            set_pair(work, pass.apart(at, group, partner), a - b);
        });
    }
    turned_sums(pass, work, values);
    for (run, partner) in partners(pass) {
        for group in 0..pass.groups {
            let (place, other) = (pass.apart(0, group, run), pass.apart(0, group, partner));
            (work[place], work[other]) = (values[place] - values[other], values[place] + values[other]);
        }
        each_pair(pass, |at, group| {
            let (place, other) = (pass.apart(at, group, run), pass.apart(at, group, partner));
            let (a, b) = (pair(values, place), pair(values, other).turned());
            set_pair(work, place, a + b);
            set_pair(work, other, a - b);
        });
    }
    let first = pass.groups * pass.inner;
    values[first..].copy_from_slice(&work[first..]);
    for run in 1..pass.radix {
        each_pair(pass, |at, group| {
            let place = pass.apart(at, group, run);
            set_pair(values, place, pass.turn(run, at) * pair(work, place));
        });
    }
}

/// Calls `with` for every pair of every group.
fn each_pair(pass: &Pass, mut with: impl FnMut(usize, usize)) {
    for group in 0..pass.groups {
        for at in pass.pairs() {
            with(at, group);
        }
    }
}

/// Each run of the first half, and the one that is as far from the end.
fn partners(pass: &Pass) -> impl Iterator<Item = (usize, usize)> + use<> {
    let radix = pass.radix;
    (1..radix.div_ceil(2)).map(move |run| (run, radix - run))
}

/// Each run of `sums` as the sum of all runs of `terms`, turned by a multiple of its number.
fn turned_sums(pass: &Pass, terms: &[f64], sums: &mut [f64]) {
    let length = pass.groups * pass.inner;
    let term = |run: usize| &terms[run * length..(run + 1) * length];
    let step = on_circle(2.0 * std::f64::consts::PI / pass.radix as f64);
    let mut turn = Complex::new(1.0, 0.0);
    for (run, partner) in partners(pass) {
        turn = step * turn;
        for at in 0..length {
            sums[run * length + at] = term(0)[at] + turn.re * term(1)[at];
            sums[partner * length + at] = turn.im * term(pass.radix - 1)[at];
        }
        let mut multiple = turn;
        for (other, other_partner) in partners(pass).skip(1) {
            multiple = turn * multiple;
            for at in 0..length {
                sums[run * length + at] += multiple.re * term(other)[at];
                sums[partner * length + at] += multiple.im * term(other_partner)[at];
            }
        }
    }
    sums[..length].copy_from_slice(term(0));
    for (run, _) in partners(pass) {
        for (sum, value) in sums.iter_mut().zip(term(run)) {
            *sum += value;
        }
    }
}
