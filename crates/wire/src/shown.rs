//! An answer as a page shows it: its rows in the order that somebody chose there, without the
//! columns that are hidden. No figure is another one by that.

use std::cmp::Ordering;

use handfast_model::{Answer, Cell, ColumnKind};

/// Microseconds of a day.
const DAY: f64 = 86_400_000_000.0;

/// How a table stands on a page.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Looks {
    /// The column that its rows go by, and whether the largest comes first.
    pub order: Option<(String, bool)>,
    /// Columns that are not there.
    pub hidden: Vec<String>,
}

impl Looks {
    /// `-won` is by `won`, the largest first; hidden columns are separated by commas.
    pub fn parse(order: Option<&str>, hidden: Option<&str>) -> Looks {
        let order = order.map(|text| match text.strip_prefix('-') {
            Some(id) => (id.to_owned(), true),
            None => (text.to_owned(), false),
        });
        let hidden = hidden.unwrap_or_default().split(',');
        let hidden = hidden.filter(|id| !id.is_empty()).map(str::to_owned);
        Looks {
            order,
            hidden: hidden.collect(),
        }
    }

    /// A column that is named and that the answer has not.
    pub fn unknown<'a>(&'a self, answer: &Answer) -> Option<&'a str> {
        let named = self.order.iter().map(|(id, _)| id).chain(&self.hidden);
        let is_there = |id: &str| answer.columns.iter().any(|column| column.id == id);
        named.map(String::as_str).find(|id| !is_there(id))
    }

    /// The answer as it is shown.
    pub fn of(&self, mut answer: Answer) -> Answer {
        if let Some((id, is_down)) = &self.order {
            sort(&mut answer, id, *is_down);
        }
        if !self.hidden.is_empty() {
            let shown: Vec<bool> = answer.columns.iter().map(|one| self.has(&one.id)).collect();
            answer.columns.retain(|one| self.has(&one.id));
            let lines = answer.rows.iter_mut().chain(answer.totals.iter_mut());
            for line in lines.chain(answer.currency_totals.iter_mut()) {
                let mut shown = shown.iter();
                line.retain(|_| shown.next().copied().unwrap_or(true));
            }
        }
        answer
    }

    fn has(&self, id: &str) -> bool {
        !self.hidden.iter().any(|hidden| hidden == id)
    }
}

/// Rows by a column; what is unknown or not applicable stands last, whichever way one looks. Rows
/// that are alike there stay as they came.
fn sort(answer: &mut Answer, id: &str, is_down: bool) {
    let Some(at) = answer.columns.iter().position(|column| column.id == id) else {
        return;
    };
    let kind = answer.columns.get(at).map(|column| column.kind);
    let is_name = matches!(
        kind,
        Some(ColumnKind::Text | ColumnKind::Period | ColumnKind::Time | ColumnKind::Flag)
    );
    let by = |a: &Vec<Cell>, b: &Vec<Cell>| match is_name {
        true => compared(name(a.get(at)), name(b.get(at)), is_down, |a, b| {
            a.encode_utf16().cmp(b.encode_utf16())
        }),
        false => compared(extent(a.get(at)), extent(b.get(at)), is_down, |a, b| {
            a.partial_cmp(b).unwrap_or(Ordering::Equal)
        }),
    };
    answer.rows.sort_by(by);
}

fn compared<K>(
    a: Option<K>,
    b: Option<K>,
    is_down: bool,
    by: impl Fn(&K, &K) -> Ordering,
) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if is_down => by(&b, &a),
        (Some(a), Some(b)) => by(&a, &b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

fn name(cell: Option<&Cell>) -> Option<String> {
    match cell? {
        Cell::Unknown => None,
        Cell::Text(text) => Some(text.clone()),
        Cell::NotApplicable => Some("n/a".to_owned()),
        Cell::Day(day) => Some(day.to_string()),
        Cell::Flag(yes) => Some(yes.to_string()),
        _ => None,
    }
}

/// How far a cell reaches, to put rows in an order by it and for nothing else: as a page does.
fn extent(cell: Option<&Cell>) -> Option<f64> {
    let over = |part: i64, whole: f64| (whole != 0.0).then(|| part as f64 / whole);
    match cell? {
        Cell::Count(count) => Some(*count as f64),
        Cell::Number(number) => Some(*number as f64),
        Cell::Decimal(decimal) => {
            let scale = i32::try_from(decimal.scale).unwrap_or(i32::MAX);
            Some(decimal.units as f64 / 10f64.powi(scale))
        }
        Cell::Ratio(ratio) => (ratio.whole != 0).then(|| ratio.part as f64 / ratio.whole as f64),
        Cell::Money(money) => Some(money.minor as f64),
        Cell::MeanMoney(sum, count) => over(sum.minor, *count as f64),
        Cell::MoneyShare { part, whole } => over(part.minor, *whole as f64),
        Cell::Elapsed(micros, _) | Cell::EstimatedElapsed(micros, _) => Some(*micros as f64 / DAY),
        Cell::MeanElapsed(micros, count) => over(*micros, DAY * *count as f64),
        Cell::EstimatedShare(share, _) => Some(*share),
        Cell::Unknown | Cell::NotApplicable | Cell::Text(_) | Cell::Day(_) | Cell::Flag(_) => None,
    }
}
