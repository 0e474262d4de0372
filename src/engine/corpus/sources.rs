//! What is known of each source: C002, C005, L004 and the titles of M011.

use super::pending::{Pending, Point, Say};
use super::traits::{Moment, TimeOfDay, Traits, Wants};
use crate::dedup::spill::{Spill, be_u64};
use crate::dedup::{SpillError, SpillOptions};
use crate::record::{Role, Span};
use std::collections::HashMap;
use xxhash_rust::xxh3::xxh3_64;

/// Sources and authors that are counted. Where each record names its own, it is no source.
const NAMES: usize = 1 << 16;
/// Last parts of titles that are followed in one source: what ends three of ten is among them.
const SUFFIXES: usize = 8;
/// Titles that end alike, at least.
const TITLES: u64 = 20;

const DAY: i64 = 86_400_000_000;

/// One source.
#[derive(Debug, Default)]
struct Source {
    name: Box<str>,
    records: u64,
    first: u64,
    /// Records without a word on what the publisher wishes, and the first of them.
    silent: u64,
    first_silent: u64,
    titles: u64,
    /// Misra-Gries: what may be frequent, with its text.
    suffixes: Vec<(u64, u64, Box<str>)>,
}

/// Counts of all sources.
#[derive(Debug)]
pub(super) struct Sources {
    wants: Wants,
    numbers: HashMap<Box<str>, u32>,
    all: Vec<Source>,
    authors: HashMap<Box<str>, (u64, u64)>,
    records: u64,
    /// Source 0..4, moment 4..12, kind of time 12, document 13..21.
    dates: Option<Spill<21>>,
    /// Source 0..4, hash of the part 4..12, document 12..20, span 20..28, in code points 28..36.
    suffixes: Option<Spill<36>>,
}

impl Sources {
    pub(super) fn new(wants: Wants, options: &SpillOptions) -> Self {
        Self {
            wants,
            numbers: HashMap::new(),
            all: Vec::new(),
            authors: HashMap::new(),
            records: 0,
            dates: wants.has("C002").then(|| Spill::new(options)),
            suffixes: wants.has("M011").then(|| Spill::new(options)),
        }
    }

    pub(super) fn add(&mut self, doc: u64, traits: &Traits) -> Result<(), SpillError> {
        self.records += 1;
        let number = match self.numbers.get(&traits.source) {
            Some(number) => *number,
            None if self.all.len() == NAMES => return Ok(()),
            None => {
                let number = self.all.len() as u32;
                self.numbers.insert(traits.source.clone(), number);
                self.all.push(Source {
                    name: traits.source.clone(),
                    first: doc,
                    ..Source::default()
                });
                number
            }
        };
        let source = &mut self.all[number as usize];
        source.records += 1;
        if !traits.evidence {
            if source.silent == 0 {
                source.first_silent = doc;
            }
            source.silent += 1;
        }
        source.titles += u64::from(traits.titled);
        if let (Some(spill), Some((span, part))) = (&mut self.suffixes, &traits.suffix) {
            let hash = xxh3_64(part.as_bytes());
            follow(&mut source.suffixes, hash, part);
            let mut row = [0; 36];
            row[..4].copy_from_slice(&number.to_be_bytes());
            row[4..12].copy_from_slice(&hash.to_be_bytes());
            row[12..20].copy_from_slice(&doc.to_be_bytes());
            for (at, number) in [span.0.start, span.0.end, span.1.start, span.1.end]
                .iter()
                .enumerate()
            {
                row[20 + 4 * at..][..4].copy_from_slice(&(*number as u32).to_be_bytes());
            }
            spill.push(row)?;
        }
        if let (Some(spill), Some(moment)) = (&mut self.dates, traits.moment) {
            spill.push(date_row(number, moment, doc))?;
        }
        if let Some(author) = &traits.author {
            if let Some(count) = self.authors.get_mut(author) {
                count.0 += 1;
            } else if self.authors.len() < NAMES {
                self.authors.insert(author.clone(), (1, doc));
            }
        }
        Ok(())
    }

