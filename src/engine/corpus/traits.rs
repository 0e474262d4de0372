//! What the rules about all records look at in one record.

use crate::engine::profile::CodePoints;
use crate::record::{Role, Span};
use crate::rules::Record;
use crate::rules::opt_out::has_evidence;
use crate::rules::site::is_site;
use crate::rules::template::source_of;
use crate::text::{date, title, url};
use std::borrow::Cow;
use xxhash_rust::xxh3::{Xxh3, xxh3_64, xxh3_128};

/// Which of the rules run: nothing is collected for the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Wants(u16);

/// The rules about all records that need more of a record than its id and text.
pub(super) const CODES: [&str; 10] = [
    "M011", "D004", "D006", "C001", "C002", "C003", "C004", "C005", "C006", "L004",
];

impl Wants {
    /// What the running rules need.
    pub(crate) fn of(runs: impl Fn(&str) -> bool) -> Self {
        let bit = |(at, code): (usize, &&str)| u16::from(runs(code)) << at;
        Self(CODES.iter().enumerate().map(bit).sum())
    }

    /// Whether a rule runs that compares counts with those of a release.
    pub(crate) fn compares(self) -> bool {
        ["C001", "C003", "C004"].iter().any(|code| self.has(code))
    }

    pub(crate) const fn any(self) -> bool {
        self.0 != 0
    }

    /// Whether a rule of [`CODES`] runs.
    pub(crate) fn has(self, code: &str) -> bool {
        let at = CODES.iter().position(|known| *known == code);
        at.is_some_and(|at| self.0 >> at & 1 == 1)
    }
}

/// When a record was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Microseconds since 1970.
    pub(crate) micros: i64,
    pub(crate) time: TimeOfDay,
}

/// What a date says of the time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TimeOfDay {
    /// Hours and minutes.
    Known,
    /// There is none.
    Absent,
    /// Midnight as written: often a date to which a program added zeros.
    Midnight,
}

/// One record.
#[derive(Debug, Default)]
pub(crate) struct Traits {
    /// Who published it: the source's name, else the domain of its address.
    pub(crate) source: Box<str>,
    /// Declared language, where C001 runs.
    pub(crate) language: Box<str>,
    /// Numbers of the rules that found something before fixes, each once, where C003 runs.
    pub(crate) rules: Vec<u16>,
    /// Code points that the release before had nowhere, each once.
    pub(crate) novel: Vec<char>,
    pub(crate) author: Option<Box<str>>,
    pub(crate) moment: Option<Moment>,
    /// Hash of the address without its noise.
    pub(crate) url: Option<u128>,
    /// Hash of the text without numbers and names, and of the text.
    pub(crate) skeleton: Option<(u128, u64)>,
    /// Where the last part of the title stands, in bytes and in code points, and the part.
    pub(crate) suffix: Option<((Span, Span), Box<str>)>,
    pub(crate) titled: bool,
    /// Whether anything says what the publisher wishes.
    pub(crate) evidence: bool,
}

impl Traits {
    /// What the rules want of a record; `known`: the code points of the release before.
    pub(crate) fn of(record: &Record<'_>, wants: Wants, known: Option<&CodePoints>) -> Self {
        let source = source_name(record);
        let mut traits = Self {
            evidence: !wants.has("L004") || has_evidence(record),
            ..Self::default()
        };
        if wants.has("C001") {
            traits.language = record.text(Role::Language).unwrap_or_default().into();
        }
        if let (Some(known), Some(text)) = (known, record.text(Role::Text)) {
            traits.novel = novel(text, known);
        }
        if wants.has("C005") {
            traits.author = record.text(Role::Author).map(Box::from).or_else(|| {
                let first = record.role(Role::Author)?.elements().next()?;
                first.as_str().map(Box::from)
            });
        }
        if wants.has("C002") || wants.has("C003") {
            traits.moment = record.text(Role::Published).and_then(moment);
        }
        if wants.has("D004") {
            let key = record.text(Role::Url).and_then(url::canonical);
            traits.url = key.map(|key| xxh3_128(key.as_bytes()));
        }
        if wants.has("D006")
            && let Some(text) = record.text(Role::Text)
        {
            traits.skeleton = skeleton(&source, text).map(|hash| (hash, xxh3_64(text.as_bytes())));
        }
        if wants.has("M011")
            && let Some(title) = record.text(Role::Title)
        {
            traits.titled = true;
            traits.suffix = title::last_part(title)
                // What the record itself shows to be its site's name is reported with the record.
                .filter(|(_, part)| part.len() <= MAX_SUFFIX && !is_site(part, record))
                .map(|(at, part)| {
                    let before = title[..at].chars().count();
                    let chars = Span::new(before, before + title[at..].chars().count());
                    ((Span::new(at, title.len()), chars), part.into())
                });
        }
        traits.source = source.into();
        traits
    }
}

