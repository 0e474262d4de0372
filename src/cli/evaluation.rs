//! The evaluation sets of `[decontaminate]`: found, read, handed to the checker.

use super::Failure;
use super::output::{INTERRUPTED, Printer};
use super::project::{Project, no_rules};
use crate::config::{DecontaminateConfig, InputSpec};
use crate::engine::check::Checker;
use crate::engine::evaluation::{Evaluation, EvaluationRun};
use crate::release::manifest::{Decontamination, EvaluationSet};
use crate::report::escape::visible;
use crate::report::summary::count;
use crate::source::discover::Finder;
use crate::source::{Input, Plan};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// The evaluation sets of a project, planned.
pub(crate) struct EvaluationSets {
    config: DecontaminateConfig,
    plan: Plan,
}

impl EvaluationSets {
    /// What `[decontaminate]` names; `None` without the table.
    pub(crate) fn find(project: &Project) -> Result<Option<Self>, Failure> {
        let Some(config) = &project.loaded.config.decontaminate else {
            return Ok(None);
        };
        if !(2..=1_000).contains(&config.n) {
            return Err(Failure::new(format!(
                "[decontaminate] n = {}: a passage has from 2 to 1000 words",
                config.n
            )));
        }
        let specs = [InputSpec {
            include: config.against.clone(),
            ..InputSpec::default()
        }];
        let cwd = std::env::current_dir()?;
        let root = cwd.join(&project.loaded.root);
        let finder = Finder {
            cwd: &cwd,
            project: Some(&root),
            specs: &specs,
            releases: &project.loaded.config.release.directory,
            stdin_format: crate::config::Format::Auto,
        };
        let inputs = finder
            .from_config(&root)
            .map_err(|error| Failure::new(format!("[decontaminate] against: {error}")))?;
        Ok(Some(Self {
            config: config.clone(),
            plan: project.plan(inputs)?,
        }))
    }

    /// The first file that is an evaluation set and an input too: each record would be found in itself.
    pub(crate) fn overlap(&self, inputs: &[Input]) -> Option<&str> {
        let real = |input: &Input| -> Option<PathBuf> { input.path.canonicalize().ok() };
        let known: BTreeSet<PathBuf> = inputs.iter().filter_map(real).collect();
        let mut sets = self.plan.inputs.iter();
        let both = sets.find(|input| real(input).is_some_and(|path| known.contains(&path)))?;
        Some(&both.shown)
    }

    /// Refuses inputs that are evaluation sets too.
    pub(crate) fn apart_from(&self, inputs: &[Input]) -> Result<(), Failure> {
        self.overlap(inputs).map_or(Ok(()), |path| {
            Err(Failure::new(format!(
                "`{}` is an evaluation set of [decontaminate] and an input: every record of it would be found in itself",
                visible(path)
            ))
            .hint("name it in `exclude` of its [[input]] table"))
        })
    }

    /// Reads the sets, and has the checker compare with them.
    pub(crate) fn load(
        &self,
        project: &Project,
        checker: &mut Checker,
        printer: &Printer,
    ) -> Result<(), Failure> {
        let mut reader = project.checker(&no_rules(), None, None, printer)?;
        reader.schema = None;
        let evaluation = Evaluation::read(EvaluationRun {
            checker: &reader,
            plan: &self.plan,
            n: self.config.n,
            jobs: project.jobs,
            memory: project.memory / 2,
            stop: &INTERRUPTED,
        })?;
        if evaluation.too_short() > 0 {
            printer.note(&format!(
                "{} of {} have no text of {} words: they cannot be found in the records",
                evaluation.too_short(),
                count(evaluation.items(), "evaluation item"),
                self.config.n
            ));
        }
        checker.evaluation = Some(Arc::new(evaluation));
        Ok(())
    }

    /// What the manifest says of them. Reads every file.
    pub(crate) fn pinned(&self) -> Result<Decontamination, Failure> {
        let inputs = &self.plan.inputs;
        let hashes: Result<Vec<String>, _> = inputs
            .par_iter()
            .map(|input| input.sha256(&INTERRUPTED))
            .collect();
        let against = inputs.iter().zip(hashes?).map(|(input, sha256)| EvaluationSet {
            uri: input.shown.clone(),
            sha256,
            bytes: input.size,
        });
        Ok(Decontamination {
            n: self.config.n as u64,
            against: against.collect(),
        })
    }
}
