//! Pages for people, self-contained: they load nothing from elsewhere.

pub(crate) mod docs;
