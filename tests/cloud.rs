//! Releases in an object store: a real server on this machine, and a proxy in front of it that fails in every
//! way that a network can. `./test.sh` makes the server's Python environment; without one the tests say
//! `skipped`.
#![cfg(feature = "cloud")]
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const BUCKET: &str = "news";

/// A server of the S3 protocol on loopback, ended when dropped.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Server {
    fn start() -> Option<Self> {
        let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| "target".to_owned());
        let program = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(target)
            .join("venv-cloud/bin/moto_server");
        if !program.is_file() {
            println!("skipped: there is no {}", program.display());
            return None;
        }
        // A port that was free a moment ago: the server has no way to say which one it took.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let child = Command::new(program)
            .args(["-H", "127.0.0.1", "-p", &address.port().to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self { child, address };
        let started = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(
                started.elapsed() < Duration::from_mins(1),
                "the server does not start"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        let created = request(
            address,
            &format!("PUT /{BUCKET} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n"),
            b"",
        );
        assert!(created.starts_with("HTTP/1.1 200"), "{created}");
        Some(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a request whose head lacks its end; gives the whole answer.
fn request(address: SocketAddr, head: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(b"Connection: close\r\n\r\n").unwrap();
    stream.write_all(body).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// What happens to a request on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// The connection is cut before the server hears of it.
    Reset,
    /// The server does what is asked, and its answer is lost.
    Lost,
    /// An answer with this status, and nothing done.
    Status(u16),
}

/// A proxy that lets requests through but the `at`th, and those after it where `sticky`.
struct Proxy {
    address: SocketAddr,
    seen: Arc<AtomicUsize>,
}

impl Proxy {
    fn start(server: SocketAddr, fault: Option<(usize, Fault)>, sticky: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&seen);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let Ok(client) = client else { return };
                let count = Arc::clone(&count);
                std::thread::spawn(move || pass(client, server, &count, fault, sticky));
            }
        });
        Self { address, seen }
    }
}

/// One request; the connection is closed after it.
fn pass(
    mut client: TcpStream,
    server: SocketAddr,
    count: &AtomicUsize,
    fault: Option<(usize, Fault)>,
    sticky: bool,
) -> Option<()> {
    client.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    let mut bytes = Vec::new();
    let mut buffer = vec![0; 1 << 16];
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        match client.read(&mut buffer).ok()? {
            0 => return None,
            n => bytes.extend(&buffer[..n]),
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let length: usize = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, value)| value.trim().parse().unwrap());
    while bytes.len() < head_end + length {
        match client.read(&mut buffer).ok()? {
            0 => return None,
            n => bytes.extend(&buffer[..n]),
        }
    }
    let number = count.fetch_add(1, Ordering::SeqCst);
    let hit = fault.filter(|(at, _)| number == *at || sticky && number > *at);
    match hit.map(|(_, fault)| fault) {
        Some(Fault::Reset) => return None,
        Some(Fault::Status(status)) => {
            let answer = format!("HTTP/1.1 {status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            client.write_all(answer.as_bytes()).ok()?;
            return None;
        }
        _ => {}
    }
    let mut upstream = TcpStream::connect(server).ok()?;
    let head: Vec<&str> = head
        .trim_end()
        .lines()
        .filter(|line| !line.to_ascii_lowercase().starts_with("connection:"))
        .collect();
    let head = head.join("\r\n") + "\r\nConnection: close\r\n\r\n";
    upstream.write_all(head.as_bytes()).ok()?;
    upstream.write_all(&bytes[head_end..]).ok()?;
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer).ok()?;
    if hit.is_none() {
        client.write_all(&answer).ok()?;
    }
    None
}

struct Project {
    dir: tempfile::TempDir,
}

impl Project {
    /// Two releases of a small project, the second on top of the first.
    fn released() -> Self {
        let project = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        std::fs::create_dir(project.dir.path().join("schemas")).unwrap();
        std::fs::copy(
            root.join("schemas/article.schema.json"),
            project.dir.path().join("schemas/article.schema.json"),
        )
        .unwrap();
        let config = "name = \"river\"\nlicense = \"CC0-1.0\"\n[[input]]\ninclude = [\"*.jsonl\"]\n\
                      [schema]\npath = \"schemas/article.schema.json\"\n[dedup]\nnear = false\n";
        std::fs::write(project.dir.path().join("corpus.toml"), config).unwrap();
        for (version, articles) in [("1.0.0", 12), ("1.1.0", 15)] {
            let lines: Vec<String> = (0..articles).map(article).collect();
            std::fs::write(project.dir.path().join("a.jsonl"), lines.concat()).unwrap();
            ok(&project.run(None, &["release", version]));
        }
        project
    }

