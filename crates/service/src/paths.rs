//! Credit from a file of paths, without any book: whole paths, how they ended and what that was
//! worth. Order is all that is known of them: no dates, no leads, no deals.

mod columns;
mod stands;

use std::collections::BTreeSet;

use handfast_kernels::credit::again::replicates;
use handfast_kernels::credit::chain::{Chain, Ends};
use handfast_kernels::credit::game;
use handfast_kernels::credit::paths::Paths;
use handfast_kernels::credit::rule::Rule;
use handfast_kernels::credit::sample::{self, Model};
use handfast_kernels::credit::seen::Seen;
use handfast_kernels::credit::whole::Whole;
use handfast_kernels::threads::at_once;
use handfast_model::credit::{CreditModel, Game, ModelKind, Positions};
use handfast_model::{Answer, Refusal, limits};

/// What is drawn, is drawn from this.
const SEED: u64 = 1;
/// Channels whose own name says that the buyer came directly, in lower case.
const DIRECT: [&str; 4] = ["direct", "(direct)", "direct / none", "(direct) / (none)"];

/// What a file of paths held.
pub struct Given {
    /// The file, as the person named it.
    pub name: String,
    /// The hash of its bytes.
    pub hash: String,
    /// Its paths.
    pub parts: Parts,
    /// How many rows there were.
    pub rows: u64,
    /// Whether rows say how often a path succeeded.
    pub has_counts: bool,
    /// Whether rows say what that was worth.
    pub has_value: bool,
    /// Whether rows say how often a path ended in nothing.
    pub has_lost: bool,
}

/// Sets of paths, each with its channels by number.
pub enum Parts {
    /// Each distinct path.
    Distinct(Vec<(Vec<String>, Paths)>),
    /// What they come to.
    Summed(Vec<(Vec<String>, Seen)>),
}

/// What is asked of it.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The models; none = those that make sense for it.
    pub models: Vec<String>,
    /// So many channels keep their names, those of most successes; all others are one.
    pub top: Option<u16>,
    /// Whether estimates carry intervals.
    pub has_intervals: bool,
}

impl Asked {
    /// The highest order of chains that is asked for, where sums of paths will do; `None` where
    /// each distinct path is looked at again: to draw it again, or for the set of its channels.
    /// `bytes` is how large the file is: of small ones rules are drawn again too, and so they are
    /// where channels are joined.
    fn sums(&self, bytes: u64) -> Result<Option<usize>, Refusal> {
        let models = models(&self.models)?;
        let mut order = 1;
        let is_learned =
            models.is_empty() || models.iter().any(|one| Model::of(one.kind).is_some());
        let is_small = bytes <= stands::BYTES || self.top.is_some();
        let mut is_enough = !(self.has_intervals && (is_learned || is_small));
        for model in models {
            match Model::of(model.kind) {
                Some(Model::Markov { order: asked }) => order = order.max(asked),
                Some(Model::Shapley(Game::Together | Game::Alone)) => is_enough = false,
                Some(Model::Shapley(Game::Chain)) | None => {}
            }
        }
        Ok(is_enough.then_some(order))
    }
}

/// Whether a channel's name says that the buyer came directly.
pub fn is_direct(name: &str) -> bool {
    DIRECT.contains(&name.to_lowercase().as_str())
}

/// Which models a file of paths is asked for, before it is read.
pub fn models(names: &[String]) -> Result<Vec<CreditModel>, Refusal> {
    let names = names.iter().map(String::as_str);
    let known = || {
        let known = ModelKind::all().filter(|kind| can_be_had(*kind));
        known.map(ModelKind::name).collect::<Vec<_>>().join(", ")
    };
    let find = |name: &str| match CreditModel::parse(name) {
        None => Err(
            Refusal::new("E0434", format!("`{name}` is not a model of credit"))
                .fix(format!("--models one or more of: {}", known())),
        ),
        Some(model) if can_be_had(model.kind) => Ok(model),
        Some(model) => {
            let why = match model.kind {
                ModelKind::Decay { .. } => "how long before the success each touch was",
                _ => "where in the path a lead or a deal was created",
            };
            let title = format!("`{name}` cannot be had from paths alone: it asks {why}");
            Err(Refusal::new("E0436", title)
                .matters("a file of paths knows the order of touches and nothing else of them")
                .fix(format!(
                    "--models one or more of: {}\n\
                     or import the touches into a book: handfast ask credit --book BOOK",
                    known()
                )))
        }
    };
    names.map(find).collect()
}

fn can_be_had(kind: ModelKind) -> bool {
    match kind {
        ModelKind::Positions(shares) => shares.lead == 0 && shares.deal == 0,
        ModelKind::Decay { .. } => false,
        _ => true,
    }
}

