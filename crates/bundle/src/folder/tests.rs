//! Folders on disk: what is listed, followed, refused and hinted at.

use std::fs;
use std::path::Path;

use tempfile::{TempDir, tempdir};

use crate::testing::{MODEL, SMALL, assert_says, contents, expected};
use crate::{Bundle, BundleError};

fn write(root: &Path, files: &[(&str, &[u8])]) {
    for (path, bytes) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

fn home(files: &[(&str, &[u8])]) -> TempDir {
    let home = tempdir().unwrap();
    write(home.path(), files);
    home
}

fn refusal(path: &Path) -> String {
    Bundle::open_with(path, &SMALL).unwrap_err().to_string()
}

#[test]
fn lists_every_file_and_reads_it_when_asked() {
    let home = home(MODEL);
    fs::create_dir(home.path().join("empty")).unwrap();
    let bundle = Bundle::open(home.path()).unwrap();
    assert_eq!(contents(&bundle), expected(MODEL));
    assert_eq!(bundle.dirs(), ["metadata", "stages"]);
    assert_eq!(bundle.origin(), home.path().display().to_string());
}

#[test]
fn a_file_that_changed_after_the_listing_is_not_read() {
    let home = home(&[("a", b"12"), ("b", b"12"), ("c", b"1")]);
    let bundle = Bundle::open(home.path()).unwrap();
    fs::write(home.path().join("a"), b"123").unwrap();
    fs::remove_file(home.path().join("b")).unwrap();
    for name in ["a", "b"] {
        let error = bundle.read(name).unwrap_err();
        assert!(matches!(error, BundleError::Changed { .. }), "{error}");
        assert_says(&error.to_string(), &["changed since", "open it again"]);
    }
    assert_eq!(bundle.read("c").unwrap(), "1");
}

#[test]
fn refuses_more_than_the_limits() {
    let many: Vec<String> = (0..20).map(|i| format!("f{i}")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let home_many = home(&many);
    assert!(Bundle::open_with(home_many.path(), &SMALL).is_ok());
    fs::create_dir(home_many.path().join("one more")).unwrap();
    assert_says(&refusal(home_many.path()), &["more files and folders", "limit of 20", "max_files"]);
    assert!(Bundle::open_with(home(&[("1/2/3/4/5/f", b"")]).path(), &SMALL).is_ok());
    assert_says(&refusal(home(&[("1/2/3/4/5/6/f", b"")]).path()), &["\"1/2/3/4/5/6\"", "max_depth"]);
    assert_says(
        &refusal(home(&[("f", &[0; 10_001])]).path()),
        &["file \"f\" has more bytes", "max_file_bytes"],
    );
    let third: &[u8] = &[0; 7_000];
    assert_says(&refusal(home(&[("a", third), ("b", third), ("c", third)]).path()), &["max_total_bytes"]);
}

#[test]
fn an_empty_folder_is_no_model() {
    let home = tempdir().unwrap();
    assert_says(&refusal(home.path()), &["holds no files", "check the path"]);
}

#[test]
fn a_missing_path_is_answered_with_what_is_near() {
    let home = home(&[("models/churn/metadata/part-00000", b"{}"), ("models/fraud.zip", b"")]);
    let at = |path: &str| refusal(&home.path().join(path));
    let full = |path: &str| format!("did you mean {}?", home.path().join(path).display());
    assert_says(&at("models/chrun"), &["no such file or folder", &full("models/churn")]);
    assert_says(&at("modles/churn"), &[&full("models/churn")]);
    assert_says(&at("modles/other"), &[&full("models")]);
    assert_says(&at("models/fraud"), &[&full("models/fraud.zip")]);
    fs::write(home.path().join("models/fraud.tar.gz"), b"").unwrap();
    assert_says(&at("models/fraud.zap"), &[&full("models/fraud.zip")]);
    fs::remove_file(home.path().join("models/fraud.tar.gz")).unwrap();
    assert_says(&at("models/recommender"), &["models has \"churn\", \"fraud.zip\""]);
    assert_says(&at("models/fraud.zip/stages"), &["fraud.zip is a file, not a folder"]);
    fs::create_dir(home.path().join("none")).unwrap();
    assert_says(&at("none/model"), &["none is empty"]);
    for address in ["hdfs://host/model", "s3a://bucket/model", "dbfs:/model", "file:/tmp/model"] {
        assert_says(&refusal(Path::new(address)), &[address, "is an address, not a local path"]);
    }
    assert_says(&refusal(Path::new("no-such-model-here")), &["the folder . has"]);
}

#[test]
fn a_fingerprint_changes_with_any_file() {
    use crate::Fingerprint;
    let home = home(MODEL);
    let mark = || Fingerprint::of(home.path(), &SMALL).unwrap();
    let first = Bundle::open(home.path()).unwrap().fingerprint();
    assert_eq!(first, mark());
    let mut seen = vec![first];
    let changes: [&dyn Fn(&Path); 4] = [
        &|root| fs::write(root.join("metadata/part-00000"), b"longer than it was before, by far").unwrap(),
        &|root| fs::write(root.join("new"), b"").unwrap(),
        &|root| fs::remove_file(root.join("metadata/_SUCCESS")).unwrap(),
        &|root| fs::rename(root.join("new"), root.join("newer")).unwrap(),
    ];
    for change in changes {
        change(home.path());
        let now = mark();
        assert!(!seen.contains(&now));
        seen.push(now);
    }
    let bundle = Bundle::open(home.path()).unwrap();
    assert_ne!(bundle.dir("stages").fingerprint(), bundle.fingerprint());
    assert_eq!(bundle.dir("stages").fingerprint(), bundle.dir("stages").fingerprint());
}

#[test]
fn an_archive_has_a_fingerprint_without_being_read() {
    use crate::Fingerprint;
    let home = home(&[("m.zip", &crate::testing::zip(MODEL)), ("broken.zip", b"PK\x03\x04")]);
    let path = home.path().join("m.zip");
    let bundle = Bundle::open(&path).unwrap();
    assert_eq!(bundle.fingerprint(), Fingerprint::of(&path, &SMALL).unwrap());
    assert!(Fingerprint::of(&home.path().join("broken.zip"), &SMALL).is_ok());
    fs::write(&path, crate::testing::zip(&[("a", b"1")])).unwrap();
    assert_ne!(bundle.fingerprint(), Fingerprint::of(&path, &SMALL).unwrap());
    assert!(Fingerprint::of(&home.path().join("n.zip"), &SMALL).is_err());
}

#[test]
fn memory_has_a_fingerprint_by_content() {
    let of = |byte| Bundle::from_files("m", [("a".to_owned(), vec![byte])]).unwrap().fingerprint();
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn a_kubernetes_mount_opens_as_its_files_and_notices_the_swap() {
        let home = home(&[
            ("..2026_01/part-00000", b"old"),
            ("..2026_01/data/x", b"x"),
            ("..2026_02/part-00000", b"new"),
        ]);
        let root = home.path();
        symlink("..2026_01", root.join("..data")).unwrap();
        symlink("..data/part-00000", root.join("part-00000")).unwrap();
        symlink("..data/data", root.join("data")).unwrap();
        let bundle = Bundle::open(root).unwrap();
        assert_eq!(contents(&bundle), expected(&[("data/x", b"x"), ("part-00000", b"old")]));
        fs::remove_file(root.join("data")).unwrap();
        symlink("..2026_02", root.join("..next")).unwrap();
        fs::rename(root.join("..next"), root.join("..data")).unwrap();
        let swapped = Bundle::open(root).unwrap();
        assert_eq!(contents(&swapped), expected(&[("part-00000", b"new")]));
        assert_ne!(bundle.fingerprint(), swapped.fingerprint());
        assert!(matches!(bundle.read("part-00000"), Err(BundleError::Changed { .. })));
    }

    #[test]
    fn links_are_followed_out_of_the_folder_but_not_round_in_circles() {
        let outside = home(&[("stage/f", b"1")]);
        let home = home(&[("a/b/f", b"2")]);
        symlink(outside.path().join("stage"), home.path().join("stage")).unwrap();
        symlink("a", home.path().join("again")).unwrap();
        let bundle = Bundle::open(home.path()).unwrap();
        assert_eq!(bundle.files(), ["a/b/f", "again/b/f", "stage/f"]);
        symlink(home.path().join("a"), outside.path().join("stage/back")).unwrap();
        symlink(outside.path().join("stage"), home.path().join("a/b/out")).unwrap();
        assert_says(&refusal(home.path()), &["symbolic link", "leads back"]);
    }

    #[test]
    fn refuses_dangling_links_and_links_to_the_folder_itself() {
        let dangling = home(&[("f", b"")]);
        symlink("nowhere", dangling.path().join("gone")).unwrap();
        assert_says(&refusal(dangling.path()), &["symbolic link \"gone\" cannot be followed"]);
        let circle = home(&[("f", b"")]);
        symlink(".", circle.path().join("self")).unwrap();
        assert_says(&refusal(circle.path()), &["symbolic link \"self\" leads back"]);
    }

    #[test]
    fn a_folder_behind_a_link_opens_under_the_name_it_was_given() {
        let home = home(&[("v1/f", b"1")]);
        symlink("v1", home.path().join("latest")).unwrap();
        let bundle = Bundle::open(&home.path().join("latest")).unwrap();
        assert_eq!(contents(&bundle), expected(&[("f", b"1")]));
        assert!(bundle.origin().ends_with("latest"));
    }

    #[test]
    fn refuses_sockets_and_names_that_are_not_utf8() {
        let odd = home(&[("f", b"")]);
        fs::write(odd.path().join(OsStr::from_bytes(b"a\xff")), b"").unwrap();
        assert_says(&refusal(odd.path()), &["not UTF-8", "rename"]);
        let socket = home(&[("f", b"")]);
        let at = socket.path().join("s");
        let _listener = UnixListener::bind(&at).unwrap();
        assert_says(&refusal(socket.path()), &["\"s\" is a device, a socket or a pipe"]);
        assert_says(&refusal(&at), &["found a device, a socket or a pipe"]);
    }
}
