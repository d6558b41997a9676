//! The journey of one buyer: every dated thing on one line, both teams', with stages and issues.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use handfast_kernels::journey::{Buyer, Moment, Pursuit, Visit};
use handfast_model::answer::IssueCount;
use handfast_model::question::TOUCH_KIND;
use handfast_model::{
    Answer, Cell, Column, ColumnKind, Fact, FactId, FactKind, Instant, PersonId, Refusal, Sym,
    Value,
};

use super::ground::Ground;
use super::records::{buyer, role_word, time};
use super::tally::lineage;

/// The columns of a journey.
const COLUMNS: [(&str, ColumnKind); 16] = [
    ("when", ColumnKind::Time),
    ("pursuit", ColumnKind::Count),
    ("what", ColumnKind::Text),
    ("stage", ColumnKind::Text),
    ("detail", ColumnKind::Text),
    ("person", ColumnKind::Text),
    ("team", ColumnKind::Text),
    ("rep", ColumnKind::Text),
    ("deal", ColumnKind::Text),
    ("touch", ColumnKind::Text),
    ("status", ColumnKind::Text),
    ("amount", ColumnKind::Money),
    ("source", ColumnKind::Text),
    ("file", ColumnKind::Text),
    ("line", ColumnKind::Count),
    ("issues", ColumnKind::Text),
];

/// Where the person of a line stands among its cells.
const PERSON: usize = 5;

/// One line of a journey with its place in time: undated first, then by instant, then as found.
struct Line {
    at: Option<Instant>,
    rank: u8,
    /// Whose it is, as far as its fact says.
    person: Option<PersonId>,
    /// What it rests on.
    fact: Option<FactId>,
    /// Whether it is a mark alone, and no turn that a mark brought about.
    is_mark: bool,
    /// All but the person, who has a name when all lines are in order, and the issues.
    cells: Vec<Cell>,
}

/// The journey of an account or deal by its key, or of a person by one of these hashes.
pub(super) fn answer(
    ground: &Ground<'_>,
    key: &str,
    people: &[PersonId],
) -> Result<Answer, Refusal> {
    let sym = ground.snapshot.names.find(key);
    let sym = sym.map(|key| ground.part.account(key));
    let people = people.iter().map(|person| ground.part.person(*person));
    let people: Vec<PersonId> = people.collect();
    let found: Vec<(usize, &Pursuit)> = ground
        .journeys
        .pursuits
        .iter()
        .enumerate()
        .filter(|(_, pursuit)| is_of(ground, pursuit, sym, &people))
        .collect();
    if found.is_empty() {
        return Err(Refusal::new(
            "E0411",
            format!("no account, deal or person `{key}` has a pursuit in this book"),
        )
        .matters("a journey needs at least one lead, deal or stage mark of the buyer")
        .fix(
            "give the key as the source writes it; a person of one of several namespaces as \
        namespace:key",
        ));
    }
    let mut lines: Vec<Line> = Vec::new();
    for (number, (_, pursuit)) in found.iter().enumerate() {
        pursuit_lines(ground, number as u64 + 1, pursuit, &mut lines);
    }
    let owners = Owners::of(ground, &found);
    let concerned = fact_lines(ground, &owners, &mut lines);
    say_issues(ground, &mut lines);
    lines.sort_by_key(|line| (line.at.map_or(i64::MIN, |at| at.0), line.rank));
    name_people(&mut lines);
    let column = |(id, kind): (&str, ColumnKind)| Column {
        id: id.to_owned(),
        kind,
        unit: None,
        means: String::new(),
    };
    let first = found.first().map(|(_, pursuit)| buyer(ground, pursuit));
    let who = first.unwrap_or_default();
    Ok(Answer {
        headline: None,
        columns: COLUMNS.into_iter().map(column).collect(),
        rows: lines.into_iter().map(|line| line.cells).collect(),
        totals: None,
        currency_totals: Vec::new(),
        issues: issues(ground, &concerned),
        notes: vec![match found.len() {
            1 => format!("{who}: 1 pursuit"),
            many => format!("{who}: {many} pursuits"),
        }],
        lineage: lineage(ground),
    })
}

/// Tells people apart without saying who they are: by numbers, in the order of their first lines.
fn name_people(lines: &mut [Line]) {
    let mut seen = HashMap::new();
    for line in lines {
        let cell = line.person.map(|person| {
            let next = seen.len() + 1;
            let number = seen.entry(person).or_insert(next);
            Cell::Text(format!("person {number}"))
        });
        let at = PERSON.min(line.cells.len());
        line.cells.insert(at, cell.unwrap_or(Cell::Unknown));
    }
}

fn is_of(ground: &Ground<'_>, pursuit: &Pursuit, sym: Option<Sym>, people: &[PersonId]) -> bool {
    let deal = pursuit
        .deal
        .and_then(|deal| ground.journeys.deals.get(deal as usize))
        .map(|deal| deal.key);
    let is_named = sym.is_some_and(|sym| pursuit.account == Some(sym) || deal == Some(sym));
    let is_buyer = match pursuit.buyer {
        Buyer::Account(account) => Some(account) == sym,
        Buyer::Deal(deal) => Some(deal) == sym,
        Buyer::Person(_) => false,
    };
    is_named || is_buyer || pursuit.people.iter().any(|person| people.contains(person))
}

