//! B021 script-or-style-residue.

use crate::finding::{Safety, Severity};
use crate::rules::residue::{delete_line, quote};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::any_of::AnyOf;
use crate::text::lines::Line;
use crate::text::scan::Flags;
use regex::Regex;
use std::sync::LazyLock;

pub(crate) const RULE: Rule = Rule {
    code: "B021",
    name: "script-or-style-residue",
    severity: Severity::Error,
    scope: Scope::Line,
    fix: Some(Safety::Unsafe),
    status: Status::Stable,
    default: true,
    summary: "A line of the article is JavaScript or a style sheet.",
    why: "Code of the page, of its advertisements and counters, is not the article, and repeats in every \
          record of a source.",
    how: "A line scores three or more: two for a function with its body, a declaration (`var x =`), a style \
          block (`{color: …}`), `!important`, `@media`, the objects of advertisers and counters (googletag, \
          dataLayer, fbq, gtag, adsbygoogle), CDATA; one for a member of `window` or `document`, `=>`, a \
          selector before a block, a line that ends in `;`, `{` or `}`. The fix deletes the line and is unsafe.",
    false_positives: "One such sign in a sentence is not enough. Articles about programming quote code: \
                      ignore the rule for their records.",
    source: "Raffel et al., C4 (2020), which drops pages with a curly bracket",
    options: &[],
    examples: &[
        Example::bad(
            "googletag.cmd.push(function() { googletag.display('div-1'); });",
            &["googletag.cmd.push(function() { googletag.display('div-1'); });"],
        )
        .lang("en")
        .unsafe_fixed(""),
        Example::bad(
            "عاد الصيادون.\n.btn{color:#fff;padding:0 4px}\nانتهى.",
            &[".btn{color:#fff;padding:0 4px}"],
        )
        .unsafe_fixed("عاد الصيادون.\nانتهى."),
        Example::bad(
            "Le pont rouvre.\nvar x = document.getElementById('a');",
            &["var x = document.getElementById('a');"],
        )
        .lang("fr"),
        Example::bad(
            "(function(d, s) { d.js = s; })(document);",
            &["(function(d, s) { d.js = s; })(document);"],
        )
        .lang("en"),
        Example::good("The function (of art) is debate;").lang("en"),
        Example::good("{1, 2, 3}").lang("en"),
        Example::good("Let x = 3; the window. The document.").lang("en"),
        Example::good("الدالة {س: ص} معرفة؛ و document. هنا;"),
    ],
    wake: Wake::Body,
    check: |_| Ok(Box::new(ScriptResidue)),
};

struct ScriptResidue;

/// Lines longer than this are read as far as this.
const LONGEST: usize = 4000;
/// Score of a line of code.
const CODE: u32 = 3;

/// What every line of code that is no block has one of.
const CUES: [&str; 12] = [
    "function(",
    "function (",
    "window.",
    "document.",
    "!important",
    "@media",
    "googletag",
    "dataLayer",
    "fbq(",
    "CDATA[",
    "gtag(",
    "adsbygoogle",
];

/// Two points each.
const NAMES: [&str; 9] = [
    "!important",
    "@media ",
    "googletag.",
    "dataLayer",
    "fbq(",
    "gtag(",
    "adsbygoogle",
    "<![CDATA[",
    "__NEXT_DATA__",
];

struct Patterns {
    function: Regex,
    declaration: Regex,
    member: Regex,
    block: Regex,
    selector: Regex,
}

fn cues() -> &'static AnyOf {
    static ANY: LazyLock<AnyOf> = LazyLock::new(|| AnyOf::new(&CUES));
    &ANY
}

fn patterns() -> Option<&'static Patterns> {
    static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
        Some(Patterns {
            function: Regex::new(r"\bfunction\s*[A-Za-z_$0-9]*\s*\([^()]*\)\s*\{|=>\s*\{").ok()?,
            declaration: Regex::new(r"\b(?:var|let|const)\s+[A-Za-z_$][\w$]*\s*=[^=]").ok()?,
            member: Regex::new(r"\b(?:window|document)\.[A-Za-z_$]+\s*[.=(\[]|\)\(document\)").ok()?,
            block: Regex::new(r"\{\s*(?:[a-z-]+\s*:\s*[^{};:]+;\s*)*[a-z-]+\s*:\s*[#\w%.,() '-]+;?\s*\}")
                .ok()?,
            selector: Regex::new(r"(?:^|[\s,}>])[.#]?[A-Za-z][\w-]*(?::[a-z-]+)?\s*\{").ok()?,
        })
    });
    PATTERNS.as_ref()
}

impl Check for ScriptResidue {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let marked =
            text.scan.flags.any(Flags::MARKUP) && memchr::memchr(b'{', text.value.as_bytes()).is_some();
        if !marked && !cues().is_in_shaped(text.value, text.shape()) {
            return;
        }
        let Some(patterns) = patterns() else { return };
        for (index, line) in text.lines().iter().enumerate() {
            if is_code(text.value, line, patterns) {
                let shown = quote(line.text(text.value));
                let finding = out.span(line.trimmed, format!("JavaScript or CSS code \"{shown}\"."));
                delete_line(finding, text, index, Safety::Unsafe);
            }
        }
    }
}

fn is_code(text: &str, line: &Line, patterns: &Patterns) -> bool {
    let line = line.text(text);
    let head = &line[..line.floor_char_boundary(LONGEST)];
    if !head.contains(['{', ';', '(', '}']) {
        return false;
    }
    let one = |holds: bool, points: u32| if holds { points } else { 0 };
    let block = patterns.block.is_match(head);
    let score = one(patterns.function.is_match(head), 2)
        + one(patterns.declaration.is_match(head), 2)
        + one(patterns.member.is_match(head), 1)
        + one(block, 2)
        + one(block && patterns.selector.is_match(head), 1)
        + one(line.ends_with([';', '{', '}']), 1)
        + NAMES.iter().map(|name| one(head.contains(name), 2)).sum::<u32>();
    score >= CODE
}
