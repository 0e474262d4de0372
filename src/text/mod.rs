//! Pure functions on bytes and `str`: no findings, no I/O.

pub mod bidi;
pub mod class;
pub mod fold;
pub mod lines;
pub mod nfc;
pub mod runs;
pub mod scan;
pub mod visible;
pub mod words;
