//! What flows through the house: JSON values that borrow the bytes they were read from.
//!
//! A [`Tree`] is reusable storage for one parsed record. It never copies a string that needs no
//! unescaping: a node keeps the byte range of its literal, and only strings with escapes are
//! decoded once, into the tree's arena. A [`Value`] is a cheap, copyable view of one node.

use std::fmt;

/// A half-open byte range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Length in bytes.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the range holds no byte.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// The same range as a [`std::ops::Range`].
    #[must_use]
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start..self.end
    }

    /// Whether the two ranges share a byte, or are the same insertion point.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        (self.start < other.end && other.start < self.end)
            || (self.start == other.start && self.end == other.end)
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        Self::new(range.start, range.end)
    }
}

/// The part a field plays, as `[fields]` in `corpus.toml` declares it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Unique key of the record.
    Id,
    /// The article itself.
    Text,
    /// Headline.
    Title,
    /// Where the article was published.
    Url,
    /// BCP 47 language tag.
    Language,
    /// Publisher.
    Source,
    /// When the article was published.
    Published,
    /// When the article was collected.
    Collected,
    /// Who wrote it.
    Author,
}

impl Role {
    /// Every role, in the order of their numbers.
    pub const ALL: [Self; 9] = [
        Self::Id,
        Self::Text,
        Self::Title,
        Self::Url,
        Self::Language,
        Self::Source,
        Self::Published,
        Self::Collected,
        Self::Author,
    ];
}

/// The JSON type of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// Any JSON number; its text is kept as written.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object; its members are stored key, value, key, value.
    Object,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Bool => "boolean",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        })
    }
}

/// One node of a [`Tree`]. Positions are byte offsets into the source text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    /// JSON type.
    pub(crate) kind: Kind,
    /// A string with at least one escape: its decoded form is `arena[a..b]`.
    pub(crate) escaped: bool,
    /// First byte of the literal, quotes and brackets included.
    pub(crate) start: u32,
    /// One past the last byte of the literal.
    pub(crate) end: u32,
    /// Escaped string: start in the arena. Container: index of the node after the last descendant.
    pub(crate) a: u32,
    /// Escaped string: end in the arena. Container: number of elements or members.
    pub(crate) b: u32,
}

/// Reusable storage for one parsed JSON value. Filled by [`crate::source::json::parse`].
#[derive(Debug, Default)]
pub struct Tree {
    pub(crate) nodes: Vec<Node>,
    pub(crate) arena: String,
}

impl Tree {
    /// An empty tree.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The root value, where `src` is the text the tree was parsed from. `None` before a parse.
    #[must_use]
    pub fn root<'a>(&'a self, src: &'a str) -> Option<Value<'a>> {
        (!self.nodes.is_empty()).then_some(Value {
            tree: self,
            src,
            index: 0,
        })
    }

    /// The node at `index`, as [`Value::index`] gave it.
    #[must_use]
    pub fn value<'a>(&'a self, src: &'a str, index: u32) -> Option<Value<'a>> {
        ((index as usize) < self.nodes.len()).then_some(Value {
            tree: self,
            src,
            index,
        })
    }

    /// Forgets the value, keeps the memory.
    pub fn clear(&mut self) {
        self.nodes.clear();
        self.arena.clear();
    }
}

/// A view of one JSON value: two pointers and an index, free to copy.
#[derive(Clone, Copy)]
pub struct Value<'a> {
    tree: &'a Tree,
    src: &'a str,
    index: u32,
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.raw())
    }
}

