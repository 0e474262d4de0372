//! UTF-8 that was read as a single-byte charset: found by strict inversion, repaired exactly.
//!
//! A line is garbled when the bytes it has in some charset are valid UTF-8 as a whole and spell
//! something a person may have written. Ordinary text never gets there: in every charset two high
//! letters in a row are two lead bytes, which UTF-8 forbids.

use super::charset::{self, Charset, CharsetSet};
use super::lines::Line;
use super::makeup::{Group, is_character, makeup};
use super::oddity;
use crate::record::Span;

/// Most layers that are undone.
pub const MAX_LAYERS: usize = 4;

/// A text restored from mojibake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// What the text should be.
    pub text: String,
    /// The charsets it was wrongly read as, the last reading first.
    pub layers: Vec<Charset>,
}

impl Repair {
    /// Names of the charsets in the order in which the text was misread: `windows-1252, latin-1`.
    #[must_use]
    pub fn path(&self) -> String {
        let names: Vec<_> = self.layers.iter().rev().map(|layer| layer.name()).collect();
        names.join(", ")
    }

    /// Whether garbling the repaired text again gives `original`.
    #[must_use]
    pub fn verifies(&self, original: &str) -> bool {
        let mut text = self.text.clone();
        for layer in self.layers.iter().rev() {
            text = layer.decode(text.as_bytes());
        }
        text == original
    }
}

/// How much evidence a repair needs.
#[derive(Debug, Clone, Copy)]
struct Need {
    /// Fewest repaired characters under windows-1252 and latin-1.
    latin: usize,
    /// Fewest repaired characters under any other charset.
    other: usize,
    /// Fewest for scripts that are rare in news, where chance weighs more.
    rare: usize,
}

const WHOLE_LINE: Need = Need {
    latin: 2,
    other: 3,
    rare: 4,
};

const INSIDE_LINE: Need = Need {
    latin: 3,
    other: 4,
    rare: 6,
};

/// Charsets in which the first non-ASCII characters of a text start valid UTF-8. Decides nearly
/// every clean text.
fn candidates(text: &str) -> CharsetSet {
    let Some(at) = text.bytes().position(|byte| !byte.is_ascii()) else {
        return 0;
    };
    let mut chars = text[at..].chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) => charset::lead_set(first) & charset::tail_set(second),
        _ => 0,
    }
}

/// Reads the text's bytes in a charset as UTF-8.
fn invert(text: &str, charset: Charset) -> Option<String> {
    String::from_utf8(charset.encode(text)?).ok()
}

fn solve(text: &str, need: Need, depth: usize) -> Option<Repair> {
    let set = candidates(text);
    if set == 0 {
        return None;
    }
    let mut best: Option<(i32, Repair)> = None;
    for charset in charset::ALL {
        if set & charset.bit() == 0 {
            continue;
        }
        let Some(inner) = invert(text, charset) else {
            continue;
        };
        let deeper = if depth < MAX_LAYERS {
            solve(&inner, need, depth + 1)
        } else {
            None
        };
        let repair = match deeper {
            Some(mut repair) => {
                repair.layers.insert(0, charset);
                repair
            }
            None if enough(&inner, charset, need) => unwind(inner, charset, depth),
            None => continue,
        };
        // Several charsets may fit: the one that makes the most of it, then the first.
        let odd = oddity::cost(repair.text.chars());
        if best.as_ref().is_none_or(|(least, _)| odd < *least) {
            best = Some((odd, repair));
        }
    }
    best.map(|(_, repair)| repair)
}

/// Undoes further layers of a text that is restored well enough, where what comes out is signs that
/// are no evidence by themselves, as in pictures made of them.
fn unwind(text: String, charset: Charset, depth: usize) -> Repair {
    let mut repair = Repair {
        text,
        layers: vec![charset],
    };
    while depth + repair.layers.len() <= MAX_LAYERS {
        let odd = |text: &str| oddity::cost(text.chars());
        let sane = |inner: &str| {
            let mut high = inner.chars().filter(|c| !c.is_ascii());
            high.clone().count() >= 3 && high.all(is_character) && odd(inner) < odd(&repair.text)
        };
        let more = [Charset::WINDOWS_1252, Charset::LATIN_1, charset]
            .into_iter()
            .find_map(|charset| {
                Some((
                    invert(&repair.text, charset).filter(|inner| sane(inner))?,
                    charset,
                ))
            });
        let Some((inner, charset)) = more else { break };
        repair.text = inner;
        repair.layers.push(charset);
    }
    repair
}

