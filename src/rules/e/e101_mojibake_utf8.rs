//! E101 mojibake-utf8.

use crate::finding::{Safety, Severity};
use crate::rules::encoding::head;
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "E101",
    name: "mojibake-utf8",
    severity: Severity::Error,
    scope: Scope::Line,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A line is UTF-8 that was read as a single-byte charset.",
    why: "Nobody can read such a line, and a model learns letters that nobody wrote. It comes from a \
          page whose encoding was guessed wrongly when it was collected.",
    how: "The line's characters are turned back into the bytes they have in windows-1252, latin-1, \
          windows-1256, iso-8859-6, cp720, windows-1251, koi8-r, mac-roman, cp437, cp850, \
          windows-1254, windows-1250, windows-1253 and windows-1257. When these bytes are valid UTF-8 \
          from the first to the last, spell at least two characters beyond ASCII (three outside \
          windows-1252 and latin-1) and belong to one script, the line is reported. The fix restores \
          the text; reading it wrongly again gives exactly the line as found, so nothing is lost. A \
          line with less evidence follows the charset on which 80 % of the text's longer lines agree.",
    false_positives: "Ordinary text does not pass: two high letters in a row are two lead bytes, which \
                      UTF-8 forbids. A few garbled characters between quotation marks, as in an \
                      article on encodings, are left alone.",
    source: "Unicode chapter 3, table 3-7; WHATWG Encoding Standard, indexes; own measure",
    options: &[],
    examples: &[
        Example::bad("Ø§Ù„ÙˆØ²ÙŠØ± ÙŠØµÙ„", &["Ø§Ù„ÙˆØ²ÙŠØ± ÙŠØµÙ„"]).fixed("الوزير يصل"),
        Example::bad("خبر\nط§ظ„ظˆط²ظٹط± ظٹطµظ„\nخبر", &["ط§ظ„ظˆط²ظٹط± ظٹطµظ„"]).fixed("خبر\nالوزير يصل\nخبر"),
        Example::bad("РќРѕРІС‹Р№ РјРѕСЃС‚", &["РќРѕРІС‹Р№ РјРѕСЃС‚"])
            .lang("ru")
            .fixed("Новый мост"),
        Example::good("الوزير يصل"),
        Example::good("Ão Ãngelo é um nome").lang("pt"),
        Example::good("AÇÃO E EMOÇÃO em SÃO PAULO").lang("pt"),
    ],
    wake: Wake::Text(Flags::MOJIBAKE),
    check: |_| Ok(Box::new(MojibakeUtf8)),
};

struct MojibakeUtf8;

impl Check for MojibakeUtf8 {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        for line in text.garbled() {
            let [charset] = line.repair.layers.as_slice() else {
                continue;
            };
            let message = format!(
                "Line is UTF-8 read as {}; it should be \"{}\".",
                charset.name(),
                head(&line.repair.text)
            );
            out.span(line.span, message)
                .replace(Safety::Safe, "restore the text", line.repair.text.clone());
        }
    }
}
