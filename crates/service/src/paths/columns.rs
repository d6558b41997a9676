//! How credit of paths is shown: a row per channel, and for each model a column of successes, one
//! of their value, and one of shares with intervals where it is estimated.

use handfast_kernels::credit::VERSION;
use handfast_kernels::credit::chain::unsettled;
use handfast_kernels::credit::game;
use handfast_kernels::credit::sample::{Model, REPLICATES};
use handfast_kernels::credit::whole::balanced;
use handfast_model::credit::{CreditModel, Game, ModelKind};
use handfast_model::money::{Decimal, grouped};
use handfast_model::{Answer, Cell, Column, ColumnKind, Lineage, limits, many};

use super::{Book, SEED};

/// Successes and values are shown in millionths.
const SCALE: u32 = 6;
const MILLION: f64 = 1e6;

pub(super) fn answer(book: &Book) -> Answer {
    let nobody = book.whole.nobody;
    let has_nobody = book.whole.empty > 0 || nobody.value != 0;
    let mut table = Table {
        columns: vec![
            column("channel", ColumnKind::Text, ""),
            column(
                "paths",
                ColumnKind::Count,
                "paths through it, each once, whether they succeeded or not",
            ),
        ],
        rows: channels(book, has_nobody),
        totals: vec![
            Cell::Text("all".to_owned()),
            Cell::Count(book.whole.all.won + book.whole.lost),
        ],
        has_nobody,
    };
    for model in &book.models {
        table.add(book, model);
    }
    Answer {
        headline: None,
        columns: table.columns,
        totals: (table.rows.len() > 1).then_some(table.totals),
        currency_totals: Vec::new(),
        rows: table.rows,
        issues: Vec::new(),
        notes: notes(book),
        lineage: Lineage {
            packs: vec![(book.given.name.clone(), book.given.hash.clone())],
            kernels: vec![("credit".to_owned(), VERSION.to_string())],
            facts_used: book.given.rows,
            ..Lineage::default()
        },
    }
}

/// The first cells of each row; the last is of nobody, where paths without a channel succeeded.
fn channels(book: &Book, has_nobody: bool) -> Vec<Vec<Cell>> {
    let rows = book.names.iter().zip(book.whole.through());
    let rows = rows.map(|(name, through)| vec![Cell::Text(name.clone()), Cell::Count(through)]);
    let nobody = vec![
        Cell::Text("unknown: no touch".to_owned()),
        Cell::Count(book.whole.empty),
    ];
    rows.chain(has_nobody.then_some(nobody)).collect()
}

struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    totals: Vec<Cell>,
    has_nobody: bool,
}

impl Table {
    fn add(&mut self, book: &Book, model: &CreditModel) {
        let [of_won, of_value] = book.credits(model.kind);
        let (won, value) = book.shared_out();
        let nobody = book.whole.nobody;
        let name = &model.name;
        let is_summed = model.kind.is_additive();
        let millionths = |credits: Vec<f64>| credits.iter().map(|one| one * MILLION).collect();
        let of_won = of_won.map(millionths);
        let means = match model.kind {
            ModelKind::Participation => "successes it took part in: never summed",
            _ if model.kind.is_estimated() => "successes by its estimated share",
            _ => "successes credited to it",
        };
        let whole = (
            i128::from(won) * 1_000_000,
            i128::from(nobody.won) * 1_000_000,
        );
        self.figures(name, means, of_won, whole, is_summed);
        if book.given.has_value {
            let name = format!("{name}_value");
            let means = match model.kind.is_estimated() {
                true => "what successes brought, by what channels are for it",
                false => "",
            };
            self.figures(&name, means, of_value, (value, nobody.value), is_summed);
        }
        let learned = book.learned_of(model.kind);
        let Some((learned, intervals)) =
            learned.and_then(|learned| Some((learned, learned.intervals.as_ref()?)))
        else {
            return;
        };
        self.columns.push(column(
            &format!("{name}_share"),
            ColumnKind::EstimatedShare,
            "its share of what all channels get, and where that lies in 95 of 100 replicates",
        ));
        let shares = learned.shares.iter().flatten().zip(intervals);
        let shares = shares.map(|(share, interval)| Cell::EstimatedShare(*share, *interval));
        let untold = learned.shares.is_none().then_some(Cell::NotApplicable);
        let untold = untold.iter().cycle().take(book.names.len()).cloned();
        let shares = shares.chain(untold);
        let nobodys = self.has_nobody.then_some(Cell::NotApplicable);
        for (row, cell) in self.rows.iter_mut().zip(shares.chain(nobodys)) {
            row.push(cell);
        }
        self.totals.push(Cell::NotApplicable);
    }

