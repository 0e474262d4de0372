//! `CITATION.cff`: Citation File Format 1.2.0.

use super::{authors, homepage, single_license};
use crate::release::card::quoted;
use crate::release::manifest::Manifest;
use crate::release::writer::Facts;
use std::fmt::Write as _;

/// The document.
pub(super) fn render(manifest: &Manifest, facts: &Facts) -> String {
    let mut out = String::from(
        "cff-version: 1.2.0\nmessage: If you use this dataset, please cite it as below.\ntype: dataset\n",
    );
    let mut put = |key: &str, value: &str| {
        let _ = writeln!(out, "{key}: {}", quoted(value));
    };
    put("title", &manifest.name);
    put("version", &manifest.version);
    put(
        "date-released",
        manifest.released_at.get(..10).unwrap_or_default(),
    );
    if let Some(text) = &facts.description {
        put("abstract", text);
    }
    if let Some(url) = homepage(facts) {
        put("url", url);
    }
    // An expression of several licences has no place in the format; LICENSE says it.
    if let Some(id) = single_license(manifest) {
        put("license", id);
    }
    out.push_str("authors:\n");
    for name in authors(manifest, facts) {
        let _ = writeln!(out, "- name: {}", quoted(&name));
    }
    let _ = writeln!(
        out,
        "identifiers:\n- type: other\n  value: {}\n  description: Identity of the rows of this version",
        quoted(&manifest.content_id)
    );
    out
}
