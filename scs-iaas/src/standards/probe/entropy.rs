//! A server that tells how it comes by random numbers.

use std::time::Duration;

use futures_util::TryStreamExt;
use scs_core::{
    Api, Error, ErrorKind, Id, Result,
    standards::{Finding, Mode, TestResult, Verdict},
};
use tokio::time::Instant;

use super::Cleanup;
use crate::{
    OpenStack,
    block_storage::NewVolume,
    compute::{
        BlockDevice, ConsoleLog, Flavor, FlavorQuery, Networks, NewServer, Server, volume_size,
    },
    image::Image,
    network::{
        AddRouterInterface, Network, NewExternalGateway, NewNetwork, NewRouter, NewSubnet,
        RemoveRouterInterface,
    },
    standards::entropy::{ConsoleOutput, check},
};

/// Boots a server that says what [`ConsoleOutput`] reads, and removes all of it again: see
/// [`Cleanup`].
///
/// An ordinary member of a project can do it. The server has a private network of its own,
/// 10.1.0.0/24, behind a router to the default external network, since it installs `rngtest`. It
/// cannot be reached from outside. It boots from a volume, and is of the smallest flavor with 1 GiB
/// of memory that the image fits on, preferably one with the extra spec `hw_rng:allowed`. All of it is named
/// `scs-probe-entropy-` and a number. How far it is, it tells by events of `tracing`.
///
/// ```no_run
/// use scs_iaas::{OpenStack, standards::probe::Entropy};
/// use scs_core::standards::Mode;
///
/// # async fn f(cloud: OpenStack) {
/// for result in Entropy::new().run(&cloud, Mode::Reference).await {
///     println!("{} {}", result.verdict, result.testcase);
/// }
/// # }
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Entropy {
    image: Option<Id<Image>>,
    flavor: Option<Id<Flavor>>,
    time_limit: Duration,
}

/// A program that a server runs at its first start, to say what [`ConsoleOutput`] reads.
const GUEST: &str = include_str!("guest.sh");

/// What it ends with.
const END: &str = "_scs-test-end";

/// In GiB. Images say what they need to boot; the tools need some more.
const LEAST_VOLUME: u32 = 8;

/// In MiB; so that the tools can be installed.
const LEAST_MEMORY: u32 = 1024;

/// How many characters of the console an error repeats.
const LONGEST: usize = 200;

impl Entropy {
    /// With the newest image of Ubuntu, or of Debian if there is none, and 20 minutes of time.
    pub fn new() -> Self {
        Self { image: None, flavor: None, time_limit: Duration::from_secs(20 * 60) }
    }

    /// The image. It has to run shell scripts from user data, as images with cloud-init do.
    pub fn image(mut self, image: &Id<Image>) -> Self {
        self.image = Some(image.clone());
        self
    }

    /// The flavor.
    pub fn flavor(mut self, flavor: &Id<Flavor>) -> Self {
        self.flavor = Some(flavor.clone());
        self
    }

    /// How long the server may take to say everything, from the making of its volume on. The
    /// removal takes its own time.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// Boots the server, judges what it says, and removes it.
    ///
    /// What goes wrong on the way is a finding of the test cases that it keeps from being judged.
    /// What could not be removed is a finding of the first test case.
    pub async fn run(&self, cloud: &OpenStack, mode: Mode) -> Vec<TestResult> {
        let mut cleanup = Cleanup::new("scs-probe-entropy");
        let name = cleanup.name().to_owned();
        let mut console = String::new();
        let asked = self.ask(cloud, &mut cleanup, &mut console).await;
        tracing::info!(name, "removing what was made");
        let left = cleanup.finish().await;

        let mut results = check(ConsoleOutput::parse(&console), mode);
        if let Err(error) = asked {
            let error = match error.kind() {
                // What made it says that it is still there.
                ErrorKind::Failed => error.with_hint("try another image or another flavor"),
                _ => error,
            };
            for result in results.iter_mut().filter(|result| result.verdict == Verdict::Abort) {
                result.findings.push(Finding::undecided(&name, error.to_string()));
            }
        }
        if let Some(first) = results.first_mut() {
            first.findings.extend(left);
        }
        results
    }

