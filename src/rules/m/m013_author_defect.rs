//! M013 author-defect.

use crate::finding::{Safety, Severity};
use crate::record::{Kind, Role, Span, Value};
use crate::rules::{Check, Example, Out, Record, Rule, Scope, Status, Wake, field};
use crate::text::fold::phrase_fold;

pub(crate) const RULE: Rule = Rule {
    code: "M013",
    name: "author-defect",
    severity: Severity::Info,
    scope: Scope::Record,
    fix: Some(Safety::Unsafe),
    status: Status::Preview,
    default: false,
    summary: "An author is not a name.",
    why: "Credits, takedowns by author and statistics of authorship go by this field.",
    how: "An author that begins with a by-word (By, بقلم, كتب, Par, Von, Por…), is an address of the web or of \
          mail, is a role (admin, editor, staff, المحرر…), has markup, or more than eight words. The fix \
          takes the by-word away and is unsafe.",
    false_positives: "Names of agencies are names. `Von` and `De` begin names too: `Von` needs a colon or \
                      two more words.",
    source: "trafilatura's author rules; schema.org author",
    options: &[],
    examples: &[
        Example::bad(r#"{"authors":["By admin"]}"#, &["*"]),
        Example::bad(r#"{"authors":["كتب: أحمد علي"]}"#, &["كتب: "])
            .unsafe_fixed(r#"{"authors":["أحمد علي"]}"#),
        Example::bad(r#"{"authors":"By Ann Lee"}"#, &["By "]).unsafe_fixed(r#"{"authors":"Ann Lee"}"#),
        Example::bad(r#"{"authors":["<b>Ann</b>"]}"#, &["*"]),
        Example::bad(r#"{"authors":["https://a.example/ann"]}"#, &["*"]),
        Example::good(r#"{"authors":["Ahmad Ali","أ ف ب"]}"#),
        Example::good(r#"{"authors":["Byron Page","Von Trapp","كتبي محمد"]}"#),
        Example::good(r#"{"authors":null}"#),
    ],
    wake: Wake::Record,
    check: |_| Ok(Box::new(AuthorDefect)),
};

struct AuthorDefect;

const BY_WORDS: [&str; 16] = [
    "by",
    "written by",
    "reporting by",
    "بقلم",
    "كتب",
    "كتبت",
    "اعداد",
    "تقرير",
    "نوشته",
    "par",
    "por",
    "von",
    "di",
    "автор",
    "text",
    "文",
];
const ROLES: [&str; 18] = [
    "admin",
    "administrator",
    "editor",
    "editors",
    "staff",
    "staff writer",
    "webmaster",
    "user",
    "root",
    "redaktion",
    "rédaction",
    "la rédaction",
    "redacción",
    "المحرر",
    "محرر",
    "ادمن",
    "редакция",
    "unknown",
];

impl Check for AuthorDefect {
    fn record(&self, record: &Record<'_>, out: &mut Out<'_>) {
        let Some(value) = record.role(Role::Author) else {
            return;
        };
        if value.kind() == Kind::Array {
            value.elements().for_each(|item| check(item, out));
        } else {
            check(value, out);
        }
    }
}

fn check(value: Value<'_>, out: &mut Out<'_>) {
    let Some(author) = value.as_str().filter(|author| !author.trim().is_empty()) else {
        return;
    };
    let by = by_word(author);
    let name = author[by..].trim();
    if let Some(why) = defect(name) {
        // An address of mail is not repeated.
        let shown = if why == "an e-mail address" {
            String::new()
        } else {
            format!(" \"{}\"", field::piece(author))
        };
        out.field(value, format!("Author{shown} is not a name: {why}."));
    } else if by > 0 {
        out.span_of(
            value,
            Span::new(0, by),
            format!("Author \"{}\" begins with a by-word.", field::piece(author)),
        )
        .replace(Safety::Unsafe, "take the by-word away", "");
    }
}

fn folded(text: &str) -> String {
    let mut folded = String::new();
    phrase_fold(text, &mut folded);
    folded
}

/// Bytes of the by-word at the start, with what sets it apart from the name.
fn by_word(author: &str) -> usize {
    let Some(end) = author.find([':', ' ', '：']) else {
        return 0;
    };
    let two = author[end + 1..].find(' ').map(|next| end + 1 + next);
    for end in two.into_iter().chain([end]) {
        let word = folded(&author[..end]);
        if !BY_WORDS.contains(&word.as_str()) {
            continue;
        }
        let rest = author[end..].trim_start_matches([':', ' ', '：', '/']);
        let colon = author[end..].trim_start().starts_with([':', '：', '/']);
        let unclear = matches!(
            word.as_str(),
            "von" | "di" | "text" | "تقرير" | "文" | "por" | "par"
        );
        if !rest.is_empty() && (colon || !unclear || rest.split_whitespace().count() > 1) {
            return author.len() - rest.len();
        }
    }
    0
}

fn defect(name: &str) -> Option<&'static str> {
    if name.contains('@') && name.contains('.') {
        return Some("an e-mail address");
    }
    if name.contains("://") || name.starts_with("www.") {
        return Some("an address");
    }
    if name.contains('<') && name.contains('>') {
        return Some("it holds markup");
    }
    if ROLES.contains(&folded(name).as_str()) {
        return Some("a role");
    }
    (name.split_whitespace().count() > 8).then_some("more than eight words")
}
