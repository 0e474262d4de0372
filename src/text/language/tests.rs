#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use proptest::prelude::*;

/// A sentence of each language, invented.
const SENTENCES: &[(&str, &str)] = &[
    (
        "ar",
        "وصل المعلم إلى القرية في الصباح ومعه صندوق من الكتب الجديدة للأطفال الذين انتظروه عند الباب",
    ),
    (
        "fa",
        "معلم روستا صبح زود با یک جعبه کتاب تازه برای کودکانی که کنار در منتظر او بودند از راه رسید",
    ),
    (
        "ur",
        "استاد صبح سویرے گاؤں پہنچے اور ان کے پاس بچوں کے لیے نئی کتابوں کا ایک ڈبہ تھا جو دروازے پر انتظار کر رہے تھے",
    ),
    (
        "ckb",
        "مامۆستاکە بەیانی زوو گەیشتە گوندەکە و سندوقێک کتێبی نوێی بۆ منداڵەکان لەگەڵ خۆی هێنابوو",
    ),
    (
        "ps",
        "ښوونکی سهار وختي کلي ته ورسېد او د ماشومانو لپاره یې د نویو کتابونو یو صندوق له ځان سره راوړی و",
    ),
    (
        "ug",
        "ئوقۇتقۇچى ئەتىگەندە يېزىغا كەلدى ۋە بالىلار ئۈچۈن يېڭى كىتابلارنى ئېلىپ كەلدى",
    ),
    (
        "ru",
        "Учитель приехал в деревню рано утром и привёз детям, которые ждали его у двери, ящик новых книг",
    ),
    (
        "uk",
        "Учитель приїхав до села рано-вранці й привіз дітям, які чекали на нього біля дверей, скриню нових книжок",
    ),
    (
        "bg",
        "Учителят пристигна в селото рано сутринта и донесе сандък с нови книги за децата, които го чакаха",
    ),
    (
        "sr",
        "Учитељ је стигао у село рано ујутру и донео сандук нових књига деци која су га чекала пред вратима",
    ),
    (
        "en",
        "The teacher reached the village early in the morning with a box of new books for the waiting children",
    ),
    (
        "fr",
        "L’instituteur est arrivé au village de bon matin avec une caisse de livres neufs pour les enfants",
    ),
    (
        "es",
        "El maestro llegó al pueblo por la mañana con una caja de libros nuevos para los niños que lo esperaban",
    ),
    (
        "pt",
        "O professor chegou à aldeia de manhã cedo com uma caixa de livros novos para as crianças que o esperavam",
    ),
    (
        "it",
        "Il maestro è arrivato in paese la mattina presto con una cassa di libri nuovi per i bambini",
    ),
    (
        "ca",
        "El mestre va arribar al poble de bon matí amb una caixa de llibres nous per als nens que l’esperaven",
    ),
    (
        "ro",
        "Învățătorul a ajuns în sat dis-de-dimineață cu o ladă de cărți noi pentru copiii care îl așteptau",
    ),
    (
        "de",
        "Der Lehrer kam früh am Morgen mit einer Kiste neuer Bücher für die wartenden Kinder im Dorf an",
    ),
    (
        "nl",
        "De leraar kwam vroeg in de ochtend in het dorp aan met een kist nieuwe boeken voor de kinderen",
    ),
    (
        "sv",
        "Läraren kom till byn tidigt på morgonen med en låda nya böcker till barnen som väntade vid dörren",
    ),
    (
        "da",
        "Læreren kom til landsbyen tidligt om morgenen med en kasse nye bøger til børnene, der ventede",
    ),
    (
        "fi",
        "Opettaja saapui kylään varhain aamulla mukanaan laatikollinen uusia kirjoja odottaville lapsille",
    ),
    (
        "hu",
        "A tanító kora reggel érkezett a faluba egy láda új könyvvel a gyerekeknek, akik az ajtóban várták",
    ),
    (
        "pl",
        "Nauczyciel przyjechał do wsi wcześnie rano ze skrzynią nowych książek dla dzieci, które na niego czekały",
    ),
    (
        "cs",
        "Učitel přijel do vesnice brzy ráno s bednou nových knih pro děti, které na něj čekaly u dveří",
    ),
    (
        "tr",
        "Öğretmen sabah erkenden köye geldi ve kapıda bekleyen çocuklar için bir sandık yeni kitap getirdi",
    ),
    (
        "id",
        "Guru itu tiba di desa pagi-pagi sekali dengan sekotak buku baru untuk anak-anak yang menunggunya",
    ),
    (
        "vi",
        "Thầy giáo đến làng từ sáng sớm với một thùng sách mới cho những đứa trẻ đang chờ ở cửa",
    ),
    (
        "sw",
        "Mwalimu alifika kijijini asubuhi na mapema akiwa na sanduku la vitabu vipya kwa ajili ya watoto",
    ),
    (
        "so",
        "Macallinku wuxuu tuulada yimid subaxdii hore isagoo wata sanduuq buugaag cusub ah oo carruurta ah",
    ),
    (
        "hi",
        "शिक्षक सुबह जल्दी गाँव पहुँचे और दरवाज़े पर इंतज़ार कर रहे बच्चों के लिए नई किताबों का एक डिब्बा लाए",
    ),
    (
        "mr",
        "शिक्षक सकाळी लवकर गावात पोहोचले आणि दारात वाट पाहणाऱ्या मुलांसाठी नवीन पुस्तकांची पेटी घेऊन आले",
    ),
    (
        "ne",
        "शिक्षक बिहान सबेरै गाउँ आइपुगे र ढोकामा पर्खिरहेका बालबालिकाका लागि नयाँ किताबको बाकस ल्याए",
    ),
    (
        "bn",
        "শিক্ষক ভোরবেলা গ্রামে পৌঁছলেন এবং অপেক্ষমাণ শিশুদের জন্য নতুন বইয়ের একটি বাক্স নিয়ে এলেন",
    ),
    (
        "ta",
        "ஆசிரியர் அதிகாலையில் கிராமத்திற்கு வந்து குழந்தைகளுக்குப் புதிய புத்தகங்களைக் கொண்டு வந்தார்",
    ),
    (
        "he",
        "המורה הגיע לכפר מוקדם בבוקר עם ארגז ספרים חדשים לילדים שחיכו לו ליד הדלת",
    ),
    ("am", "መምህሩ ጠዋት በማለዳ ወደ መንደሩ ደረሰ ለልጆቹም አዳዲስ መጻሕፍት የያዘ ሳጥን ይዞ መጣ"),
    (
        "el",
        "Ο δάσκαλος έφτασε στο χωριό νωρίς το πρωί με ένα κιβώτιο καινούργια βιβλία για τα παιδιά",
    ),
    ("zh", "老师一大早来到村里，给在门口等候的孩子们带来了一箱新书。"),
    (
        "ja",
        "先生は朝早く村に着き、戸口で待っていた子どもたちに新しい本の箱を届けた。",
    ),
    (
        "ko",
        "선생님은 이른 아침 마을에 도착하여 문 앞에서 기다리던 아이들에게 새 책 한 상자를 가져왔다.",
    ),
    ("th", "ครูมาถึงหมู่บ้านแต่เช้าพร้อมหนังสือใหม่หนึ่งลังสำหรับเด็กๆ ที่รออยู่หน้าประตู"),
];

