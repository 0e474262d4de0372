//! Which legacy encoding a file has whose bytes are not UTF-8.
//!
//! Text is decoded only when certain: when exactly one encoding makes prose of the bytes (see the
//! gates of [`super::plausible`]). Anything less is a guess, for the message only.

use super::latin::{LatinSet, latin};
use super::makeup;
use super::plausible::{self, Score};
use encoding_rs::Encoding;

/// What detection found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detection {
    /// The most likely encoding, if any candidate fits.
    pub charset: Option<&'static Encoding>,
    /// Whether the bytes may be decoded with it without asking.
    pub certain: bool,
    /// Name of the most likely encoding, for messages, when it is not certain.
    pub guess: Option<&'static str>,
}

impl Detection {
    const NONE: Self = Self {
        charset: None,
        certain: false,
        guess: None,
    };

    const fn certain(charset: &'static Encoding) -> Self {
        Self {
            charset: Some(charset),
            certain: true,
            guess: None,
        }
    }

    fn guess(charset: &'static Encoding, name: &'static str) -> Self {
        Self {
            charset: Some(charset),
            certain: false,
            guess: Some(name),
        }
    }
}

type Gate = fn(&str) -> Score;

/// Encodings and the gate their text must pass. Between encodings that give the same text the
/// first one is named.
static CANDIDATES: &[(&Encoding, Gate)] = &[
    (encoding_rs::WINDOWS_1252, |text| latin(text, LatinSet::West)),
    (encoding_rs::WINDOWS_1254, |text| latin(text, LatinSet::Turkish)),
    (encoding_rs::WINDOWS_1250, |text| latin(text, LatinSet::Central)),
    (encoding_rs::WINDOWS_1256, plausible::arabic),
    (encoding_rs::ISO_8859_6, plausible::arabic),
    (encoding_rs::WINDOWS_1251, plausible::cyrillic),
    (encoding_rs::KOI8_R, plausible::cyrillic),
    (encoding_rs::WINDOWS_1253, plausible::greek),
    (encoding_rs::WINDOWS_1255, plausible::hebrew),
    (encoding_rs::WINDOWS_874, plausible::thai),
    (encoding_rs::GB18030, plausible::chinese),
    (encoding_rs::BIG5, plausible::chinese),
    (encoding_rs::SHIFT_JIS, plausible::japanese),
    (encoding_rs::EUC_JP, plausible::japanese),
    (encoding_rs::EUC_KR, plausible::korean),
];

/// Bytes that the gates look at. Whether every byte can be decoded is asked of the whole input.
const SAMPLE: usize = 64 << 10;

/// Detects the encoding of a file, or of a long enough head of it.
#[must_use]
pub fn detect(bytes: &[u8]) -> Detection {
    if let Some(found) = wide(bytes) {
        return found;
    }
    if simdutf8::basic::from_utf8(bytes).is_ok() {
        return Detection::certain(encoding_rs::UTF_8);
    }
    if memchr::memchr(0, bytes).is_some() {
        // Text in a legacy encoding holds no NUL.
        return Detection::NONE;
    }
    let sample = sample(bytes);
    let mut passed: Vec<(usize, &'static Encoding, String)> = Vec::new();
    for &(encoding, gate) in CANDIDATES {
        let Some(text) = strict(encoding, &sample) else {
            continue;
        };
        let Some(score) = gate(&text) else { continue };
        if strict(encoding, bytes).is_some() && passed.iter().all(|(_, _, known)| *known != text) {
            passed.push((score, encoding, text));
        }
    }
    // A text of one language holds a few short words of others.
    let top = passed.iter().map(|(score, ..)| *score).max().unwrap_or(0);
    passed.retain(|(score, ..)| score * 2 > top);
    match passed.as_slice() {
        [] => Detection::NONE,
        [(_, only, _)] => Detection::certain(only),
        [first, rest @ ..] => {
            let best = rest
                .iter()
                .fold(first, |best, item| if item.0 > best.0 { item } else { best });
            Detection::guess(best.1, best.1.name())
        }
    }
}

fn strict(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    // The single-byte tables give undefined bytes as C1 controls: no text holds those.
    let odd = text.chars().any(|c| ('\u{80}'..='\u{9f}').contains(&c));
    (!odd).then(|| text.into_owned())
}

/// Lines that hold a high byte, up to [`SAMPLE`] bytes.
fn sample(bytes: &[u8]) -> Vec<u8> {
    let mut taken = Vec::with_capacity(bytes.len().min(SAMPLE));
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        if line.is_ascii() {
            continue;
        }
        if taken.len() + line.len() > SAMPLE {
            if taken.is_empty() {
                // One huge line: its head, cut at an ASCII space so that no character is split.
                let head = &line[..SAMPLE];
                let cut = head.iter().rposition(|&byte| byte == b' ').unwrap_or(SAMPLE);
                taken.extend_from_slice(&head[..cut]);
            }
            break;
        }
        taken.extend_from_slice(line);
    }
    taken
}

