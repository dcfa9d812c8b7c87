//! The message of gRPC's `ModelInfer`: raw and typed tensors. What is read as a row of numbers is also a batch of one, of
//! the same numbers.
#![no_main]

use arrow_array::Array;
use firesteel_fuzz::{BODIES, NUMBERS};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let _ = BODIES.message(body.to_vec().into());
    let Some(numbers) = NUMBERS.plain_message(body) else { return };
    // A number beyond the range of its column is left to the columns, which refuse it.
    let Ok(batch) = NUMBERS.message(body.to_vec().into()) else { return };
    assert_eq!((batch.rows, batch.columns.len()), (1, numbers.len()));
    for (column, number) in batch.columns.iter().zip(numbers) {
        let array = column.as_array().expect("a column of numbers");
        let double = arrow_cast::cast(array, &arrow_schema::DataType::Float64).expect("a number");
        let double =
            arrow_array::cast::as_primitive_array::<arrow_array::types::Float64Type>(&double).value(0);
        assert!(
            array.is_valid(0) && (double.to_bits() == number.to_bits() || double.is_nan() && number.is_nan())
        );
    }
});
