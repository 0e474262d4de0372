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
    let bare = without_article(&folded);
    let is_named =
        |name: &str| key(name).next().is_some() && (key(name).eq(key(&folded)) || key(name).eq(key(bare)));
    let label = |host| host::registered(host).split('.').next().unwrap_or_default();
    if is_named(label(url_host)) {
        return true;
    }
    if host::is_host(source) {
        return is_named(label(source)) || is_named(source) || is_named(host::registered(source));
    }
    let mut name = String::new();
    phrase_fold(source, &mut name);
    is_named(&name) || is_named(without_article(&name))
}

fn without_article(name: &str) -> &str {
    let bare = ARTICLES.iter().find_map(|article| name.strip_prefix(article));
    bare.unwrap_or(name)
}

/// The letters and digits of a name, in small letters.
fn key(text: &str) -> impl Iterator<Item = char> {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase)
}
