//! What an answer says in one sentence, with its figures as they stand in its cells. Nothing is
//! added up here and nothing divided: figures are compared, and put into words.

use std::cmp::Ordering;

use handfast_model::meeting::Exception;
use handfast_model::money::grouped;
use handfast_model::rules::Side;
use handfast_model::{Answer, Cell, Decimal, Money, Ratio, many};

use crate::periods::readable;

/// How many rows a sentence names.
const NAMED: usize = 3;

/// Something that is not as it should be, before it is known which question shows it.
pub(super) struct Raised {
    pub of: String,
    pub says: String,
    /// The column and the row whose records are behind it.
    pub records: Option<(String, Vec<String>)>,
}

/// A cell of a row by its column.
pub(super) fn cell<'a>(answer: &'a Answer, row: &'a [Cell], id: &str) -> Option<&'a Cell> {
    let at = answer.columns.iter().position(|column| column.id == id)?;
    row.get(at)
}

/// The text of a cell; empty where it is none.
pub(super) fn text<'a>(answer: &'a Answer, row: &'a [Cell], id: &str) -> &'a str {
    match cell(answer, row, id) {
        Some(Cell::Text(text)) => text,
        _ => "",
    }
}

/// The row that has a text in a column.
pub(super) fn row_of<'a>(answer: &'a Answer, id: &str, name: &str) -> Option<&'a Vec<Cell>> {
    let mut rows = answer.rows.iter();
    rows.find(|row| text(answer, row, id) == name)
}

/// A cell in a sentence.
pub(super) fn said(cell: &Cell) -> String {
    match cell {
        Cell::Unknown => "not known".to_owned(),
        Cell::NotApplicable => "n/a".to_owned(),
        Cell::Ratio(ratio) => {
            let part = grouped(&ratio.part.to_string());
            format!("{part} of {}", grouped(&ratio.whole.to_string()))
        }
        Cell::MoneyShare { part, whole } => {
            let whole = Money {
                minor: *whole,
                ..*part
            };
            format!("{} of {}", part.shown(), whole.shown())
        }
        other => readable(&other.exact()),
    }
}

/// The same of a column of a row; nothing where there is none.
fn told(answer: &Answer, row: &[Cell], id: &str) -> String {
    cell(answer, row, id).map_or_else(|| "not known".to_owned(), said)
}

fn count(cell: Option<&Cell>) -> u64 {
    match cell {
        Some(Cell::Count(count)) => *count,
        _ => 0,
    }
}

fn listed(parts: &[String], none: &str) -> String {
    match parts.is_empty() {
        true => none.to_owned(),
        false => parts.join("; "),
    }
}

/// Goals that all sides carry, each with what came of it; of the others how many are behind.
pub(super) fn targets(answer: &Answer, raised: &mut Vec<Raised>) -> String {
    let (mut parts, mut others, mut behind) = (Vec::new(), 0, 0);
    for row in &answer.rows {
        let is_late = is_behind(answer, row);
        let whose = text(answer, row, "whose");
        let is_of_all = whose.split(" + ").all(|word| Side::parse(word).is_some());
        if !is_of_all {
            others += 1;
            behind += u64::from(is_late);
            continue;
        }
        let (label, measure) = (text(answer, row, "period"), text(answer, row, "measure"));
        let part = match text(answer, row, "part") {
            "" => String::new(),
            part => format!(" of {part}"),
        };
        let share = match cell(answer, row, "share") {
            Some(Cell::NotApplicable) | None => told(answer, row, "share_count"),
            Some(share) => said(share),
        };
        let over = told(answer, row, "days_over");
        let says = format!("{measure}{part} {label}: {share}, {over} days over");
        if is_late {
            raised.push(Raised {
                of: format!("goal {measure}{part} {label}"),
                says: format!("behind its days: {says}"),
                records: None,
            });
        }
        parts.push(says);
    }
    if others > 0 {
        let others = many(others, "goal");
        parts.push(format!(
            "{behind} of {others} of teams and reps are behind their days"
        ));
    }
    listed(&parts, "no goal lies in these days")
}

/// Whether less of a goal has come than of its days is over. Spend is behind where it is more than
/// was to be spent.
fn is_behind(answer: &Answer, row: &[Cell]) -> bool {
    let over = match cell(answer, row, "days_over") {
        Some(Cell::Ratio(over)) if over.part > 0 => *over,
        _ => return false,
    };
    let is_spend = text(answer, row, "measure") == "spend";
    let share = match (cell(answer, row, "share"), cell(answer, row, "share_count")) {
        (Some(Cell::MoneyShare { part, whole }), _) => u64::try_from(*whole).ok().map(|whole| {
            let part = part.minor;
            Ratio { part, whole }
        }),
        (_, Some(Cell::Ratio(share))) => Some(*share),
        _ => None,
    };
    let whole = Ratio { part: 1, whole: 1 };
    share.is_some_and(|share| match is_spend {
        true => share.cmp_value(&whole) == Ordering::Greater,
        false => share.whole > 0 && share.cmp_value(&over) == Ordering::Less,
    })
}

