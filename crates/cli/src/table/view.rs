//! Answers about costs and promises as a manager likes to read them: names beside keys, few
//! columns, a currency said once, and up to three rows set upright with what each figure means.
//! CSV, JSON and workbooks hold everything.

use handfast_model::question::QuestionKind;
use handfast_model::{Answer, Cell, Column, ColumnKind};

use super::show;

/// As many rows stand upright, side by side.
const UPRIGHT: usize = 3;

/// As many reasons are told in one cell.
const REASONS: usize = 3;

/// Counts of promises that are most often nought.
const RARE: [&str; 4] = ["not_due", "unknown", "waiting", "by_silence"];

/// The answer as its table shows it.
pub fn of(kind: &QuestionKind, answer: &Answer) -> Answer {
    let aside: &[&str] = match kind {
        QuestionKind::Cost { .. } => &["per_opened", "realised", "realised_roi"],
        QuestionKind::Sla { .. } => &["met", "missed", "deal_days"],
        QuestionKind::Journey(_) => return journey(answer),
        _ => return answer.clone(),
    };
    let mut view = answer.clone();
    say_currency_once(&mut view);
    set_names_beside_keys(&mut view);
    shorten_reasons(&mut view);
    if (1..=UPRIGHT).contains(&view.rows.len()) {
        return upright(view);
    }
    indent_parts(&mut view);
    let nought: Vec<&str> = RARE.into_iter().filter(|id| is_nought(&view, id)).collect();
    let aside: Vec<&str> = aside
        .iter()
        .copied()
        .filter(|id| remove(&mut view, id))
        .collect();
    if !aside.is_empty() {
        let aside = aside.join(", ");
        view.notes
            .push(format!("{aside}: in --csv, --json and --xlsx"));
    }
    if !nought.is_empty() {
        nought.iter().for_each(|id| _ = remove(&mut view, id));
        let nought = nought.join(", ");
        view.notes
            .push(format!("0 in every row, and left out here: {nought}"));
    }
    view
}

/// A journey without the columns that its details tell in words, and without issues where no line
/// has one.
pub fn journey(answer: &Answer) -> Answer {
    let mut view = answer.clone();
    for told in ["touch", "status", "amount"] {
        remove(&mut view, told);
    }
    let issues = place(&view, "issues");
    let is_said = |row: &Vec<Cell>| {
        let cell = issues.and_then(|at| row.get(at));
        matches!(cell, Some(Cell::Text(_)))
    };
    if !view.rows.iter().any(is_said) {
        remove(&mut view, "issues");
    }
    view
}

fn place(view: &Answer, id: &str) -> Option<usize> {
    view.columns.iter().position(|column| column.id == id)
}

fn rows(view: &mut Answer) -> impl Iterator<Item = &mut Vec<Cell>> {
    let rows = view.rows.iter_mut().chain(&mut view.currency_totals);
    rows.chain(view.totals.as_mut())
}

/// Takes a column out; false where there is none.
fn remove(view: &mut Answer, id: &str) -> bool {
    let Some(at) = place(view, id) else {
        return false;
    };
    view.columns.remove(at);
    rows(view).for_each(|row| _ = row.remove(at));
    true
}

/// One currency stands above its amounts, several in a column of their own; amounts are numbers,
/// and shares and means, whose parts stand beside them, are told without these.
fn say_currency_once(view: &mut Answer) {
    if let Some(at) = place(view, "currency") {
        let code = |row: &Vec<Cell>| match row.get(at) {
            Some(Cell::Text(code)) => Some(code.clone()),
            _ => None,
        };
        let mut codes: Vec<String> = view.rows.iter().filter_map(code).collect();
        codes.sort();
        codes.dedup();
        if let [only] = codes.as_slice() {
            remove(view, "currency");
            let money = view.columns.iter_mut();
            money
                .filter(|column| column.kind == ColumnKind::Money)
                .for_each(|column| column.unit = Some(only.clone()));
        }
    }
    for cell in rows(view).flatten() {
        let text = show(cell);
        let part = match cell {
            Cell::Money(_) | Cell::MeanMoney(..) => text.split(' ').next(),
            Cell::MoneyShare { .. } => text.split(' ').next_back(),
            _ => continue,
        };
        *cell = Cell::Text(part.unwrap_or_default().to_owned());
    }
}

