//! How odd characters look beside each other: what tells mojibake from text that somebody wrote.
//!
//! `Ã©` is odd because a sign follows a capital, `ï¿½` because one follows a small letter, `Г©` in a
//! French word because two scripts meet. A repair is believed when the text around it is less odd
//! afterwards. Costs are small integers; ordinary prose of any language has hardly any.

use super::makeup::{Group, group, is_scripted};
use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;

/// The cost of a character that no text has.
pub const IMPOSSIBLE: i32 = 12;

/// What a character is to its neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Space,
    NoBreak,
    Digit,
    /// ASCII punctuation.
    Plain,
    Lower(Option<Group>),
    Upper(Option<Group>),
    /// A letter without case.
    Letter(Option<Group>),
    Mark,
    /// Opening quotation marks, `¿` and `¡`.
    Open,
    /// `“` and `‘`, which close in German.
    Quote,
    /// What closes or ends.
    Close,
    /// The apostrophe, which stands inside words too.
    Apostrophe,
    Dash,
    Currency,
    /// Signs that stand after digits or in formulas, and rarely touch letters.
    Odd,
    /// Box drawing.
    Block,
    C1,
    /// Pictures, arrows, U+FFFD.
    Picture,
    Joiner,
}

fn class(c: char) -> Class {
    match c {
        ' ' | '\t' | '\n' | '\r' => Class::Space,
        '0'..='9' => Class::Digit,
        'a'..='z' => Class::Lower(Some(Group::Latin)),
        'A'..='Z' => Class::Upper(Some(Group::Latin)),
        '\0'..='\u{7f}' => Class::Plain,
        '\u{80}'..='\u{9f}' => Class::C1,
        '\u{a0}' => Class::NoBreak,
        '“' | '‘' => Class::Quote,
        '«' | '„' | '‚' | '‹' | '¡' | '¿' => Class::Open,
        '»' | '”' | '›' | '…' | '™' | '®' | '©' => Class::Close,
        '’' | '\u{2b9}'..='\u{2bc}' => Class::Apostrophe,
        '–' | '—' => Class::Dash,
        'ª' | 'º' | 'ˆ' | 'ƒ' | '˜' => Class::Odd,
        '¢' | '£' | '¥' | '€' | '₧' => Class::Currency,
        '\u{2500}'..='\u{259f}' => Class::Block,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{fe0f}' | '\u{2060}' | '\u{2800}' => {
            Class::Joiner
        }
        '\u{fffd}' => Class::Picture,
        '\u{640}' => Class::Mark,
        '\u{30fc}' => Class::Letter(Some(Group::EastAsian)),
        _ => general(c),
    }
}

fn general(c: char) -> Class {
    use GeneralCategory as Gc;
    match CodePointMapData::<Gc>::new().get(c) {
        Gc::LowercaseLetter => Class::Lower(group(c)),
        Gc::UppercaseLetter => Class::Upper(group(c)),
        _ if is_scripted(c) => Class::Letter(group(c)),
        Gc::ModifierLetter | Gc::OtherLetter => Class::Letter(None),
        Gc::NonspacingMark | Gc::SpacingMark => Class::Mark,
        Gc::DecimalNumber => Class::Digit,
        Gc::OtherSymbol if !matches!(c, '\u{80}'..='\u{ff}') => Class::Picture,
        Gc::CurrencySymbol if c > '\u{ff}' => Class::Currency,
        Gc::OpenPunctuation | Gc::InitialPunctuation => Class::Open,
        Gc::ClosePunctuation | Gc::FinalPunctuation => Class::Close,
        Gc::OtherPunctuation if c > '\u{ff}' && !matches!(c, '†' | '‡' | '•' | '‰') => Class::Close,
        _ => Class::Odd,
    }
}

/// Letters of Latin Extended-A that a language of some size writes.
const EXTENDED: &str = "āĀăĂąĄćĆčČđĐēĒėĖęĘěĚğĞīĪįĮıİłŁńŃňŇőŐœŒřŘśŚşŞšŠţŢūŪůŮűŰųŲźŹżŻžŽ";