impl<'a> Value<'a> {
    fn node(self) -> &'a Node {
        &self.tree.nodes[self.index as usize]
    }

    /// Index of the node in its tree: its identity.
    #[must_use]
    pub const fn index(self) -> u32 {
        self.index
    }

    /// Address of the tree, for callers that need an identity across trees.
    #[must_use]
    pub fn tree_address(self) -> usize {
        std::ptr::from_ref(self.tree).addr()
    }

    /// JSON type.
    #[must_use]
    pub fn kind(self) -> Kind {
        self.node().kind
    }

    /// Where the literal stands in the source text, quotes included.
    #[must_use]
    pub fn span(self) -> Span {
        let node = self.node();
        Span::new(node.start as usize, node.end as usize)
    }

    /// The literal as written.
    #[must_use]
    pub fn raw(self) -> &'a str {
        &self.src[self.span().range()]
    }

    /// The decoded string, or `None` for another type.
    #[must_use]
    pub fn as_str(self) -> Option<&'a str> {
        let node = self.node();
        if node.kind != Kind::String {
            return None;
        }
        Some(if node.escaped {
            &self.tree.arena[node.a as usize..node.b as usize]
        } else {
            &self.src[node.start as usize + 1..node.end as usize - 1]
        })
    }

    /// Whether this is a string whose literal holds at least one escape.
    #[must_use]
    pub fn is_escaped(self) -> bool {
        self.node().escaped
    }

    /// The boolean, or `None` for another type.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        (self.kind() == Kind::Bool).then(|| self.raw() == "true")
    }

    /// Whether this is `null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// Number of elements (array) or members (object), else 0.
    #[must_use]
    pub fn len(self) -> usize {
        match self.kind() {
            Kind::Array | Kind::Object => self.node().b as usize,
            _ => 0,
        }
    }

    /// Whether [`Value::len`] is 0.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The node of the same tree at `index`, as [`Value::index`] gave it.
    #[must_use]
    pub fn in_tree(self, index: u32) -> Option<Self> {
        self.tree.value(self.src, index)
    }

    /// Number of nodes from this value to its last descendant, itself included.
    #[must_use]
    pub fn node_count(self) -> usize {
        (self.next_sibling() - self.index) as usize
    }

    fn at(self, index: u32) -> Self {
        Self { index, ..self }
    }

    fn next_sibling(self) -> u32 {
        let node = self.node();
        match node.kind {
            Kind::Array | Kind::Object => node.a,
            _ => self.index + 1,
        }
    }

    /// The elements of an array; nothing for another type.
    #[must_use]
    pub fn elements(self) -> Elements<'a> {
        Elements {
            next: self.at(self.index + 1),
            left: if self.kind() == Kind::Array { self.len() } else { 0 },
        }
    }

    /// The members of an object in file order, as (key, value) nodes; nothing for another type.
    #[must_use]
    pub fn members(self) -> Members<'a> {
        Members {
            next: self.at(self.index + 1),
            left: if self.kind() == Kind::Object {
                self.len()
            } else {
                0
            },
        }
    }

    /// The last member called `key` (the one that most readers keep), or `None`.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Self> {
        self.members()
            .filter(|(name, _)| name.as_str() == Some(key))
            .last()
            .map(|(_, value)| value)
    }

    /// Follows a JSON pointer (RFC 6901) from this value.
    #[must_use]
    pub fn pointer(self, pointer: &str) -> Option<Self> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer
            .strip_prefix('/')?
            .split('/')
            .try_fold(self, |value, step| {
                let step = step.replace("~1", "/").replace("~0", "~");
                match value.kind() {
                    Kind::Object => value.get(&step),
                    Kind::Array => value.elements().nth(step.parse().ok()?),
                    _ => None,
                }
            })
    }

    /// Copies the value into a `serde_json::Value`. For cold paths.
    #[must_use]
    pub fn to_json(self) -> serde_json::Value {
        match self.kind() {
            Kind::Null => serde_json::Value::Null,
            Kind::Bool => serde_json::Value::Bool(self.as_bool() == Some(true)),
            Kind::Number => serde_json::from_str(self.raw()).unwrap_or(serde_json::Value::Null),
            Kind::String => serde_json::Value::from(self.as_str().unwrap_or_default()),
            Kind::Array => self.elements().map(Self::to_json).collect(),
            Kind::Object => serde_json::Value::Object(
                self.members()
                    .map(|(k, v)| (k.as_str().unwrap_or_default().to_owned(), v.to_json()))
                    .collect(),
            ),
        }
    }
}

/// Iterator over the elements of an array.
#[derive(Debug, Clone)]
pub struct Elements<'a> {
    next: Value<'a>,
    left: usize,
}

impl<'a> Iterator for Elements<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        self.left = self.left.checked_sub(1)?;
        let value = self.next;
        self.next = value.at(value.next_sibling());
        Some(value)
    }
}

/// Iterator over the members of an object.
#[derive(Debug, Clone)]
pub struct Members<'a> {
    next: Value<'a>,
    left: usize,
}

impl<'a> Iterator for Members<'a> {
    type Item = (Value<'a>, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let key = self.next;
        let value = key.at(key.index + 1);
        self.next = value.at(value.next_sibling());
        Some((key, value))
    }
}

/// Appends one step to a JSON pointer (RFC 6901), escaped.
pub fn push_pointer(pointer: &mut String, step: &str) {
    pointer.push('/');
    for c in step.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}