    fn run(&self, store: Option<SocketAddr>, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_corpus"));
        command
            .current_dir(self.dir.path())
            .env("SOURCE_DATE_EPOCH", "1767225600")
            .args(args);
        if let Some(address) = store {
            command
                .env("AWS_ENDPOINT", format!("http://{address}"))
                .env("AWS_ALLOW_HTTP", "true")
                .env("AWS_ACCESS_KEY_ID", "somebody")
                .env("AWS_SECRET_ACCESS_KEY", "secret")
                .env("AWS_REGION", "us-east-1");
        }
        command.output().unwrap()
    }

    fn out(&self) -> PathBuf {
        let at = self.dir.path().join("pulled");
        let _ = std::fs::remove_dir_all(&at);
        at
    }
}

fn article(number: usize) -> String {
    let record = serde_json::json!({
        "id": format!("r-{number}"),
        "url": format!("https://river.example/{number}"),
        "title": format!("The bridge in week {number}"),
        "body": format!(
            "The river rose again in week {number}, and the council met to talk about bridge {number}. \
             It had been closed since spring, when the ice took two of its piers away."
        ),
        "language": "en",
        "source": "river.example",
        "published_at": "2025-03-01T08:00:00Z",
    });
    format!("{record}\n")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn ok(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}", said(output));
}

fn fails(output: &Output, code: i32, what: &str) {
    assert_eq!(output.status.code(), Some(code), "{}", said(output));
    assert!(said(output).contains(what), "{}", said(output));
}

/// A place in the bucket that no other test uses.
fn url(name: &str) -> String {
    format!("s3://{BUCKET}/{name}")
}

#[test]
fn a_release_goes_to_a_store_and_back() {
    let Some(server) = Server::start() else { return };
    let (project, url) = (Project::released(), url("there/and back"));
    let at = Some(server.address);
    fails(
        &project.run(at, &["publish", "1.1.0", &url]),
        1,
        "publish that first",
    );
    ok(&project.run(at, &["publish", "1.0.0", &url]));
    ok(&project.run(at, &["publish", "1.1.0", &url]));
    let again = project.run(at, &["publish", "1.1.0", &url]);
    ok(&again);
    assert!(
        said(&again).contains("is published already: 0 files sent"),
        "{}",
        said(&again)
    );
    let out = project.out();
    ok(&project.run(at, &["pull", &url, "--out", "pulled"]));
    ok(&project.run(at, &["pull", &format!("{url}@1.0.0"), "--out", "pulled"]));
    for version in ["1.0.0", "1.1.0"] {
        ok(&project.run(
            None,
            &["verify", out.join(format!("river-v{version}")).to_str().unwrap()],
        ));
    }
    let here = std::fs::read(project.dir.path().join("releases/river-v1.1.0/SHA256SUMS")).unwrap();
    assert_eq!(std::fs::read(out.join("river-v1.1.0/SHA256SUMS")).unwrap(), here);
    // A part of it stands for itself.
    ok(&project.run(at, &["pull", &url, "--split", "train", "--out", "part"]));
    assert!(!project.dir.path().join("part/river-v1.1.0/state").exists());
    fails(
        &project.run(at, &["pull", &format!("{url}@3.0.0"), "--out", "no"]),
        1,
        "holds no 3.0.0",
    );
}

/// A project whose releases live in a store: nothing is released behind it.
#[test]
fn a_release_is_not_made_behind_a_store() {
    let Some(server) = Server::start() else { return };
    let (project, url) = (Project::released(), url("ahead"));
    let at = Some(server.address);
    for version in ["1.0.0", "1.1.0"] {
        ok(&project.run(at, &["publish", version, &url]));
    }
    std::fs::remove_dir_all(project.dir.path().join("releases")).unwrap();
    let remote = format!("release.remote='{url}'");
    let more: Vec<String> = (0..18).map(article).collect();
    std::fs::write(project.dir.path().join("a.jsonl"), more.concat()).unwrap();
    fails(
        &project.run(at, &["--config", &remote, "release", "1.2.0"]),
        1,
        "corpus pull",
    );
    ok(&project.run(at, &["pull", &format!("{url}@1.1.0")]));
    let _ = project.run(at, &["pull", &format!("{url}@1.0.0")]);
    ok(&project.run(at, &["--config", &remote, "release", "1.2.0"]));
    ok(&project.run(at, &["publish", "1.2.0", &url]));
}

