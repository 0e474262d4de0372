//! What a release says of the whole of what was collected, compared with the release before.

use crate::cli::Failure;
use crate::cli::lint::expected_shifts;
use crate::cli::output::Printer;
use crate::cli::project::Project;
use crate::engine::profile::Profile;
use crate::engine::profile::shift::shifts;
use crate::engine::select::find;
use crate::finding::Severity;
use crate::release::plan::Plan as ReleasePlan;
use crate::report::escape::visible;

/// Says what changed from the release before more than chance explains: C001, C003 and C004.
pub(super) fn say_shifts(
    project: &Project,
    plan: &ReleasePlan,
    profile: &Profile,
    printer: &Printer,
) -> Result<(), Failure> {
    let Some(previous) = &plan.previous else {
        return Ok(());
    };
    let Some(before) = Profile::of_release(&previous.directory)? else {
        return Ok(());
    };
    let ignored: Vec<&str> = project
        .loaded
        .config
        .lint
        .ignore
        .iter()
        .flat_map(|selector| find(selector).unwrap_or_default())
        .map(|rule| rule.code)
        .collect();
    for shift in shifts(&before, profile, &expected_shifts(project)) {
        let said = format!("{}: {}", shift.code, visible(&shift.message));
        match shift.severity {
            _ if ignored.contains(&shift.code) => {}
            Severity::Info => printer.detail(&said),
            _ => printer.warning(&said),
        }
    }
    Ok(())
}
