//! E104 mojibake-legacy-swap.

use crate::finding::{Safety, Severity};
use crate::rules::encoding::{head, is_garbled};
use crate::rules::{Check, Example, Out, Rule, Scope, Status, Text, Wake};
use crate::text::legacy;
use crate::text::scan::Flags;

pub(crate) const RULE: Rule = Rule {
    code: "E104",
    name: "mojibake-legacy-swap",
    severity: Severity::Error,
    scope: Scope::Line,
    fix: Some(Safety::Safe),
    status: Status::Stable,
    default: true,
    summary: "A field holds legacy text that was read as another legacy charset.",
    why: "Old Arabic and Russian sites did not declare their encoding. Read as windows-1252 their \
          articles turn into accented Latin letters that no reader and no search can use.",
    how: "The pairs are windows-1256, iso-8859-6, cp720, windows-1251, koi8-r, windows-1253, windows-1255, GBK, Big5, Shift_JIS \
          and EUC-KR read as windows-1252, cp720 read as cp437, and koi8-r and windows-1251 read as \
          each other. The lines of a field are judged together: most words must consist of high \
          characters, and the restored text must look like its language (95 % of its letters in one \
          script; Arabic function words and articles, endings only at word ends; Cyrillic in lower \
          case). The fix is safe when every line of the field with a non-ASCII character is part of \
          the swap and the round trip is exact, unsafe otherwise.",
    false_positives: "Words in capitals (`ÍSLENSKA ÞJÓÐIN`) do not make plausible text in any pair.",
    source: "WHATWG Encoding Standard, indexes; own measure",
    options: &[],
    examples: &[
        Example::bad("ÇáæÒíÑ íÕá Åáì ÇáÚÇÕãÉ", &["ÇáæÒíÑ íÕá Åáì ÇáÚÇÕãÉ"]).fixed("الوزير يصل إلى العاصمة"),
        Example::bad("Ïðåçèäåíò ïðèáûë â ñòîëèöó", &["Ïðåçèäåíò ïðèáûë â ñòîëèöó"])
            .lang("ru")
            .fixed("Президент прибыл в столицу"),
        Example::good("ÍSLENSKA ÞJÓÐIN").lang("is"),
        Example::good("Đà Nẵng tổ chức lễ hội").lang("vi"),
        Example::good("НОВЫЙ МОСТ И РЕКА В ГОРОДЕ").lang("ru"),
    ],
    wake: Wake::Text(Flags::LEGACY.or(Flags::MOJIBAKE)),
    check: |_| Ok(Box::new(LegacySwap)),
};

struct LegacySwap;

impl Check for LegacySwap {
    fn text(&self, text: &Text<'_>, out: &mut Out<'_>) {
        if !legacy::may_be_swapped(text.value) {
            return;
        }
        let Some(swap) = legacy::swap(text.value, text.lines()) else {
            return;
        };
        for line in swap.lines {
            if is_garbled(text, line.span.start) {
                continue;
            }
            let safety = if swap.whole && line.verified {
                Safety::Safe
            } else {
                Safety::Unsafe
            };
            let message = format!(
                "Line is {} text read as {}; it should be \"{}\".",
                swap.truth.name(),
                swap.wrong.name(),
                head(&line.text)
            );
            out.span(line.span, message)
                .replace(safety, "restore the text", line.text);
        }
    }
}
