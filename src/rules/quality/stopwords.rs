//! Frequent function words of languages: prose cannot do without them.

/// Words of a language in the order of their bytes, or nothing where the table has none.
pub(crate) fn of(language: &str) -> &'static [&'static str] {
    TABLE
        .iter()
        .find(|(languages, _)| languages.contains(&language))
        .map_or(&[], |&(_, words)| words)
}

#[rustfmt::skip]
static TABLE: &[(&[&str], &[&str])] = &[
    (&["ar"], &["أما", "أن", "أنه", "أنها", "أو", "أي", "إثر", "إذا", "إلا", "إلى", "إن", "اثر", "التى", "التي", "الذي", "الذين", "الى", "ان", "انه", "او", "بأن", "بعد", "بعض", "بـ", "به", "بها", "بين", "تحت", "تم", "ثم", "حتى", "حول", "حيث", "خلال", "دون", "ذلك", "ضمن", "على", "علي", "عليه", "عليها", "عن", "عند", "غير", "فى", "في", "فيه", "فيها", "قال", "قبل", "قد", "كان", "كانت", "كذلك", "كل", "كما", "لا", "لذلك", "لم", "لن", "له", "لها", "ليس", "ما", "مع", "مما", "من", "منذ", "منه", "منها", "هذا", "هذه", "هو", "هي", "و", "وأكد", "وأن", "والتي", "وذلك", "وعلى", "وفي", "وقال", "وقد", "ولا", "ومن", "وهو", "وهي"]),
    (&["fa", "prs"], &["آن", "از", "است", "این", "با", "برای", "به", "بود", "تا", "در", "را", "شد", "می", "هم", "و", "کرد", "که", "یک"]),
    (&["ur"], &["اس", "اور", "تھا", "سے", "میں", "نے", "وہ", "پر", "کا", "کو", "کی", "کے", "ہیں", "ہے", "یہ"]),
    (&["ps"], &["او", "ته", "د", "ده", "دی", "سره", "له", "هم", "په", "چې", "کی", "کې", "یې"]),
    (&["en"], &["a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "have", "i", "in", "is", "it", "not", "of", "on", "or", "that", "the", "this", "to", "was", "we", "with", "you"]),
    (&["fr"], &["au", "ce", "dans", "de", "des", "du", "en", "est", "et", "la", "le", "les", "par", "pour", "que", "qui", "sur", "un", "une", "à"]),
    (&["es"], &["al", "con", "de", "del", "el", "en", "es", "la", "las", "los", "para", "por", "que", "se", "un", "una", "y"]),
    (&["it"], &["a", "che", "con", "da", "del", "della", "di", "e", "i", "il", "in", "la", "le", "non", "per", "un", "una", "è"]),
    (&["de"], &["auf", "das", "dem", "den", "der", "des", "die", "ein", "eine", "für", "im", "in", "ist", "mit", "nicht", "sich", "und", "von", "zu"]),
    (&["nl"], &["aan", "dat", "de", "die", "een", "en", "het", "in", "is", "met", "op", "te", "van", "voor", "zijn"]),
    (&["pt"], &["a", "as", "com", "da", "de", "do", "e", "em", "na", "no", "não", "o", "os", "para", "por", "que", "um", "uma"]),
    (&["sv"], &["att", "av", "den", "det", "en", "ett", "för", "har", "i", "med", "och", "på", "som", "till", "är"]),
    (&["da", "nb", "no"], &["af", "at", "av", "den", "det", "en", "er", "et", "for", "har", "i", "med", "og", "på", "som", "til", "å"]),
    (&["pl"], &["do", "i", "jest", "na", "nie", "o", "od", "oraz", "po", "przez", "się", "to", "w", "z", "za", "że"]),
    (&["cs", "sk"], &["a", "aby", "ako", "ale", "bol", "bola", "boli", "byl", "byla", "byly", "do", "i", "jako", "je", "jsou", "k", "která", "které", "který", "ktorá", "ktoré", "ktorý", "môže", "může", "na", "o", "od", "po", "pre", "pri", "pro", "při", "s", "sa", "se", "sú", "tento", "to", "tyto", "v", "ve", "vo", "z", "za", "že"]),
    (&["ro"], &["a", "care", "cu", "că", "de", "din", "este", "la", "nu", "o", "pe", "pentru", "să", "un", "în", "și"]),
    (&["hu"], &["a", "az", "azt", "de", "egy", "el", "ez", "hogy", "is", "meg", "nem", "van", "volt", "és"]),
    (&["tr"], &["bir", "bu", "da", "daha", "de", "gibi", "ile", "için", "ne", "o", "olan", "olarak", "ve", "çok"]),
    (&["ru"], &["а", "в", "для", "его", "за", "и", "из", "к", "как", "на", "не", "о", "от", "по", "с", "у", "что", "это"]),
    (&["uk"], &["в", "від", "для", "до", "з", "за", "й", "на", "не", "про", "та", "у", "це", "що", "як", "і"]),
    (&["bg"], &["в", "да", "е", "за", "и", "като", "на", "не", "от", "по", "с", "са", "се", "че"]),
    (&["el"], &["από", "για", "είναι", "η", "και", "με", "να", "ο", "οι", "που", "σε", "στο", "τα", "την", "της", "το", "του", "των"]),
    (&["hi"], &["और", "का", "कि", "की", "के", "को", "ने", "पर", "भी", "में", "यह", "से", "है", "हैं"]),
    (&["bn"], &["এই", "একটি", "এবং", "ও", "করা", "করে", "জন্য", "তার", "থেকে", "না", "যে", "সঙ্গে", "সাথে", "হয়"]),
    (&["id", "ms"], &["akan", "dalam", "dan", "dari", "dengan", "di", "ini", "itu", "ke", "oleh", "pada", "tidak", "untuk", "yang"]),
    (&["vi"], &["cho", "các", "có", "của", "không", "là", "một", "những", "này", "trong", "và", "với", "đã", "được"]),
    (&["sw"], &["hii", "hiyo", "katika", "kuwa", "kwa", "la", "na", "ni", "wa", "ya", "za"]),
    (&["fi"], &["ei", "että", "hän", "hänen", "ja", "jo", "joka", "jos", "kuin", "kun", "mukaan", "mutta", "myös", "niin", "ole", "oli", "on", "ovat", "se", "sekä", "tai", "vain"]),
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
            assert!(words.is_sorted_by(|a, b| a < b), "{languages:?}");
        }
        assert!(of("tlh").is_empty());
    }
}
