//! Pure functions on bytes and `str`: no findings, no I/O.

pub mod arabic;
pub mod bidi;
pub mod calendar;
pub mod charset;
pub mod class;
pub mod date;
pub mod date_repair;
pub mod dateline;
pub mod detect;
pub mod entities;
pub mod fold;
pub mod host;
pub mod latin;
pub mod legacy;
pub mod lines;
pub mod lossy;
pub mod mojibake;
pub mod nfc;
pub mod numbers;
pub mod plausible;
pub mod runs;
pub mod scan;
pub mod visible;
pub mod words;
