//! Counts of the places that the words of a row have, as sparse rows.

use crate::column::VectorBuilder;

/// The places of a row's words, and room to count them in.
#[derive(Debug, Default)]
pub(super) struct PlaceCounts {
    places: Vec<u32>,
    indices: Vec<u32>,
    counts: Vec<f64>,
}

impl PlaceCounts {
    /// Notes the place of a word.
    pub(super) fn add(&mut self, place: u32) {
        self.places.push(place);
    }

    /// Adds the places noted since the last row as a sparse row of `size`: those noted `least` times, each with how often
    /// that was, or with 1 where that is asked for.
    pub(super) fn end_row(&mut self, size: usize, least: f64, binary: bool, out: &mut VectorBuilder) {
        self.indices.clear();
        self.counts.clear();
        self.places.sort_unstable();
        for same in self.places.chunk_by(|one, other| one == other) {
            let count = same.len() as f64;
            if count >= least {
                self.indices.push(same[0]);
                self.counts.push(if binary { 1.0 } else { count });
            }
        }
        out.push_sparse(size, &self.indices, &self.counts);
        self.places.clear();
    }
}
