//! B017 follow-or-app-prompt.

use crate::finding::{Safety, Severity};
use crate::rules::phrases::matcher;
use crate::rules::residue::{line_of, report};
use crate::rules::{Check, Example, Out, PhraseHit, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B017",
    name: "follow-or-app-prompt",
    severity: Severity::Warning,
    scope: Scope::Line,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A line of the article asks the reader to follow the site or to install its app.",
    why: "The prompt advertises the site's own channels. It is no part of the article and repeats in every record of a source.",
    how: "A line of at most 30 words that holds a phrase of table B017 and either names a network or store or is nearly half the phrase. The fix deletes the line and is unsafe, because the phrases occur in sentences too.",
    false_positives: "*تابعنا على الأرض سير المعركة* names no network; a line that attributes a statement is left alone.",
    source: "Practice with scraped news pages",
    options: &[],
    examples: &[
        Example::bad(
            "عادت العبارة إلى الميناء.\n\nتابعونا على تلغرام",
            &["تابعونا على تلغرام"],
        )
        .unsafe_fixed("عادت العبارة إلى الميناء."),
        Example::bad(
            "Download our app for breaking news",
            &["Download our app for breaking news"],
        )
        .lang("en")
        .unsafe_fixed(""),
        Example::good("تابعنا على الأرض سير المعركة"),
        Example::good("The app was downloaded 2m times.").lang("en"),
    ],
    wake: Wake::Phrase,
    check: |_| Ok(Box::new(FollowOrAppPrompt)),
};

struct FollowOrAppPrompt;

/// Share of the line from which the phrase needs no network beside it.
const NEARLY_HALF: f32 = 0.45;
/// Networks and stores, lower case.
const NETWORKS: [&str; 24] = [
    "facebook",
    "twitter",
    "instagram",
    "telegram",
    "whatsapp",
    "youtube",
    "google",
    "tiktok",
    "app store",
    "linkedin",
    "فيسبوك",
    "تويتر",
    "انستغرام",
    "إنستغرام",
    "تلغرام",
    "تيليغرام",
    "واتساب",
    "يوتيوب",
    "غوغل",
    "جوجل",
    "تلگرام",
    "اینستاگرام",
    "телеграм",
    "微信",
];

impl Check for FollowOrAppPrompt {
    fn phrase(&self, text: &Text<'_>, hit: &PhraseHit, out: &mut Out<'_>) {
        let line = line_of(text, hit);
        let lower = line.to_lowercase();
        let named = || NETWORKS.iter().any(|network| lower.contains(network));
        if (hit.cover >= NEARLY_HALF || named()) && !matcher().is_attributed(line) {
            report("Follow-us or app prompt", text, hit, Safety::Unsafe, out);
        }
    }
}
