//! Subtags of BCP 47: facts of ISO 639, ISO 3166-1 and the IANA registry, and names of languages.

/// Two-letter languages of ISO 639-1.
#[rustfmt::skip]
pub(super) static LANGUAGES: &[&str] = &[
    "aa", "ab", "ae", "af", "ak", "am", "an", "ar", "as", "av", "ay", "az", "ba", "be", "bg", "bh", "bi",
    "bm", "bn", "bo", "br", "bs", "ca", "ce", "ch", "co", "cr", "cs", "cu", "cv", "cy", "da", "de", "dv",
    "dz", "ee", "el", "en", "eo", "es", "et", "eu", "fa", "ff", "fi", "fj", "fo", "fr", "fy", "ga", "gd",
    "gl", "gn", "gu", "gv", "ha", "he", "hi", "ho", "hr", "ht", "hu", "hy", "hz", "ia", "id", "ie", "ig",
    "ii", "ik", "io", "is", "it", "iu", "ja", "jv", "ka", "kg", "ki", "kj", "kk", "kl", "km", "kn", "ko",
    "kr", "ks", "ku", "kv", "kw", "ky", "la", "lb", "lg", "li", "ln", "lo", "lt", "lu", "lv", "mg", "mh",
    "mi", "mk", "ml", "mn", "mr", "ms", "mt", "my", "na", "nb", "nd", "ne", "ng", "nl", "nn", "no", "nr",
    "nv", "ny", "oc", "oj", "om", "or", "os", "pa", "pi", "pl", "ps", "pt", "qu", "rm", "rn", "ro", "ru",
    "rw", "sa", "sc", "sd", "se", "sg", "si", "sk", "sl", "sm", "sn", "so", "sq", "sr", "ss", "st", "su",
    "sv", "sw", "ta", "te", "tg", "th", "ti", "tk", "tl", "tn", "to", "tr", "ts", "tt", "tw", "ty", "ug",
    "uk", "ur", "uz", "ve", "vi", "vo", "wa", "wo", "xh", "yi", "yo", "za", "zh", "zu",
];

