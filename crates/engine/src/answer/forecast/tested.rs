//! Past windows, each forecast with what had happened before it: how well each voice told them.

use handfast_kernels::forecast::Scores;
use handfast_kernels::forecast::rolling::{Record, Voice};
use handfast_model::{
    Answer, Cell, Column, ColumnKind, Currency, Day, Money, Ratio, Refusal, many,
};

use super::super::Pick;
use super::super::tally::lineage;
use super::{Book, TESTED_PATHS, long};

/// What is scored, in the order of rows.
const FIGURES: [&str; 2] = ["deals", "value"];
/// Who spoke at each origin, chosen by the origins before.
const CHOSEN: &str = "chosen";
/// The scores of an answer.
const SCORES: [(&str, &str); 6] = [
    ("windows", "past windows told"),
    ("spoke", "of them, those in which it was chosen"),
    ("wape", "Σ|came − p50| over Σ came"),
    (
        "bias",
        "Σ(p50 − came) over Σ came: above 0 too much was told",
    ),
    (
        "pinball",
        "mean pinball loss of p10, p50 and p90 over the mean of what came",
    ),
    (
        "coverage",
        "windows in which what came lay within p10 to p90",
    ),
];

impl Book<'_> {
    /// The scores of each voice.
    pub(super) fn tested(&self) -> Result<Answer, Refusal> {
        let rolled = self.rolled();
        let mut rows = Vec::new();
        for (figure, record) in FIGURES.iter().zip([&rolled.deals, &rolled.value]) {
            let is_unknown = *figure == "value" && self.tracks.currency.is_none();
            let told = record.told.len() as u64;
            let voices = Voice::ALL.map(|voice| {
                let spoke = record
                    .told
                    .iter()
                    .filter(|told| told.chosen == voice)
                    .count();
                (voice.word(), spoke as u64, record.scores(voice))
            });
            let chosen = (CHOSEN, told, record.chosen());
            for (word, spoke, scores) in [chosen].into_iter().chain(voices) {
                let mut cells = vec![
                    Cell::Text((*figure).to_owned()),
                    Cell::Text(word.to_owned()),
                    Cell::Count(scores.told),
                    Cell::Count(spoke),
                ];
                cells.extend(shares(&scores, is_unknown));
                rows.push(cells);
            }
        }
        let mut notes = self.said(rolled.deals.told.len() as u64);
        notes.extend(self.caveats());
        Ok(Answer {
            headline: None,
            columns: columns(),
            rows,
            totals: None,
            currency_totals: Vec::new(),
            issues: self.tally.issues_with(&self.tracks.issues),
            notes,
            lineage: lineage(self.ground),
        })
    }

    fn said(&self, windows: u64) -> Vec<String> {
        let long = long(self.horizon);
        let mut notes = vec![format!(
            "{} of {long}, one beginning with each month, the last over by the end of {}; \
             {TESTED_PATHS} paths each",
            many(windows, "past window"),
            Day(self.window.at)
        )];
        if windows == 0 {
            notes.push(
                "history is too short: before a window something must have been seen for as long"
                    .to_owned(),
            );
        }
        notes.push(
            "chosen: who would have spoken, by the windows before alone; all are scored over the \
             windows of which the model could tell something"
                .to_owned(),
        );
        notes
    }

    /// The windows behind the scores of a voice.
    pub(super) fn windows(&self, pick: &Pick) -> Result<Answer, Refusal> {
        if !SCORES.iter().any(|(id, _)| *id == pick.column) {
            let known: Vec<&str> = SCORES.iter().map(|(id, _)| *id).collect();
            let title = format!("this answer has no figure `{}`", pick.column);
            let fix = format!("--records one of: {}", known.join(", "));
            return Err(Refusal::new("E0409", title).fix(fix));
        }
        let rolled = self.rolled();
        // Of one figure they are numbers; deals and money beside each other are texts.
        let figure = pick.row.first().cloned();
        let words = || [CHOSEN].into_iter().chain(Voice::ALL.map(Voice::word));
        let mut rows = Vec::new();
        let mut is_found = pick.row.is_empty();
        for (figure, record) in FIGURES.iter().zip([&rolled.deals, &rolled.value]) {
            for word in words() {
                let mut named = pick.row.iter().zip([*figure, word]);
                if pick.row.len() <= 2 && named.all(|(asked, name)| asked == name) {
                    is_found = true;
                    rows.extend(self.lines(record, (figure, word), pick.row.is_empty()));
                }
            }
        }
        if !is_found {
            let title = format!("no row of this answer begins with `{}`", pick.row.join(","));
            return Err(Refusal::new("E0410", title)
                .fix("--row as the row's first cells, for example --row deals,model"));
        }
        Ok(Answer {
            headline: None,
            columns: self.line_columns(figure.as_deref()),
            notes: vec![format!(
                "{} behind `{}`",
                many(rows.len() as u64, "record"),
                pick.column
            )],
            rows,
            totals: None,
            currency_totals: Vec::new(),
            issues: self.tally.issues_with(&self.tracks.issues),
            lineage: lineage(self.ground),
        })
    }

    /// What was told and what came: of one figure in its own unit.
    fn line_columns(&self, figure: Option<&str>) -> Vec<Column> {
        let unit = match figure {
            Some("value") => self.tracks.currency.as_ref().map(Currency::code),
            Some(_) => Some("deal"),
            None => None,
        };
        let columns = LINES.iter().map(|(id, kind)| {
            let is_told = *kind == ColumnKind::Number;
            let kind = match figure {
                Some("value") if is_told => ColumnKind::Money,
                None if is_told => ColumnKind::Text,
                _ => *kind,
            };
            Column {
                unit: unit.filter(|_| is_told).map(str::to_owned),
                ..column(id, kind, "")
            }
        });
        columns.collect()
    }

    fn lines(
        &self,
        record: &Record,
        (figure, word): (&str, &str),
        are_texts: bool,
    ) -> Vec<Vec<Cell>> {
        let amount = |number: i64| {
            let money = |currency| Money {
                minor: number,
                currency,
            };
            match (figure, self.tracks.currency.map(money)) {
                ("value", Some(money)) if are_texts => Cell::Text(money.to_string()),
                ("value", Some(money)) => Cell::Money(money),
                ("value", None) => Cell::Unknown,
                _ if are_texts => Cell::Text(number.to_string()),
                _ => Cell::Number(number),
            }
        };
        let past = self.past();
        let lines = past.iter().zip(&record.told).filter_map(|(window, told)| {
            let voice = match Voice::ALL.into_iter().find(|voice| voice.word() == word) {
                Some(voice) => voice,
                None => told.chosen,
            };
            let range = told.of(voice)?;
            Some(vec![
                Cell::Text(figure.to_owned()),
                Cell::Text(voice.word().to_owned()),
                Cell::Day(Day(window.from)),
                Cell::Day(Day(window.until)),
                amount(range.low),
                amount(range.mid),
                amount(range.high),
                told.came.map_or(Cell::Unknown, amount),
                Cell::Flag(told.chosen == voice),
            ])
        });
        lines.collect()
    }
}

