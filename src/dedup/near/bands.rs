//! How many bands of how many rows find the pairs that are asked for.

/// Hashes of a signature at most, unless the wanted recall needs more bands.
const HASHES: u32 = 128;
/// Bands at most: each is ten bytes a document of scratch data.
const BANDS: u32 = 64;
/// What recall may be lost between the threshold and the similarity from which pairs are reported.
const LOSS: f64 = 0.1;

/// The shape of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bands {
    /// Number of bands: two texts are compared when they agree in one.
    pub bands: u32,
    /// Hashes of a band.
    pub rows: u32,
}

impl Bands {
    /// The most selective bands that find a pair of the similarity `threshold` with the probability
    /// `recall`, and one of the similarity `report` with at most a tenth less.
    #[must_use]
    pub fn derive(threshold: f64, report: f64, recall: f64) -> Self {
        let (mut best, mut chance) = (
            Self {
                bands: BANDS,
                rows: 1,
            },
            0.0,
        );
        for rows in (1..=8).rev() {
            let bands = (HASHES / rows).min(BANDS);
            for bands in [bands.min(BANDS / 2), bands, BANDS] {
                let shape = Self { bands, rows };
                if shape.finds(threshold) >= recall && shape.finds(report) >= recall - LOSS {
                    return shape;
                }
                if shape.finds(report) > chance {
                    (best, chance) = (shape, shape.finds(report));
                }
            }
        }
        best
    }

    /// The probability that a pair of this similarity is compared: the S-curve.
    #[must_use]
    pub fn finds(self, similarity: f64) -> f64 {
        let band = similarity.clamp(0.0, 1.0).powi(self.rows as i32);
        1.0 - (1.0 - band).powi(self.bands as i32)
    }

    /// The S-curve as a line for people: similarity and probability, in steps of a tenth.
    #[must_use]
    pub fn curve(self) -> String {
        let points = (1..=9).map(|n| {
            let similarity = f64::from(n) / 10.0;
            format!("{similarity:.1}: {:.3}", self.finds(similarity))
        });
        points.collect::<Vec<_>>().join("  ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_32_by_4() {
        assert_eq!(Bands::derive(0.8, 0.5, 0.97), Bands { bands: 32, rows: 4 });
    }

    #[test]
    fn bands_follow_what_is_asked_for() {
        for (threshold, report, recall) in [
            (0.9, 0.9, 0.99),
            (0.7, 0.7, 0.9),
            (0.8, 0.6, 0.95),
            (0.5, 0.4, 0.9),
        ] {
            let shape = Bands::derive(threshold, report, recall);
            assert!(shape.finds(threshold) >= recall, "{shape:?}");
            assert!(shape.finds(report) >= recall - LOSS, "{shape:?}");
        }
        // A high threshold needs fewer comparisons.
        assert!(Bands::derive(0.9, 0.9, 0.95).finds(0.4) < Bands::derive(0.6, 0.6, 0.95).finds(0.4));
        // Nothing finds everything.
        assert_eq!(Bands::derive(0.01, 0.01, 1.0).rows, 1);
    }

    #[test]
    fn the_curve_is_the_formula() {
        let shape = Bands { bands: 2, rows: 2 };
        assert!((shape.finds(0.5) - (1.0 - 0.75 * 0.75)).abs() < 1e-12);
        assert!(
            shape.curve().starts_with("0.1: 0.020  0.2: 0.078"),
            "{}",
            shape.curve()
        );
    }
}
