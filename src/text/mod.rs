//! Pure functions on bytes and `str`: no findings, no I/O.

pub mod fold;
pub mod arabic;
pub mod charset;
pub mod detect;
pub mod entities;
pub mod legacy;
pub mod date;
pub mod date_repair;
pub mod lines;
pub mod mojibake;
pub mod plausible;
pub mod bidi;
pub mod class;
pub mod fold;
pub mod lines;
pub mod nfc;
pub mod runs;
pub mod scan;
pub mod visible;
pub mod words;
