//! Which rules run, how severe they are, and for which records: selectors, per-file ignores,
//! overrides, suppressions.

use crate::config::{Config, LintConfig, Override, Suppress, load::nearest};
use crate::finding::{Safety, Severity};
use crate::rules::list::RULES;
use crate::rules::options::Options;
use crate::rules::redirect;
use crate::rules::runner::{Active, RuleSet};
use crate::rules::{Rule, Status};
use globset::{Glob, GlobMatcher};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Why a selection cannot be used. All of these end a run with exit code 2.
#[derive(Debug, thiserror::Error)]
pub enum SelectError {
    /// No such rule.
    #[error("unknown rule `{0}`{hint}", hint = .1.map(|name| format!("; did you mean `{name}`?")).unwrap_or_default())]
    Unknown(String, Option<&'static str>),
    /// A rule that no longer exists.
    #[error("rule `{0}` was removed; take it out of the configuration")]
    Removed(&'static str),
    /// A rule's option is wrong.
    #[error("[lint.rules.{0}] {1}")]
    Option(String, crate::rules::options::OptionError),
    /// A glob is wrong.
    #[error("[lint.per-file-ignores] `{0}`: {1}")]
    Glob(String, String),
    /// A suppression's date is wrong.
    #[error("[[lint.suppress]] expires = \"{0}\" is not a date; write it like `2027-01-31`")]
    Expires(String),
}

/// What the command line says about rules; `None` and empty lists leave the configuration's word.
#[derive(Debug, Clone, Default)]
pub struct CommandLine {
    /// `--select`
    pub select: Option<Vec<String>>,
    /// `--extend-select`
    pub extend_select: Vec<String>,
    /// `--ignore`
    pub ignore: Vec<String>,
    /// `--preview`
    pub preview: bool,
    /// `--per-file-ignores GLOB:CODE`
    pub per_file_ignores: Vec<(String, String)>,
}

/// A selector: how specifically it names a rule, or not at all.
fn specificity(selector: &str, rule: &Rule) -> Option<usize> {
    let selector = redirect::current(selector);
    if selector == "ALL" {
        return Some(0);
    }
    if selector == rule.name || selector == rule.code {
        return Some(usize::MAX);
    }
    rule.code.starts_with(selector).then_some(selector.len())
}

/// Refuses a selector that names nothing.
///
/// # Errors
/// [`SelectError::Unknown`] with the nearest name, [`SelectError::Removed`].
pub fn check_selector(selector: &str) -> Result<(), SelectError> {
    if matches!(selector, "ALL" | "none") {
        return Ok(());
    }
    let mut named = RULES
        .iter()
        .filter(|rule| !selector.is_empty() && specificity(selector, rule).is_some());
    match named.next() {
        Some(rule) if rule.status == Status::Removed && named.next().is_none() => {
            Err(SelectError::Removed(rule.code))
        }
        Some(_) => Ok(()),
        None => {
            let names = RULES.iter().flat_map(|rule| [rule.code, rule.name]);
            Err(SelectError::Unknown(
                selector.to_owned(),
                nearest(selector, names),
            ))
        }
    }
}

fn best(selectors: &[String], rule: &Rule) -> Option<usize> {
    selectors
        .iter()
        .filter_map(|selector| specificity(selector, rule))
        .max()
}

/// The rules found by code, name or prefix.
///
/// # Errors
/// [`check_selector`]'s.
pub fn find(selector: &str) -> Result<Vec<&'static Rule>, SelectError> {
    check_selector(selector)?;
    Ok(RULES
        .iter()
        .copied()
        .filter(|rule| specificity(selector, rule).is_some())
        .collect())
}

/// A rule set with everything that decides whether a finding of it is shown.
#[derive(Debug)]
pub struct Selection {
    /// The rules that run.
    pub set: RuleSet,
    /// Things the user should know: preview rules left out, expired suppressions.
    pub warnings: Vec<String>,
    /// Rules that run only where an override selects them, by index in the set.
    conditional: Vec<u16>,
    per_file: Vec<FileIgnore>,
    overrides: Vec<Override>,
    suppress: Vec<Suppression>,
    fixes: Vec<FixPolicy>,
}

/// What the configuration says of one rule's fixes.
#[derive(Debug, Clone, Copy)]
struct FixPolicy {
    fixable: bool,
    promoted: bool,
    demoted: bool,
}

/// `[lint.per-file-ignores]`, one line.
#[derive(Debug)]
struct FileIgnore {
    pattern: String,
    glob: GlobMatcher,
    codes: Vec<String>,
    /// Whether it put anything aside.
    used: AtomicBool,
}

/// A suppression that put nothing aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stale {
    /// Which of the `[[lint.suppress]]` tables it is.
    pub(crate) suppression: Option<usize>,
    pub(crate) message: String,
}

