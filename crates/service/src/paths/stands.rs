//! Whether the order of channels is one to decide by, where only paths are known: each distinct
//! path is drawn again as often as chance would send it, and every model shares what was drawn.

use handfast_kernels::credit::paths::Paths;
use handfast_kernels::credit::robust::{self, DEALS, Drawn, TOP, standing_of};
use handfast_kernels::credit::rule::Rule;
use handfast_kernels::credit::sample::{REPLICATES, drawn};
use handfast_kernels::credit::whole::Whole;
use handfast_kernels::threads::at_once;
use handfast_model::credit::{CreditModel, ModelKind};
use handfast_model::money::grouped;

use super::{Book, Known, SEED, is_direct};

/// Of files up to this size each distinct path is kept for it, whatever models are asked for.
pub(super) const BYTES: u64 = 16 << 20;
/// Most distinct paths of which rules are worked out two hundred times, which takes some seconds.
const PATHS: usize = 50_000;
/// Credits and shares are compared in so many parts, in which rounding is no difference.
const PARTS: f64 = 1e9;

/// Says it in a sentence; nothing where there is no order to speak of.
pub(super) fn note(book: &Book, known: &Known) -> Option<String> {
    let additive = book.models.iter().filter(|model| model.kind.is_additive());
    let models: Vec<&CreditModel> = additive
        .filter(|model| shared(book, model.kind).is_some())
        .collect();
    if models.is_empty() || book.names.len() < 2 {
        return None;
    }
    let kinds = models.iter().map(|model| model.kind);
    let rules: Vec<Rule> = kinds.filter_map(Rule::of).collect();
    let paths = match drawable(book, known, (&models, &rules)) {
        Ok(paths) => paths,
        Err(why) => return Some(robust::unknown(&why)),
    };
    let by_rule = by_rule(book, paths, &rules);
    let of = |model: &&CreditModel| {
        let again = match Rule::of(model.kind) {
            None => book.learned_of(model.kind).map_or(Vec::new(), |learned| {
                let again = learned.again.iter();
                again.map(|shares| parts(shares.iter().copied())).collect()
            }),
            Some(rule) => {
                let at = rules.iter().position(|known| *known == rule);
                let again = by_rule.iter().filter_map(|all| all.get(at?)?.clone());
                again.collect()
            }
        };
        Drawn {
            once: parts(shared(book, model.kind).unwrap_or_default().into_iter()),
            again,
        }
    };
    let drawn: Vec<Drawn> = models.iter().map(of).collect();
    let places: Vec<usize> = (0..book.names.len()).collect();
    let standing = standing_of(&drawn, &places, TOP);
    let names: Vec<&str> = models.iter().map(|model| model.name.as_str()).collect();
    let label = |place: &usize| book.names.get(*place).cloned().unwrap_or_default();
    Some(robust::about(&standing, &names, "the paths", label))
}

/// The paths, where they can be drawn again for these models; else why not.
fn drawable<'k>(
    book: &Book,
    known: &'k Known,
    (models, rules): (&[&CreditModel], &[Rule]),
) -> Result<&'k Paths, String> {
    let won = book.whole.all.won - book.whole.nobody.won;
    if won < DEALS {
        return Err(format!("too few successes ({won}; {DEALS} are needed)"));
    }
    if !book.has_intervals {
        return Err("nothing is drawn again with --no-intervals".to_owned());
    }
    let Known::Paths(paths) = known else {
        let mib = BYTES >> 20;
        return Err(format!(
            "of a file of more than {mib} MiB rules are summed up as it is read; --top keeps its \
             paths apart"
        ));
    };
    let is_late = |model: &&&CreditModel| {
        let learned = book.learned_of(model.kind);
        learned.is_some_and(|learned| learned.intervals.is_none())
    };
    if let Some(late) = models.iter().find(is_late) {
        return Err(format!("{} is not drawn again", late.name));
    }
    if !rules.is_empty() && paths.len() > PATHS {
        let [found, most] = [paths.len(), PATHS].map(|count| grouped(&count.to_string()));
        return Err(format!(
            "{found} distinct paths are too many to draw again for rules ({most} are the most); \
             --top joins small channels"
        ));
    }
    Ok(paths)
}

/// By replicate and rule: what each channel gets.
fn by_rule(book: &Book, paths: &Paths, rules: &[Rule]) -> Vec<Vec<Option<Vec<i128>>>> {
    if rules.is_empty() {
        return Vec::new();
    }
    let directs: Vec<bool> = book.names.iter().map(|name| is_direct(name)).collect();
    let replicate = |number: usize| {
        let again = paths.iter().map(|path| drawn(path, SEED, number as u64));
        let whole = Whole::of(again, &directs);
        let of = |rule: &Rule| {
            let credits = whole.by_rule(*rule)?;
            Some(parts(credits.into_iter().map(|(won, _)| won)))
        };
        rules.iter().map(of).collect()
    };
    at_once(REPLICATES as usize, replicate)
}

/// By channel what a model gives of successes, or its shares of them; `None` where it shares
/// nothing.
fn shared(book: &Book, kind: ModelKind) -> Option<Vec<f64>> {
    match book.learned_of(kind) {
        Some(learned) => learned.shares.clone(),
        None => {
            let [won, _] = book.credits(kind);
            won
        }
    }
}

fn parts(credits: impl Iterator<Item = f64>) -> Vec<i128> {
    credits.map(|one| (one * PARTS).round() as i128).collect()
}
