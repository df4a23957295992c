//! A server that answers at next to no cost: pages of servers rendered once, sent over and over.

use std::{collections::HashMap, fmt::Write as _, sync::Arc};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

pub const SERVERS: usize = 10_000;
pub const PAGE: usize = 1_000;

/// Starts it on a thread of its own; gives its address.
pub fn start() -> String {
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let address = format!("http://{}", listener.local_addr().expect("an address"));
            let answers = Arc::new(answers(&address));
            send.send(address).expect("a listener");
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, answers.clone()));
            }
        });
    });
    receive.recv().expect("an address")
}

async fn serve(mut socket: TcpStream, answers: Arc<HashMap<String, Vec<u8>>>) {
    let (mut seen, mut buffer) = (Vec::new(), [0; 8192]);
    while let Ok(count @ 1..) = socket.read(&mut buffer).await {
        seen.extend_from_slice(&buffer[..count]);
        while let Some((path, end)) = request(&seen) {
            let answer = answers.get(&path).unwrap_or_else(|| panic!("no answer for {path}"));
            if socket.write_all(answer).await.is_err() {
                return;
            }
            seen.drain(..end);
        }
    }
}

/// The path of the first whole request, and where it ends.
fn request(seen: &[u8]) -> Option<(String, usize)> {
    let head = seen.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&seen[..head]).expect("a head in ASCII");
    let path = text.split(' ').nth(1)?.to_owned();
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    let end = head + length.unwrap_or(0);
    (seen.len() >= end).then_some((path, end))
}

fn answers(address: &str) -> HashMap<String, Vec<u8>> {
    let mut answers = HashMap::new();
    let mut add = |path: String, head: &str, body: String| {
        let length = body.len();
        let head = format!(
            "HTTP/1.1 {head}content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        answers.insert(path, (head + &body).into_bytes());
    };
    let token = format!(
        r#"{{"token":{{"user":{{"id":"u","name":"bench"}},"issued_at":"2026-01-01T00:00:00Z","expires_at":"2027-01-01T00:00:00Z","catalog":[{{"type":"compute","name":"nova","endpoints":[{{"interface":"public","region":"one","url":"{address}/v2.1"}}]}}]}}}}"#
    );
    add("/v3/auth/tokens".into(), "201 Created\r\nx-subject-token: t\r\n", token);
    let version = r#"{"version":{"id":"v2.1","version":"2.96","min_version":"2.1"}}"#;
    add("/v2.1/".into(), "200 OK\r\n", version.into());
    add("/v2.1/servers/s0".into(), "200 OK\r\n", format!(r#"{{"server":{}}}"#, server(0)));
    for first in (0..SERVERS).step_by(PAGE) {
        let mut body = String::from(r#"{"servers":["#);
        for number in first..first + PAGE {
            let comma = if number == first { "" } else { "," };
            write!(body, "{comma}{}", server(number)).expect("a String takes all");
        }
        body.push(']');
        let last = first + PAGE - 1;
        if last + 1 < SERVERS {
            let next = format!("{address}/v2.1/servers/detail?limit={PAGE}&marker=s{last}");
            write!(body, r#","servers_links":[{{"rel":"next","href":"{next}"}}]"#)
                .expect("a String takes all");
        }
        body.push('}');
        let marker = if first == 0 { String::new() } else { format!("&marker=s{}", first - 1) };
        add(format!("/v2.1/servers/detail?limit={PAGE}{marker}"), "200 OK\r\n", body);
    }
    answers
}

/// A server with the members that Nova shows to a project's member.
fn server(number: usize) -> String {
    format!(
        r#"{{"id":"s{number}","name":"server-{number}","status":"ACTIVE","tenant_id":"6a6fc46a713648c693a630e4455e32d3","user_id":"b97a7ad5254c40ea94c8c21a61272d6c","metadata":{{"role":"web"}},"hostId":"5e3f0a4c9b1d","image":"","flavor":{{"vcpus":1,"ram":4096,"disk":0,"ephemeral":0,"swap":0,"original_name":"SCS-1V-4","extra_specs":{{"scs:cpu-type":"shared-core"}}}},"created":"2026-08-22T10:00:00Z","updated":"2026-08-22T10:00:01Z","addresses":{{"private":[{{"version":4,"addr":"10.0.0.{}","OS-EXT-IPS:type":"fixed","OS-EXT-IPS-MAC:mac_addr":"fa:16:3e:00:00:01"}}]}},"accessIPv4":"","accessIPv6":"","links":[{{"rel":"self","href":"http://127.0.0.1:8774/v2.1/servers/s{number}"}},{{"rel":"bookmark","href":"http://127.0.0.1:8774/servers/s{number}"}}],"OS-DCF:diskConfig":"MANUAL","progress":0,"OS-EXT-AZ:availability_zone":"nova","config_drive":"","key_name":"key","OS-SRV-USG:launched_at":"2026-08-22T10:00:01.000000","OS-SRV-USG:terminated_at":null,"security_groups":[{{"name":"default"}}],"OS-EXT-STS:task_state":null,"OS-EXT-STS:vm_state":"active","OS-EXT-STS:power_state":1,"os-extended-volumes:volumes_attached":[{{"id":"v{number}","delete_on_termination":true}}],"locked":false,"locked_reason":null,"description":"","tags":["bench"],"trusted_image_certificates":null,"server_groups":[],"pinned_availability_zone":null}}"#,
        number % 250
    )
}
