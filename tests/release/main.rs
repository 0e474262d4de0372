//! `corpus release` and `corpus verify` as people run them: the binary, on real files.

mod damage;
mod faults;
mod gates;
mod golden;
mod project;
mod versions;