/// New code points of one text that are told apart.
const NOVEL: usize = 64;

fn novel(text: &str, known: &CodePoints) -> Vec<char> {
    let mut novel = Vec::new();
    for c in text.chars().filter(|c| !known.contains(u32::from(*c))) {
        if !novel.contains(&c) && novel.len() < NOVEL {
            novel.push(c);
        }
    }
    novel
}

/// No site has a longer name.
const MAX_SUFFIX: usize = 120;

/// Whom a record is counted for.
pub(crate) fn source_name<'a>(record: &Record<'a>) -> Cow<'a, str> {
    match record.text(Role::Source).unwrap_or_default().trim() {
        "" => source_of(record),
        name => Cow::Borrowed(name),
    }
}

pub(crate) fn moment(text: &str) -> Option<Moment> {
    let stamp = date::parse(text).ok()?;
    let time = match text.get(11..16) {
        _ if stamp.date_only => TimeOfDay::Absent,
        Some("00:00") if text.get(16..19).is_none_or(|rest| rest == ":00") => TimeOfDay::Midnight,
        _ => TimeOfDay::Known,
    };
    Some(Moment {
        micros: stamp.micros,
        time,
    })
}

/// Fewer words that are neither numbers nor names say nothing of where a text came from.
const FRAME: usize = 8;
/// Of a long text, as much as shows its frame.
const SKELETON_BYTES: usize = 64 << 10;

/// The text with numbers and names put aside: words in capitals, quoted words, words with digits.
/// `None` for a text with too few other words.
fn skeleton(source: &str, text: &str) -> Option<u128> {
    let mut hash = Xxh3::new();
    hash.update(source.as_bytes());
    let text = &text[..text.floor_char_boundary(text.len().min(SKELETON_BYTES))];
    let (mut frame, mut last, mut quoted) = (0, 0_u8, false);
    for word in text.split_whitespace() {
        let opens = word.starts_with(['"', '«', '“', '„']);
        let closes = word
            .trim_end_matches(['.', ',', '،', ':', ';'])
            .ends_with(['"', '»', '”']);
        quoted |= opens;
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let mask = if bare.chars().any(char::is_numeric) {
            b'0'
        } else if quoted || bare.chars().next().is_some_and(char::is_uppercase) {
            b'N'
        } else {
            0
        };
        if closes {
            quoted = false;
        }
        if mask == 0 {
            frame += usize::from(!bare.is_empty());
            hash.update(word.as_bytes());
            hash.update(b" ");
        } else if mask != last {
            // However many words a name has.
            hash.update(&[0, mask]);
        }
        last = mask;
    }
    (frame >= FRAME).then(|| hash.digest128())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_put_aside() {
        let of = |text| skeleton("s", text);
        let one = of("The pound closed at 1.27 against the dollar in the shops of Harwich today");
        assert!(one.is_some());
        for same in [
            "The pound closed at 1.3 against the dollar in the shops of New Harwich today",
            "The pound closed at 2 against the dollar in the shops of \"the old quay\" today",
        ] {
            assert_eq!(of(same), one, "{same}");
        }
        assert_ne!(
            of("The pound opened at 1.27 against the dollar in the shops of Harwich today"),
            one
        );
        assert_ne!(skeleton("t", "a"), one);
        assert_eq!(of("Ships 12 14 Harwich London arrive late"), None);
        let arabic = |n| {
            skeleton(
                "s",
                &format!("بلغ سعر صرف الدولار اليوم {n} ليرة في أسواق «المدينة القديمة» صباحا"),
            )
        };
        assert_eq!(arabic("١٤٥٠"), arabic("1520"));
    }

    #[test]
    fn midnight_is_no_time() {
        let time = |text| moment(text).unwrap().time;
        assert_eq!(time("2024-05-01"), TimeOfDay::Absent);
        assert_eq!(time("2024-05-01T00:00:00+03:00"), TimeOfDay::Midnight);
        assert_eq!(time("2024-05-01T00:00:01Z"), TimeOfDay::Known);
        assert_eq!(time("2024-05-01T10:00:00Z"), TimeOfDay::Known);
    }

    #[test]
    fn nothing_is_collected_for_rules_that_do_not_run() {
        assert!(!Wants::of(|_| false).any());
        let wants = Wants::of(|code| code == "C006");
        assert!(wants.has("C006") && !wants.has("L004") && !wants.has("D001"));
    }
}
