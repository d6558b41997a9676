//! The records behind a figure: one line per member, with where its evidence stands in the source.

use std::collections::BTreeSet;

use handfast_kernels::journey::{Buyer, Moment, Pursuit};
use handfast_model::rules::StepRole;
use handfast_model::{
    Answer, Cell, Column, ColumnKind, Currency, Lineage, Money, PersonId, Sym, When,
};

use super::figure::Measure;
use super::ground::Ground;
use super::sheet::Member;
use super::tally::Tally;

/// Lists members, one row each, in the kernels' order.
pub(super) fn list(tally: &Tally<'_>, members: &BTreeSet<Member>) -> Answer {
    Answer {
        headline: None,
        columns: columns(tally),
        rows: members.iter().map(|&member| row(tally, member)).collect(),
        totals: None,
        currency_totals: Vec::new(),
        issues: Vec::new(),
        notes: Vec::new(),
        lineage: Lineage::default(),
    }
}

/// What is shown of each member.
pub(super) fn columns(tally: &Tally<'_>) -> Vec<Column> {
    let columns = [
        ("buyer", ColumnKind::Text),
        ("deal", ColumnKind::Text),
        ("opened", ColumnKind::Time),
        ("ended", ColumnKind::Text),
        ("stage", ColumnKind::Text),
        ("entered", ColumnKind::Time),
        ("left", ColumnKind::Time),
        ("left_by", ColumnKind::Text),
        ("rep", ColumnKind::Text),
        ("amount", ColumnKind::Text),
        ("source", ColumnKind::Text),
        ("file", ColumnKind::Text),
        ("line", ColumnKind::Count),
    ];
    let column = |(id, kind): (&str, ColumnKind)| Column {
        id: id.to_owned(),
        kind,
        unit: None,
        means: String::new(),
    };
    let priced = tally.prices.as_ref().map(|prices| Column {
        unit: Some(prices.to.code().to_owned()),
        means: "the amount in the asked currency; none where there is no rate".to_owned(),
        ..column(("priced", ColumnKind::Money))
    });
    columns.into_iter().map(column).chain(priced).collect()
}

/// The amounts that these records show in a currency, summed; `None` where that does not fit.
pub(super) fn sum(
    tally: &Tally<'_>,
    members: &BTreeSet<Member>,
    currency: Currency,
) -> Option<i64> {
    let shown = members.iter().filter_map(|&member| amount(tally, member));
    let shown = shown.filter(|money| money.currency == currency);
    let total: i128 = shown.map(|money| i128::from(money.minor)).sum();
    i64::try_from(total).ok()
}

/// The amount that a record shows: its deal's at the moment that counts, or the part of it that
/// does, else its own.
fn amount(tally: &Tally<'_>, member: Member) -> Option<Money> {
    let deal = tally.deal(member);
    let measured = match member {
        Member::Measured(at) => tally.measured.get(at as usize),
        _ => None,
    };
    let valued = measured.and_then(|one| one.valued);
    let of_deal = deal.and_then(|deal| tally.ground.amount(deal, valued.or(tally.looked_at)));
    if let Some((_, weight)) = measured.and_then(|one| one.weight) {
        let whole = of_deal?;
        let minor = weight.of(whole.minor)?;
        return Some(Money { minor, ..whole });
    }
    of_deal.or_else(|| tally.money(member).filter(|_| deal.is_none()))
}

