//! A draft replayed over the past beside the charter that signing it replaces: who enters which
//! stage, what is won, who gains credit, which answers would have read differently.

use std::collections::BTreeMap;

use handfast_charter::forward;
use handfast_engine::answer::Pick;
use handfast_model::question::AsOf;
use handfast_model::{
    Answer, Cell, Charter, Column, ColumnKind, Day, Grain, Instant, Lineage, Money, Period, Refusal,
};

use super::doing::latest;
use super::mode::{Mode, not_forward};
use super::reread::{self, Reread};
use super::sight::Sight;
use super::state::Agreement;
use super::{in_force, short};
use crate::book::Book;
use crate::dispute;
use crate::resolve::Typed;

/// So many quarters are looked at unless somebody says: two years, so that each quarter of a year
/// has one to be held against.
pub const QUARTERS: u8 = 8;

/// What a draft would change.
pub struct Rehearsal {
    /// The draft's name.
    pub draft: String,
    /// What it says of the time before its day.
    pub mode: Mode,
    /// The day from which it was replayed, where it is forward-only.
    pub from: Option<Day>,
    /// What it is held against.
    pub replaces: Replaced,
    /// The quarters looked at.
    pub quarters: Vec<Period>,
    /// By quarter and stage: entered now and under the draft, and the visits that appear or vanish;
    /// of the stages in which any do.
    pub entered: Answer,
    /// The stages in which none do.
    pub unmoved: Vec<String>,
    /// Those visits one by one.
    pub visits: Answer,
    /// By quarter: won of what was decided.
    pub won: Answer,
    /// By channel, then by team: credit of won revenue that moves, by each additive model shown.
    pub credit: Vec<(String, Answer)>,
    /// Those models.
    pub models: Vec<String>,
    /// Rulings on deals, under both.
    pub rulings: Vec<dispute::Tried>,
    /// Answers given before that would read differently.
    pub answers: Reread,
}

/// The charter that signing a draft replaces: the newest that is agreed or published, in force or
/// not yet. Of a draft that is agreed, the one that it was signed over.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Replaced {
    /// Its hash.
    pub hash: String,
    /// What it was called as a draft, if it was one.
    pub name: Option<String>,
    /// The day from which it is agreed, where that is to come.
    pub from: Option<Day>,
    /// Whether it is in force.
    pub is_in_force: bool,
}

/// Replays a draft (or the texts of a folder) over so many quarters, the running one last.
pub fn rehearse(
    book: &Book,
    asked: &str,
    (quarters, from): (usize, Option<Day>),
    tell: &mut dyn FnMut(&str),
) -> Result<Rehearsal, Refusal> {
    let (old, replaces) = replaced(book, asked)?;
    tell("replaying the charter that it replaces");
    let old = Sight::of(book, old, !replaces.is_in_force)?;
    let quarters = last_quarters(&old, quarters);
    let first = quarters.first().map(|quarter| quarter.from);
    let Tried {
        name,
        mode,
        from,
        charter,
        really,
    } = tried(book, &old.charter, asked, (from, first))?;
    tell("replaying the draft");
    let new = Sight::of(book, charter, true)?;
    tell("comparing");
    let moves = visits(&old, &new, &quarters)?;
    let mut lineage = old.lineage(book)?;
    lineage.charter.clone_from(&new.charter.hash);
    let note = note(&replaces, &name, from);
    let dressed = |mut answer: Answer| {
        answer.lineage = lineage.clone();
        answer.notes.push(note.clone());
        answer
    };
    let models = models(&old.charter, &new.charter);
    let mut credit = Vec::new();
    for by in ["channel", "team"] {
        let moved = credit_by(&old, &new, (by, &models), &quarters)?;
        credit.push((by.to_owned(), dressed(moved)));
    }
    let rulings = dispute::tried(&dispute::cases(book)?, &old, &new)?;
    let won = dressed(won(&old, &new, &quarters)?);
    let (visits, entered) = (dressed(moves.visits), dressed(moves.entered));
    let meant = really.unwrap_or_else(|| new.charter.clone());
    // Room for what earlier answers look at.
    drop((old, new));
    Ok(Rehearsal {
        won,
        credit,
        models,
        visits,
        entered,
        unmoved: moves.unmoved,
        rulings,
        answers: reread::under(book, &meant, tell)?,
        replaces,
        draft: name,
        mode,
        from,
        quarters,
    })
}

/// What the columns `now` and `draft` are of.
fn note(replaces: &Replaced, name: &str, from: Option<Day>) -> String {
    let mut note = format!("now: charter {}", short(&replaces.hash));
    if let Some(day) = replaces.from {
        note.push_str(&format!(", agreed from {day}"));
    }
    note.push_str(&format!("; draft: `{name}`"));
    if let Some(from) = from {
        note.push_str(&format!(
            ", forward-only, replayed as though it had begun on {from}"
        ));
    }
    note
}

