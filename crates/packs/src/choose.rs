//! What names a row, who its personal columns belong to, what stays in clear, which column is its
//! version: chosen from a file that is understood, each with its reason.

use handfast_connect::sniff::{Column, KeyFound, Kind};
use handfast_model::pack::LINE_KEY;

use crate::names::{Role, is_personal, plain};
use crate::understand::{Rows, Understood, is_nearly_unique};

/// The columns that name a row, and why these.
pub(crate) fn key_of(one: &Understood<'_>) -> (Vec<String>, String) {
    let found = one.found;
    let all = || found.columns.iter().map(|c| c.name.clone()).collect();
    let subject = match one.rows {
        Rows::Lead => Some(Role::Person),
        Rows::Deal => Some(Role::Deal),
        Rows::Account => Some(Role::Account),
        Rows::Rep => Some(Role::Owner),
        Rows::Campaign => Some(Role::Campaign),
        _ => None,
    };
    let subject = subject
        .and_then(|role| one.part(role))
        .map(|column| column.name.clone());
    let single = |name: &String| found.keys.iter().find(|key| key.columns == [name.clone()]);
    if let Some(key) = subject.as_ref().and_then(single) {
        return (key.columns.clone(), alone(key));
    }
    if one.rows == Rows::Spend {
        let cut = spend_key(one);
        if !cut.is_empty() {
            return (
                cut,
                "a report's row is named by its day and what it is broken down by".to_owned(),
            );
        }
    }
    if let Some((subject, why)) = subject.and_then(|name| nearly_key(one, name)) {
        return (vec![subject], why);
    }
    if let Some(sale) = sale_key(one) {
        return sale;
    }
    match found.keys.iter().find(|key| key.repeats == 0) {
        Some(key) => {
            let why = match key.columns.len() {
                1 => alone(key),
                _ => "no column alone, but these together are different in every row".to_owned(),
            };
            (key.columns.clone(), why)
        }
        // A reference row is joined to by its key, which a line cannot be.
        None if one.rows == Rows::Reference => (
            all(),
            "no column names a row, so the whole row does: equal rows count once".to_owned(),
        ),
        None => (
            vec![LINE_KEY.to_owned()],
            "CHECK: no column names a row, so its line does: equal rows stay two, and a file that \
             comes again under another name counts again"
                .to_owned(),
        ),
    }
}

/// Why a column alone names the rows.
fn alone(key: &KeyFound) -> String {
    match key.copies {
        0 => "given and different in every row".to_owned(),
        1 => "given and different in every row but a copy of a whole one, which counts once"
            .to_owned(),
        copies => format!(
            "given and different in every row but {copies} copies of whole ones, which count once"
        ),
    }
}

/// The subject as key where it comes again only as another version, or in few rows.
fn nearly_key(one: &Understood<'_>, subject: String) -> Option<(String, String)> {
    let filled = one.found.column(&subject)?.filled;
    let is_full = filled.given == filled.rows;
    if one
        .part(Role::Modified)
        .is_some_and(|column| column.is_version)
        && is_full
    {
        return Some((subject, "its rows are versions of one another".to_owned()));
    }
    let repeats = filled.rows.saturating_sub(filled.distinct);
    let is_rare = repeats * 20 <= filled.rows;
    // Blank lines and lines below a table have none; the rows themselves all have their own.
    let is_own = filled.distinct == filled.given && filled.given * 4 >= filled.rows * 3;
    (is_rare || is_own).then(|| {
        let why = format!(
            "CHECK: {repeats} of {} rows have none or another row's; those that differ are set \
             aside",
            filled.rows
        );
        (subject, why)
    })
}

/// The company and the day of deals that nothing else names. By the company alone its next deal
/// would take the place of this one, and by the day alone that of another company.
fn sale_key(one: &Understood<'_>) -> Option<(Vec<String>, String)> {
    let is_bare = one.rows == Rows::Deal && one.part(Role::Deal).is_none();
    let (account, closed) = (one.part(Role::Account)?, one.part(Role::Closed)?);
    let pair = [account.name.clone(), closed.name.clone()];
    let mut keys = one.found.keys.iter().filter(|key| key.repeats == 0);
    let is_of_pair = |key: &KeyFound| key.columns.iter().all(|column| pair.contains(column));
    let is_first = keys.next().is_some_and(is_of_pair);
    (is_bare && is_first).then(|| {
        let why = "CHECK: no column names a deal, so its company and day do: two deals of one \
                   company on one day would be one";
        (pair.to_vec(), why.to_owned())
    })
}

/// Day, keys and categories: in a report everything that is no measure.
fn spend_key(one: &Understood<'_>) -> Vec<String> {
    let is_key = |column: &&Column| {
        let name = plain(&column.name);
        let is_id = name == "id" || name.ends_with(" id");
        let is_measured = matches!(one.part(Role::Spend), Some(spend) if spend.name == column.name);
        let is_stamp = name.contains("synced");
        let is_told = match column.kind {
            Kind::Day(_) | Kind::Time { .. } | Kind::Id | Kind::Category | Kind::Text => true,
            Kind::Int => is_id || name.contains("index"),
            _ => false,
        };
        is_told && !is_measured && !is_stamp && column.kind != Kind::Empty
    };
    let key: Vec<String> = one
        .found
        .columns
        .iter()
        .filter(is_key)
        .map(|c| c.name.clone())
        .collect();
    let is_dated = one.first_of(&[Role::Moment, Role::Created]).is_some();
    if is_dated && key.len() <= 24 {
        key
    } else {
        Vec::new()
    }
}