    /// A column of credits, of nobody's too, that sum to what there is.
    fn figures(
        &mut self,
        name: &str,
        means: &str,
        credits: Option<Vec<f64>>,
        (shared, nobodys): (i128, i128),
        is_summed: bool,
    ) {
        self.columns.push(column(name, ColumnKind::Decimal, means));
        let cell = |units: i128| {
            Cell::Decimal(Decimal {
                units,
                scale: SCALE,
            })
        };
        let Some(credits) = credits else {
            self.rows
                .iter_mut()
                .for_each(|row| row.push(Cell::NotApplicable));
            return self.totals.push(Cell::NotApplicable);
        };
        let units = match is_summed {
            true => balanced(shared, &credits),
            false => credits.iter().map(|one| one.round() as i128).collect(),
        };
        let nobodys = self.has_nobody.then_some(nobodys);
        let all = units.into_iter().chain(nobodys);
        let mut sum = 0;
        for (row, units) in self.rows.iter_mut().zip(all) {
            row.push(cell(units));
            sum += units;
        }
        self.totals.push(match is_summed {
            true => cell(sum),
            false => Cell::NotApplicable,
        });
    }
}

fn column(id: &str, kind: ColumnKind, means: &str) -> Column {
    Column {
        id: id.to_owned(),
        kind,
        unit: None,
        means: means.to_owned(),
    }
}

/// What a reader must know: how rows were understood, and what no model can say.
fn notes(book: &Book) -> Vec<String> {
    let whole = &book.whole;
    let distinct = book
        .distinct
        .map(|paths| format!(", {}", many(paths as u64, "distinct path")));
    let mut notes = vec![format!(
        "{}{}: {}, {} that ended in nothing",
        many(book.given.rows, "row"),
        distinct.unwrap_or_default(),
        many(whole.all.won, "success"),
        grouped(&whole.lost.to_string())
    )];
    let mut say = |is_so: bool, note: &str| notes.extend(is_so.then(|| note.to_owned()));
    let given = &book.given;
    say(
        !given.has_counts,
        "no column says how often a path succeeded: each row is one success",
    );
    say(
        given.has_counts && !given.has_lost,
        "no column counts paths that ended in nothing: each row without success is one",
    );
    let has = |kind| book.models.iter().any(|model| model.kind == kind);
    let is_estimated = !book.learned.is_empty();
    say(
        is_estimated && whole.lost == 0,
        "no path ended in nothing: what a channel loses is told only by how paths go on",
    );
    say(
        has(ModelKind::LastNonDirect) && !book.has_direct,
        "no channel is called direct: last_non_direct is last",
    );
    say(
        has(ModelKind::Participation),
        "participation gives a success to everyone who took part: never sum it",
    );
    for played in [Game::Together, Game::Chain, Game::Alone] {
        say(has(ModelKind::Shapley(played)), game::declared(played));
    }
    notes.extend(book.stands.clone());
    notes.extend(estimates(book));
    notes.push(
        "credit is bookkeeping: it shares out what was won, and does not say what would have \
         happened without a touch"
            .to_owned(),
    );
    notes
}

/// What an estimated model cannot say of these paths.
fn untold(book: &Book, model: &CreditModel) -> Vec<String> {
    let Some(learned) = book.learned_of(model.kind) else {
        return Vec::new();
    };
    let (won, value) = book.shared_out();
    let (name, channels) = (&model.name, book.names.len());
    let untold = [
        (!learned.is_settled, unsettled(name)),
        (
            won > 0 && learned.shares.is_none(),
            format!(
                "{name} has nothing to share by: its values sum to nothing, as where no path goes \
                 through every channel"
            ),
        ),
        (
            book.given.has_value && value != 0 && learned.of_value.is_none(),
            format!(
                "{name}_value is not told: its values sum to nothing, or what paths of some last \
                 channel brought is less than nothing"
            ),
        ),
        (
            book.has_intervals && learned.intervals.is_none(),
            format!(
                "{name} has no intervals: two hundred replicates of {channels} channels would take \
                 too long ({} are the most); --top joins small ones",
                limits::INTERVAL_CHANNELS
            ),
        ),
    ];
    let untold = untold.into_iter().filter(|(is_so, _)| *is_so);
    untold.map(|(_, note)| note).collect()
}

fn estimates(book: &Book) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(chance) = book.chance {
        notes.push(format!(
            "removal effects and chains are solved exactly; chance of success {chance:.6}"
        ));
    }
    for learned in &book.learned {
        if let (Some(error), Model::Shapley(_)) = (learned.error, learned.model) {
            notes.push(game::drawn(SEED, error));
        }
    }
    for model in &book.models {
        notes.extend(untold(book, model));
    }
    if book
        .learned
        .iter()
        .any(|learned| learned.intervals.is_some())
    {
        notes.push(format!(
            "intervals are of {REPLICATES} replicates, seed {SEED}: every distinct path's counts \
             drawn again"
        ));
    }
    if book.joined > 0 {
        notes.push(format!(
            "joined as one, in every model: {} of fewest successes",
            many(book.joined as u64, "channel")
        ));
    }
    notes
}