/// UTF-16 and UTF-32, by byte order mark or by where the NUL bytes stand.
fn wide(bytes: &[u8]) -> Option<Detection> {
    if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
        return None;
    }
    if bytes.starts_with(&[0xFF, 0xFE, 0, 0]) || bytes.starts_with(&[0, 0, 0xFE, 0xFF]) {
        // encoding_rs, like the WHATWG standard, has no UTF-32.
        return Some(Detection {
            guess: Some("UTF-32"),
            ..Detection::NONE
        });
    }
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some(Detection::certain(encoding));
    }
    let head = &bytes[..bytes.len().min(4096) & !3];
    if head.len() < 8 || !head.contains(&0) {
        return None;
    }
    let zeros = |at: usize, step: usize| {
        head.iter()
            .skip(at)
            .step_by(step)
            .filter(|&&byte| byte == 0)
            .count()
    };
    let quarter = head.len() / 4;
    let by_four: Vec<usize> = (0..4).map(|at| zeros(at, 4)).collect();
    if (by_four[2] == quarter && by_four[3] == quarter) || (by_four[0] == quarter && by_four[1] == quarter) {
        return Some(Detection {
            guess: Some("UTF-32"),
            ..Detection::NONE
        });
    }
    // ASCII in UTF-16 (blanks, digits, markup) leaves zeros in one half of the pairs only.
    let (even, odd) = (zeros(0, 2), zeros(1, 2));
    let enough = |zeros: usize| zeros >= 4 && zeros * 40 >= head.len();
    let little = even == 0 && enough(odd);
    let big = odd == 0 && enough(even);
    let encoding = match (little, big) {
        (true, false) => encoding_rs::UTF_16LE,
        (false, true) => encoding_rs::UTF_16BE,
        _ => return None,
    };
    let whole = &bytes[..bytes.len() & !1];
    let text = encoding.decode_without_bom_handling(whole);
    let sane = |c: char| c.is_ascii() || makeup::is_character(c);
    let clean = !text.1 && bytes.len().is_multiple_of(2) && text.0.chars().all(sane);
    Some(if clean {
        Detection::certain(encoding)
    } else {
        Detection::guess(encoding, encoding.name())
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TEXTS: &[(&Encoding, &str)] = &[
        (
            encoding_rs::WINDOWS_1252,
            "Une équipe a remis en marche l'horloge du beffroi, arrêtée depuis la tempête de l'hiver.\nLes cloches ont sonné à midi dans le quartier et les habitants ont applaudi.",
        ),
        (
            encoding_rs::WINDOWS_1252,
            "Im Stadtpark ist ein Garten für Blinde eröffnet worden, der nach Kräutern und Rosen duftet. Schüler haben ihn mit einem Gärtner geplant.",
        ),
        (
            encoding_rs::WINDOWS_1256,
            "وصل الوزير إلى المدينة في المساء، وقال إن المدرسة الجديدة تفتح بعد العيد.",
        ),
        (
            encoding_rs::ISO_8859_6,
            "وصل الوزير إلى المدينة في المساء، وقال إن المدرسة الجديدة تفتح بعد العيد.",
        ),
        (
            encoding_rs::WINDOWS_1251,
            "Жители посёлка восстановили старый мост, и теперь дети снова ходят в школу по короткой дороге.",
        ),
        (
            encoding_rs::KOI8_R,
            "Жители посёлка восстановили старый мост, и теперь дети снова ходят в школу по короткой дороге.",
        ),
        (
            encoding_rs::WINDOWS_1250,
            "Szkoła na wsi jest zamknięta, a dzieci nie mają dokąd iść. Wójt mówi, że to się zmieni do jesieni.",
        ),
        (
            encoding_rs::WINDOWS_1254,
            "Köydeki kadınlar bu yıl ürettiği reçelleri yurt dışına gönderdi. Başkan, kazanç ile okula bilgisayar alınacağını ve bir salon açılacağını söyledi.",
        ),
        (
            encoding_rs::WINDOWS_1253,
            "Ο δήμος άνοιξε το σχολείο της πόλης και οι μαθητές είναι στην αυλή από το πρωί.",
        ),
        (
            encoding_rs::WINDOWS_1255,
            "המורה של הכיתה לא הגיע אל בית הספר, והילדים חיכו עם המנהלת בחצר.",
        ),
        (
            encoding_rs::WINDOWS_874,
            "นักเรียนในเมืองได้ห้องสมุดใหม่และการอ่านหนังสือเป็นความสุขของเด็กที่มาทุกวัน",
        ),
        (
            encoding_rs::GB18030,
            "孩子们在学校里有了一个新的图书馆，大家都来读书。老师说这里也向村民开放。",
        ),
        (
            encoding_rs::BIG5,
            "孩子們在學校裡有了一個新的圖書館，大家都來讀書。老師說這裡也向村民開放。",
        ),
        (
            encoding_rs::SHIFT_JIS,
            "山の村で、小学校がパン工房として生まれ変わった。店の人は若い夫婦だという。",
        ),
        (
            encoding_rs::EUC_JP,
            "山の村で、小学校がパン工房として生まれ変わった。店の人は若い夫婦だという。",
        ),
        (
            encoding_rs::EUC_KR,
            "마을 사람들이 오래된 다리를 다시 세우고 있다고 한다. 아이들은 다리를 건너 학교에 간다.",
        ),
    ];

    #[test]
    fn prose_is_certain() {
        for (encoding, text) in TEXTS {
            let (bytes, _, lossy) = encoding.encode(text);
            assert!(!lossy, "{}", encoding.name());
            let found = detect(&bytes);
            assert!(found.certain, "{} {found:?}", encoding.name());
            let (decoded, _) = found.charset.unwrap().decode_without_bom_handling(&bytes);
            assert_eq!(decoded, *text, "{}", encoding.name());
        }
    }

    #[test]
    fn jsonl_around_the_prose_does_not_disturb() {
        for (encoding, text) in TEXTS.iter().filter(|(e, _)| *e != encoding_rs::SHIFT_JIS) {
            let line = format!("{{\"id\": \"a-1\", \"body\": \"{}\"}}\n", text.replace('\n', " "));
            let (bytes, _, _) = encoding.encode(&line);
            let found = detect(&bytes);
            let (decoded, _) = found.charset.unwrap().decode_without_bom_handling(&bytes);
            assert_eq!(decoded, *line, "{}", encoding.name());
        }
    }

    #[test]
    fn wide_encodings_are_known_by_mark_or_zeros() {
        let text = "{\"id\": 1, \"title\": \"خبر من المدينة\"}\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(detect(&little), Detection::certain(encoding_rs::UTF_16LE));
        assert_eq!(detect(&big), Detection::certain(encoding_rs::UTF_16BE));
        let marked = [&[0xFF, 0xFE][..], &little].concat();
        assert_eq!(detect(&marked), Detection::certain(encoding_rs::UTF_16LE));
        let four: Vec<u8> = text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
        assert_eq!(detect(&four).guess, Some("UTF-32"));
    }

    #[test]
    fn noise_is_not_certain() {
        assert!(!detect(b"\xff\x00\x12\xfe\x80binary\x00").certain);
        assert!(!detect(b"\xe9").certain);
        assert!(!detect(&(0x80..=0xFF).collect::<Vec<u8>>()).certain);
        assert_eq!(detect("كلام".as_bytes()), Detection::certain(encoding_rs::UTF_8));
    }
}
