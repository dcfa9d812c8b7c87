//! A server in this process on a free port, a model made by hand, and a client that sends exactly what it is told.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use firesteel_deploy::{Fleet, Loader, Settings as Scoring};
use firesteel_plan::decimal::DecimalType;
use firesteel_plan::ops::{
    Arithmetic, Assemble, DateFunction, DecimalArithmetic, EvalMode, Evaluate, Expr, HandleInvalid, Literal,
    Scale, SparseRule,
};
use firesteel_plan::{Asked, Builder, ColumnType, Model, ModelInfo, StageInfo};
use firesteel_server::{Server, Settings};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Opens the model that the file `factor` describes: `scaled = [age, income] · factor` and `visits_double = visits`; `2 skip` drops rows with a
/// NaN or null in `age`.
pub(crate) fn open(path: &Path) -> Result<Model, Box<dyn std::error::Error + Send + Sync>> {
    let text = fs::read_to_string(path.join("factor"))?;
    if text == "moments" {
        return moments();
    }
    let (factor, skip) = text.split_once(' ').map_or((text.as_str(), false), |(factor, _)| (factor, true));
    let factor: f64 = factor.trim().parse()?;
    let mut builder = Builder::new(BTreeMap::new());
    let stage = |place: &str, class: &str| StageInfo {
        place: place.into(),
        class: class.into(),
        ..StageInfo::default()
    };
    builder.stage(stage("0", "VectorAssembler"));
    let inputs = [builder.doubles("age", skip)?, builder.doubles("income", false)?];
    let handle_invalid = if skip { HandleInvalid::Skip } else { HandleInvalid::Error };
    let assemble = Assemble { handle_invalid, sizes: vec![Some(1), Some(1)], rule: SparseRule::Ratio };
    let features = builder.apply(assemble.into(), &[&inputs[0], &inputs[1]])?;
    builder.bind("features", features.clone())?;
    let visits = builder.column("visits", Asked::of(ColumnType::Long));
    let visits = builder.cast(&visits, ColumnType::Double)?;
    builder.bind("visits_double", visits)?;
    builder.stage(stage("1", "StandardScalerModel"));
    let scale = Scale { shift: None, factor: Some(Arc::from([factor, factor])) };
    let scaled = builder.apply(scale.into(), &[&features])?;
    builder.bind("scaled", scaled)?;
    let info = ModelInfo { uid: format!("factor_{factor}"), format: "test".into(), ..ModelInfo::default() };
    Ok(builder.finish(info)?)
}

/// A model of dates, timestamps and decimals: `next_day = day + 1`, `same = at`, `shown = clock` and `price = n · 1.5`.
fn moments() -> Result<Model, Box<dyn std::error::Error + Send + Sync>> {
    let mut builder = Builder::new(BTreeMap::new());
    builder.stage(StageInfo { place: "0".into(), class: "SQLTransformer".into(), ..StageInfo::default() });
    let types = [
        ("day", ColumnType::Date),
        ("at", ColumnType::Timestamp),
        ("clock", ColumnType::TimestampNtz),
        ("n", ColumnType::Long),
    ];
    let [day, at, clock, n] = types.map(|(name, found)| builder.column(name, Asked::nullable(found)));
    let input = || Expr::Input(0);
    let next = Expr::Date {
        function: DateFunction::AddDays,
        arguments: vec![input(), Expr::Literal(Literal::Int(1))],
    };
    let of = |precision, scale| DecimalType { precision, scale };
    let whole =
        Expr::Cast { value: Box::new(input()), to: ColumnType::Decimal(of(20, 0)), mode: EvalMode::Legacy };
    let arithmetic =
        DecimalArithmetic { operator: Arithmetic::Multiply, whole: false, to: of(23, 1), checked: false };
    let factor = Expr::Literal(Literal::Decimal(15, of(2, 1)));
    let price = Expr::Decimals { arithmetic, left: Box::new(whole), right: Box::new(factor) };
    let made = [
        ("next_day", day, next),
        ("same", at, Expr::Coalesce(vec![input()])),
        ("shown", clock, Expr::Coalesce(vec![input()])),
        ("price", n, price),
    ];
    for (name, column, expr) in made {
        let made = builder.apply(Evaluate { expr }.into(), &[&column])?;
        builder.bind(name, made)?;
    }
    let info = ModelInfo { uid: "moments".into(), format: "test".into(), ..ModelInfo::default() };
    Ok(builder.finish(info)?)
}

/// A running server and its one model.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    pub(crate) fleet: Fleet,
    folder: tempfile::TempDir,
    stop: Option<oneshot::Sender<()>>,
    pub(crate) task: JoinHandle<()>,
}

impl Served {
    /// Changes the model's file.
    pub(crate) fn write(&self, text: &str) {
        fs::write(self.folder.path().join("factor"), text).unwrap();
    }

    /// Asks the server to stop, as SIGTERM does.
    pub(crate) fn stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
    }

    /// Sends `request` on a new connection and reads until the server closes it.
    pub(crate) async fn send(&self, request: impl AsRef<[u8]>) -> Answer {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request.as_ref()).await.unwrap();
        Answer::read(&mut stream).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(format!("GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).await
    }

    pub(crate) async fn post(&self, path: &str, body: &str) -> Answer {
        self.send(post(path, body)).await
    }
}

/// The default settings on a free port.
pub(crate) fn settings() -> Settings {
    Settings {
        listen: ([127, 0, 0, 1], 0).into(),
        grpc_listen: None,
        strict: false,
        limits: Default::default(),
        seed: 7,
        traces: None,
    }
}

/// Serves the model `m` that `text` describes.
pub(crate) async fn serve(text: &str) -> Served {
    serve_with(text, &settings(), Scoring::default()).await
}

pub(crate) async fn serve_with(text: &str, settings: &Settings, scoring: Scoring) -> Served {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("factor"), text).unwrap();
    let fleet = Fleet::new(Loader::new(open), scoring);
    let _ = fleet.add("m", folder.path().to_path_buf()).load().await;
    let server = Server::bind(fleet.clone(), settings).unwrap();
    let address = server.address().unwrap();
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(server.run(async {
        let _ = stopped.await;
    }));
    Served { address, fleet, folder, stop: Some(stop), task }
}

/// A request with a body, after which the connection is closed.
pub(crate) fn post(path: &str, body: &str) -> String {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}")
}

/// A record that the model can score.
pub(crate) const RECORD: &str = r#"{"age":3,"income":0.5,"visits":4}"#;

/// What the server sent until it closed the connection.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) async fn read(stream: &mut TcpStream) -> Answer {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        Answer::of(&String::from_utf8(bytes).unwrap())
    }

    fn of(text: &str) -> Answer {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The answer as text without the times in it.
    pub(crate) fn timeless(&self) -> String {
        let mut text = String::new();
        for (at, part) in self.body.split("\"latency_ms\":").enumerate() {
            let rest = if at == 0 {
                part
            } else {
                part.trim_start_matches(|c: char| c.is_ascii_digit() || ".e-".contains(c))
            };
            text.push_str(rest);
            if at + 1 < self.body.split("\"latency_ms\":").count() {
                text.push_str("\"latency_ms\":");
            }
        }
        text
    }
}