/// Something that happened to a pursuit itself.
struct Turn<'v> {
    moment: &'v Moment,
    rank: u8,
    what: String,
    visit: Option<&'v Visit>,
    detail: Option<String>,
    fact: Option<u32>,
}

fn pursuit_lines(ground: &Ground<'_>, number: u64, pursuit: &Pursuit, lines: &mut Vec<Line>) {
    let deal = pursuit
        .deal
        .and_then(|deal| ground.journeys.deals.get(deal as usize));
    for turn in turns(pursuit) {
        let visit = turn.visit;
        let step = visit.map(|visit| Cell::Text(ground.step_id(visit.step).to_owned()));
        // Who owned it belongs to the entry; a leaving has none of its own.
        let owner = visit.filter(|_| turn.detail.is_none());
        let mut cells = vec![
            time(turn.moment),
            Cell::Count(number),
            Cell::Text(turn.what),
            step.unwrap_or(Cell::Unknown),
            turn.detail.map_or(Cell::Unknown, Cell::Text),
            text(ground, owner.and_then(|visit| visit.team)),
            text(ground, owner.and_then(|visit| visit.rep)),
            text(ground, deal.map(|deal| deal.key)),
        ];
        // A turn of the pursuit is no touch and has no state of a deal.
        cells.extend([
            Cell::NotApplicable,
            Cell::NotApplicable,
            Cell::NotApplicable,
        ]);
        let fact = turn.fact.and_then(|fact| ground.fact(fact));
        cells.extend(origin(ground, fact));
        lines.push(Line {
            at: turn.moment.at,
            rank: turn.rank,
            person: fact.and_then(|fact| fact.person),
            fact: fact.map(|fact| fact.id),
            is_mark: false,
            cells,
        });
    }
}

fn turns(pursuit: &Pursuit) -> Vec<Turn<'_>> {
    let bare = |moment, rank, what: &str, fact| Turn {
        moment,
        rank,
        what: what.to_owned(),
        visit: None,
        detail: None,
        fact,
    };
    let mut turns = vec![bare(&pursuit.opened, 0, "pursuit opens", None)];
    for visit in &pursuit.visits {
        let what = if visit.is_implied {
            "enters (implied)"
        } else {
            "enters"
        };
        let entry = bare(&visit.entered, 3, what, visit.evidence);
        turns.push(Turn {
            visit: Some(visit),
            ..entry
        });
        if let Some(left) = visit.left.as_ref().filter(|_| !visit.is_implied) {
            let detail = Some(visit.left_by.word().replace('_', " "));
            turns.push(Turn {
                visit: Some(visit),
                detail,
                ..bare(left, 2, "leaves", None)
            });
        }
    }
    if let Some(end) = &pursuit.end {
        let what = format!("pursuit ends: {}", role_word(end.role));
        turns.push(bare(&end.moment, 4, &what, end.fact));
    }
    turns
}

/// Says of each line what is wrong with its fact. A mark that brought nothing about has a line
/// where something is wrong with it, and nobody would see it else.
fn say_issues(ground: &Ground<'_>, lines: &mut Vec<Line>) {
    let facts: HashSet<FactId> = lines.iter().filter_map(|line| line.fact).collect();
    let mut doubts: HashMap<FactId, BTreeSet<&str>> = HashMap::new();
    for issue in &ground.journeys.issues {
        if let Some(fact) = issue.fact.filter(|fact| facts.contains(fact)) {
            doubts.entry(fact).or_default().insert(issue.code.code());
        }
    }
    let turns = lines.iter().filter(|line| !line.is_mark);
    let told: HashSet<FactId> = turns.filter_map(|line| line.fact).collect();
    let is_wrong = |fact: FactId| doubts.contains_key(&fact) && !told.contains(&fact);
    lines.retain(|line| !line.is_mark || line.fact.is_some_and(is_wrong));
    for line in lines {
        let codes = line.fact.and_then(|fact| doubts.get(&fact));
        line.cells.push(codes.map_or(Cell::Unknown, |codes| {
            let codes: Vec<&str> = codes.iter().copied().collect();
            Cell::Text(codes.join(" "))
        }));
    }
}

