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
    "u/u001_not_nfc.rs" u001
    "u/u002_control_character.rs" u002
    "u/u003_bom_inside_text.rs" u003
    "u/u004_noncharacter.rs" u004
    "u/u005_private_use.rs" u005
    "u/u007_tag_character.rs" u007
    "u/u008_invisible_character.rs" u008
    "u/u009_bidi_override.rs" u009
    "u/u010_bidi_unbalanced.rs" u010
    "u/u012_line_separator.rs" u012
    "u/u014_odd_space.rs" u014
    "u/u015_untidy_whitespace.rs" u015
    "u/u017_latin_ligature.rs" u017
    "u/u025_zero_width_joiner_misuse.rs" u025
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
#[path = "u/properties.rs"]
mod u_properties;
