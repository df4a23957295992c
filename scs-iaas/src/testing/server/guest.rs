//! What servers print to their consoles.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use scs_core::{
    Route,
    testing::{Answer, Answered, Call, State},
};
use serde_json::{Value, json};

use super::{super::Habits, find, text};

/// The servers that were told to say how they come by random numbers.
const TOLD: Route = Route::new("compute", "told");

/// What a server is told by user data that has it do so.
const MARKER: &str = "_scs-test-";

/// What a good one says.
const GOOD: &str = "\
[    0.000000] Linux version 6.8.0-90-generic
[   14.204173] cloud-init[612]: Cloud-init v. 25.2 running 'modules:final'

_scs-test-kernel
6.8.0-90-generic

_scs-test-instructions
rdrand rdseed

_scs-test-hardware
virtio_rng.0

_scs-test-entropy-avail
256

_scs-test-tools
/usr/bin/rngtest

_scs-test-fips-test
rngtest: starting FIPS tests...
rngtest: bits received from input: 20000032
rngtest: FIPS 140-2 successes: 1000
rngtest: FIPS 140-2 failures: 0

_scs-test-rngd
active

_scs-test-end
";

/// Notes what a new server was told.
pub(super) fn tell(state: &mut State, server: &str, asked: &Value) {
    let told = BASE64.decode(text(asked, "user_data")).unwrap_or_default();
    if String::from_utf8_lossy(&told).contains(MARKER) {
        state.insert(&TOLD, server, json!({}));
    }
}

/// Forgets a server.
pub(super) fn forget(state: &mut State, server: &str) {
    state.remove(&TOLD, server);
}

/// The console of a server.
pub(super) fn console(call: &mut Call<'_>, asked: &Value, habits: &Habits) -> Answered {
    let server = find(call)?;
    let id = text(&server, "id");
    let said = match call.state.get(&TOLD, id) {
        Some(_) => habits.settings().console.clone().unwrap_or_else(|| GOOD.to_owned()),
        None => String::new(),
    };
    let console = format!("console of {id}\n{said}login: ");
    let count = asked["length"].as_u64().unwrap_or(u64::MAX);
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let skip = console.lines().count().saturating_sub(count);
    let lines: Vec<_> = console.lines().skip(skip).collect();
    Ok(Answer::json(200, json!({"output": lines.join("\n")})))
}