/// Three-letter codes of ISO 639-2, both terminological and bibliographic, that have a two-letter one.
#[rustfmt::skip]
pub(super) static LONG: &[(&str, &str)] = &[
    ("aar", "aa"), ("abk", "ab"), ("afr", "af"), ("aka", "ak"), ("alb", "sq"), ("amh", "am"), ("ara", "ar"),
    ("arg", "an"), ("arm", "hy"), ("asm", "as"), ("ava", "av"), ("ave", "ae"), ("aym", "ay"), ("aze", "az"),
    ("bak", "ba"), ("bam", "bm"), ("baq", "eu"), ("bel", "be"), ("ben", "bn"), ("bih", "bh"), ("bis", "bi"),
    ("bod", "bo"), ("bos", "bs"), ("bre", "br"), ("bul", "bg"), ("bur", "my"), ("cat", "ca"), ("ces", "cs"),
    ("cha", "ch"), ("che", "ce"), ("chi", "zh"), ("chu", "cu"), ("chv", "cv"), ("cor", "kw"), ("cos", "co"),
    ("cre", "cr"), ("cym", "cy"), ("cze", "cs"), ("dan", "da"), ("deu", "de"), ("div", "dv"), ("dut", "nl"),
    ("dzo", "dz"), ("ell", "el"), ("eng", "en"), ("epo", "eo"), ("est", "et"), ("eus", "eu"), ("ewe", "ee"),
    ("fao", "fo"), ("fas", "fa"), ("fij", "fj"), ("fin", "fi"), ("fra", "fr"), ("fre", "fr"), ("fry", "fy"),
    ("ful", "ff"), ("geo", "ka"), ("ger", "de"), ("gla", "gd"), ("gle", "ga"), ("glg", "gl"), ("glv", "gv"),
    ("gre", "el"), ("grn", "gn"), ("guj", "gu"), ("hat", "ht"), ("hau", "ha"), ("heb", "he"), ("her", "hz"),
    ("hin", "hi"), ("hmo", "ho"), ("hrv", "hr"), ("hun", "hu"), ("hye", "hy"), ("ibo", "ig"), ("ice", "is"),
    ("ido", "io"), ("iii", "ii"), ("iku", "iu"), ("ile", "ie"), ("ina", "ia"), ("ind", "id"), ("ipk", "ik"),
    ("isl", "is"), ("ita", "it"), ("jav", "jv"), ("jpn", "ja"), ("kal", "kl"), ("kan", "kn"), ("kas", "ks"),
    ("kat", "ka"), ("kau", "kr"), ("kaz", "kk"), ("khm", "km"), ("kik", "ki"), ("kin", "rw"), ("kir", "ky"),
    ("kom", "kv"), ("kon", "kg"), ("kor", "ko"), ("kua", "kj"), ("kur", "ku"), ("lao", "lo"), ("lat", "la"),
    ("lav", "lv"), ("lim", "li"), ("lin", "ln"), ("lit", "lt"), ("ltz", "lb"), ("lub", "lu"), ("lug", "lg"),
    ("mac", "mk"), ("mah", "mh"), ("mal", "ml"), ("mao", "mi"), ("mar", "mr"), ("may", "ms"), ("mkd", "mk"),
    ("mlg", "mg"), ("mlt", "mt"), ("mon", "mn"), ("mri", "mi"), ("msa", "ms"), ("mya", "my"), ("nau", "na"),
    ("nav", "nv"), ("nbl", "nr"), ("nde", "nd"), ("ndo", "ng"), ("nep", "ne"), ("nld", "nl"), ("nno", "nn"),
    ("nob", "nb"), ("nor", "no"), ("nya", "ny"), ("oci", "oc"), ("oji", "oj"), ("ori", "or"), ("orm", "om"),
    ("oss", "os"), ("pan", "pa"), ("per", "fa"), ("pli", "pi"), ("pol", "pl"), ("por", "pt"), ("pus", "ps"),
    ("que", "qu"), ("roh", "rm"), ("ron", "ro"), ("rum", "ro"), ("run", "rn"), ("rus", "ru"), ("sag", "sg"),
    ("san", "sa"), ("sin", "si"), ("slk", "sk"), ("slo", "sk"), ("slv", "sl"), ("sme", "se"), ("smo", "sm"),
    ("sna", "sn"), ("snd", "sd"), ("som", "so"), ("sot", "st"), ("spa", "es"), ("sqi", "sq"), ("srd", "sc"),
    ("srp", "sr"), ("ssw", "ss"), ("sun", "su"), ("swa", "sw"), ("swe", "sv"), ("tah", "ty"), ("tam", "ta"),
    ("tat", "tt"), ("tel", "te"), ("tgk", "tg"), ("tgl", "tl"), ("tha", "th"), ("tib", "bo"), ("tir", "ti"),
    ("ton", "to"), ("tsn", "tn"), ("tso", "ts"), ("tuk", "tk"), ("tur", "tr"), ("twi", "tw"), ("uig", "ug"),
    ("ukr", "uk"), ("urd", "ur"), ("uzb", "uz"), ("ven", "ve"), ("vie", "vi"), ("vol", "vo"), ("wel", "cy"),
    ("wln", "wa"), ("wol", "wo"), ("xho", "xh"), ("yid", "yi"), ("yor", "yo"), ("zha", "za"), ("zho", "zh"),
    ("zul", "zu"),
];

/// Withdrawn codes and what the registry prefers.
#[rustfmt::skip]
pub(super) static PREFERRED: &[(&str, &str)] =
    &[("in", "id"), ("iw", "he"), ("ji", "yi"), ("jw", "jv"), ("mo", "ro")];

/// Individual languages that stand for their macrolanguage in practice (CLDR aliases).
#[rustfmt::skip]
pub(super) static STANDARDS: &[(&str, &str)] = &[
    ("arb", "ar"), ("cmn", "zh"), ("ekk", "et"), ("lvs", "lv"), ("pes", "fa"), ("swh", "sw"), ("uzn", "uz"),
    ("zsm", "ms"), ("azj", "az"), ("khk", "mn"), ("npi", "ne"), ("ory", "or"), ("plt", "mg"), ("ydd", "yi"),
    ("als", "sq"), ("kmr", "ku"), ("fil", "tl"),
];

