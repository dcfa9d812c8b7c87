//! Implicit QL and QR steps on a matrix of three diagonals: LAPACK's `dsteqr`, step by step.

use super::{Columns, length};

/// LAPACK's `dlamch('E')`: half the distance of 1 to the next double.
const EPSILON: f64 = f64::EPSILON / 2.0;
/// The steps for each row after which LAPACK gives up; what is there is then taken.
const MAX_STEPS: usize = 30;

/// A matrix of three diagonals, with the rotations that brought it there.
pub(super) struct Rotations {
    diagonal: Vec<f64>,
    beside: Vec<f64>,
    vectors: Columns,
    steps: usize,
}

/// Rotations to apply to columns that stand beside each other: place of the left one, cosine and sine.
type Turns = Vec<(usize, f64, f64)>;

impl Rotations {
    pub(super) fn new(diagonal: Vec<f64>, beside: Vec<f64>, vectors: Columns) -> Rotations {
        let steps = MAX_STEPS * diagonal.len();
        Rotations { diagonal, beside, vectors, steps }
    }

    /// Until nothing is left beside the diagonal: block after block, each from its smaller end.
    pub(super) fn diagonalize(&mut self) {
        let last = self.diagonal.len() - 1;
        let mut from = 0;
        while from <= last && self.steps > 0 {
            if from > 0 {
                self.beside[from - 1] = 0.0;
            }
            let to = self.block_end(from, last);
            let (d, start) = (&self.diagonal, from);
            let backwards = d[to].abs() < d[from].abs();
            from = to + 1;
            if to > start {
                if backwards { self.upwards(to, start) } else { self.downwards(start, to) }
            }
            // What has not settled is looked at again.
            if self.beside[start..to].iter().any(|&value| value != 0.0) && self.steps > 0 {
                from = start;
            }
        }
    }

    /// The end of the block that begins at `from`: where the next value beside the diagonal is as good as zero.
    fn block_end(&mut self, from: usize, last: usize) -> usize {
        for m in from..last {
            let size = self.beside[m].abs();
            if size == 0.0 {
                return m;
            }
            if size <= self.diagonal[m].abs().sqrt() * self.diagonal[m + 1].abs().sqrt() * EPSILON {
                self.beside[m] = 0.0;
                return m;
            }
        }
        last
    }

    /// Whether the value beside the diagonal at `at` is as good as zero.
    fn is_small(&self, at: usize, one: usize, other: usize) -> bool {
        let square = self.beside[at].abs() * self.beside[at].abs();
        let scale = EPSILON * EPSILON * self.diagonal[one].abs();
        square <= scale * self.diagonal[other].abs() + f64::MIN_POSITIVE
    }

    /// QL steps on the block from `l` to `end`, the eigenvalues from `l` on.
    fn downwards(&mut self, mut l: usize, end: usize) {
        while l <= end {
            let m = (l..end).find(|&m| self.is_small(m, m, m + 1)).unwrap_or(end);
            if m < end {
                self.beside[m] = 0.0;
            }
            if m == l {
                l += 1;
            } else if m == l + 1 {
                self.pair(l);
                l += 2;
            } else if self.steps == 0 {
                return;
            } else {
                self.steps -= 1;
                self.step_up(l, m);
            }
        }
    }

    /// QR steps on the block from `end` to `l`, the eigenvalues from `l` down.
    fn upwards(&mut self, mut l: usize, end: usize) {
        loop {
            let m = (end + 1..=l).rev().find(|&m| self.is_small(m - 1, m, m - 1)).unwrap_or(end);
            if m > end {
                self.beside[m - 1] = 0.0;
            }
            let done = if m == l {
                1
            } else if m + 1 == l {
                self.pair(m);
                2
            } else if self.steps == 0 {
                return;
            } else {
                self.steps -= 1;
                self.step_down(l, m);
                0
            };
            if l < end + done {
                return;
            }
            l -= done;
        }
    }

    /// Two rows that stand alone.
    fn pair(&mut self, at: usize) {
        let (larger, smaller, c, s) = two_by_two(self.diagonal[at], self.beside[at], self.diagonal[at + 1]);
        self.turn(&vec![(at, c, s)]);
        self.diagonal[at] = larger;
        self.diagonal[at + 1] = smaller;
        self.beside[at] = 0.0;
    }

