//! Limits by language, in thousandths.
//!
//! Facts from the filter configurations of `FineWeb-2` (huggingface/fineweb-2 at d0defb24, `configs/`),
//! which take quantiles of each language's web texts; English from Gopher (arXiv 2112.11446) and `FineWeb`.
//! Corrected by hand where few or odd texts made a limit useless: shares of repeated lines above 45 %,
//! mean words above 25 letters or from fewer than 2, ends of lines above 25 %, repeated 5-grams above
//! 25 %, one 2-gram above 30 %: there the median of all languages stands.

/// Limits of one language.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    language: &'static str,
    /// Largest share of repeated lines.
    pub(crate) repeated_lines: u16,
    /// Smallest share of lines that end a sentence.
    pub(crate) ended_lines: u16,
    /// Letters of a word on average: least and most.
    pub(crate) mean_word: (u16, u16),
    /// Smallest share of tokens with a letter.
    pub(crate) lettered_tokens: u16,
    /// Largest share of characters in repeated 5-grams and in repeated 10-grams of words.
    pub(crate) repeated_grams: (u16, u16),
    /// Largest share of characters in the most frequent 2-gram and 4-gram of words.
    pub(crate) top_grams: (u16, u16),
}

impl Limits {
    /// Largest share in repeated n-grams, for n from 5 to 10.
    pub(crate) const fn repeated(&self, n: u16) -> u16 {
        let (five, ten) = self.repeated_grams;
        five - (five - ten) * (n - 5) / 5
    }

    /// Largest share of the most frequent n-gram, for n from 2 to 4.
    pub(crate) const fn top(&self, n: u16) -> u16 {
        let (two, four) = self.top_grams;
        two - (two - four) * (n - 2) / 2
    }
}

const fn row(
    language: &'static str,
    repeated_lines: u16,
    ended_lines: u16,
    mean_word: (u16, u16),
    lettered_tokens: u16,
    repeated_grams: (u16, u16),
    top_grams: (u16, u16),
) -> Limits {
    Limits {
        language,
        repeated_lines,
        ended_lines,
        mean_word,
        lettered_tokens,
        repeated_grams,
        top_grams,
    }
}

/// For languages without a row: wide enough for any.
const OTHER: Limits = row("", 330, 0, (2, 25), 700, (170, 110), (220, 170));

/// The limits of a language.
pub(crate) fn limits(language: &str) -> &'static Limits {
    match LIMITS.binary_search_by(|row| row.language.cmp(language)) {
        Ok(index) => &LIMITS[index],
        Err(_) => &OTHER,
    }
}