#[test]
fn a_sentence_is_enough() {
    for &(language, sentence) in SENTENCES {
        let found = detect(sentence);
        assert_eq!(found.language, Some(language), "{sentence} {found:?}");
    }
}

#[test]
fn a_long_text_says_the_same_with_more_confidence() {
    for &(language, sentence) in SENTENCES {
        let text = format!("{sentence}. ").repeat(20);
        for found in [detect(&text), study(&text)] {
            assert_eq!(found.language, Some(language), "{found:?}");
            assert!(found.confidence > 0.9, "{language} {found:?}");
        }
    }
}

#[test]
fn egyptian_is_told_from_the_standard() {
    let found = detect(
        "انا مش عارف هو عايز ايه دلوقتى، الناس دى كلها جت علشان تتفرج على الحاجات اللى كانت موجوده هنا زمان",
    );
    assert_eq!(found.language, Some("arz"), "{found:?}");
    assert!(may_be_confused("ar", "arz"));
}

#[test]
fn little_text_and_no_prose_have_no_language() {
    for text in ["", "2024-05-01", "… — !", "خبر عاجل", "Hello world", "字"] {
        assert_eq!(detect(text).language, None, "{text}");
    }
    assert_eq!(
        detect("Kfz Xyj qwq zzg vvv pqrt hjk wxc bnm lkj gfd qqw").at_least(0.99),
        None
    );
}

#[test]
fn names_in_another_script_do_not_decide() {
    let found = detect("وصل المعلم إلى القرية ومعه هاتف Samsung Galaxy وصندوق من كتب Penguin Books للأطفال");
    assert_eq!(found.language, Some("ar"));
}

#[test]
fn each_language_stands_once() {
    let mut all: Vec<_> = model::languages().collect();
    all.sort_unstable();
    all.dedup();
    assert_eq!(
        (all.len(), model::languages().count()),
        (124, 124),
        "docs/languages.md names them"
    );
}

#[test]
fn a_piece_in_another_language_is_noticed() {
    let sentence = |language: &str| SENTENCES.iter().find(|(code, _)| *code == language).unwrap().1;
    let pure = format!("{}. ", sentence("ar")).repeat(20);
    assert!(!detect(&pure).is_mixed);
    for other in ["en", "fa"] {
        let mixed = format!("{}. {}. {pure}", sentence(other), sentence(other));
        let found = detect(&mixed);
        assert!(
            found.is_mixed && found.language == Some("ar"),
            "{other} {found:?}"
        );
        assert!(is_throughout(&pure, "ar") && !is_throughout(&pure, other));
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,3000}") {
        let found = detect(&text);
        prop_assert!((0.0..=1.0).contains(&found.confidence));
        prop_assert_eq!(found, detect(&text));
        let longer = study(&text);
        prop_assert!((0.0..=1.0).contains(&longer.confidence));
    }
}