    /// Boots the server and reads its console until it has said everything.
    async fn ask(
        &self,
        cloud: &OpenStack,
        cleanup: &mut Cleanup,
        console: &mut String,
    ) -> Result<()> {
        let name = cleanup.name().to_owned();
        let image = match &self.image {
            Some(image) => cloud.images().get(image).await?,
            None => some_image(cloud).await?,
        };
        let flavor = match &self.flavor {
            Some(flavor) => cloud.flavors().get(flavor).await?,
            None => {
                let flavors: Vec<_> =
                    cloud.flavors().list(FlavorQuery::new()).try_collect().await?;
                smallest(&flavors, &image)?
            }
        };
        tracing::info!(name, image = image.name, flavor = flavor.name, "booting a server");
        let network = network(cloud, cleanup).await?;

        let until = Instant::now() + self.time_limit;
        let left = || until.saturating_duration_since(Instant::now());
        cleanup.remove(cloud.volumes());
        let size = volume_size(&image).max(LEAST_VOLUME);
        let volume = NewVolume::new(size).name(&name).image(&image.id);
        let volume = cloud.volumes().create(volume).await?.id;
        tracing::info!(name, %volume, size, "copying the image to a volume");
        cloud.volumes().wait(&volume).timeout(left()).ready().await?;

        cleanup.remove(cloud.servers());
        let server = NewServer::new(&name, &flavor.id, Networks::of([&network]))
            .block_devices([BlockDevice::boot_volume(&volume).delete_on_termination(true)])
            .user_data(GUEST);
        let server = cloud.servers().create(server).await?.id;
        tracing::info!(name, %server, "waiting for the server");
        cloud.servers().wait(&server).timeout(left()).ready().await?;
        tracing::info!(name, %server, "waiting for what it says on its console");
        listen(&cloud.servers(), &server, until, console).await
    }
}

impl Default for Entropy {
    fn default() -> Self {
        Self::new()
    }
}

/// The newest image of a distribution whose packages are known.
async fn some_image(cloud: &OpenStack) -> Result<Image> {
    match Image::need().distribution("ubuntu").choose_in(cloud).await {
        Err(error) if error.is_not_found() => {
            let debian = Image::need().distribution("debian").choose_in(cloud).await;
            debian.map_or(Err(error), |choice| Ok(choice.chosen))
        }
        choice => choice.map(|choice| choice.chosen),
    }
}

/// The smallest flavor that the image fits on, of those that give servers a source of random
/// numbers if there are any.
fn smallest(flavors: &[Flavor], image: &Image) -> Result<Flavor> {
    let has_source = |flavor: &&Flavor| {
        let allowed = flavor.extra_specs.get("hw_rng:allowed");
        allowed.is_some_and(|allowed| allowed.eq_ignore_ascii_case("true"))
    };
    let with_source: Vec<_> = flavors.iter().filter(has_source).cloned().collect();
    let need = Flavor::need().ram(LEAST_MEMORY).image(image);
    let choice = need.choose(&with_source).or_else(|_| need.choose(flavors))?;
    Ok(choice.chosen.clone())
}

/// A private network that leads out.
async fn network(cloud: &OpenStack, cleanup: &mut Cleanup) -> Result<Id<Network>> {
    let outside = Network::need_external().choose_in(cloud).await?.chosen.id;
    let name = cleanup.name().to_owned();
    cleanup.remove(cloud.networks());
    let network = cloud.networks().create(NewNetwork::new().name(&name)).await?.id;
    let subnet = NewSubnet::of(&network, "10.1.0.0/24").name(&name);
    let subnet = cloud.subnets().create(subnet).await?.id;

    let routers = cloud.routers();
    cleanup.remove(routers.clone());
    let router = NewRouter::new().name(&name).external_gateway(NewExternalGateway::new(&outside));
    let router = routers.create(router).await?.id;
    let interface = AddRouterInterface::new().subnet_id(&subnet);
    cleanup.undo(format!("the interface of router {router} ({name})"), {
        let (routers, router) = (routers.clone(), router.clone());
        move || {
            let (routers, router) = (routers.clone(), router.clone());
            let interface = RemoveRouterInterface::new().subnet_id(&subnet);
            async move { routers.act(&router, interface).await.map(drop) }
        }
    });
    routers.act(&router, interface).await?;
    tracing::info!(name, %network, %router, "made a network");
    Ok(network)
}

