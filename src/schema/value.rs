//! The record's borrowed tree as the validator sees it.

use crate::record::{Elements, Kind, Members, Value};
use jsonschema::JsonType;
use jsonschema::json::{Array, Json, JsonNumber, Node, NodeIdentity, Object, SerdeJson, cmp, unique};
use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::ControlFlow;

/// Marker of the representation.
pub(super) struct Borrowed;

/// A value of the tree, or a bare string.
#[derive(Clone, Copy)]
pub(super) enum Handle<'a> {
    Value(Value<'a>),
    Name(&'a str),
}

impl<'a> Handle<'a> {
    fn value(self) -> Option<Value<'a>> {
        match self {
            Self::Value(value) => Some(value),
            Self::Name(_) => None,
        }
    }

    fn of_kind(self, kind: Kind) -> Option<Value<'a>> {
        self.value().filter(|value| value.kind() == kind)
    }

    fn str(self) -> Option<&'a str> {
        match self {
            Self::Value(value) => value.as_str(),
            Self::Name(name) => Some(name),
        }
    }
}

impl Json for Borrowed {
    type Node<'a> = Handle<'a>;
    type PreparedKey = Box<str>;
    type StringBuffer = ();

    // A lookup walks the members, as a pass over them does.
    const KEYS_PER_LOOKUP: usize = 16;
    const ACYCLIC: bool = true;

    fn prepare_key(key: &str) -> Box<str> {
        key.into()
    }

    fn with_string_node<T>((): &mut (), string: &str, f: impl FnOnce(Handle<'_>) -> T) -> T {
        f(Handle::Name(string))
    }
}

impl<'a> Node<'a, Borrowed> for Handle<'a> {
    type Object = ObjectView<'a>;
    type Array = ArrayView<'a>;
    type Number = Number<'a>;

    fn as_object(&self) -> Option<ObjectView<'a>> {
        self.of_kind(Kind::Object).map(ObjectView)
    }

    fn as_array(&self) -> Option<ArrayView<'a>> {
        self.of_kind(Kind::Array).map(ArrayView)
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        self.str().map(Cow::Borrowed)
    }

    fn as_number(&self) -> Option<Number<'a>> {
        self.of_kind(Kind::Number).map(|value| Number(value.raw()))
    }

    fn is_number(&self) -> bool {
        self.of_kind(Kind::Number).is_some()
    }

    fn as_boolean(&self) -> Option<bool> {
        self.value()?.as_bool()
    }

    fn is_null(&self) -> bool {
        self.of_kind(Kind::Null).is_some()
    }

    fn json_type(&self) -> JsonType {
        match self.value().map(Value::kind) {
            Some(Kind::Null) => JsonType::Null,
            Some(Kind::Bool) => JsonType::Boolean,
            Some(Kind::Number) => JsonType::Number,
            Some(Kind::Array) => JsonType::Array,
            Some(Kind::Object) => JsonType::Object,
            Some(Kind::String) | None => JsonType::String,
        }
    }

    fn string_length_within(&self, min: u64, max: u64) -> Option<bool> {
        let string = self.str()?;
        // A code point takes one to four bytes: most lengths are decided without counting.
        let most = string.len() as u64;
        let fewest = most.div_ceil(4);
        if most < min || fewest > max {
            return Some(false);
        }
        if min <= fewest && most <= max {
            return Some(true);
        }
        Some((min..=max).contains(&(string.chars().count() as u64)))
    }

    fn equals_value(&self, expected: &serde_json::Value) -> bool {
        match (self.json_type(), expected) {
            (JsonType::String, serde_json::Value::String(expected)) => self.str() == Some(expected),
            (JsonType::Boolean, serde_json::Value::Bool(expected)) => self.as_boolean() == Some(*expected),
            (JsonType::Null, serde_json::Value::Null) => true,
            (JsonType::Number, serde_json::Value::Number(expected)) => self
                .as_number()
                .is_some_and(|number| cmp::equal_numbers(&number, expected)),
            (JsonType::Array, serde_json::Value::Array(_))
            | (JsonType::Object, serde_json::Value::Object(_)) => self
                .value()
                .is_some_and(|value| Node::<SerdeJson>::equals_value(&&value.to_json(), expected)),
            _ => false,
        }
    }

    /// The validator copies values only to attach them to its errors. Ours are explained from the
    /// record itself, so that a large value that fails is not copied once for each error.
    fn to_value(&self) -> Cow<'a, serde_json::Value> {
        Cow::Owned(serde_json::Value::Null)
    }

    fn identity(&self) -> Option<NodeIdentity> {
        Some(match self {
            Self::Value(value) => NodeIdentity::tagged(value.tree_address(), value.index()),
            Self::Name(name) => NodeIdentity::tagged(name.as_ptr().addr(), u32::MAX),
        })
    }
}

