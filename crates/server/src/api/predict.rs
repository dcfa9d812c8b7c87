//! `POST /predict` and `POST /predict/batch`.
//!
//! A record is an object with a field for each input of the model. Its answer has the fields that the model does not
//! read, as they came (ids, keys), then the outputs, then `latency_ms`, the time from the request's last byte to the
//! answer. A row that the model drops (`handleInvalid=skip`) is answered as `"dropped": true` without outputs, never
//! with a made-up number. Where a carried field has the name of an output, the output is answered.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use firesteel_deploy::Scorer;
use firesteel_plan::{Batch, ColumnType, Scored};
use http::{Method, Request};
use hyper::body::Incoming;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};

use super::{Outputs, Target, json};
use crate::app::App;
use crate::call::{Call, Face};
use crate::error::Fault;
use crate::json::{
    Carried, CarriedField, Cells, Records, Table, numbers, read, write_dense, write_f64, write_str,
    write_whole,
};
use crate::payload::Payload;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/predict", post(predict))
        .route("/predict/batch", post(predict_batch))
        .route("/models/{name}/predict", post(predict))
        .route("/models/{name}/predict/batch", post(predict_batch))
}

async fn predict(
    State(app): State<Arc<App>>,
    Target(endpoint): Target,
    outputs: Outputs,
    payload: Payload,
) -> Result<Response, Fault> {
    let mut call = Call::begin(&app, Face::Rest, &endpoint, &outputs.names(), payload.arrived)?;
    let mut out = Vec::with_capacity(256);
    let answered = one(&mut call, &payload.bytes, &mut out).await;
    call.end(answered).map(|()| json(out))
}

/// Whether a request asks for what nearly all ask for: one record, the only model, its default outputs.
pub(crate) fn is_usual<B>(request: &Request<B>) -> bool {
    request.method() == Method::POST && request.uri().path() == "/predict" && request.uri().query().is_none()
}

/// Answers such a request as [`predict`] does, without the way through the router.
pub(crate) async fn usual(app: &App, request: Request<Incoming>) -> Result<Response, Fault> {
    let endpoint = app.fleet.sole()?;
    let payload = Payload::read(request, app).await?;
    let mut call = Call::begin(app, Face::Rest, &endpoint, &[], payload.arrived)?;
    let mut out = Vec::with_capacity(256);
    let answered = one(&mut call, &payload.bytes, &mut out).await;
    call.end(answered).map(|()| json(out))
}

/// Answers one record to the model of this name, or the only one, into `out`.
pub(crate) async fn plain(
    app: &App,
    model: Option<&str>,
    body: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), Fault> {
    let arrived = Instant::now();
    let endpoint = match model {
        Some(name) => app.fleet.endpoint(name)?,
        None => app.fleet.sole()?,
    };
    let mut call = Call::begin(app, Face::Rest, &endpoint, &[], arrived)?;
    let answered = one(&mut call, body, out).await;
    call.end(answered)
}

async fn predict_batch(
    State(app): State<Arc<App>>,
    Target(endpoint): Target,
    outputs: Outputs,
    payload: Payload,
) -> Result<Response, Fault> {
    let mut call = Call::begin(&app, Face::Rest, &endpoint, &outputs.names(), payload.arrived)?;
    let answer = several(&mut call, &payload.bytes).await;
    call.end(answer).map(json)
}

async fn one(call: &mut Call<'_>, body: &[u8], out: &mut Vec<u8>) -> Result<(), Fault> {
    if row(call, body, out).is_some() {
        return Ok(());
    }
    let mut carried = Carried::default();
    let batch = read_one(call.scorer(), call.app().strict, body, &mut carried)?;
    let scored = call.score(batch).await?;
    Writer::new(call, &scored, &carried).row(0, out);
    Ok(())
}

/// Answers a record of numbers to a model that scores rows, and does nothing for others.
fn row(call: &mut Call<'_>, body: &[u8], out: &mut Vec<u8>) -> Option<()> {
    if !call.scorer().takes_rows() {
        return None;
    }
    let (numbers, carried) = numbers(call.scorer(), body)?;
    if call.app().strict && !carried.is_empty() {
        return None;
    }
    call.score_row(&numbers, |call, scores| {
        write(call, &carried, out, |out| {
            for (place, field) in call.scorer().outputs().iter().enumerate() {
                write_str(&field.name, out);
                out.push(b':');
                match (&field.column_type, scores.output(place)) {
                    (ColumnType::Vector, Some(values)) => write_dense(values, out),
                    (ColumnType::Int, Some(&[value])) => write_whole(value, out),
                    (_, Some(&[value])) => write_f64(value, out),
                    _ => out.extend_from_slice(b"null"),
                }
                out.push(b',');
            }
        });
    })
}

