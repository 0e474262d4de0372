//! Where fixed files go that do not replace their originals.

use crate::source::Input;
use std::path::{Component, Path, PathBuf};

/// A directory for fixed files. Every input has a place of its own in it, and none outside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixOutput {
    directory: PathBuf,
    /// What the places are relative to, where the inputs are not all below the current directory.
    base: Option<PathBuf>,
}

impl FixOutput {
    /// Inputs below the current directory keep their path; where one is not, all keep what comes after the
    /// directory that they share.
    #[must_use]
    pub fn new(directory: PathBuf, inputs: &[Input]) -> Self {
        let below = inputs.iter().all(|input| is_below(Path::new(&input.shown)));
        let base = if below {
            None
        } else {
            let parents = inputs
                .iter()
                .filter_map(|input| real(&input.path).parent().map(PathBuf::from));
            parents.reduce(|a, b| shared(&a, &b))
        };
        Self { directory, base }
    }

    /// The fixed file of an input.
    #[must_use]
    pub fn place(&self, input: &Input) -> PathBuf {
        let path = match &self.base {
            None => PathBuf::from(&input.shown),
            Some(base) => {
                let path = real(&input.path);
                path.strip_prefix(base)
                    .map_or_else(|_| path.clone(), Path::to_path_buf)
            }
        };
        let names = path
            .components()
            .filter(|part| matches!(part, Component::Normal(_)));
        self.directory.join(names.collect::<PathBuf>())
    }
}

fn is_below(path: &Path) -> bool {
    path.components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf())
}

fn shared(a: &Path, b: &Path) -> PathBuf {
    let same = a.components().zip(b.components()).take_while(|(a, b)| a == b);
    same.map(|(part, _)| part).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{FixOutput, Input};
    use crate::config::{Format, InputSpec};
    use std::path::Path;

    fn input(path: &str) -> Input {
        let mut input = Input::stdin(Format::Auto, InputSpec::default());
        input.path = path.into();
        path.clone_into(&mut input.shown);
        input
    }

    #[test]
    fn no_place_is_outside_and_none_is_shared() {
        let places = |paths: &[&str]| {
            let inputs: Vec<Input> = paths.iter().map(|path| input(path)).collect();
            let output = FixOutput::new("out".into(), &inputs);
            let places = inputs
                .iter()
                .map(|input| output.place(input).display().to_string());
            places.collect::<Vec<_>>()
        };
        assert_eq!(
            places(&["in/a.jsonl", "./b.jsonl"]),
            ["out/in/a.jsonl", "out/b.jsonl"]
        );
        assert_eq!(places(&["/no/such/a.jsonl"]), ["out/a.jsonl"]);
        assert_eq!(
            places(&["/no/such/x/a.jsonl", "/no/such/y/a.jsonl"]),
            ["out/x/a.jsonl", "out/y/a.jsonl"]
        );
        let up = places(&["../no-such.jsonl"]);
        assert!(
            Path::new(&up[0])
                .components()
                .all(|part| part.as_os_str() != ".."),
            "{up:?}"
        );
    }
}
