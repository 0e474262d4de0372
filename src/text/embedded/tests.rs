//! Sentences are invented.
#![allow(clippy::unwrap_used)]

use super::*;

fn found(text: &str) -> Vec<(String, String)> {
    restore(text, None)
        .map(|restored| restored.words)
        .unwrap_or_default()
        .into_iter()
        .map(|word| (text[word.span.range()].to_owned(), word.text))
        .collect()
}

fn restored(text: &str) -> String {
    restore(text, None).map_or_else(|| text.to_owned(), |restored| restored.text)
}

#[test]
fn words_are_found_whole() {
    assert_eq!(
        found("L'été, le thÃ©Ã¢tre rouvre."),
        [("thÃ©Ã¢tre".into(), "théâtre".into())]
    );
    assert_eq!(
        found("The minister didnâ€™t answer"),
        [("didnâ€™t".into(), "didn’t".into())]
    );
    assert_eq!(
        found("Il l’a (dÃ©jÃ-vÃ©cu) hier"),
        [("dÃ©jÃ-vÃ©cu".into(), "déjÃ-vécu".into())]
    );
    assert_eq!(
        found("الوزير قال Ø§Ù„ÙŠÙˆÙ… شيئا"),
        [("Ø§Ù„ÙŠÙˆÙ…".into(), "اليوم".into())]
    );
}

#[test]
fn every_charset_is_read() {
    let lines = [
        (
            "fr",
            "« Le théâtre » a rouvert – l’été dernier – près de la forêt",
        ),
        ("cs", "Příští úterý přijede soused z Děčína, říká Šárka"),
        ("ru", "Мост через реку откроют в пятницу"),
        ("ar", "افتتح الوزير الجسر الجديد"),
    ];
    for charset in charset::ALL {
        for (language, line) in lines {
            let garbled = charset.decode(line.as_bytes());
            // A clean word beside it keeps the line from being garbled as a whole.
            let mixed = format!("{garbled} ‹façade›");
            let expected = format!("{line} ‹façade›");
            assert_eq!(restored(&mixed), expected, "{} {language}", charset.name());
        }
    }
}

#[test]
fn layers_and_mixtures_come_apart() {
    let garble = |text: &str| Charset::WINDOWS_1252.decode(text.as_bytes());
    let word = "l’été";
    let twice = garble(&garble(word));
    assert_eq!(
        restored(&format!("Le café de {twice} ferme")),
        format!("Le café de {word} ferme")
    );
    let thrice = garble(&twice);
    assert_eq!(
        restored(&format!("Le café de {thrice} ferme")),
        format!("Le café de {word} ferme")
    );
    // One quotation mark as windows-1252, one as latin-1.
    assert_eq!(
        restored("â€œSei pronto?â\u{80}\u{9d} chiese – così"),
        "“Sei pronto?” chiese – così"
    );
    // Emoji as two surrogates of three bytes each.
    assert_eq!(
        restored("Bis morgen í\u{a0}½í¸\u{80} Grüße"),
        "Bis morgen 😀 Grüße"
    );
}

#[test]
fn lost_bytes_are_said() {
    for (bad, good) in [
        ("Elle reste lÃ jusqu’Ã midi", "Elle reste là jusqu’à midi"),
        ("Ela foi Ã s compras – nÃ£o?", "Ela foi às compras – não?"),
        ("â€œSim, é bomâ€\u{fffd}", "“Sim, é bom\u{fffd}"),
        ("â€œYes, “heâ€? saidâ€?", "“Yes, “he\u{fffd} said\u{fffd}"),
        ("الوزير Ø§Ù„ØµÙ Ø§Ù„Ø£ÙˆÙ„", "الوزير الصف الأول"),
    ] {
        let found = restore(bad, None).unwrap();
        assert_eq!(found.text, good);
        assert!(found.lossy && !found.certain, "{bad}");
    }
}

#[test]
fn lines_with_signs_put_in_later_are_certain() {
    let line = "Le soir, l’Ã©cole fermÃ©e rouvre aprÃ¨s l’Ã©tÃ©";
    let found = restore(line, None).unwrap();
    assert_eq!(found.text, "Le soir, l’école fermée rouvre après l’été");
    assert!(found.certain);
    for line in [
        // A clean letter beside them.
        "Le soir, la forêt fermÃ©e rouvre aprÃ¨s l’Ã©tÃ© passÃ©",
        // Too little.
        "Le soir, l’Ã©cole fermÃ©e",
        "The “minister” didnâ€™t",
    ] {
        assert!(!restore(line, None).unwrap().certain, "{line}");
    }
}

#[test]
fn the_rest_of_the_record_decides() {
    let line = "– CAFÃ‰ – 12 h";
    let vote = Some(Charset::WINDOWS_1252);
    assert_eq!(restore(line, vote).unwrap().text, "– CAFÉ – 12 h");
    assert_eq!(restore("– 12 h – HÉ…", vote), None);
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
        "الوضع لــ %s عــام",
        "من جهة أ وزوايا أ، ب",
        "¯\\_(ツ)_/¯",
        "5×£35",
        "├┤o┼┐o┼┐o┼┐o",
        "The letter é is shown as “Ã©” there",
        "It shows \"Ã©\" and \"Ã¨\"",
        "Ão Ãngelo é um nome",
        "AÇÃO E EMOÇÃO. A praça",
        "«IRMÃ» e «MANHÃ»",
        "MINHA IRMÃ E “A MANHÔ",
        "Ordet Å» er et stednavn",
        "SYKSYLLÄ\u{a0}KYLÄ\u{a0}ON HILJAA",
        "(-1/3)! = √π",
        "Ø er en bokstav, Å også",
        "L’entier signé« %s » est trop grand",
        "«Solaris ھالەت»تە",
        "АаБбВвЇїЄєҐґIiPpQq12369$€¢?.;/()",
        "",
    ] {
        assert_eq!(restore(clean, None), None, "{clean}");
    }
}
