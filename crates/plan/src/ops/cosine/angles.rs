//! Sine and cosine to the bit of `FastMath` of Apache commons-math 3.6.1, which JTransforms fills its tables with.
//!
//! An angle is brought into the first quadrant in three steps (Cody and Waite), then the nearest eighth is looked up
//! and the rest added by the formula for the sum of two angles, its own sine and cosine by short polynomials. Each
//! number is kept in two parts, of which the first has few enough bits for exact products.

use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};

use super::complex::Complex;

/// The sines of 0, 1/8, … 13/8: the high bits, then what they lack.
const SINES: [(f64, f64); 14] = [
    (0.0, 0.0),
    (0.1246747374534607, -4.068233003401932E-9),
    (0.24740394949913025, 9.755392680573412E-9),
    (0.366272509098053, 1.9987994582857286E-8),
    (0.4794255495071411, -1.0902938113007961E-8),
    (0.5850973129272461, -3.9986783938944604E-8),
    (0.6816387176513672, 4.23719669792332E-8),
    (0.7675435543060303, -5.207000323380292E-8),
    (0.8414709568023682, 2.800552834259E-8),
    (0.902267575263977, 1.883511811213715E-8),
    (0.9489846229553223, -3.5997360512765566E-9),
    (0.9808930158615112, 4.116164446561962E-8),
    (0.9974949359893799, 5.0614674548127384E-8),
    (0.9985313415527344, -1.0129027912496858E-9),
];

/// The cosines of the same angles.
const COSINES: [(f64, f64); 14] = [
    (1.0, 0.0),
    (0.9921976327896118, 3.4439717236742845E-8),
    (0.9689123630523682, 5.865827662008209E-8),
    (0.9305076599121094, -3.7999795083850525E-8),
    (0.8775825500488281, 1.184154459111628E-8),
    (0.8109631538391113, -3.43338934259355E-8),
    (0.7316888570785522, 1.1795268640216787E-8),
    (0.6409968137741089, 4.438921624363781E-8),
    (0.5403022766113281, 2.925681159240093E-8),
    (0.4311765432357788, -2.6437112632041807E-8),
    (0.3153223395347595, 2.2860509143963117E-8),
    (0.19454771280288696, -4.813899778443457E-9),
    (0.07073719799518585, 3.6725170580355583E-9),
    (-0.05417713522911072, 2.0217439756338078E-10),
];

/// A quarter turn, and what it lacks.
const QUARTER: (f64, f64) = (FRAC_PI_2, 6.123233995736766E-17);

/// A quarter turn in three parts.
const QUARTER_PARTS: [f64; 3] = [1.570796251296997, 7.549789948768648E-8, 6.123233995736766E-17];

/// An angle within the first quadrant, and how many quarter turns came before it.
struct Reduced {
    quadrant: u32,
    angle: (f64, f64),
}

impl Reduced {
    fn new(angle: f64) -> Reduced {
        if angle <= QUARTER.0 {
            return Reduced { quadrant: 0, angle: (angle, 0.0) };
        }
        let mut quarters = (angle * FRAC_2_PI).floor();
        loop {
            let (mut rest, mut low) = (angle, 0.0);
            for part in QUARTER_PARTS {
                let step = -quarters * part;
                let next = rest + step;
                low += -(next - rest - step);
                rest = next;
            }
            if rest > 0.0 {
                return Reduced { quadrant: quarters as u32 & 3, angle: (rest, low) };
            }
            quarters -= 1.0;
        }
    }
}

/// The point of the unit circle at `angle`, which is 0 or more and a few turns at most.
pub(super) fn on_circle(angle: f64) -> Complex {
    Complex::new(cosine(angle), sine(angle))
}

