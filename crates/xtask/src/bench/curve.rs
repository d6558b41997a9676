//! The growth curve: the set of `growth` at one size or at several, its stages counted by us and by
//! DuckDB's window functions. Deriving visits and counting those that are derived are told apart.

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::cost::{Cost, measure};
use super::page::{Ratio, Section, Wanted, number};
use super::{Bench, growth};

const ROWS: u64 = 10_000_000;
/// The sizes of the curve; a larger one is added by `--rows`.
const CURVE: [u64; 2] = [1_000_000, 10_000_000];
/// The most memory that a derivation may take, in MiB, up to so many touches.
const MEMORY: [(u64, f64); 2] = [(10_000_000, 2_048.0), (100_000_000, 6_144.0)];
/// What a book held open is asked within, in seconds: `warm` tells milliseconds.
const WARM: [(&str, &str, f64); 3] = [
    (
        "cold",
        "the first answer after opening a book whose files are in the page cache",
        3.0,
    ),
    ("p95", "95 of 100 questions of a book held open", 0.1),
    ("after", "the answer after 10,000 new touches", 3.0),
];

pub fn section(bench: &Bench) -> Result<Section, String> {
    let wish = bench.options.rows;
    let mut sizes = vec![wish.unwrap_or(ROWS)];
    if bench.options.is_growth {
        sizes.extend(CURVE);
        sizes.sort_unstable();
        sizes.dedup();
    }
    let mut section = Section {
        title: "Funnel from touches",
        about: "Per hundred touches ten people, two accounts and one deal; six stages, three of \
                them by rules over touches. DuckDB counts the same stages with window functions, \
                from Parquet, each buyer once and without rules of ninety days; ours has every \
                attempt of a buyer, whatever they enter again, and writes it down, which is more \
                work, so the counts are not the same and are not compared. The floor of the walk \
                is decoding all columns of all facts, also those that it does not read; the walk \
                is timed over facts in memory, sorted and cut into homes as a derivation cuts \
                them (decision 0017): it is no merge scan of files."
            .to_owned(),
        costs: Vec::new(),
        ratios: Vec::new(),
    };
    let mut curve = Vec::new();
    for touches in sizes {
        curve.push((touches, one(bench, touches, &mut section)?));
    }
    if let [(few, first), .., (many, last)] = curve[..] {
        let linear = first * many as f64 / few as f64;
        let (few, many) = (number(few as f64), number(many as f64));
        let what = format!("derivation of {many} touches, linear from {few}");
        let wanted = Wanted::AtMost(1.3);
        section
            .ratios
            .push(Ratio::times(&what, last, linear, wanted));
    }
    Ok(section)
}

/// Measures one size; gives how long its derivation took.
fn one(bench: &Bench, touches: u64, section: &mut Section) -> Result<f64, String> {
    let folder = bench.folder.join("growth");
    growth::write(&folder, touches).map_err(|error| format!("generated inputs: {error}"))?;
    super::quietly(&mut bench.handfast(&folder, &["init", "book", "--from", "example"]))?;
    let files = ["accounts.csv", "leads.csv", "touches.csv", "deals.csv"];
    let import = [&["import", "book"], &files[..]].concat();
    let step = |what: &str, times, prepare: &dyn Fn() -> Command| {
        measure(
            (what, Some(touches)),
            times,
            &bench.folder,
            || Ok(prepare()),
        )
    };
    let times = bench.options.times;
    let imported = step("import", 1, &|| bench.handfast(&folder, &import))?;
    // What was derived goes aside: for some seconds after thousands of files are gone, ext4 looks
    // at each of their places before it makes a new one.
    let aside = Cell::new(0);
    let derived = step("derive all, then a flow", times, &|| {
        aside.set(aside.get() + 1);
        let aside = folder.join(format!("derived-{}", aside.get()));
        fs::rename(folder.join("book/data/derived"), aside).ok();
        bench.handfast(&folder, super::FLOW)
    })?;
    let kept = step("a flow from what is kept, new process", times, &|| {
        bench.handfast(&folder, super::FLOW)
    })?;
    let floor = above_floor(bench, &folder, touches)?;
    let (flow, warm) = held_open(bench, &folder, touches)?;
    let peer = bench.peers.as_ref().map(|peers| {
        super::quietly(&mut peers.command(&folder, growth::PEER_FILES, &[]))?;
        let what = "DuckDB, window functions";
        step(what, times, &|| {
            peers.command(&folder, growth::PEER, &[super::THREADS])
        })
    });
    let peer = peer.transpose()?;
    if let Some(peer) = &peer {
        section
            .ratios
            .extend(beside(touches, peer, [&derived, &flow, &kept]));
    }
    let mut bounds = MEMORY.into_iter();
    if let Some((_, most)) = bounds.find(|(most, _)| touches <= *most) {
        let what = format!("derivation of {} touches", number(touches as f64));
        section.ratios.push(Ratio::memory(&what, &derived, most));
    }
    if touches == ROWS {
        section.ratios.extend(floor);
        section.ratios.extend(warm);
    }
    let took = derived.seconds();
    section.costs.extend([imported, derived, kept, flow]);
    section.costs.extend(peer);
    fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(took)
}

