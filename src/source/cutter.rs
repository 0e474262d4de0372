//! Where a JSON value ends.

use super::sniff::is_blank;

/// Finds the end of one JSON value in bytes that come in pieces. It looks at brackets and string
/// ends only; whether the value is JSON is for the parser to say.
#[derive(Debug, Clone, Default)]
pub(super) struct Cutter {
    state: Inside,
    depth: u64,
    started: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Inside {
    #[default]
    Container,
    Text,
    Escape,
    Scalar,
}

impl Cutter {
    /// Takes the next bytes. `Some(n)`: the value ends before byte `n` of them.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        if !self.started {
            let first = *bytes.first()?;
            self.started = true;
            match first {
                b'"' => {
                    self.state = Inside::Text;
                    at = 1;
                }
                b'{' | b'[' => {}
                _ => {
                    self.state = Inside::Scalar;
                    at = 1;
                }
            }
        }
        while at < bytes.len() {
            match self.state {
                Inside::Text => {
                    at += memchr::memchr2(b'"', b'\\', &bytes[at..])? + 1;
                    if bytes[at - 1] == b'\\' {
                        self.state = Inside::Escape;
                    } else if self.depth == 0 {
                        return Some(at);
                    } else {
                        self.state = Inside::Container;
                    }
                }
                Inside::Escape => {
                    self.state = Inside::Text;
                    at += 1;
                }
                Inside::Scalar => {
                    let end = |&byte: &u8| {
                        is_blank(byte) || matches!(byte, b',' | b']' | b'}' | b'[' | b'{' | b'"' | b':')
                    };
                    return bytes[at..].iter().position(end).map(|found| at + found);
                }
                Inside::Container => {
                    if self.container(bytes, &mut at) {
                        return Some(at);
                    }
                }
            }
        }
        None
    }

    /// Runs to the next string or the end of the value; true at the end.
    fn container(&mut self, bytes: &[u8], at: &mut usize) -> bool {
        while let Some(&byte) = bytes.get(*at) {
            *at += 1;
            match byte {
                b'"' => {
                    self.state = Inside::Text;
                    return false;
                }
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        return true;
                    }
                }
                _ => {}
            }
        }
        false
    }

    /// Whether the bytes end here without harm: a number or a word at the end of the file.
    pub(super) fn ends_with_file(&self) -> bool {
        self.state == Inside::Scalar
    }
}
