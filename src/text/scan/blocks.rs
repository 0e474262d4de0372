//! The fast half of the scan: finds the places worth decoding, a block of bytes at a time.
//!
//! A byte position is *special* when the code point that starts there, with its neighbours, may
//! raise a flag that comparisons cannot raise by themselves. What is left out here is left out
//! because no code point of that shape raises anything; a property test against the reference
//! implementation watches that.
//!
//! The comparisons are written for one byte and its neighbours (a *lane*) and run in plain loops over
//! a block, without a branch, on bytes only: the form that compilers turn into vector instructions on
//! every target, where intrinsics would need `unsafe`.

use super::Flags;
use super::classify::{self, Pair};
use super::lanes;
use crate::text::class::{self, Script};

/// Bytes of context on either side of a block.
pub(super) const CONTEXT: usize = 4;
/// Bytes of a block: every run of 64 bytes holds a whole one.
pub(super) const BLOCK: usize = 32;
/// A block with its context.
pub(super) type Window = [u8; CONTEXT + BLOCK + CONTEXT];
/// One byte for each byte of a block.
pub(super) type Lanes = [u8; BLOCK];

/// Stands for what is before and after the text: raises nothing beside anything.
const PAD: u8 = b'.';

/// Two weak pairs at most this many bytes apart raise the mojibake flag.
const PAIR_DISTANCE: usize = 256;

struct Scanner<'t> {
    text: &'t str,
    flags: Flags,
    /// What `ascii`, `arabic` with `persian`, and `groups` of the lanes said, over all blocks.
    ascii: u8,
    arabic: u8,
    groups: u8,
    /// Latin or Greek letters at special places.
    latin: bool,
    greek: bool,
    cyrillic: bool,
    /// Byte offset of the last weak pair.
    last_pair: Option<usize>,
    /// End of the Arabic run that was measured last.
    run_end: usize,
}

/// The flags of a text.
pub(crate) fn flags(text: &str) -> Flags {
    let bytes = text.as_bytes();
    let mut scanner = Scanner {
        text,
        flags: Flags::NONE,
        ascii: 0,
        arabic: 0,
        groups: 0,
        latin: false,
        greek: false,
        cyrillic: false,
        last_pair: None,
        run_end: 0,
    };
    let mut base = 0;
    while base < bytes.len() {
        let inner = base
            .checked_sub(CONTEXT)
            .and_then(|start| bytes.get(start..)?.first_chunk::<{ CONTEXT + BLOCK + CONTEXT }>());
        if let Some(window) = inner {
            scanner.block(window, base);
        } else {
            let mut window = [PAD; CONTEXT + BLOCK + CONTEXT];
            let from = base.saturating_sub(CONTEXT);
            let to = (base + BLOCK + CONTEXT).min(bytes.len());
            let place = CONTEXT - (base - from);
            window[place..place + to - from].copy_from_slice(&bytes[from..to]);
            scanner.block(&window, base);
        }
        base += BLOCK;
    }
    scanner.finish()
}