pub(super) fn replaced(book: &Book, asked: &str) -> Result<(Charter, Replaced), Refusal> {
    let agreement = Agreement::read(book, AsOf::Latest)?;
    let draft = agreement.meant(book, asked);
    let signed = draft.filter(|draft| draft.agreed.is_some());
    let signed = signed.and_then(|draft| draft.signatures.last());
    let (charter, since) = match signed {
        Some(signed) => {
            let charter = agreement.called(book, &signed.statement.replaces)?;
            (charter, None)
        }
        None => {
            let (charter, since) = latest(book, &agreement)?;
            (charter, Some(since).filter(|since| *since > book.now()))
        }
    };
    let hash = charter.hash.clone();
    let mut drafts = agreement.drafts.iter();
    let replaces = Replaced {
        name: drafts
            .find(|draft| draft.identity() == hash)
            .map(|draft| draft.name.clone()),
        from: since.map(|since| charter.calendar.day_of(since)),
        is_in_force: in_force(book, AsOf::Latest)?.is_some_and(|now| now.hash() == hash),
        hash,
    };
    Ok((charter, replaces))
}

/// What is replayed.
struct Tried {
    name: String,
    mode: Mode,
    from: Option<Day>,
    charter: Charter,
    /// What it would mean today, where it is replayed from another day.
    really: Option<Charter>,
}

/// A draft as it is, or, where it is forward-only, as though it had begun on a day.
fn tried(
    book: &Book,
    old: &Charter,
    asked: &str,
    (from, first): (Option<Day>, Option<Day>),
) -> Result<Tried, Refusal> {
    let agreement = Agreement::read(book, AsOf::Latest)?;
    let draft = agreement.meant(book, asked);
    let (charter, _) = book.charter(AsOf::Latest, Some(asked))?;
    let name = draft.map_or(asked, |draft| &draft.name).to_owned();
    // Texts that nobody proposed are in the mode that is asked for.
    let of_folder = from.map_or(Mode::Retroactive, |_| Mode::ForwardOnly);
    let mode = draft.map_or(of_folder, |draft| draft.mode);
    if mode == Mode::Retroactive && from.is_some() {
        let title = format!("`{name}` is retroactive, so --from means nothing to it");
        return Err(Refusal::new("E0405", title).fix("leave --from out"));
    }
    let (Mode::ForwardOnly, Some(day)) = (mode, from.or(first)) else {
        return Ok(Tried {
            name,
            mode,
            from: None,
            charter,
            really: None,
        });
    };
    let (texts, really) = match draft {
        Some(draft) => (draft.charter()?, Some(charter)),
        None => (charter, None),
    };
    let laid = forward(old, texts, day).map_err(|changes| not_forward(&name, &changes));
    Ok(Tried {
        charter: laid?,
        name,
        mode,
        from: Some(day),
        really,
    })
}

fn typed(kind: &str, period: Option<&Period>) -> Typed {
    Typed {
        kind: kind.to_owned(),
        period: period.map(|period| format!("{}..{}", period.from, period.until)),
        ..Typed::default()
    }
}

/// The last quarters of the calendar that it replaces, the one that the sources reach into last.
fn last_quarters(old: &Sight, most: usize) -> Vec<Period> {
    let calendar = &old.charter.calendar;
    // No source has shown anything yet, and there is nothing to replay.
    if old.derived.horizon == Instant(0) {
        return Vec::new();
    }
    let last = calendar.day_of(old.derived.horizon).plus(-1);
    let mut quarters = vec![calendar.period_of(last, Grain::Quarter)];
    while quarters.len() < most {
        let Some(first) = quarters.last() else { break };
        let before = first.from.plus(-1);
        quarters.push(calendar.period_of(before, Grain::Quarter));
    }
    quarters.reverse();
    quarters
}

/// A visit as both sides can name it: buyer, deal, stage, entered.
type Visit = [String; 4];

/// What moves between stages.
struct Moves {
    entered: Answer,
    visits: Answer,
    unmoved: Vec<String>,
}

