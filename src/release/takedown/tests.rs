use super::*;
use crate::release::sha256;

const SECRET: &[u8] = b"a key that nobody else has, 32 b";

fn key() -> Key {
    Key::new(SECRET).unwrap()
}

fn traits<'a>(id: &'a str, url: &'a str) -> Traits<'a> {
    Traits {
        id: Some(id),
        url: Some(url),
        source: Some("river.example"),
        text: Some(sha256(id.as_bytes())),
        match_key: Some(sha256(url.as_bytes())),
        near: Some(Near {
            bands: vec![1, 2, 3],
            minima: (0..128).collect(),
        }),
    }
}

fn matcher(tombstones: impl IntoIterator<Item = Tombstone>) -> Matcher {
    let mut all = Tombstones::default();
    for tombstone in tombstones {
        assert!(all.add(tombstone));
    }
    all.matcher(&key()).unwrap()
}

#[test]
fn a_key_is_known_by_what_it_is() {
    // White space around it does not count; another key is another key; a short one is none.
    let same = Key::new(b" a key that nobody else has, 32 b\n").unwrap();
    assert_eq!(same.id(), key().id());
    assert_ne!(Key::new(b"another key that nobody has").unwrap().id(), key().id());
    assert!(Key::new(b"short").unwrap_err().to_string().contains("5 bytes"));
    assert!(!format!("{:?}", key()).contains("nobody"));
    // What openssl dgst -sha256 -hmac gives.
    assert_eq!(
        key().hashed_id("r-1"),
        crate::release::audit::keyed_hash(SECRET, b"corpus-tombstone/1 id\0r-1")
    );
}

#[test]
fn a_record_is_found_by_each_of_its_traits() {
    let none = matcher([]);
    let record = traits("r-1", "https://www.river.example/1?utm_source=x");
    let found = matcher(none.tombstone(&record, Scope::Cluster));
    let named = |id, url, source| found.find_named(id, url, source);
    assert_eq!(named(Some("r-1"), None, None), [0]);
    assert!(named(Some("r-2"), None, Some("river.example")).is_empty());
    assert_eq!(named(None, Some("http://river.example/1/"), None), [0]);
    assert!(named(None, Some("http://river.example/10"), None).is_empty());
    assert_eq!(found.find_text(record.text, None), [0]);
    assert_eq!(found.find_text(None, record.match_key), [0]);
    assert!(found.find_text(record.match_key, record.text).is_empty());
    assert!(found.has_id("r-1") && !found.has_id("r-10"));
    // A band in another place is another band.
    assert!(found.candidates(&[2, 1, 9]).is_empty());
    let candidates = found.candidates(&[9, 2, 9]);
    assert_eq!(candidates.len(), 1);
    let like = |equal: u16| -> Vec<u16> { (0..128).map(|at| if at < equal { at } else { 9_999 }).collect() };
    assert_eq!(found.find_near(&candidates, &like(110)), Some(0));
    assert_eq!(found.find_near(&candidates, &like(90)), None);
    assert!(
        none.find_named(Some("r-1"), Some("https://river.example/1"), None)
            .is_empty()
    );
}

#[test]
fn a_record_alone_keeps_its_text_free() {
    let none = matcher([]);
    let record = traits("r-1", "https://river.example/1");
    let alone = matcher(none.tombstone(&record, Scope::Record));
    assert!(alone.has_id("r-1") && !alone.needs_texts() && !alone.needs_near());
    assert!(
        alone
            .find_named(None, Some("https://river.example/1"), None)
            .is_empty()
    );
    // Without an id there is nothing else to tell it by.
    let nameless = Traits { id: None, ..record };
    assert!(matcher(none.tombstone(&nameless, Scope::Record)).needs_texts());
    assert_eq!(none.tombstone(&Traits::default(), Scope::Cluster), None);
}

#[test]
fn selectors() {
    let none = matcher([]);
    let found = matcher([
        none.of_id("a", Scope::Record),
        none.of_prefix("HTTPS://www.River.example/private/", Scope::Cluster),
        none.of_prefix("lake.example", Scope::Cluster),
        none.of_source("the wire", Scope::Cluster),
        none.of_text(&sha256(b"x"), Scope::Cluster),
    ]);
    let url = |url| !found.find_named(None, Some(url), None).is_empty();
    assert!(url("http://river.example/private/1?a=b") && url("https://lake.example/x"));
    assert!(!url("https://river.example/privateer") && !url("https://lake.example.org/x"));
    assert!(!url("https://river.example/Private/1"));
    assert_eq!(found.find_named(None, None, Some("the wire")).len(), 1);
    assert_eq!(found.find_text(Some(sha256(b"x")), None).len(), 1);
}

#[test]
fn files_keep_what_they_hold() {
    let none = matcher([]);
    let mut all = Tombstones::default();
    for (id, at) in [("b", "2026-01-02"), ("a", "2026-01-01")] {
        all.add(Tombstone {
            at: Some(at.to_owned()),
            reason: Some(format!("asked for by {id}")),
            ..none.of_id(id, Scope::Record)
        });
    }
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(FILE_NAME);
    assert!(Tombstones::read(&path).unwrap().is_empty());
    let bytes = all.to_bytes().unwrap();
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(
        text.find("asked for by a") < text.find("asked for by b"),
        "{text}"
    );
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(Tombstones::read(&path).unwrap(), all);
    // A release does not say why; what it holds is the same all the same.
    std::fs::write(&path, all.to_release_bytes().unwrap()).unwrap();
    let mut bare = Tombstones::read(&path).unwrap();
    assert!(!std::fs::read_to_string(&path).unwrap().contains("asked"));
    assert!(bare.within(&all) && all.within(&bare));
    bare.extend(all.clone());
    assert_eq!(bare, all);

    for (line, why) in [
        ("{}", "is no tombstone"),
        (
            r#"{"tombstone":2,"key":"","scope":"record","id":"00"}"#,
            "version 2",
        ),
        (r#"{"tombstone":1,"key":"","scope":"record"}"#, "selects nothing"),
        (
            r#"{"tombstone":1,"key":"","scope":"record","id":"00"}"#,
            "64 hexadecimal digits",
        ),
    ] {
        std::fs::write(&path, format!("\n{line}\n")).unwrap();
        let error = Tombstones::read(&path).unwrap_err().to_string();
        assert!(error.contains(why) && error.contains("line 2"), "{error}");
    }
    let other = Key::new(b"another key that nobody has").unwrap();
    let error = all.matcher(&other).unwrap_err();
    assert!(
        error.is_refusal() && error.to_string().contains(key().id()),
        "{error}"
    );
}
