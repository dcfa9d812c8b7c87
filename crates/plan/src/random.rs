//! Random numbers as Spark's libraries draw them from a known seed: Apache Commons Math's Mersenne Twister with its
//! normal numbers, and Breeze's gamma numbers.

const LENGTH: usize = 624;
const SHIFT: usize = 397;

/// The Mersenne Twister (MT19937) as Commons Math seeds it and takes numbers from it.
pub(crate) struct MersenneTwister {
    state: Vec<u32>,
    at: usize,
    /// The second of the normal numbers that are drawn in pairs.
    normal: Option<f64>,
}

impl MersenneTwister {
    /// By a seed of 64 bits, of which the two halves are an array for the twister.
    pub(crate) fn new(seed: u64) -> MersenneTwister {
        let key = [(seed >> 32) as u32, seed as u32];
        let mut state = vec![19_650_218_u32; LENGTH];
        for at in 1..LENGTH {
            state[at] = mix(state[at - 1]).wrapping_mul(1_812_433_253).wrapping_add(at as u32);
        }
        let mut at = 1;
        for step in 0..LENGTH {
            let place = step % key.len();
            let mixed = state[at] ^ mix(state[at - 1]).wrapping_mul(1_664_525);
            state[at] = mixed.wrapping_add(key[place]).wrapping_add(place as u32);
            at = next(&mut state, at);
        }
        for _ in 1..LENGTH {
            let mixed = state[at] ^ mix(state[at - 1]).wrapping_mul(1_566_083_941);
            state[at] = mixed.wrapping_sub(at as u32);
            at = next(&mut state, at);
        }
        state[0] = 0x8000_0000;
        MersenneTwister { state, at: LENGTH, normal: None }
    }

    fn bits(&mut self, count: u32) -> u32 {
        if self.at == LENGTH {
            for at in 0..LENGTH {
                let joined = (self.state[at] & 0x8000_0000) | (self.state[(at + 1) % LENGTH] & 0x7fff_ffff);
                let odd = if joined & 1 == 1 { 0x9908_b0df } else { 0 };
                self.state[at] = self.state[(at + SHIFT) % LENGTH] ^ (joined >> 1) ^ odd;
            }
            self.at = 0;
        }
        let mut word = self.state[self.at];
        self.at += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^= word >> 18;
        word >> (32 - count)
    }

    /// A number from 0 to 1.
    fn uniform(&mut self) -> f64 {
        let high = u64::from(self.bits(26)) << 26;
        (high | u64::from(self.bits(26))) as f64 / (1_u64 << 52) as f64
    }

    /// A number of the normal distribution.
    fn normal(&mut self) -> f64 {
        if let Some(normal) = self.normal.take() {
            return normal;
        }
        let angle = 2.0 * std::f64::consts::PI * self.uniform();
        let length = (-2.0 * self.uniform().ln()).sqrt();
        self.normal = Some(length * angle.sin());
        length * angle.cos()
    }

    /// A number of the gamma distribution, by the method of Marsaglia and Tsang; `shape` is above 1.
    pub(crate) fn gamma(&mut self, shape: f64, scale: f64) -> f64 {
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let root = 1.0 + c * x;
            if root <= 0.0 {
                continue;
            }
            let v = root * root * root;
            let square = x * x;
            let u = self.uniform();
            if u < 1.0 - 0.0331 * (square * square) || u.ln() < 0.5 * square + d * (1.0 - v + v.ln()) {
                return scale * d * v;
            }
        }
    }
}

fn mix(word: u32) -> u32 {
    word ^ (word >> 30)
}

/// The place after `at`; past the end the last word becomes the first.
fn next(state: &mut [u32], at: usize) -> usize {
    if at + 1 < LENGTH {
        return at + 1;
    }
    state[0] = state[LENGTH - 1];
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The seed of every `LocalLDAModel`.
    const SEED: u64 = 1_421_925_485;

    #[test]
    fn equals_commons_math() {
        let mut twister = MersenneTwister::new(SEED);
        let drawn: Vec<f64> = (0..4).map(|_| twister.uniform()).collect();
        assert_eq!(drawn, [0.8539155120238402, 0.20387326431519703, 0.7487429672000319, 0.6848963244196222]);
        let mut twister = MersenneTwister::new(SEED);
        for expected in [1.0834306930023652, -1.4165773528352303, -0.006871679656597264, -0.8700163140955934]
        {
            assert!((twister.normal() - expected).abs() < 1e-15);
        }
    }

    #[test]
    fn equals_breeze() {
        let check = |seed, shape: f64, expected: &[f64]| {
            let mut twister = MersenneTwister::new(seed);
            for expected in expected {
                let found = twister.gamma(shape, 1.0 / shape);
                assert!((found - expected).abs() < 1e-14, "{found} and {expected}");
            }
        };
        let likely = [
            1.1087889344105906,
            0.8618287373694173,
            0.9767380018006188,
            1.1158035200628527,
            1.2185643025721586,
            1.1933691000521032,
            0.8833923880000105,
            0.8197144009314555,
        ];
        check(SEED, 100.0, &likely);
        let rejected = [0.6896485834396031, 0.7266200619404122, 0.3851120291771473, 0.960778961180445];
        check(5, 2.0, &rejected);
    }
}
