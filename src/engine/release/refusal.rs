//! The gate of the whole: what makes a release refuse to be made.

use super::MAX_CONFIGS;
use super::scan::Scan;
use crate::config::OnError;
use crate::release::manifest::{Counts, is_ident};

impl Scan<'_, '_> {
    /// Why the release must not be made, if it must not: the reason and what to do.
    pub(super) fn refusal(&self, counts: &Counts, same_ids: Option<String>) -> Option<String> {
        if let Some(why) = self.refusals.first() {
            let why = why.trim_end_matches('.');
            let more = match self.refusals.len() {
                1 => String::new(),
                2 => " (and one more file)".to_owned(),
                n => format!(" (and {} more files)", n - 1),
            };
            return Some(format!(
                "{why}{more}; a release never leaves out the rest of a file: repair the file or take it out of the inputs"
            ));
        }
        if let Some((first, count)) = &self.undeclared {
            let records = if *count == 1 {
                "one record has a field".to_owned()
            } else {
                format!("{count} records have fields")
            };
            return Some(format!(
                "{records} that the schema does not declare, and [release] undeclared is \"refuse\": {first}; declare it in the schema, or set undeclared to \"extra\" or \"drop\""
            ));
        }
        if let Some(why) = same_ids.or_else(|| self.bad_configs()) {
            return Some(why);
        }
        let by_rule: u64 = counts.excluded_by_rule.values().sum::<u64>() + counts.unparseable;
        let worst = counts
            .excluded_by_rule
            .iter()
            .max_by_key(|(code, count)| (**count, std::cmp::Reverse(code.as_str())))
            .map(|(code, count)| format!("; most by {code} ({count})"))
            .unwrap_or_default();
        if self.run.config.release.on_error == OnError::Refuse && by_rule > 0 {
            return Some(format!(
                "{by_rule} of {} records have errors, and [release] on-error is \"refuse\"{worst}; repair them (`corpus lint` shows them), or set on-error to \"exclude\"",
                counts.collected,
            ));
        }
        let limit = crate::config::load::parse_share(&self.run.config.release.max_excluded).unwrap_or(0.05);
        if counts.collected > 0 && by_rule as f64 > limit * counts.collected as f64 {
            return Some(format!(
                "{by_rule} of {} records ({:.1} %) would be excluded, more than [release] max-excluded = \"{}\"{worst}; repair them (`corpus lint` shows them), or raise the limit",
                counts.collected,
                100.0 * by_rule as f64 / counts.collected as f64,
                self.run.config.release.max_excluded,
            ));
        }
        None
    }

    /// Values of the `[configs] by` field that cannot name a config.
    fn bad_configs(&self) -> Option<String> {
        let by = &self.run.config.configs.as_ref()?.by;
        if self.too_many_configs {
            return Some(format!(
                "[configs] by = \"{by}\" makes more than {MAX_CONFIGS} configs; choose a field with fewer values"
            ));
        }
        let bad = self.configs.iter().find(|name| !is_ident(name))?;
        Some(format!(
            "[configs] by = \"{by}\": the value `{}` cannot name a config (letters, digits and `_` only, and not `all`); choose a field whose values can",
            bad.escape_debug()
        ))
    }
}
