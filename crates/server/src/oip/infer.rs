//! The verb of the protocol behind REST and gRPC: tensors in, tensors out, through one call.

use std::collections::HashSet;
use std::time::Instant;

use firesteel_deploy::{Endpoint, Error, Loaded};
use firesteel_plan::Scored;

use super::elements::shortened;
use super::inputs::{self, Wanted};
use super::outputs::{self, DROPPED, Rows};
use super::request::{InferRequest, RequestedOutput};
use super::row;
use super::tensor::{Tensor, TensorError};
use crate::app::App;
use crate::call::{Call, Face};
use crate::error::{Fault, Kind};

/// A scored request.
#[derive(Debug)]
pub(crate) struct Inferred {
    /// The version that answered.
    pub(crate) version: String,
    /// The tensors, each with whether the request asks for it in binary.
    pub(crate) outputs: Vec<(Tensor, bool)>,
}

impl Inferred {
    /// The number of elements of all tensors.
    fn elements(&self) -> usize {
        self.outputs.iter().map(|(tensor, _)| tensor.data.len()).sum()
    }
}

impl From<TensorError> for Fault {
    fn from(error: TensorError) -> Fault {
        Fault::new(Kind::Malformed, error.to_string())
    }
}

/// Where a request goes and how it came.
#[derive(Debug)]
pub(crate) struct Target<'a> {
    pub(crate) face: Face,
    pub(crate) endpoint: &'a Endpoint,
    /// The version that the request names.
    pub(crate) version: Option<&'a str>,
    /// When the whole request was here.
    pub(crate) arrived: Instant,
}

/// Scores a request that was read, or counts one that could not be; `write` makes the answer.
pub(crate) async fn infer<T>(
    app: &App,
    target: &Target<'_>,
    request: Result<InferRequest, Fault>,
    write: impl FnOnce(Inferred) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let request = request.and_then(|request| check_outputs(&request.outputs).map(|()| request));
    let loaded = target.endpoint.loaded()?;
    let own = loaded.model().signature().outputs.iter().any(|field| field.name == DROPPED);
    let outputs = request.as_ref().map_or(&[][..], |request| &request.outputs);
    let columns = outputs.iter().map(|output| output.name.as_str()).filter(|name| own || *name != DROPPED);
    let names: Vec<&str> = columns.collect();
    let mut call = Call::begin_with(app, target.face, target.endpoint, &loaded, &names, target.arrived)?;
    let result = match request {
        Ok(request) => match scored(&mut call, target, &loaded, request).await {
            Ok(inferred) => call.off_reactor(inferred.elements() * 8, |_| write(inferred)),
            Err(fault) => Err(fault),
        },
        Err(fault) => Err(fault),
    };
    call.end(result)
}

/// Checks that no output is asked for twice.
fn check_outputs(outputs: &[RequestedOutput]) -> Result<(), Fault> {
    let mut seen = HashSet::with_capacity(outputs.len());
    match outputs.iter().find(|output| !seen.insert(output.name.as_str())) {
        Some(twice) => {
            let name = shortened(&twice.name);
            Err(Fault::new(Kind::Malformed, format!("output '{name}' is asked for twice")))
        }
        None => Ok(()),
    }
}

async fn scored(
    call: &mut Call<'_>,
    target: &Target<'_>,
    loaded: &Loaded,
    request: InferRequest,
) -> Result<Inferred, Fault> {
    let current = call.scorer().version().number;
    if let Some(asked) = target.version.filter(|asked| asked.parse() != Ok(current)) {
        let name = target.endpoint.name().to_owned();
        return Err(Error::UnknownVersion { name, asked: asked.to_owned(), current }.into());
    }
    if let Some(timeout) = request.timeout {
        call.within(timeout);
    }
    let app = call.app();
    let max_rows = app.limits.max_records;
    if request.inputs.iter().any(|tensor| tensor.rows() > max_rows) {
        let message = format!("more than {max_rows} rows in one request; send fewer");
        return Err(Fault::new(Kind::TooLarge, message));
    }
    if let Some(outputs) = scored_row(call, loaded, &request) {
        return Ok(Inferred { version: current.to_string(), outputs });
    }
    let wanted = Wanted {
        model: &loaded.model().signature().inputs,
        plan: call.scorer().inputs(),
        max_rows,
        strict: app.strict,
    };
    let size = request.inputs.iter().map(|tensor| tensor.data.len() * 8).sum();
    let batch = call.off_reactor(size, |_| inputs::batch(request.inputs, wanted));
    let batch = batch.map_err(|error| Fault::new(Kind::Malformed, error.to_string()))?;
    let scored = call.score(batch).await?;
    let asked = &request.outputs;
    let size = scored.rows_in * 32;
    let outputs = call.off_reactor(size, |call| answer(call, &scored, asked, request.binary_outputs))?;
    Ok(Inferred { version: current.to_string(), outputs })
}