/// Who entered which stage in each quarter, and which visits only one side has.
fn visits(old: &Sight, new: &Sight, quarters: &[Period]) -> Result<Moves, Refusal> {
    let (mut rows, mut listed) = (Vec::new(), Vec::new());
    let mut unmoved = stages(&old.charter, &new.charter);
    let all = unmoved.clone();
    for quarter in quarters {
        let (before, after) = (entries(old, quarter)?, entries(new, quarter)?);
        for stage in &all {
            let [before, after] = [&before, &after].map(|all| of_stage(all, stage));
            let (appear, vanish) = (beyond(&after, &before), beyond(&before, &after));
            if !appear.is_empty() || !vanish.is_empty() {
                unmoved.retain(|known| known != stage);
            }
            let sides = [(&old.charter, sum(&before)), (&new.charter, sum(&after))];
            let [now, then] = sides.map(|(charter, count)| {
                match charter.steps.iter().any(|step| step.id == *stage) {
                    true => Cell::Count(count),
                    false => Cell::NotApplicable,
                }
            });
            rows.push(vec![
                Cell::Text(quarter.label.clone()),
                Cell::Text(stage.clone()),
                now,
                then,
                Cell::Number(signed(sum(&after)) - signed(sum(&before))),
                Cell::Count(appear.len() as u64),
                Cell::Count(vanish.len() as u64),
            ]);
            for (visits, word) in [(appear, "appears"), (vanish, "vanishes")] {
                listed.extend(visits.into_iter().map(|visit| {
                    let [buyer, deal, stage, entered] = visit.map(Cell::Text);
                    let label = Cell::Text(quarter.label.clone());
                    vec![
                        label,
                        stage,
                        Cell::Text(word.to_owned()),
                        buyer,
                        deal,
                        entered,
                    ]
                }));
            }
        }
    }
    let is_moved = |row: &Vec<Cell>| {
        let stage = row.get(1).map_or_else(String::new, text);
        !unmoved.contains(&stage)
    };
    rows.retain(is_moved);
    let columns = ["quarter", "stage", "visit", "buyer", "deal", "entered"];
    let columns = columns.map(|id| (id, ColumnKind::Text, ""));
    Ok(Moves {
        entered: table(&ENTERED, rows),
        visits: table(&columns, listed),
        unmoved,
    })
}

const ENTERED: [(&str, ColumnKind, &str); 7] = [
    ("quarter", ColumnKind::Period, ""),
    ("stage", ColumnKind::Text, ""),
    (
        "now",
        ColumnKind::Count,
        "entered under the charter that it replaces",
    ),
    ("draft", ColumnKind::Count, "entered under the draft"),
    ("difference", ColumnKind::Number, "appear less vanish"),
    (
        "appear",
        ColumnKind::Count,
        "visits that only the draft has",
    ),
    (
        "vanish",
        ColumnKind::Count,
        "visits that only the charter it replaces has",
    ),
];

fn of_stage(all: &BTreeMap<Visit, u64>, stage: &str) -> BTreeMap<Visit, u64> {
    let of = all.iter().filter(|([_, _, at, _], _)| at == stage);
    of.map(|(visit, count)| (visit.clone(), *count)).collect()
}

fn sum(all: &BTreeMap<Visit, u64>) -> u64 {
    all.values().sum()
}

/// The visits that entered in a quarter, and how often each is there.
fn entries(sight: &Sight, quarter: &Period) -> Result<BTreeMap<Visit, u64>, Refusal> {
    let mut flow = typed("funnel", Some(quarter));
    flow.view = Some("flow".to_owned());
    let pick = Pick {
        column: "entered".to_owned(),
        row: Vec::new(),
    };
    let records = sight.ask(&flow, Some(&pick))?;
    let at = |id: &str| records.columns.iter().position(|column| column.id == id);
    let places = ["buyer", "deal", "stage", "entered"].map(at);
    let mut visits = BTreeMap::new();
    for row in &records.rows {
        let visit = places.map(|place| {
            place
                .and_then(|at| row.get(at))
                .map_or_else(String::new, text)
        });
        *visits.entry(visit).or_insert(0) += 1;
    }
    Ok(visits)
}

/// What the one has more often than the other, as often as it has more.
fn beyond(one: &BTreeMap<Visit, u64>, other: &BTreeMap<Visit, u64>) -> Vec<Visit> {
    let more = one.iter().flat_map(|(visit, count)| {
        let more = count.saturating_sub(other.get(visit).copied().unwrap_or(0));
        (0..more).map(|_| visit.clone())
    });
    more.collect()
}

/// The stages of both, those that it replaces first.
fn stages(old: &Charter, new: &Charter) -> Vec<String> {
    let mut stages: Vec<String> = old.steps.iter().map(|step| step.id.clone()).collect();
    for step in &new.steps {
        if !stages.contains(&step.id) {
            stages.push(step.id.clone());
        }
    }
    stages
}