#[derive(Debug)]
struct Suppression {
    /// Which of the tables of the configuration it is.
    table: usize,
    used: AtomicBool,
    rule: String,
    id: Option<String>,
    source: Option<String>,
    reason: Arc<str>,
}

impl Selection {
    /// Builds the rule set of a run. `today` (days since 1970) ends suppressions; `None` ends none.
    ///
    /// # Errors
    /// Unknown rules, wrong options, wrong globs.
    pub fn new(config: &Config, line: &CommandLine, today: Option<&str>) -> Result<Self, SelectError> {
        let lint = &config.lint;
        let preview = line.preview || lint.preview == Some(true);
        let selected: Option<Vec<String>> = line.select.clone().or_else(|| lint.select.clone());
        let mut extend = line.extend_select.clone();
        let mut ignore = line.ignore.clone();
        if line.select.is_none() {
            extend.extend(lint.extend_select.iter().cloned());
            ignore.extend(lint.ignore.iter().cloned());
        }
        let from_overrides: Vec<String> = config
            .overrides
            .iter()
            .flat_map(|o| o.extend_select.iter().cloned())
            .collect();
        let mut warnings = Vec::new();
        check_all(
            lint,
            &config.overrides,
            selected.iter().flatten().chain(&extend).chain(&ignore),
            &mut warnings,
        )?;

        let mut active = Vec::new();
        let mut conditional = Vec::new();
        for rule in RULES.iter().copied() {
            if rule.status == Status::Removed {
                continue;
            }
            let by_select = match &selected {
                Some(selectors) => best(selectors, rule),
                None => rule.default.then_some(0),
            };
            let chosen = by_select.max(best(&extend, rule));
            let dropped = best(&ignore, rule);
            let runs = match (chosen, dropped) {
                (None, _) => false,
                (Some(_), None) => true,
                (Some(chosen), Some(dropped)) => chosen > dropped,
            };
            let by_override = best(&from_overrides, rule).is_some();
            if !runs && !by_override {
                continue;
            }
            if rule.status == Status::Preview && !preview {
                if chosen == Some(usize::MAX) {
                    warnings.push(format!(
                        "rule `{}` ({}) is in preview and does not run; add `--preview`",
                        rule.code, rule.name
                    ));
                }
                continue;
            }
            if !runs {
                conditional.push(active.len() as u16);
            }
            let table = lint
                .rules
                .iter()
                .find(|(name, _)| [rule.name, rule.code].contains(&redirect::current(name)))
                .map(|(_, table)| table.clone())
                .unwrap_or_default();
            let wrong = |error| SelectError::Option(rule.name.to_owned(), error);
            let options = Options::new(rule.options, table).map_err(wrong)?;
            active.push(Active {
                rule,
                severity: severity(&lint.severity, rule).unwrap_or(rule.severity),
                check: (rule.check)(&options).map_err(wrong)?,
            });
        }
        let fixes = active
            .iter()
            .map(|active| fix_policy(lint, active.rule))
            .collect();
        Ok(Self {
            fixes,
            set: RuleSet::new(active),
            conditional,
            per_file: per_file(lint, line)?,
            overrides: config.overrides.clone(),
            suppress: suppressions(&lint.suppress, today, &mut warnings)?,
            warnings,
        })
    }

    /// What holds for one record: which rules are silent, which severities change. `None` when
    /// nothing depends on the record, which is the usual case and costs nothing.
    #[must_use]
    pub fn depends_on_record(&self) -> bool {
        !self.overrides.is_empty() || !self.suppress.is_empty()
    }