/// A number as it is written.
#[derive(Clone, Copy)]
pub(super) struct Number<'a>(&'a str);

impl JsonNumber for Number<'_> {
    fn as_u64(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    fn as_i64(&self) -> Option<i64> {
        self.0.parse().ok()
    }

    fn as_f64(&self) -> Option<f64> {
        self.0.parse().ok().filter(|number: &f64| number.is_finite())
    }

    fn as_str(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.0)
    }

    fn to_number(&self) -> Cow<'_, serde_json::Number> {
        let number = self
            .as_u64()
            .map(serde_json::Number::from)
            .or_else(|| self.as_i64().map(serde_json::Number::from))
            .or_else(|| serde_json::Number::from_f64(self.as_f64()?))
            // Beyond a double: the largest one, which compares as the number itself would.
            .or_else(|| {
                serde_json::Number::from_f64(if self.0.starts_with('-') {
                    f64::MIN
                } else {
                    f64::MAX
                })
            });
        Cow::Owned(number.unwrap_or_else(|| 0.into()))
    }

    fn is_integer(&self) -> bool {
        self.is_written_as_integer() || self.as_f64().is_none_or(|number| number.fract() == 0.0)
    }
}

/// The members of an object.
#[derive(Clone, Copy)]
pub(super) struct ObjectView<'a>(Value<'a>);

impl<'a> Object<'a, Borrowed> for ObjectView<'a> {
    type Node = Handle<'a>;
    type MemberName = &'a str;
    type MembersIter = Named<'a>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, key: &Box<str>) -> Option<Handle<'a>> {
        self.0.get(key).map(Handle::Value)
    }

    fn members(&self) -> Named<'a> {
        Named(self.0.members())
    }

    fn try_for_each_name_node<B>(
        &self,
        (): &mut (),
        mut f: impl FnMut(Handle<'_>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        self.0.members().try_for_each(|(name, _)| f(Handle::Value(name)))
    }
}

/// Members by decoded name.
pub(super) struct Named<'a>(Members<'a>);

impl<'a> Iterator for Named<'a> {
    type Item = (&'a str, Handle<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (name, value) = self.0.next()?;
        Some((name.as_str().unwrap_or_default(), Handle::Value(value)))
    }
}

/// The elements of an array.
#[derive(Clone, Copy)]
pub(super) struct ArrayView<'a>(Value<'a>);

impl<'a> Array<'a, Borrowed> for ArrayView<'a> {
    type Node = Handle<'a>;
    type ElementsIter = Handles<'a>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn elements(&self) -> Handles<'a> {
        Handles(self.0.elements())
    }

    fn is_unique(&self) -> bool {
        if self.0.elements().all(|element| element.kind() == Kind::String) {
            let mut seen = HashSet::with_capacity(self.0.len());
            return self.0.elements().all(|element| seen.insert(element.as_str()));
        }
        let values: Vec<_> = self.0.elements().map(Value::to_json).collect();
        unique::is_unique(&values)
    }
}

/// Elements as handles.
pub(super) struct Handles<'a>(Elements<'a>);

impl<'a> Iterator for Handles<'a> {
    type Item = Handle<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(Handle::Value)
    }
}
