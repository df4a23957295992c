use std::time::Duration;

use futures_util::TryStreamExt;
use scs_core::{ErrorKind, Result, Timestamp};

use crate::{
    key_manager::{NewSecret, Secret, SecretQuery, SecretType},
    testing::FakeOpenStack,
};

#[tokio::test]
async fn secrets_are_kept() -> Result<()> {
    let fake = FakeOpenStack::start().await;
    let cloud = fake.connect().await?;
    let secrets = cloud.secrets();
    let expiration = Timestamp::now().after(Duration::from_secs(3600));
    let new = NewSecret::text(" swordfish ").name("a+b%").expiration(expiration);
    let text = secrets.create(new).await?;
    assert_eq!(secrets.find("a+b%").await?.id, text.id);
    assert_eq!(cloud.secret_payload(&text.id).await?.text(), Some("swordfish"));
    let new = NewSecret::bytes(&[0, 255]).name("key").secret_type(SecretType::Symmetric);
    let key = secrets.create(new.algorithm("aes").bit_length(256u32)).await?;
    assert_eq!(cloud.secret_payload(&key.id).await?.bytes(), [0, 255]);
    assert_eq!(key.content_types.unwrap().default, "application/octet-stream");
    let query = SecretQuery::new().algorithm("a%").bit_length(256u32);
    let found: Vec<Secret> = secrets.list(query).try_collect().await?;
    assert_eq!((found.len(), &found[0].id), (1, &key.id));

    for number in 0..21 {
        secrets.create(NewSecret::new().name(format!("n{number}"))).await?;
    }
    let all: Vec<Secret> = secrets.list(SecretQuery::new()).try_collect().await?;
    assert_eq!(all.len(), 23);
    let empty = secrets.find("n7").await?;
    assert_eq!(empty.content_types, None);
    assert!(cloud.secret_payload(&empty.id).await.unwrap_err().is_not_found());
    secrets.delete(&empty.id).await?;
    assert!(secrets.get_opt(&empty.id).await?.is_none());
    assert!(fake.unexpected().is_empty());
    Ok(())
}

#[tokio::test]
async fn what_barbican_refuses_is_refused() -> Result<()> {
    let fake = FakeOpenStack::start().await;
    let (cloud, admin) = (fake.connect().await?, fake.connect_as_admin().await?);
    let text = || NewSecret::text("x");
    for (new, word) in [
        (NewSecret::text(""), "non empty"),
        (NewSecret::text("x".repeat(20_001)), "too large"),
        (text().expiration("2020-01-01T00:00:00Z".parse::<Timestamp>()?), "before current time"),
        (text().payload_content_encoding("base64"), "is not one of None"),
        (text().payload_content_type("application/octet-stream"), "['base64', 'binary']"),
        (NewSecret::new().payload("x"), "must also be supplied"),
        (NewSecret::new().payload_content_type("text/plain"), "payload must be provided"),
    ] {
        let error = cloud.secrets().create(new).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected, "{error}");
        assert!(error.message().contains(word), "{error}");
    }
    let secret = admin.secrets().create(text()).await?;
    for refused in [
        cloud.secrets().get(&secret.id).await.map(drop),
        cloud.secret_payload(&secret.id).await.map(drop),
        cloud.secrets().delete(&secret.id).await,
    ] {
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Forbidden);
    }
    Ok(())
}
