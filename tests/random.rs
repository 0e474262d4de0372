//! The fuzz targets on random changes of good input, for a few seconds each (`CORPUS_FUZZ_SECONDS`).
//! The same start gives the same inputs; an input that fails is kept and named.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stderr)]
#![allow(unreachable_pub)]

#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

/// Pieces that formats and rules care about.
const TOKENS: [&[u8]; 40] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\",
    b"\\u",
    b"\\ud83d\\ude00",
    b"\\ud800",
    b"\n",
    b"\r\n",
    b"\0",
    b"1e400",
    b"-0",
    b"9007199254740993",
    b"true",
    b"null",
    b"---\n",
    b"#",
    b"\t",
    b"&amp;",
    b"&#x1F4A9;",
    b"<p>",
    b"<script>",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"\x80",
    b"\xC3",
    b"\xE2\x80\x8F",
    b"\xE2\x80\xAE",
    b"\xD9\x8E",
    b"\xD9\x80",
    b"\xEF\xBB\xBB",
    b"\xC3\x98\xC2\xA7",
    b"\xE2\x80\x8B",
    b"https://a.example/b",
    b"2024-02-30",
    b"$ref",
];

/// Numbers that look random and are the same every time (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

fn mutate(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = seeds[random.below(seeds.len())].clone();
    for _ in 0..random.below(6) {
        let at = random.below(bytes.len() + 1);
        match random.below(7) {
            0 => bytes.truncate(at),
            1 if at < bytes.len() => bytes[at] = random.next() as u8,
            2 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            3 => {
                let end = (at + random.below(40)).min(bytes.len());
                bytes.drain(at..end);
            }
            4 => {
                let from = &seeds[random.below(seeds.len())];
                let start = random.below(from.len());
                let end = (start + random.below(60)).min(from.len());
                bytes.splice(at..at, from[start..end].iter().copied());
            }
            _ => {
                let token = TOKENS[random.below(TOKENS.len())];
                bytes.splice(at..at, token.iter().copied());
            }
        }
    }
    bytes
}

fn run(name: &str, target: fn(&[u8]), seeds: &[Vec<u8>]) {
    let seconds = std::env::var("CORPUS_FUZZ_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(2);
    let start: u64 = std::env::var("CORPUS_FUZZ_SEED")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1);
    let mut random = Random(start);
    let (started, mut count) = (Instant::now(), 0_u64);
    let inputs = seeds.iter().cloned().map(Some).chain(std::iter::repeat(None));
    for input in inputs {
        let input = input.unwrap_or_else(|| mutate(&mut random, seeds));
        if catch_unwind(AssertUnwindSafe(|| target(&input))).is_err() {
            let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{name}"));
            std::fs::write(&path, &input).unwrap();
            panic!(
                "{name} fails on input {count}, kept in {}: {:?}",
                path.display(),
                String::from_utf8_lossy(&input)
            );
        }
        count += 1;
        if started.elapsed() > Duration::from_secs(seconds) {
            break;
        }
    }
    eprintln!("{name}: {count} inputs");
    assert!(
        count > seeds.len() as u64,
        "{name}: not one changed input was tried"
    );
}

fn texts(list: &[&str]) -> Vec<Vec<u8>> {
    list.iter().map(|text| text.as_bytes().to_vec()).collect()
}

#[test]
fn json() {
    let seeds = texts(&[
        r#"{"id":"a1","body":"خبر \u0628\n","n":[1,-2.5e3,0,1E+2],"o":{"x":null,"y":true},"e":[],"f":{}}"#,
        r#"[[["a"],"b\"\\\/\b\f\n\r\t"],{"\u00e9":"\ud83d\ude00","k":123456789012345678}]"#,
        " \"text\" ",
        "-0.0",
    ]);
    run("json", targets::json, &seeds);
}

