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
    "e/e001_invalid_utf8.rs" e001
    "e/e002_byte_order_mark.rs" e002
    "e/e003_utf16_or_binary.rs" e003
    "e/e004_cesu8_or_overlong.rs" e004
    "e/e005_unreadable_input.rs" e005
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
    "e/e112_percent_encoded_text.rs" e112
    "e/e113_literal_escape.rs" e113
    "e/e114_encoded_blob.rs" e114
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
    "u/u016_fullwidth_ascii.rs" u016
    "u/u017_latin_ligature.rs" u017
    "u/u019_mixed_script_word.rs" u019
    "u/u020_excess_combining_marks.rs" u020
    "u/u021_orphan_combining_mark.rs" u021
    "u/u025_zero_width_joiner_misuse.rs" u025
    "u/u026_mixed_digits_in_number.rs" u026
    "u/u027_indic_defect.rs" u027
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
    "b/b016_account_prompt.rs" b016
    "b/b017_follow_or_app_prompt.rs" b017
    "b/b018_article_toolbar.rs" b018
    "b/b019_cms_template_placeholder.rs" b019
    "b/b020_html_residue.rs" b020
    "b/b021_script_or_style_residue.rs" b021
    "b/b022_markdown_residue.rs" b022
    "b/b023_json_in_text.rs" b023
    "b/b024_lorem_ipsum.rs" b024
    "b/b026_trailing_section_link.rs" b026
    "b/b027_title_in_body.rs" b027
    "b/b028_truncated_body.rs" b028
    "b/b029_tag_list_line.rs" b029
    "b/b030_media_player_residue.rs" b030
    "b/b031_bare_url_line.rs" b031
    "b/b032_list_page.rs" b032
    "b/b033_agency_note.rs" b033
    "m/m001_invalid_date.rs" m001
    "m/m002_implausible_date.rs" m002
    "m/m003_other_calendar_year.rs" m003
    "m/m004_missing_timezone.rs" m004
    "m/m005_date_conflict.rs" m005
    "m/m006_invalid_url.rs" m006
    "m/m007_url_noise.rs" m007
    "m/m008_source_host_mismatch.rs" m008
    "m/m011_title_site_suffix.rs" m011
    "m/m012_title_defect.rs" m012
    "m/m013_author_defect.rs" m013
    "m/m014_content_hash_mismatch.rs" m014
    "d/d001_duplicate_id.rs" d001
    "d/d002_exact_duplicate.rs" d002
    "p/p001_email_address.rs" p001
    "p/p002_phone_number.rs" p002
    "p/p003_payment_card_or_iban.rs" p003
    "p/p004_national_id.rs" p004
    "p/p005_secret_or_token.rs" p005
    "p/p006_ip_or_device_address.rs" p006
    "l/l001_missing_licence.rs" l001
    "l/l002_unknown_licence_id.rs" l002
    "l/l003_opt_out_recorded.rs" l003
    "l/l005_licence_conflict.rs" l005
    "l/l006_missing_provenance.rs" l006
}
