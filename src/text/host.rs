//! Host names: which one a web address has, and under which domain it was registered.

/// Second levels under which two-letter domains register names: `co.uk`, `com.sa`.
const SECOND: [&str; 30] = [
    "ac", "asso", "biz", "co", "com", "ed", "edu", "gen", "go", "gob", "gouv", "gov", "govt", "gv", "in",
    "info", "ltd", "media", "mil", "name", "ne", "net", "nom", "or", "org", "plc", "press", "pro", "sch",
    "web",
];

/// The host of an absolute address, without user, port and final dot; `None` for a number or a
/// relative address.
#[must_use]
pub fn of_url(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    let host = host.strip_suffix('.').unwrap_or(host);
    (host.contains('.') && !host.starts_with('[')).then_some(host)
}

/// Whether a text looks like a host name: labels with dots between them, the last one of letters.
#[must_use]
pub fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.contains('.')
        && text.split('.').all(label)
        && text
            .rsplit('.')
            .next()
            .is_some_and(|top| top.chars().count() > 1 && top.chars().any(char::is_alphabetic))
}

/// The domain that was registered: the last two labels of a host, or three below a public second
/// level of a country. A rule of thumb for the public suffix list, which is not part of the tables.
#[must_use]
pub fn registered(host: &str) -> &str {
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    let (Some(first), Some(second)) = (dots.next(), dots.next()) else {
        return host;
    };
    let below = &host[second + 1..first];
    let country = host.len() - first == 3;
    if country && SECOND.iter().any(|level| level.eq_ignore_ascii_case(below)) {
        dots.next().map_or(host, |third| &host[third + 1..])
    } else {
        &host[second + 1..]
    }
}

/// Whether two hosts belong to one registered domain.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    registered(a).eq_ignore_ascii_case(registered(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_addresses() {
        assert_eq!(
            of_url("https://a@News.Example.org:443/x?y"),
            Some("News.Example.org")
        );
        assert_eq!(of_url("https://example.org.?a://b"), Some("example.org"));
        assert_eq!(of_url("/relative"), None);
        assert_eq!(of_url("https://[2001:db8::1]/"), None);
    }

    #[test]
    fn registered_domains() {
        assert_eq!(registered("www.news.example.org"), "example.org");
        assert_eq!(registered("www.example.co.uk"), "example.co.uk");
        assert_eq!(registered("example.com.sa"), "example.com.sa");
        assert_eq!(registered("example.test"), "example.test");
        assert!(same("en.paper.example", "ar.PAPER.example"));
        assert!(!same("a.example", "b.example"));
    }

    #[test]
    fn names_of_hosts() {
        assert!(is_host("paper.example") && is_host("أخبار.example"));
        assert!(!is_host("The Paper") && !is_host("1.2") && !is_host("a..b") && !is_host("Paper"));
    }
}