/// Two-letter regions of ISO 3166-1, and `XK`.
#[rustfmt::skip]
pub(super) static REGIONS: &[&str] = &[
    "AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW", "AX", "AZ", "BA",
    "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN", "BO", "BQ", "BR", "BS", "BT", "BV",
    "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG", "CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU",
    "CV", "CW", "CX", "CY", "CZ", "DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES",
    "ET", "FI", "FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL", "GM",
    "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR", "HT", "HU", "ID", "IE",
    "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM", "JO", "JP", "KE", "KG", "KH", "KI", "KM",
    "KN", "KP", "KR", "KW", "KY", "KZ", "LA", "LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY",
    "MA", "MC", "MD", "ME", "MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT",
    "MU", "MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP", "NR", "NU",
    "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR", "PS", "PT", "PW", "PY", "QA",
    "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD", "SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM",
    "SN", "SO", "SR", "SS", "ST", "SV", "SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL",
    "TM", "TN", "TO", "TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE",
    "VG", "VI", "VN", "VU", "WF", "WS", "XK", "YE", "YT", "ZA", "ZM", "ZW",
];

/// Names of languages, English and their own, in small letters.
#[rustfmt::skip]
pub(super) static NAMES: &[(&str, &str)] = &[
    ("abkhazian", "ab"), ("afar", "aa"), ("afrikaans", "af"), ("akan", "ak"), ("albanian", "sq"),
    ("amharic", "am"), ("arabic", "ar"), ("aragonese", "an"), ("armenian", "hy"), ("assamese", "as"),
    ("avaric", "av"), ("avestan", "ae"), ("aymara", "ay"), ("azerbaijani", "az"), ("azərbaycan", "az"),
    ("bahasa indonesia", "id"), ("bahasa melayu", "ms"), ("bambara", "bm"), ("bangla", "bn"),
    ("bashkir", "ba"), ("basque", "eu"), ("belarusian", "be"), ("bengali", "bn"),
    ("bihari languages", "bh"), ("bislama", "bi"), ("bokmål", "nb"), ("bosanski", "bs"), ("bosnian", "bs"),
    ("breton", "br"), ("bulgarian", "bg"), ("burmese", "my"), ("castellano", "es"), ("castilian", "es"),
    ("catalan", "ca"), ("català", "ca"), ("central khmer", "km"), ("central kurdish", "ckb"),
    ("chamorro", "ch"), ("chechen", "ce"), ("chichewa", "ny"), ("chinese", "zh"), ("church slavic", "cu"),
    ("chuvash", "cv"), ("cornish", "kw"), ("corsican", "co"), ("cree", "cr"), ("croatian", "hr"),
    ("cymraeg", "cy"), ("czech", "cs"), ("danish", "da"), ("dansk", "da"), ("deutsch", "de"),
    ("divehi", "dv"), ("dutch", "nl"), ("dzongkha", "dz"), ("eesti", "et"), ("english", "en"),
    ("español", "es"), ("esperanto", "eo"), ("estonian", "et"), ("euskara", "eu"), ("ewe", "ee"),
    ("faroese", "fo"), ("farsi", "fa"), ("fijian", "fj"), ("filipino", "fil"), ("finnish", "fi"),
    ("français", "fr"), ("french", "fr"), ("fulah", "ff"), ("gaeilge", "ga"), ("gaelic", "gd"),
    ("galego", "gl"), ("galician", "gl"), ("ganda", "lg"), ("georgian", "ka"), ("german", "de"),
    ("greek", "el"), ("guarani", "gn"), ("gujarati", "gu"), ("haitian", "ht"), ("hausa", "ha"),
    ("hebrew", "he"), ("herero", "hz"), ("hindi", "hi"), ("hiri motu", "ho"), ("hrvatski", "hr"),
    ("hungarian", "hu"), ("icelandic", "is"), ("ido", "io"), ("igbo", "ig"), ("indonesian", "id"),
    ("interlingua", "ia"), ("interlingue", "ie"), ("inuktitut", "iu"), ("inupiaq", "ik"), ("irish", "ga"),
    ("italian", "it"), ("italiano", "it"), ("japanese", "ja"), ("javanese", "jv"), ("kalaallisut", "kl"),
    ("kannada", "kn"), ("kanuri", "kr"), ("kashmiri", "ks"), ("kazakh", "kk"), ("khmer", "km"),
    ("kikuyu", "ki"), ("kinyarwanda", "rw"), ("kirghiz", "ky"), ("kiswahili", "sw"), ("komi", "kv"),
    ("kongo", "kg"), ("korean", "ko"), ("kuanyama", "kj"), ("kurdish", "ku"), ("kurdî", "ku"),
    ("lao", "lo"), ("latin", "la"), ("latvian", "lv"), ("latviešu", "lv"), ("lietuvių", "lt"),
    ("limburgan", "li"), ("lingala", "ln"), ("lithuanian", "lt"), ("luba-katanga", "lu"),
    ("luxembourgish", "lb"), ("macedonian", "mk"), ("magyar", "hu"), ("malagasy", "mg"), ("malay", "ms"),
    ("malayalam", "ml"), ("maltese", "mt"), ("malti", "mt"), ("manx", "gv"), ("maori", "mi"),
    ("marathi", "mr"), ("marshallese", "mh"), ("mongolian", "mn"), ("nauru", "na"), ("navajo", "nv"),
    ("ndebele", "nd"), ("ndonga", "ng"), ("nederlands", "nl"), ("nepali", "ne"), ("norsk", "no"),
    ("norsk bokmål", "nb"), ("northern sami", "se"), ("norwegian", "no"), ("norwegian bokmål", "nb"),
    ("norwegian nynorsk", "nn"), ("occitan", "oc"), ("ojibwa", "oj"), ("oriya", "or"), ("oromo", "om"),
    ("ossetian", "os"), ("pali", "pi"), ("panjabi", "pa"), ("persian", "fa"), ("polish", "pl"),
    ("polski", "pl"), ("portuguese", "pt"), ("português", "pt"), ("pushto", "ps"), ("quechua", "qu"),
    ("romanian", "ro"), ("romansh", "rm"), ("română", "ro"), ("rundi", "rn"), ("russian", "ru"),
    ("samoan", "sm"), ("sango", "sg"), ("sanskrit", "sa"), ("sardinian", "sc"), ("serbian", "sr"),
    ("shona", "sn"), ("shqip", "sq"), ("sichuan yi", "ii"), ("sindhi", "sd"), ("sinhala", "si"),
    ("slovak", "sk"), ("slovenian", "sl"), ("slovenčina", "sk"), ("slovenščina", "sl"), ("somali", "so"),
    ("soomaali", "so"), ("sorani", "ckb"), ("sotho", "st"), ("spanish", "es"), ("srpski", "sr"),
    ("sundanese", "su"), ("suomi", "fi"), ("svenska", "sv"), ("swahili", "sw"), ("swati", "ss"),
    ("swedish", "sv"), ("tagalog", "tl"), ("tahitian", "ty"), ("tajik", "tg"), ("tamil", "ta"),
    ("tatar", "tt"), ("telugu", "te"), ("thai", "th"), ("tibetan", "bo"), ("tigrinya", "ti"),
    ("tiếng việt", "vi"), ("tonga", "to"), ("tsonga", "ts"), ("tswana", "tn"), ("turkish", "tr"),
    ("turkmen", "tk"), ("twi", "tw"), ("türkçe", "tr"), ("uighur", "ug"), ("ukrainian", "uk"),
    ("urdu", "ur"), ("uyghur", "ug"), ("uzbek", "uz"), ("venda", "ve"), ("vietnamese", "vi"),
    ("volapük", "vo"), ("walloon", "wa"), ("welsh", "cy"), ("western frisian", "fy"), ("wolof", "wo"),
    ("xhosa", "xh"), ("yiddish", "yi"), ("yoruba", "yo"), ("zhuang", "za"), ("zulu", "zu"),
    ("íslenska", "is"), ("čeština", "cs"), ("ελληνικά", "el"), ("български", "bg"), ("македонски", "mk"),
    ("русский", "ru"), ("српски", "sr"), ("українська", "uk"), ("қазақ тілі", "kk"), ("հայերեն", "hy"),
    ("עברית", "he"), ("ئۇيغۇرچە", "ug"), ("اردو", "ur"), ("العربية", "ar"), ("اللغة العربية", "ar"),
    ("عربي", "ar"), ("فارسی", "fa"), ("پښتو", "ps"), ("کوردی", "ckb"), ("हिंदी", "hi"), ("हिन्दी", "hi"),
    ("বাংলা", "bn"), ("தமிழ்", "ta"), ("ไทย", "th"), ("ქართული", "ka"), ("አማርኛ", "am"), ("中文", "zh"),
    ("日本語", "ja"), ("汉语", "zh"), ("漢語", "zh"), ("한국어", "ko"),
];