/// Whether a character may be an ordinary letter and the no-break space after it: two bytes of which the second is
/// A0. The leads of Latin-1 itself are not ordinary letters in front of a space: `Ã` in front of one was `à`.
fn may_be_letter_and_space(c: char) -> bool {
    matches!(c, '\u{100}'..='\u{7ff}') && u32::from(c) & 0x3f == 0x20
}

fn enough(text: &str, charset: Charset, need: Need) -> bool {
    makeup(text).is_some_and(|mut made| {
        made.count -= text.chars().filter(|&c| may_be_letter_and_space(c)).count();
        let least = match made.group {
            Some(Group::Rare) => need.rare,
            _ if charset.is_latin() => need.latin,
            _ => need.other,
        };
        made.count >= least
    })
}

/// The exact repair of a line that is garbled as a whole.
#[must_use]
pub fn line(text: &str) -> Option<Repair> {
    let repair = solve(text, WHOLE_LINE, 1)?;
    (!is_quotation(text, &repair) && repair.verifies(text)).then_some(repair)
}

/// A few garbled characters that stand alone between quotation marks are an article's subject.
fn is_quotation(text: &str, repair: &Repair) -> bool {
    let few = repair.text.chars().filter(|c| !c.is_ascii()).count() <= 3;
    few && runs(text).all(|run| is_quoted(text, run))
}

fn is_quoted(text: &str, run: Span) -> bool {
    let before = text[..run.start].chars().next_back();
    let after = text[run.end..].chars().next();
    matches!(before, Some('"' | '\'' | '`' | '(')) && matches!(after, Some('"' | '\'' | '`' | ')'))
}

/// Maximal runs of non-ASCII characters.
fn runs(text: &str) -> impl Iterator<Item = Span> + '_ {
    let bytes = text.as_bytes();
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + bytes[from..].iter().position(|byte| !byte.is_ascii())?;
        let end = bytes[start..]
            .iter()
            .position(u8::is_ascii)
            .map_or(bytes.len(), |length| start + length);
        from = end;
        Some(Span::new(start, end))
    })
}

/// A garbled line of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GarbledLine {
    /// Its bytes in the text.
    pub span: Span,
    /// What it should be.
    pub repair: Repair,
}

/// Whether any line of a text may be garbled: the cheap look before [`garbled_lines`].
#[must_use]
pub fn may_be_garbled(text: &str) -> bool {
    text.split('\n')
        .any(|line| candidates(line) != 0 || candidates(line.trim()) != 0)
}

/// Every garbled line of a text. Lines with too little evidence of their own follow the layers that
/// at least 80 % of the text's longer lines agree on, or else `vote`.
#[must_use]
pub fn garbled_lines(text: &str, lines: &[Line], vote: Option<&[Charset]>) -> Vec<GarbledLine> {
    let mut found = alone(text, lines);
    let own = agreed(text, lines, &found);
    if let Some(layers) = own.as_deref().or(vote) {
        for (slot, entry) in found.iter_mut().zip(lines) {
            let known = slot.as_ref().map_or(0, |line| line.repair.layers.len());
            if known < layers.len() {
                let followed = follow(text, entry.span, layers);
                *slot = followed.or_else(|| slot.take());
            }
        }
    }
    found.into_iter().flatten().collect()
}

/// What each line is by itself.
fn alone(text: &str, lines: &[Line]) -> Vec<Option<GarbledLine>> {
    lines
        .iter()
        .map(|entry| {
            // U+0085 at the end is an ellipsis where the line is garbled.
            let ellipsis = text[entry.trimmed.end..entry.span.end].contains('\u{85}');
            let trimmed = || garbled(text, entry.trimmed).filter(|_| !ellipsis);
            garbled(text, entry.span).or_else(trimmed)
        })
        .collect()
}

fn garbled(text: &str, span: Span) -> Option<GarbledLine> {
    let repair = line(&text[span.range()])?;
    Some(GarbledLine { span, repair })
}

/// The layers of at least 80 % of the lines that are long enough to tell (six high characters,
/// so three sequences).
fn agreed(text: &str, lines: &[Line], found: &[Option<GarbledLine>]) -> Option<Vec<Charset>> {
    let high = |span: Span| {
        text[span.range()]
            .chars()
            .filter(|c| !c.is_ascii())
            .take(6)
            .count()
    };
    let telling = lines.iter().filter(|entry| high(entry.span) == 6).count();
    let mut tried: Vec<&[Charset]> = Vec::new();
    for layers in found.iter().flatten().map(|line| line.repair.layers.as_slice()) {
        if tried.contains(&layers) {
            continue;
        }
        tried.push(layers);
        // A line without bytes that tell two charsets apart has the first of them.
        let agrees = |line: &GarbledLine| {
            line.repair.layers == layers
                || follow(text, line.span, layers).is_some_and(|other| other.repair.text == line.repair.text)
        };
        let agree = found
            .iter()
            .flatten()
            .filter(|line| high(line.span) == 6 && agrees(line))
            .count();
        if agree > 0 && agree * 100 >= telling * 80 {
            return Some(layers.to_vec());
        }
    }
    None
}

