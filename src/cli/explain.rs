//! `corpus explain`: what a rule finds, why, and how; and `corpus schema`.

use super::args::{ExplainArgs, SchemaArgs};
use super::output::Printer;
use super::{CommandResult, Failure, Outcome};
use crate::engine::select::find;
use crate::report::escape::visible;
use crate::rules::list::RULES;
use crate::rules::options::{OptionDef, OptionKind};
use crate::rules::{Example, Rule};
use std::fmt::Write as _;

/// The article schema that `corpus init` writes.
pub(crate) const ARTICLE_SCHEMA: &str = include_str!("../../schemas/article.schema.json");
/// The JSON Schema of `manifest.json`.
pub(crate) const MANIFEST_SCHEMA: &str = include_str!("../../schemas/manifest.schema.json");

pub(crate) fn run(args: &ExplainArgs, printer: &Printer) -> CommandResult {
    let rules = match &args.rule {
        Some(name) if !args.all => find(name)?,
        _ => RULES.to_vec(),
    };
    if let Some(directory) = &args.write {
        fs_err::create_dir_all(directory)?;
        for rule in &rules {
            fs_err::write(directory.join(page_name(rule)), markdown(rule))?;
        }
        fs_err::write(directory.join("README.md"), index(&rules))?;
        printer.note(&format!(
            "wrote {} pages and README.md to {}",
            rules.len(),
            directory.display()
        ));
        return Ok(Outcome::Clean);
    }
    let mut text = String::new();
    match args.output_format.as_str() {
        "text" | "markdown" => {
            for (number, rule) in rules.iter().enumerate() {
                if number > 0 {
                    text.push_str("\n---\n\n");
                }
                text.push_str(&markdown(rule));
            }
        }
        "json" => {
            let values: Vec<_> = rules.iter().map(|rule| json(rule)).collect();
            let value = if args.all {
                serde_json::Value::from(values)
            } else {
                values.into_iter().next().unwrap_or_default()
            };
            text = serde_json::to_string_pretty(&value)?;
            text.push('\n');
        }
        other => {
            return Err(Failure::new(format!(
                "`{other}` is not a format of explain; use text, markdown or json"
            )));
        }
    }
    printer.result(text.as_bytes())?;
    Ok(Outcome::Clean)
}

pub(crate) fn schema(args: &SchemaArgs, printer: &Printer) -> CommandResult {
    let text = match args.name.as_str() {
        "article" => ARTICLE_SCHEMA,
        "manifest" => MANIFEST_SCHEMA,
        other => {
            return Err(Failure::new(format!(
                "no bundled schema `{other}`; there are `article` and `manifest`"
            )));
        }
    };
    printer.result(text.as_bytes())?;
    Ok(Outcome::Clean)
}

fn page_name(rule: &Rule) -> String {
    format!("{}-{}.md", rule.code, rule.name)
}

/// A Markdown code span that shows data: invisible characters named, so that examples are readable.
fn shown(text: &str) -> String {
    let mut escaped = String::new();
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            escaped.push_str("<LF>");
        }
        escaped.push_str(&visible(line));
    }
    let fence = if escaped.contains('`') { "``" } else { "`" };
    format!("{fence}{escaped}{fence}")
}

/// The rule's page.
pub(crate) fn markdown(rule: &Rule) -> String {
    let mut page = String::new();
    let fix = rule.fix.map_or("none", crate::finding::Safety::as_str);
    let _ = write!(
        page,
        "# {} {}\n\n{}\n\n| severity | scope | fix | status | default |\n|---|---|---|---|---|\n| {} | {} | {fix} | {} | {} |\n\n## Why\n\n{}\n\n## How\n\n{}\n",
        rule.code,
        rule.name,
        rule.summary,
        rule.severity,
        rule.scope.as_str(),
        rule.status.as_str(),
        if rule.default { "on" } else { "off" },
        rule.why,
        rule.how,
    );
    examples(rule, &mut page);
    pinned(rule, &mut page);
    if !rule.options.is_empty() {
        let _ = write!(
            page,
            "\n## Options\n\nIn `[lint.rules.{}]`:\n\n| option | default | |\n|---|---|---|\n",
            rule.name
        );
        for option in rule.options {
            let _ = writeln!(
                page,
                "| `{}` | `{}` | {} |",
                option.name,
                default(option),
                option.doc
            );
        }
    }
    if !rule.false_positives.is_empty() {
        let _ = write!(page, "\n## False positives\n\n{}\n", rule.false_positives);
    }
    if !rule.source.is_empty() {
        let _ = write!(page, "\n## Source\n\n{}\n", rule.source);
    }
    page
}

