use std::fmt;

use scs_core::Error;

/// A text that is no flavor name of the standard: what was expected where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidFlavorName {
    pub(super) position: usize,
    pub(super) expected: &'static str,
    pub(super) found: Option<char>,
}

impl InvalidFlavorName {
    /// How many characters stand before the one that does not fit.
    pub fn position(&self) -> usize {
        self.position
    }

    /// What could have stood there.
    pub fn expected(&self) -> &'static str {
        self.expected
    }

    /// Whether the name does not begin with `SCS-`: the standard has no say in it.
    pub fn is_foreign(&self) -> bool {
        self.position < super::parse::PREFIX.len()
    }
}

impl fmt::Display for InvalidFlavorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {} at position {}", self.expected, self.position)?;
        match self.found {
            Some(found) => write!(f, ", found `{}`", found.escape_debug()),
            None => f.write_str(", found the end"),
        }
    }
}

impl std::error::Error for InvalidFlavorName {}

/// [`ErrorKind::InvalidInput`](scs_core::ErrorKind).
impl From<InvalidFlavorName> for Error {
    fn from(error: InvalidFlavorName) -> Self {
        Self::invalid(format!("not a flavor name: {error}"))
    }
}
