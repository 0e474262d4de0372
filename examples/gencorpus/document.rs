//! One document as a pure function of (seed, index).

use crate::copies::{self, Kind, Mix};
use crate::faults;
use crate::language::{Language, SPECS};
use crate::rng::Rng;

/// Sources that send notices and press releases.
const SENDERS: u64 = 10;
/// Documents in which one ticker runs.
const TICKER_EVERY: u64 = 400;
/// Topics of a language.
const TOPICS: u64 = 5;
/// Sources of the corpus; each belongs to one language.
const SOURCES: u64 = 100;
/// 2025-01-01T00:00:00Z, the end of the period in which articles were published.
const NEWEST: u64 = 1_735_689_600;
/// Seconds of that period: three years.
const PERIOD: u64 = 3 * 365 * 86_400;

/// What a draw of the generator is for.
mod purpose {
    pub(super) const KIND: u64 = 1;
    pub(super) const ORIGIN: u64 = 2;
    pub(super) const BODY: u64 = 3;
    pub(super) const META: u64 = 4;
    pub(super) const EDIT: u64 = 5;
    pub(super) const FAULT: u64 = 6;
    pub(super) const SCHEMA: u64 = 7;
    pub(super) const TEMPLATE: u64 = 8;
    pub(super) const NOTICE: u64 = 9;
    pub(super) const TICKER: u64 = 10;
    pub(super) const PRESS: u64 = 11;
    pub(super) const TOPIC: u64 = 12;
    pub(super) const RESIDUE: u64 = 13;
}

/// Which faults the corpus may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Faults {
    /// All of them, unparseable lines and wrong types included.
    All,
    /// Those that leave every line a record of the same types, so that every reader can load the file.
    Loadable,
    /// None; copies remain.
    None,
}

/// The corpus of one seed.
pub(crate) struct Corpus {
    seed: u64,
    faults: Faults,
    mix: Mix,
    languages: Vec<Language>,
}

/// Text and origin of an article, before its metadata.
struct Article {
    language: usize,
    source: u64,
    title: String,
    body: String,
}

impl Corpus {
    /// Prepares the vocabularies.
    pub(crate) fn new(seed: u64, faults: Faults, mix: Mix) -> Self {
        Self {
            seed,
            faults,
            mix,
            languages: SPECS.iter().map(Language::new).collect(),
        }
    }

    fn rng(&self, index: u64, purpose: u64) -> Rng {
        Rng::new(self.seed, index, purpose)
    }

    fn kind(&self, index: u64) -> Kind {
        self.mix.kind(self.rng(index, purpose::KIND).below(1000))
    }

    /// The earlier document that a copy was made of; `None` where there is none to be found.
    fn origin(&self, index: u64) -> Option<u64> {
        let mut rng = self.rng(index, purpose::ORIGIN);
        (0..32)
            .map(|_| rng.below(index))
            .find(|&candidate| candidate < index && self.kind(candidate) == Kind::Original)
    }

    /// Appends document `index` as one line of JSON.
    pub(crate) fn write(&self, out: &mut Vec<u8>, index: u64) {
        let start = out.len();
        let article = self.article(index);
        let mut rng = self.rng(index, purpose::META);
        let record = self.metadata(index, &article, &mut rng);
        let mut schema = self.rng(index, purpose::SCHEMA);
        let fault = self.faults != Faults::None && schema.chance(30);
        faults::write_record(out, &record, fault.then_some(&mut schema), self.faults);
        // 21 lines of a 100 MB file cannot be read at all.
        if self.faults == Faults::All && schema.below(1300) == 0 {
            faults::break_line(out, start, &mut schema);
        }
        out.push(b'\n');
    }

    /// What a document is, and the earlier one that it is a copy of.
    fn descent(&self, index: u64) -> (Kind, Option<u64>) {
        let kind = self.kind(index);
        if !kind.is_made_of_another() {
            return (kind, None);
        }
        match self.origin(index) {
            Some(origin) => (kind, Some(origin)),
            None => (Kind::Original, None),
        }
    }

    /// Appends what is true of document `index` as one line of JSON: its line, its kind, and the line
    /// of the document that it is a copy of.
    pub(crate) fn label(&self, out: &mut Vec<u8>, index: u64) {
        let (kind, origin) = self.descent(index);
        let label = serde_json::json!({
            "line": index + 1,
            "kind": kind.name(),
            "of": origin.map(|origin| origin + 1),
        });
        out.extend_from_slice(label.to_string().as_bytes());
        out.push(b'\n');
    }

    fn article(&self, index: u64) -> Article {
        let (kind, origin) = self.descent(index);
        let Some(origin) = origin else {
            return self.original(index, kind);
        };
        let mut article = self.original(origin, Kind::Original);
        let mut rng = self.rng(index, purpose::EDIT);
        match kind {
            Kind::Disguised => {
                article.body = faults::disguised(&article.body, SPECS[article.language].tag, &mut rng);
            }
            Kind::Edited => article.body = edited(&article.body, &self.languages[article.language], &mut rng),
            Kind::Cut => article.body = copies::cut(&article.body),
            Kind::Quoting => {
                article.body = copies::quoting(&article.body, &self.languages[article.language], &mut rng);
            }
            Kind::Scraped => {
                let pool = |line| self.rng(article.source * 1000 + line, purpose::RESIDUE);
                let writer = &self.languages[article.language];
                article.body = copies::scraped(&article.body, writer, pool, &mut rng);
            }
            _ => {}
        }
        article
    }

