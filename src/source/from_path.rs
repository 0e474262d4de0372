//! Fields from the path of a file: `{source}/{published_at:%Y/%m}/{id}.txt`.

use super::SourceError;
use super::codec::Codec;
use regex::Regex;
use std::fmt::Write as _;
use std::sync::Arc;

/// A compiled `from-path` pattern.
#[derive(Debug, Clone)]
pub(super) struct PathPattern {
    /// As configured.
    pub(super) source: String,
    regex: Regex,
    fields: Vec<Field>,
}

#[derive(Debug, Clone)]
struct Field {
    name: Arc<str>,
    /// Date pieces in order (`Y`, `m`…), or empty for a plain field. The capture groups follow each other.
    pieces: Vec<char>,
    group: usize,
}

impl PathPattern {
    /// Compiles a pattern.
    pub(super) fn new(pattern: &str) -> Result<Self, SourceError> {
        let fail = |reason: String| SourceError::FromPath {
            pattern: pattern.to_owned(),
            reason,
        };
        let mut regex = String::from("(?:^|/)");
        let mut fields: Vec<Field> = Vec::new();
        let mut group = 1;
        let mut rest = pattern;
        while let Some(open) = rest.find('{') {
            regex.push_str(&regex::escape(&rest[..open]));
            let close = rest[open..]
                .find('}')
                .map(|at| open + at)
                .ok_or_else(|| fail("a `{` has no `}`".to_owned()))?;
            let (name, date) = match rest[open + 1..close].split_once(':') {
                Some((name, date)) => (name, Some(date)),
                None => (&rest[open + 1..close], None),
            };
            if name.is_empty() {
                return Err(fail("a field has no name".to_owned()));
            }
            if fields.iter().any(|field| *field.name == *name) {
                return Err(fail(format!("the field `{name}` stands in it twice")));
            }
            let pieces = if let Some(date) = date {
                date_pieces(date, &mut regex).map_err(&fail)?
            } else {
                regex.push_str("([^/]+?)");
                Vec::new()
            };
            let groups = pieces.len().max(1);
            fields.push(Field {
                name: Arc::from(name),
                pieces,
                group,
            });
            group += groups;
            rest = &rest[close + 1..];
        }
        regex.push_str(&regex::escape(rest));
        regex.push('$');
        if fields.is_empty() {
            return Err(fail("it names no field, such as `{id}`".to_owned()));
        }
        let regex = Regex::new(&regex).map_err(|error| fail(error.to_string()))?;
        Ok(Self {
            source: pattern.to_owned(),
            regex,
            fields,
        })
    }

    /// The fields of a path (`/`-separated, relative). `None`: it does not fit.
    pub(super) fn fields(&self, path: &str) -> Option<Vec<(Arc<str>, String)>> {
        let captures = self
            .regex
            .captures(path)
            .or_else(|| self.regex.captures(Codec::split(path).0))?;
        let get = |group: usize| captures.get(group).map_or("", |found| found.as_str());
        Some(
            self.fields
                .iter()
                .map(|field| {
                    let value = if field.pieces.is_empty() {
                        get(field.group).to_owned()
                    } else {
                        date(&field.pieces, |index| get(field.group + index))
                    };
                    (Arc::clone(&field.name), value)
                })
                .collect(),
        )
    }
}

/// The order in which the pieces of a date must all be there, up to the finest.
const PIECES: [char; 6] = ['Y', 'm', 'd', 'H', 'M', 'S'];

fn date_pieces(format: &str, regex: &mut String) -> Result<Vec<char>, String> {
    let mut pieces = Vec::new();
    let mut rest = format.chars();
    while let Some(c) = rest.next() {
        if c != '%' {
            regex.push_str(&regex::escape(&c.to_string()));
            continue;
        }
        let piece = rest.next().unwrap_or(' ');
        match piece {
            '%' => {
                regex.push('%');
                continue;
            }
            'Y' => regex.push_str("([0-9]{4})"),
            'm' | 'd' | 'H' | 'M' | 'S' => regex.push_str("([0-9]{2})"),
            other => return Err(format!("`%{other}` is not known: use %Y %m %d %H %M %S")),
        }
        if pieces.contains(&piece) {
            return Err(format!("`%{piece}` stands in one date twice"));
        }
        pieces.push(piece);
    }
    let finest = pieces.len();
    if finest == 0 || !PIECES[..finest.min(6)].iter().all(|piece| pieces.contains(piece)) {
        return Err("a date needs %Y, then %m, %d, %H, %M and %S as far as it goes".to_owned());
    }
    Ok(pieces)
}

/// `2024-05-01T12:30:00`, as far as there are pieces.
fn date<'a>(pieces: &[char], get: impl Fn(usize) -> &'a str) -> String {
    let mut out = String::new();
    for (piece, before) in PIECES.iter().zip(["", "-", "-", "T", ":", ":"]) {
        if let Some(index) = pieces.iter().position(|found| found == piece) {
            let _ = write!(out, "{before}{}", get(index));
        }
    }
    out
}
