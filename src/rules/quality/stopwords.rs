//! Frequent function words of languages: prose cannot do without them.

/// Words of a language, or nothing where the table has none.
pub(crate) fn of(language: &str) -> &'static [&'static str] {
    TABLE
        .iter()
        .find(|(languages, _)| languages.contains(&language))
        .map_or(&[], |&(_, words)| words)
}

#[rustfmt::skip]
static TABLE: &[(&[&str], &[&str])] = &[
    (&["ar"], &["في", "من", "على", "إلى", "الى", "أن", "ان", "عن", "مع", "هذا", "هذه", "التي", "الذي", "بعد", "كان", "بين", "ما", "لا", "لم", "قال", "وقال", "كما", "هو", "هي", "أو", "او", "خلال", "ذلك", "قد", "كل", "و", "ثم", "فى", "علي", "قبل", "منذ", "عند", "أي", "إن", "أنه", "أنها", "انه", "وأن", "بأن", "وذلك", "لذلك", "ضمن", "حيث", "به", "بها", "له", "لها", "فيه", "فيها", "عليه", "عليها", "منه", "منها", "وفي", "ومن", "وعلى", "وقد", "وأكد", "كانت", "تم", "غير", "دون", "حتى", "إلا", "إذا", "التى", "الذين", "وهو", "وهي", "كذلك", "حول", "بعض", "أما", "لن", "ليس", "بـ", "ولا", "والتي", "مما", "اثر", "إثر", "تحت"]),
    (&["fa", "prs"], &["در", "و", "به", "از", "که", "است", "این", "را", "با", "برای", "آن", "یک", "شد", "کرد", "می", "بود", "تا", "هم"]),
    (&["ur"], &["کے", "میں", "کی", "اور", "ہے", "سے", "کا", "نے", "اس", "پر", "کو", "ہیں", "یہ", "وہ", "تھا"]),
    (&["ps"], &["د", "په", "او", "کې", "چې", "له", "ته", "دی", "ده", "سره", "هم", "یې", "کی"]),
    (&["en"], &["the", "of", "and", "to", "in", "that", "is", "was", "for", "with", "on", "as", "by", "at", "from", "a", "an", "it", "be", "are", "or", "this", "not", "you", "i", "we", "have"]),
    (&["fr"], &["de", "la", "le", "et", "les", "des", "en", "un", "une", "à", "du", "que", "dans", "pour", "est", "au", "qui", "sur", "par", "ce"]),
    (&["es"], &["de", "la", "el", "en", "y", "que", "los", "del", "las", "un", "por", "con", "una", "para", "se", "al", "es"]),
    (&["it"], &["di", "e", "il", "la", "che", "in", "un", "a", "per", "una", "del", "della", "i", "con", "è", "non", "da", "le"]),
    (&["de"], &["der", "die", "und", "in", "den", "von", "zu", "das", "mit", "ist", "im", "des", "für", "ein", "eine", "auf", "dem", "nicht", "sich"]),
    (&["nl"], &["de", "het", "een", "van", "en", "in", "is", "op", "te", "dat", "voor", "met", "die", "aan", "zijn"]),
    (&["pt"], &["de", "a", "o", "que", "e", "do", "da", "em", "um", "para", "com", "não", "uma", "os", "as", "no", "na", "por"]),
    (&["sv"], &["och", "i", "att", "det", "som", "en", "på", "är", "av", "för", "med", "den", "till", "ett", "har"]),
    (&["da", "nb", "no"], &["og", "i", "at", "det", "som", "en", "på", "er", "af", "av", "for", "med", "den", "til", "et", "har", "å"]),
    (&["pl"], &["w", "i", "na", "z", "do", "się", "nie", "że", "o", "jest", "to", "od", "za", "po", "przez", "oraz"]),
    (&["cs", "sk"], &["a", "v", "na", "se", "sa", "je", "že", "do", "z", "s", "to", "pro", "pre", "o", "za", "ve", "vo", "i", "k", "od", "po", "při", "pri", "ale", "aby", "jako", "ako", "jsou", "sú", "byl", "byla", "byly", "bol", "bola", "boli", "tento", "tyto", "který", "která", "které", "ktorý", "ktorá", "ktoré", "může", "môže"]),
    (&["ro"], &["de", "și", "în", "la", "a", "cu", "pe", "din", "care", "că", "o", "nu", "pentru", "un", "este", "să"]),
    (&["hu"], &["a", "az", "és", "hogy", "nem", "is", "egy", "ez", "azt", "meg", "volt", "de", "van", "el"]),
    (&["tr"], &["ve", "bir", "bu", "için", "ile", "da", "de", "olarak", "olan", "çok", "daha", "gibi", "ne", "o"]),
    (&["ru"], &["и", "в", "на", "с", "что", "по", "не", "из", "к", "для", "от", "за", "о", "как", "это", "а", "у", "его"]),
    (&["uk"], &["і", "в", "у", "на", "з", "що", "до", "не", "за", "та", "для", "про", "від", "як", "й", "це"]),
    (&["bg"], &["на", "и", "в", "за", "да", "се", "от", "с", "е", "по", "не", "че", "са", "като"]),
    (&["el"], &["και", "το", "να", "του", "η", "της", "με", "που", "την", "από", "για", "είναι", "τα", "των", "ο", "οι", "σε", "στο"]),
    (&["hi"], &["के", "में", "है", "की", "और", "से", "का", "को", "पर", "ने", "कि", "यह", "हैं", "भी"]),
    (&["bn"], &["ও", "এবং", "এই", "থেকে", "করে", "করা", "জন্য", "একটি", "হয়", "না", "সঙ্গে", "সাথে", "যে", "তার"]),
    (&["id", "ms"], &["dan", "yang", "di", "pada", "dari", "ini", "dengan", "untuk", "itu", "dalam", "tidak", "ke", "akan", "oleh"]),
    (&["vi"], &["và", "của", "là", "có", "trong", "được", "cho", "các", "một", "với", "không", "những", "này", "đã"]),
    (&["sw"], &["ya", "na", "wa", "katika", "kwa", "ni", "la", "za", "kuwa", "hiyo", "hii"]),
    (&["fi"], &["ja", "on", "ei", "että", "se", "hän", "ovat", "mutta", "kun", "myös", "joka", "tai", "sekä", "kuin", "niin", "jo", "vain", "mukaan", "hänen", "oli", "ole", "jos"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_one_row_and_each_word_stands_once() {
        let mut languages: Vec<_> = TABLE.iter().flat_map(|(languages, _)| *languages).collect();
        let all = languages.len();
        languages.sort_unstable();
        languages.dedup();
        assert_eq!(languages.len(), all);
        for (languages, words) in TABLE {
            let mut sorted = words.to_vec();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(sorted.len(), words.len(), "{languages:?}");
        }
        assert!(of("tlh").is_empty());
    }
}
