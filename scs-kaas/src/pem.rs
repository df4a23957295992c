use base64::{Engine, engine::general_purpose::STANDARD};
use scs_core::{Error, Result};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The certificates in a text in PEM form, each in DER form.
pub(crate) fn certificates(pem: &str) -> Result<Vec<Vec<u8>>> {
    let blocks = pem.split(BEGIN).skip(1).map(|block| {
        let text: String = block.split(END).next()?.split_whitespace().collect();
        STANDARD.decode(text).ok()
    });
    match blocks.collect::<Option<Vec<_>>>() {
        Some(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(Error::config("the authority of the API server is no certificate in PEM form")
            .with_hint("give the certificate, beginning with `-----BEGIN CERTIFICATE-----`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_are_found_between_other_text() {
        let pem = format!("the root\n{BEGIN}\nAQID\nBA==\n{END}\nanother\n{BEGIN}\nBQ==\n{END}\n");
        assert_eq!(certificates(&pem).unwrap(), [vec![1, 2, 3, 4], vec![5]]);
        for bad in ["", "AQID", &format!("{BEGIN}\n%%\n{END}")] {
            assert!(certificates(bad).is_err(), "{bad}");
        }
    }
}
