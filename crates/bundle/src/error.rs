//! What can be wrong with a model's files, said with what was found and what to try.

use std::io;

/// Why a bundle could not be opened, or a file in it could not be read.
///
/// Names that came out of an archive are quoted and cut short, so a hostile name cannot spoil a log or a terminal.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BundleError {
    /// Nothing is at the path.
    #[error("{origin}: no such file or folder; {hint}")]
    NotFound {
        /// The path as it was given.
        origin: String,
        /// What is near it.
        hint: String,
    },
    /// The folder or archive holds no file.
    #[error(
        "{origin}: holds no files; expected a saved model, so check the path and that saving it finished"
    )]
    Empty {
        /// The folder or archive.
        origin: String,
    },
    /// The file is neither a zip nor a tar archive.
    #[error("{origin}: expected a model folder, a .zip, a .tar.gz or a .tar, found {found}; {hint}")]
    NotAnArchive {
        /// The file.
        origin: String,
        /// What its first bytes look like.
        found: String,
        /// What to do instead.
        hint: &'static str,
    },
    /// The archive breaks off or contradicts itself.
    #[error("{origin}: the archive is damaged: {detail}; copy or pack it again")]
    Damaged {
        /// The archive.
        origin: String,
        /// What does not fit.
        detail: String,
    },
    /// An archive entry is of a kind that no model needs: encrypted, a link, a device, an unknown compression.
    #[error("{origin}: entry {name} is {kind}, which is refused; {hint}")]
    Refused {
        /// The archive.
        origin: String,
        /// The entry's name, quoted.
        name: String,
        /// What it is.
        kind: String,
        /// How to pack it instead.
        hint: &'static str,
    },
    /// A file name is unsafe or unreadable.
    #[error("{origin}: file name {name} {problem}; {hint}")]
    Name {
        /// The folder or archive.
        origin: String,
        /// The name, quoted.
        name: String,
        /// What is wrong with it.
        problem: &'static str,
        /// What to do about it.
        hint: &'static str,
    },
    /// Two entries claim one name, so it is not clear which one is meant.
    #[error("{origin}: {name} is there twice; pack the model again, each file once")]
    Duplicate {
        /// The archive or file list.
        origin: String,
        /// The name, quoted.
        name: String,
    },
    /// There is more than the limits allow.
    #[error("{origin}: {what}, over the limit of {limit}; is this one model? If so, raise `{name}`")]
    TooLarge {
        /// The folder or archive.
        origin: String,
        /// What is too large.
        what: String,
        /// The limit's value.
        limit: u64,
        /// The field of [`Limits`](crate::Limits).
        name: &'static str,
    },
    /// A symbolic link leads back to a folder that holds it, or to nothing.
    #[error("{origin}: symbolic link {name} {problem}; remove it or put the file itself there")]
    Link {
        /// The folder.
        origin: String,
        /// The link, quoted.
        name: String,
        /// Where it leads.
        problem: String,
    },
    /// The bundle has no such file.
    #[error("{origin}: has no file {path:?}; {hint}")]
    NoFile {
        /// The bundle.
        origin: String,
        /// The path that was asked for.
        path: String,
        /// What it has instead.
        hint: String,
    },
    /// The file is not the one that was listed when the bundle was opened.
    #[error(
        "{origin}: {path:?} changed since the model was opened; open it again once the save has finished"
    )]
    Changed {
        /// The folder.
        origin: String,
        /// The file.
        path: String,
    },
    /// The operating system refused.
    #[error("{path}: {source}; check that it exists and may be read")]
    Io {
        /// The file or folder.
        path: String,
        /// What the system said.
        source: io::Error,
    },
}