    /// Hands the findings on.
    pub(super) fn finish(mut self, limits: Limits, pending: &mut Pending) -> Result<(), SpillError> {
        if self.wants.has("L004") {
            for source in self.all.iter().filter(|source| source.silent > 0) {
                let message = format!(
                    "{}{} carry no robots or opt-out evidence (`robots`, `tdm_reservation`, `agreement_id`…).",
                    counted(source.silent, source.records),
                    of(&source.name),
                );
                let at = (source.first_silent, "L004");
                pending.say(at, None, &source.name, message)?;
            }
        }
        if self.wants.has("C005") {
            self.dominance(limits.max_share, pending)?;
        }
        if let Some(dates) = self.dates.take() {
            outliers(dates, &self.all, pending)?;
        }
        if let Some(suffixes) = self.suffixes.take() {
            titles(suffixes, &self.all, pending)?;
        }
        Ok(())
    }

    fn dominance(&self, max_share: f64, pending: &mut Pending) -> Result<(), SpillError> {
        let share = |count: u64| 100.0 * count as f64 / self.records as f64;
        let too_many = |count: u64| self.records >= LEAST && share(count) > max_share;
        // A dataset of one source says so by being one.
        let sources = self.all.iter().filter(|_| self.all.len() > 1);
        for source in sources.filter(|source| too_many(source.records)) {
            let message = format!(
                "{} holds {:.0} % of the records.",
                subject(&source.name),
                share(source.records)
            );
            pending.say((source.first, "C005"), Some(Role::Source), &source.name, message)?;
        }
        if self.authors.len() > 1 {
            let main = self.authors.iter().filter(|(_, (count, _))| too_many(*count));
            for (author, (count, first)) in main {
                let message = format!(
                    "Author {} holds {:.0} % of the records.",
                    shown(author),
                    share(*count)
                );
                pending.say((*first, "C005"), Some(Role::Author), "", message)?;
            }
        }
        Ok(())
    }
}

/// Options of these rules.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Percent of the records that one source may hold.
    pub(super) max_share: f64,
}

/// Fewer records have no shares.
const LEAST: u64 = 50;

/// `12 of 40 records`, or `All 40 records`.
fn counted(some: u64, all: u64) -> String {
    match all {
        1 => "1 record".to_owned(),
        _ if some == all => format!("All {all} records"),
        _ => format!("{some} of {all} records"),
    }
}

/// ` of a source`, behind a noun.
fn of(source: &str) -> String {
    if source.is_empty() {
        return " without a source".to_owned();
    }
    format!(" of {}", shown(source))
}

/// As much of a name as a message has room for.
fn shown(name: &str) -> String {
    name.chars().take(80).collect()
}

/// A source at the start of a sentence.
fn subject(source: &str) -> String {
    if source.is_empty() {
        return "What has no source".to_owned();
    }
    format!("Source {}", shown(source))
}

/// Misra-Gries: every part that ends more than a ninth of the titles stays.
fn follow(known: &mut Vec<(u64, u64, Box<str>)>, hash: u64, part: &str) {
    if let Some(counter) = known.iter_mut().find(|(other, ..)| *other == hash) {
        counter.1 += 1;
    } else if known.len() < SUFFIXES {
        known.push((hash, 1, part.into()));
    } else {
        known.iter_mut().for_each(|counter| counter.1 -= 1);
        known.retain(|counter| counter.1 > 0);
    }
}