/// Touches, assignments, verdicts, deal states and marks of these pursuits. Gives all facts about
/// them.
fn fact_lines(ground: &Ground<'_>, owners: &Owners, lines: &mut Vec<Line>) -> HashSet<FactId> {
    let names = &ground.snapshot.names;
    let mut concerned = HashSet::new();
    for (place, fact) in (0u32..).zip(&ground.snapshot.facts) {
        let Some(owner) = owners.owner(place, fact) else {
            continue;
        };
        concerned.insert(fact.id);
        let is_shown = matches!(
            fact.kind,
            FactKind::Touch
                | FactKind::Assignment
                | FactKind::Disposition
                | FactKind::Deal
                | FactKind::Person
                | FactKind::Mark
        );
        if !is_shown {
            continue;
        }
        let moment = Moment::start(fact.happened, &ground.charter.calendar);
        let detail: Vec<String> = fact
            .attributes
            .iter()
            .filter(|(name, value)| {
                !matches!(names.text(*name), "team" | "identity")
                    && !matches!(value, Value::Bool(_))
            })
            .map(|(name, value)| format!("{} {}", names.text(*name), ground.show(value)))
            .collect();
        let team = names.find("team").and_then(|name| fact.text(name));
        let mut cells = vec![
            time(&moment),
            Cell::Count(owner as u64 + 1),
            Cell::Text(fact.kind.word().to_owned()),
            Cell::Unknown,
            Cell::Text(detail.join(", ")),
            text(ground, team),
            text(ground, fact.rep),
            text(ground, fact.deal),
        ];
        cells.extend(states(ground, fact));
        cells.extend(origin(ground, Some(fact)));
        lines.push(Line {
            at: moment.at,
            rank: 1,
            person: fact.person,
            fact: Some(fact.id),
            is_mark: fact.kind == FactKind::Mark,
            cells,
        });
    }
    concerned
}

/// What kind of touch a fact is; the status and the amount that it gives its deal.
fn states(ground: &Ground<'_>, fact: &Fact) -> [Cell; 3] {
    let names = &ground.snapshot.names;
    let word = |name: &str| names.find(name).and_then(|name| fact.text(name));
    let money = |name: &str| match names.find(name).and_then(|name| fact.attribute(name)) {
        Some(Value::Money(money)) => Cell::Money(*money),
        _ => Cell::Unknown,
    };
    let only = |kind: FactKind, cell: Cell| match fact.kind == kind {
        true => cell,
        false => Cell::NotApplicable,
    };
    [
        only(FactKind::Touch, text(ground, word(TOUCH_KIND))),
        only(FactKind::Deal, text(ground, word("status"))),
        only(FactKind::Deal, money("amount")),
    ]
}

/// Which of the pursuits shown a fact is about, by its place in the list.
#[derive(Default)]
struct Owners {
    touches: HashMap<u32, usize>,
    deals: HashMap<Sym, usize>,
    people: HashMap<PersonId, usize>,
    accounts: HashMap<Sym, usize>,
}

impl Owners {
    fn of(ground: &Ground<'_>, found: &[(usize, &Pursuit)]) -> Owners {
        let mut owners = Owners::default();
        for (place, (_, pursuit)) in found.iter().enumerate() {
            let deal = pursuit.deal;
            let deal = deal.and_then(|deal| ground.journeys.deals.get(deal as usize));
            for touch in &pursuit.touches {
                owners.touches.entry(*touch).or_insert(place);
            }
            if let Some(deal) = deal {
                owners.deals.entry(deal.key).or_insert(place);
            }
            for person in &pursuit.people {
                owners.people.entry(*person).or_insert(place);
            }
            if let Some(account) = pursuit.account {
                owners.accounts.entry(account).or_insert(place);
            }
        }
        owners
    }

    /// The pursuit that a touch counts in, else the first of the fact's deal, of its person, or of
    /// its account.
    fn owner(&self, place: u32, fact: &Fact) -> Option<usize> {
        let counted = self.touches.get(&place);
        let named = || match (fact.deal, fact.person, fact.account) {
            (Some(deal), _, _) => self.deals.get(&deal),
            (None, Some(person), _) => self.people.get(&person),
            (None, None, account) => self.accounts.get(&account?),
        };
        counted.or_else(named).copied()
    }
}

fn text(ground: &Ground<'_>, sym: Option<Sym>) -> Cell {
    sym.map_or(Cell::Unknown, |sym| {
        Cell::Text(ground.snapshot.names.text(sym).to_owned())
    })
}

fn origin(ground: &Ground<'_>, fact: Option<&Fact>) -> [Cell; 3] {
    let origin = fact.map(|fact| fact.origin);
    let line = origin.map_or(Cell::Unknown, |origin| Cell::Count(u64::from(origin.line)));
    [
        text(ground, origin.map(|origin| origin.source)),
        text(ground, origin.map(|origin| origin.file)),
        line,
    ]
}

/// The defects that facts of these pursuits show.
fn issues(ground: &Ground<'_>, concerned: &HashSet<FactId>) -> Vec<IssueCount> {
    let mut counts = BTreeMap::new();
    for issue in &ground.journeys.issues {
        if issue.fact.is_some_and(|fact| concerned.contains(&fact)) {
            *counts.entry(issue.code).or_insert(0u64) += 1;
        }
    }
    let issue = |(code, count): (handfast_model::IssueCode, u64)| IssueCount {
        code: code.code().to_owned(),
        count,
        text: code.text_of(count).to_owned(),
    };
    counts.into_iter().map(issue).collect()
}
