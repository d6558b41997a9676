//! Data health: what is missing, contradictory, assumed, undated or unripe in the book, and how
//! much won revenue rests on it. Each check lists what it found; `checks` says what it looks for.

mod checks;
mod issues;
mod orphans;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use handfast_kernels::journey::Deal;
use handfast_model::money::grouped;
use handfast_model::rules::StepRole;
use handfast_model::{
    Answer, Cell, Column, ColumnKind, Currency, Money, Question, Ratio, Refusal, many,
};

use super::Pick;
use super::ground::Ground;
use super::records;
use super::sheet::{Member, Sheet};
use super::tally::{Item, Tally, lineage};
use super::traced::Record;
use checks::{Found, checks};

/// What one check found.
struct Finding {
    /// What kind of defect it is.
    area: &'static str,
    /// The check's name.
    check: Cow<'static, str>,
    /// The public code of the issue, where it is one.
    code: &'static str,
    /// What was found.
    found: Found,
    /// How many were looked at; `None` where that is not known.
    of: Option<u64>,
    /// What to do about it.
    remedy: &'static str,
    /// How a sentence about won deals goes on: "31 won deals `have no account`".
    says: &'static str,
}

/// The table of what was found, or the records behind one of its rows.
pub(super) fn answer(
    ground: &Ground<'_>,
    question: &Question,
    pick: Option<&Pick>,
) -> Result<Answer, Refusal> {
    let all = checks(ground);
    let looked_for = all.len();
    let findings: Vec<Finding> = all
        .into_iter()
        .filter(|finding| finding.found.count() > 0)
        .collect();
    if let Some(pick) = pick {
        return list(ground, question, &findings, pick);
    }
    let revenue = Revenue::of(ground);
    let rows = findings.iter().map(|finding| row(finding, &revenue));
    let rows: Vec<Vec<Cell>> = rows.collect();
    let mut notes: Vec<String> = worst(&findings, &revenue).into_iter().collect();
    notes.extend(checks::lags(ground));
    notes.extend(orphans::examples(ground));
    notes.push(format!(
        "{} of {looked_for} checks found something; --records found --row AREA,CHECK lists what",
        rows.len()
    ));
    let tally = Tally::new(ground, question, Sheet::new(1));
    Ok(Answer {
        headline: None,
        columns: columns(&revenue),
        rows,
        totals: None,
        currency_totals: Vec::new(),
        issues: tally.issues(),
        notes,
        lineage: lineage(ground),
    })
}

/// What won deals are worth, per currency.
struct Revenue<'g> {
    ground: &'g Ground<'g>,
    total: BTreeMap<Currency, i64>,
    pursuits: checks::Pursuits,
}

impl<'g> Revenue<'g> {
    fn of(ground: &'g Ground<'g>) -> Revenue<'g> {
        let deals = (0u32..).zip(&ground.journeys.deals);
        let won = deals.filter(|(_, deal)| is_won(deal));
        Revenue {
            ground,
            total: sums(ground, won.map(|(deal, _)| deal)),
            pursuits: checks::Pursuits::of(ground),
        }
    }

    /// The won deals that rest on what was found.
    fn touched(&self, finding: &Finding) -> BTreeSet<u32> {
        let items = finding.found.items().iter();
        let deals = items.flat_map(|item| self.deals_of(item));
        let is_won_deal = |deal: &u32| {
            let found = self.ground.journeys.deals.get(*deal as usize);
            found.is_some_and(is_won)
        };
        deals.filter(is_won_deal).collect()
    }

    fn deals_of(&self, item: &Item) -> Vec<u32> {
        if let Some(deal) = item.deal {
            return vec![deal];
        }
        let own = item.pursuit.into_iter();
        let theirs = item.person.map(|person| self.pursuits.of_person(person));
        let all = own.chain(theirs.into_iter().flatten().copied());
        all.filter_map(|pursuit| self.ground.pursuit(pursuit)?.deal)
            .collect()
    }
}

fn is_won(deal: &Deal) -> bool {
    deal.outcome == Some(StepRole::Won)
}

/// Last known amounts of deals, per currency; a sum that does not fit is left out.
fn sums(ground: &Ground<'_>, deals: impl Iterator<Item = u32>) -> BTreeMap<Currency, i64> {
    let mut sums: BTreeMap<Currency, i128> = BTreeMap::new();
    for money in deals.filter_map(|deal| ground.amount(deal, None)) {
        *sums.entry(money.currency).or_default() += i128::from(money.minor);
    }
    let fits = |(currency, sum): (Currency, i128)| Some((currency, i64::try_from(sum).ok()?));
    sums.into_iter().filter_map(fits).collect()
}

fn columns(revenue: &Revenue<'_>) -> Vec<Column> {
    let column = |id: &str, kind, unit: Option<&str>, means: &str| Column {
        id: id.to_owned(),
        kind,
        unit: unit.map(str::to_owned),
        means: means.to_owned(),
    };
    let mut columns = vec![
        column("area", ColumnKind::Text, None, ""),
        column("check", ColumnKind::Text, None, ""),
        column(
            "code",
            ColumnKind::Text,
            None,
            "`handfast explain CODE` says more",
        ),
        column("found", ColumnKind::Count, None, "how many were found"),
        column("share", ColumnKind::Ratio, None, "of how many looked at"),
    ];
    for currency in revenue.total.keys() {
        let id = format!("revenue_{}", currency.code().to_lowercase());
        let means = "amounts of the won deals that rest on them, of all won";
        columns.push(column(
            &id,
            ColumnKind::MoneyShare,
            Some(currency.code()),
            means,
        ));
    }
    columns.push(column("remedy", ColumnKind::Text, None, ""));
    columns
}