/// Each handoff: how many were answered in time, what waits, what the waiting costs.
pub(super) fn sla(answer: &Answer, raised: &mut Vec<Raised>) -> String {
    let mut parts = Vec::new();
    for row in &answer.rows {
        let name = text(answer, row, "handoff");
        let met = told(answer, row, "attainment");
        let waiting = count(cell(answer, row, "waiting"));
        let bill = match cell(answer, row, "bill") {
            Some(bill @ Cell::Money(money)) if money.minor != 0 => {
                format!(", waiting cost {}", said(bill))
            }
            _ => String::new(),
        };
        let number = grouped(&waiting.to_string());
        let says = format!("{name}: {met} answered in time, {number} overdue{bill}");
        if waiting > 0 {
            raised.push(Raised {
                of: format!("overdue {name}"),
                says: says.clone(),
                records: Some(("waiting".to_owned(), vec![name.to_owned()])),
            });
        }
        parts.push(says);
    }
    listed(&parts, "nothing was handed over")
}

/// What stays too long, stage by stage.
pub(super) fn stale(answer: &Answer, raised: &mut Vec<Raised>) -> String {
    let mut parts = Vec::new();
    for row in &answer.rows {
        let Some(share @ Cell::Ratio(ratio)) = cell(answer, row, "stale") else {
            continue;
        };
        if ratio.part == 0 {
            continue;
        }
        let stage = text(answer, row, "stage");
        let limit = told(answer, row, "limit");
        let says = format!("{stage}: {} for longer than {limit}", said(share));
        raised.push(Raised {
            of: format!("stale {stage}"),
            says: format!("stale in {says}"),
            records: Some(("stale".to_owned(), vec![stage.to_owned()])),
        });
        parts.push(says);
    }
    listed(&parts, "nothing is there for too long")
}

/// Lines of a bridge that are no moves.
const STANDING: [&str; 2] = ["at_start", "at_end"];

/// Whether a bridge has a move.
pub(super) fn has_moves(answer: &Answer) -> bool {
    let is_move = |row: &&Vec<Cell>| !STANDING.contains(&text(answer, row, "move"));
    let mut moves = answer.rows.iter().filter(is_move);
    moves.any(|row| count(cell(answer, row, "deals")) > 0)
}

/// What moved the pipeline.
pub(super) fn bridge(answer: &Answer) -> String {
    let mut parts = Vec::new();
    for row in &answer.rows {
        let (word, deals) = (text(answer, row, "move"), count(cell(answer, row, "deals")));
        if STANDING.contains(&word) || deals == 0 {
            continue;
        }
        let value = told(answer, row, "value");
        parts.push(format!("{word} {} ({value})", many(deals, "deal")));
    }
    listed(&parts, "no deal moved")
}

/// Whether anything entered or left a stage.
pub(super) fn has_flow(answer: &Answer) -> bool {
    let count = |row: &Vec<Cell>, id: &str| count(cell(answer, row, id));
    let mut rows = answer.rows.iter();
    rows.any(|row| count(row, "entered") > 0 || count(row, "left") > 0)
}

/// What entered each stage.
pub(super) fn flow(answer: &Answer) -> String {
    let mut parts = Vec::new();
    for row in &answer.rows {
        let entered = count(cell(answer, row, "entered"));
        if entered > 0 {
            let number = grouped(&entered.to_string());
            parts.push(format!("{} {number}", text(answer, row, "stage")));
        }
    }
    match parts.is_empty() {
        true => "nothing entered a stage".to_owned(),
        false => format!("entered: {}", parts.join(", ")),
    }
}

/// Why deals were lost, the commonest reasons.
pub(super) fn reasons(answer: &Answer) -> String {
    let name = |row: &[Cell]| match text(answer, row, "reason") {
        "" => "no reason given".to_owned(),
        reason => reason.to_owned(),
    };
    let rows = answer.rows.iter().take(NAMED);
    let parts = rows.map(|row| {
        let deals = count(cell(answer, row, "deals"));
        format!("{} {}", name(row), many(deals, "deal"))
    });
    let parts: Vec<String> = parts.collect();
    match parts.is_empty() {
        true => "no deal was lost".to_owned(),
        false => format!("lost for: {}", parts.join(", ")),
    }
}

