//! The corpus for measuring duplicate detection: every way in which a text is another's copy, and the
//! ways in which texts are only alike.

use crate::language::Language;
use crate::rng::Rng;

/// What a document is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Original,
    /// Fills the form of its source: two thirds of its sentences are fixed.
    Template,
    Identical,
    /// Differs in white space, marks or normalisation only.
    Disguised,
    /// 1 to 10 % of the words differ.
    Edited,
    /// The first third of another.
    Cut,
    /// Holds the whole of another between paragraphs of its own.
    Quoting,
    /// A notice: head and foot are those of its source, the middle is its own.
    Notice,
    /// One state of a live ticker, which shares six of its ten entries with the next.
    Ticker,
    /// Half of it is what its source says of itself.
    Press,
    /// Shares its few hundred words with the other articles about its topic.
    Topic,
    /// The page of another, with other residue around and between its paragraphs.
    Scraped,
}

impl Kind {
    /// The word of the labels.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Template => "template",
            Self::Identical => "identical",
            Self::Disguised => "disguised",
            Self::Edited => "edited",
            Self::Cut => "cut",
            Self::Quoting => "quoting",
            Self::Notice => "notice",
            Self::Ticker => "ticker",
            Self::Press => "press",
            Self::Topic => "topic",
            Self::Scraped => "scraped",
        }
    }

    /// Whether it is made of an earlier document.
    pub(crate) const fn is_made_of_another(self) -> bool {
        matches!(
            self,
            Self::Identical | Self::Disguised | Self::Edited | Self::Cut | Self::Quoting | Self::Scraped
        )
    }
}

/// How often each kind occurs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mix {
    /// A collection of news, as it is crawled.
    News,
    /// Half of it related texts of every kind.
    Copies,
}

impl Mix {
    /// The kind for a draw of 0..1000.
    pub(crate) const fn kind(self, draw: u64) -> Kind {
        match (self, draw) {
            (Self::News, 0..50) | (Self::Copies, 0..40) => Kind::Identical,
            (Self::News, 50..100) | (Self::Copies, 40..100) => Kind::Disguised,
            (Self::News | Self::Copies, 100..200) => Kind::Edited,
            (Self::News, 200..250) | (Self::Copies, 200..240) => Kind::Template,
            (Self::Copies, 240..290) => Kind::Cut,
            (Self::Copies, 290..330) => Kind::Quoting,
            (Self::Copies, 330..370) => Kind::Notice,
            (Self::Copies, 370..400) => Kind::Ticker,
            (Self::Copies, 400..430) => Kind::Press,
            (Self::Copies, 430..460) => Kind::Topic,
            (Self::Copies, 460..540) => Kind::Scraped,
            _ => Kind::Original,
        }
    }
}

/// Sentences until the text has so many bytes, in paragraphs of one to four.
pub(crate) fn paragraphs(body: &mut String, writer: &Language, length: usize, rng: &mut Rng) {
    let start = body.len();
    loop {
        for n in 0..rng.between(1, 4) {
            if n > 0 {
                body.push_str(writer.spec.space);
            }
            writer.sentence(body, rng);
        }
        if body.len() - start >= length {
            return;
        }
        body.push_str("\n\n");
    }
}

/// The first third of a text, ending with a word.
pub(crate) fn cut(body: &str) -> String {
    let mut end = body.len() / 3;
    while !body.is_char_boundary(end) {
        end += 1;
    }
    let end = body[..end]
        .rfind([' ', '\n'])
        .filter(|at| *at > end / 2)
        .unwrap_or(end);
    body[..end].to_owned()
}

/// A text between as much of another's own.
pub(crate) fn quoting(body: &str, writer: &Language, rng: &mut Rng) -> String {
    let mut out = String::new();
    let around = (body.len() as u64 * rng.between(3, 10) / 10) as usize;
    paragraphs(&mut out, writer, around, rng);
    out.push_str("\n\n");
    out.push_str(body);
    out.push_str("\n\n");
    paragraphs(&mut out, writer, around, rng);
    out
}

/// A notice of a source: `fixed` writes what all of them have.
pub(crate) fn notice(body: &mut String, writer: &Language, fixed: &mut Rng, rng: &mut Rng) {
    let (head, foot) = (
        fixed.between(300, 600) as usize,
        fixed.between(600, 1500) as usize,
    );
    paragraphs(body, writer, head, fixed);
    body.push_str("\n\n");
    paragraphs(body, writer, usize::midpoint(head, foot), rng);
    body.push_str("\n\n");
    paragraphs(body, writer, foot, fixed);
}

/// The state `step` of a ticker.
pub(crate) fn ticker(body: &mut String, writer: &Language, entry: impl Fn(u64) -> Rng, step: u64) {
    for n in step * 4..step * 4 + 10 {
        let mut rng = entry(n);
        let words = rng.between(1, 3);
        for _ in 0..words {
            writer.sentence(body, &mut rng);
            body.push_str(writer.spec.space);
        }
        body.push('\n');
    }
}

/// A press release: its own news, then as much about who sent it.
pub(crate) fn press(body: &mut String, writer: &Language, fixed: &mut Rng, rng: &mut Rng) {
    let length = fixed.between(600, 2000) as usize;
    paragraphs(body, writer, length, rng);
    body.push_str("\n\n");
    paragraphs(body, writer, length, fixed);
}

/// Sentences of the few words of a topic.
pub(crate) fn topical(body: &mut String, writer: &Language, topic: &mut Rng, length: usize, rng: &mut Rng) {
    let words: Vec<&str> = (0..180).map(|_| writer.word(topic)).collect();
    while body.len() < length {
        for n in 0..rng.between(6, 18) {
            body.push_str(if n > 0 { writer.spec.space } else { "" });
            body.push_str(rng.pick::<&str>(&words));
        }
        body.push_str(writer.spec.stop[0]);
        body.push_str(if rng.chance(250) {
            "\n\n"
        } else {
            writer.spec.space
        });
    }
}

/// The article with residue: lines that the source has on its pages, and headlines of the day.
pub(crate) fn scraped(body: &str, writer: &Language, pool: impl Fn(u64) -> Rng, rng: &mut Rng) -> String {
    let most = body.len() as u64 * rng.between(5, 80) / 100;
    let mut residue = |out: &mut String, share: u64| {
        let end = out.len() + (most * share / 100) as usize;
        while out.len() < end {
            let mut fixed = pool(rng.below(40));
            let line = if rng.chance(700) { &mut fixed } else { &mut *rng };
            let words = line.between(3, 12);
            writer.clause(out, line, words);
            out.push('\n');
        }
    };
    let mut out = String::new();
    residue(&mut out, 40);
    let middle = body[..body.len() / 2
        + (0..4)
            .find(|n| body.is_char_boundary(body.len() / 2 + n))
            .unwrap_or(0)]
        .rfind("\n\n");
    let (first, second) = body.split_at(middle.unwrap_or(0));
    out.push_str(first);
    out.push_str("\n\n");
    residue(&mut out, 15);
    out.push_str(second.trim_start());
    out.push_str("\n\n");
    residue(&mut out, 45);
    out
}
