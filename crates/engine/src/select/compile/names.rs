//! Which stream and column a name means, and whether it may be named there.

use std::collections::BTreeSet;

use handfast_model::Refusal;
use handfast_model::pack::Stream;

use super::{Compiler, ROW_COLUMNS, Seen, quoted};
use crate::select::{Join, Kind, Node, Operator, Spot, Table, Type};

impl<'a> Compiler<'a> {
    pub(super) fn add_table(&mut self, table: &Table) -> Result<&'a Stream, Refusal> {
        let stream = self.pack.streams.iter().find(|s| s.name == table.stream);
        let Some(stream) = stream else {
            let known: Vec<&str> = self.pack.streams.iter().map(|s| s.name.as_str()).collect();
            let title = format!(
                "no stream of `{}` is called `{}`",
                self.pack.source, table.stream
            );
            return Err(self
                .text
                .refuse("E0314", table.spot, title)
                .matters("a SELECT reads the streams that source.toml declares")
                .fix(format!("one of: {}", known.join(", "))));
        };
        if self.tables.iter().any(|seen| seen.alias == table.alias) {
            let title = format!("two tables of this SELECT are called `{}`", table.alias);
            let refusal = self.text.refuse("E0314", table.spot, title);
            return Err(refusal.fix(format!("{} AS another_name", table.stream)));
        }
        self.tables.push(Seen {
            alias: table.alias.clone(),
            stream,
            columns: self.columns.get(&stream.name).map(Vec::as_slice),
        });
        Ok(stream)
    }

    pub(super) fn add_driving(&mut self, table: &Table, expected: &str) -> Result<(), Refusal> {
        let stream = self.add_table(table)?;
        if stream.name == expected && !stream.is_reference {
            return Ok(());
        }
        let title = if stream.is_reference {
            format!(
                "`{}` is a reference stream and drives no SELECT",
                stream.name
            )
        } else {
            format!(
                "this SELECT reads `{}`, its [[map]] says stream `{expected}`",
                stream.name
            )
        };
        Err(self
            .text
            .refuse("E0317", table.spot, title)
            .matters("every fact names the row that drove it")
            .fix(format!("FROM {expected}")))
    }

    /// ` LEFT JOIN … ON …`, if its condition names the whole key of the reference stream, so that
    /// no row meets two.
    pub(super) fn join(&mut self, join: &Join) -> Result<String, Refusal> {
        let stream = self.add_table(&join.table)?;
        if !stream.is_reference {
            let title = format!(
                "`{}` is not a reference stream and cannot be joined",
                stream.name
            );
            return Err(self
                .text
                .refuse("E0317", join.table.spot, title)
                .matters("rows that come later would change facts already drawn")
                .fix(format!(
                    "reference = true     in [[stream]] `{}`",
                    stream.name
                )));
        }
        let place = self.tables.len() - 1;
        let mut equated = BTreeSet::new();
        self.equated(&join.on, place, &mut equated)?;
        let missing: Vec<&str> = stream
            .key
            .iter()
            .filter(|key| !equated.contains(*key))
            .map(String::as_str)
            .collect();
        if !missing.is_empty() || stream.key.is_empty() {
            let title = format!(
                "the join to `{}` does not name its whole key ({})",
                stream.name,
                stream.key.join(", ")
            );
            let wanted = missing.first().copied().unwrap_or("key");
            return Err(self
                .text
                .refuse("E0317", join.on.spot, title)
                .matters("a row that meets two reference rows would count twice")
                .fix(format!("ON {}.{wanted} = …", join.table.alias)));
        }
        let condition = self.condition(&join.on)?;
        Ok(format!(
            " LEFT JOIN {} AS {} ON {condition}",
            quoted(&stream.name),
            quoted(&join.table.alias)
        ))
    }

    /// Columns of the table at `place` that a conjunction sets equal to something without it.
    pub(super) fn equated(
        &self,
        node: &Node,
        place: usize,
        found: &mut BTreeSet<String>,
    ) -> Result<(), Refusal> {
        match &node.kind {
            Kind::Binary(Operator::And, left, right) => {
                self.equated(left, place, found)?;
                self.equated(right, place, found)
            }
            Kind::Binary(Operator::Equal, left, right) => {
                for (side, other) in [(left, right), (right, left)] {
                    if let Kind::Column { table, name } = &side.kind {
                        let (owner, column) = self.resolve(table.as_deref(), name, side.spot)?;
                        if owner == place && !self.mentions(other, place)? {
                            found.insert(column);
                        }
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    pub(super) fn mentions(&self, node: &Node, place: usize) -> Result<bool, Refusal> {
        if let Kind::Column { table, name } = &node.kind {
            return Ok(self.resolve(table.as_deref(), name, node.spot)?.0 == place);
        }
        for child in node.children() {
            if self.mentions(child, place)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whose keys the expression of `person` gives: those of the first declared person column in
    /// it.
    pub(super) fn person_namespace(&self, node: &Node) -> Result<Option<String>, Refusal> {
        if let Kind::Column { table, name } = &node.kind {
            let (owner, column) = self.resolve(table.as_deref(), name, node.spot)?;
            let people = self.tables.get(owner).map(|seen| &seen.stream.people);
            let declared = people.and_then(|people| people.iter().find(|p| p.column == column));
            return Ok(declared.map(|person| person.namespace.clone()));
        }
        for child in node.children() {
            if let Some(namespace) = self.person_namespace(child)? {
                return Ok(Some(namespace));
            }
        }
        Ok(None)
    }

    pub(super) fn personal(&self, stream: &Stream, column: &str, spot: Spot) -> Refusal {
        let title = format!(
            "the column `{column}` of people stream `{}` would reach the output `{}` in clear",
            stream.name, self.output
        );
        // Before a file is seen, a name nobody declares may be a misspelt one.
        let meant = nearest(declared(stream), column).filter(|_| !is_declared(stream, column));
        let meant = meant.map_or(String::new(), |meant| {
            format!("{meant}     if that is meant; or\n")
        });
        let mut safe: Vec<&str> = stream.safe.iter().map(String::as_str).collect();
        safe.push(column);
        let safe: Vec<String> = safe.iter().map(|name| format!("\"{name}\"")).collect();
        self.text
            .refuse("E0315", spot, title)
            .matters(
                "what is sealed under the person's key can be forgotten; clear attributes stay",
            )
            .fix(format!(
                "{meant}safe = [{}]     in [[stream]] `{}`, if nobody can be known by it;\n\
                 else use it as `person` or `email`, or inside email_domain() or is_given()",
                safe.join(", "),
                stream.name
            ))
    }

    pub(super) fn resolve(
        &self,
        table: Option<&str>,
        name: &str,
        spot: Spot,
    ) -> Result<(usize, String), Refusal> {
        let mut found: Vec<(usize, String)> = Vec::new();
        for (place, seen) in self.tables.iter().enumerate() {
            if table.is_some_and(|table| !seen.alias.eq_ignore_ascii_case(table)) {
                continue;
            }
            if place == 0 && ROW_COLUMNS.contains(&name) {
                return Ok((0, name.to_owned()));
            }
            match seen.columns {
                Some(columns) => {
                    found.extend(named(columns, name).map(|column| (place, column.to_owned())));
                }
                None if table.is_some() || is_declared(seen.stream, name) => {
                    found.push((place, name.to_owned()));
                }
                None => {}
            }
        }
        // Before any file is seen, a column nobody declares is taken to be the driving row's.
        let is_open = table.is_none() && self.tables.first().is_some_and(|s| s.columns.is_none());
        if found.is_empty() && is_open {
            return Ok((0, name.to_owned()));
        }
        match found.as_slice() {
            [one] => Ok(one.clone()),
            [] => Err(self.unknown_column(name, spot)),
            [(first, _), ..] => {
                let alias = self
                    .tables
                    .get(*first)
                    .map_or("", |seen| seen.alias.as_str());
                let title = format!("two tables of this SELECT have a column `{name}`");
                let refusal = self.text.refuse("E0314", spot, title);
                Err(refusal.fix(format!("{alias}.{name}")))
            }
        }
    }

    pub(super) fn unknown_column(&self, name: &str, spot: Spot) -> Refusal {
        let tables = self.tables.iter().filter_map(|seen| {
            let columns = seen.columns?;
            Some(format!("{} has {}", seen.alias, columns.join(", ")))
        });
        let tables: Vec<String> = tables.collect();
        let known = self.tables.iter().filter_map(|seen| seen.columns).flatten();
        let meant = nearest(known.map(String::as_str), name);
        let meant = meant.map_or(String::new(), |meant| format!("{}, or ", quoted(meant)));
        let title = format!("no column `{name}` is here");
        self.text
            .refuse("E0314", spot, title)
            .matters("no row of the file can be mapped")
            .fix(format!(
                "{meant}one of its columns, in double quotes where it has spaces: {}",
                tables.join("; ")
            ))
    }

    pub(super) fn column(
        &mut self,
        table: Option<&str>,
        name: &str,
        spot: Spot,
    ) -> Result<(String, Type), Refusal> {
        let (place, column) = self.resolve(table, name, spot)?;
        if column == "_record" {
            let title = "`_record` stands for the row and has no value of its own".to_owned();
            return Err(self
                .text
                .refuse("E0316", spot, title)
                .fix("use the stream's key column"));
        }
        let Some(seen) = self.tables.get(place) else {
            return Err(self.unknown_column(name, spot));
        };
        let is_guess = table.is_none() && self.tables.len() > 1 && seen.columns.is_none();
        if !self.may_be_personal && !is_guess && is_personal(seen.stream, &column) {
            return Err(self.personal(seen.stream, &column, spot));
        }
        let sql = format!("{}.{}", quoted(&seen.alias), quoted(&column));
        let reads = self.reads.entry(seen.stream.name.clone()).or_default();
        if !ROW_COLUMNS.contains(&column.as_str()) {
            reads.insert(column);
        }
        Ok((sql, Type::Text))
    }
}

/// Whether a column of a people stream is sealed: all are but the safe ones.
fn is_personal(stream: &Stream, column: &str) -> bool {
    let is_safe = stream.safe.iter().any(|safe| safe == column);
    !stream.people.is_empty() && !is_safe && !ROW_COLUMNS.contains(&column)
}

/// The columns that the manifest names.
fn declared(stream: &Stream) -> impl Iterator<Item = &str> {
    let people = stream.people.iter().map(|person| &person.column);
    let keys = stream.key.iter().chain(&stream.safe).chain(&stream.version);
    keys.chain(people).map(String::as_str)
}

fn is_declared(stream: &Stream, name: &str) -> bool {
    declared(stream).any(|column| column.eq_ignore_ascii_case(name))
}

/// The name that is at most two letters away.
fn nearest<'c>(columns: impl Iterator<Item = &'c str>, name: &str) -> Option<&'c str> {
    let near = columns.map(|column| (distance(column, name), column));
    near.filter(|(letters, _)| *letters <= 2)
        .min()
        .map(|(_, column)| column)
}

/// How many letters must be put in, left out or changed to get from one name to the other.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=a.len()).collect();
    for (place, letter) in b.to_lowercase().chars().enumerate() {
        let mut before = place;
        let mut left = place + 1;
        for (above, other) in row.iter_mut().skip(1).zip(&a) {
            let here = (before + usize::from(letter != *other))
                .min(*above + 1)
                .min(left + 1);
            (before, left, *above) = (*above, here, here);
        }
        if let Some(first) = row.first_mut() {
            *first = place + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// The column of this name; letters of another case match where only one column does.
fn named<'c>(columns: &'c [String], name: &str) -> Option<&'c str> {
    if let Some(column) = columns.iter().find(|column| *column == name) {
        return Some(column);
    }
    let mut alike = columns
        .iter()
        .filter(|column| column.eq_ignore_ascii_case(name));
    match (alike.next(), alike.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}
