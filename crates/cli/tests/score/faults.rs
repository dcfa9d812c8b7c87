//! What goes wrong around a run: it is killed, the disk is full, the reader leaves, the input is huge.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use crate::{churn, firesteel, names, stderr, succeed};

const ROW: &str = "{\"age\":45,\"income\":52000.5,\"tenure_months\":14,\"credit_score\":0.71}\n";

/// Starts scoring a stream into `out` and waits until the file beside it is there.
fn started(out: &Path) -> (Child, ChildStdin) {
    let mut command = firesteel();
    command.arg("score").arg(churn("model")).arg("-").arg("-o").arg(out);
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(ROW.repeat(20_000).as_bytes()).unwrap();
    let deadline = Instant::now() + Duration::from_secs(120);
    while !names(out.parent().unwrap()).iter().any(|name| name.contains(".tmp-")) {
        assert!(Instant::now() < deadline, "nothing is written");
        std::thread::yield_now();
    }
    (child, stdin)
}

#[test]
fn a_killed_run_leaves_no_target_and_the_next_one_tidies_up() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("scored.jsonl");
    let (mut child, stdin) = started(&out);
    child.kill().unwrap();
    child.wait().unwrap();
    drop(stdin);
    let left = names(folder.path());
    assert!(left.len() == 1 && left[0].starts_with(".scored.jsonl.tmp-"), "{left:?}");
    let small = folder.path().join("small.jsonl");
    std::fs::write(&small, ROW).unwrap();
    succeed(firesteel().arg("score").arg(churn("model")).arg(&small).arg("-o").arg(&out));
    assert_eq!(names(folder.path()), ["scored.jsonl", "small.jsonl"]);
}

#[test]
fn an_interrupted_run_leaves_nothing() {
    for (signal, stays) in [("INT", None), ("TERM", Some("before"))] {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("scored.jsonl");
        if let Some(text) = stays {
            std::fs::write(&out, text).unwrap();
        }
        let (mut child, stdin) = started(&out);
        succeed(Command::new("kill").arg(format!("-{signal}")).arg(child.id().to_string()));
        let status = child.wait().unwrap();
        drop(stdin);
        let mut text = String::new();
        child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(status.code(), Some(130), "{text}");
        assert!(text.starts_with("error: interrupted after "), "{text}");
        assert_eq!(std::fs::read_to_string(&out).ok().as_deref(), stays);
        assert_eq!(names(folder.path()).len(), usize::from(stays.is_some()));
    }
}

#[test]
fn a_closed_pipe_is_success() {
    let mut command = firesteel();
    command.arg("score").args([churn("model"), churn("rows.parquet")]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("{\"customer_id\":1001,"), "{first}");
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
}

#[test]
fn a_device_that_is_full_is_an_error() {
    let mut command = firesteel();
    command.arg("score").args([churn("model"), churn("rows.parquet")]);
    let output = command.args(["-o", "/dev/full", "--output-format", "csv"]).output().unwrap();
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(text.starts_with("error: cannot write /dev/full\n  because: No space left"), "{text}");
    assert!(text.contains("hint: make room"), "{text}");
}

/// A small disk of its own; it is gone when this is dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn new() -> Option<SmallDisk> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=256k", "tmpfs"]).arg(folder.path());
        let mounted = mount.stderr(Stdio::null()).status().is_ok_and(|status| status.success());
        mounted.then(|| SmallDisk(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_is_an_error_and_leaves_no_file() {
    let Some(disk) = SmallDisk::new() else {
        println!("skipped: a small disk cannot be mounted here (it takes root)");
        return;
    };
    for name in ["scored.parquet", "scored.csv", "scored.jsonl"] {
        let out = disk.0.path().join(name);
        let output = firesteel()
            .arg("score")
            .args([churn("model"), churn("rows.parquet")])
            .arg("-o")
            .arg(&out)
            .output()
            .unwrap();
        let text = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{text}");
        assert!(text.contains("because: No space left") && text.contains("hint: make room"), "{text}");
        assert!(names(disk.0.path()).is_empty(), "{:?}", names(disk.0.path()));
    }
}

/// Feeds `rows` rows to a run and answers the most memory that it had, in KiB.
fn peak_memory(rows: usize) -> u64 {
    let mut command = firesteel();
    command.arg("score").arg(churn("model")).arg("-").args(["--columns", "features", "-o", "/dev/null"]);
    command.args(["--output-format", "parquet"]).stdin(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let mut text = String::new();
    for start in (0..rows).step_by(10_000) {
        text.clear();
        for row in start..start + 10_000 {
            let (age, income) = (18 + row % 60, 20_000 + row);
            writeln!(text, "{{\"age\":{age},\"income\":{income}.25,\"tenure_months\":{},\"credit_score\":0.5,\"note\":\"row {row}\"}}", row % 120).unwrap();
        }
        stdin.write_all(text.as_bytes()).unwrap();
        let line = std::fs::read_to_string(&status).unwrap_or_default();
        let high = line.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = peak.max(high.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0));
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
    peak
}

#[test]
fn memory_does_not_grow_with_the_rows() {
    if !Path::new("/proc/self/status").exists() {
        println!("skipped: the peak memory of a process is read from /proc");
        return;
    }
    // The text alone of the second run is past 70 MiB.
    let (few, many) = (peak_memory(100_000), peak_memory(700_000));
    let found = format!("peak memory: {few} KiB for 100,000 rows, {many} KiB for 700,000 rows");
    println!("{found}");
    assert!(many < few + 48 * 1024, "{found}");
}
