//! What the name of a record's site may look like in its title.

use super::Record;
use crate::record::Role;
use crate::text::fold::phrase_fold;
use crate::text::host;

/// Words before the name that a source may leave out, as they are folded.
const ARTICLES: [&str; 8] = [
    "the ",
    "صحيفة ",
    "موقع ",
    "جريدة ",
    "وكالة ",
    "قناة ",
    "شبكة ",
    "روزنامه ",
];

/// Whether a text is the name of the record's site.
pub(crate) fn is_site(text: &str, record: &Record<'_>) -> bool {
    let source = record.text(Role::Source).unwrap_or_default();
    let url_host = record.text(Role::Url).and_then(host::of_url).unwrap_or_default();
    // A headline is longer than any name; marks and spaces leave nothing in the key.
    if text.len() > 2 * source.len().max(url_host.len()) + 16 {
        return false;
    }
    let mut folded = String::new();
    phrase_fold(text, &mut folded);
    let bare = ARTICLES
        .iter()
        .find_map(|article| folded.strip_prefix(article))
        .unwrap_or(&folded);
    let keys = [key(&folded), key(bare)];
    let label = |host: &str| key(host::registered(host).split('.').next().unwrap_or_default());
    let mut names = vec![label(url_host)];
    if host::is_host(source) {
        names.push(label(source));
        names.push(key(source));
        names.push(key(host::registered(source)));
    } else {
        let mut name = String::new();
        phrase_fold(source, &mut name);
        names.push(key(&name));
        names.push(key(ARTICLES
            .iter()
            .find_map(|article| name.strip_prefix(article))
            .unwrap_or(&name)));
    }
    names.iter().any(|name| !name.is_empty() && keys.contains(name))
}

/// The letters and digits of a name, in small letters.
fn key(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}
