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
    "e/e001_invalid_utf8.rs" e001
    "e/e002_byte_order_mark.rs" e002
    "e/e003_utf16_or_binary.rs" e003
    "e/e005_unreadable_input.rs" e005
    "m/m001_invalid_date.rs" m001
    "m/m002_implausible_date.rs" m002
    "m/m004_missing_timezone.rs" m004
    "m/m006_invalid_url.rs" m006
    "s/s001_invalid_json.rs" s001
    "s/s002_duplicate_json_key.rs" s002
    "s/s003_unpaired_surrogate_escape.rs" s003
    "s/s004_number_not_interoperable.rs" s004
    "s/s005_missing_required_field.rs" s005
    "s/s006_wrong_type.rs" s006
    "s/s008_empty_field.rs" s008
    "s/s009_null_string_literal.rs" s009
    "s/s010_schema_violation.rs" s010
    "s/s012_title_body_swapped.rs" s012
    "s/s013_line_structure.rs" s013
    "s/s014_limit_exceeded.rs" s014
    "u/u009_bidi_override.rs" u009
}