    fn original(&self, index: u64, kind: Kind) -> Article {
        let mut rng = self.rng(index, purpose::BODY);
        let mut source = rng.below(SOURCES);
        match kind {
            Kind::Notice | Kind::Press => source = source / SENDERS * SENDERS,
            Kind::Ticker => source = index / TICKER_EVERY % SOURCES,
            _ => {}
        }
        let language = language_of(source);
        let mut title = String::new();
        let words = rng.between(4, 9);
        self.languages[language].clause(&mut title, &mut rng, words);
        let length = rng.log_normal(3500.0, 0.8).clamp(160.0, 60_000.0) as usize;
        let mut body = String::with_capacity(length + 512);
        let furniture = source.is_multiple_of(3);
        if furniture {
            push_furniture(&mut body, language, source, 0);
            body.push_str("\n\n");
        }
        self.content(&mut body, (index, kind), (language, source), length, &mut rng);
        if furniture {
            body.push_str("\n\n");
            push_furniture(&mut body, language, source, 1 + (source / 3 % 2) as usize);
        }
        let mut fault = self.rng(index, purpose::FAULT);
        // Four in five documents are not copies: 6.25 % of them are 5 % of all.
        if self.faults != Faults::None && fault.below(10_000) < 625 {
            body = faults::damaged(&body, SPECS[language].tag, &mut fault);
        }
        Article {
            language,
            source,
            title,
            body,
        }
    }

    fn content(
        &self,
        body: &mut String,
        (index, kind): (u64, Kind),
        (language, source): (usize, u64),
        length: usize,
        rng: &mut Rng,
    ) {
        let writer = &self.languages[language];
        let fixed = |purpose| self.rng(source, purpose);
        match kind {
            Kind::Template => self.template(body, language, source, rng),
            Kind::Notice => copies::notice(body, writer, &mut fixed(purpose::NOTICE), rng),
            Kind::Press => copies::press(body, writer, &mut fixed(purpose::PRESS), rng),
            Kind::Ticker => {
                let series = index / TICKER_EVERY;
                let entry = |n| self.rng(series << 20 | n, purpose::TICKER);
                copies::ticker(body, writer, entry, index % TICKER_EVERY);
            }
            Kind::Topic => {
                let topic = (language as u64) << 8 | rng.below(TOPICS);
                copies::topical(body, writer, &mut self.rng(topic, purpose::TOPIC), length, rng);
            }
            _ => copies::paragraphs(body, writer, length.saturating_sub(body.len()), rng),
        }
    }

    /// A form of the source, two thirds fixed sentences, one third new ones.
    fn template(&self, body: &mut String, language: usize, source: u64, rng: &mut Rng) {
        let writer = &self.languages[language];
        let mut fixed = self.rng(source, purpose::TEMPLATE);
        for n in 0..fixed.between(6, 15) {
            if n > 0 {
                body.push_str(if n % 3 == 0 { "\n\n" } else { writer.spec.space });
            }
            writer.sentence(body, if n % 3 == 2 { rng } else { &mut fixed });
        }
    }

    fn metadata<'a>(&self, index: u64, article: &'a Article, rng: &mut Rng) -> faults::Record<'a> {
        let spec = &SPECS[article.language];
        let name = source_name(article.language, article.source);
        let published = NEWEST - PERIOD + rng.below(PERIOD);
        let collected = published + rng.below(30 * 86_400);
        let (year, month, day) = civil(published / 86_400);
        let writer = &self.languages[article.language];
        let author = format!("{} {}", writer.name(rng), writer.name(rng));
        faults::Record {
            id: format!("{name}-{index:09}"),
            url: format!(
                "https://{name}.example/{year}/{month:02}/{day:02}/{:08x}",
                rng.next() >> 32
            ),
            title: &article.title,
            body: &article.body,
            language: spec.tag,
            source: format!("{name}.example"),
            published_at: timestamp(published),
            collected_at: timestamp(collected),
            author,
        }
    }
}

/// Sources are dealt to the languages by weight.
fn language_of(source: u64) -> usize {
    let mut left = source;
    for (number, spec) in SPECS.iter().enumerate() {
        if left < spec.weight {
            return number;
        }
        left -= spec.weight;
    }
    0
}

fn source_name(language: usize, source: u64) -> String {
    format!("{}{source:02}", SPECS[language].tag)
}

fn push_furniture(out: &mut String, language: usize, source: u64, line: usize) {
    out.push_str(&SPECS[language].furniture[line].replace("{}", &source_name(language, source)));
}

/// Replaces, removes or inserts 1 to 10 % of the words.
fn edited(body: &str, language: &Language, rng: &mut Rng) -> String {
    let rate = rng.between(10, 100);
    let mut out = String::with_capacity(body.len() + body.len() / 16);
    if language.spec.space.is_empty() {
        // Without spaces, a character stands for a word.
        for c in body.chars() {
            if c != '\n' && rng.chance(rate / 2) {
                out.push_str(language.word(rng));
            } else {
                out.push(c);
            }
        }
        return out;
    }
    for (n, word) in body.split(' ').enumerate() {
        if rng.chance(rate) && !word.contains('\n') {
            match rng.below(3) {
                0 => continue,
                1 => {
                    out.push_str(if n > 0 { " " } else { "" });
                    out.push_str(word);
                }
                _ => {}
            }
            out.push(' ');
            out.push_str(language.word(rng));
        } else {
            out.push_str(if n > 0 { " " } else { "" });
            out.push_str(word);
        }
    }
    out
}

/// Seconds since 1970 as RFC 3339.
fn timestamp(seconds: u64) -> String {
    let (year, month, day) = civil(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Days since 1970 as (year, month, day), by the Gregorian rule of 146,097 days in 400 years.
const fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let of_era = shifted % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Months counted from March, so that the leap day comes last.
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}