/// What somebody else put there stays, and is said.
#[test]
fn an_object_with_other_bytes_is_never_replaced() {
    let Some(server) = Server::start() else { return };
    let (project, url) = (Project::released(), url("taken"));
    let head =
        format!("PUT /{BUCKET}/taken/river-v1.0.0/LICENSE HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n");
    assert!(request(server.address, &head, b"mine\n").starts_with("HTTP/1.1 200"));
    let at = Some(server.address);
    fails(
        &project.run(at, &["publish", "1.0.0", &url]),
        1,
        "is never replaced",
    );
    // It is still there with its bytes: the next run meets it again.
    fails(
        &project.run(at, &["publish", "1.0.0", &url]),
        1,
        "is never replaced",
    );
    fails(
        &project.run(at, &["pull", &url, "--out", "none"]),
        1,
        "holds no release",
    );
}

/// F8: sixteen publishers at once, one line in the index, and the release is whole.
#[test]
fn f08_one_of_sixteen_publishers_lists_the_release() {
    let Some(server) = Server::start() else { return };
    let project = Project::released();
    let rounds = if std::env::var_os("CORPUS_SLOW").is_some_and(|value| value == "1") {
        200
    } else {
        1
    };
    for round in 0..rounds {
        let url = url(&format!("race-{round}"));
        let runs: Vec<Output> = std::thread::scope(|scope| {
            let publish = || project.run(Some(server.address), &["publish", "1.0.0", &url]);
            let threads: Vec<_> = (0..16).map(|_| scope.spawn(publish)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for run in &runs {
            ok(run);
        }
        let listed = runs
            .iter()
            .filter(|run| said(run).contains("published river 1.0.0"))
            .count();
        assert_eq!(listed, 1, "round {round}");
        let out = project.out();
        ok(&project.run(Some(server.address), &["pull", &url, "--out", "pulled"]));
        ok(&project.run(None, &["verify", out.join("river-v1.0.0").to_str().unwrap()]));
    }
}

/// F23: each request of a publication fails once, in each way: the publication ends well, or fails cleanly and
/// the next one takes it up.
#[test]
fn f23_a_publication_survives_any_failing_request() {
    let Some(server) = Server::start() else { return };
    let project = Project::released();
    let count = Proxy::start(server.address, None, false);
    ok(&project.run(Some(count.address), &["publish", "1.0.0", &url("count")]));
    let requests = count.seen.load(Ordering::SeqCst);
    assert!(requests > 20, "{requests}");
    let slow = std::env::var_os("CORPUS_SLOW").is_some_and(|value| value == "1");
    let faults = [
        Fault::Reset,
        Fault::Lost,
        Fault::Status(500),
        Fault::Status(503),
        Fault::Status(412),
        Fault::Status(403),
    ];
    let mut case = 0;
    for fault in faults {
        for at in 0..requests {
            // Some of the requests, another some for each fault, and always the last ones: manifest and index.
            if !slow && at + 3 < requests && (at + case) % 17 != 0 {
                continue;
            }
            case += 1;
            let url = url(&format!("case-{case}"));
            let proxy = Proxy::start(server.address, Some((at, fault)), false);
            let first = project.run(Some(proxy.address), &["publish", "1.0.0", &url]);
            let how = format!("{fault:?} at {at}: {}", said(&first));
            assert!(!how.contains("panicked"), "{how}");
            if first.status.code() != Some(0) {
                // Only what no repetition can help may fail, and says where.
                assert!(matches!(fault, Fault::Status(403 | 412)), "{how}");
                assert!(how.contains(&url), "{how}");
                ok(&project.run(Some(server.address), &["publish", "1.0.0", &url]));
            }
            let out = project.out();
            ok(&project.run(Some(server.address), &["pull", &url, "--out", "pulled"]));
            ok(&project.run(None, &["verify", out.join("river-v1.0.0").to_str().unwrap()]));
        }
    }
    // A store that is gone: a failure that names it, in bounded time.
    let gone = Proxy::start(server.address, Some((5, Fault::Status(503))), true);
    let place = url("gone");
    let run = project.run(Some(gone.address), &["publish", "1.0.0", &place]);
    fails(&run, 2, &place);
    fails(
        &project.run(Some(server.address), &["pull", &place, "--out", "no"]),
        1,
        "holds no release",
    );
}
