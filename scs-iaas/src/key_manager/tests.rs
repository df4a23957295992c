//! What is sent, to the letter, and what is read.

use scs_core::{ErrorKind, Phase};

use super::*;

fn json(new: &NewSecret) -> String {
    serde_json::to_string(new).unwrap()
}

#[test]
fn a_text_goes_as_it_is_and_bytes_encoded() {
    let text = NewSecret::text("swordfish").name("database").secret_type(SecretType::Passphrase);
    assert_eq!(
        json(&text),
        concat!(
            r#"{"name":"database","secret_type":"passphrase","payload":"swordfish","#,
            r#""payload_content_type":"text/plain"}"#
        )
    );
    let expiration: scs_core::Timestamp = "2030-01-31T12:00:00Z".parse().unwrap();
    let key = NewSecret::bytes(&[0, 255]).expiration(expiration).algorithm("aes");
    assert_eq!(
        json(&key.bit_length(256u32).mode("cbc")),
        concat!(
            r#"{"expiration":"2030-01-31T12:00:00Z","algorithm":"aes","bit_length":256,"#,
            r#""mode":"cbc","payload":"AP8=","payload_content_type":"application/octet-stream","#,
            r#""payload_content_encoding":"base64"}"#
        )
    );
    assert!(!format!("{text:?}").contains("swordfish"));
}

#[test]
fn the_id_is_what_the_reference_ends_in() {
    let secret = |reference: &str| {
        let text = format!(
            r#"{{"created": "2026-11-21T21:25:08", "updated": "2026-11-21T21:25:08",
            "status": "ACTIVE", "name": null, "secret_type": "opaque", "expiration": null,
            "algorithm": null, "bit_length": null, "mode": null, "creator_id": "b9",
            "content_types": {{"default": "text/plain"}}, "secret_ref": "{reference}"}}"#
        );
        scs_core::dialect::decode::<Secret>(text.as_bytes())
    };
    for reference in ["http://h:9311/v1/secrets/02c7", "http://h/v1/secrets/02c7/", "02c7"] {
        let secret = secret(reference).unwrap();
        assert_eq!((secret.id.as_str(), &*secret.name), ("02c7", ""));
        assert_eq!((secret.status.phase(), secret.created_at.is_some()), (Phase::Ready, true));
        assert_eq!(secret.content_types.unwrap().default, "text/plain");
    }
    assert_eq!(secret("").unwrap_err().kind(), ErrorKind::Decode);
}

#[test]
fn a_name_is_looked_for_by_what_barbican_leaves_alone() {
    let query = <Secret as scs_core::Listable>::named(r"a+b%41\c_d");
    assert_eq!(query.name.unwrap(), "a_b_41_c_d");
}

#[test]
fn a_payload_is_never_printed() {
    let payload = SecretPayload::new(b"swordfish".to_vec());
    assert_eq!((payload.text(), payload.bytes().len()), (Some("swordfish"), 9));
    assert!(!format!("{payload:?}").contains("sword"));
    assert_eq!(SecretPayload::new(vec![255]).text(), None);
}
