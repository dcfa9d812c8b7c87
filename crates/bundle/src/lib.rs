//! A model's files as bytes by path: a folder, a zip, a tar.gz or memory.
//!
//! Models come from strangers, so everything is bounded: names, counts, depth and sizes are checked while an archive
//! is inflated, and what no model needs (links, devices, encryption) is refused. What the files mean is for the
//! readers above: this crate knows no model format.
//!
//! ```
//! use firesteel_bundle::Bundle;
//!
//! let bundle = Bundle::from_files("example", [("metadata/part-00000".to_owned(), b"{}".to_vec())])?;
//! assert_eq!(bundle.dirs(), ["metadata"]);
//! assert_eq!(bundle.dir("metadata").read("part-00000")?, "{}");
//! assert_eq!(bundle.dir("metadata").origin(), "example!/metadata");
//! # Ok::<(), firesteel_bundle::BundleError>(())
//! ```

mod archive;
mod bundle;
mod collect;
mod error;
mod fingerprint;
mod folder;
mod hint;
mod limits;
mod metered;
mod names;
#[cfg(test)]
mod testing;
mod untar;
mod unzip;

pub use bundle::Bundle;
pub use error::BundleError;
pub use fingerprint::Fingerprint;
pub use limits::Limits;