/// The cost of a character by itself.
fn alone(c: char, class: Class) -> i32 {
    match c {
        '\u{17f}' => return IMPOSSIBLE,
        'ÿ' | 'Ÿ' | '\u{2b9}'..='\u{2bc}' => return 2,
        // In prose × ° § have their place, and joiners.
        '\u{2800}' | '\u{fe0f}' | '\u{200c}' | '\u{200d}' | '×' | '°' | '§' | '·' | '÷' | '±' | '≤' | '≥' =>
        {
            return 0;
        }
        _ => {}
    }
    match class {
        Class::C1 => 4,
        Class::Block | Class::Odd | Class::Joiner | Class::Picture => 1,
        Class::Lower(group) | Class::Upper(group) | Class::Letter(group) => letter(c, group),
        Class::Mark => mark(c),
        Class::Close | Class::Open if matches!(c, '\u{500}'..='\u{1fff}') && !"،؛؟۔٪٫٬।॥׳״་".contains(c) => {
            4
        }
        _ if c > '\u{7f}' && !super::makeup::is_character(c) => IMPOSSIBLE,
        _ => 0,
    }
}

/// Letters beyond those of Arabic that Persian, Urdu, Kurdish, Pashto, Sindhi and Uyghur write.
const ARABIC: &str = "ٹپچڈڑژکگںھہۂۃیےۓېۆۇۈۋۅۉڕڵڭټځڅډړږښڼڤڨٻٿڄڇڃڍڏڊڻڱۀ";

fn letter(c: char, group: Option<Group>) -> i32 {
    match (c, group) {
        (_, None) => 6,
        (_, Some(Group::Rare)) => 1,
        ('\u{100}'..='\u{17e}', _) => i32::from(!EXTENDED.contains(c)),
        (
            '\u{218}'..='\u{21b}' | '\u{1ea0}'..='\u{1ef9}' | '\u{1a0}' | '\u{1a1}' | '\u{1af}' | '\u{1b0}',
            _,
        ) => 0,
        ('\u{180}'..='\u{2ff}' | '\u{1d00}'..='\u{1e9f}', _) => 6,
        ('\u{370}'..='\u{385}' | '\u{3cf}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}', _) => 3,
        ('\u{460}'..='\u{48f}' | '\u{4c1}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}', _) => 4,
        ('\u{490}'..='\u{4c0}', _) if !matches!(c, 'ґ' | 'Ґ') => 2,
        ('\u{671}'..='\u{6d3}', _) => i32::from(!ARABIC.contains(c)) * 3,
        ('\u{6ef}'..='\u{8ff}' | '\u{fb00}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}', _) => 2,
        _ => 0,
    }
}

fn mark(c: char) -> i32 {
    match c {
        // Strokes that cross out.
        '\u{335}'..='\u{338}' => 1,
        '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' => 2,
        '\u{483}'..='\u{489}' | '\u{610}'..='\u{61a}' | '\u{6d6}'..='\u{6ed}' => 4,
        '\u{700}'..='\u{8ff}' => 6,
        _ => 0,
    }
}

impl Class {
    const fn is_letter(self) -> bool {
        matches!(self, Self::Lower(_) | Self::Upper(_) | Self::Letter(_))
    }

    /// The group of a letter's script.
    const fn group(self) -> Option<Group> {
        match self {
            Self::Lower(group) | Self::Upper(group) | Self::Letter(group) => group,
            _ => None,
        }
    }
}

/// The cost of two characters in a row.
fn together(left: Class, right: Class) -> i32 {
    use Class as C;
    match (left, right) {
        (C::Lower(a), C::Upper(b)) if a == b => 2,
        (a, b) if a.is_letter() && b.is_letter() => scripts(a, b),
        (a, right) if a.is_letter() => match right {
            C::Odd | C::Open | C::Currency | C::Block => 2,
            C::Quote => 1,
            _ => 0,
        },
        (left, b) if b.is_letter() => match left {
            C::Odd | C::Close | C::Block => 2,
            C::Currency => 1,
            _ => 0,
        },
        (C::Space, C::Mark) => 2,
        (left, right) => i32::from(are_signs(left, right)),
    }
}

/// Whether two signs stand together that prose keeps apart.
const fn are_signs(left: Class, right: Class) -> bool {
    use Class as C;
    match left {
        C::Open => matches!(right, C::Space | C::NoBreak | C::Close | C::Odd | C::Block),
        C::Close => matches!(
            right,
            C::Open | C::Quote | C::Odd | C::Currency | C::Digit | C::Block
        ),
        C::Odd => matches!(
            right,
            C::Odd | C::Open | C::Quote | C::Currency | C::Close | C::Apostrophe | C::Dash | C::Block
        ),
        C::Block => matches!(right, C::Odd | C::Open | C::Quote | C::Close | C::Currency),
        C::Currency => matches!(
            right,
            C::Open | C::Quote | C::Odd | C::Currency | C::Close | C::Block
        ),
        C::Quote => matches!(right, C::Odd | C::Block),
        C::Dash | C::Apostrophe => matches!(right, C::Odd),
        _ => false,
    }
}