/// What is won in the window, as a range.
pub(super) fn forecast(answer: &Answer) -> String {
    let Some(all) = row_of(answer, "part", "all") else {
        return "nothing is forecast".to_owned();
    };
    let range = |figure: &str| {
        let [low, mid, high] =
            ["p10", "p50", "p90"].map(|point| told(answer, all, &format!("{figure}_{point}")));
        format!("{low} to {high}, even odds {mid}")
    };
    let already = row_of(answer, "part", "already_won");
    let already = already.map_or(String::new(), |row| {
        let (deals, value) = (
            told(answer, row, "deals_p50"),
            told(answer, row, "value_p50"),
        );
        format!("; won already {deals} ({value})")
    });
    format!(
        "≈ in eight of ten cases deals {}; value {}{already}",
        range("deals"),
        range("value")
    )
}

/// Says where the goal of a plan lies in what is forecast of the same days.
pub(super) fn goal_beside(plan: &Answer, forecast: &Answer) -> Option<Raised> {
    let money = |answer: &Answer, row: Option<&Vec<Cell>>, id: &str| match cell(answer, row?, id) {
        Some(Cell::Money(money)) => Some(*money),
        _ => None,
    };
    let goal = money(plan, row_of(plan, "line", "goal"), "amount")?;
    let all = row_of(forecast, "part", "all");
    let [mid, high] = ["value_p50", "value_p90"].map(|id| money(forecast, all, id));
    let (mid, high) = (mid?, high?);
    if goal.currency != mid.currency || goal.minor <= mid.minor {
        return None;
    }
    let odds = match goal.minor > high.minor {
        true => "≈ in fewer than one of ten cases",
        false => "≈ in fewer than five of ten cases",
    };
    Some(Raised {
        of: "goal of the quarter".to_owned(),
        says: format!("the goal of {} is reached {odds}", goal.shown()),
        records: None,
    })
}

/// What it takes for the goal.
pub(super) fn plan(answer: &Answer) -> String {
    let amount = |line: &str| {
        let row = row_of(answer, "line", line);
        row.map_or_else(|| "not known".to_owned(), |row| told(answer, row, "amount"))
    };
    let deals = row_of(answer, "line", "deals");
    let deals = deals.map_or(String::new(), |row| {
        let odds = told(answer, row, "even_odds");
        format!("; deals it takes at even odds: {odds}")
    });
    format!(
        "≈ goal {}, won already {}, in hand {}, gap {}{deals}",
        amount("goal"),
        amount("already_won"),
        amount("in_hand"),
        amount("gap")
    )
}

/// Stages into which fewer come at the pace of late than the goal takes.
pub(super) fn pace(answer: &Answer, raised: &mut Vec<Raised>) -> String {
    let mut parts = Vec::new();
    for row in &answer.rows {
        let (Some(Cell::Count(pace)), Some(needed)) =
            (cell(answer, row, "at_pace"), cell(answer, row, "even_odds"))
        else {
            continue;
        };
        let line = text(answer, row, "line");
        let says = match needed {
            Cell::Count(needed) if pace >= needed => continue,
            Cell::Count(needed) => {
                let [pace, needed] = [pace, needed].map(|count| grouped(&count.to_string()));
                format!("≈ {line}: {pace} come as of late, {needed} are needed at even odds")
            }
            Cell::Unknown => {
                let pace = grouped(&pace.to_string());
                format!("≈ {line}: no number of them is enough; {pace} come as of late")
            }
            _ => continue,
        };
        raised.push(Raised {
            of: format!("pace {line}"),
            says: says.clone(),
            records: None,
        });
        parts.push(says);
    }
    listed(
        &parts,
        "as many come to each stage as the goal takes at even odds, or more",
    )
}

