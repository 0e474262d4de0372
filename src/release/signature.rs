//! The signature of a release: an SSH signature of the bytes of `manifest.json`, which names every other
//! file with its hash. It stands beside the manifest and is in neither the manifest nor `SHA256SUMS`, so that
//! signing changes no other byte. Making and checking it is `ssh-keygen`'s.

/// File name of the signature, armoured, as `ssh-keygen -Y sign` writes it.
pub const FILE: &str = "manifest.json.sig";

/// Namespace of the signature: one made for something else is none of a release.
pub const NAMESPACE: &str = "corpus-release";