/// The cost of letters of two scripts in one word.
fn scripts(left: Class, right: Class) -> i32 {
    let has = |group| left.group() == Some(group) || right.group() == Some(group);
    if left.group() == right.group() {
        0
    } else if has(Group::EastAsian) {
        // Names and signs stand in East Asian text without spaces.
        2
    } else if has(Group::SouthEastAsian) || (has(Group::Latin) && has(Group::Greek)) {
        // A Greek letter serves as a symbol.
        1
    } else {
        3
    }
}

/// The cost of a piece of text. The characters around it that are passed along count too.
#[must_use]
pub fn cost(chars: impl Iterator<Item = char>) -> i32 {
    let mut sum = 0;
    let mut words = Words::default();
    let mut before = Class::Space;
    for c in chars.chain([' ']) {
        let now = class(c);
        sum += alone(c, now) + together(before, now) + words.next(c, before, now);
        before = now;
    }
    sum
}

/// What is odd about words as a whole.
#[derive(Default)]
struct Words {
    /// Letters of the word so far.
    letters: usize,
    /// Capitals that it starts with.
    capitals: usize,
    /// `œ` came last.
    ligature: bool,
    /// A consonant of ASCII came last.
    consonant: bool,
}

impl Words {
    fn next(&mut self, c: char, before: Class, now: Class) -> i32 {
        let mut sum = 0;
        let small = matches!(now, Class::Lower(_));
        // Capitals, and one small letter after them: `USř`.
        if self.capitals >= 2
            && self.letters == self.capitals + 1
            && matches!(before, Class::Lower(_))
            && !small
        {
            sum += 2;
        }
        if !now.is_letter() && now != Class::Mark {
            // `œ` never ends a word; an ideograph hardly is one.
            sum += i32::from(self.ligature) * 3;
            let lone = matches!(before, Class::Letter(Some(Group::EastAsian)));
            sum += i32::from(self.letters == 1 && lone) * 2;
            *self = Self::default();
            return sum;
        }
        // `ß` follows a vowel.
        sum += i32::from(c == 'ß' && self.consonant);
        self.consonant = c.is_ascii_alphabetic() && !"aeiouyAEIOUY".contains(c);
        // Two capitals, and the word goes on small.
        if small && self.letters == 2 && self.capitals == 2 {
            sum += 1;
        }
        if matches!(now, Class::Upper(_)) && self.letters == self.capitals {
            self.capitals += 1;
        }
        self.letters += usize::from(now != Class::Mark);
        self.ligature = matches!(c, 'œ' | 'Œ');
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn odd(text: &str) -> i32 {
        cost(text.chars())
    }

    #[test]
    fn prose_is_not_odd() {
        for text in [
            "L’été dernier, la mairie a repeint « la salle » à Évry.",
            "Der Bürgermeister sagte: „Wir öffnen um 9 Uhr“ – endlich.",
            "İstanbul’da yağmurlu bir gün, çocuklar okula gitti.",
            "Příliš žluťoučký kůň pil vodu u řeky.",
            "Новый мост через реку открыли в пятницу.",
            "Η νέα γέφυρα άνοιξε την Παρασκευή.",
            "افتتح الوزير الجسر الجديد يوم الجمعة، وقال «نعم».",
            "کتاب‌فروشی تازه‌ای در خیابان باز شد.",
            "नया पुल शुक्रवार को खुला।",
            "新しい橋が金曜日に開通した。",
            "20 °C, 5 × 3 m, § 12",
        ] {
            assert!(odd(text) <= 2, "{text}: {}", odd(text));
        }
    }

    #[test]
    fn mojibake_is_odd() {
        for text in [
            "Ã©tÃ©",
            "Ø§Ù„",
            "cafГ©",
            "wei√üer",
            "├®t├®",
            "â€œ",
            "x\u{92}y",
            "AřŽſ",
        ] {
            assert!(odd(text) >= 3, "{text}: {}", odd(text));
        }
    }
}
