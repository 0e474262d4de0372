//! `SplitMix64`: small, fast, and the same on every machine.

/// A pseudo-random generator. One per (seed, document, purpose), so that documents do not depend on each other.
#[derive(Clone)]
pub(crate) struct Rng(u64);

/// The output function of `SplitMix64`.
const fn mix(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Rng {
    /// The generator of `purpose` for document `index` of the corpus `seed`.
    pub(crate) const fn new(seed: u64, index: u64, purpose: u64) -> Self {
        let a = mix(seed.wrapping_add(0x9E37_79B9_7F4A_7C15));
        let b = mix(a ^ index.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        Self(mix(b ^ purpose.wrapping_mul(0xA076_1D64_78BD_642F)))
    }

    /// The next 64 bits.
    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// A number in `0..n`; 0 when `n` is 0.
    pub(crate) const fn below(&mut self, n: u64) -> u64 {
        ((self.next() as u128 * n as u128) >> 64) as u64
    }

    /// A number in `low..=high`.
    pub(crate) const fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    /// True in `permille` of 1,000 draws.
    pub(crate) const fn chance(&mut self, permille: u64) -> bool {
        self.below(1000) < permille
    }

    /// One element; the slice must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// A uniform number in (0, 1].
    fn unit(&mut self) -> f64 {
        ((self.next() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// A log-normal number with this mean, where `sigma` is the deviation of its logarithm.
    pub(crate) fn log_normal(&mut self, mean: f64, sigma: f64) -> f64 {
        // Box-Muller; one of its two normals is enough.
        let normal = (-2.0 * self.unit().ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos();
        (mean.ln() - sigma * sigma / 2.0 + sigma * normal).exp()
    }
}
