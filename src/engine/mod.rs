//! The one place where the rooms meet: units, parallel scan, group, decide, fixes, baseline.

pub mod against;
pub mod baseline;
pub mod charset;
pub mod check;
pub(crate) mod corpus;
pub mod duplicates;
pub mod evaluation;
pub mod fix;
pub mod fix_output;
pub(crate) mod in_place;
pub mod lint;
pub mod manifest_schema;
pub mod pipeline;
pub(crate) mod place;
mod private;
pub mod project_file;
pub mod release;
pub mod rewrite;
pub(crate) mod rivals;
pub mod sample;
pub mod select;
pub mod single;
pub(crate) mod store;
pub mod survey;
pub mod tally;
pub mod templates;
pub(crate) mod whole;
