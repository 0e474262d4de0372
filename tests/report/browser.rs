//! F14: pages of hostile data in a real browser, where one is installed: nothing runs, nothing is fetched.

use crate::fixtures::{base, edit, excerpt, fix, render};
use corpus::finding::{Finding, Safety, Severity};
use corpus::record::Span;
use corpus::report::Format;
use corpus::report::page::{Cell, Page};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Where a payload runs code, it marks the page; where it fetches, it asks the listener.
const MARK: &str = "document.documentElement.setAttribute('data-pwned','1')";

/// Two hundred ways in: twenty elements, each behind ten ways out of where data stand.
fn payloads(url: &str) -> Vec<String> {
    let ways_out = [
        "",
        "\"",
        "'",
        "\">",
        "'>",
        "</bdi></td>",
        "-->",
        "</title>",
        "</style>",
        "]]>\u{0}",
    ];
    let elements = [
        format!("<script>{MARK}</script>"),
        format!("<ScRiPt src={url}/a.js></ScRiPt>"),
        format!("<img src=x onerror={MARK}>"),
        format!("<img src={url}/b.png>"),
        format!("<svg onload={MARK}>"),
        format!("<svg><script href={url}/c.js /></svg>"),
        format!("<iframe src={url}/d></iframe>"),
        format!("<iframe srcdoc=\"<script>parent.{MARK}</script>\"></iframe>"),
        format!("<object data={url}/e></object>"),
        format!("<embed src={url}/f>"),
        format!("<link rel=stylesheet href={url}/g.css>"),
        format!("<style>@import '{url}/h.css';</style>"),
        format!("<meta http-equiv=refresh content='0;url={url}/i'>"),
        format!("<base href={url}/>"),
        format!("<body onload={MARK}>"),
        format!("<video autoplay src={url}/j onerror={MARK}></video>"),
        format!("<form action={url}/k><input autofocus onfocus={MARK}></form>"),
        format!("<details open ontoggle={MARK}>x</details>"),
        format!("<a href=\"javascript:{MARK}\" autofocus onfocus={MARK}>x</a>"),
        format!("<div style=\"background:url({url}/l)\" onanimationstart={MARK}>x</div>"),
    ];
    let pairs = ways_out
        .iter()
        .flat_map(|out| elements.iter().map(move |element| format!("{out}{element}")));
    pairs.collect()
}

fn finding(payload: &str) -> Finding {
    let leaked: &'static str = Box::leak(payload.to_owned().into_boxed_str());
    Finding {
        line: Some(1),
        column: Some(2),
        id: Some(payload.into()),
        field: Some(format!("/{payload}").into()),
        span: Some(Span::new(7, 7 + payload.len())),
        fix: Some(fix(Safety::Safe, leaked, edit(7, 7 + payload.len(), payload))),
        excerpt: Some(excerpt("before ", payload, " after")),
        ..base("U009", "bidi-override", Severity::Error, payload, payload)
    }
}

/// A page of tables, as `stats` and releases have it.
fn page(payloads: &[String]) -> String {
    let mut page = Page::new(&payloads.concat());
    for payload in payloads {
        page.heading(payload)
            .sentence(payload)
            .table(&[payload], [vec![Cell::Text(payload.clone())]]);
    }
    page.finish()
}

fn browser() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let path = std::env::var_os("PATH")?;
    let mut places = std::env::split_paths(&path).flat_map(|at| names.map(|name| at.join(name)));
    places.find(|program| program.is_file())
}

/// What the browser made of a page, as markup.
fn open(browser: &Path, page: &Path) -> String {
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--virtual-time-budget=3000",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}", page.display()))
        .stderr(Stdio::null())
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn f14_nothing_runs_and_nothing_is_fetched_in_a_browser() {
    let Some(browser) = browser() else {
        eprintln!("skipped: no Chromium is installed");
        return;
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    std::thread::spawn(move || {
        for _ in listener.incoming() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    let payloads = payloads(&url);
    assert_eq!(payloads.len(), 200);
    let scratch = tempfile::tempdir().unwrap();
    let look = |name: &str, text: &str| {
        let path = scratch.path().join(name);
        std::fs::write(&path, text).unwrap();
        open(&browser, &path)
    };
    // First that the browser, the mark and the listener work at all.
    let open_door = format!("<html><body><script>{MARK}</script><img src={url}/x></body></html>");
    let seen = look("open.html", &open_door);
    assert!(seen.contains("data-pwned=\"1\""), "{seen}");
    assert!(asked.swap(0, Ordering::SeqCst) > 0);
    let findings: Vec<Finding> = payloads.iter().map(|payload| finding(payload)).collect();
    for (name, text) in [
        ("findings.html", render(Format::Html, &findings)),
        ("page.html", page(&payloads)),
    ] {
        let seen = look(name, &text);
        assert!(
            seen.contains("</html>") && seen.len() > text.len() / 2,
            "{name} was not shown"
        );
        assert!(!seen.contains("data-pwned=\"1\""), "{name} ran something");
        assert_eq!(asked.load(Ordering::SeqCst), 0, "{name} fetched something");
    }
}
