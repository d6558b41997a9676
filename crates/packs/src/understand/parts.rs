//! Which column plays which part: by its name, checked against what it holds.

use std::collections::BTreeMap;

use handfast_connect::sniff::{Column, Kind, Sniffed};

use super::{Rows, Understood};
use crate::currency::is_codes;
use crate::names::{Role, plain, roles_of, stage_of_date};
use crate::selects::is_of_months;

impl<'a> Understood<'a> {
    /// Columns that seem to say when and play no part: days, and what is called a day and reads
    /// as none.
    pub(crate) fn days_left(&self) -> impl Iterator<Item = &'a Column> {
        let columns = self.found.columns.iter();
        columns.filter(|column| {
            let roles = roles_of(&column.name);
            let is_called = roles
                .iter()
                .any(|(role, _)| matches!(role, Role::Created | Role::Closed | Role::Moment));
            let is_day = column.kind.is_dated()
                || is_called && matches!(column.kind, Kind::Category | Kind::Id | Kind::Text);
            let is_taken = self.parts.values().any(|name| *name == column.name);
            let is_stage = stage_of_date(&column.name).is_some();
            is_day && !is_taken && !is_stage && !column.name.starts_with("_fivetran")
        })
    }
}

/// Columns of a file with the part that somebody says each plays, if any.
pub type Said = [(String, Option<Role>)];

/// The part that goes by these words.
pub fn part_called(word: &str) -> Option<Role> {
    Role::ALL.into_iter().find(|role| role.word() == word)
}

/// The parts that a column can play by what it holds, whatever it is called.
pub fn parts_for(column: &Column) -> Vec<Role> {
    let fitting = Role::ALL.into_iter().filter(|role| may_be(*role, column));
    fitting.collect()
}

/// Columns of which somebody said what they are: each plays that part alone, or none.
pub(super) fn say(parts: &mut BTreeMap<Role, String>, said: &Said) {
    for (column, role) in said {
        parts.retain(|_, name| name != column);
        parts.extend(role.map(|role| (role, column.clone())));
    }
}

/// The same once the subject of the rows is settled: a column may name that beside what was said.
pub(super) fn insist(parts: &mut BTreeMap<Role, String>, said: &Said) {
    for (column, role) in said {
        match role {
            Some(role) => {
                parts.insert(*role, column.clone());
            }
            None => parts.retain(|_, name| name != column),
        }
    }
}

/// The column of each part.
pub(super) fn parts_of(found: &Sniffed) -> BTreeMap<Role, String> {
    let mut best: BTreeMap<Role, (usize, String)> = BTreeMap::new();
    for column in &found.columns {
        for (role, rank) in roles_of(&column.name) {
            if !may_be(role, column) {
                continue;
            }
            // A column that is nearly empty gives way to one that says something, and of two
            // amounts the fuller one counts.
            let percent = column.filled.percent();
            let lack = match role {
                Role::Spend | Role::Amount => (100 - percent.min(100)) / 4,
                _ if percent < 5 => 100,
                // A day says more than a month.
                Role::Moment if !column.kind.is_dated() => 100,
                _ => 0,
            };
            let rank = rank + usize::try_from(lack).unwrap_or(0);
            let is_better = best.get(&role).is_none_or(|(known, _)| rank < *known);
            if is_better {
                best.insert(role, (rank, column.name.clone()));
            }
        }
    }
    let parts = best.into_iter().map(|(role, (_, name))| (role, name));
    let mut parts: BTreeMap<Role, String> = parts.collect();
    if found.is_headless() {
        by_content(found, &mut parts);
    }
    parts
}

/// Where no header names anything, the first column of a kind that can play one part only.
fn by_content(found: &Sniffed, parts: &mut BTreeMap<Role, String>) {
    let mut set = |role: Role, is: &dyn Fn(&Column) -> bool| {
        let column = found.columns.iter().find(|column| is(column));
        let name = column.map(|column| column.name.clone());
        parts.extend(name.map(|name| (role, name)));
    };
    set(Role::Email, &|column| column.kind == Kind::Email);
    set(Role::Created, &|column| column.kind.is_dated());
    set(Role::Moment, &|column| column.kind.is_dated());
    set(Role::Amount, &|column| {
        matches!(column.kind, Kind::Money { .. })
    });
}

/// Whether what a column holds can play the part that its name promises.
fn may_be(role: Role, column: &Column) -> bool {
    use Role::*;
    let kind = &column.kind;
    let is_number = kind.is_number();
    match role {
        _ if *kind == Kind::Empty => false,
        Created | Closed | Assigned | LastDay | Modified => kind.is_dated(),
        Moment => kind.is_dated() || is_of_months(column),
        Amount | Spend => is_number,
        Impressions | Clicks | Conversions => *kind == Kind::Int || *kind == Kind::Bool,
        Won | Decided => matches!(kind, Kind::Bool),
        Person | Account | Deal | Campaign | Parent | Owner | RowId => {
            !kind.is_dated() && !matches!(kind, Kind::Decimal(_) | Kind::Money { .. } | Kind::Bool)
        }
        Stage => matches!(kind, Kind::Category | Kind::Id | Kind::Text | Kind::Int),
        Currency => is_codes(column),
        Email => !is_number && !kind.is_dated() && *kind != Kind::Bool,
        Touch | Source | Medium | Channel | Field | NewValue | Page | LossReason | Team
        | Vendor | Superior => {
            !kind.is_dated() && !matches!(kind, Kind::Decimal(_) | Kind::Money { .. })
        }
    }
}

/// Settles which column names the subject of the rows, where names leave it open.
pub(super) fn name_subject(
    found: &Sniffed,
    rows: Rows,
    file: &str,
    parts: &mut BTreeMap<Role, String>,
) {
    let role = match rows {
        Rows::Lead => Role::Person,
        Rows::Deal => Role::Deal,
        Rows::Account => Role::Account,
        Rows::Rep => Role::Owner,
        Rows::Campaign => Role::Campaign,
        _ => return,
    };
    let column = |name: Option<&String>| name.and_then(|name| found.column(name));
    let row_id = parts.get(&Role::RowId).cloned();
    // A row's own `id` names it better than a reference to something else.
    let is_own = |name: &String| column(Some(name)).is_some_and(is_nearly_unique);
    let known = parts.get(&role).filter(|name| is_own(name)).cloned();
    let is_id = |name: &String| plain(name).ends_with("id");
    let from_keys = || {
        let single = found.keys.iter().filter(|key| key.columns.len() == 1);
        let names = single.filter_map(|key| key.columns.first());
        let mut free = names.filter(|name| !parts.iter().any(|(r, n)| *r != role && n == *name));
        free.next().cloned()
    };
    let is_history = file.contains("history");
    let chosen = match (known.filter(is_id), row_id) {
        (Some(known), _) => Some(known),
        (None, Some(id)) if is_own(&id) || is_history || parts.get(&role).is_none() => Some(id),
        _ => parts
            .get(&role)
            .filter(|name| is_own(name) || rows == Rows::Lead)
            .cloned()
            .or_else(from_keys),
    };
    let chosen = chosen.or_else(|| match role {
        Role::Person => parts.get(&Role::Email).cloned(),
        _ => parts.get(&role).cloned(),
    });
    if let Some(chosen) = chosen {
        parts.insert(role, chosen);
    }
}

/// Whether a column is different in nearly all rows.
pub fn is_nearly_unique(column: &Column) -> bool {
    let filled = &column.filled;
    filled.distinct * 100 >= filled.rows * 90 && filled.given > 0
}
