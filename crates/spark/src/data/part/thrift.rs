//! Thrift's compact protocol, walked against a description of what is due.
//!
//! The `parquet` crate reads a field by its number, whatever type the field claims, and passes over a list of
//! booleans as if none of them took a byte: six bytes keep it busy for two thousand million of them. So what it is
//! about to read is walked here first. A known field must have its type, and no list can be longer than its bytes.
//!
//! The protocol: <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>.

/// The most structs and lists that may lie within each other.
const MAX_DEPTH: u8 = 32;

/// A field of a struct: its number, its name, and what it holds.
pub(super) struct Field(pub(super) i16, pub(super) &'static str, pub(super) Shape);

/// What a field or an item of a list holds.
pub(super) enum Shape {
    Bool,
    Byte,
    Int,
    Double,
    Bytes,
    Struct(&'static [Field]),
    List(&'static Shape),
}

impl Shape {
    /// Whether the type of a field says this.
    fn is(&self, kind: u8) -> bool {
        match self {
            Shape::Bool => matches!(kind, 1 | 2),
            Shape::Byte => kind == 3,
            Shape::Int => matches!(kind, 4..=6),
            Shape::Double => kind == 7,
            Shape::Bytes => kind == 8,
            Shape::List(_) => kind == 9,
            Shape::Struct(_) => kind == 12,
        }
    }
}

/// What is told of a walk: the name and value of each whole number, and after each struct in a list the list's name
/// and the struct's place.
pub(super) type Found<'f> = dyn FnMut(&'static str, i64) + 'f;

/// Bytes that are being walked. Every step is `None` where they are cut short or are not what is due.
pub(super) struct Thrift<'a> {
    rest: &'a [u8],
    depth: u8,
}

impl<'a> Thrift<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Thrift<'a> {
        Thrift { rest: bytes, depth: 0 }
    }

    /// What has not been walked.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Walks over a struct with these fields; one with any other number is passed over.
    pub(super) fn structure(&mut self, fields: &'static [Field], found: &mut Found<'_>) -> Option<()> {
        self.enter()?;
        let mut number = 0_i16;
        loop {
            let head = self.byte()?;
            let kind = head & 0xf;
            if kind == 0 {
                break;
            }
            number = match i16::from(head >> 4) {
                0 => i16::try_from(self.int()?).ok()?,
                step => number.checked_add(step)?,
            };
            match fields.iter().find(|field| field.0 == number) {
                Some(Field(_, name, shape)) if shape.is(kind) => self.value(name, shape, found)?,
                Some(_) => return None,
                None => self.skip(kind)?,
            }
        }
        self.depth -= 1;
        Some(())
    }

    /// A whole number of any size.
    pub(super) fn int(&mut self) -> Option<i64> {
        let number = self.varint()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// A whole number without a sign.
    pub(super) fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for place in 0..10 {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// The next `count` bytes.
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn value(&mut self, name: &'static str, shape: &'static Shape, found: &mut Found<'_>) -> Option<()> {
        match shape {
            Shape::Bool => Some(()),
            Shape::Byte => self.take(1).map(drop),
            Shape::Int => {
                let number = self.int()?;
                found(name, number);
                Some(())
            }
            Shape::Double => self.take(8).map(drop),
            Shape::Bytes => self.bytes(),
            Shape::Struct(fields) => self.structure(fields, found),
            Shape::List(item) => {
                let (kind, count) = self.list()?;
                if count > 0 && !item.is(kind) {
                    return None;
                }
                self.enter()?;
                for place in 0..count {
                    self.value(name, item, found)?;
                    if let Shape::Struct(_) = item {
                        found(name, i64::try_from(place).ok()?);
                    }
                }
                self.depth -= 1;
                Some(())
            }
        }
    }

    fn skip(&mut self, kind: u8) -> Option<()> {
        match kind {
            1 | 2 => Some(()),
            3 => self.take(1).map(drop),
            4..=6 => self.varint().map(drop),
            7 => self.take(8).map(drop),
            8 => self.bytes(),
            9 | 10 => {
                let (kind, count) = self.list()?;
                self.enter()?;
                (0..count).try_for_each(|_| self.skip(kind))?;
                self.depth -= 1;
                Some(())
            }
            12 => self.structure(&[], &mut |_, _| ()),
            _ => None,
        }
    }

    /// The type and the number of a list's items, each of which takes a byte at least.
    fn list(&mut self) -> Option<(u8, usize)> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => usize::try_from(self.varint()?).ok()?,
            count => usize::from(count),
        };
        let booleans = matches!(head & 0xf, 1 | 2) && count > 0;
        (count <= self.rest.len() && !booleans).then_some((head & 0xf, count))
    }

    fn bytes(&mut self) -> Option<()> {
        let count = usize::try_from(self.varint()?).ok()?;
        self.take(count).map(drop)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn enter(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= MAX_DEPTH).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ITEM: &[Field] = &[Field(1, "number", Shape::Int)];
    const ITEMS: &[Field] =
        &[Field(1, "length", Shape::Int), Field(2, "items", Shape::List(&Shape::Struct(ITEM)))];

    /// What is told of these bytes, and how many are left.
    fn walked(bytes: &[u8]) -> Option<(Vec<(&'static str, i64)>, usize)> {
        let mut told = Vec::new();
        let mut thrift = Thrift::new(bytes);
        thrift.structure(ITEMS, &mut |name, value| told.push((name, value)))?;
        Some((told, thrift.rest().len()))
    }

    #[test]
    fn numbers_and_items_are_told() {
        let bytes = [0x15, 0x03, 0x19, 0x2c, 0x15, 0x80, 0x01, 0x00, 0x00, 0x00, 0xff];
        let told = vec![("length", -2), ("number", 64), ("items", 0), ("items", 1)];
        assert_eq!(walked(&bytes), Some((told, 1)));
        for end in 0..bytes.len() - 1 {
            assert_eq!(walked(&bytes[..end]), None, "cut at {end}");
        }
    }

    #[test]
    fn what_is_not_known_is_passed_over() {
        // A boolean, a double, bytes and a list of bytes under other numbers.
        let bytes = [
            0x31, 0x17, 1, 2, 3, 4, 5, 6, 7, 8, 0x18, 2, b'a', b'b', 0x19, 0x18, 1, b'c', 0x05, 0x02, 0x04,
            0x00,
        ];
        assert_eq!(walked(&bytes), Some((vec![("length", 2)], 0)));
    }

    #[test]
    fn hostile_bytes_are_refused_at_once() {
        let booleans = [0x39, 0xf1, 0xff, 0xff, 0xff, 0xff, 0x07, 0x00];
        let long = [0x39, 0xf5, 0xff, 0xff, 0xff, 0xff, 0x07, 0x00];
        let other_type = [0x18, 0x00, 0x00];
        let other_items = [0x29, 0x15, 0x02, 0x00];
        let map = [0x3b, 0x00, 0x00];
        let endless = [0x35, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00, 0x00];
        for bytes in [&booleans[..], &long, &other_type, &other_items, &map, &endless] {
            assert_eq!(walked(bytes), None, "{bytes:?}");
        }
        assert_eq!(walked(&[0x3c; 1 << 20]), None);
        assert_eq!(walked(&[0x39; 1 << 20]), None);
    }
}
