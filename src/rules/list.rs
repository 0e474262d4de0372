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
    "b/b002_cookie_consent.rs" b002
    "b/b003_read_more_link.rs" b003
    "b/b004_related_links_section.rs" b004
    "b/b005_newsletter_prompt.rs" b005
    "b/b006_share_bar.rs" b006
    "b/b007_paywall_cut.rs" b007
    "b/b008_comments_residue.rs" b008
    "b/b009_relative_timestamp.rs" b009
    "b/b010_breadcrumb_or_nav.rs" b010
    "b/b011_copyright_footer.rs" b011
    "b/b012_error_page.rs" b012
    "b/b013_bot_challenge.rs" b013
    "b/b014_caption_credit.rs" b014
    "b/b015_ad_marker.rs" b015
    "b/b017_follow_or_app_prompt.rs" b017
    "b/b018_article_toolbar.rs" b018
    "b/b019_cms_template_placeholder.rs" b019
    "b/b026_trailing_section_link.rs" b026
    "d/d001_duplicate_id.rs" d001
    "d/d002_exact_duplicate.rs" d002
    "u/u009_bidi_override.rs" u009
}
