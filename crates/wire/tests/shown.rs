//! A file of a table stands as the table does on its page.

use handfast_model::{Answer, Cell, Column, ColumnKind, Ratio};
use handfast_wire::shown::Looks;

fn answer(rows: Vec<Vec<Cell>>) -> Answer {
    let column = |(id, kind): (&str, ColumnKind)| Column {
        id: id.to_owned(),
        kind,
        unit: None,
        means: String::new(),
    };
    let columns = [
        ("channel", ColumnKind::Text),
        ("won", ColumnKind::Count),
        ("rate", ColumnKind::Ratio),
    ];
    Answer {
        headline: None,
        columns: columns.into_iter().map(column).collect(),
        totals: rows.first().cloned(),
        rows,
        currency_totals: Vec::new(),
        issues: Vec::new(),
        notes: Vec::new(),
        lineage: Default::default(),
    }
}

fn row(name: Option<&str>, won: u64, (part, whole): (i64, u64)) -> Vec<Cell> {
    let name = name.map_or(Cell::Unknown, |name| Cell::Text(name.to_owned()));
    vec![name, Cell::Count(won), Cell::Ratio(Ratio { part, whole })]
}

fn names(answer: &Answer) -> Vec<String> {
    let name = |row: &Vec<Cell>| match row.first() {
        Some(Cell::Text(text)) => text.clone(),
        _ => "–".to_owned(),
    };
    answer.rows.iter().map(name).collect()
}

fn rows() -> Vec<Vec<Cell>> {
    vec![
        row(Some("mail"), 7, (1, 3)),
        row(None, 9, (9, 9)),
        row(Some("ads"), 9, (0, 0)),
        row(Some("Ärzte"), 10, (1, 2)),
    ]
}

#[test]
fn rows_stand_as_on_the_page_and_what_has_no_value_comes_last_both_ways() {
    let by = |order| names(&Looks::parse(Some(order), None).of(answer(rows())));
    assert_eq!(by("-won"), ["Ärzte", "–", "ads", "mail"]);
    assert_eq!(by("won"), ["mail", "–", "ads", "Ärzte"]);
    assert_eq!(by("-rate"), ["–", "Ärzte", "mail", "ads"]);
    assert_eq!(by("rate"), ["mail", "Ärzte", "–", "ads"]);
    assert_eq!(by("channel"), ["ads", "mail", "Ärzte", "–"]);
    assert_eq!(by("-channel"), ["Ärzte", "mail", "ads", "–"]);
}

#[test]
fn hidden_columns_are_in_no_line_and_one_that_is_not_there_is_named() {
    let looks = Looks::parse(None, Some("won,"));
    let shown = looks.of(answer(rows()));
    let ids: Vec<&str> = shown.columns.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["channel", "rate"]);
    let lines = shown.rows.iter().chain(shown.totals.iter());
    assert!(lines.into_iter().all(|line| line.len() == 2));
    assert_eq!(names(&shown), names(&answer(rows())));
    assert_eq!(looks.unknown(&answer(rows())), None);
    let other = Looks::parse(Some("-lost"), Some("won"));
    assert_eq!(other.unknown(&answer(rows())), Some("lost"));
}
