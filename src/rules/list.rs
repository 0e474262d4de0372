//! Every rule, in code order. Adding a rule is one new file and one line here.

use super::Rule;

macro_rules! rules {
    ($($file:literal $module:ident)*) => {
        $(
            #[path = $file]
            mod $module;
        )*
        /// Every rule, in code order.
        pub static RULES: &[&Rule] = &[$(&$module::RULE),*];
    };
}

rules! {
    "a/a001_arabic_presentation_form.rs" a001
    "a/a002_visual_order_arabic.rs" a002
    "a/a003_tatweel.rs" a003
    "a/a004_farsi_letter_in_arabic.rs" a004
    "a/a005_arabic_letter_in_persian.rs" a005
    "a/a006_latin_punctuation_in_arabic.rs" a006
    "a/a007_arabic_punctuation_in_latin.rs" a007
    "a/a008_digit_system_mix.rs" a008
    "a/a009_conflicting_harakat.rs" a009
    "a/a010_detached_haraka.rs" a010
    "a/a012_spaced_out_letters.rs" a012
    "a/a013_glued_words.rs" a013
    "a/a015_script_outside_language.rs" a015
    "e/e101_mojibake_utf8.rs" e101
    "e/e102_mojibake_embedded.rs" e102
    "e/e103_mojibake_multi_layer.rs" e103
    "e/e104_mojibake_legacy_swap.rs" e104
    "e/e105_mojibake_lossy.rs" e105
    "e/e107_replacement_character.rs" e107
    "e/e108_question_mark_run.rs" e108
    "e/e109_c1_as_cp1252.rs" e109
    "e/e110_html_entity.rs" e110
    "e/e111_double_escaped_entity.rs" e111
    "u/u009_bidi_override.rs" u009
}
