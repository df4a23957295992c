//! A small proxy: HTTP (also tunnels) and SOCKS5, with the connections counted.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
};

/// A proxy on the loopback interface, as long as the test runs.
pub struct Relay {
    address: String,
    connections: Arc<AtomicUsize>,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Relay {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let relay = Self { address, connections: Arc::default(), heads: Arc::default() };
        let (connections, heads) = (relay.connections.clone(), relay.heads.clone());
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(socket, heads.clone()));
            }
        });
        relay
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn socks(&self) -> String {
        format!("socks5://{}", self.address)
    }

    /// How many connections there have been.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The heads of the requests so far.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

async fn serve(mut client: TcpStream, heads: Arc<Mutex<Vec<String>>>) -> Option<()> {
    let mut first = [0];
    client.peek(&mut first).await.ok()?;
    if first == [5] {
        heads.lock().unwrap().push("SOCKS5".into());
        return socks(client).await;
    }
    // One host for each connection is enough here.
    let mut server: Option<TcpStream> = None;
    loop {
        let (head, rest) = head(&mut client).await?;
        heads.lock().unwrap().push(head.clone());
        let target = head.split(' ').nth(1)?.to_owned();
        if head.starts_with("CONNECT") {
            if head.contains("refused.example") {
                let answer =
                    "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n";
                client.write_all(answer.as_bytes()).await.ok()?;
                return None;
            }
            let mut server = TcpStream::connect(target).await.ok()?;
            client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
            copy_bidirectional(&mut client, &mut server).await.ok()?;
            return None;
        }
        let url: url::Url = target.parse().ok()?;
        let upstream = match &mut server {
            Some(server) => server,
            None => server.insert(
                TcpStream::connect((url.host_str()?, url.port_or_known_default()?)).await.ok()?,
            ),
        };
        let path = &url[url::Position::BeforePath..];
        let head = head.replacen(&target, path, 1);
        upstream.write_all(head.as_bytes()).await.ok()?;
        pass_body(&head, rest, &mut client, upstream).await?;
        let (answer, rest) = self::head(upstream).await?;
        client.write_all(answer.as_bytes()).await.ok()?;
        pass_body(&answer, rest, upstream, &mut client).await?;
    }
}

/// Reads as far as the empty line, and what came behind it.
async fn head(from: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut read = Vec::new();
    loop {
        if let Some(end) = read.windows(4).position(|part| part == b"\r\n\r\n") {
            let rest = read.split_off(end + 4);
            return Some((String::from_utf8(read).ok()?, rest));
        }
        let mut part = [0; 4096];
        match from.read(&mut part).await.ok()? {
            0 => return None,
            count => read.extend_from_slice(&part[..count]),
        }
    }
}

async fn pass_body(
    head: &str,
    rest: Vec<u8>,
    from: &mut TcpStream,
    to: &mut TcpStream,
) -> Option<()> {
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>())
    });
    let mut left = length.and_then(Result::ok).unwrap_or(0).checked_sub(rest.len())?;
    to.write_all(&rest).await.ok()?;
    while left > 0 {
        let mut part = vec![0; left.min(65536)];
        let count = from.read(&mut part).await.ok().filter(|count| *count > 0)?;
        to.write_all(&part[..count]).await.ok()?;
        left -= count;
    }
    Some(())
}

async fn socks(mut client: TcpStream) -> Option<()> {
    let mut hello = [0; 2];
    client.read_exact(&mut hello).await.ok()?;
    client.read_exact(&mut vec![0; hello[1].into()]).await.ok()?;
    client.write_all(&[5, 0]).await.ok()?;
    let mut request = [0; 10];
    client.read_exact(&mut request).await.ok()?;
    let port = u16::from_be_bytes([request[8], request[9]]);
    let mut server = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.ok()?;
    copy_bidirectional(&mut client, &mut server).await.ok()?;
    None
}
