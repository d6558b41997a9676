//! The accounting of a file: every row it holds ends in exactly one way.

use std::collections::BTreeMap;

use handfast_model::Refusal;
use serde_json::{Map, Value};

use crate::refuse;

/// What became of the rows of one file. `rows` = mapped + reference + ignored + set aside, always;
/// rows known already are counted under the ending they had when they were new.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FileAccount {
    /// The stream.
    pub stream: String,
    /// The file.
    pub file: String,
    /// A hash of the file's bytes, by which it is known again under another name; empty where the
    /// source has none.
    pub content: String,
    /// Rows in.
    pub rows: u64,
    /// Rows that gave facts.
    pub mapped: u64,
    /// Rows of a reference stream.
    pub reference: u64,
    /// Rows ignored, by rule.
    pub ignored: BTreeMap<String, u64>,
    /// Rows set aside, by reason.
    pub set_aside: BTreeMap<String, u64>,
    /// Of the rows in: those known already, which changed nothing.
    pub known: u64,
    /// Of the rows in: those that name an erased person, whose columns were left out.
    pub left_out: u64,
    /// Records the file no longer holds and that are deleted with it.
    pub deleted: u64,
    /// Facts derived from its new rows.
    pub facts: u64,
}

impl FileAccount {
    /// Whether the rows in are the sum of their endings.
    pub fn adds_up(&self) -> bool {
        let sum = |of: &BTreeMap<String, u64>| of.values().sum::<u64>();
        self.rows == self.mapped + self.reference + sum(&self.ignored) + sum(&self.set_aside)
    }

    /// Rows set aside, whatever the reason.
    pub fn all_set_aside(&self) -> u64 {
        self.set_aside.values().sum()
    }

    /// Adds what became of further rows of the same file.
    pub fn add(&mut self, other: &FileAccount) {
        let add = |to: &mut BTreeMap<String, u64>, from: &BTreeMap<String, u64>| {
            for (name, rows) in from {
                *to.entry(name.clone()).or_default() += rows;
            }
        };
        self.rows += other.rows;
        self.mapped += other.mapped;
        self.reference += other.reference;
        add(&mut self.ignored, &other.ignored);
        add(&mut self.set_aside, &other.set_aside);
        self.known += other.known;
        self.left_out += other.left_out;
        self.deleted += other.deleted;
        self.facts += other.facts;
    }

    pub(crate) fn to_text(&self) -> String {
        let named = |of: &BTreeMap<String, u64>| {
            let members = of
                .iter()
                .map(|(name, rows)| (name.clone(), Value::from(*rows)));
            Value::Object(members.collect::<Map<_, _>>())
        };
        let members = [
            ("rows", Value::from(self.rows)),
            ("mapped", Value::from(self.mapped)),
            ("reference", Value::from(self.reference)),
            ("ignored", named(&self.ignored)),
            ("set_aside", named(&self.set_aside)),
            ("known", Value::from(self.known)),
            ("left_out", Value::from(self.left_out)),
            ("deleted", Value::from(self.deleted)),
            ("facts", Value::from(self.facts)),
        ];
        let content = Some(("content", Value::from(self.content.as_str())));
        let content = content.filter(|_| !self.content.is_empty());
        let members = members.into_iter().chain(content);
        Value::Object(
            members
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
        .to_string()
    }

    pub(crate) fn from_text(stream: &str, file: &str, text: &str) -> Result<FileAccount, Refusal> {
        let damaged = || {
            let journal = std::path::Path::new("journal");
            refuse::journal_damaged(journal, &format!("the account of {file} cannot be read"))
        };
        let value: Value = serde_json::from_str(text).map_err(|_| damaged())?;
        let count = |name: &str| {
            let count = value.get(name).and_then(Value::as_u64);
            count.ok_or_else(damaged)
        };
        let named = |name: &str| {
            let members = value
                .get(name)
                .and_then(Value::as_object)
                .ok_or_else(damaged)?;
            members
                .iter()
                .map(|(name, rows)| Ok((name.clone(), rows.as_u64().ok_or_else(damaged)?)))
                .collect::<Result<BTreeMap<_, _>, Refusal>>()
        };
        Ok(FileAccount {
            stream: stream.to_owned(),
            file: file.to_owned(),
            content: value
                .get("content")
                .and_then(Value::as_str)
                .unwrap_or("")
                .to_owned(),
            rows: count("rows")?,
            mapped: count("mapped")?,
            reference: count("reference")?,
            ignored: named("ignored")?,
            set_aside: named("set_aside")?,
            known: count("known")?,
            left_out: count("left_out")?,
            deleted: count("deleted")?,
            facts: count("facts")?,
        })
    }
}
