use scs_cloud::{
    core::ErrorKind,
    iaas::compute::{GeneratedKeypair, Keypair, KeypairQuery, KeypairType, NewKeypair},
};

use crate::lab;

/// As a user of whom no other test makes or removes keys: a page begins behind the last key of the
/// one before, which has to be there still.
#[tokio::test]
async fn keys_are_made_and_imported() {
    let cloud = lab::cloud("lab-other").await;
    let keypairs = cloud.keypairs();
    let [made, imported] = ["made", "imported"].map(lab::name);
    let pair: GeneratedKeypair = keypairs.create(NewKeypair::new(&made)).answer().await.unwrap();
    assert!(pair.private_key.expose().contains("PRIVATE KEY"));
    let new = NewKeypair::new(&imported).public_key(&pair.public_key);
    let key = keypairs.create(new.clone()).await.unwrap();
    assert_eq!(key.fingerprint, pair.fingerprint);
    assert_eq!(key.kind, Some(KeypairType::Ssh));
    assert_eq!(keypairs.create(new).await.unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(keypairs.find(&made).await.unwrap().fingerprint, pair.fingerprint);
    assert!(keypairs.get(&key.name).await.unwrap().created_at.is_some());
    for limit in 1..=3 {
        let name = |key: &Keypair| key.name.clone();
        let all = lab::keys(keypairs.list(KeypairQuery::new().limit(limit)), name).await;
        for name in [&made, &imported] {
            assert_eq!(all.iter().filter(|key| key.as_str() == name).count(), 1, "{limit}");
        }
    }
    for name in [made, imported] {
        keypairs.delete(&name.as_str().into()).await.unwrap();
        assert!(keypairs.get_opt(&name.as_str().into()).await.unwrap().is_none());
    }
}
