use std::time::Duration;

use oauth2::{
    AccessToken, Client, EndpointNotSet, EndpointSet, RefreshToken, Scope, StandardRevocableToken,
    TokenResponse,
    basic::{
        BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
        BasicTokenType,
    },
};
use scs_core::value::lenient;
use serde::{Deserialize, Serialize};

/// A client that reads [`Answer`]s.
pub(super) type AnswerClient = Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// What a provider issues.
///
/// The answer that oauth2 has fails without `token_type`, which nobody here reads and not every
/// provider sends.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(super) struct Answer {
    access_token: AccessToken,
    #[serde(default)]
    id_token: Option<AccessToken>,
    #[serde(default)]
    refresh_token: Option<RefreshToken>,
    #[serde(default, deserialize_with = "lenient")]
    expires_in: Option<u64>,
}

impl Answer {
    /// Who has logged in, in the words of OpenID.
    pub(super) fn id_token(&self) -> Option<&AccessToken> {
        self.id_token.as_ref()
    }
}

impl TokenResponse for Answer {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        static BEARER: BasicTokenType = BasicTokenType::Bearer;
        &BEARER
    }

    fn expires_in(&self) -> Option<Duration> {
        self.expires_in.map(Duration::from_secs)
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_needed_may_be_missing_or_odd() {
        let read = |text: &str| serde_json::from_str::<Answer>(text).unwrap();
        let bare = read(r#"{"access_token":"a"}"#);
        assert_eq!((bare.access_token().secret().as_str(), bare.expires_in()), ("a", None));
        let odd = read(r#"{"access_token":"a","token_type":5,"expires_in":"300","scope":null}"#);
        assert_eq!(odd.expires_in(), Some(Duration::from_secs(300)));
        assert!(!format!("{odd:?}").contains("\"a\""));
        assert!(serde_json::from_str::<Answer>(r#"{"id_token":"i"}"#).is_err());
    }
}