fn set_names_beside_keys(view: &mut Answer) {
    if let (Some(name), Some(key)) = (place(view, "name"), place(view, "campaign")) {
        let to = key + 1;
        let column = view.columns.remove(name);
        view.columns.insert(to, column);
        rows(view).for_each(|row| {
            let cell = row.remove(name);
            row.insert(to, cell);
        });
    }
}

/// Rows become columns, each figure with what it means.
fn upright(view: Answer) -> Answer {
    let is_label = |column: &Column| {
        matches!(column.kind, ColumnKind::Text | ColumnKind::Period) && column.id != "name"
    };
    let labels = view
        .columns
        .iter()
        .take_while(|column| is_label(column) || column.id == "name");
    let labels = labels.count();
    let is_label = |at: usize| at < labels && view.columns.get(at).is_some_and(is_label);
    let all: Vec<&Vec<Cell>> = view
        .rows
        .iter()
        .chain(&view.currency_totals)
        .chain(&view.totals)
        .collect();
    let column = |id: String, kind| Column {
        id,
        kind,
        unit: None,
        means: String::new(),
    };
    let label = |row: &Vec<Cell>| {
        let cells = row.iter().enumerate().filter(|(at, _)| is_label(*at));
        let cells = cells
            .map(|(_, cell)| show(cell))
            .filter(|text| !text.is_empty());
        column(cells.collect::<Vec<_>>().join(" · "), ColumnKind::Number)
    };
    let heads = all.iter().map(|row| label(row));
    let first = std::iter::once(column("figure".to_owned(), ColumnKind::Text));
    let last = std::iter::once(column("means".to_owned(), ColumnKind::Text));
    let figures = view
        .columns
        .iter()
        .enumerate()
        .filter(|(at, _)| !is_label(*at));
    let line = |(at, figure): (usize, &Column)| {
        let cells = all
            .iter()
            .map(|row| row.get(at).cloned().unwrap_or(Cell::Unknown));
        let first = std::iter::once(Cell::Text(super::title(figure)));
        let last = std::iter::once(Cell::Text(figure.means.clone()));
        first.chain(cells).chain(last).collect::<Vec<Cell>>()
    };
    Answer {
        columns: first.chain(heads).chain(last).collect(),
        rows: figures.map(line).collect(),
        totals: None,
        currency_totals: Vec::new(),
        ..view.clone()
    }
}

