//! B030 media-player-residue.

use crate::finding::{Safety, Severity};
use crate::rules::residue::WholeLine;
use crate::rules::{Example, Rule, Scope, Status, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B030",
    name: "media-player-residue",
    severity: Severity::Warning,
    scope: Scope::Line,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A line of the article belongs to a player of videos or sounds.",
    why: "Buttons and counters of players are interface text, which repeats in every record of a source.",
    how: "A whole line equals a phrase of table B030 or its expressions (`0 seconds of 1 minute, 12 seconds \
          Volume 90%`, `0:00 / 1:12`, `شاهد الفيديو`). A line of one word must stand among the first or last \
          five lines, between blank lines or beside other residue. The fix deletes the line.",
    false_positives: "A sentence with the words is not a whole line of them (`شاهد الفيديو ملايين الناس.`).",
    source: "Phrase tables of this project",
    options: &[],
    examples: &[
        Example::bad(
            "0 seconds of 1 minute, 12 seconds Volume 90%\n\nThe ferry is back.",
            &["0 seconds of 1 minute, 12 seconds Volume 90%"],
        )
        .lang("en")
        .fixed("The ferry is back."),
        Example::bad("عادت العبارة.\n\nشاهد الفيديو", &["شاهد الفيديو"]).fixed("عادت العبارة."),
        Example::bad(
            "0:00 / 1:12\n\nLe pont rouvre.\n\nVoir la vidéo",
            &["0:00 / 1:12", "Voir la vidéo"],
        )
        .lang("fr")
        .fixed("Le pont rouvre."),
        Example::good("The video lasts 12 seconds.").lang("en"),
        Example::good("شاهد الفيديو ملايين الناس."),
        Example::good("Play was stopped at 0:00 on Monday.").lang("en"),
    ],
    wake: Wake::Phrase,
    check: |_| {
        Ok(Box::new(WholeLine {
            what: "Media player text",
            safety: Safety::Safe,
        }))
    },
};