/// Titles that end as many others of their source do.
fn titles(spill: Spill<36>, sources: &[Source], pending: &mut Pending) -> Result<(), SpillError> {
    let sorted = spill.finish()?;
    let mut counts: HashMap<(u32, u64), u64> = HashMap::new();
    let known = |key: (u32, u64)| {
        let followed = &sources[key.0 as usize].suffixes;
        followed.iter().find(|(hash, ..)| *hash == key.1)
    };
    let key = |row: &[u8; 36]| {
        let number = u32::from_be_bytes(std::array::from_fn(|n| row[n]));
        (number, be_u64(row, 4))
    };
    for row in sorted.read()? {
        let key = key(&row?);
        if known(key).is_some() {
            *counts.entry(key).or_insert(0) += 1;
        }
    }
    counts.retain(|key, count| *count >= TITLES && 10 * *count >= 3 * sources[key.0 as usize].titles);
    let mut frequent: Vec<_> = counts.into_iter().collect();
    frequent.sort_unstable();
    let mut texts = HashMap::new();
    for (key, count) in frequent {
        let source = &sources[key.0 as usize];
        if let Some((.., part)) = known(key) {
            let message = format!(
                "Title ends with \"{part}\", as {count} of {} titles{} do; if it is the site's name, say so \
                 in `suffixes` of [lint.rules.title-site-suffix].",
                source.titles,
                of(&source.name)
            );
            texts.insert(key, pending.text(&source.name, message));
        }
    }
    if texts.is_empty() {
        return Ok(());
    }
    for row in sorted.read()? {
        let row = row?;
        let short = |at: usize| u32::from_be_bytes(std::array::from_fn(|n| row[at + n])) as usize;
        if let Some(text) = texts.get(&key(&row)) {
            pending.push(&Point {
                doc: be_u64(&row, 12),
                code: "M011",
                role: Some(Role::Title),
                span: Some(Span::new(short(20), short(24))),
                say: Say::Part {
                    text: *text,
                    chars: Span::new(short(28), short(32)),
                },
            })?;
        }
    }
    Ok(())
}

fn date_row(number: u32, moment: Moment, doc: u64) -> [u8; 21] {
    let mut row = [0; 21];
    row[..4].copy_from_slice(&number.to_be_bytes());
    // Signed numbers in the order of unsigned ones.
    let micros = moment.micros.cast_unsigned() ^ (1 << 63);
    row[4..12].copy_from_slice(&micros.to_be_bytes());
    row[12] = moment.time as u8;
    row[13..].copy_from_slice(&doc.to_be_bytes());
    row
}

/// Records of equal date.
#[derive(Debug, Clone, Copy)]
struct Run {
    at: i64,
    count: u64,
    first: u64,
}

/// The dates of one source, ascending.
#[derive(Debug, Default)]
struct Dates {
    days: Vec<Run>,
    /// Moments that may be too frequent; whether they are midnights.
    moments: Vec<(Run, bool)>,
    moment: Option<(Run, TimeOfDay)>,
    midnights: u64,
    timed: u64,
    records: u64,
}

/// Records of one moment, and their share, from which it is no coincidence.
const SPIKE: u64 = 20;
/// Days around the median that are never outside.
const MARGIN: i64 = 30;

impl Dates {
    fn add(&mut self, micros: i64, time: TimeOfDay, doc: u64) {
        self.records += 1;
        let run = Run {
            at: micros.div_euclid(DAY),
            count: 1,
            first: doc,
        };
        match self.days.last_mut().filter(|day| day.at == run.at) {
            Some(day) => {
                day.count += 1;
                day.first = day.first.min(doc);
            }
            None => self.days.push(run),
        }
        if time == TimeOfDay::Absent {
            return;
        }
        self.timed += 1;
        self.midnights += u64::from(time == TimeOfDay::Midnight);
        match self
            .moment
            .as_mut()
            .filter(|(run, kind)| run.at == micros && *kind == time)
        {
            Some((run, _)) => {
                run.count += 1;
                run.first = run.first.min(doc);
            }
            None => {
                self.end_moment();
                self.moment = Some((Run { at: micros, ..run }, time));
            }
        }
    }

