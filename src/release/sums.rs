//! `SHA256SUMS`: every file of a release but itself, so that `sha256sum -c` checks it.

use super::manifest::Manifest;

/// The canonical content for a manifest whose own SHA-256 is `manifest_sha256`: lines sorted by path.
#[must_use]
pub fn render(manifest: &Manifest, manifest_sha256: &[u8; 32]) -> String {
    let own = super::hex(manifest_sha256);
    let mut lines: Vec<(&str, &str)> = manifest
        .files
        .iter()
        .filter(|f| f.role != super::manifest::Role::Signature)
        .map(|f| (f.path.as_str(), f.sha256.as_str()))
        .chain(
            manifest
                .shards()
                .map(|(_, _, s)| (s.path.as_str(), s.sha256.as_str())),
        )
        .chain([("manifest.json", own.as_str())])
        .collect();
    lines.sort_unstable();
    let mut out = String::new();
    for (path, hash) in lines {
        out.push_str(hash);
        out.push_str("  ");
        out.push_str(path);
        out.push('\n');
    }
    out
}