/// A part of a campaign stands below it, two letters to the right.
fn indent_parts(view: &mut Answer) {
    let Some(at) = place(view, "campaign") else {
        return;
    };
    let name = |row: &Vec<Cell>| match row.get(at) {
        Some(Cell::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let known: std::collections::BTreeSet<String> = view.rows.iter().filter_map(name).collect();
    for row in &mut view.rows {
        let Some(Cell::Text(text)) = row.get_mut(at) else {
            continue;
        };
        let ends = text.match_indices(" / ").map(|(end, _)| end);
        let above = ends.filter(|end| text.get(..*end).is_some_and(|part| known.contains(part)));
        let above: Vec<usize> = above.collect();
        if let Some(own) = above.last().and_then(|end| text.get(end + 3..)) {
            *text = format!("{}{own}", "  ".repeat(above.len()));
        }
    }
}

fn shorten_reasons(view: &mut Answer) {
    let Some(at) = place(view, "reasons") else {
        return;
    };
    for row in rows(view) {
        if let Some(Cell::Text(text)) = row.get_mut(at)
            && let Some((end, _)) = text.match_indices(", ").nth(REASONS - 1)
        {
            text.truncate(end);
            text.push_str(", …");
        }
    }
}

fn is_nought(view: &Answer, id: &str) -> bool {
    let is_nought = |at| {
        view.rows
            .iter()
            .all(|row| row.get(at) == Some(&Cell::Count(0)))
    };
    place(view, id).is_some_and(is_nought)
}

#[cfg(test)]
mod tests {
    use handfast_model::question::QuestionKind;
    use handfast_model::{Answer, Cell, Column, ColumnKind, Currency, Lineage, Money};

    use super::of;
    use crate::table::render;

    fn column(id: &str, kind: ColumnKind) -> Column {
        Column {
            id: id.to_owned(),
            kind,
            unit: None,
            means: format!("means {id}"),
        }
    }

    fn told(codes: &[&str]) -> Answer {
        let currency = |code: &str| Currency::parse(code).unwrap();
        let money = |minor: i64, code: &str| Money {
            minor,
            currency: currency(code),
        };
        let row = |path: &str, code: &str| {
            vec![
                Cell::Text(path.to_owned()),
                Cell::Text(code.to_owned()),
                Cell::Text("Fairs".to_owned()),
                Cell::Money(money(123_456_789, code)),
                Cell::Count(3),
                Cell::MeanMoney(money(123_456_789, code), 3),
                Cell::Money(money(7, code)),
                Cell::MoneyShare {
                    part: money(50, code),
                    whole: 200,
                },
            ]
        };
        let paths = ["a", "a / b", "a / b / (other)", "x / y", "z"];
        let rows = paths.iter().zip(codes.iter().cycle());
        let rows = rows.map(|(path, code)| row(path, code)).collect();
        Answer {
            headline: None,
            columns: vec![
                column("campaign", ColumnKind::Text),
                column("currency", ColumnKind::Text),
                column("name", ColumnKind::Text),
                column("spend", ColumnKind::Money),
                column("leads", ColumnKind::Count),
                column("per_lead", ColumnKind::Mean),
                column("realised", ColumnKind::Money),
                column("roi", ColumnKind::MoneyShare),
            ],
            rows,
            totals: None,
            currency_totals: Vec::new(),
            issues: Vec::new(),
            notes: Vec::new(),
            lineage: Lineage::default(),
        }
    }

    const COST: QuestionKind = QuestionKind::Cost {
        of: None,
        model: None,
    };

    #[test]
    fn one_currency_is_said_once_and_parts_stand_below_what_they_are_part_of() {
        let text = render(&of(&COST, &told(&["EUR"])));
        let head: Vec<&str> = text.lines().next().unwrap().split_whitespace().collect();
        let heads = [
            "campaign", "name", "spend", "(EUR)", "leads", "per_lead", "roi",
        ];
        assert_eq!(head, heads);
        assert!(text.contains("\n a ") && text.contains("\n   b "), "{text}");
        assert!(text.contains("\n     (other) "), "{text}");
        // What it is part of has no row, so nothing is cut off.
        assert!(text.contains("\n x / y "), "{text}");
        assert!(text.contains("1,234,567.89  "), "{text}");
        assert!(
            text.contains(" 411,522.63 ") && !text.contains("(n 3)"),
            "{text}"
        );
        assert!(
            text.contains("25.0%") && !text.contains("0.50/2.00"),
            "{text}"
        );
        assert!(
            text.contains("realised: in --csv, --json and --xlsx"),
            "{text}"
        );
    }

    #[test]
    fn several_currencies_keep_their_column() {
        let text = render(&of(&COST, &told(&["EUR", "USD"])));
        let head: Vec<&str> = text.lines().next().unwrap().split_whitespace().collect();
        assert_eq!(head[..4], ["campaign", "name", "currency", "spend"]);
        assert!(!text.contains("123.45 EUR"), "{text}");
    }

    #[test]
    fn few_rows_stand_upright_with_what_each_figure_means() {
        let mut answer = told(&["EUR"]);
        answer.rows.truncate(2);
        let text = render(&of(&COST, &answer));
        let lines: Vec<&str> = text.lines().collect();
        let words = |line: usize| lines[line].split_whitespace().collect::<Vec<_>>();
        assert_eq!(words(0), ["figure", "a", "a", "/", "b", "means"]);
        assert_eq!(words(2), ["name", "Fairs", "Fairs", "means", "name"]);
        assert_eq!(words(7)[..2], ["roi", "25.0%"]);
        assert!(text.contains("realised"), "{text}");
    }
}
