//! Languages between which one article does not decide.

/// The members of a macrolanguage, written standards of one spoken language, dialects beside their
/// standard, and neighbours that share most of their words.
static RELATED: &[&[&str]] = &[
    &[
        "ar", "arz", "ary", "arq", "aeb", "apc", "ajp", "acm", "acq", "acw", "afb", "ayl", "ars", "apd",
        "arb", "shu",
    ],
    &["fa", "prs", "pes"],
    &["ur", "pnb", "skr", "lah"],
    &["pa", "pnb", "skr", "lah"],
    &["hr", "bs", "sr", "sh", "cnr"],
    &["nb", "nn", "no"],
    &["id", "ms", "zsm"],
    &["hi", "mai", "bho", "mag", "awa", "hne", "bgc"],
    &["zu", "xh", "nr", "ss", "nd"],
    &["st", "tn", "nso"],
    &["rw", "rn"],
    &["az", "azb", "azj"],
    &["ku", "kmr"],
    &["ku", "ckb"],
    &["zh", "yue", "wuu", "cmn", "lzh", "nan", "gan", "hak"],
    &["bo", "dz"],
    &["tl", "fil"],
    &["et", "ekk", "vro"],
    &["lv", "ltg", "lvs"],
    &["sq", "als", "aln"],
    &["mn", "khk"],
    &["uz", "uzn"],
    &["ps", "pbt", "pbu"],
    &["mg", "plt"],
    &["yi", "ydd"],
    &["or", "ory"],
    &["ne", "npi"],
    &["sw", "swh"],
    &["el", "grc"],
    &["hy", "hyw"],
];

/// Whether a text of one language may pass for the other, so that a difference proves nothing.
#[must_use]
pub fn may_be_confused(a: &str, b: &str) -> bool {
    a == b
        || RELATED
            .iter()
            .any(|group| group.contains(&a) && group.contains(&b))
}
