//! Checks of the standards of SCS that make something.

mod entropy;
