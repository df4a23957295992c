//! What is known of providers, so that their customers need not write it.

use bytes::Bytes;
use http::Method;
use scs_core::{
    Error, Result, Transport, shown_address,
    transport::{Call, Request, Retry},
};
use url::Url;

use super::{
    file::Files,
    value::{Data, Origin, Settings, Value},
    yaml,
};

/// A provider that is known without any file.
struct Vendor {
    name: &'static str,
    auth_url: &'static str,
    regions: &'static [&'static str],
}

const fn vendor(
    name: &'static str,
    auth_url: &'static str,
    regions: &'static [&'static str],
) -> Vendor {
    Vendor { name, auth_url, regions }
}

/// The public clouds of the SCS community first, then others that openstacksdk knows.
const VENDORS: [Vendor; 28] = [
    vendor("artcodix", "https://api.dc1.muc.cloud.cnds.io:5000/", &["MUC"]),
    vendor("artcodix-ro", "https://api.dc1.ro.cloud.cnds.io:5000/", &["RO"]),
    vendor("cah-dd8a", "https://identity.dd8a.cloudandheat.com:443/v3/", &["dd8a"]),
    vendor("cc-rrze", "https://api.cc.rrze.de:5000", &["DE-ERL"]),
    vendor("pco-prod1", "https://prod1.api.pco.get-cloud.io:5000", &["prod1"]),
    vendor("pco-prod2", "https://prod2.api.pco.get-cloud.io:5000", &["prod2"]),
    vendor("pco-prod3", "https://prod3.api.pco.get-cloud.io:5000", &["prod3"]),
    vendor("pco-prod4", "https://prod4.api.pco.get-cloud.io:5000", &["prod4"]),
    vendor("poc-wgcloud", "https://identity.l1a.cloudandheat.com/v3", &[]),
    vendor("regio-a", "https://keystone.services.a.regiocloud.tech/v3/", &["RegionA"]),
    vendor("scaleup-occ2", "https://keystone.occ2.scaleup.cloud", &["RegionOne"]),
    vendor("scs2", "https://scs2.api.pco.get-cloud.io:5000/", &["scs2"]),
    vendor("syseleven", "https://keystone.cloud.syseleven.net:5000/v3", &["dus2", "ham1"]),
    vendor("syseleven-dus2", "https://keystone.cloud.syseleven.net:5000/v3", &["dus2"]),
    vendor("syseleven-ham1", "https://keystone.cloud.syseleven.net:5000/v3", &["ham1"]),
    vendor("wavestack", "https://api.wavestack.de:5000", &[]),
    vendor("auro", "https://api.van2.auro.io:5000/v3", &["RegionOne"]),
    vendor("binero", "https://auth.binero.cloud:5000/v3", &["europe-se-1"]),
    vendor(
        "citycloud",
        "https://{region_name}.citycloud.com:5000/v3/",
        &["Buf1", "Fra1", "Sto2", "Kna1", "dx1", "tky1"],
    ),
    vendor("dreamcompute", "https://iad2.dream.io:5000", &["RegionOne"]),
    vendor("elastx", "https://ops.elastx.cloud:5000/v3", &["se-sto"]),
    vendor(
        "entercloudsuite",
        "https://api.entercloudsuite.com/",
        &["it-mil1", "nl-ams1", "de-fra1"],
    ),
    vendor("limestonenetworks", "https://auth.cloud.lstn.net:5000/v3", &["us-dfw-1", "us-slc"]),
    vendor("otc", "https://iam.{region_name}.otc.t-systems.com/v3", &["eu-de", "eu-nl"]),
    vendor(
        "ovh-us",
        "https://auth.cloud.ovh.us/",
        &["US-EAST-VA-1", "US-WEST-OR-1", "US-EAST-VA", "US-WEST-OR"],
    ),
    vendor("switchcloud", "https://identity.compute.cloud.switch.ch/v3", &["zhw", "zhc"]),
    vendor("switchengines", "https://keystone.cloud.switch.ch:5000/v3", &["LS", "ZH"]),
    vendor("zetta", "https://identity.api.zetta.io/v3", &["no-osl1"]),
];

/// Whose users and projects lie in the domain `Default` unless it is said otherwise.
const WITH_DOMAIN: [&str; 2] = ["auro", "ovh-us"];

/// Those that describe themselves at an address.
const REMOTE: [(&str, &str); 2] =
    [("ovh", "https://ovhcloud.com"), ("vexxhost", "https://vexxhost.com")];

/// Those whose cloud is gone.
const GONE: [&str; 5] = ["betacloud", "ibmcloud", "internap", "ultimum", "unitedstack"];