async fn several(call: &mut Call<'_>, body: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut carried = Carried::default();
    let batch = call.off_reactor(body.len(), |call| {
        let app = call.app();
        read_several(call.scorer(), app.limits.max_records, app.strict, body, &mut carried)
    })?;
    let rows = batch.rows;
    let scored = call.score(batch).await?;
    let written = call.off_reactor(rows * 64, |call| {
        let writer = Writer::new(call, &scored, &carried);
        let mut out = Vec::with_capacity(2 + rows * 128);
        out.push(b'[');
        for row in 0..rows {
            if row > 0 {
                out.push(b',');
            }
            writer.row(row, &mut out);
        }
        out.push(b']');
        out
    });
    Ok(written)
}

/// Reads a body that is one record.
pub(crate) fn read_one<'b>(
    scorer: &Scorer,
    strict: bool,
    body: &'b [u8],
    carried: &mut Carried<'b>,
) -> Result<Batch, Fault> {
    let mut table = Table::new(scorer, 1, 1, strict);
    read(body, Records::new(&mut table, carried).one())?;
    table.finish()
}

/// Reads a body of at most `max_records` records.
pub(crate) fn read_several<'b>(
    scorer: &Scorer,
    max_records: usize,
    strict: bool,
    body: &'b [u8],
    carried: &mut Carried<'b>,
) -> Result<Batch, Fault> {
    let mut table = Table::new(scorer, 16, max_records, strict);
    read(body, Predictions(Records::new(&mut table, carried)))?;
    table.finish()
}

/// Reads `{"predictions": [record…]}`.
struct Predictions<'t, 's, 'de>(Records<'t, 's, 'de>);

impl<'de> DeserializeSeed<'de> for Predictions<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Predictions<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object {\"predictions\": [record, …]}")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let mut records = Some(self.0);
        while let Some(key) = entries.next_key::<String>()? {
            match records.take() {
                Some(reader) if key == "predictions" => entries.next_value_seed(reader)?,
                _ => return Err(serde::de::Error::unknown_field(&key, &["predictions"])),
            }
        }
        records.map_or(Ok(()), |_| Err(serde::de::Error::missing_field("predictions")))
    }
}

/// Writes answers.
struct Writer<'a> {
    /// The outputs, each with the start of its member: `"name":`.
    outputs: Vec<(&'a str, Cells<'a>)>,
    places: Option<Vec<Option<usize>>>,
    carried: &'a Carried<'a>,
    call: &'a Call<'a>,
}

impl<'a> Writer<'a> {
    fn new(call: &'a Call<'a>, scored: &'a Scored, carried: &'a Carried<'a>) -> Writer<'a> {
        let fields = call.scorer().outputs().iter().map(|field| field.name.as_str());
        let outputs = fields.zip(scored.columns.iter().map(Cells::of)).collect();
        let places = scored.survivors.as_ref().map(|_| scored.places());
        Writer { outputs, places, carried, call }
    }

    fn row(&self, row: usize, out: &mut Vec<u8>) {
        let place = self.places.as_ref().map_or(Some(row), |places| places.get(row).copied().flatten());
        write(self.call, self.carried.row(row), out, |out| match place {
            Some(place) => self.outputs.iter().for_each(|(name, cells)| {
                write_str(name, out);
                out.push(b':');
                cells.write(place, out);
                out.push(b',');
            }),
            None => out.extend_from_slice(b"\"dropped\":true,"),
        });
    }
}

/// Writes an answer with the outputs that `outputs` writes, each with a comma behind it.
fn write(
    call: &Call<'_>,
    carried: &[CarriedField<'_>],
    out: &mut Vec<u8>,
    outputs: impl FnOnce(&mut Vec<u8>),
) {
    out.push(b'{');
    for (name, value) in carried {
        if !is_own(call.scorer(), name) {
            write_str(name, out);
            out.push(b':');
            out.extend_from_slice(value.get().as_bytes());
            out.push(b',');
        }
    }
    outputs(out);
    out.extend_from_slice(b"\"latency_ms\":");
    write_f64(call.latency_ms(), out);
    out.push(b'}');
}

/// Whether an answer has a member of this name that is not carried.
fn is_own(scorer: &Scorer, name: &str) -> bool {
    name == "latency_ms" || name == "dropped" || scorer.outputs().iter().any(|output| output.name == name)
}
