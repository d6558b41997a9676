//! Which attributes know the outcome. The evidence and the verdict are `kernels::leaks`.

use handfast_kernels::leaks::{self, Verdict};
use handfast_kernels::metric::{Counted, Member as Measured};
use handfast_model::{ColumnKind, Question};

use super::figure::{Figure, Reading, figure};
use super::ground::Ground;
use super::sheet::{Key, Member, Sheet};
use super::tally::Tally;

/// The member columns of a row.
const GIVEN: usize = 0;
const GIVEN_MET: usize = 1;
const BLANK: usize = 2;
const BLANK_MET: usize = 3;
const TOLD: usize = 4;
const COMMON: usize = 5;
const AFTER: usize = 6;
const ALL: usize = 7;

/// Weighs every attribute of the charter.
pub(super) fn count<'a>(ground: &'a Ground<'a>, question: &'a Question) -> Tally<'a> {
    let world = ground.world();
    let found = leaks::leaks(&world, ground.journeys, &|pursuit| {
        ground.is_pursuit_asked(pursuit)
    });
    let mut sheet = Sheet::new(ALL + 1);
    let mut warnings = Vec::new();
    for (rank, leak) in (0u32..).zip(&found) {
        let Some(declared) = ground.charter.attributes.get(leak.attribute) else {
            continue;
        };
        let name = format!("{}.{}", declared.subject.word(), declared.name);
        let stages = leaks::used_by(ground.charter, declared);
        if leak.verdict <= Verdict::Leans && !stages.is_empty() {
            warnings.push(format!(
                "the rules of stage {} name {name}, which is {}: what they find is known only \
                 afterwards, or as good as known",
                stages.join(", "),
                leak.verdict.words(),
            ));
        }
        let keys = [
            Key::Place(rank, name),
            Key::Text(leak.verdict.words().to_owned()),
            Key::Text(leak.outcome.word().to_owned()),
        ];
        let place = sheet.open_row(&keys);
        for (column, members) in [
            (GIVEN, &leak.given),
            (GIVEN_MET, &leak.given_met),
            (BLANK, &leak.blank),
            (BLANK_MET, &leak.blank_met),
            (TOLD, &leak.told),
            (COMMON, &leak.common),
            (AFTER, &leak.after),
            (ALL, &leak.given),
            (ALL, &leak.blank),
        ] {
            for &pursuit in members {
                sheet.add_at(place, column, Member::Measured(pursuit));
            }
        }
    }
    let mut tally = Tally::new(ground, question, sheet);
    tally.text_column("attribute", "");
    tally.text_column("verdict", "");
    tally.text_column("outcome", "the outcome that it tells best");
    tally.figures = figures();
    tally.measured = measured(ground);
    tally.has_totals = false;
    tally.notes = notes();
    tally.notes.extend(warnings);
    tally
}

fn notes() -> Vec<String> {
    [
        "an attribute that tells the outcome is a very good predictor, or was filled in because \
         of it: find out when it is filled before a rule, a segment or a forecast rests on it",
        "tells: removes at least 40 % of the errors of a blind guess; leans: 20 %; written after: \
         at least half of the ended ones got it, or another value, at or after their end",
    ]
    .map(str::to_owned)
    .to_vec()
}

fn figures() -> Vec<Figure> {
    let unit = Some("pursuit");
    let share = |id: &str, means: &str, part, whole| {
        figure(
            id,
            ColumnKind::Ratio,
            unit,
            means,
            Reading::Share(part, whole),
        )
    };
    vec![
        share("given", "have a value", GIVEN, ALL),
        share(
            "met_if_given",
            "of those with a value, had the outcome",
            GIVEN_MET,
            GIVEN,
        ),
        share(
            "met_if_blank",
            "of those without one, had the outcome",
            BLANK_MET,
            BLANK,
        ),
        share(
            "told",
            "whose outcome the others with the same value tell rightly",
            TOLD,
            ALL,
        ),
        share(
            "by_chance",
            "what always guessing the commoner outcome gets right",
            COMMON,
            ALL,
        ),
        figure(
            "after_end",
            ColumnKind::Count,
            unit,
            "first given, or changed, at or after the end",
            Reading::Count(AFTER),
        ),
    ]
}

/// Every pursuit by its place, so that each figure can be listed.
fn measured(ground: &Ground<'_>) -> Vec<Measured> {
    let pursuits = (0u32..).zip(&ground.journeys.pursuits);
    let member = |(index, pursuit): (u32, &handfast_kernels::Pursuit)| Measured {
        counted: Counted::Pursuit(index),
        pursuit: Some(index),
        visit: None,
        person: pursuit.people.first().copied(),
        anchor: pursuit.opened,
        is_part: true,
        money: None,
        weight: None,
        valued: None,
        number: None,
        spread: None,
        elapsed: None,
        reason: None,
        fact: None,
        issue: None,
    };
    pursuits.map(member).collect()
}
