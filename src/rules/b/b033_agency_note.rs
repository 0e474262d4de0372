//! B033 agency-note.

use crate::finding::Severity;
use crate::rules::residue::{at_edge, line_of, quote};
use crate::rules::{Check, Example, Out, PhraseHit, Rule, Scope, Status, Text, Wake};

pub(crate) const RULE: Rule = Rule {
    code: "B033",
    name: "agency-note",
    severity: Severity::Info,
    scope: Scope::Line,
    fix: None,
    status: Status::Stable,
    default: true,
    summary: "A line names the agency or the editors of the article.",
    why: "It says whose article it is: rules about licences go by it. Move it to a field before it is removed.",
    how: "Among the first or last six lines that are not blank, a whole line that matches table B033: a \
          reporting or editing credit, or the name of an agency in brackets.",
    false_positives: "Sentences that name an agency (`قالت رويترز`) are not such lines.",
    source: "Style of news agencies; IPTC creditLine",
    options: &[],
    examples: &[
        Example::bad(
            "The ferry is back.\n\n(Reporting by Ann Lee; editing by Omar Said)",
            &["(Reporting by Ann Lee; editing by Omar Said)"],
        )
        .lang("en"),
        Example::bad("عادت العبارة.\n(رويترز)", &["(رويترز)"]),
        Example::bad("Le pont rouvre.\n(AFP)", &["(AFP)"]).lang("fr"),
        Example::good("Reporting by witnesses helped. So did maps.").lang("en"),
        Example::good("قالت رويترز"),
        Example::good("The agency (AFP) said so.").lang("en"),
    ],
    wake: Wake::Phrase,
    check: |_| Ok(Box::new(AgencyNote)),
};

struct AgencyNote;

const EDGE: usize = 6;

impl Check for AgencyNote {
    fn phrase(&self, text: &Text<'_>, hit: &PhraseHit, out: &mut Out<'_>) {
        if at_edge(text.lines(), hit.line, EDGE) {
            out.span(
                hit.span,
                format!("Agency credit or note \"{}\".", quote(line_of(text, hit))),
            );
        }
    }
}
