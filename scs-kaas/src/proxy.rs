use base64::{Engine, engine::general_purpose::STANDARD};
use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

/// The proxy that the environment names for this address, as HTTP clients and curl read it.
pub(crate) fn of_environment(target: &Uri) -> Option<Uri> {
    of(&Matcher::from_env(), target)
}

fn of(matcher: &Matcher, target: &Uri) -> Option<Uri> {
    let found = matcher.intercept(target)?;
    let Some(login) = found.basic_auth() else {
        return Some(found.uri().clone());
    };
    // kube wants the login where it was before.
    let login = STANDARD.decode(login.to_str().ok()?.strip_prefix("Basic ")?).ok()?;
    let login = String::from_utf8(login).ok()?;
    let (user, password) = login.split_once(':')?;
    let mut url = Url::parse(&found.uri().to_string()).ok()?;
    url.set_username(user).ok()?;
    url.set_password(Some(password)).ok()?;
    url.as_str().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exceptions_are_those_of_the_target() {
        let matcher = Matcher::builder()
            .all("http://ada:l%40ve@proxy.example:3128")
            .no("127.0.0.1,.internal")
            .build();
        let proxy = |target: &str| of(&matcher, &target.parse().unwrap());
        for direct in ["https://127.0.0.1:6443", "https://api.internal:6443"] {
            assert_eq!(proxy(direct), None);
        }
        let found = proxy("https://api.example:6443").unwrap();
        assert_eq!(found.authority().unwrap(), "ada:l%40ve@proxy.example:3128");
    }
}