/// Answers from a file of paths of so many bytes. `read` reads it: each distinct path, or where an
/// order is given only what all of them come to, with steps counted at that order.
pub fn answer(
    asked: &Asked,
    bytes: u64,
    read: impl Fn(Option<usize>) -> Result<Given, Refusal>,
) -> Result<Answer, Refusal> {
    let mut sums = asked.sums(bytes)?;
    let (mut book, known) = loop {
        match Book::new(read(sums)?, asked)? {
            Some(found) => break found,
            // Sums do not tell what so many channels come to when some of them are joined.
            None => sums = None,
        }
    };
    let estimated: Vec<Model> = {
        let kinds = book.models.iter().map(|model| model.kind);
        kinds.filter_map(Model::of).collect()
    };
    let channels = book.names.len();
    let most = estimated.iter().map(|model| model.most_channels()).min();
    if let Some(most) = most.filter(|most| channels > *most) {
        let title = format!("{channels} channels, where at most {most} can be told apart");
        return Err(Refusal::new("E0435", title)
            .matters("a statistical model of so many says nothing of any of them")
            .fix("--top 20, which joins all others; or --models first,last,linear"));
    }
    let has_value = book.given.has_value;
    let learn = |place: usize| {
        let model = *estimated.get(place)?;
        Some(known.learned(model, channels, has_value))
    };
    let found = at_once(estimated.len(), learn);
    book.learned.extend(found.into_iter().flatten());
    if let (Known::Paths(paths), true) = (&known, asked.has_intervals) {
        let mut learned = book.learned.iter_mut();
        let soon: Vec<&mut Learned> = learned
            .by_ref()
            .filter(|_| Model::is_soon(channels))
            .collect();
        let models: Vec<Model> = soon.iter().map(|learned| learned.model).collect();
        let all = replicates(&models, paths, channels, SEED);
        for (learned, all) in soon.into_iter().zip(all) {
            learned.intervals = Some(sample::intervals(&all, channels));
            learned.again = all;
        }
    }
    book.stands = stands::note(&book, &known);
    if book.learned.iter().any(|learned| learned.is_of_chain()) {
        book.chance = Some(known.chain(channels, 1).removal().chance);
    }
    Ok(columns::answer(&book))
}

/// What is known of paths, whose channels are numbered by name.
enum Known {
    Paths(Paths),
    Seen(Box<Seen>),
}

impl Known {
    fn of(parts: Parts, file: &str) -> Result<(Vec<String>, Known), Refusal> {
        Ok(match parts {
            Parts::Distinct(parts) => {
                let (names, parts) = numbered(parts, file)?;
                (names, Known::Paths(Paths::together(parts)))
            }
            Parts::Summed(parts) => {
                let (names, parts) = numbered(parts, file)?;
                let seen = Seen::together(parts, names.len());
                (names, Known::Seen(Box::new(seen)))
            }
        })
    }

    fn whole(&self, is_direct: &[bool]) -> Whole {
        match self {
            Known::Paths(paths) => Whole::of(paths.iter(), is_direct),
            Known::Seen(seen) => seen.whole().clone(),
        }
    }

    fn chain(&self, channels: usize, order: usize) -> Chain {
        match self {
            Known::Paths(paths) => Chain::of(paths.iter(), channels, order),
            Known::Seen(seen) => seen.chain(channels, order),
        }
    }

    /// What a model says of successes, and of what they brought.
    fn learned(&self, model: Model, channels: usize, has_value: bool) -> Learned {
        let order = match model {
            Model::Markov { order } => order,
            Model::Shapley(_) => 1,
        };
        let mut is_settled = true;
        let (shares, of_value, error) = match (model, self) {
            (Model::Shapley(game @ (Game::Together | Game::Alone)), Known::Paths(paths)) => {
                let of_value = has_value
                    .then(|| game::of_value(game, paths.iter(), channels, SEED))
                    .flatten();
                let values = game::values(game, paths.iter(), channels, SEED);
                (values.shares(), of_value.and_then(|one| one.shares()), None)
            }
            _ => {
                let chain = self.chain(channels, order);
                let paying = has_value.then(|| chain.paying(&self.ends())).flatten();
                match model {
                    Model::Markov { .. } => {
                        let removal = chain.removal();
                        let of_value = paying.map(|paying| paying.removal());
                        is_settled = of_value.iter().chain([&removal]).all(|one| one.is_settled);
                        let of_value = of_value.and_then(|removal| removal.shares());
                        (removal.shares(), of_value, None)
                    }
                    Model::Shapley(_) => {
                        let both: Vec<&Chain> = [&chain].into_iter().chain(&paying).collect();
                        let mut values = game::chains(&both, SEED).into_iter();
                        let (won, value) = (values.next(), values.next());
                        // Of both columns: what successes brought may hang on fewer paths.
                        let errors = won
                            .iter()
                            .chain(&value)
                            .filter_map(|one| one.largest_error());
                        let error = errors.filter(|error| error.is_finite()).reduce(f64::max);
                        let of_value = value.and_then(|value| value.shares());
                        (won.and_then(|won| won.shares()), of_value, error)
                    }
                }
            }
        };
        Learned {
            model,
            shares,
            of_value,
            error,
            intervals: None,
            again: Vec::new(),
            is_settled,
        }
    }