const LINES: [(&str, ColumnKind); 9] = [
    ("figure", ColumnKind::Text),
    ("voice", ColumnKind::Text),
    ("from", ColumnKind::Time),
    ("until", ColumnKind::Time),
    ("p10", ColumnKind::Number),
    ("p50", ColumnKind::Number),
    ("p90", ColumnKind::Number),
    ("came", ColumnKind::Number),
    ("spoke", ColumnKind::Flag),
];

pub(super) fn column(id: &str, kind: ColumnKind, means: &str) -> Column {
    Column {
        id: id.to_owned(),
        kind,
        unit: None,
        means: means.to_owned(),
    }
}

fn columns() -> Vec<Column> {
    let names = [("figure", "what is told"), ("voice", "who told it")];
    let names = names.map(|(id, means)| column(id, ColumnKind::Text, means));
    let scores = SCORES.iter().enumerate().map(|(place, (id, means))| {
        let kind = match place {
            0 | 1 => ColumnKind::Count,
            _ => ColumnKind::Ratio,
        };
        column(id, kind, means)
    });
    names.into_iter().chain(scores).collect()
}

/// WAPE, bias, pinball loss and coverage, each as part and whole.
fn shares(scores: &Scores, is_unknown: bool) -> [Cell; 4] {
    let ratio = |part: i128, whole: i128| {
        let both = (i64::try_from(part), u64::try_from(whole));
        match both {
            (Ok(part), Ok(whole)) if !is_unknown => Cell::Ratio(Ratio { part, whole }),
            _ => Cell::Unknown,
        }
    };
    let (loss, whole) = scores.pinball_share();
    [
        ratio(scores.off, scores.came),
        ratio(scores.over, scores.came),
        ratio(loss, whole),
        ratio(i128::from(scores.within), i128::from(scores.told)),
    ]
}
