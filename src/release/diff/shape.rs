//! What changed around the rows: columns, JSON Schema, splits, licence, documents.

use super::found::Found;
use super::licence::no_stricter;
use super::{Diff, Side};
use crate::release::Result;
use crate::release::manifest::{Column, Role};
use crate::schema::change::{Change, changes};
use std::collections::BTreeSet;
use std::path::Path;

/// Compares everything but rows.
pub(super) fn compare(old: Side<'_>, new: Side<'_>, found: &mut Found, diff: &mut Diff) -> Result<()> {
    let (was, now) = (old.manifest, new.manifest);
    columns(&was.schema.fields, &now.schema.fields, found, diff);
    schema(old, new, found, diff)?;
    ids(old, new, found, diff);
    let (before, after) = (old.split_names(), new.split_names());
    for name in before.difference(&after) {
        found.add("V108", name);
        diff.notes.push(format!("{name} is gone"));
    }
    for name in after.difference(&before) {
        found.add("V203", name);
        diff.notes.push(format!("{name} is new"));
    }
    if was.license != now.license {
        let name = |license: &Option<String>| license.clone().unwrap_or_else(|| "none".to_owned());
        let (from, to) = (name(&was.license), name(&now.license));
        let free = no_stricter(was.license.as_deref(), now.license.as_deref());
        found.add(if free { "V302" } else { "V110" }, &to);
        diff.notes.push(format!("the licence was {from} and is {to}"));
    }
    if old.default_config() != new.default_config() {
        let name = new.default_config().unwrap_or("none");
        found.add("V111", name);
        diff.notes.push(format!("the default config is {name}"));
    }
    for language in now.languages.iter().filter(|l| !was.languages.contains(l)) {
        found.add("V207", language);
        diff.notes.push(format!("language {language} is new"));
    }
    normalisation(old, new, found);
    documents(old, new, found, diff)?;
    bytes(old, new, found);
    Ok(())
}

fn columns(old: &[Column], new: &[Column], found: &mut Found, diff: &mut Diff) {
    for column in old {
        let name = &column.name;
        match new.iter().find(|c| c.name == *name) {
            None => {
                found.add("V104", name);
                diff.notes.push(format!("column {name} is gone"));
            }
            Some(now) if now.kind != column.kind => {
                let code = if widened(&column.kind, &now.kind) {
                    "V204"
                } else {
                    "V105"
                };
                found.add(code, name);
                diff.notes
                    .push(format!("column {name} was {} and is {}", column.kind, now.kind));
            }
            Some(now) if now.nullable && !column.nullable => {
                found.add("V106", name);
                diff.notes.push(format!("column {name} may be null now"));
            }
            Some(_) => {}
        }
    }
    for column in new {
        let name = &column.name;
        if !old.iter().any(|o| o.name == *name) {
            found.add("V202", name);
            diff.notes.push(format!("column {name} ({}) is new", column.kind));
        }
        if !promised(&column.kind) && !old.iter().any(|o| o.kind == column.kind) {
            found.add("V114", name);
        }
    }
    let common = |one: &[Column], other: &[Column]| -> Vec<String> {
        one.iter()
            .filter(|c| other.iter().any(|o| o.name == c.name))
            .map(|c| c.name.clone())
            .collect()
    };
    let order = common(new, old);
    if common(old, new) != order {
        found.add("V303", &order.join(", "));
        diff.notes.push("the columns stand in another order".to_owned());
    }
}

/// Whether every value of one type is a value of the other, in every reader.
fn widened(old: &str, new: &str) -> bool {
    [("int32", "int64"), ("float32", "float64")].contains(&(old, new))
}

/// Types that every reader of the promised set understands.
fn promised(kind: &str) -> bool {
    const PLAIN: &[&str] = &[
        "string",
        "int64",
        "float64",
        "bool",
        "date32",
        "timestamp[us, tz=UTC]",
    ];
    let kind = kind.trim_end_matches(" not null");
    if let Some(item) = kind
        .strip_prefix("list<element: ")
        .and_then(|rest| rest.strip_suffix('>'))
    {
        return promised(item);
    }
    // Members of a struct are of these types: nothing else has a name in a manifest.
    PLAIN.contains(&kind) || (kind.starts_with("struct<") && kind.ends_with('>'))
}

