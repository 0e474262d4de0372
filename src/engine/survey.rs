//! Reading records without judging them: `stats`, `show`, `init --from`.

use super::check::{Checker, Scratch};
use super::pipeline;
use crate::finding::Finding;
use crate::record::{Kind, Role, Value};
use crate::source::{Plan, SourceError};
use crate::text::class::{Script, script};
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Rows and code points of one value of a dimension.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Count {
    /// Records.
    pub records: u64,
    /// Code points of their texts.
    pub chars: u64,
}

/// Counts of a corpus.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Statistics {
    /// Version tag of the JSON form.
    pub schema: &'static str,
    /// Input files.
    pub files: u64,
    /// Records read, unparseable ones included.
    pub records: u64,
    /// Records that could not be read.
    pub unparseable: u64,
    /// Code points of all texts.
    pub chars: u64,
    /// By declared language; `""` where there is none.
    pub languages: BTreeMap<String, Count>,
    /// By source.
    pub sources: BTreeMap<String, Count>,
    /// By year of publication, `""` where there is no date.
    pub years: BTreeMap<String, Count>,
    /// By script of the text's letters: code points.
    pub scripts: BTreeMap<String, u64>,
    /// By length: upper bound in code points (a power of two; 0 for an empty text) to records.
    pub lengths: BTreeMap<u64, u64>,
}

impl Statistics {
    fn add(&mut self, other: Self) {
        self.records += other.records;
        self.unparseable += other.unparseable;
        self.chars += other.chars;
        let counts = [
            (&mut self.languages, other.languages),
            (&mut self.sources, other.sources),
            (&mut self.years, other.years),
        ];
        for (into, from) in counts {
            for (key, count) in from {
                let entry = into.entry(key).or_default();
                entry.records += count.records;
                entry.chars += count.chars;
            }
        }
        for (key, count) in other.scripts {
            *self.scripts.entry(key).or_default() += count;
        }
        for (key, count) in other.lengths {
            *self.lengths.entry(key).or_default() += count;
        }
    }

    fn record(&mut self, roles: &dyn Fn(Role) -> Option<String>, text: &str) {
        let mut scripts: BTreeMap<Script, u64> = BTreeMap::new();
        let mut chars = 0;
        for c in text.chars() {
            chars += 1;
            if c.is_alphabetic() {
                *scripts.entry(script(c)).or_default() += 1;
            }
        }
        self.chars += chars;
        let year = roles(Role::Published)
            .and_then(|date| date.get(..4).map(str::to_owned))
            .filter(|year| year.bytes().all(|b| b.is_ascii_digit()))
            .unwrap_or_default();
        let values = [
            (&mut self.languages, roles(Role::Language).unwrap_or_default()),
            (&mut self.sources, roles(Role::Source).unwrap_or_default()),
            (&mut self.years, year),
        ];
        for (map, key) in values {
            let entry = map.entry(key).or_default();
            entry.records += 1;
            entry.chars += chars;
        }
        for (script, count) in scripts {
            *self.scripts.entry(format!("{script:?}")).or_default() += count;
        }
        let bound = if chars == 0 { 0 } else { chars.next_power_of_two() };
        *self.lengths.entry(bound).or_default() += 1;
    }
}

/// Counts every record of the inputs.
///
/// # Errors
/// Reading an input.
pub fn statistics(
    checker: &Checker,
    plan: &Plan,
    jobs: usize,
    stop: &AtomicBool,
) -> Result<Statistics, SourceError> {
    let mut total = Statistics {
        schema: "corpus.stats/1",
        files: plan.inputs.len() as u64,
        ..Statistics::default()
    };
    pipeline::ordered(
        jobs,
        plan.units().take_while(|_| !stop.load(Ordering::Relaxed)),
        Scratch::default,
        |scratch, unit| {
            let mut part = Statistics::default();
            let result = unit.and_then(|unit| {
                unit.each(plan, stop, |chunk| {
                    let src = chunk.text.as_str();
                    part.records += chunk.records();
                    part.unparseable += chunk.records() - chunk.entries.len() as u64;
                    for entry in &chunk.entries {
                        let counted = checker.check(scratch, chunk, src, entry, "", |read| {
                            let role = |role| read.record.text(role).map(str::to_owned);
                            part.record(&role, read.record.text(Role::Text).unwrap_or_default());
                        });
                        part.unparseable += u64::from(counted.is_err());
                    }
                })
            });
            (part, result)
        },
        |(part, result)| {
            total.add(part);
            result
        },
    )?;
    Ok(total)
}

/// Which record is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// By id.
    Id(String),
    /// By the line (row) it starts on, or one it covers.
    Line(u64),
}

/// A record that was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Path as shown.
    pub path: Arc<str>,
    /// Line, from 1.
    pub line: u64,
    /// The record as JSON.
    pub text: String,
    /// Its id.
    pub id: Option<String>,
    /// Members that are strings: name, value, whether it is the article.
    pub fields: Vec<(String, String)>,
    /// Its findings.
    pub findings: Vec<Finding>,
}

