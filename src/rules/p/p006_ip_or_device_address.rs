//! P006 ip-or-device-address.

use crate::finding::{Safety, Severity};
use crate::record::Span;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake, private};
use std::net::{Ipv4Addr, Ipv6Addr};

pub(crate) const RULE: Rule = Rule {
    code: "P006",
    name: "ip-or-device-address",
    severity: Severity::Info,
    scope: Scope::Span,
    fix: Some(Safety::Unsafe),
    status: Status::Preview,
    default: false,
    summary: "The article holds the network address of a connection or device.",
    why: "An address on the net can lead to a household, one of a device to its owner.",
    how: "A public IPv4 or IPv6 address or a MAC address (six pairs of hexadecimal digits). Reports never \
          show it. The fix writes «IP» or «MAC» and is unsafe.",
    false_positives: "Private, local, multicast and documentation ranges are skipped, and so are version \
                      numbers: four numbers behind v, version, إصدار, release or build.",
    source: "RFC 1918, 3849, 5737, 6890; IEEE 802",
    options: &[],
    examples: &[
        Example::bad("from 8.8.4.4 it", &["8.8.4.4"])
            .lang("en")
            .unsafe_fixed("from «IP» it"),
        Example::bad("الجهاز 00:1b:63:84:45:e6.", &["00:1b:63:84:45:e6"]).unsafe_fixed("الجهاز «MAC»."),
        Example::bad("адрес 2a00:1450:4001:81b::200e.", &["2a00:1450:4001:81b::200e"]).lang("ru"),
        Example::good("192.168.0.1, 203.0.113.7 and 2001:db8::1").lang("en"),
        Example::good("Asterisk 1.6.2.9 and Perl").lang("en"),
        Example::good("version 10.0.19.1 and v8.8.4.4").lang("en"),
        Example::good("الإصدار 8.8.4.4 في الساعة 10:20:30"),
        Example::good("section 1.2.3.4.5, ratio 3:2::1").lang("en"),
    ],
    wake: Wake::Body,
    check: |_| Ok(Box::new(Address)),
};

struct Address;

const VERSIONS: &[&str] = &[
    "v",
    "version",
    "release",
    "build",
    "firmware",
    "اصدار",
    "الاصدار",
    "النسخة",
    "نسخه",
    "版本",
    "версия",
    "версии",
    "§",
];

/// Words that announce an address, for those whose numbers are as small as those of a version.
const NAMES: &[&str] = &[
    "ip",
    "address",
    "addresses",
    "from",
    "host",
    "server",
    "dns",
    "عنوان",
    "من",
    "الخادم",
    "adresse",
    "dirección",
    "адрес",
    "адреса",
    "с",
    "地址",
    "آدرس",
];

impl Check for Address {
    fn body(&self, text: &Text<'_>, out: &mut Out<'_>) {
        let bytes = text.value.as_bytes();
        let mut next = 0;
        for at in memchr::memchr2_iter(b'.', b':', bytes) {
            let hex = at > next && bytes[at - 1].is_ascii_hexdigit();
            if at < next || !(hex || bytes.get(at + 1) == Some(&b':')) {
                continue;
            }
            let span = around(bytes, at, next);
            next = span.end.max(at + 1);
            if let Some((kind, placeholder)) = kind(text.value, span) {
                private::report(out, span, format!("{kind} address."), placeholder);
            }
        }
    }
}

/// The run of hexadecimal digits, full stops and colons around a place, its last stops cut off.
fn around(bytes: &[u8], at: usize, from: usize) -> Span {
    let inside = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':' | b'-');
    let start = at
        - bytes[from..at]
            .iter()
            .rev()
            .take_while(|&byte| inside(byte))
            .count();
    let mut end = at + bytes[at..].iter().take_while(|&byte| inside(byte)).count();
    while end > at && matches!(bytes[end - 1], b'.' | b':' | b'-') && !bytes[..end].ends_with(b"::") {
        end -= 1;
    }
    Span::new(start, end)
}

fn kind(text: &str, span: Span) -> Option<(&'static str, &'static str)> {
    if private::is_part_of_word(text, span) || private::in_address(text, span) {
        return None;
    }
    let token = &text[span.range()];
    if let Ok(address) = token.parse::<Ipv4Addr>() {
        let version = private::has_cue(&private::before(text, span.start, 20), VERSIONS, 0);
        let small = address.octets().iter().all(|octet| *octet < 64);
        let named = || private::has_cue(&private::before(text, span.start, 30), NAMES, 1);
        return (is_public_v4(address) && !version && (!small || named())).then_some(("IPv4", "«IP»"));
    }
    let pairs = |separator: char| {
        token.split(separator).count() == 6
            && token
                .split(separator)
                .all(|pair| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    if pairs(':') || pairs('-') {
        let letters = token.bytes().any(|byte| byte.is_ascii_alphabetic());
        return letters.then_some(("Device (MAC)", "«MAC»"));
    }
    let address = token.parse::<Ipv6Addr>().ok().filter(|_| token.len() >= 9)?;
    is_public_v6(address).then_some(("IPv6", "«IP»"))
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, ..] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (18..20).contains(&b)))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Global unicast without documentation.
    (0x2000..0x4000).contains(&first) && !(first == 0x2001 && second == 0xdb8) && first != 0x3fff
}
