//! What `[[input]]` promises about records: renames, defaults, fields from the path, HTML to text,
//! time zones, computed ids. The adapted record is rendered to JSON again, with the way back.

use super::cutter::Cutter;
use super::discover::Input;
use super::from_path::PathPattern;
use super::render::{Member, push_record, string};
use super::sniff::is_blank;
use super::units::Made;
use super::{Back, Entry, SourceError, html};
use crate::config::{Fields, IdField, InputSpec, Markup};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// One `[[input]]` table, ready to be applied to records.
#[derive(Debug)]
pub struct Adapter {
    rename: BTreeMap<String, Arc<str>>,
    /// Name and JSON literal.
    defaults: Vec<(Arc<str>, String)>,
    from_path: Option<PathPattern>,
    markup: Vec<String>,
    zone: Option<TimeZone>,
    /// Fields that hold times.
    times: Vec<String>,
    /// Fields whose hash is the id.
    hash: Option<Vec<String>>,
}

impl Adapter {
    /// Reads the settings of a table.
    ///
    /// # Errors
    /// A pattern, zone or default that cannot be used.
    pub fn new(spec: &InputSpec, fields: &Fields) -> Result<Self, SourceError> {
        let zone = match &spec.timezone {
            None => None,
            Some(name) => Some(
                jiff::tz::TimeZoneDatabase::bundled()
                    .get(name)
                    .map_err(|_| SourceError::TimeZone { name: name.clone() })?,
            ),
        };
        let defaults = spec
            .defaults
            .iter()
            .map(|(field, value)| Ok((Arc::from(field.as_str()), literal(field, value)?)))
            .collect::<Result<_, SourceError>>()?;
        let time = |name: &Option<String>, usual: &str| name.clone().unwrap_or_else(|| usual.to_owned());
        Ok(Self {
            rename: spec
                .rename
                .iter()
                .map(|(from, to)| (from.clone(), Arc::from(to.as_str())))
                .collect(),
            defaults,
            from_path: spec.from_path.as_deref().map(PathPattern::new).transpose()?,
            markup: spec
                .markup
                .iter()
                .map(|(field, Markup::Html)| field.clone())
                .collect(),
            zone,
            times: vec![
                time(&fields.published, "published_at"),
                time(&fields.collected, "collected_at"),
            ],
            hash: match &fields.id {
                Some(IdField::Hash { hash }) => Some(hash.clone()),
                _ => None,
            },
        })
    }

    /// Whether records that are JSON already must be looked at.
    #[must_use]
    pub fn changes_records(&self) -> bool {
        !self.rename.is_empty()
            || !self.defaults.is_empty()
            || self.from_path.is_some()
            || !self.markup.is_empty()
            || self.zone.is_some()
            || self.hash.is_some()
    }

    /// What to tell the user when the path of a file does not fit the pattern.
    pub(super) fn path_notice(&self, input: &Input) -> Option<String> {
        let pattern = self.from_path.as_ref()?;
        pattern.fields(&input.shown).is_none().then(|| {
            format!(
                "its path does not fit `from-path = \"{}\"`, so no field is taken from it",
                pattern.source
            )
        })
    }

    /// Applies the settings to one record.
    pub(super) fn adapt(&self, members: &mut Vec<Member>, input: &Input) {
        for member in members.iter_mut() {
            if let Some(name) = self.rename.get(&*member.name) {
                member.name = Arc::clone(name);
            }
        }
        if let Some(pattern) = &self.from_path {
            for (name, value) in pattern.fields(&input.shown).unwrap_or_default() {
                // A text file's id is its path anyway, and the pattern knows the path better.
                let from_path = members.iter().position(|member| {
                    member.name == name && input.is_text() && member.literal == string(&input.stem)
                });
                if let Some(index) = from_path {
                    members.remove(index);
                }
                supply(members, &name, || string(&value));
            }
        }
        for (name, literal) in &self.defaults {
            supply(members, name, || literal.clone());
        }
        for member in members.iter_mut() {
            self.convert(member);
        }
        self.compute_id(members);
    }

    fn convert(&self, member: &mut Member) {
        let markup = self.markup.iter().any(|field| **field == *member.name);
        let zone = self
            .zone
            .as_ref()
            .filter(|_| self.times.iter().any(|field| **field == *member.name));
        if !markup && zone.is_none() {
            return;
        }
        let Some(mut text) = member.text() else { return };
        if markup {
            text = html::to_text(&text);
        }
        if let Some(zone) = zone {
            let Some(zoned) = with_offset(&text, zone) else {
                return;
            };
            text = zoned;
        }
        let literal = string(&text);
        if literal != member.literal {
            member.literal = literal;
            member.back = Back::Nowhere;
        }
    }

    /// SHA-256 of the named fields joined with U+001F, first 32 hexadecimal digits.
    fn compute_id(&self, members: &mut Vec<Member>) {
        let Some(fields) = &self.hash else { return };
        let mut digest = Sha256::new();
        let mut found = false;
        for (index, field) in fields.iter().enumerate() {
            if index > 0 {
                digest.update([0x1F]);
            }
            if let Some(member) = members.iter().rev().find(|member| *member.name == **field) {
                found = true;
                match member.text() {
                    Some(text) => digest.update(text.as_bytes()),
                    None => digest.update(member.literal.as_bytes()),
                }
            }
        }
        if !found {
            return;
        }
        let mut id = hex(&digest.finalize());
        id.truncate(32);
        members.retain(|member| &*member.name != "id");
        members.push(Member {
            name: Arc::from("id"),
            original: None,
            literal: string(&id),
            back: Back::Nowhere,
        });
    }

