//! Everything through HTTP: against the fake cloud, and against servers made for one test.

mod errors;
mod recorded;
mod secrets;
mod tls;