    /// Whether findings of a rule are ignored in a file.
    #[must_use]
    pub fn ignored_in_file(&self, path: &str, rule: &Rule) -> bool {
        let mut found = self
            .per_file
            .iter()
            .filter(|ignore| best(&ignore.codes, rule).is_some() && ignore.glob.is_match(path));
        found.next().is_some_and(|ignore| {
            mark(&ignore.used);
            true
        })
    }

    /// The suppressions of running rules that put nothing aside.
    pub(crate) fn stale(&self) -> Vec<Stale> {
        let runs = |selector: &str| {
            let mut active = self.set.active.iter();
            active.any(|active| specificity(selector, active.rule).is_some())
        };
        let unused = |used: &AtomicBool| !used.load(Ordering::Relaxed);
        let suppressions = self.suppress.iter().filter(|s| unused(&s.used) && runs(&s.rule));
        let mut stale: Vec<Stale> = suppressions
            .map(|s| {
                let target = match (&s.id, &s.source) {
                    (Some(id), _) => format!(" for record \"{id}\""),
                    (None, Some(source)) => format!(" for source \"{source}\""),
                    (None, None) => String::new(),
                };
                Stale {
                    suppression: Some(s.table),
                    message: format!("Suppression of {}{target} no longer matches anything.", s.rule),
                }
            })
            .collect();
        let ignores = self.per_file.iter().filter(|ignore| unused(&ignore.used));
        stale.extend(
            ignores
                .filter(|i| i.codes.iter().any(|code| runs(code)))
                .map(|i| Stale {
                    suppression: None,
                    message: format!(
                        "Suppression of {} for files \"{}\" no longer matches anything.",
                        i.codes.join(", "),
                        i.pattern
                    ),
                }),
        );
        stale
    }

    /// Whether any file ignores anything.
    #[must_use]
    pub fn has_file_ignores(&self) -> bool {
        !self.per_file.is_empty()
    }

    /// The safety of a fix of rule `index` after `fixable`, `unfixable` and the safety lists.
    #[must_use]
    pub fn safety(&self, index: u16, safety: Safety) -> Safety {
        let policy = self.fixes[index as usize];
        match safety {
            _ if !policy.fixable => Safety::Display,
            Safety::Unsafe if policy.promoted => Safety::Safe,
            Safety::Safe if policy.demoted => Safety::Unsafe,
            other => other,
        }
    }

    /// The verdict for a finding of rule `index` on a record: `None` to drop it, else its severity
    /// and the reason it is suppressed for. `field` gives the record's value of a field.
    pub fn judge<'r>(
        &self,
        index: u16,
        severity_now: Severity,
        id: Option<&str>,
        source: Option<&str>,
        field: impl Fn(&str) -> Option<&'r str>,
    ) -> Option<(Severity, Option<Arc<str>>)> {
        let rule = self.set.active[index as usize].rule;
        let mut runs = !self.conditional.contains(&index);
        let mut level = severity_now;
        for over in &self.overrides {
            if !over
                .when
                .iter()
                .all(|(name, want)| field(name) == Some(want.as_str()))
            {
                continue;
            }
            if best(&over.extend_select, rule).is_some() {
                runs = true;
            }
            if best(&over.ignore, rule).is_some() {
                runs = false;
            }
            if let Some(new) = severity(&over.severity, rule) {
                level = new;
            }
        }
        if !runs {
            return None;
        }
        let reason = self
            .suppress
            .iter()
            .find(|s| {
                specificity(&s.rule, rule).is_some()
                    && s.id.as_deref().is_none_or(|want| id == Some(want))
                    && s.source.as_deref().is_none_or(|want| source == Some(want))
            })
            .map(|s| {
                mark(&s.used);
                Arc::clone(&s.reason)
            });
        Some((level, reason))
    }
}

/// Raises a flag; a write in every record would have the threads fight over the cache line.
fn mark(flag: &AtomicBool) {
    if !flag.load(Ordering::Relaxed) {
        flag.store(true, Ordering::Relaxed);
    }
}