    fn ends(&self) -> Ends {
        match self {
            Known::Paths(paths) => Ends::of(paths.iter()),
            Known::Seen(seen) => seen.ends(),
        }
    }

    /// The same with some channels joined to the one of the last number; `None` where what is known
    /// does not tell it. `is_direct` is of the channels as they were.
    fn joined(self, numbers: &[u16], is_direct: &[bool]) -> Option<Known> {
        Some(match self {
            Known::Paths(paths) => {
                let mut joined = Paths::default();
                joined.append(&paths, numbers);
                Known::Paths(joined)
            }
            Known::Seen(seen) => Known::Seen(Box::new(seen.joined(numbers, is_direct)?)),
        })
    }

    fn distinct(&self) -> Option<usize> {
        match self {
            Known::Paths(paths) => Some(paths.len()),
            Known::Seen(_) => None,
        }
    }
}

/// All channels by name, and each set with their numbers. What cores read apart may be more
/// together than any of them saw.
fn numbered<T>(parts: Vec<(Vec<String>, T)>, file: &str) -> Result<Numbered<T>, Refusal> {
    let names: BTreeSet<&String> = parts.iter().flat_map(|(names, _)| names).collect();
    let names: Vec<String> = names.into_iter().cloned().collect();
    let (found, most) = (names.len(), limits::PATH_CHANNELS);
    if found > most {
        let title = format!("{file}: {found} channels, where {most} are the most there can be");
        return Err(Refusal::new("E0438", title)
            .matters("ids of clicks or pages are no channels; nothing can be said of each")
            .fix("give every path the channels that its clicks came by"));
    }
    let number = |name: &String| names.binary_search(name).unwrap_or(0) as u16;
    let numbered = parts.into_iter().map(|(own, set)| {
        let numbers = own.iter().map(number).collect();
        (set, numbers)
    });
    let numbered = numbered.collect();
    Ok((names, numbered))
}

/// Names by number, and each set with the numbers of its own.
type Numbered<T> = (Vec<String>, Vec<(T, Vec<u16>)>);

/// All that an answer is made of.
struct Book {
    given: Given,
    models: Vec<CreditModel>,
    names: Vec<String>,
    whole: Whole,
    /// How many paths differ, where that was counted.
    distinct: Option<usize>,
    learned: Vec<Learned>,
    /// The chance of success, where a chain was made.
    chance: Option<f64>,
    has_direct: bool,
    /// Channels that are one under the name of all others.
    joined: usize,
    /// Whether estimates should carry intervals.
    has_intervals: bool,
    /// Whether the order of channels is one to decide by, in a sentence.
    stands: Option<String>,
}

/// What an estimated model found.
struct Learned {
    model: Model,
    /// By channel; none where nothing can be shared by it.
    shares: Option<Vec<f64>>,
    /// The same of what successes brought.
    of_value: Option<Vec<f64>>,
    /// The largest standard error of a share, where orders of joining were drawn.
    error: Option<f64>,
    /// By channel, where they are asked for.
    intervals: Option<Vec<Option<(f64, f64)>>>,
    /// The shares of each replicate in which anything could be shared.
    again: Vec<Vec<f64>>,
    /// Whether the chances that its shares follow from came to rest.
    is_settled: bool,
}

impl Learned {
    fn is_of_chain(&self) -> bool {
        !matches!(self.model, Model::Shapley(Game::Together | Game::Alone))
    }
}

