//! The fast half of the scan: finds the places worth decoding, a block of bytes at a time.
//!
//! A byte position is *special* when the code point that starts there, with its neighbours, may
//! raise a flag that comparisons cannot raise by themselves. What is left out here is left out
//! because no code point of that shape raises anything; a property test against the reference
//! implementation watches that.
//!
//! The comparisons (`lanes`) look at 64 bytes and their neighbours at once.

use super::Flags;
use super::classify::{self, Pair};
use super::lanes::{self, Marks};
use crate::text::class::{self, Script};
use crate::text::simd::{Around, BLOCK, CONTEXT, LEVEL, PAD, window};
use fearless_simd::{Level, Simd, dispatch};

/// Two weak pairs at most this many bytes apart raise the mojibake flag.
const PAIR_DISTANCE: usize = 256;

struct Scanner<'t> {
    text: &'t str,
    flags: Flags,
    /// What the lanes said, over all blocks.
    seen: Marks,
    high: bool,
    arabic: bool,
    /// Lead bytes of two-byte code points that are neither Latin, Cyrillic nor Arabic.
    two: bool,
    indic: bool,
    /// Spaces before Arabic letters of the block before.
    starts_before: u64,
    /// Latin or Greek letters at special places; Cyrillic anywhere.
    latin: bool,
    greek: bool,
    cyrillic: bool,
    /// Byte offset of the last weak pair.
    last_pair: Option<usize>,
    /// End of the Arabic run that was measured last.
    run_end: usize,
    /// Special positions.
    places: &'t mut Vec<usize>,
}

/// The flags of a text. In `places` it leaves the byte offsets of the code points that are worth
/// decoding, in order: all that are invisible, controls, odd spaces, private, presentation forms, or no
/// characters are among them, and little else in prose.
pub(crate) fn flags(text: &str, places: &mut Vec<usize>) -> Flags {
    flags_at(*LEVEL, text, places)
}