fn row(finding: &Finding, revenue: &Revenue<'_>) -> Vec<Cell> {
    let text = |text: &str| Cell::Text(text.to_owned());
    let count = finding.found.count();
    let mut cells = vec![
        text(finding.area),
        text(&finding.check),
        text(finding.code),
        Cell::Count(count),
        finding.of.map_or(Cell::NotApplicable, |whole| {
            Cell::Ratio(Ratio {
                part: i64::try_from(count).unwrap_or(i64::MAX),
                whole,
            })
        }),
    ];
    let touched = sums(revenue.ground, revenue.touched(finding).into_iter());
    for (currency, total) in &revenue.total {
        cells.push(match finding.found {
            Found::Items(_) => Cell::MoneyShare {
                part: Money {
                    minor: touched.get(currency).copied().unwrap_or(0),
                    currency: *currency,
                },
                whole: (*total).max(0),
            },
            Found::Rows(_) => Cell::NotApplicable,
        });
    }
    cells.push(text(finding.remedy));
    cells
}

/// One sentence on the finding that the largest share of revenue rests on.
fn worst(findings: &[Finding], revenue: &Revenue<'_>) -> Option<String> {
    let mut worst: Option<(Ratio, String)> = None;
    for finding in findings.iter().filter(|finding| !finding.says.is_empty()) {
        let deals = revenue.touched(finding);
        for (currency, part) in sums(revenue.ground, deals.iter().copied()) {
            let whole = revenue.total.get(&currency).copied().unwrap_or(0);
            let share = Ratio {
                part,
                whole: u64::try_from(whole).unwrap_or(0),
            };
            let is_worse = worst
                .as_ref()
                .is_none_or(|(known, _)| share.cmp_value(known).is_gt());
            if let Some(value) = share.value().filter(|value| is_worse && *value > 0.0) {
                let text = format!(
                    "{:.1} % of revenue in {} is of won deals that {}: {}",
                    value * 100.0,
                    currency.code(),
                    finding.says,
                    grouped(&deals.len().to_string())
                );
                worst = Some((share, text));
            }
        }
    }
    worst.map(|(_, text)| text)
}

/// The answer, and each thing that its checks found.
pub(super) fn traced(
    ground: &Ground<'_>,
    question: &Question,
    each: &mut dyn FnMut(Record<'_>),
) -> Result<Answer, Refusal> {
    let all = checks(ground).into_iter();
    let findings = all.filter(|finding| finding.found.count() > 0);
    for (row, finding) in findings.enumerate() {
        let Found::Items(items) = finding.found else {
            continue;
        };
        let mut tally = Tally::new(ground, question, Sheet::new(1));
        let heads = records::columns(&tally);
        tally.items = items;
        for item in 0..tally.items.len() as u32 {
            each(Record {
                column: "found",
                row,
                heads: &heads,
                cells: &records::row(&tally, Member::Item(item)),
            });
        }
    }
    answer(ground, question, None)
}

/// What one row counts, a line each.
fn list(
    ground: &Ground<'_>,
    question: &Question,
    findings: &[Finding],
    pick: &Pick,
) -> Result<Answer, Refusal> {
    if pick.column != "found" {
        let title = format!("this answer has no records behind `{}`", pick.column);
        return Err(Refusal::new("E0409", title).fix("--records found"));
    }
    // A reason may hold commas, which part the cells of a row as it is typed.
    let asked = pick.row.join(",");
    let is_row = |finding: &&Finding| {
        let check = format!("{},{}", finding.area, finding.check);
        asked == check || asked == format!("{check},{}", finding.code)
    };
    let rows: Vec<&Finding> = findings.iter().filter(is_row).collect();
    let [finding] = rows.as_slice() else {
        let known = findings
            .iter()
            .map(|finding| format!("--row '{},{}'", finding.area, finding.check));
        let title = format!("{} rows of this answer begin with `{asked}`", rows.len());
        return Err(Refusal::new("E0410", title)
            .matters("each check lists things of its own kind, so one is listed at a time")
            .fix(format!("one of: {}", known.collect::<Vec<_>>().join(", "))));
    };
    let items = match &finding.found {
        Found::Items(items) => items.clone(),
        Found::Rows(count) => {
            let title = format!(
                "`{}` counts {count} of what never became facts",
                finding.check
            );
            return Err(Refusal::new("E0432", title)
                .matters("records are listed from facts")
                .fix(finding.remedy));
        }
    };
    let mut tally = Tally::new(ground, question, Sheet::new(1));
    let members = 0..u32::try_from(items.len()).unwrap_or(u32::MAX);
    tally.items = items;
    let mut answer = records::list(&tally, &members.map(Member::Item).collect());
    let count = finding.found.count();
    answer
        .notes
        .push(many(count, "record") + &format!(" behind `{}`", finding.check));
    answer.issues = tally.issues();
    answer.lineage = lineage(ground);
    Ok(answer)
}
