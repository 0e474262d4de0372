//! The columns that a schema declares.