fn flags_at(level: Level, text: &str, places: &mut Vec<usize>) -> Flags {
    places.clear();
    let mut scanner = Scanner::new(text, places);
    dispatch!(level, simd => scanner.run(simd));
    scanner.finish()
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str, places: &'t mut Vec<usize>) -> Self {
        Self {
            text,
            flags: Flags::NONE,
            seen: Marks::default(),
            high: false,
            arabic: false,
            two: false,
            indic: false,
            starts_before: 0,
            latin: false,
            greek: false,
            cyrillic: false,
            last_pair: None,
            run_end: 0,
            places,
        }
    }

    #[inline(always)]
    fn run<S: Simd>(&mut self, simd: S) {
        let bytes = self.text.as_bytes();
        let mut space = [PAD; CONTEXT + BLOCK + CONTEXT];
        let mut base = 0;
        while base < bytes.len() {
            self.block(Around::new(simd, window(bytes, base, &mut space)), base);
            base += BLOCK;
        }
    }

    #[inline(always)]
    fn block<S: Simd>(&mut self, block: Around<'_, S>, base: usize) {
        let ascii = lanes::ascii(block);
        self.seen.spaces |= ascii.marks.spaces;
        let mut special = ascii.marks.special;
        let words = ascii.blank | ascii.high;
        // Every run of 64 bytes holds an aligned half of a block.
        let rest = self.text.len() - base;
        if (words as u32 == 0 && rest >= BLOCK / 2) || (words >> 32 == 0 && rest >= BLOCK) {
            self.flags |= Flags::LONG_TOKEN;
        }
        if ascii.arabic_start | self.starts_before != 0 {
            let starts = u128::from(ascii.arabic_start) << 64 | u128::from(self.starts_before);
            if (starts << 6 & starts << 3) >> 64 & u128::from(ascii.space) != 0 {
                self.flags |= Flags::SPACED;
            }
        }
        self.starts_before = ascii.arabic_start;
        if ascii.high != 0 {
            self.high = true;
            special |= self.outside_ascii(block, ascii.high, base);
        }
        if special != 0 {
            self.specials(special, base);
        }
    }

    /// Marks the special positions of a block that is not all ASCII.
    #[inline(always)]
    fn outside_ascii<S: Simd>(&mut self, block: Around<'_, S>, high: u64, base: usize) -> u64 {
        let groups = lanes::groups(block);
        let mut special = 0;
        if groups.arabic != 0 {
            self.arabic = true;
            special |= self.see(lanes::arabic(block));
            if groups.persian != 0 {
                special |= self.see(lanes::persian(block));
            }
        }
        let mut rare = 0;
        if groups.other != 0 {
            let others = lanes::others(block);
            rare = others.rare_arabic;
            special |= self.others(block, &others);
        }
        if groups.arabic | rare != 0 {
            let long = |part: &usize| (high >> (part * 16)) as u16 == u16::MAX;
            (0..4)
                .filter(long)
                .for_each(|part| self.long_run(base + part * 16));
        }
        special
    }

    #[inline(always)]
    fn see(&mut self, marks: Marks) -> u64 {
        self.seen.spaces |= marks.spaces;
        self.seen.tatweel |= marks.tatweel;
        self.seen.harakat |= marks.harakat;
        self.seen.farsi |= marks.farsi;
        self.seen.digits |= marks.digits;
        marks.special
    }

    #[inline(always)]
    fn others<S: Simd>(&mut self, block: Around<'_, S>, others: &lanes::Others) -> u64 {
        let mut special = 0;
        if others.latin != 0 {
            special |= lanes::latin(block);
        }
        if others.cyrillic != 0 {
            self.cyrillic = true;
            let (places, case) = lanes::cyrillic(block);
            special |= places;
            if case != 0 {
                self.flags |= Flags::LEGACY;
            }
        }
        if others.two != 0 {
            self.two = true;
            special |= lanes::other_two(block);
        }
        if others.three != 0 {
            let (places, fullwidth) = lanes::three_bytes(block);
            special |= places;
            if fullwidth != 0 {
                self.flags |= Flags::FULLWIDTH;
            }
        }
        self.indic |= others.indic != 0;
        special
    }

    /// Visits every marked position.
    #[inline(never)]
    fn specials(&mut self, mut marks: u64, base: usize) {
        while marks != 0 {
            let at = base + marks.trailing_zeros() as usize;
            marks &= marks - 1;
            self.places.push(at);
            self.special(at);
        }
    }

    /// Measures the run of Arabic letters at the first code point after `base`.
    #[inline(never)]
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
            let follows = byte == 0xE2 || byte < 0xD3 || byte == 0xDA;
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
            b'%' => {
                let word = matches!(next(1), b'a'..=b'z' | b'_');
                let code = hex || matches!(next(1), b'u' | b'U');
                Flags::NONE
                    .or_if(word, Flags::PERCENT_WORD)
                    .or_if(code, Flags::PERCENT)
            }
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
        raise(self.high, Flags::NON_ASCII);
        raise(self.seen.spaces != 0, Flags::WHITESPACE);
        let arabic = self.arabic;
        raise(arabic, Flags::ARABIC);
        raise(self.seen.tatweel != 0, Flags::TATWEEL);
        raise(self.seen.harakat != 0, Flags::HARAKAT);
        raise(self.seen.farsi != 0, Flags::FARSI_LETTER);
        raise(self.seen.digits != 0, Flags::OTHER_DIGIT);
        // Arabic has one of them in its first words; only Persian and Urdu are searched to the end.
        let bytes = self.text.as_bytes();
        let has = |letter: &str| memchr::memmem::find(bytes, letter.as_bytes()).is_some();
        raise(
            arabic && (has("ي") || has("ك") || has("ى")),
            Flags::ARABIC_YEH_KAF,
        );
        // Every text in an Indic script or Thai has marks, and near them holes in the code charts.
        raise(self.indic, Flags::COMBINING.or(Flags::UNASSIGNED));
        let cyrillic = self.cyrillic;
        // All of Greek's two-byte letters raise the group with other scripts: then look.
        let greek = self.greek || (self.two && memchr::memchr2(0xCE, 0xCF, bytes).is_some());
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

    fn flags(text: &str) -> Flags {
        super::flags(text, &mut Vec::new())
    }

    fn missing(text: &str) -> Flags {
        Flags(reference::flags(text).0 & !flags(text).0)
    }

    #[test]
    fn every_code_point_in_some_company() {
        // Everything that is told apart, and samples of the planes that repeat themselves.
        let told = ('\0'..='\u{1FFFF}').chain('\u{E0000}'..='\u{E01FF}');
        let samples = ('\u{20000}'..=char::MAX).step_by(0x1003);
        let ends = (2..=16).flat_map(|plane| [0xFFFE, 0xFFFF].map(|end| plane << 16 | end));
        for c in told.chain(samples).chain(ends.filter_map(char::from_u32)) {
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

    /// Pairs that only together are garbled text, beside quotation marks.
    #[test]
    fn pairs_beside_quotes() {
        for text in ["Шќа»“", "“Шќа»“", "а»“Шќ"] {
            assert_eq!(missing(text), Flags::NONE, "{text:?}");
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
            "%name%",
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
                for before in 0..70 {
                    for after in [0, 1, 20] {
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
            let seen: Vec<Flags> = crate::text::simd::levels()
                .into_iter()
                .map(|level| flags_at(level, &text, &mut Vec::new()))
                .collect();
            prop_assert!(seen.windows(2).all(|two| two[0] == two[1]), "{seen:?}");
            prop_assert_eq!(missing(&text), Flags::NONE);
        }

        #[test]
        fn no_flag_is_missing_in_long_words(text in "([ا-يًَ٠ـ]{0,40}[ .،]?[a-z/]{0,80}){0,3}") {
            prop_assert_eq!(missing(&text), Flags::NONE);
        }
    }
}
