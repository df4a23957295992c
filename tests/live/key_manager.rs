use std::time::Duration;

use futures_util::TryStreamExt;
use scs_cloud::{
    core::{
        ErrorKind, Result, Timestamp,
        standards::{Mode, Verdict},
    },
    iaas::{
        OpenStack,
        key_manager::{NewSecret, Secret, SecretQuery, SecretStatus, SecretType},
        standards::{key_manager, probe},
    },
};

use crate::lab::{self, Cleanup};

async fn make(cloud: &OpenStack, cleanup: &Cleanup, new: NewSecret) -> Secret {
    let secret = cloud.secrets().create(new).await.unwrap();
    cleanup.delete(&cloud.secrets(), &secret.id);
    secret
}

#[tokio::test]
async fn a_secret_from_creation_to_deletion() {
    let cloud = lab::cloud("lab-user").await;
    let name = lab::name("secret");
    Cleanup::after(|cleanup| async move {
        let secrets = cloud.secrets();
        let expiration = Timestamp::now().after(Duration::from_secs(3600));
        let new = NewSecret::text(" swordfish ").name(&name).expiration(expiration);
        let new = new.secret_type(SecretType::Passphrase);
        let secret = make(&cloud, &cleanup, new).await;
        assert_eq!((&*secret.name, &secret.status), (&*name, &SecretStatus::Active));
        assert_eq!(secret.secret_type, SecretType::Passphrase);
        assert_eq!(secret.content_types.as_ref().unwrap().default, "text/plain");
        assert!(secret.expiration.is_some() && secret.created_at.is_some());
        assert!(secret.creator_id.is_some());
        assert_eq!(secrets.find(&name).await.unwrap().id, secret.id);
        // Barbican strips what it is sent.
        let payload = cloud.secret_payload(&secret.id).await.unwrap();
        assert_eq!(payload.text(), Some("swordfish"));

        let bytes = [b' ', 0, 255, b'\n'];
        let new = NewSecret::bytes(&bytes).name(&name).algorithm("aes").mode("cbc");
        let key = make(&cloud, &cleanup, new.bit_length(256u32)).await;
        assert_eq!((key.bit_length, key.algorithm.as_deref()), (Some(256), Some("aes")));
        assert_eq!(key.secret_type, SecretType::Opaque);
        let payload = cloud.secret_payload(&key.id).await.unwrap();
        assert_eq!((payload.bytes(), payload.text()), (&bytes[..], None));
        assert_eq!(secrets.find(&name).await.unwrap_err().kind(), ErrorKind::Conflict);

        for secret in [&secret, &key] {
            secrets.delete(&secret.id).await.unwrap();
            assert!(secrets.get_opt(&secret.id).await.unwrap().is_none());
        }
        let error = secrets.find(&name).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    })
    .await;
}

#[tokio::test]
async fn secrets_are_found_by_odd_names() {
    let cloud = lab::cloud("lab-user").await;
    Cleanup::after(|cleanup| async move {
        for odd in ["a+b %41", r"back\slash_", "käse & more"] {
            let name = format!("{} {odd}", lab::name("secret"));
            let secret = make(&cloud, &cleanup, NewSecret::text("x").name(&name)).await;
            assert_eq!(cloud.secrets().find(&name).await.unwrap().id, secret.id, "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn lists_of_secrets_are_whole_whatever_the_page_size() {
    let cloud = lab::cloud("lab-user").await;
    let name = lab::name("secrets");
    Cleanup::after(|cleanup| async move {
        let mut made = Vec::new();
        for number in 0..12 {
            let new = NewSecret::text("x").name(format!("{name}-{number}")).mode(&name);
            made.push(make(&cloud, &cleanup, new).await.id);
        }
        made.sort();
        // More than the 10 that a page holds if nothing is said.
        let query = SecretQuery::new().name(format!("{name}-%"));
        let all = cloud.secrets().list(query.clone());
        assert_eq!(lab::keys(all, |secret| secret.id.clone()).await, made);
        for limit in [1u32, 5, 12, 13, 1000] {
            let some = cloud.secrets().list(query.clone().limit(limit));
            assert_eq!(lab::keys(some, |secret| secret.id.clone()).await, made, "{limit}");
        }
        let sorted = cloud.secrets().list(query.sort("name:desc").limit(5u32));
        let sorted: Vec<Secret> = sorted.try_collect().await.unwrap();
        assert_eq!(sorted[0].name, format!("{name}-9"));
        let query = SecretQuery::new().mode(&name).secret_type(SecretType::Symmetric);
        assert_eq!(cloud.secrets().list(query).try_collect::<Vec<_>>().await.unwrap().len(), 0);
    })
    .await;
}

#[tokio::test]
async fn refusals_have_their_kinds() {
    let cloud = lab::cloud("lab-user").await;
    Cleanup::after(|cleanup| async move {
        let kind = async |new: NewSecret| cloud.secrets().create(new).await.unwrap_err().kind();
        assert_eq!(kind(NewSecret::text("")).await, ErrorKind::Rejected);
        assert_eq!(kind(NewSecret::text("x".repeat(20_001))).await, ErrorKind::Rejected);
        let past = "2020-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
        assert_eq!(kind(NewSecret::text("x").expiration(past)).await, ErrorKind::Rejected);

        let empty = make(&cloud, &cleanup, NewSecret::new().name(lab::name("empty"))).await;
        assert_eq!(empty.content_types, None);
        let error = cloud.secret_payload(&empty.id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");

        // Barbican says of the secrets of others that they are there.
        let secret = make(&cloud, &cleanup, NewSecret::text("x")).await;
        let other = lab::cloud("lab-other").await;
        let refused: [Result<()>; 3] = [
            other.secrets().get(&secret.id).await.map(drop),
            other.secret_payload(&secret.id).await.map(drop),
            other.secrets().delete(&secret.id).await,
        ];
        for refused in refused {
            assert_eq!(refused.unwrap_err().kind(), ErrorKind::Forbidden);
        }
        let reader = lab::cloud("lab-reader").await;
        let error = reader.secrets().create(NewSecret::text("x")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Forbidden, "{error}");
    })
    .await;
}

#[tokio::test]
async fn scs_0116_is_kept_for_members_and_not_for_readers() {
    let member = lab::cloud("lab-user").await;
    let made = || member.secrets().list(SecretQuery::new().name("scs-probe-secret-%"));
    let before = lab::keys(made(), |secret| secret.id.clone()).await;
    for (user, verdict) in [("lab-user", Verdict::Pass), ("lab-reader", Verdict::Fail)] {
        let cloud = lab::cloud(user).await;
        let findings = probe::key_manager(&cloud).await;
        let catalog = cloud.session().access().await.unwrap().catalog.clone();
        let results = key_manager::check(&catalog, Some(findings), Mode::Reference);
        let verdicts: Vec<_> = results.iter().map(|result| result.verdict).collect();
        assert_eq!(verdicts, [Verdict::Pass, verdict], "{user}: {results:?}");
    }
    assert_eq!(lab::keys(made(), |secret| secret.id.clone()).await, before, "none is left");
}
