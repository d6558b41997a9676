//! What people do in the book, as documents: each in a commit of its own, with that commit's clock
//! and author, in the hash chain like all else.
//!
//! This module knows the word that an act goes by and its texts; it refuses to know what the word
//! means, or whether the act holds. An act is never changed; a later one may take it back.

use std::collections::BTreeSet;

use handfast_model::question::AsOf;
use handfast_model::{Instant, Refusal, Seq, limits};

use crate::book::Ledger;
use crate::files::text_hash;
use crate::refuse;
use crate::store::{Field, rows};
use crate::versions::{self, Files};
use crate::writer::Commit;

/// What all acts are kept as among the versions.
const KIND: &str = "act";

/// Something that was done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Act {
    /// The commit that holds it.
    pub seq: Seq,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// Whose commit it is.
    pub author: String,
    /// The word for what was done: `draft`, `close`, …
    pub word: String,
    /// The hash of its texts.
    pub hash: String,
    /// Its texts by name, in the order in which they were given.
    pub texts: Files,
}

impl Act {
    /// The text of this name; empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        let found = self.texts.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, text)| text)
    }
}

impl Ledger {
    /// Keeps an act, and returns when the disk has it. `note` says in a line what was done, for
    /// the log of commits.
    ///
    /// Refused with E0227 above [`limits::ACT_BYTES`].
    pub fn act(&self, word: &str, note: &str, texts: Files, now: Instant) -> Result<Seq, Refusal> {
        let texts = versions::pack_files(&texts);
        if texts.len() > limits::ACT_BYTES {
            return Err(refuse::act_too_long(word, texts.len()));
        }
        let (word, hash) = (word.to_owned(), text_hash(&texts));
        self.inner.commit(Commit {
            note: note.to_owned(),
            now,
            rows: Vec::new(),
            apply: Box::new(move |tx| versions::add(tx, KIND, &word, &hash, &texts)),
        })
    }

    /// The acts that go by these words, as known then, oldest first.
    pub fn acts(&self, words: &[&str], as_of: AsOf) -> Result<Vec<Act>, Refusal> {
        // Whoever asks for small ones does not read the large ones of others.
        let places = (3..).take(words.len()).map(|at| format!("${at}"));
        let places: Vec<String> = places.collect();
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "SELECT version.seq, version.hash, files, name, recorded_at, author
             FROM version JOIN commit_log ON commit_log.seq = version.seq
             WHERE kind = $1 AND version.seq <= $2 AND name IN ({})
             ORDER BY version.seq",
            places.join(", ")
        );
        let until = Field::count(self.resolve(as_of)?.0.0);
        let mut fields = vec![Field::text(KIND), until];
        fields.extend(words.iter().map(|word| Field::text(word)));
        let found = rows(self.inner.reader().as_mut(), &sql, &fields)?;
        let mut acts = Vec::new();
        for row in &found {
            let version = versions::version(row)?;
            acts.push(Act {
                seq: version.seq,
                recorded_at: Instant(row.int(4)?),
                author: row.text(5)?.to_owned(),
                word: row.text(3)?.to_owned(),
                hash: version.hash,
                texts: version.files,
            });
        }
        Ok(acts)
    }

    /// The commits that hold an act, whatever its word: they bring no facts.
    pub fn act_commits(&self) -> Result<BTreeSet<Seq>, Refusal> {
        let sql = "SELECT seq FROM version WHERE kind = $1";
        let found = rows(self.inner.reader().as_mut(), sql, &[Field::text(KIND)])?;
        found.iter().map(|row| Ok(Seq(row.count(0)?))).collect()
    }
}
