//! Speed of the text room on one core: `cargo bench --bench text`.
//!
//! Prints megabytes of input per second, the best of several rounds, for each text and function.
//! `CORPUS_BENCH_TEXT` may name a file to measure besides the built-in samples.

#![allow(missing_docs, clippy::print_stdout)]

use corpus::text::{match_key, nfc, scan, words};
use std::hint::black_box;
use std::time::Instant;

const ARABIC: &str = "أعلنت البلدية صباح الاثنين عن خطة جديدة لإصلاح شبكة المياه في الأحياء القديمة، وقال رئيسها \
    إن العمل يبدأ في ١٢ مارس ويستمر حتى نهاية الصيف. وأضاف: «لن تنقطع المياه عن أي بيت أكثر من ساعتين».\n\
    وكان السكان قد اشتكوا من ضعف الضغط في الطوابق العليا خلال الشهور الماضية، ولا سيما في أيام الجمعة.\n";
const ENGLISH: &str = "The town announced on Monday a new plan to repair the water pipes of the old quarters, and \
    its mayor said that work begins on 12 March and lasts until the end of summer. \"No house will be without water \
    for more than two hours,\" he added.\n";
const RUSSIAN: &str = "Город объявил в понедельник о новом плане ремонта водопровода в старых кварталах. Мэр сказал: \
    «Работы начнутся 12 марта и продлятся до конца лета», — и добавил, что вода будет у всех.\n";
const FRENCH: &str = "La ville a annoncé lundi un nouveau projet de réparation du réseau d’eau des vieux quartiers ; \
    le maire a précisé que les travaux débuteront le 12 mars et dureront jusqu’à la fin de l’été.\n";
const CHINESE: &str = "市政府星期一宣布了修复老城区供水管网的新计划。市长说：“工程将于三月十二日开始，持续到夏末。”居民表示欢迎。\n";
const HINDI: &str = "नगर पालिका ने सोमवार को पुराने मोहल्लों में पानी की पाइपों की मरम्मत की नई योजना घोषित की। मेयर ने कहा कि काम बारह मार्च से शुरू होगा।\n";
const THAI: &str =
    "เทศบาลประกาศเมื่อวันจันทร์ถึงแผนใหม่ในการซ่อมท่อน้ำในย่านเมืองเก่า นายกเทศมนตรีกล่าวว่างานจะเริ่มในเดือนมีนาคม\n";

/// Megabytes per second of the best of nine rounds.
fn measure(text: &str, mut run: impl FnMut(&str)) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..9 {
        let start = Instant::now();
        run(black_box(text));
        best = best.min(start.elapsed().as_secs_f64());
    }
    text.len() as f64 / best / 1e6
}

fn main() {
    let mut samples: Vec<(String, String)> = [
        ("arabic", ARABIC),
        ("english", ENGLISH),
        ("russian", RUSSIAN),
        ("french", FRENCH),
        ("chinese", CHINESE),
        ("hindi", HINDI),
        ("thai", THAI),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), text.repeat(4_000_000 / text.len())))
    .collect();
    if let Some(path) = std::env::var_os("CORPUS_BENCH_TEXT")
        && let Ok(text) = std::fs::read_to_string(&path)
    {
        samples.push(("file".to_owned(), text));
    }
    println!(
        "{:10} {:>8} {:>8} {:>9} {:>8}",
        "MB/s", "scan", "is_nfc", "match_key", "words"
    );
    for (name, text) in &samples {
        let mut key = Vec::new();
        let scanned = measure(text, |text| {
            black_box(scan::scan(text));
        });
        let normal = measure(text, |text| {
            black_box(nfc::is_nfc(text));
        });
        let keyed = measure(text, |text| {
            match_key::match_key(text, &mut key);
            black_box(&key);
        });
        let counted = measure(text, |text| {
            black_box(words::count(text));
        });
        println!("{name:10} {scanned:8.0} {normal:8.0} {keyed:9.0} {counted:8.0}");
    }
}
