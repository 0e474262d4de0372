//! Pure functions on bytes and `str`: no findings, no I/O.

pub mod date;
pub mod date_repair;
pub mod lines;
pub mod scan;
