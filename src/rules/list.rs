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
    "b/b001_js_disabled_notice.rs" b001
    "b/b003_read_more_link.rs" b003
    "b/b006_share_bar.rs" b006
    "b/b019_cms_template_placeholder.rs" b019
    "b/b026_trailing_section_link.rs" b026
    "d/d001_duplicate_id.rs" d001
    "d/d002_exact_duplicate.rs" d002
    "u/u009_bidi_override.rs" u009
}