#[test]
fn source() {
    let line = "{\"id\":\"1\",\"body\":\"نص قصير\"}\n{\"id\":\"2\",\"body\":\"x\\ny\"}\r\n\n{\"id\":\"3\"}\n";
    let long = format!("{line}{{\"id\":\"{}\"}}\n{line}", "ب".repeat(2000));
    let array = "[{\"id\":\"1\"},\n {\"id\":\"2\",\"x\":[1,{\"y\":2}]},3,\"four\"]\n";
    let csv = "id,body\n1,\"a \"\"quoted\"\"\ncell\"\n2,plain\n\n3,\n";
    let text = "---\ntitle: عنوان\nlist: [a, b]\n---\n# Heading\n\nA body.\n\nالنص هنا.\n";
    let gzip = |text: &str| {
        use std::io::Write as _;
        let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        out.write_all(text.as_bytes()).unwrap();
        out.finish().unwrap()
    };
    let zstd = |text: &str| zstd::encode_all(text.as_bytes(), 1).unwrap();
    let plain: [(u8, Vec<u8>); 14] = [
        (0, line.into()),
        (0, long.into()),
        (0, array.into()),
        (1, array.into()),
        (1, line.into()),
        (2, csv.into()),
        (3, csv.replace(',', "\t").into()),
        (4, text.into()),
        (5, text.into()),
        (8, gzip(line)),
        (9, zstd(line)),
        (12, gzip(array)),
        (13, zstd(csv)),
        (0, b"\xC7\xE1\xC3\xCE\xC8\xC7\xD1 \xC7\xE1\xED\xE6\xE3\n".to_vec()),
    ];
    let seeds: Vec<Vec<u8>> = plain
        .into_iter()
        .map(|(name, bytes)| [vec![name], bytes].concat())
        .collect();
    run("source", targets::source, &seeds);
}

#[test]
fn rules() {
    let seeds = texts(&[
        "عنوان الخبر\nقال الوزير إنّ المشروع سيبدأ في مارس 2024.\n\nوأضاف: «نعمل على ذلك»، بحسب البيان.",
        "Title\nA paragraph with &amp; entities &lt;b&gt; and “quotes”.\n\nRead more: https://a.example/b\nShare this on Facebook",
        "\nÙ…Ø±Ø\u{ad}Ø¨Ø§ café naïve \u{200f}mixed\u{202e} text \u{feff} \u{fefb}\u{640}\u{640} ﷺ",
        "T\n<p>HTML</p> <script>var a=1;</script>  two  spaces\t\ttabs \u{a0}nbsp\r\nline\u{2028}sep\u{ad}",
        "ئۇيغۇرچە\nनमस्ते दुनिया 你好，世界。 Привет e\u{301}\u{301}\u{301} ｆｕｌｌ １２٣۴",
    ]);
    run("rules", targets::rules, &seeds);
}

#[test]
fn schema() {
    let article = include_str!("../schemas/article.schema.json");
    let seeds = texts(&[
        &format!(
            "{article}\0{{\"id\":\"1\",\"body\":\"a\",\"url\":\"https://a.example/\",\"published_at\":\"2024-01-01\"}}"
        ),
        "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"$ref\":\"#/definitions/a\",\"definitions\":{\"a\":{\"type\":\"integer\"}}}\x001",
        "{\"properties\":{\"a\":{\"pattern\":\"^(a|b)+$\",\"minLength\":2}},\"required\":[\"a\"],\"unevaluatedProperties\":false}\0{\"a\":\"ab\"}",
        "{\"anyOf\":[{\"$ref\":\"#\"},{\"const\":[1]}],\"items\":{\"enum\":[1,2.0,\"x\"]},\"multipleOf\":0.1,\"format\":\"date-time\"}\0[1,2]",
        "true\0null",
    ]);
    run("schema", targets::schema, &seeds);
}

#[test]
fn manifest() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let scratch = tempfile::tempdir().unwrap();
    let project = scratch.path();
    std::fs::create_dir(project.join("in")).unwrap();
    std::fs::copy(
        root.join("schemas/article.schema.json"),
        project.join("article.schema.json"),
    )
    .unwrap();
    let settings = "name = \"fuzz\"\nlicense = \"CC0-1.0\"\n[schema]\npath = \"article.schema.json\"\n[[input]]\ninclude = [\"in/*.jsonl\"]\n[release]\nmax-excluded = \"100%\"\n";
    std::fs::write(project.join("corpus.toml"), settings).unwrap();
    let record = "{\"id\":\"1\",\"body\":\"A short body.\",\"title\":\"T\",\"url\":\"https://a.example/1\",\"language\":\"en\",\"source\":\"s\",\"published_at\":\"2024-01-01T00:00:00Z\",\"collected_at\":\"2024-01-02T00:00:00Z\"}\nbroken\n";
    std::fs::write(project.join("in/a.jsonl"), record).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_corpus"))
        .args(["release", "v1.0.0", "--allow-dirty", "--no-progress"])
        .current_dir(project)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let manifest = std::fs::read(project.join("releases/fuzz-v1.0.0/manifest.json")).unwrap();
    run("manifest", targets::manifest, &[manifest]);
}
