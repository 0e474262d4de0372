//! `corpus release` and `corpus verify` as people run them: the binary, on real files.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::similar_names)]

mod damage;
mod diff;
mod faults;
mod flips;
mod gates;
mod golden;
mod guard;
#[cfg(target_os = "linux")]
mod inject;
#[cfg(target_os = "linux")]
mod near;
mod places;
mod power;
mod project;
mod purge;
mod remote;
mod reproduce;
mod retract;
#[cfg(unix)]
mod shifts;
mod signatures;
#[cfg(target_os = "linux")]
mod strace;
mod templates;
mod versions;
mod year;