    fn step_up(&mut self, l: usize, m: usize) {
        let (d, e) = (&mut self.diagonal, &mut self.beside);
        let mut p = d[l];
        let mut g = (d[l + 1] - p) / (2.0 * e[l]);
        let r = length(g, 1.0);
        g = d[m] - p + e[l] / (g + r.copysign(g));
        let (mut s, mut c) = (1.0, 1.0);
        p = 0.0;
        let mut turns = Turns::with_capacity(m - l);
        for i in (l..m).rev() {
            let (f, b) = (s * e[i], c * e[i]);
            let r;
            (c, s, r) = rotation(g, f);
            if i + 1 != m {
                e[i + 1] = r;
            }
            g = d[i + 1] - p;
            let r = (d[i] - g) * s + 2.0 * c * b;
            p = s * r;
            d[i + 1] = g + p;
            g = c * r - b;
            turns.push((i, c, -s));
        }
        d[l] -= p;
        e[l] = g;
        self.turn(&turns);
    }

    fn step_down(&mut self, l: usize, m: usize) {
        let (d, e) = (&mut self.diagonal, &mut self.beside);
        let mut p = d[l];
        let mut g = (d[l - 1] - p) / (2.0 * e[l - 1]);
        let r = length(g, 1.0);
        g = d[m] - p + e[l - 1] / (g + r.copysign(g));
        let (mut s, mut c) = (1.0, 1.0);
        p = 0.0;
        let mut turns = Turns::with_capacity(l - m);
        for i in m..l {
            let (f, b) = (s * e[i], c * e[i]);
            let r;
            (c, s, r) = rotation(g, f);
            if i != m {
                e[i - 1] = r;
            }
            g = d[i] - p;
            let r = (d[i + 1] - g) * s + 2.0 * c * b;
            p = s * r;
            d[i] = g + p;
            g = c * r - b;
            turns.push((i, c, s));
        }
        d[l] -= p;
        e[l - 1] = g;
        self.turn(&turns);
    }

    /// `dlasr`: turns pairs of columns.
    fn turn(&mut self, turns: &Turns) {
        for &(at, c, s) in turns {
            let (left, right) = self.vectors.split_at_mut(at + 1);
            if let (Some(one), Some(next)) = (left.last_mut(), right.first_mut()) {
                for (a, b) in one.iter_mut().zip(next) {
                    (*a, *b) = (s * *b + c * *a, c * *b - s * *a);
                }
            }
        }
    }

    /// The eigenvalues, ascending, with their vectors: the smallest is chosen first, as LAPACK sorts.
    pub(super) fn sorted(mut self) -> (Vec<f64>, Columns) {
        let count = self.diagonal.len();
        for at in 0..count {
            let mut best = at;
            for other in at + 1..count {
                if self.diagonal[other] < self.diagonal[best] {
                    best = other;
                }
            }
            self.diagonal.swap(at, best);
            self.vectors.swap(at, best);
        }
        (self.diagonal, self.vectors)
    }
}

/// `dlartg`: cosine, sine and length of what turns `(f, g)` to `(r, 0)`.
fn rotation(f: f64, g: f64) -> (f64, f64, f64) {
    if g == 0.0 {
        return (1.0, 0.0, f);
    }
    if f == 0.0 {
        return (0.0, 1.0, g);
    }
    let r = (f * f + g * g).sqrt();
    let (c, s) = (f / r, g / r);
    if f.abs() > g.abs() && c < 0.0 { (-c, -s, -r) } else { (c, s, r) }
}

/// `dlaev2`: the eigenvalues of `[a b / b c]`, the one further from zero first, with cosine and sine of its vector.
fn two_by_two(a: f64, b: f64, c: f64) -> (f64, f64, f64, f64) {
    let (sum, difference, twice) = (a + c, a - c, b + b);
    let (span, off) = (difference.abs(), twice.abs());
    let (high, low) = if a.abs() > c.abs() { (a, c) } else { (c, a) };
    let root = if span > off {
        span * (1.0 + (off / span) * (off / span)).sqrt()
    } else if span < off {
        off * (1.0 + (span / off) * (span / off)).sqrt()
    } else {
        off * f64::sqrt(2.0)
    };
    let other = |first: f64| (high / first) * low - (b / first) * b;
    let (first, second, positive) = if sum < 0.0 {
        let first = 0.5 * (sum - root);
        (first, other(first), false)
    } else if sum > 0.0 {
        let first = 0.5 * (sum + root);
        (first, other(first), true)
    } else {
        (0.5 * root, -0.5 * root, true)
    };
    let rising = difference >= 0.0;
    let cs = if rising { difference + root } else { difference - root };
    let (c, s) = if cs.abs() > off {
        let ct = -twice / cs;
        let s = 1.0 / (1.0 + ct * ct).sqrt();
        (ct * s, s)
    } else if off == 0.0 {
        (1.0, 0.0)
    } else {
        let tn = -cs / twice;
        let c = 1.0 / (1.0 + tn * tn).sqrt();
        (c, tn * c)
    };
    if positive == rising { (first, second, -s, c) } else { (first, second, c, s) }
}
