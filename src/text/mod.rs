//! Pure functions on bytes and `str`: no findings, no I/O.

pub mod fold;
pub mod lines;
pub mod scan;