/// What a profile says.
pub(super) enum Profile {
    Known(Settings),
    /// To be fetched from this address.
    Remote(Url),
    Unknown,
}

/// The profile with this name: of the file, else built in, else an address.
pub(super) fn find(files: &Files, value: &Value) -> Result<Profile> {
    let name = value.need_text("profile")?;
    if let Some(profile) = files.vendors.get(name) {
        return Ok(Profile::Known(profile.need_map(name)?.clone()));
    }
    if let Some(vendor) = VENDORS.iter().find(|vendor| vendor.name == name) {
        return Ok(Profile::Known(vendor.settings()));
    }
    if GONE.contains(&name) {
        let words = format!("{}: the cloud `{name}` no longer exists", value.origin);
        return Err(Error::config(words).with_hint("remove the profile, and choose another cloud"));
    }
    let address = REMOTE.iter().find(|(remote, _)| *remote == name).map(|(_, address)| *address);
    let address: Option<Url> = address.unwrap_or(name).parse().ok();
    Ok(match address {
        Some(mut url) if matches!(url.scheme(), "http" | "https") && url.host().is_some() => {
            url.set_path("/.well-known/openstack/api");
            url.set_query(None);
            url.set_fragment(None);
            Profile::Remote(url)
        }
        _ => Profile::Unknown,
    })
}

/// What a provider says of itself at an address.
pub(super) async fn fetch(url: Url) -> Result<Settings> {
    const SERVICE: &str = "profile";
    let about = |error: Error| {
        error
            .context(format_args!(
                "the profile of {} cannot be had",
                shown_address(url.authority())
            ))
            .with_hint("check the address in `profile`, or write its settings into clouds.yaml")
    };
    let transport =
        Transport::builder().http(|http| http.max_answer(1 << 20)).retry(Retry::never()).build()?;
    let call = Call::new(SERVICE, "profile.get".into(), "openstack/api".into(), &Method::GET);
    let request = Request::new(Method::GET, url.clone(), Bytes::new(), call);
    let answer = transport.send(request).await.map_err(about)?;
    if !answer.status.is_success() {
        return Err(about(Error::config(format!("it answers {}", answer.status))));
    }
    let unusable = || about(Error::config("what it answers describes no cloud"));
    let text = std::str::from_utf8(&answer.body).map_err(|_| unusable())?;
    let answer = yaml::parse(text, &shown_address(url.as_str()).into()).map_err(|_| unusable())?;
    let profile = answer.get("profile").and_then(Value::as_map);
    profile.cloned().map(Settings::underscored).ok_or_else(unusable)
}

impl Vendor {
    fn settings(&self) -> Settings {
        let origin = || Origin::Vendor(self.name.to_owned());
        let mut auth = Settings::default();
        auth.insert("auth_url", Value::text(self.auth_url, origin()));
        if WITH_DOMAIN.contains(&self.name) {
            auth.insert("user_domain_name", Value::text("Default", origin()));
            auth.insert("project_domain_name", Value::text("Default", origin()));
        }
        let mut settings = Settings::default();
        settings.insert("auth", Value { data: Data::Map(auth), origin: origin() });
        settings.insert("identity_api_version", Value::text("3", origin()));
        if !self.regions.is_empty() {
            let regions = self.regions.iter().map(|region| Value::text(*region, origin()));
            let data = Data::List(regions.collect());
            settings.insert("regions", Value { data, origin: origin() });
        }
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vendor_has_an_address_and_a_name_of_its_own() {
        for (at, vendor) in VENDORS.iter().enumerate() {
            let url: Url = vendor.auth_url.replace("{region_name}", "r").parse().unwrap();
            assert_eq!(url.scheme(), "https", "{}", vendor.name);
            assert!(VENDORS[..at].iter().all(|other| other.name != vendor.name), "{}", vendor.name);
        }
    }

    #[test]
    fn an_address_leads_to_the_well_known_place() {
        let profile = |name: &str| {
            find(&Files::default(), &Value::text(name, Origin::Default)).map(|found| match found {
                Profile::Remote(url) => url.to_string(),
                Profile::Known(_) => "known".into(),
                Profile::Unknown => "unknown".into(),
            })
        };
        let place = "https://c.example/.well-known/openstack/api";
        assert_eq!(profile("https://c.example").unwrap(), place);
        assert_eq!(profile("https://c.example/any?thing").unwrap(), place);
        assert_eq!(profile("vexxhost").unwrap(), "https://vexxhost.com/.well-known/openstack/api");
        assert_eq!(profile("regio-a").unwrap(), "known");
        assert_eq!(profile("ftp://c.example").unwrap(), "unknown");
        assert!(profile("betacloud").unwrap_err().to_string().contains("no longer exists"));
    }
}