/// The JSON Schemas, where columns do not tell already.
fn schema(old: Side<'_>, new: Side<'_>, found: &mut Found, diff: &mut Diff) -> Result<()> {
    let (was, now) = (&old.manifest.schema, &new.manifest.schema);
    if was.json_schema_sha256 == now.json_schema_sha256 {
        return Ok(());
    }
    let read = |side: Side<'_>| -> Result<Option<serde_json::Value>> {
        let bytes = read(&side.directory.join(&side.manifest.schema.json_schema_path))?;
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    };
    let (Some(before), Some(after)) = (read(old)?, read(new)?) else {
        found.add("V105", "the JSON Schema, which cannot be read");
        return Ok(());
    };
    let told = |name: &str| {
        let column = |columns: &[Column]| columns.iter().find(|c| c.name == name).cloned();
        let (was, now) = (column(&was.fields), column(&now.fields));
        was.map(|c| (c.kind, c.nullable)) != now.map(|c| (c.kind, c.nullable))
    };
    let shape = |columns: &[Column]| -> Vec<(String, String, bool)> {
        let shapes = columns
            .iter()
            .map(|c| (c.name.clone(), c.kind.clone(), c.nullable));
        shapes.collect()
    };
    let mut only_words = shape(&was.fields) == shape(&now.fields);
    for (name, change) in changes(&before, &after) {
        if told(&name) {
            only_words = false;
            continue;
        }
        let name = if name.is_empty() {
            "the whole record"
        } else {
            &name
        };
        let (code, sample, what) = match change {
            Change::ValueRemoved(value) => ("V109", format!("{name}: {value}"), "loses a value"),
            Change::Narrower => ("V109", name.to_owned(), "allows less"),
            Change::ValueAdded(value) => ("V205", format!("{name}: {value}"), "gains a value"),
            Change::Wider => ("V205", name.to_owned(), "allows more"),
            Change::Unknown => (
                "V105",
                name.to_owned(),
                "changed in a way that cannot be proved harmless",
            ),
        };
        only_words = false;
        found.add(code, &sample);
        diff.notes.push(format!("schema of {sample}: {what}"));
    }
    if only_words {
        found.add("V302", "the JSON Schema");
        diff.notes
            .push("the words of the JSON Schema changed, not what it allows".to_owned());
    }
    Ok(())
}

fn ids(old: Side<'_>, new: Side<'_>, found: &mut Found, diff: &mut Diff) {
    let (was, now) = (&old.manifest.schema.primary_key, &new.manifest.schema.primary_key);
    if was != now {
        found.add("V107", &now.join(", "));
        diff.notes.push(format!("the primary key is {}", now.join(", ")));
    } else if diff.rows.renamed == old.manifest.counts.accepted {
        found.add("V107", "every id is another");
        diff.notes.push("every row has another id".to_owned());
    }
}

/// The same inputs and other texts: what is done to them changed.
fn normalisation(old: Side<'_>, new: Side<'_>, found: &mut Found) {
    let inputs = |side: Side<'_>| -> BTreeSet<String> {
        let inputs = side.manifest.inputs.iter();
        inputs.map(|input| input.sha256.clone()).collect()
    };
    let (was, now) = (&old.manifest.pipeline, &new.manifest.pipeline);
    let tool = (&was.tool_version, &was.ruleset, &was.unicode, &was.config_sha256)
        != (&now.tool_version, &now.ruleset, &now.unicode, &now.config_sha256);
    let before = inputs(old);
    if tool && !before.is_empty() && before == inputs(new) {
        for id in found.samples("V102").to_vec() {
            found.add("V112", &id);
        }
        for _ in found.count("V112")..found.count("V102") {
            found.add_nameless("V112");
        }
    }
}

fn documents(old: Side<'_>, new: Side<'_>, found: &mut Found, diff: &mut Diff) -> Result<()> {
    let differ = |name: &str, part: fn(&str) -> String| -> Result<bool> {
        let text = |side: Side<'_>| -> Result<Option<String>> {
            let bytes = read(&side.directory.join(name))?;
            Ok(bytes.map(|bytes| part(&String::from_utf8_lossy(&bytes))))
        };
        // What is not there cannot be compared.
        Ok(matches!((text(old)?, text(new)?), (Some(a), Some(b)) if a != b))
    };
    // The licence that the manifest names is told already.
    if old.manifest.license == new.manifest.license && differ("LICENSE", str::to_owned)? {
        found.add("V302", "LICENSE");
        diff.notes.push("the text of LICENSE changed".to_owned());
    }
    if differ("README.md", words_of_card)? {
        found.add("V302", "README.md");
        diff.notes.push("the words of the card changed".to_owned());
    }
    let of = |side: Side<'_>, roles: &[Role]| -> BTreeSet<String> {
        let files = side.manifest.files.iter().filter(|f| roles.contains(&f.role));
        files.map(|f| f.path.clone()).collect()
    };
    // A release that is being written does not list its files yet.
    if !new.manifest.files.is_empty() {
        let signed = [Role::Signature, Role::Provenance];
        if of(old, &signed) != of(new, &signed) {
            found.add("V305", "signature or provenance");
        }
    }
    Ok(())
}

