//! The end of a Parquet file, as readers of the promised set can read it.
//!
//! The Parquet library declares the order of floating-point columns as `IEEE_754_TOTAL_ORDER`, a member that the
//! format gained in 2025. Readers that decode the union strictly (Polars before 1.0 among them) refuse the
//! whole file. The statistics of a release hold no NaN, so the older `TYPE_DEFINED_ORDER` says the same of them.

/// Thrift's compact form of a union member without fields: its header, the end of the member, the end of the union.
const ENTRY: usize = 3;

/// `TYPE_DEFINED_ORDER`, field 1 of the union `ColumnOrder`.
const TYPE_DEFINED: u8 = 0x1c;

/// `IEEE_754_TOTAL_ORDER`, field 2.
const TOTAL: u8 = 0x2c;

/// After the metadata: its length in four bytes, then the magic number.
const TRAILER: usize = 8;

/// Declares the order of every one of `leaves` columns as the one its type defines. `tail` is the end of a file,
/// from somewhere before its metadata. The column orders are the last field of the metadata, so they stand at a
/// known distance from its end, and neither form changes a length.
///
/// `None` when the bytes are not what the library is known to write; nothing is changed then.
#[must_use]
pub(crate) fn declare_defined_orders(tail: &mut [u8], leaves: usize) -> Option<()> {
    // One byte ends the structure.
    let end = tail.len().checked_sub(TRAILER + 1)?;
    let orders = tail.get_mut(end.checked_sub(ENTRY * leaves)?..=end)?;
    let (stop, entries) = orders.split_last_mut()?;
    let known = |entry: &[u8]| matches!(entry, [TYPE_DEFINED | TOTAL, 0, 0]);
    if *stop != 0 || !entries.chunks_exact(ENTRY).all(known) {
        return None;
    }
    for entry in entries.chunks_exact_mut(ENTRY) {
        entry[0] = TYPE_DEFINED;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::declare_defined_orders;

    const TRAILER: [u8; 8] = [9, 0, 0, 0, b'P', b'A', b'R', b'1'];

    fn file(orders: &[u8]) -> Vec<u8> {
        [&[7, 7, 0x39, 0x2c][..], orders, &TRAILER].concat()
    }

    #[test]
    fn total_orders_become_defined_ones() {
        let mut bytes = file(&[0x1c, 0, 0, 0x2c, 0, 0, 0]);
        assert_eq!(declare_defined_orders(&mut bytes, 2), Some(()));
        assert_eq!(bytes, file(&[0x1c, 0, 0, 0x1c, 0, 0, 0]));
    }

    #[test]
    fn what_is_not_known_stays_as_it_is() {
        for (orders, leaves) in [
            (&[0x3c, 0, 0, 0][..], 1),
            (&[0x2c, 0, 0, 1], 1),
            (&[0x2c, 0, 0, 0], 4),
            (&[0x2c, 0, 0, 0], 40),
        ] {
            let mut bytes = file(orders);
            assert_eq!(declare_defined_orders(&mut bytes, leaves), None, "{orders:?}");
            assert_eq!(bytes, file(orders));
        }
    }
}