#[rustfmt::skip]
static LIMITS: &[Limits] = &[
    row("af", 412, 53, (3, 11), 707, (192, 101), (220, 170)),
    row("am", 330, 0, (2, 24), 824, (170, 157), (220, 170)),
    row("ar", 304, 143, (2, 9), 787, (165, 109), (197, 146)),
    row("arz", 368, 188, (3, 8), 830, (223, 143), (269, 170)),
    row("as", 211, 94, (3, 19), 812, (119, 74), (176, 133)),
    row("az", 330, 188, (3, 13), 725, (170, 110), (220, 170)),
    row("be", 261, 143, (3, 11), 720, (124, 75), (196, 135)),
    row("bg", 317, 154, (3, 10), 756, (170, 108), (173, 139)),
    row("bn", 203, 125, (3, 24), 800, (118, 73), (177, 147)),
    row("bs", 262, 100, (2, 16), 764, (144, 98), (157, 128)),
    row("ca", 294, 154, (2, 11), 832, (159, 105), (216, 168)),
    row("ckb", 242, 0, (3, 25), 810, (140, 97), (176, 151)),
    row("cs", 311, 60, (3, 11), 781, (168, 109), (206, 165)),
    row("cy", 269, 250, (3, 9), 828, (144, 88), (258, 165)),
    row("da", 305, 100, (3, 11), 798, (169, 112), (220, 170)),
    row("de", 263, 0, (2, 15), 774, (141, 98), (169, 137)),
    row("el", 310, 167, (3, 11), 809, (174, 119), (194, 156)),
    row("en", 300, 120, (3, 10), 800, (150, 100), (200, 160)),
    row("eo", 218, 125, (3, 12), 780, (88, 52), (220, 170)),
    row("es", 252, 182, (3, 14), 825, (145, 99), (156, 125)),
    row("et", 363, 143, (3, 13), 722, (172, 113), (220, 170)),
    row("eu", 298, 167, (3, 11), 788, (152, 96), (263, 192)),
    row("fa", 246, 200, (2, 9), 812, (157, 107), (189, 143)),
    row("fi", 293, 114, (3, 14), 755, (153, 101), (253, 179)),
    row("fr", 264, 100, (2, 11), 812, (150, 100), (161, 134)),
    row("ga", 395, 0, (2, 11), 816, (203, 132), (220, 170)),
    row("gl", 330, 136, (2, 10), 824, (170, 159), (220, 170)),
    row("gu", 299, 200, (3, 22), 812, (132, 84), (204, 151)),
    row("ha", 330, 111, (3, 11), 833, (170, 110), (220, 170)),
    row("he", 340, 200, (2, 9), 799, (160, 108), (239, 173)),
    row("hi", 206, 91, (2, 21), 837, (135, 90), (208, 161)),
    row("hr", 312, 99, (2, 11), 751, (173, 113), (215, 165)),
    row("hu", 322, 67, (3, 15), 766, (169, 112), (226, 172)),
    row("hy", 285, 167, (3, 11), 778, (157, 99), (225, 184)),
    row("id", 241, 111, (3, 12), 805, (166, 111), (194, 145)),
    row("ig", 330, 100, (2, 11), 812, (170, 110), (220, 170)),
    row("is", 292, 95, (2, 13), 800, (157, 104), (210, 163)),
    row("it", 246, 25, (3, 21), 807, (144, 100), (198, 133)),
    row("ja", 328, 96, (1, 6), 759, (243, 159), (239, 172)),
    row("jv", 369, 94, (2, 12), 777, (170, 158), (220, 170)),
    row("ka", 332, 111, (3, 13), 754, (157, 100), (225, 167)),
    row("kk", 304, 176, (3, 12), 694, (159, 104), (172, 127)),
    row("km", 330, 0, (2, 13), 905, (175, 109), (220, 170)),
    row("kn", 250, 95, (3, 25), 783, (135, 93), (214, 165)),
    row("ko", 374, 62, (1, 6), 791, (201, 127), (282, 185)),
    row("ku", 236, 222, (2, 10), 783, (112, 73), (253, 140)),
    row("ky", 311, 133, (3, 12), 623, (167, 111), (247, 161)),
    row("la", 330, 100, (3, 11), 762, (170, 110), (150, 140)),
    row("lo", 327, 0, (2, 9), 850, (187, 123), (198, 143)),
    row("lt", 320, 167, (3, 12), 688, (175, 114), (247, 174)),
    row("lv", 329, 125, (2, 13), 727, (173, 109), (220, 170)),
    row("mk", 248, 133, (2, 10), 781, (138, 90), (199, 172)),
    row("ml", 239, 111, (3, 25), 774, (138, 99), (191, 164)),
    row("mn", 324, 77, (2, 11), 781, (181, 120), (184, 143)),
    row("mr", 233, 8, (2, 25), 798, (145, 105), (156, 137)),
    row("ms", 331, 125, (3, 11), 808, (185, 134), (264, 170)),
    row("mt", 395, 111, (3, 13), 823, (212, 125), (220, 170)),
    row("my", 278, 0, (2, 21), 750, (167, 113), (161, 133)),
    row("nb", 283, 107, (3, 12), 783, (146, 99), (204, 150)),
    row("ne", 155, 125, (3, 25), 824, (98, 62), (114, 91)),
    row("nl", 296, 102, (3, 17), 828, (156, 104), (213, 158)),
    row("nn", 281, 125, (3, 11), 815, (160, 102), (220, 170)),
    row("or", 225, 0, (3, 25), 786, (155, 106), (227, 184)),
    row("pa", 328, 153, (2, 19), 830, (153, 98), (191, 133)),
    row("pl", 320, 87, (3, 12), 726, (172, 111), (222, 176)),
    row("ps", 236, 29, (2, 21), 867, (119, 72), (167, 136)),
    row("pt", 287, 77, (3, 13), 814, (163, 108), (220, 163)),
    row("ro", 289, 81, (2, 14), 779, (160, 106), (161, 131)),
    row("ru", 322, 231, (3, 11), 713, (168, 109), (184, 146)),
    row("sd", 248, 0, (2, 25), 799, (129, 80), (211, 127)),
    row("si", 274, 0, (2, 25), 833, (164, 114), (236, 194)),
    row("sk", 319, 0, (2, 11), 752, (176, 115), (220, 171)),
    row("sl", 317, 45, (2, 12), 781, (170, 111), (262, 189)),
    row("so", 405, 0, (2, 25), 831, (170, 110), (220, 170)),
    row("sq", 241, 66, (2, 14), 788, (131, 87), (152, 116)),
    row("sr", 257, 156, (3, 10), 800, (147, 96), (176, 141)),
    row("sv", 292, 200, (3, 12), 841, (156, 105), (242, 174)),
    row("sw", 302, 143, (3, 9), 802, (193, 113), (220, 170)),
    row("ta", 276, 125, (3, 25), 779, (149, 104), (230, 190)),
    row("te", 256, 80, (3, 25), 739, (142, 96), (210, 162)),
    row("tg", 291, 111, (3, 11), 710, (151, 103), (217, 151)),
    row("th", 349, 0, (2, 10), 900, (185, 111), (221, 162)),
    row("ti", 330, 0, (2, 8), 800, (170, 110), (220, 170)),
    row("tl", 263, 91, (3, 12), 821, (150, 100), (286, 179)),
    row("tr", 272, 91, (3, 21), 773, (154, 103), (214, 147)),
    row("tt", 356, 250, (3, 11), 692, (197, 136), (260, 170)),
    row("ug", 293, 0, (2, 15), 782, (136, 79), (200, 134)),
    row("uk", 300, 167, (3, 11), 694, (160, 102), (189, 153)),
    row("ur", 204, 100, (2, 25), 839, (125, 81), (139, 107)),
    row("uz", 254, 250, (3, 13), 691, (150, 93), (220, 170)),
    row("vi", 293, 250, (3, 11), 803, (178, 111), (223, 171)),
    row("xh", 371, 35, (2, 25), 775, (169, 94), (220, 170)),
    row("yi", 355, 83, (2, 14), 830, (189, 126), (220, 170)),
    row("yo", 433, 139, (2, 12), 860, (232, 140), (220, 170)),
    row("zh", 287, 106, (1, 5), 735, (198, 127), (256, 171)),
    row("zu", 330, 250, (3, 13), 738, (170, 110), (220, 170)),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_sane() {
        assert!(LIMITS.is_sorted_by(|a, b| a.language < b.language));
        for row in LIMITS.iter().chain([&OTHER]) {
            assert!(row.mean_word.0 < row.mean_word.1, "{}", row.language);
            assert!((150..=450).contains(&row.repeated_lines), "{}", row.language);
            assert!(row.repeated(5) >= row.repeated(7) && row.repeated(7) >= row.repeated(10));
            assert!(row.top(2) >= row.top(4) && row.top(4) >= 80, "{}", row.language);
            assert!(row.ended_lines <= 250 && row.lettered_tokens >= 600);
        }
        assert_eq!(limits("ar").repeated_lines, 304);
        assert_eq!(limits("tlh").language, "");
    }
}
