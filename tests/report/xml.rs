//! A reader for the XML that reports write.

/// Fails on anything that XML character data of ours must not hold.
pub(crate) fn check_characters(text: &str) {
    for (at, _) in text.match_indices('&') {
        let entity = text[at..].split_once(';').expect("an entity ends").0;
        assert!(
            ["&amp", "&lt", "&gt", "&quot", "&#39"].contains(&entity),
            "{entity}"
        );
    }
    let forbidden = |c: char| (c < ' ' && c != '\n') || matches!(c, '\u{fffe}' | '\u{ffff}');
    assert!(!text.contains(forbidden), "{text:?}");
}

/// Reads XML as far as reports use it: elements with double-quoted attributes, text, five entities.
/// Returns every start tag with its depth; panics on anything that is not well-formed.
pub(crate) fn read_xml(text: &str) -> Vec<(usize, String)> {
    let mut tags = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut rest = text.split_once("?>").expect("a declaration").1;
    while let Some((before, tail)) = rest.split_once('<') {
        check_characters(before);
        let (tag, tail) = tail.split_once('>').expect("a tag ends");
        assert!(!tag.contains('<'), "{tag}");
        rest = tail;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert_eq!(attributes.matches('"').count() % 2, 0, "{tag}");
        check_characters(attributes);
        tags.push((open.len(), tag.to_owned()));
        open.push(name.to_owned());
    }
    assert!(open.is_empty() && rest.trim().is_empty());
    tags
}