impl Book {
    /// `None` where only each distinct path tells what is asked, and sums were given.
    fn new(mut given: Given, asked: &Asked) -> Result<Option<(Book, Known)>, Refusal> {
        let none = Parts::Summed(Vec::new());
        let parts = std::mem::replace(&mut given.parts, none);
        let (mut names, mut known) = Known::of(parts, &given.name)?;
        let directs =
            |names: &[String]| -> Vec<bool> { names.iter().map(|name| is_direct(name)).collect() };
        let mut whole = known.whole(&directs(&names));
        let mut joined = 0;
        let top = asked.top.map(usize::from).filter(|top| *top < names.len());
        if let Some(top) = top {
            joined = names.len() - top;
            let were_direct = directs(&names);
            let numbers = join_others(&whole, &mut names, top);
            let Some(fewer) = known.joined(&numbers, &were_direct) else {
                return Ok(None);
            };
            known = fewer;
            whole = known.whole(&directs(&names));
        }
        let models = match asked.models.is_empty() {
            true => shown(names.len()),
            false => models(&asked.models)?,
        };
        let book = Book {
            distinct: known.distinct(),
            has_direct: directs(&names).contains(&true),
            learned: Vec::new(),
            chance: None,
            given,
            models,
            names,
            whole,
            joined,
            has_intervals: asked.has_intervals,
            stands: None,
        };
        Ok(Some((book, known)))
    }

    /// What a model gives to each channel, of successes and of their value; none of what cannot be
    /// shared by it.
    fn credits(&self, kind: ModelKind) -> [Option<Vec<f64>>; 2] {
        let both = |credits: Vec<(f64, f64)>| {
            let (won, value) = credits.into_iter().unzip();
            [Some(won), Some(value)]
        };
        let by_rule = |rule| both(self.whole.by_rule(rule).unwrap_or_default());
        if let Some(rule) = Rule::of(kind) {
            return by_rule(rule);
        }
        match kind {
            ModelKind::Participation => {
                let sums = self.whole.took_part().into_iter();
                both(sums.map(|sum| (sum.won as f64, sum.value as f64)).collect())
            }
            // Ages are not known here, and rules were told before.
            ModelKind::Decay { .. } | ModelKind::Positions(_) | ModelKind::LastNonDirect => {
                [None, None]
            }
            ModelKind::Markov { .. } | ModelKind::Shapley(_) => {
                let (won, value) = self.shared_out();
                let of = |whole: f64, shares: Option<&Vec<f64>>| match shares {
                    // Nothing is shared out whole by whatever shares.
                    None if whole == 0.0 => Some(vec![0.0; self.names.len()]),
                    shares => Some(shares?.iter().map(|share| share * whole).collect()),
                };
                let learned = self.learned_of(kind);
                let won = of(won as f64, learned.and_then(|one| one.shares.as_ref()));
                [
                    won,
                    of(value as f64, learned.and_then(|one| one.of_value.as_ref())),
                ]
            }
        }
    }

    fn learned_of(&self, kind: ModelKind) -> Option<&Learned> {
        let model = Model::of(kind)?;
        self.learned.iter().find(|learned| learned.model == model)
    }

    /// What there is to share: all but what paths without a channel came to.
    fn shared_out(&self) -> (u64, i128) {
        let (all, nobody) = (self.whole.all, self.whole.nobody);
        (all.won - nobody.won, all.value - nobody.value)
    }
}

/// Up to so many channels, Shapley values of all replicates are there in a moment.
const SOON: usize = 12;

/// The models where none are named.
fn shown(channels: usize) -> Vec<CreditModel> {
    let rules = [
        Positions::FIRST,
        Positions::LAST,
        Positions::LINEAR,
        Positions::U_LAST,
    ];
    let rules = rules.map(ModelKind::Positions).into_iter();
    let shapley = ModelKind::Shapley(Game::Chain);
    let estimated = [ModelKind::Markov { order: 1 }, shapley].into_iter();
    let is_shown = |kind: &ModelKind| match kind {
        ModelKind::Shapley(_) => channels <= SOON,
        _ => channels <= limits::CREDIT_CHANNELS,
    };
    let kinds = rules.chain(estimated.filter(is_shown));
    kinds.map(CreditModel::of).collect()
}

/// Joins all channels but those that took part in most successes, ties by name: gives the number
/// that each has then, and leaves the names. The joined one stands last.
fn join_others(whole: &Whole, names: &mut Vec<String>, top: usize) -> Vec<u16> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    let took_part = whole.took_part();
    let won = |place: &usize| took_part.get(*place).map_or(0, |sum| sum.won);
    order.sort_by_key(|place| (std::cmp::Reverse(won(place)), *place));
    let mut kept: Vec<usize> = order.into_iter().take(top).collect();
    kept.sort_unstable();
    let number = |place| kept.binary_search(&place).unwrap_or(kept.len()) as u16;
    let numbers: Vec<u16> = (0..names.len()).map(number).collect();
    let others = names.len() - kept.len();
    *names = kept
        .iter()
        .filter_map(|place| names.get(*place).cloned())
        .collect();
    names.push(format!("other: {others} channels"));
    numbers
}
