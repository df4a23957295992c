//! A person at a browser, as far as Keycloak's login pages need one.

use std::collections::BTreeMap;

use reqwest::{Certificate, Client, Method, Url, header, redirect};

pub struct Browser {
    http: Client,
    cookies: BTreeMap<String, String>,
    user: &'static str,
    /// What is pressed when the page asks whether to grant access.
    answer: &'static str,
}

/// A form of a page: where it goes, and its fields with what is in them.
struct Form {
    action: String,
    fields: BTreeMap<String, String>,
}

impl Browser {
    pub fn new(user: &'static str, grants: bool) -> Self {
        let ca = Certificate::from_pem(&super::ca()).unwrap();
        let http = Client::builder()
            .tls_certs_merge([ca])
            .redirect(redirect::Policy::none())
            .build()
            .unwrap();
        let answer = if grants { "accept" } else { "cancel" };
        Self { http, cookies: BTreeMap::new(), user, answer }
    }

    /// Opens a page, follows redirects and fills in forms, until there is nothing to fill in.
    pub async fn open(mut self, address: &str) {
        let mut url: Url = address.parse().unwrap();
        let mut send = None;
        for _ in 0..20 {
            let method = if send.is_some() { Method::POST } else { Method::GET };
            let cookies: Vec<_> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
            let mut request =
                self.http.request(method, url.clone()).header(header::COOKIE, cookies.join("; "));
            if let Some(fields) = send.take() {
                let form = url::form_urlencoded::Serializer::new(String::new())
                    .extend_pairs(fields)
                    .finish();
                request = request
                    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(form);
            }
            let answer = request.send().await.unwrap();
            for cookie in answer.headers().get_all(header::SET_COOKIE) {
                let cookie = cookie.to_str().unwrap().split(';').next().unwrap();
                let (name, value) = cookie.split_once('=').unwrap();
                self.cookies.insert(name.into(), value.into());
            }
            if let Some(next) = answer.headers().get(header::LOCATION) {
                url = url.join(next.to_str().unwrap()).unwrap();
                continue;
            }
            let page = answer.text().await.unwrap();
            let Some((action, fields)) = forms(&page).find_map(|form| self.fill(form)) else {
                return;
            };
            url = url.join(&action).unwrap();
            send = Some(fields);
        }
        panic!("the pages do not end, the last one is {url}");
    }

    /// What is sent if the form is one that has to be filled in.
    fn fill(&self, mut form: Form) -> Option<(String, BTreeMap<String, String>)> {
        let known = [("username", self.user), ("password", "secret")];
        let asked: Vec<_> =
            known.into_iter().filter(|(name, _)| form.fields.contains_key(*name)).collect();
        if form.fields.contains_key("accept") {
            let other = if self.answer == "accept" { "cancel" } else { "accept" };
            form.fields.remove(other);
        } else if asked.is_empty() {
            return None;
        }
        for (name, value) in asked {
            form.fields.insert(name.into(), value.into());
        }
        Some((form.action, form.fields))
    }
}

fn forms(page: &str) -> impl Iterator<Item = Form> {
    page.split("<form").skip(1).map(|text| {
        let (start, rest) = text.split_once('>').unwrap_or((text, ""));
        let inside = rest.split("</form").next().unwrap_or_default();
        let tags = inside.split('<').filter(|tag| {
            ["input ", "input\n", "button "].iter().any(|name| tag.starts_with(name))
        });
        let fields = tags.filter_map(|tag| {
            Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default()))
        });
        Form { action: attribute(start, "action").unwrap_or_default(), fields: fields.collect() }
    })
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = tag[at..].split('"').next()?;
    Some(value.replace("&amp;", "&"))
}