    /// Adapts records that are JSON in the file: the adapted ones are appended to the chunk's text,
    /// so that those that cannot be taken apart keep their bytes and their place.
    pub(super) fn adapt_raw(&self, made: &mut Made, input: &Input) {
        let entries = std::mem::take(&mut made.entries);
        let mut names = Names::default();
        if made.bytes.last().is_some_and(|&last| last != b'\n') {
            made.bytes.push(b'\n');
        }
        for entry in entries {
            let members = std::str::from_utf8(&made.bytes[entry.span.range()])
                .ok()
                .and_then(|text| split(text, made.offset + entry.span.start as u64, &mut names));
            match members {
                Some(members) => push_record(made, members, entry.line, Some(self), input),
                None => made.entries.push(Entry { map: None, ..entry }),
            }
        }
    }
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| DIGITS[digit as usize] as char)
        .collect()
}

/// Adds a member that the record lacks, or whose value is null.
fn supply(members: &mut Vec<Member>, name: &Arc<str>, literal: impl FnOnce() -> String) {
    let held = members.iter_mut().rev().find(|member| member.name == *name);
    match held {
        Some(member) if member.literal != "null" => {}
        Some(member) => {
            member.literal = literal();
            member.original = None;
            member.back = Back::Nowhere;
        }
        None => members.push(Member {
            name: Arc::clone(name),
            original: None,
            literal: literal(),
            back: Back::Nowhere,
        }),
    }
}

/// A TOML value as a JSON literal.
fn literal(field: &str, value: &toml::Value) -> Result<String, SourceError> {
    fn json(value: &toml::Value) -> Option<serde_json::Value> {
        Some(match value {
            toml::Value::String(text) => text.as_str().into(),
            toml::Value::Integer(number) => (*number).into(),
            toml::Value::Float(number) => serde_json::Value::Number(serde_json::Number::from_f64(*number)?),
            toml::Value::Boolean(value) => (*value).into(),
            toml::Value::Datetime(value) => value.to_string().into(),
            toml::Value::Array(items) => items.iter().map(json).collect::<Option<Vec<_>>>()?.into(),
            toml::Value::Table(table) => serde_json::Value::Object(
                table
                    .iter()
                    .map(|(key, value)| Some((key.clone(), json(value)?)))
                    .collect::<Option<_>>()?,
            ),
        })
    }
    json(value)
        .map(|value| value.to_string())
        .ok_or_else(|| SourceError::Default {
            field: field.to_owned(),
            reason: "NaN and infinities are no JSON numbers".to_owned(),
        })
}

/// Adds the zone's offset to a date-time that has none. `None`: it is something else.
fn with_offset(text: &str, zone: &TimeZone) -> Option<String> {
    let bytes = text.as_bytes();
    if bytes.len() < 16 || !matches!(bytes[10], b'T' | b't' | b' ') {
        return None;
    }
    if text[11..].contains(['Z', 'z', '+', '-', '[']) {
        return None;
    }
    let civil: DateTime = text.trim_end().parse().ok()?;
    let zoned = zone.to_ambiguous_zoned_datetime(civil).compatible().ok()?;
    let offset = zoned.offset().seconds();
    let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.unsigned_abs() / 60);
    // `compatible` moves a time that a clock change skipped; it is written as it was moved.
    Some(format!(
        "{}{sign}{:02}:{:02}",
        zoned.datetime(),
        minutes / 60,
        minutes % 60
    ))
}

/// Names of members, each kept once.
#[derive(Debug, Default)]
struct Names(Vec<Arc<str>>);

impl Names {
    /// Distinct names kept; a file with more of them is unusual and pays an allocation each.
    const KEPT: usize = 128;

    fn get(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.iter().find(|known| ***known == *name) {
            return Arc::clone(known);
        }
        let new: Arc<str> = Arc::from(name);
        if self.0.len() < Self::KEPT {
            self.0.push(Arc::clone(&new));
        }
        new
    }
}

/// Takes a JSON object apart into its members. `None`: it is no object, or not well formed.
fn split(text: &str, offset: u64, names: &mut Names) -> Option<Vec<Member>> {
    let bytes = text.as_bytes();
    let mut members = Vec::new();
    let mut at = blank(bytes, expect(bytes, 0, b'{')?);
    if bytes.get(at) == Some(&b'}') {
        return (at + 1 == bytes.len()).then_some(members);
    }
    loop {
        if bytes.get(at) != Some(&b'"') {
            return None;
        }
        let end = at + Cutter::default().feed(&bytes[at..])?;
        let name: String = serde_json::from_str(&text[at..end]).ok()?;
        let value = blank(bytes, expect(bytes, blank(bytes, end), b':')?);
        let mut cutter = Cutter::default();
        let end = value + cutter.feed(&bytes[value..])?;
        members.push(Member::new(
            &names.get(&name),
            text[value..end].to_owned(),
            Back::Literal(offset + value as u64),
        ));
        at = blank(bytes, end);
        match bytes.get(at)? {
            b',' => at = blank(bytes, at + 1),
            b'}' if at + 1 == bytes.len() => return Some(members),
            _ => return None,
        }
    }
}

fn expect(bytes: &[u8], at: usize, byte: u8) -> Option<usize> {
    (bytes.get(at) == Some(&byte)).then_some(at + 1)
}

fn blank(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).copied().is_some_and(is_blank) {
        at += 1;
    }
    at
}