/// The layers that a text's lines agree on, for judging shorter fields of the same record.
#[must_use]
pub fn vote(text: &str, lines: &[Line]) -> Option<Vec<Charset>> {
    agreed(text, lines, &alone(text, lines))
}

/// A line read back through the layers of others.
fn follow(text: &str, span: Span, layers: &[Charset]) -> Option<GarbledLine> {
    let original = &text[span.range()];
    let mut inner = original.to_owned();
    for &charset in layers {
        if candidates(&inner) & charset.bit() == 0 {
            return None;
        }
        inner = invert(&inner, charset)?;
    }
    let repair = Repair {
        text: inner,
        layers: layers.to_vec(),
    };
    let fits = makeup(&repair.text).is_some() && !is_quotation(original, &repair);
    (fits && repair.verifies(original)).then_some(GarbledLine { span, repair })
}

/// The exact repair of a run of non-ASCII characters inside a line.
pub(super) fn run(text: &str) -> Option<Repair> {
    solve(text, INSIDE_LINE, 1).filter(|repair| repair.verifies(text))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;
    use crate::text::lines::table;

    fn names(repair: &Repair) -> Vec<&'static str> {
        repair.layers.iter().map(|layer| layer.name()).collect()
    }

    #[test]
    fn capitals_before_no_break_spaces_and_boxes_are_no_mojibake() {
        for text in [
            "SYKSYLLÄ\u{a0}KYLÄ\u{a0}ON HILJAA",
            "MUTTA PÄIVÄLLÄ\u{a0}EI\u{a0}YÖLLÄ\u{a0}",
            "├┤o┼┐o┼┐o┼┐o",
        ] {
            assert_eq!(line(text), None, "{text}");
        }
        let garbled = "Elle va Ã\u{a0} GenÃ¨ve puis Ã\u{a0} Lyon";
        assert_eq!(line(garbled).unwrap().text, "Elle va à Genève puis à Lyon");
        let czech = "PÅ™Ã\u{ad}tel Å\u{a0}imon";
        assert_eq!(line(czech).unwrap().text, "Přítel Šimon");
    }

    #[test]
    fn garbled_lines_are_restored() {
        let cases: &[(&str, &[&str], &str)] = &[
            ("Ø§Ù„ÙˆØ²ÙŠØ± ÙŠØµÙ„", &["windows-1252"], "الوزير يصل"),
            ("ط§ظ„ظˆط²ظٹط± ظٹطµظ„", &["windows-1256"], "الوزير يصل"),
            (
                "\u{638}\u{a7}\u{639}\u{84}\u{639}\u{88}\u{638}\u{b2}\u{639}\u{8a}\u{638}\u{b1} \u{639}\u{8a}\u{638}\u{b5}\u{639}\u{84}",
                &["iso-8859-6"],
                "الوزير يصل",
            ),
            (
                "\u{256a}\u{62f}\u{2518}\u{84}\u{2518}\u{ea}\u{256a}\u{2593}\u{2518}\u{e8}\u{256a}\u{2592} \u{2518}\u{e8}\u{256a}\u{2561}\u{2518}\u{84}",
                &["cp720"],
                "الوزير يصل",
            ),
            ("Ш§Щ„Щ€ШІЩЉШ± ЩЉШµЩ„", &["windows-1251"], "الوزير يصل"),
            ("ÿßŸÑŸàÿ≤Ÿäÿ± ŸäÿµŸÑ", &["mac-roman"], "الوزير يصل"),
            (
                "Ã˜Â³Ã™Ë†Ã™â€š Ã˜Â§Ã™â€žÃ˜Â£Ã˜Â³Ã™â€¦Ã˜Â§Ã™Æ’",
                &["windows-1252", "windows-1252"],
                "سوق الأسماك",
            ),
            (
                "\u{da}\u{a9}\u{d8}\u{aa}\u{d8}\u{a7}\u{d8}\u{a8}\u{e2}\u{20ac}\u{152}\u{d9}\u{81}\u{d8}\u{b1}\u{d9}\u{2c6}\u{d8}\u{b4}\u{db}\u{152}",
                &["windows-1252"],
                "کتاب‌فروشی",
            ),
            ("РќРѕРІС‹Р№ РјРѕСЃС‚", &["windows-1251"], "Новый мост"),
            (
                "\u{d0}\u{9d}\u{d0}\u{be}\u{d0}\u{b2}\u{d1}\u{2039}\u{d0}\u{b9} \u{d0}\u{bc}\u{d0}\u{be}\u{d1}\u{81}\u{d1}\u{201a}",
                &["windows-1252"],
                "Новый мост",
            ),
            ("√©t√© √† G√™nes", &["mac-roman"], "été à Gênes"),
            (
                "\u{e2}\u{20ac}\u{153}Evet\u{e2}\u{20ac}\u{9d} dedi",
                &["windows-1252"],
                "“Evet” dedi",
            ),
            ("å›¾ä¹¦é¦†", &["windows-1252"], "图书馆"),
            ("τü»σÅ░πü«Σ┐«σ╛⌐", &["cp437"], "灯台の修復"),
            (
                "\u{e0}\u{a4}\u{aa}\u{e0}\u{a5}\u{81}\u{e0}\u{a4}\u{b8}\u{e0}\u{a5}\u{8d}\u{e0}\u{a4}\u{a4}\u{e0}\u{a4}\u{2022}\u{e0}\u{a4}\u{be}\u{e0}\u{a4}\u{b2}\u{e0}\u{a4}\u{af}",
                &["windows-1252"],
                "पुस्तकालय",
            ),
            ("ÃƒÂ©tÃƒÂ©", &["windows-1252", "windows-1252"], "été"),
        ];
        for (bad, layers, good) in cases {
            let repair = line(bad).unwrap_or_else(|| panic!("{bad} is not repaired"));
            assert_eq!(repair.text, *good);
            assert_eq!(names(&repair), *layers, "{good}");
            assert_eq!(line(good), None, "{good}");
        }
    }

    #[test]
    fn every_charset_and_two_layers_come_back() {
        let text = "كتب المراسل عن سوق الحي القديم ثم عاد";
        for outer in charset::ALL {
            let once = outer.decode(text.as_bytes());
            assert_eq!(line(&once).unwrap().text, text, "{}", outer.name());
            for inner in charset::ALL {
                let twice = outer.decode(inner.decode(text.as_bytes()).as_bytes());
                let repair = line(&twice).unwrap();
                assert_eq!(repair.text, text, "{} {}", inner.name(), outer.name());
                assert_eq!(repair.layers.len(), 2);
            }
        }
    }

    #[test]
    fn clean_lines_stay() {
        for clean in [
            "SÃO PAULO",
            "CONCLUSÃO",
            "É…",
            "RETWEET VOCÊ…",
            "«Р» и «С»",
            "2012—∞",
            "NESTLÉ® café",
            "Đà Nẵng",
            "ÍSLENSKA ÞJÓÐIN",
            "الحفظ،",
            "ظظظ",
            "¯\\_(ツ)_/¯",
            "5×£35",
            "The letter é is shown as “Ã©” there",
            "It shows \"Ã©\" and \"Ã¨\"",
            "M├╝hle ├Âffnet",
            "Ão Ãngelo é um nome",
            "AÇÃO E EMOÇÃO. A praça",
            "«IRMÃ» e «MANHÃ»",
            "Ordet Å» er et stednavn",
            "",
        ] {
            assert_eq!(line(clean), None, "{clean}");
        }
    }

    #[test]
    fn short_lines_follow_every_layer() {
        let garble = |line: &str| {
            let once = Charset::MAC_ROMAN.decode(line.as_bytes());
            Charset::WINDOWS_1253.decode(once.as_bytes())
        };
        let good = "Der Bäcker öffnet früh\nDie Kühe grüßen Gäste\nKühe";
        let bad = good.split('\n').map(garble).collect::<Vec<_>>().join("\n");
        let found = garbled_lines(&bad, &table(&bad), None);
        let restored: Vec<_> = found.iter().map(|line| line.repair.text.as_str()).collect();
        assert_eq!(restored, good.split('\n').collect::<Vec<_>>());
    }

    #[test]
    fn short_lines_follow_the_rest() {
        let text = "La mairie a Ã©tÃ© repeinte en Ã©tÃ©\nLe cafÃ© ferme\nrien\nL’été";
        let lines = table(text);
        let found = garbled_lines(text, &lines, None);
        let repaired: Vec<_> = found.iter().map(|line| line.repair.text.as_str()).collect();
        assert_eq!(repaired, ["La mairie a été repeinte en été", "Le café ferme"]);
        assert_eq!(vote(text, &lines), Some(vec![Charset::WINDOWS_1252]));
        let lone = "Le cafÃ© ferme";
        assert_eq!(garbled_lines(lone, &table(lone), None), []);
        assert_eq!(
            garbled_lines(lone, &table(lone), Some(&[Charset::WINDOWS_1252])).len(),
            1
        );
    }
}