/// Answers a row of numbers to a model that scores rows, and does nothing for others.
fn scored_row(call: &mut Call<'_>, loaded: &Loaded, request: &InferRequest) -> Option<Vec<(Tensor, bool)>> {
    let plain = |output: &RequestedOutput| output.classes.is_none() && output.name != DROPPED;
    if !call.scorer().takes_rows() || !request.outputs.iter().all(plain) {
        return None;
    }
    let numbers = row::numbers(&request.inputs, loaded, call.scorer())?;
    let (mut tensors, asked) = (None, &request.outputs);
    call.score_row(&numbers, |call, scores| tensors = outputs::of_row(call.scorer().outputs(), scores))?;
    let mut tensors = tensors?;
    let is_asked = |(asked, tensor): (&RequestedOutput, &Tensor)| asked.name == tensor.name;
    if asked.is_empty() {
        let marks = call.scorer().drops_rows() && tensors.iter().all(|tensor| tensor.name != DROPPED);
        tensors.extend(marks.then(|| Rows::kept(1).marks()));
    } else if asked.len() != tensors.len() || !asked.iter().zip(&tensors).all(is_asked) {
        return None;
    }
    let binary = |at: usize| asked.get(at).and_then(|output| output.binary).unwrap_or(request.binary_outputs);
    let tensors = tensors.into_iter().enumerate().map(|(at, tensor)| (tensor, binary(at)));
    Some(tensors.collect())
}

/// The tensors asked for, in the order asked for.
fn answer(
    call: &Call<'_>,
    scored: &Scored,
    asked: &[RequestedOutput],
    binary_outputs: bool,
) -> Result<Vec<(Tensor, bool)>, Fault> {
    let rows = Rows::of(scored);
    let fields = call.scorer().outputs();
    let own = fields.iter().any(|field| field.name == DROPPED);
    let marks = call.scorer().drops_rows() && !own;
    let told = marks && (asked.is_empty() || asked.iter().any(|output| output.name == DROPPED));
    let dropped = rows.dropped();
    if !told && !dropped.is_empty() {
        return Err(untold(&dropped));
    }
    let column = |name: &str| -> Result<Tensor, Fault> {
        match fields.iter().position(|field| field.name == name) {
            Some(at) => Ok(outputs::tensor(&fields[at], &scored.columns[at], &rows)?),
            None => Ok(rows.marks()),
        }
    };
    if asked.is_empty() {
        let mut tensors = Vec::with_capacity(fields.len() + 1);
        for field in fields {
            tensors.push((column(&field.name)?, binary_outputs));
        }
        if marks {
            tensors.push((rows.marks(), binary_outputs));
        }
        return Ok(tensors);
    }
    let tensors = asked.iter().map(|output| {
        let tensor = column(&output.name)?;
        let tensor = match output.classes {
            Some(count) => outputs::classes(tensor, count)?,
            None => tensor,
        };
        Ok((tensor, output.binary.unwrap_or(binary_outputs)))
    });
    tensors.collect()
}

/// The error for dropped rows that the outputs asked for cannot tell of.
fn untold(dropped: &[usize]) -> Fault {
    const LISTED: usize = 10;
    let mut rows: Vec<String> = dropped.iter().take(LISTED).map(ToString::to_string).collect();
    if dropped.len() > LISTED {
        rows.push(format!("and {} more", dropped.len() - LISTED));
    }
    let rows = rows.join(", ");
    let message = format!(
        "the model dropped rows (handleInvalid=skip): {rows}; leave them out, or ask for the output '{DROPPED}' too, \
         which marks them"
    );
    Fault::new(Kind::Invalid, message)
}
