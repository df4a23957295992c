//! Writes what the lab answers to `tests/recordings`, when `SCS_RECORD` is set: one file for
//! each operation and status, without tokens, passwords and paths. `tests/it/recorded.rs`
//! replays them.

use std::{env, fs, path::Path};

use async_trait::async_trait;
use scs_cloud::core::{
    Result,
    transport::{Next, Policy, Request, Response},
};
use serde_json::{Value, json};

/// Members of answers that nobody else should see.
const SECRET: [&str; 4] = ["adminPass", "private_key", "secret", "user_data"];

/// What is recorded: actions are too many and too different.
const VERBS: [&str; 6] = ["get", "list", "read", "create", "update", "delete"];

#[derive(Debug)]
pub struct Recorder;

impl Recorder {
    /// Whether recording is asked for.
    pub fn is_on() -> bool {
        env::var_os("SCS_RECORD").is_some()
    }
}

#[async_trait]
impl Policy for Recorder {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response> {
        let call = request.call.clone();
        let answer = next.run(request).await?;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(call.service);
        let file = format!("{}-{}.json", call.operation, answer.status.as_u16());
        let file = folder.join(file);
        let verb = call.operation.rsplit('.').next().unwrap_or_default();
        if VERBS.contains(&verb) && !file.exists() {
            fs::create_dir_all(&folder).expect("a folder for the recordings");
            let recording = json!({
                "operation": call.operation,
                "status": answer.status.as_u16(),
                "content_type": answer.header("content-type"),
                "body": scrubbed(&answer.body),
            });
            let text = serde_json::to_string_pretty(&recording).expect("JSON");
            fs::write(file, text + "\n").expect("a recording");
        }
        Ok(answer)
    }
}

fn scrubbed(body: &[u8]) -> Value {
    let lab = env::var("OPENSTACK_LAB_DIR").unwrap_or("/tmp/openstack-lab".into());
    let text = String::from_utf8_lossy(body).replace(&lab, "/lab");
    let Ok(mut body) = serde_json::from_str(&text) else { return text.into() };
    scrub(&mut body);
    body
}

fn scrub(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                if SECRET.contains(&key.as_str()) && !value.is_null() {
                    *value = "scrubbed".into();
                } else {
                    scrub(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(scrub),
        _ => {}
    }
}
