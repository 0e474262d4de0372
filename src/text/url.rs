//! Web addresses: what in them belongs to the article, and when two of them are one.

use std::fmt::Write as _;

/// Parameters that say who linked to an article or who reads it.
const PARAMETERS: [&str; 28] = [
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "yclid",
    "ysclid",
    "msclkid",
    "igshid",
    "igsh",
    "twclid",
    "ttclid",
    "mc_cid",
    "mc_eid",
    "_ga",
    "_gl",
    "ref_src",
    "ref_url",
    "phpsessid",
    "jsessionid",
    "aspsessionid",
    "_openstat",
    "wt_mc",
    "at_medium",
    "at_campaign",
    "at_custom1",
    "cmpid",
];

fn is_noise(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or_default();
    let utm = name
        .get(..4)
        .is_some_and(|head| head.eq_ignore_ascii_case("utm_"));
    utm || PARAMETERS.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The address without noise, and what was noise; `None` for what is no web address.
#[must_use]
pub fn tidy(url: &str) -> Option<(String, Vec<String>)> {
    let (scheme, rest) = url.split_once("://")?;
    let port = match scheme.len() {
        4 if scheme.eq_ignore_ascii_case("http") => ":80",
        5 if scheme.eq_ignore_ascii_case("https") => ":443",
        _ => return None,
    };
    let authority_end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(authority_end);
    let (before_fragment, fragment) = tail.find('#').map_or((tail, ""), |at| tail.split_at(at));
    let (path, query) = before_fragment
        .find('?')
        .map_or((before_fragment, ""), |at| before_fragment.split_at(at));
    let mut parts = Vec::new();
    let (user, host) = authority
        .rfind('@')
        .map_or(("", authority), |at| authority.split_at(at + 1));
    let bare = host.strip_suffix(port).unwrap_or(host);
    if bare.len() < host.len() {
        parts.push("the default port".to_owned());
    }
    if scheme
        .bytes()
        .chain(bare.bytes())
        .any(|byte| byte.is_ascii_uppercase())
    {
        parts.push("capital letters".to_owned());
    }
    let mut clean = format!(
        "{}://{user}{}",
        scheme.to_ascii_lowercase(),
        bare.to_ascii_lowercase()
    );
    let session = path.to_ascii_lowercase().find(";jsessionid=");
    clean.push_str(&path[..session.unwrap_or(path.len())]);
    if session.is_some() {
        parts.push("jsessionid".to_owned());
    }
    let mut mark = '?';
    for parameter in query
        .strip_prefix('?')
        .unwrap_or_default()
        .split('&')
        .filter(|_| query.len() > 1)
    {
        if is_noise(parameter) {
            let name: String = parameter
                .split('=')
                .next()
                .unwrap_or_default()
                .chars()
                .take(20)
                .collect();
            parts.push(name);
        } else {
            let _ = write!(clean, "{mark}{parameter}");
            mark = '&';
        }
    }
    let route = fragment.starts_with("#!") || fragment.starts_with("#/");
    if route {
        clean.push_str(fragment);
    } else if !fragment.is_empty() {
        parts.push("a fragment".to_owned());
    }
    let amp = path.split('/').any(|segment| segment.eq_ignore_ascii_case("amp"))
        || query
            .split(['?', '&'])
            .any(|parameter| matches!(parameter, "amp" | "amp=1" | "output=amp" | "outputType=amp"));
    if amp {
        parts.push("an AMP page".to_owned());
    }
    if parts.iter().all(|part| part == "an AMP page") {
        return Some((url.to_owned(), parts));
    }
    Some((clean, parts))
}

/// What two addresses of one article share: without scheme, `www.`, noise, default port, trailing
/// slash, and with percent escapes as RFC 3986 section 6.2.2 writes them. `None` for what is no web
/// address.
#[must_use]
pub fn canonical(url: &str) -> Option<String> {
    let (clean, _) = tidy(url.trim())?;
    let rest = clean.split_once("://").map_or("", |(_, rest)| rest);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let (path, query) = rest.find(['?', '#']).map_or((rest, ""), |at| rest.split_at(at));
    let mut key = unescaped(path.trim_end_matches('/'));
    key.push_str(&unescaped(query));
    (!key.is_empty()).then_some(key)
}

/// Percent escapes of unreserved characters decoded, the others in capital letters; what is not ASCII
/// becomes escapes, as browsers send it.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escape = || {
            let digits = text.get(at + 1..at + 3)?;
            u8::from_str_radix(digits, 16).ok()
        };
        match (byte, (byte == b'%').then(escape).flatten()) {
            (_, Some(code)) if code.is_ascii_alphanumeric() || b"-._~".contains(&code) => {
                out.push(char::from(code));
                at += 3;
            }
            (_, Some(code)) => {
                let _ = write!(out, "%{code:02X}");
                at += 3;
            }
            (byte, None) if byte.is_ascii() => {
                out.push(char::from(byte));
                at += 1;
            }
            (byte, None) => {
                let _ = write!(out, "%{byte:02X}");
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn addresses_of_one_article_have_one_key() {
        let one = canonical("https://a.example/news/7");
        for same in [
            "http://a.example/news/7",
            "https://www.a.example/news/7/",
            "HTTPS://A.example:443/news/7?utm_source=x#top",
            "https://a.example/%6eews/7?fbclid=1",
        ] {
            assert_eq!(canonical(same), one, "{same}");
        }
        for other in [
            "https://a.example/news/8",
            "https://a.example/News/7",
            "https://a.example/news/7?page=2",
            "https://b.example/news/7",
            "https://a.example/news/7#!/x",
        ] {
            assert_ne!(canonical(other), one, "{other}");
        }
        assert_eq!(
            canonical("https://a.example/خبر"),
            canonical("http://a.example/%d8%ae%D8%A8%d8%b1/")
        );
        assert_eq!(canonical("urn:x:1"), None);
    }
}