/// What people wrote into a card: everything that is not about this release's rows.
fn words_of_card(card: &str) -> String {
    let body = card.splitn(3, "---\n").nth(2).unwrap_or(card);
    let head = body.split("\n## ").next().unwrap_or_default();
    let head = head.lines().filter(|line| !line.starts_with("Version "));
    let tail = body
        .split_once("\nContent identity: ")
        .map_or("", |(_, rest)| rest);
    let tail = tail.split_once('\n').map_or("", |(_, rest)| rest);
    head.chain(tail.lines()).collect::<Vec<_>>().join("\n")
}

/// Equal rows in other bytes, and equal shards with other tables beside them.
fn bytes(old: Side<'_>, new: Side<'_>, found: &mut Found) {
    if found.has_content() {
        return;
    }
    let shards = |side: Side<'_>| -> Vec<String> { side.shards().map(|(.., s)| s.sha256.clone()).collect() };
    if shards(old) != shards(new) {
        found.add("V301", "shards");
    }
    if new.manifest.files.is_empty() || old.manifest.files.is_empty() {
        return;
    }
    let tables = |side: Side<'_>, role: Role| -> Vec<String> {
        // Counts of what was collected say nothing of the rows.
        let tables = |f: &&crate::release::manifest::File| f.role == role && f.path.ends_with(".parquet");
        let files = side.manifest.files.iter().filter(tables);
        files.map(|f| f.sha256.clone()).collect()
    };
    for (role, name) in [(Role::Signals, "signals"), (Role::State, "state")] {
        if tables(old, role) != tables(new, role) && !found.has("V301") {
            found.add("V304", name);
        }
    }
}

/// The bytes of a file, or `None` where there is none.
fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs_err::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, kind: &str, nullable: bool) -> Column {
        Column {
            name: name.to_owned(),
            kind: kind.to_owned(),
            nullable,
            description: None,
        }
    }

    #[test]
    fn columns_by_name_type_and_order() {
        let old = [
            column("id", "string", false),
            column("n", "int64", false),
            column("x", "string", true),
        ];
        let codes = |old: &[Column], new: &[Column]| -> Vec<String> {
            let mut found = Found::default();
            columns(old, new, &mut found, &mut Diff::default());
            found.reasons(None).into_iter().map(|r| r.rule).collect()
        };
        let of = |new: &[Column]| codes(&old, new);
        assert!(of(&old).is_empty());
        assert_eq!(of(&old[..2]), ["V104"]);
        assert_eq!(of(&[old[1].clone(), old[0].clone(), old[2].clone()]), ["V303"]);
        let [id, n, x] = old.clone();
        let float = [
            id.clone(),
            column("n", "float64", false),
            column("y", "string", true),
        ];
        assert_eq!(of(&float), ["V104", "V105", "V202"]);
        assert_eq!(of(&[id.clone(), column("n", "int64", true), x.clone()]), ["V106"]);
        assert_eq!(
            codes(&[column("n", "int32", false)], std::slice::from_ref(&n)),
            ["V204"]
        );
        assert_eq!(of(&[id, n, x, column("h", "float16", true)]), ["V114", "V202"]);
    }

    #[test]
    fn types_of_the_promised_set() {
        for kind in [
            "string",
            "list<element: string not null>",
            "struct<a: int64>",
            "timestamp[us, tz=UTC]",
        ] {
            assert!(promised(kind), "{kind}");
        }
        for kind in ["uint64", "float16", "list<element: map>", "timestamp[ns]"] {
            assert!(!promised(kind), "{kind}");
        }
    }

    #[test]
    fn the_words_of_a_card() {
        let card = |version: &str, rows: u32, words: &str| {
            format!(
                "---\nlicense: x\n---\n\n# news\n\nInvented news\n\nVersion {version}, released today.\nLicence: X.\n\
                 \n## Data\n\n| {rows} |\n\n## Check it\n\nContent identity: `{rows}`\n\n{words}\n"
            )
        };
        assert_eq!(
            words_of_card(&card("1.0.0", 1, "Hello.")),
            words_of_card(&card("2.0.0", 7, "Hello."))
        );
        assert_ne!(
            words_of_card(&card("1.0.0", 1, "Hello.")),
            words_of_card(&card("1.0.0", 1, "Hullo."))
        );
    }
}
