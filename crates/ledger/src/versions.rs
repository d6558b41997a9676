//! Versions of the charter and of source packs, as the folders of text they were.

use handfast_model::question::AsOf;
use handfast_model::{Instant, Refusal, Seq};

use crate::book::Ledger;
use crate::refuse;
use crate::store::{Field, first};
use crate::writer::{Commit, Tx};

/// The files of a version: path inside its folder, and text. In path order.
pub type Files = Vec<(String, String)>;

/// Digits of a hash that are enough to name a version.
const LEAST_DIGITS: usize = 6;

/// A version that was published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Version {
    /// The commit that published it.
    pub seq: Seq,
    /// Its content hash.
    pub hash: String,
    /// Its files.
    pub files: Files,
}

impl Ledger {
    /// Publishes a charter version. Publishing the one in force again changes nothing and gives
    /// the commit that published it.
    pub fn publish_charter(&self, hash: &str, files: Files, now: Instant) -> Result<Seq, Refusal> {
        self.publish("charter", "", hash, files, now)
    }

    /// The charter in force as of then, if any was published.
    pub fn charter_at(&self, as_of: AsOf) -> Result<Option<Version>, Refusal> {
        self.version_at("charter", "", as_of)
    }

    /// The charter version whose hash begins with these digits, at least six and no other's, of
    /// those published as of then.
    pub fn charter_named(&self, asked: &str, as_of: AsOf) -> Result<Version, Refusal> {
        let seq = self.resolve(as_of)?.0;
        let fields = [Field::count(seq.0)];
        let digits = bare(asked).to_ascii_lowercase();
        // A text that was put into force twice is one version, and its later commit counts.
        let mut found: Vec<Version> = Vec::new();
        let mut known: Vec<String> = Vec::new();
        let mut store = self.inner.reader();
        let sql = "SELECT seq, hash, files FROM version
                   WHERE kind = 'charter' AND seq <= $1 ORDER BY seq DESC";
        store.query(sql, &fields, &mut |row| {
            let hash = bare(row.text(1)?);
            if !known.iter().any(|other| other == hash) {
                if hash.starts_with(&digits) {
                    found.push(version(row)?);
                }
                known.push(hash.to_owned());
            }
            Ok(())
        })?;
        let named = found.len();
        let is_enough = |one: &Version| digits.len() >= LEAST_DIGITS || bare(&one.hash) == digits;
        match found.pop().filter(is_enough) {
            Some(one) if named == 1 => Ok(one),
            _ => Err(refuse::which_charter(asked, named, &known)),
        }
    }

    /// Publishes a pack version of a source.
    pub fn publish_pack(
        &self,
        source: &str,
        hash: &str,
        files: Files,
        now: Instant,
    ) -> Result<Seq, Refusal> {
        self.publish("pack", source, hash, files, now)
    }

    /// The pack of a source in force as of then, if any was published.
    pub fn pack_at(&self, source: &str, as_of: AsOf) -> Result<Option<Version>, Refusal> {
        self.version_at("pack", source, as_of)
    }

    fn publish(
        &self,
        kind: &'static str,
        name: &str,
        hash: &str,
        files: Files,
        now: Instant,
    ) -> Result<Seq, Refusal> {
        if let Some(current) = self.version_at(kind, name, AsOf::Latest)?
            && current.hash == hash
        {
            return Ok(current.seq);
        }
        let (name, hash) = (name.to_owned(), hash.to_owned());
        let note = format!("{kind} {name} {hash}").replace("  ", " ");
        let files = pack_files(&files);
        self.inner.commit(Commit {
            note,
            now,
            rows: Vec::new(),
            apply: Box::new(move |tx| add(tx, kind, &name, &hash, &files)),
        })
    }

    fn version_at(&self, kind: &str, name: &str, as_of: AsOf) -> Result<Option<Version>, Refusal> {
        let seq = self.resolve(as_of)?.0;
        let until = Field::count(seq.0);
        let fields = [Field::text(kind), Field::text(name), until.clone(), until];
        let sql = "SELECT seq, hash, files FROM version
                   WHERE kind = $1 AND name = $2 AND seq <= $3
                   AND seq NOT IN (SELECT commit_seq FROM undone WHERE seq <= $4)
                   ORDER BY seq DESC LIMIT 1";
        first(self.inner.reader().as_mut(), sql, &fields)?
            .map(|row| version(&row))
            .transpose()
    }
}

/// Adds a version to the commit under way.
pub(crate) fn add(
    tx: &mut Tx<'_>,
    kind: &str,
    name: &str,
    hash: &str,
    files: &str,
) -> Result<(), Refusal> {
    let fields = [
        Field::text(kind),
        Field::text(name),
        tx.seq_field(),
        Field::text(hash),
        Field::text(files),
    ];
    let sql = "INSERT INTO version (kind, name, seq, hash, files) VALUES ($1, $2, $3, $4, $5)";
    tx.store.execute(sql, &fields)?;
    tx.note("version", &[kind, name, hash, &digest(files)]);
    Ok(())
}

/// The digest of a version's files in a commit's body.
pub(crate) fn digest(files: &str) -> String {
    blake3::hash(files.as_bytes()).to_hex().to_string()
}

/// A hash without its kind.
fn bare(hash: &str) -> &str {
    hash.strip_prefix("blake3:").unwrap_or(hash)
}

/// Files as one text.
pub(crate) fn pack_files(files: &Files) -> String {
    let files = files
        .iter()
        .map(|(path, text)| serde_json::Value::from(vec![path.as_str(), text.as_str()]));
    serde_json::Value::Array(files.collect()).to_string()
}

/// A version from its number, hash and files.
pub(crate) fn version(row: &crate::store::Row) -> Result<Version, Refusal> {
    let damaged = || {
        let journal = std::path::Path::new("journal");
        refuse::journal_damaged(journal, "the files of a version cannot be read")
    };
    let files: serde_json::Value = serde_json::from_str(row.text(2)?).map_err(|_| damaged())?;
    let pair = |pair: &serde_json::Value| -> Option<(String, String)> {
        let text = |at: usize| {
            pair.get(at)
                .and_then(|text| text.as_str())
                .map(str::to_owned)
        };
        Some((text(0)?, text(1)?))
    };
    let files = files
        .as_array()
        .map(|pairs| pairs.iter().map(pair).collect());
    Ok(Version {
        seq: Seq(row.count(0)?),
        hash: row.text(1)?.to_owned(),
        files: files.flatten().ok_or_else(damaged)?,
    })
}
