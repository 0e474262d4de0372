//! Options of one rule: declared, typed, refused with the place when wrong.

use std::fmt;

/// The type and default of an option.
#[derive(Debug, Clone, Copy)]
pub enum OptionKind {
    /// An integer with its default and smallest and largest value.
    Integer(i64, i64, i64),
    /// A number with its default and smallest and largest value.
    Number(f64, f64, f64),
    /// A flag with its default.
    Bool(bool),
    /// A list of strings with its default.
    Strings(&'static [&'static str]),
}

/// One option of a rule.
#[derive(Debug, Clone, Copy)]
pub struct OptionDef {
    /// Key in `[lint.rules.<name>]`.
    pub name: &'static str,
    /// Type, default, bounds.
    pub kind: OptionKind,
    /// What it does, with its unit.
    pub doc: &'static str,
}

/// Why an option was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionError {
    /// The option.
    pub name: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "option `{}`: {}", self.name, self.reason)
    }
}

impl std::error::Error for OptionError {}

/// The options of one rule: what the configuration sets, over the declared defaults.
#[derive(Debug, Clone)]
pub struct Options {
    defs: &'static [OptionDef],
    set: toml::Table,
}

impl Options {
    /// Checks a configuration table against the declared options.
    ///
    /// # Errors
    /// An unknown name, a wrong type, or a value out of bounds.
    pub fn new(defs: &'static [OptionDef], set: toml::Table) -> Result<Self, OptionError> {
        for (name, value) in &set {
            let refuse = |reason: String| OptionError {
                name: name.clone(),
                reason,
            };
            let Some(def) = defs.iter().find(|def| def.name == name) else {
                let known: Vec<_> = defs.iter().map(|def| format!("`{}`", def.name)).collect();
                return Err(refuse(if known.is_empty() {
                    "this rule has no options".to_owned()
                } else {
                    format!("unknown; the rule has {}", known.join(", "))
                }));
            };
            match (def.kind, value) {
                (OptionKind::Integer(_, low, high), toml::Value::Integer(n)) => {
                    if !(low..=high).contains(n) {
                        return Err(refuse(format!("{n} is not between {low} and {high}")));
                    }
                }
                (OptionKind::Number(_, low, high), toml::Value::Float(_) | toml::Value::Integer(_)) => {
                    let n = number(value);
                    if !(low..=high).contains(&n) {
                        return Err(refuse(format!("{n} is not between {low} and {high}")));
                    }
                }
                (OptionKind::Bool(_), toml::Value::Boolean(_)) => {}
                (OptionKind::Strings(_), toml::Value::Array(items))
                    if items.iter().all(toml::Value::is_str) => {}
                (kind, value) => {
                    let want = match kind {
                        OptionKind::Integer(..) => "an integer",
                        OptionKind::Number(..) => "a number",
                        OptionKind::Bool(_) => "true or false",
                        OptionKind::Strings(_) => "a list of strings",
                    };
                    return Err(refuse(format!("expected {want}, found {}", value.type_str())));
                }
            }
        }
        Ok(Self { defs, set })
    }

    /// Only the defaults.
    #[must_use]
    pub fn defaults(defs: &'static [OptionDef]) -> Self {
        Self {
            defs,
            set: toml::Table::new(),
        }
    }

    fn kind(&self, name: &str) -> Option<OptionKind> {
        self.defs.iter().find(|def| def.name == name).map(|def| def.kind)
    }

    /// An integer option. 0 when it was never declared, which a test of every rule rules out.
    #[must_use]
    pub fn integer(&self, name: &str) -> i64 {
        match (self.set.get(name), self.kind(name)) {
            (Some(toml::Value::Integer(n)), _) => *n,
            (_, Some(OptionKind::Integer(default, ..))) => default,
            _ => 0,
        }
    }

    /// A number option.
    #[must_use]
    pub fn number(&self, name: &str) -> f64 {
        match (self.set.get(name), self.kind(name)) {
            (Some(value), _) => number(value),
            (None, Some(OptionKind::Number(default, ..))) => default,
            _ => 0.0,
        }
    }

    /// A flag.
    #[must_use]
    pub fn bool(&self, name: &str) -> bool {
        match (self.set.get(name), self.kind(name)) {
            (Some(toml::Value::Boolean(b)), _) => *b,
            (_, Some(OptionKind::Bool(default))) => default,
            _ => false,
        }
    }

    /// A list of strings.
    #[must_use]
    pub fn strings(&self, name: &str) -> Vec<String> {
        match (self.set.get(name), self.kind(name)) {
            (Some(toml::Value::Array(items)), _) => items
                .iter()
                .filter_map(|item| item.as_str().map(str::to_owned))
                .collect(),
            (_, Some(OptionKind::Strings(default))) => default.iter().map(|&s| s.to_owned()).collect(),
            _ => Vec::new(),
        }
    }
}

fn number(value: &toml::Value) -> f64 {
    match value {
        toml::Value::Float(n) => *n,
        toml::Value::Integer(n) => *n as f64,
        _ => 0.0,
    }
}