/// The cosine of an angle that is 0 or more and a few turns at most.
pub(super) fn cosine(angle: f64) -> f64 {
    let Reduced { quadrant, angle } = Reduced::new(angle);
    match quadrant {
        0 => first_quadrant_cosine(angle),
        1 => -first_quadrant_sine(angle),
        2 => -first_quadrant_cosine(angle),
        _ => first_quadrant_sine(angle),
    }
}

/// The sine of an angle that is 0 or more and a few turns at most.
pub(super) fn sine(angle: f64) -> f64 {
    let Reduced { quadrant, angle } = Reduced::new(angle);
    match quadrant {
        0 if angle.0 == 0.0 => 0.0,
        0 => first_quadrant_sine(angle),
        1 => first_quadrant_cosine(angle),
        2 => -first_quadrant_sine(angle),
        _ => -first_quadrant_cosine(angle),
    }
}

fn first_quadrant_cosine((high, low): (f64, f64)) -> f64 {
    let rest = QUARTER.0 - high;
    let rest_low = -(rest - QUARTER.0 + high) + (QUARTER.1 - low);
    first_quadrant_sine((rest, rest_low))
}

fn first_quadrant_sine((high, low): (f64, f64)) -> f64 {
    let eighth = ((high * 8.0 + 0.5) as usize).min(SINES.len() - 1);
    let rest = high - eighth as f64 * 0.125;
    let ((sine, sine_low), (cosine, cosine_low)) = (SINES[eighth], COSINES[eighth]);
    let cosine_less_1 = cosine_less_1(rest);
    // The high 23 bits of the rest, which is its own sine but for what the polynomial adds.
    let shift = rest * f64::from(1 << 30);
    let rest_high = (rest + shift) - shift;
    let rest_low = sine_less_angle(rest) + (rest - rest_high);

    let (sum, mut lost) = add_keeping_rest(sine, cosine * rest_high);
    lost = lost + sine * cosine_less_1 + cosine * rest_low;
    lost = lost + sine_low + cosine_low * rest_high + sine_low * cosine_less_1 + cosine_low * rest_low;
    if low == 0.0 {
        return sum + lost;
    }
    let slope = (cosine + cosine_low) * (1.0 + cosine_less_1) - (sine + sine_low) * (rest_high + rest_low);
    let (sum, more) = add_keeping_rest(sum, slope * low);
    sum + (lost + more)
}

/// The sum, and what rounding took from it.
fn add_keeping_rest(large: f64, small: f64) -> (f64, f64) {
    let sum = large + small;
    (sum, -(sum - large - small))
}

/// `sin(x) - x` where x is below 1/16.
fn sine_less_angle(x: f64) -> f64 {
    let square = x * x;
    let mut sum = 2.7553817452272217E-6;
    sum = sum * square + -1.9841269659586505E-4;
    sum = sum * square + 0.008333333333329196;
    sum = sum * square + -0.16666666666666666;
    sum * square * x
}

/// `cos(x) - 1` where x is below 1/16.
fn cosine_less_1(x: f64) -> f64 {
    let square = x * x;
    let mut sum = 2.479773539153719E-5;
    sum = sum * square + -0.0013888888689039883;
    sum = sum * square + 0.041666666666621166;
    sum = sum * square + -0.49999999999999994;
    sum * square
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From a run of commons-math 3.6.1; at each angle the platform's own sine or cosine has another last bit.
    #[test]
    fn the_bits_are_those_of_fast_math() {
        let answers = [
            (0.1832433757287586, 0.9832578588724847, 0.18221960093660852),
            (2.5584331235305213, -0.8347269796493285, 0.550664025922803),
            (3.84737539748226, -0.7611040739765602, -0.6486297777440401),
            (6.067870149088164, 0.9769091075207569, -0.21365531971612187),
        ];
        for (angle, cosine_there, sine_there) in answers {
            assert_eq!((cosine(angle), sine(angle)), (cosine_there, sine_there), "at {angle}");
        }
        assert_eq!((cosine(0.0), sine(0.0)), (1.0, 0.0));
    }
}