fn examples(rule: &Rule, page: &mut String) {
    let (bad, good): (Vec<&Example>, Vec<&Example>) = rule
        .examples
        .iter()
        .partition(|example| !example.spans.is_empty());
    let many = rule.examples.iter().any(|example| example.input.contains(" × {"));
    if !bad.is_empty() {
        page.push_str("\n## Bad\n\n");
        if many {
            page.push_str("`20 × ` stands for twenty records, in which `#` is the number of each.\n\n");
        }
        for example in bad {
            let _ = write!(page, "- {}", shown(example.input));
            if let Some(before) = example.released {
                let _ = write!(page, "  \n  after a release of: {}", shown(before));
            }
            if let Some(config) = example.project {
                let _ = write!(page, "  \n  with this corpus.toml: {}", shown(config));
            }
            if let Some(fixed) = example.fixed {
                let _ = write!(page, "  \n  fixed: {}", shown(fixed));
            } else if let Some(fixed) = example.unsafe_fixed {
                let _ = write!(page, "  \n  fixed with `--unsafe-fixes`: {}", shown(fixed));
            }
            page.push('\n');
        }
    }
    if !good.is_empty() {
        page.push_str("\n## Good\n\n");
        for example in good {
            let _ = write!(page, "- {}", shown(example.input));
            if let Some(before) = example.released {
                let _ = write!(page, "  \n  after a release of: {}", shown(before));
            }
            page.push('\n');
        }
    }
}

/// The file that examples are checked with, where they are.
fn pinned(rule: &Rule, page: &mut String) {
    if let Some(lines) = rule.examples.iter().find_map(|example| example.pinned) {
        let _ = write!(page, "\nWith these template lines:\n\n```toml\n{lines}```\n");
    }
}

fn default(option: &OptionDef) -> String {
    match option.kind {
        OptionKind::Integer(value, ..) => value.to_string(),
        OptionKind::Number(value, ..) => value.to_string(),
        OptionKind::Bool(value) => value.to_string(),
        OptionKind::Strings(values) => format!("{values:?}"),
    }
}

fn index(rules: &[&'static Rule]) -> String {
    let mut page = String::from(
        "# Rules\n\nMade by `corpus explain --all --write docs/rules`; edit the rules' files, not these pages.\n\n\
         | code | name | severity | fix | status | what it finds |\n|---|---|---|---|---|---|\n",
    );
    for rule in rules {
        let _ = writeln!(
            page,
            "| [{0}]({0}-{1}.md) | {1} | {2} | {3} | {4} | {5} |",
            rule.code,
            rule.name,
            rule.severity,
            rule.fix.map_or("", crate::finding::Safety::as_str),
            rule.status.as_str(),
            rule.summary,
        );
    }
    page
}

fn json(rule: &Rule) -> serde_json::Value {
    serde_json::json!({
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity,
        "scope": rule.scope.as_str(),
        "fix": rule.fix,
        "status": rule.status.as_str(),
        "default": rule.default,
        "summary": rule.summary,
        "why": rule.why,
        "how": rule.how,
        "false_positives": rule.false_positives,
        "source": rule.source,
        "options": rule.options.iter().map(|option| serde_json::json!({
            "name": option.name, "default": default(option), "doc": option.doc,
        })).collect::<Vec<_>>(),
        "examples": rule.examples.iter().map(|example| serde_json::json!({
            "input": example.input, "language": example.language, "spans": example.spans,
            "fixed": example.fixed, "unsafe_fixed": example.unsafe_fixed,
        })).collect::<Vec<_>>(),
    })
}