/// What was derived, and the flow of it, beside DuckDB's counting from nothing.
fn beside(touches: u64, peer: &Cost, [derived, flow, kept]: [&Cost; 3]) -> Vec<Ratio> {
    let at = |what: &str| format!("{what} of {} touches, DuckDB", number(touches as f64));
    let ratio = |what: &str, ours: &Cost, bound| {
        let wanted = Wanted::AtMost(bound);
        Ratio::times(&at(what), ours.seconds(), peer.seconds(), wanted)
    };
    let mut ratios = vec![ratio("derivation", derived, 3.0)];
    ratios.extend(Ratio::worked(&at("derivation"), derived, peer));
    ratios.push(ratio("funnel from derived visits", flow, 0.2));
    ratios.push(ratio("the same by a new process", kept, 0.2));
    ratios
}

/// The walk over all facts, without anything before or after it, beside decoding them for nobody,
/// in processor time. Facts of the largest set would not lie in memory at once.
fn above_floor(bench: &Bench, folder: &Path, touches: u64) -> Result<Option<Ratio>, String> {
    if touches > ROWS {
        return Ok(None);
    }
    let what = "decode floor, and the walk";
    let times = bench.options.times;
    let cost = measure((what, Some(touches)), times, &bench.folder, || {
        let mut floor = Command::new(bench.example("floor"));
        floor.arg(folder.join("book"));
        Ok(floor)
    })?;
    eprint!("{}", cost.said());
    let told = |name| cost.told(|said| milliseconds(said, name));
    let of = |name| told(name).ok_or(format!("no `{name}` from `floor`"));
    let what = format!(
        "walk over {} touches, decoding them",
        number(touches as f64)
    );
    let (walked, decoded) = (of("walked")?, of("decoded")?);
    Ok(Some(Ratio::times(
        &what,
        walked,
        decoded,
        Wanted::AtMost(3.0),
    )))
}

/// The flow of a book that is held open, as the middle one of those among 200 questions, and how
/// soon it answers. The answer after new touches must be that of deriving everything anew. Each
/// time it is another copy of the book, which the touches come to.
fn held_open(bench: &Bench, folder: &Path, touches: u64) -> Result<(Cost, Vec<Ratio>), String> {
    let what = "a flow of a book held open";
    let times = match touches > ROWS {
        true => 1,
        false => bench.options.times,
    };
    let mut copies = 0;
    let mut cost = measure((what, Some(touches)), times, &bench.folder, || {
        copies += 1;
        let book = folder.join(format!("book-{copies}"));
        let mut copy = Command::new("cp");
        super::quietly(copy.arg("-r").arg(folder.join("book")).arg(&book))?;
        let mut warm = Command::new(bench.example("warm"));
        warm.arg(book).arg(bench.binary());
        warm.arg(folder.join("touches-more.csv"));
        Ok(warm)
    })?;
    cost.said.iter().for_each(|said| eprint!("{said}"));
    let flow = cost.told(|said| milliseconds(said, "flow"));
    let flow = flow.ok_or("no `flow` among what `warm` says")?;
    let is_same = |said: &String| said.lines().any(|line| line == "same true");
    if !cost.said.iter().all(is_same) {
        return Err("the answer after new touches is not that of deriving anew".to_owned());
    }
    let soon = soon(&cost)?;
    cost.seconds = vec![flow / 1_000.0];
    cost.worked.clear();
    Ok((cost, soon))
}

/// How soon a book held open answers. A line that is missing is an error: a target must not vanish
/// from the page unseen.
fn soon(cost: &Cost) -> Result<Vec<Ratio>, String> {
    let ratio = |(name, what, most): (&str, &str, f64)| {
        let figure = cost.told(|said| milliseconds(said, name));
        let figure = figure.ok_or_else(|| format!("no `{name}` among what `warm` says"))?;
        Ok(Ratio {
            what: what.to_owned(),
            value: figure / 1_000.0,
            unit: " s",
            wanted: Wanted::AtMost(most),
        })
    };
    WARM.into_iter().map(ratio).collect()
}

/// The figure on the line of a name.
fn milliseconds(said: &str, name: &str) -> Option<f64> {
    let mut lines = said.lines().map(|line| line.split_once(' '));
    let figure = lines
        .find_map(|line| line.filter(|(word, _)| *word == name))?
        .1;
    figure.split(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_whose_line_is_missing_is_an_error() {
        let all = "cold 950 ms\np95 97.5\nflow 3\nafter 2900\n";
        let soon = |said: &[&str]| {
            soon(&Cost {
                what: String::new(),
                rows: None,
                seconds: Vec::new(),
                worked: Vec::new(),
                peak_mib: None,
                said: said.iter().map(|&said| said.to_owned()).collect(),
            })
        };
        let slow = "cold 950 ms\np95 99.5\nflow 9\nafter 3100\n";
        let told = soon(&[slow, all, all]).map(|all| all.iter().map(|one| one.value).collect());
        assert_eq!(told, Ok(vec![0.95, 0.0975, 2.9]));
        for (name, ..) in WARM {
            let fewer = all.replace(&format!("{name} "), "other ");
            let missing = soon(&[all, &fewer]).map(|all| all.len());
            assert_eq!(missing, Err(format!("no `{name}` among what `warm` says")));
        }
    }
}