/// Reads the console until all has been said.
async fn listen(
    servers: &Api<Server>,
    server: &Id<Server>,
    until: Instant,
    console: &mut String,
) -> Result<()> {
    let mut pause = Duration::from_secs(1);
    loop {
        let silence = match servers.act(server, ConsoleLog::new()).await {
            Ok(output) => {
                *console = output;
                if console.contains(END) {
                    tracing::debug!(%server, console, "the server has said everything");
                    return Ok(());
                }
                None
            }
            // It has none yet, or not for the moment.
            Err(error) if error.is_retryable() || error.is_not_found() => Some(error),
            Err(error) if error.kind() == ErrorKind::Conflict => Some(error),
            Err(error) => return Err(error),
        };
        if Instant::now() + pause > until {
            return Err(silence.unwrap_or_else(|| unfinished(console)));
        }
        tokio::time::sleep(pause).await;
        pause = pause.mul_f64(1.5).min(Duration::from_secs(15));
    }
}

/// The server has not said everything in time.
fn unfinished(console: &str) -> Error {
    let mut lines = console.lines().rev().map(str::trim);
    let words = match lines.find(|line| !line.is_empty()) {
        Some(last) => {
            let last: String = last.chars().take(LONGEST).collect();
            format!("in time the server got no further on its console than `{last}`")
        }
        None => "the server writes nothing to its console".to_owned(),
    };
    Error::new(ErrorKind::Timeout, words).with_service("compute").with_hint(
        "take an image with cloud-init that writes to the console, see that it gets at packages, \
         or wait longer",
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_smallest_flavor_is_taken() {
        let image = |architecture: Option<&str>| {
            let image = json!({"id": "i", "name": "i", "status": "active", "visibility": "public",
                "min_ram": 512, "architecture": architecture});
            serde_json::from_value::<Image>(image).unwrap()
        };
        let flavor = |name: &str, (vcpus, ram, disk): (u32, u32, u32), hw_rng: &str| {
            let flavor = json!({"id": name, "name": name, "vcpus": vcpus, "ram": ram,
                "disk": disk, "extra_specs": {"hw_rng:allowed": hw_rng}});
            serde_json::from_value::<Flavor>(flavor).unwrap()
        };
        let tiny = flavor("tiny", (1, 512, 0), "true");
        let small = flavor("SCS-1V-2-20", (1, 2048, 20), "");
        let large = flavor("SCS-1V-4", (1, 4096, 0), "");
        let arm = flavor("SCS-1L-1_a1", (1, 1024, 0), "");
        let random = flavor("random", (8, 8192, 0), "True");
        for (flavors, architecture, chosen) in [
            (vec![&tiny, &large, &small], None, Some("SCS-1V-2-20")),
            (vec![&small, &large, &arm], Some("x86_64"), Some("SCS-1V-2-20")),
            (vec![&small, &large, &arm], Some("aarch64"), Some("SCS-1L-1_a1")),
            (vec![&small, &random, &large], None, Some("random")),
            (vec![&tiny], None, None),
        ] {
            let flavors: Vec<_> = flavors.into_iter().cloned().collect();
            let found = smallest(&flavors, &image(architecture)).ok();
            assert_eq!(found.as_ref().map(|flavor| &*flavor.name), chosen);
        }
    }

    #[test]
    fn a_shell_that_echoes_its_commands_has_not_said_everything() {
        assert!(!GUEST.contains(END));
    }

    #[test]
    fn the_last_words_of_a_server_are_told() {
        let error = unfinished("boots\nE: Unable to fetch\n\n  \n").to_string();
        assert!(error.contains("`E: Unable to fetch`; take an image"), "{error}");
        assert!(unfinished("\n").message().contains("nothing"));
    }
}