impl Scanner<'_> {
    #[inline]
    fn block(&mut self, window: &Window, base: usize) {
        let mut out = [0; BLOCK];
        let seen = lanes::ascii(window, &mut out);
        self.ascii |= seen;
        if seen & lanes::HIGH != 0 {
            self.outside_ascii(window, base, &mut out);
        } else {
            if seen & lanes::BLANK == 0 {
                self.flags |= Flags::LONG_TOKEN;
            }
            if seen & lanes::SPECIAL == 0 {
                return;
            }
        }
        self.specials(&out, base);
    }

    /// Marks the special positions of a block that is not all ASCII.
    #[inline]
    fn outside_ascii(&mut self, window: &Window, base: usize, out: &mut Lanes) {
        let mut groups = lanes::groups(window);
        if groups & lanes::ARABIC != 0 {
            let cue = lanes::arabic_cue(window);
            if cue & lanes::LOOK != 0 {
                self.arabic |= lanes::arabic(window, out);
            }
            if cue & lanes::PERSIAN != 0 {
                self.arabic |= lanes::persian(window, out);
            }
        }
        if groups & lanes::OTHER != 0 {
            groups |= lanes::other_groups(window);
            self.other(groups, window, out);
        }
        self.groups |= groups;
        if groups & (lanes::ARABIC | lanes::RARE_ARABIC) != 0 {
            const ALL_HIGH: u128 = u128::from_le_bytes([0x80; 16]);
            for (half, bytes) in window[CONTEXT..CONTEXT + BLOCK]
                .as_chunks::<16>()
                .0
                .iter()
                .enumerate()
            {
                if u128::from_le_bytes(*bytes) & ALL_HIGH == ALL_HIGH {
                    self.long_run(base + half * 16);
                }
            }
        }
    }

    fn other(&mut self, groups: u8, window: &Window, out: &mut Lanes) {
        if groups & lanes::LATIN != 0 {
            lanes::latin(window, out);
        }
        if groups & lanes::CYRILLIC != 0 && lanes::cyrillic(window, out) != 0 {
            self.flags |= Flags::LEGACY;
        }
        if groups & lanes::TWO != 0 {
            lanes::other_two(window, out);
        }
        if groups & lanes::THREE != 0 {
            lanes::three_bytes(window, out);
        }
    }

    /// Visits every position that is marked in `out`.
    #[inline]
    fn specials(&mut self, out: &Lanes, base: usize) {
        const MARK: u64 = u64::from_le_bytes([lanes::SPECIAL; 8]);
        for (index, part) in out.as_chunks::<8>().0.iter().enumerate() {
            let mut marks = u64::from_le_bytes(*part) & MARK;
            while marks != 0 {
                self.special(base + index * 8 + (marks.trailing_zeros() / 8) as usize);
                marks &= marks - 1;
            }
        }
    }

    /// Measures the run of Arabic letters at the first code point of a block.
    fn long_run(&mut self, base: usize) {
        if base < self.run_end {
            return;
        }
        let mut start = base;
        while !self.text.is_char_boundary(start) {
            start += 1;
        }
        let (left, right) = self.text.split_at(start);
        let mut letters = 0;
        for c in left.chars().rev().take_while(|&c| classify::is_arabic_word(c)) {
            letters += usize::from(!classify::is_arabic_sign(c));
        }
        self.run_end = start;
        for c in right.chars().take_while(|&c| classify::is_arabic_word(c)) {
            letters += usize::from(!classify::is_arabic_sign(c));
            self.run_end += c.len_utf8();
        }
        if letters > 20 {
            self.flags |= Flags::ARABIC_GLUE;
        }
    }

    fn special(&mut self, at: usize) {
        let bytes = self.text.as_bytes();
        let Some(&byte) = bytes.get(at) else { return };
        if byte < 0x80 {
            self.flags |= self.ascii(byte, at);
            return;
        }
        let rest = &self.text[at..];
        let Some(c) = rest.chars().next() else { return };
        let before = self.text[..at].chars().next_back();
        let after = &rest[c.len_utf8()..];
        self.flags |= classify::of_char(c);
        if before == Some('.') && class::is_arabic_letter(c) {
            let word = self.text[..at - 1].chars().next_back();
            if word.is_some_and(class::is_arabic_letter) {
                self.flags |= Flags::ARABIC_GLUE;
            }
        }
        if c >= '\u{300}' && !('\u{2002}'..='\u{2044}').contains(&c) {
            let (flags, script) = classify::of_kind(c);
            self.flags |= flags;
            match script {
                Script::Latin => self.latin = true,
                Script::Greek => self.greek = true,
                Script::Cyrillic => self.cyrillic = true,
                _ => {}
            }
            if !self.flags.any(Flags::NFC) && classify::touches_nfc(before, c) {
                self.flags |= Flags::NFC;
            }
        }
        if c < '\u{300}' {
            if matches!(c, 'ª' | 'º') {
                self.latin = true;
            }
            if classify::looks_legacy(rest) {
                self.flags |= Flags::LEGACY;
            }
        }
        match c {
            'ة' | 'ى' => {
                if classify::glued(after) {
                    self.flags |= Flags::ARABIC_GLUE;
                }
                if !before.is_some_and(classify::is_arabic_word) {
                    self.flags |= Flags::ARABIC_WORD_START;
                }
            }
            '\u{201A}' if matches!(after.as_bytes(), [0xC2 | 0xC3, ..]) => self.flags |= Flags::LEGACY,
            _ => {}
        }
        if !self.flags.any(Flags::MOJIBAKE) {
            let follows = byte == 0xE2 || byte < 0xCC || byte == 0xDA;
            if let Some(lead) = before.filter(|c| follows && !c.is_ascii()) {
                self.pair(lead, at - lead.len_utf8(), rest);
            }
            self.pair(c, at, after);
        }
    }

    fn pair(&mut self, lead: char, at: usize, after: &str) {
        match classify::pair(lead, after) {
            Pair::No => {}
            Pair::Strong => self.flags |= Flags::MOJIBAKE,
            Pair::Weak => {
                let near = |last: usize| last != at && at.abs_diff(last) <= PAIR_DISTANCE;
                if self.last_pair.is_some_and(near) {
                    self.flags |= Flags::MOJIBAKE;
                }
                self.last_pair = self.last_pair.max(Some(at));
            }
        }
    }

    fn ascii(&self, byte: u8, at: usize) -> Flags {
        let bytes = self.text.as_bytes();
        let next = |offset: usize| bytes.get(at + offset).copied().unwrap_or(b' ');
        let hex = next(1).is_ascii_hexdigit() && next(2).is_ascii_hexdigit();
        match byte {
            b'\t' => Flags::WHITESPACE,
            b'\r' => Flags::CARRIAGE_RETURN.or(Flags::WHITESPACE),
            0x0B | 0x0C => Flags::CONTROL.or(Flags::LINE_SEPARATOR),
            0..=0x1F | 0x7F => Flags::CONTROL,
            b'?' if next(1) == b'?' || (next(1) == b' ' && next(2) == b'?') => Flags::QUESTION_MARKS,
            b'&' if next(1).is_ascii_alphabetic() || next(1) == b'#' => Flags::AMPERSAND,
            b'%' if hex || matches!(next(1), b'u' | b'U') => Flags::PERCENT,
            b'=' if hex => Flags::PERCENT,
            b'\\' => Flags::BACKSLASH,
            b'@' => Flags::AT,
            b'{' | b'[' => Flags::MARKUP,
            b'<' if next(1).is_ascii_alphabetic() || matches!(next(1), b'/' | b'!' | b'?' | b'%') => {
                Flags::MARKUP
            }
            _ => Flags::NONE,
        }
    }

    fn finish(self) -> Flags {
        let mut flags = self.flags;
        let mut raise = |seen: bool, flag: Flags| {
            if seen {
                flags |= flag;
            }
        };
        raise(self.ascii & lanes::HIGH != 0, Flags::NON_ASCII);
        raise((self.ascii | self.arabic) & lanes::SPACES != 0, Flags::WHITESPACE);
        let arabic = self.groups & lanes::ARABIC != 0;
        raise(arabic, Flags::ARABIC);
        raise(self.arabic & lanes::TATWEEL != 0, Flags::TATWEEL);
        raise(self.arabic & lanes::HARAKAT != 0, Flags::HARAKAT);
        raise(self.arabic & lanes::FARSI != 0, Flags::FARSI_LETTER);
        raise(self.arabic & lanes::DIGITS != 0, Flags::OTHER_DIGIT);
        // Arabic has one of them in its first words; only Persian and Urdu are searched to the end.
        let bytes = self.text.as_bytes();
        let has = |letter: &str| memchr::memmem::find(bytes, letter.as_bytes()).is_some();
        raise(
            arabic && (has("ي") || has("ك") || has("ى")),
            Flags::ARABIC_YEH_KAF,
        );
        // Every text in an Indic script or Thai has marks, and near them holes in the code charts.
        raise(
            self.groups & lanes::RARE_ARABIC != 0 && bytes.contains(&0xE0),
            Flags::COMBINING.or(Flags::UNASSIGNED),
        );
        let cyrillic = self.cyrillic || self.groups & lanes::CYRILLIC != 0;
        // All of Greek's two-byte letters raise the group with other scripts: then look.
        let greek =
            self.greek || (self.groups & lanes::TWO != 0 && bytes.iter().any(|b| matches!(b, 0xCE | 0xCF)));
        if greek || cyrillic {
            let latin = self.latin
                || bytes
                    .iter()
                    .any(|&b| b.is_ascii_alphabetic() || (0xC3..=0xCA).contains(&b));
            raise(
                u8::from(greek) + u8::from(cyrillic) + u8::from(latin) > 1,
                Flags::MIXED_SCRIPT,
            );
        }
        let text = self.text;
        let body = text.strip_suffix('\n').unwrap_or(text);
        let edge = text.starts_with([' ', '\n']) || body.ends_with([' ', '\n']) || text.ends_with(" .");
        raise(edge, Flags::WHITESPACE);
        flags
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::super::reference;
    use super::*;
    use proptest::prelude::*;

    fn missing(text: &str) -> Flags {
        Flags(reference::flags(text).0 & !flags(text).0)
    }

    #[test]
    fn every_code_point_in_some_company() {
        for c in '\0'..=char::MAX {
            for text in [format!("б{c}جx"), format!("{c}{c}éÐ")] {
                assert_eq!(
                    missing(&text),
                    Flags::NONE,
                    "{text:?} {:?}",
                    reference::flags(&text)
                );
            }
        }
    }

    #[test]
    fn block_boundaries() {
        let pieces = [
            "  ",
            " \n",
            "\n\n\n",
            "??",
            "? ?",
            "%D8",
            "=A7",
            "&amp;",
            "<b",
            "\u{0}",
            "ةا",
            " ة",
            "ا.ا",
            "،ة",
            "شَّ",
            "شَّ",
            "e\u{301}",
            "ÇáæÒ",
            "Ã©",
            "â€",
            "Ø§Ù„",
            "ط§ظ„",
            "РќРѕ",
            "ÿßŸÑ",
            "√©",
            "τü»σ",
            "оПЧ",
            "\u{200b}",
            "\u{feff}",
            "\u{e0041}",
            "ـ",
            "١",
            "۴",
            "ی",
            "ي",
            " ،",
            " . ",
            "ا\u{653}",
            "か\u{3099}",
            "\u{9c7}\u{9be}",
            "\u{1100}\u{1161}",
            "ﬁ",
            "ＡＢ",
            "\u{1d5d5}",
            "👍",
            "Ĺ‚Ĺ‚",
            "‚±",
            "ƒ",
            "@",
            "\\",
            "\t",
            "\r",
        ];
        for piece in pieces {
            let wanted = reference::flags(&format!("x{piece}x"));
            assert_ne!(wanted, Flags::NONE, "{piece:?}");
            for filler in ["a", "ب", "字", "б"] {
                for before in 0..40 {
                    for after in [0, 1, 3, 20] {
                        let text = filler.repeat(before) + piece + &filler.repeat(after);
                        assert_eq!(missing(&text), Flags::NONE, "{text:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn long_runs() {
        for before in 0..20 {
            for letters in 15..30 {
                let text = "a".repeat(before) + &"ب".repeat(letters) + " x";
                let glue = flags(&text).any(Flags::ARABIC_GLUE);
                assert_eq!(glue, letters > 20, "{before} {letters}");
            }
            let token = "a ".repeat(before) + &"x1".repeat(32) + " z";
            assert!(flags(&token).any(Flags::LONG_TOKEN));
        }
        assert!(!flags(&"word ".repeat(100)).any(Flags::LONG_TOKEN));
    }

    /// Flags of good prose: only those that say which script it is.
    #[test]
    fn clean_prose_wakes_no_one() {
        let quiet = Flags::NON_ASCII
            .or(Flags::ARABIC)
            .or(Flags::ARABIC_YEH_KAF)
            .or(Flags::FARSI_LETTER)
            .or(Flags::OTHER_DIGIT)
            .or(Flags::COMBINING)
            .or(Flags::UNASSIGNED)
            .or(Flags::FULLWIDTH)
            .or(Flags::MIXED_SCRIPT);
        for text in [
            "أعلنت الوزارة، صباح الاثنين، عن خطة جديدة: «ماء للجميع»؛ فهل تنجح؟ نعم! وقال المدير: “سنبدأ في ١٢ مارس – إن شاء الله…”.\nوكانت المدينة قد شهدت ذلك.",
            "The mayor's plan — “water for all” — was read twice; 12% agreed… it isn't new.",
            "Le maire a créé « l’œuvre » à Évry : dès l’été, ça ira… où ? À Nîmes, naïveté exceptée.",
            "Новый мост открыли в среду: «Это важно», — сказал мэр. Ещё один — в мае…",
            "市长说：“新桥将于五月开放。”这是好消息！",
            "नगर पालिका ने कहा कि नया पुल मई में खुलेगा।",
            "เทศบาลกล่าวว่าสะพานใหม่จะเปิดในเดือนพฤษภาคม",
            "市長は「新しい橋は五月に開く」と話した。",
            "시장은 새 다리가 5월에 열린다고 말했다.",
            "شهردار گفت که پل تازه در ماه مه باز خواهد شد.",
            "Příliš žluťoučký kůň; „dobrá“ zpráva – řekl.",
            "Đường mới sẽ mở vào tháng năm, ông nói.",
        ] {
            let seen = flags(text);
            assert_eq!(seen.0 & !quiet.0, 0, "{text:?} {:b}", seen.0 & !quiet.0);
        }
    }

    proptest! {
        #[test]
        fn no_flag_is_missing(text in ".{0,100}") {
            prop_assert_eq!(missing(&text), Flags::NONE);
        }

        #[test]
        fn no_flag_is_missing_in_hard_texts(
            text in "[ .?&%=<a1\n\t\u{0}ةىابطظـً-ٕ١۴ییکھ،؛؟ÃÂâÐÑéÿŸœ€„…»“”–‚ƒŘŁРСШЩабвќѕЂжABΨΩαü√─\u{81}\u{85}\u{a0}\u{ad}©±š\u{301}\u{323}e\u{3099}か\u{9c7}\u{9be}\u{915}\u{93c}\u{94d}\u{e38}\u{e48}\u{1100}\u{1161}\u{200b}-\u{200f}\u{2028}-\u{202f}\u{feff}\u{fb01}\u{fe8d}\u{fefb}Ａ字👍\u{e0041}\u{1d5d5}\u{750}]{0,90}"
        ) {
            prop_assert_eq!(missing(&text), Flags::NONE);
        }

        #[test]
        fn no_flag_is_missing_in_long_words(text in "([ا-يًَ٠ـ]{0,40}[ .،]?[a-z/]{0,80}){0,3}") {
            prop_assert_eq!(missing(&text), Flags::NONE);
        }
    }
}
