//! The one place where the rooms meet: units, parallel scan, group, decide, fixes, baseline.

pub mod check;
pub mod fix;
pub mod pipeline;
pub(crate) mod place;
pub mod select;
