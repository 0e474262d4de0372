//! Pure functions on bytes and `str`: no findings, no I/O.

pub mod arabic;
pub mod charset;
pub mod detect;
pub mod entities;
pub mod latin;
pub mod legacy;
pub mod lines;
pub mod lossy;
pub mod mojibake;
pub mod plausible;
pub mod scan;