/// One member, as [`columns`] say.
pub(super) fn row(tally: &Tally<'_>, member: Member) -> Vec<Cell> {
    let ground = tally.ground;
    let (pursuit, visit) = tally.place(member);
    let deal = tally.deal(member);
    let end = pursuit.and_then(|pursuit| pursuit.end);
    let shown = match member {
        Member::Measured(at) => tally.measured.get(at as usize).and_then(|found| found.fact),
        Member::Item(at) => tally.items.get(at as usize).and_then(|item| item.fact),
        _ => visit.and_then(|visit| visit.evidence),
    };
    let evidence = shown
        .or(end.and_then(|end| end.fact))
        .or(deal.and_then(|deal| ground.deal_fact(deal)));
    let text = |sym| text(ground, sym);
    let key = deal
        .and_then(|deal| ground.journeys.deals.get(deal as usize))
        .map(|deal| deal.key);
    let mut cells = vec![
        match (pursuit, tally.person(member)) {
            (Some(pursuit), _) => Cell::Text(buyer(ground, pursuit)),
            (None, Some(person)) => Cell::Text(short(person)),
            (None, None) => Cell::Unknown,
        },
        text(key),
        pursuit.map_or(Cell::Unknown, |pursuit| time(&pursuit.opened)),
        match (pursuit, end) {
            (None, _) => Cell::NotApplicable,
            (Some(_), None) => Cell::Text("open".to_owned()),
            (Some(_), Some(end)) => Cell::Text(role_word(end.role).to_owned()),
        },
        visit.map_or(Cell::NotApplicable, |visit| {
            Cell::Text(ground.step_id(visit.step).to_owned())
        }),
        visit.map_or(Cell::NotApplicable, |visit| time(&visit.entered)),
        visit.map_or(Cell::NotApplicable, |visit| {
            visit.left.as_ref().map_or(Cell::Unknown, time)
        }),
        visit.map_or(Cell::NotApplicable, |visit| {
            Cell::Text(visit.left_by.word().to_owned())
        }),
        text(visit.and_then(|visit| visit.rep)),
        amount(tally, member).map_or(Cell::Unknown, |money| Cell::Text(money.to_string())),
    ];
    cells.extend(origin(ground, evidence));
    if tally.prices.is_some() {
        let money = match member {
            Member::Measured(_) => tally.money(member),
            _ => tally.worth(member),
        };
        cells.push(money.map_or(Cell::Unknown, Cell::Money));
    }
    cells
}

pub(super) fn text(ground: &Ground<'_>, sym: Option<Sym>) -> Cell {
    sym.map_or(Cell::Unknown, |sym| {
        Cell::Text(ground.snapshot.names.text(sym).to_owned())
    })
}

/// Source, file and line of a fact.
pub(super) fn origin(ground: &Ground<'_>, fact: Option<u32>) -> [Cell; 3] {
    match fact.and_then(|fact| ground.fact(fact)) {
        Some(fact) => [
            text(ground, Some(fact.origin.source)),
            text(ground, Some(fact.origin.file)),
            Cell::Count(u64::from(fact.origin.line)),
        ],
        None => [Cell::Unknown, Cell::Unknown, Cell::Unknown],
    }
}

/// How a buyer is shown: an account or a deal by its key, a person by the first digits of its hash.
pub(super) fn buyer(ground: &Ground<'_>, pursuit: &Pursuit) -> String {
    match pursuit.buyer {
        Buyer::Account(account) => ground.snapshot.names.text(account).to_owned(),
        Buyer::Deal(deal) => format!("deal {}", ground.snapshot.names.text(deal)),
        Buyer::Person(person) => short(person),
    }
}

fn short(person: PersonId) -> String {
    let hash = person.to_string();
    format!("person {}", hash.get(..12).unwrap_or(&hash))
}

/// A moment as its source gave it: a day stays a day.
pub(super) fn time(moment: &Moment) -> Cell {
    match moment.when {
        When::Unknown => Cell::Unknown,
        When::Day(day) => Cell::Day(day),
        When::At(at) => Cell::Text(at.to_string()),
    }
}

/// How a pursuit ended, in the words of the model.
pub(super) fn role_word(role: StepRole) -> &'static str {
    match role {
        StepRole::Path => "open",
        StepRole::Detour => "detour",
        StepRole::Won => "won",
        StepRole::Lost => "lost",
        StepRole::Disqualified => "disqualified",
        StepRole::Dormant => "dormant",
    }
}