fn won(old: &Sight, new: &Sight, quarters: &[Period]) -> Result<Answer, Refusal> {
    let mut rows = Vec::new();
    for quarter in quarters {
        let mut metric = typed("metric", Some(quarter));
        metric.of = Some("win_rate".to_owned());
        let mut row = vec![Cell::Text(quarter.label.clone())];
        for sight in [old, new] {
            let answer = sight.ask(&metric, None)?;
            let at = answer.columns.iter().position(|one| one.id == "win_rate");
            let cell = at.and_then(|at| answer.rows.first()?.get(at));
            row.push(cell.cloned().unwrap_or(Cell::Unknown));
        }
        rows.push(row);
    }
    Ok(table(
        &[
            ("quarter", ColumnKind::Period, ""),
            (
                "now",
                ColumnKind::Ratio,
                "win_rate under the charter that it replaces",
            ),
            ("draft", ColumnKind::Ratio, "win_rate under the draft"),
        ],
        rows,
    ))
}

/// The additive models that the charter it replaces shows and the draft knows too.
fn models(old: &Charter, new: &Charter) -> Vec<String> {
    let shown = old.attribution.shown.iter();
    let shown = shown.filter(|model| model.kind.is_additive());
    let names = shown.map(|model| model.name.clone());
    names
        .filter(|name| new.attribution.model(name).is_some())
        .collect()
}

/// Credit that moves, by a dimension: model by model, who gains most first.
fn credit_by(
    old: &Sight,
    new: &Sight,
    (by, models): (&str, &[String]),
    quarters: &[Period],
) -> Result<Answer, Refusal> {
    let mut rows = Vec::new();
    if let (Some(first), Some(last), false) = (quarters.first(), quarters.last(), models.is_empty())
    {
        let mut credit = typed("credit", None);
        credit.period = Some(format!("{}..{}", first.from, last.until));
        credit.by = vec![by.to_owned()];
        credit.models = models.to_vec();
        let (before, after) = (old.ask(&credit, None)?, new.ask(&credit, None)?);
        for model in models {
            rows.extend(moved(model, &sums(&before, model), &sums(&after, model)));
        }
    }
    let columns = [
        ("model", ColumnKind::Text, ""),
        (by, ColumnKind::Text, ""),
        (
            "now",
            ColumnKind::Money,
            "credit under the charter that it replaces",
        ),
        ("draft", ColumnKind::Money, "credit under the draft"),
        ("gains", ColumnKind::Money, "what it gains by the draft"),
    ];
    Ok(table(&columns, rows))
}

/// By name and currency.
type Sums = BTreeMap<(String, String), Money>;

/// The rows of a model that differ.
fn moved(model: &str, before: &Sums, after: &Sums) -> Vec<Vec<Cell>> {
    let mut names: Vec<&(String, String)> = before.keys().chain(after.keys()).collect();
    names.sort();
    names.dedup();
    let mut rows = Vec::new();
    for name in names {
        let [now, then] = [before, after].map(|all| all.get(name).copied());
        let Some(some) = now.or(then) else { continue };
        let none = Money { minor: 0, ..some };
        let (now, then) = (now.unwrap_or(none), then.unwrap_or(none));
        let gain = then.minor.saturating_sub(now.minor);
        if gain != 0 {
            let moved = Money {
                minor: gain,
                ..some
            };
            let names = [model, &name.0].map(|name| Cell::Text(name.to_owned()));
            let money = [now, then, moved].map(Cell::Money);
            rows.push((
                (name.1.clone(), std::cmp::Reverse(gain)),
                names.into_iter().chain(money).collect(),
            ));
        }
    }
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The credit of each row and currency.
fn sums(answer: &Answer, model: &str) -> Sums {
    let column = answer.columns.iter().position(|one| one.id == model);
    let mut sums = Sums::new();
    for row in &answer.rows {
        if let Some(Cell::Money(money)) = column.and_then(|at| row.get(at)) {
            let name = row.first().map_or_else(String::new, text);
            sums.insert((name, money.currency.code().to_owned()), *money);
        }
    }
    sums
}

fn table(columns: &[(&str, ColumnKind, &str)], rows: Vec<Vec<Cell>>) -> Answer {
    let column = |(id, kind, means): &(&str, ColumnKind, &str)| Column {
        id: (*id).to_owned(),
        kind: *kind,
        unit: None,
        means: (*means).to_owned(),
    };
    Answer {
        headline: None,
        columns: columns.iter().map(column).collect(),
        rows,
        totals: None,
        currency_totals: Vec::new(),
        issues: Vec::new(),
        notes: Vec::new(),
        lineage: Lineage::default(),
    }
}

/// A cell that names something.
fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Day(day) => day.to_string(),
        _ => "–".to_owned(),
    }
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