    fn end_moment(&mut self) {
        if let Some((run, time)) = self.moment.take().filter(|(run, _)| run.count >= SPIKE) {
            self.moments.push((run, time == TimeOfDay::Midnight));
        }
    }

    /// Lowest and highest usual day.
    fn bounds(&self) -> (i64, i64) {
        let median = |runs: &[(i64, u64)]| {
            let mut left = self.records / 2;
            runs.iter()
                .find(|(_, count)| {
                    let here = left < *count;
                    left = left.saturating_sub(*count);
                    here
                })
                .map_or(0, |(at, _)| *at)
        };
        let days: Vec<(i64, u64)> = self.days.iter().map(|day| (day.at, day.count)).collect();
        let middle = median(&days);
        let mut away: Vec<(i64, u64)> = days
            .iter()
            .map(|(at, count)| ((at - middle).abs(), *count))
            .collect();
        away.sort_unstable();
        let spread = (6.0 * 1.4826 * median(&away) as f64).ceil() as i64;
        let margin = spread.max(MARGIN);
        (middle - margin, middle + margin)
    }

    fn finish(mut self, source: &Source, pending: &mut Pending) -> Result<(), SpillError> {
        self.end_moment();
        if self.records < SPIKE {
            return Ok(());
        }
        let mut say = |first: u64, message: String| {
            pending.say((first, "C002"), Some(Role::Published), &source.name, message)
        };
        let (low, high) = self.bounds();
        let outside = self.days.iter().filter(|day| day.at < low || day.at > high);
        let (count, first) = outside.fold((0, u64::MAX), |(count, first), day| {
            (count + day.count, first.min(day.first))
        });
        // A few are errors; many are an archive.
        if count > 0 && count <= (self.records / 200).max(1) {
            say(
                first,
                format!(
                    "{count} of {} dated records{} lie outside {}…{}.",
                    self.records,
                    of(&source.name),
                    written(low),
                    written(high)
                ),
            )?;
        }
        for (run, midnight) in &self.moments {
            // Dates that got zeros for a time: each day is one moment.
            let dates = *midnight && 2 * self.midnights >= self.timed && 10 * run.count < 9 * self.midnights;
            if 20 * run.count >= self.records && !dates {
                say(
                    run.first,
                    format!(
                        "{} of {} dated records{} have one time, {}: that of the crawl or of an import?",
                        run.count,
                        self.records,
                        of(&source.name),
                        jiff::Timestamp::from_microsecond(run.at)
                            .map_or_else(|_| String::new(), |at| at.to_string()),
                    ),
                )?;
            }
        }
        Ok(())
    }
}

fn written(day: i64) -> String {
    jiff::Timestamp::from_second(day.saturating_mul(86_400)).map_or_else(
        |_| String::from("…"),
        |at| at.to_string().chars().take(10).collect(),
    )
}

fn outliers(spill: Spill<21>, sources: &[Source], pending: &mut Pending) -> Result<(), SpillError> {
    let sorted = spill.finish()?;
    let mut of_source: Option<(u32, Dates)> = None;
    for row in sorted.read()? {
        let row = row?;
        let number = u32::from_be_bytes(std::array::from_fn(|n| row[n]));
        if of_source.as_ref().is_none_or(|(known, _)| *known != number)
            && let Some((known, dates)) = of_source.replace((number, Dates::default()))
        {
            dates.finish(&sources[known as usize], pending)?;
        }
        let micros = (be_u64(&row, 4) ^ (1 << 63)).cast_signed();
        let time = match row[12] {
            0 => TimeOfDay::Known,
            1 => TimeOfDay::Absent,
            _ => TimeOfDay::Midnight,
        };
        if let Some((_, dates)) = &mut of_source {
            dates.add(micros, time, be_u64(&row, 13));
        }
    }
    of_source.map_or(Ok(()), |(known, dates)| {
        dates.finish(&sources[known as usize], pending)
    })
}