fn fix_policy(lint: &LintConfig, rule: &Rule) -> FixPolicy {
    let fixable = lint
        .fixable
        .as_ref()
        .is_none_or(|list| best(list, rule).is_some());
    FixPolicy {
        fixable: fixable && best(&lint.unfixable, rule).is_none(),
        promoted: best(&lint.extend_safe_fixes, rule).is_some(),
        demoted: best(&lint.extend_unsafe_fixes, rule).is_some(),
    }
}

fn severity(levels: &std::collections::BTreeMap<String, Severity>, rule: &Rule) -> Option<Severity> {
    levels
        .iter()
        .filter_map(|(selector, level)| Some((specificity(selector, rule)?, *level)))
        .max_by_key(|(specific, _)| *specific)
        .map(|(_, level)| level)
}

fn check_all<'a>(
    lint: &LintConfig,
    overrides: &[Override],
    selectors: impl Iterator<Item = &'a String>,
    warnings: &mut Vec<String>,
) -> Result<(), SelectError> {
    let mut all: Vec<&str> = selectors.map(String::as_str).collect();
    all.extend(lint.severity.keys().map(String::as_str));
    all.extend(lint.rules.keys().map(String::as_str));
    all.extend(lint.per_file_ignores.values().flatten().map(String::as_str));
    all.extend(lint.suppress.iter().map(|s| s.rule.as_str()));
    all.extend(
        [
            &lint.unfixable,
            &lint.extend_safe_fixes,
            &lint.extend_unsafe_fixes,
        ]
        .into_iter()
        .flatten()
        .map(String::as_str),
    );
    all.extend(lint.fixable.iter().flatten().map(String::as_str));
    for over in overrides {
        all.extend(
            over.extend_select
                .iter()
                .chain(&over.ignore)
                .chain(over.severity.keys())
                .map(String::as_str),
        );
    }
    for selector in all {
        check_selector(selector)?;
        if let Some(redirect) = redirect::of(selector) {
            let (old, new, note) = (redirect.old, redirect.new, redirect.note);
            let warning = format!("rule `{old}` is called `{new}`: {note}");
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
    }
    Ok(())
}

fn per_file(lint: &LintConfig, line: &CommandLine) -> Result<Vec<FileIgnore>, SelectError> {
    let mut result = Vec::new();
    let from_line = line
        .per_file_ignores
        .iter()
        .map(|(glob, code)| (glob, vec![code.clone()]));
    let from_file = lint
        .per_file_ignores
        .iter()
        .map(|(glob, codes)| (glob, codes.clone()));
    for (glob, codes) in from_file.chain(from_line) {
        codes.iter().try_for_each(|code| check_selector(code))?;
        let matcher = Glob::new(glob)
            .map_err(|error| SelectError::Glob(glob.clone(), error.to_string()))?
            .compile_matcher();
        result.push(FileIgnore {
            pattern: glob.clone(),
            glob: matcher,
            codes,
            used: AtomicBool::new(false),
        });
    }
    Ok(result)
}

fn suppressions(
    list: &[Suppress],
    today: Option<&str>,
    warnings: &mut Vec<String>,
) -> Result<Vec<Suppression>, SelectError> {
    let mut result = Vec::new();
    for (table, suppress) in list.iter().enumerate() {
        if let Some(expires) = &suppress.expires {
            let well_formed = expires.parse::<jiff::civil::Date>().is_ok() && expires.len() == 10;
            if !well_formed {
                return Err(SelectError::Expires(expires.clone()));
            }
            // ISO dates of one length compare like the days they name.
            if today.is_some_and(|today| today > expires.as_str()) {
                warnings.push(format!(
                    "the suppression of `{}` ({}) expired on {expires}; its findings are shown again",
                    suppress.rule, suppress.reason
                ));
                continue;
            }
        }
        result.push(Suppression {
            table,
            used: AtomicBool::new(false),
            rule: suppress.rule.clone(),
            id: suppress.id.clone(),
            source: suppress.source.clone(),
            reason: suppress.reason.as_str().into(),
        });
    }
    Ok(result)
}
