use std::{fmt, net::IpAddr, str::FromStr};

use crate::{Error, Result};

/// A range of addresses: `10.0.0.0/24`, `2001:db8::/64`.
///
/// ```
/// use scs_core::model::Cidr;
/// let range: Cidr = "10.0.0.0/24".parse()?;
/// assert_eq!((range.to_string(), range.prefix()), ("10.0.0.0/24".to_owned(), 24));
/// assert!("10.0.0.0/33".parse::<Cidr>().is_err());
/// # Ok::<(), scs_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cidr {
    address: IpAddr,
    prefix: u8,
}

impl Cidr {
    /// The addresses that share the first `prefix` bits with this one.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if an address does not have so many.
    pub fn new(address: IpAddr, prefix: u8) -> Result<Self> {
        let bits = if address.is_ipv4() { 32 } else { 128 };
        if prefix > bits {
            return Err(Error::invalid(format!("{address} has no {prefix} bits, but {bits}")));
        }
        Ok(Self { address, prefix })
    }

    /// The address before the slash.
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// How many bits all addresses of the range share.
    pub fn prefix(&self) -> u8 {
        self.prefix
    }
}

impl FromStr for Cidr {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let parts = text
            .split_once('/')
            .and_then(|(address, prefix)| Some((address.parse().ok()?, prefix.parse().ok()?)));
        match parts {
            Some((address, prefix)) => Self::new(address, prefix),
            None => Err(Error::invalid(format!("`{text}` is not a range such as `10.0.0.0/24`"))),
        }
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}