/// Looks for a record, in path order, and stops at the first.
///
/// # Errors
/// Reading an input.
pub fn find(checker: &Checker, plan: &Plan, target: &Target) -> Result<Option<Found>, SourceError> {
    let mut found = None;
    let mut scratch = Scratch::default();
    let mut base = (usize::MAX, 0);
    for unit in plan.units() {
        unit?.read(plan, &mut |chunk| {
            if base.0 != chunk.input {
                base = (chunk.input, 0);
            }
            let path: Arc<str> = Arc::from(plan.inputs[chunk.input].shown.as_str());
            let src = chunk.text.as_str();
            for (number, entry) in chunk.entries.iter().enumerate() {
                let next = chunk
                    .entries
                    .get(number + 1)
                    .map_or(chunk.lines.max(entry.line + 1), |next| next.line);
                if let Target::Line(line) = target
                    && !(base.1 + entry.line < *line && *line <= base.1 + next.max(entry.line + 1))
                {
                    continue;
                }
                let hit = checker.check(&mut scratch, &chunk, src, entry, &path, |mut read| {
                    let id = read
                        .record
                        .role(Role::Id)
                        .and_then(super::place::id_text)
                        .map(String::from);
                    if let Target::Id(want) = target
                        && id.as_deref() != Some(want)
                    {
                        return None;
                    }
                    let root = read.record.root;
                    Some(Found {
                        path: Arc::clone(&path),
                        line: base.1 + entry.line + 1,
                        text: root.raw().to_owned(),
                        id,
                        fields: members(root),
                        findings: checker.place(&mut read, &path, crate::engine::place::Detail::Full),
                    })
                });
                let hit = match (hit, target) {
                    (Ok(record), _) => record,
                    // What cannot be parsed has no id, but it stands somewhere.
                    (Err(fault), Target::Line(_)) => Some(Found {
                        path: Arc::clone(&path),
                        line: base.1 + entry.line + 1,
                        text: src[entry.span.range()].to_owned(),
                        id: None,
                        fields: vec![("(not JSON)".to_owned(), src[entry.span.range()].to_owned())],
                        findings: checker.fault(&fault, &path).into_iter().collect(),
                    }),
                    (Err(_), Target::Id(_)) => None,
                };
                if let Some(mut record) = hit {
                    for finding in &mut record.findings {
                        finding.line = finding.line.map(|line| line + base.1);
                        finding.place = finding.place.map(|(line, column)| (line + base.1, column));
                    }
                    found = Some(record);
                    return ControlFlow::Break(());
                }
            }
            base.1 += chunk.lines;
            plan.recycle(chunk);
            ControlFlow::Continue(())
        })?;
        if found.is_some() {
            break;
        }
    }
    Ok(found)
}

fn members(root: Value<'_>) -> Vec<(String, String)> {
    root.members()
        .map(|(key, value)| {
            let text = value
                .as_str()
                .map_or_else(|| value.raw().to_owned(), str::to_owned);
            (key.as_str().unwrap_or_default().to_owned(), text)
        })
        .collect()
}

/// What is known of one field of sample records, for `init --from`.
#[derive(Debug, Clone, Default)]
pub struct FieldSurvey {
    /// Records that have it with another value than null.
    pub present: u64,
    /// Records in which it is null.
    pub null: u64,
    /// JSON types seen, with counts.
    pub kinds: BTreeMap<String, u64>,
    /// Code points of its strings, summed.
    pub chars: u64,
    /// Different values, up to the number of records read.
    pub distinct: std::collections::BTreeSet<u64>,
    /// How many strings start with an `http` or `https` scheme.
    pub urls: u64,
    /// How many strings are RFC 3339 date-times.
    pub times: u64,
    /// How many strings look like a language tag.
    pub tags: u64,
}

/// Looks at the first `limit` records.
///
/// # Errors
/// Reading an input.
pub fn survey(
    checker: &Checker,
    plan: &Plan,
    limit: u64,
) -> Result<(u64, Vec<(String, FieldSurvey)>), SourceError> {
    let mut fields: Vec<(String, FieldSurvey)> = Vec::new();
    let mut records = 0;
    let mut scratch = Scratch::default();
    for unit in plan.units() {
        if records >= limit {
            break;
        }
        unit?.read(plan, &mut |chunk| {
            let src = chunk.text.as_str();
            for entry in &chunk.entries {
                if records >= limit {
                    return ControlFlow::Break(());
                }
                let _ = checker.check(&mut scratch, &chunk, src, entry, "", |read| {
                    if read.record.root.kind() == Kind::Object {
                        records += 1;
                        read.record
                            .root
                            .members()
                            .for_each(|(key, value)| note(&mut fields, key, value));
                    }
                });
            }
            ControlFlow::Continue(())
        })?;
    }
    Ok((records, fields))
}

fn note(fields: &mut Vec<(String, FieldSurvey)>, key: Value<'_>, value: Value<'_>) {
    let name = key.as_str().unwrap_or_default();
    let at = match fields.iter().position(|(known, _)| known == name) {
        Some(at) => at,
        None => {
            fields.push((name.to_owned(), FieldSurvey::default()));
            fields.len() - 1
        }
    };
    let field = &mut fields[at].1;
    if value.is_null() {
        field.null += 1;
        return;
    }
    field.present += 1;
    let kind = match value.kind() {
        Kind::Number if !value.raw().contains(['.', 'e', 'E']) => "integer".to_owned(),
        Kind::Array if value.elements().all(|item| item.kind() == Kind::String) => {
            "array of strings".to_owned()
        }
        kind => kind.to_string(),
    };
    *field.kinds.entry(kind).or_default() += 1;
    field
        .distinct
        .insert(xxhash_rust::xxh3::xxh3_64(value.raw().as_bytes()));
    if let Some(text) = value.as_str() {
        field.chars += text.chars().count() as u64;
        field.urls += u64::from(text.starts_with("http://") || text.starts_with("https://"));
        field.times += u64::from(super::corpus::micros(text).is_some());
        let tag = text.split('-').next().unwrap_or_default();
        field.tags += u64::from(
            (2..=3).contains(&tag.len()) && text.len() <= 12 && tag.bytes().all(|b| b.is_ascii_lowercase()),
        );
    }
}
