//! Saves of every class, whose parameters, columns and lists the input changes: opening one and scoring by it ends in
//! an answer or an error. Where `spark_model_parquet` tries the bytes of a file, this tries what they say.
#![no_main]

use firesteel_fuzz::stages::{inputs, made};
use firesteel_plan::{Batch, Declared};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: {
    // The Parquet reader panics on rare files; the crate fences it. What gets past the fence still ends the run.
    std::panic::set_hook(Box::new(|_| {}));
}, |input: &[u8]| {
    let Some(save) = made(input) else { return };
    let Ok(model) = firesteel_spark::open(&save, Declared::default()) else { return };
    let Ok(plan) = model.plan_all() else { return };
    for kind in 0..3 {
        let columns = plan.inputs().iter().map(|field| inputs(field, kind)).collect();
        let _ = plan.score(Batch::new(2, columns));
    }
});