/// What a metric was in two periods, and where most of the difference is.
pub(super) fn change(answer: &Answer, metric: &str, raised: &mut Vec<Raised>) -> String {
    let names = names_of(answer);
    let whole = match (&answer.totals, answer.rows.as_slice()) {
        (Some(totals), _) => Some(totals),
        (None, [only]) => Some(only),
        _ => None,
    };
    let whole = whole.map_or_else(String::new, |row| {
        let [before, after] = ["before", "after"].map(|id| told(answer, row, id));
        let change = difference(answer, row);
        format!("{before} before, {after} after, change {change}")
    });
    let mut parts = Vec::new();
    for row in answer.rows.iter().filter(|_| names > 0) {
        let Some(change) = cell(answer, row, "change") else {
            continue;
        };
        if amount(change).is_none_or(|amount| amount.units == 0) {
            continue;
        }
        let cells = row.iter().take(names);
        let name: Vec<String> = cells.map(said).collect();
        let tells = cell(answer, row, "tells");
        let chance = match tells {
            Some(Cell::Flag(false)) => " (does not tell)",
            _ => "",
        };
        let change_text = difference(answer, row);
        let is_less = amount(change).is_some_and(|amount| amount.units < 0);
        if is_less && tells == Some(&Cell::Flag(true)) {
            let name = name.join(", ");
            raised.push(Raised {
                of: format!("less {metric} {name}"),
                says: format!("{metric} of {name} is less, and not by chance: {change_text}"),
                records: Some(("after".to_owned(), row_names(row, names))),
            });
        }
        if parts.len() < NAMED {
            parts.push(format!("{} {change_text}{chance}", name.join(", ")));
        }
    }
    match (whole.is_empty(), parts.is_empty()) {
        (true, true) => format!("{metric}: nothing in either"),
        (false, true) => format!("{metric}: {whole}"),
        (true, false) => format!("{metric}: {}", parts.join("; ")),
        (false, false) => format!("{metric}: {whole}; most by {}", parts.join("; ")),
    }
}

fn row_names(row: &[Cell], names: usize) -> Vec<String> {
    let cells = row.iter().take(names);
    cells.map(Cell::exact).collect()
}

/// How many columns name a row.
fn names_of(answer: &Answer) -> usize {
    use handfast_model::ColumnKind::{Period, Text};
    let mut columns = answer.columns.iter();
    let first = columns.position(|column| !matches!(column.kind, Text | Period));
    first.unwrap_or(answer.columns.len())
}

/// What is told now of what was told before, by cause; and whether any of it moved.
pub(super) fn since(answer: &Answer, metric: &str) -> (String, bool) {
    let mut parts = Vec::new();
    for row in &answer.rows {
        let cause = text(answer, row, "cause");
        let change = cell(answer, row, "change");
        let is_moved = change.and_then(amount).is_some_and(|one| one.units != 0);
        if cause == "as told then" || !is_moved {
            continue;
        }
        let change = difference(answer, row);
        let word = match cause {
            "as told now" => "in all",
            cause => cause,
        };
        parts.push(format!("{word} {change}"));
    }
    match parts.is_empty() {
        true => (format!("{metric}: nothing was told anew"), false),
        false => (format!("{metric} since then: {}", parts.join(", ")), true),
    }
}

/// The change that a row tells, with its sign and its unit.
pub(super) fn difference(answer: &Answer, row: &[Cell]) -> String {
    let Some(found) = cell(answer, row, "change") else {
        return "not known".to_owned();
    };
    let mut columns = answer.columns.iter();
    let unit = columns.find(|column| column.id == "change");
    let unit = unit.and_then(|column| column.unit.as_deref());
    match (found, unit) {
        (Cell::Decimal(decimal), unit) => {
            let text = decimal.to_string();
            let text = match text.contains('.') {
                true => text.trim_end_matches('0').trim_end_matches('.'),
                false => &text,
            };
            let unit = unit.map_or_else(String::new, |unit| format!(" {unit}"));
            format!("{}{unit}", signed(&grouped(text)))
        }
        (other, _) => signed(&said(other)),
    }
}

/// A difference with its sign.
fn signed(text: &str) -> String {
    let is_number = text.starts_with(|c: char| c.is_ascii_digit());
    match is_number && !is_nought(text) {
        true => format!("+{text}"),
        false => text.to_owned(),
    }
}

fn is_nought(text: &str) -> bool {
    let digits = text.split(' ').next().unwrap_or_default();
    digits
        .bytes()
        .all(|byte| matches!(byte, b'0' | b'.' | b','))
}

/// A difference as a number in its own unit, where it is one.
pub(super) fn amount(cell: &Cell) -> Option<Decimal> {
    match cell {
        Cell::Number(number) => Some(Decimal {
            units: i128::from(*number),
            scale: 0,
        }),
        Cell::Money(money) => Some(Decimal {
            units: i128::from(money.minor),
            scale: money.currency.exponent(),
        }),
        Cell::Decimal(decimal) => Some(*decimal),
        _ => None,
    }
}

/// Exceptions that the meeting before did not tell stand first.
pub(super) fn ranked(mut exceptions: Vec<Exception>) -> Vec<Exception> {
    exceptions.sort_by_key(|one| !one.is_new);
    exceptions
}