/// Who the personal columns of a stream belong to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PersonText {
    /// The column that names them.
    pub column: String,
    /// Another namespace than the source, where the rows are no leads.
    pub namespace: Option<&'static str>,
    /// Their e-mail.
    pub email: Option<String>,
    /// Why.
    pub why: String,
}

pub(crate) fn people_of(one: &Understood<'_>, key: &[String]) -> Option<PersonText> {
    let email = one.part(Role::Email).map(|column| column.name.clone());
    let is_about = matches!(
        one.rows,
        Rows::Lead | Rows::Touch | Rows::History | Rows::Deal | Rows::Link
    );
    let person = one
        .first_of(&[Role::Person, Role::Email])
        .filter(|_| is_about);
    // A table that names people keeps no clear list of them.
    let is_table = one.rows == Rows::Reference;
    let person = person.or_else(|| one.part(Role::Person).filter(|_| is_table));
    if let Some(person) = person {
        return Some(PersonText {
            column: person.name.clone(),
            namespace: None,
            email,
            why: "names the person; their other columns are sealed under their key".to_owned(),
        });
    }
    // Of a report, bands of ages and the like are what it is broken down by, and nobody's.
    let is_cut = |column: &Column| one.rows == Rows::Spend && is_band(column);
    let personal = one
        .found
        .columns
        .iter()
        .find(|column| is_private(one, column) && !is_cut(column))?;
    let names_one = |name: &&String| {
        let column = one.found.column(name);
        column.is_some_and(|c| c.name != personal.name && !is_band(c))
    };
    let column = key.iter().find(names_one).unwrap_or(&personal.name);
    Some(PersonText {
        column: column.clone(),
        namespace: Some("rows"),
        email: None,
        why: match one.found.is_headless() {
            true => {
                "no header says which columns are about a person, so words are sealed: put into \
                     `safe` what is about none"
                    .to_owned()
            }
            false => format!(
                "the rows are no leads, but `{}` is about a person: it is sealed",
                personal.name
            ),
        },
    })
}

/// Whether a column sorts rows into a few groups, as a band of ages or a gender does: no person is
/// named by that.
fn is_band(column: &Column) -> bool {
    matches!(column.kind, Kind::Category | Kind::Bool) && !is_nearly_unique(column)
}

/// Whether a column is about one person by its name or by what it holds.
fn is_private(one: &Understood<'_>, column: &Column) -> bool {
    // Whose name a team works under is no secret of a lead.
    let public = [
        Role::Owner,
        Role::Superior,
        Role::Team,
        Role::Account,
        Role::Campaign,
        Role::Deal,
        Role::Source,
    ];
    let is_public = public
        .iter()
        .any(|role| one.parts.get(role) == Some(&column.name));
    // What has no name may be a person's, whatever words it holds.
    let is_nameless = one.found.is_headless() && matches!(column.kind, Kind::Text | Kind::Category);
    let is_by_kind = column.is_personal() || is_nameless;
    column.kind != Kind::Empty
        && (is_by_kind || (is_personal(&column.name) && !is_public && !is_thing(one, column)))
}

/// `name` is a person's in a file of people or sellers, and a thing's elsewhere.
fn is_thing(one: &Understood<'_>, column: &Column) -> bool {
    let is_bare = matches!(
        plain(&column.name).as_str(),
        "name" | "nom" | "nombre" | "address" | "zip"
    );
    is_bare && !matches!(one.rows, Rows::Lead | Rows::Rep | Rows::Touch)
}

/// The columns that stay in clear: dates, categories, keys and numbers that are not personal.
pub(crate) fn safe_of(
    one: &Understood<'_>,
    people: &Option<PersonText>,
    key: &[String],
) -> Vec<String> {
    let Some(people) = people else {
        return Vec::new();
    };
    let is_own = |name: &String| people.namespace.is_none() && *name == people.column;
    let is_safe = |column: &&Column| {
        let is_hidden = is_own(&column.name) || people.email.as_ref() == Some(&column.name);
        let is_named = people.namespace.is_some()
            && (key.contains(&column.name) || people.column == column.name);
        let is_plain = match column.kind {
            Kind::Empty | Kind::Email | Kind::Phone | Kind::Text | Kind::Url => false,
            Kind::Domain => matches!(one.rows, Rows::Account | Rows::Deal),
            _ => true,
        };
        let plays = [
            Role::Account,
            Role::Owner,
            Role::Stage,
            Role::Source,
            Role::Campaign,
            Role::Page,
            Role::Touch,
        ];
        let plays = plays
            .iter()
            .any(|role| one.parts.get(role) == Some(&column.name));
        let is_told = is_plain || (plays && column.kind == Kind::Text);
        !is_hidden && !is_private(one, column) && (is_named || is_told)
    };
    one.found
        .columns
        .iter()
        .filter(is_safe)
        .map(|column| column.name.clone())
        .collect()
}

/// A column with the source's own version, where it can be one.
pub(crate) fn version_of(one: &Understood<'_>, key: &[String]) -> (Option<String>, String) {
    let Some(column) = one
        .part(Role::Modified)
        .filter(|column| !key.contains(&column.name))
    else {
        return (None, String::new());
    };
    if column.is_version {
        return (
            Some(column.name.clone()),
            format!("changes with the row: {}", column.evidence),
        );
    }
    let example = column.examples.first().map_or("", String::as_str);
    let why = format!(
        "`{}` ({example}) is no version that can be compared: import the oldest file first",
        column.name
    );
    (None, why)
}
