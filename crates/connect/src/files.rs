//! Which stream of which source each file belongs to.
//!
//! Files are matched by name against the patterns of the streams, without regard to case; one that
//! fits no pattern is known by its header, when exactly one stream fits. A file that nobody claims
//! is refused with the patterns there are, one that two claim with both: silence would lose rows.

use std::io::Read;
use std::path::PathBuf;

use globset::{GlobBuilder, GlobMatcher};
use handfast_model::Refusal;
use handfast_model::pack::{FileKind, Pack, Sheets, Stream};

use crate::find::{Found, find};
use crate::header::needed;
use crate::kind::{kind, without_packing};
use crate::pull::Table;
use crate::unpack::{self, Member};

/// A file and the stream it belongs to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claimed {
    /// Where it, or the archive that holds it, is on the disk.
    pub path: PathBuf,
    /// Which file of the archive.
    pub member: Option<Member>,
    /// A hash of the bytes of the file on the disk, when somebody wanted to know.
    pub content: Option<String>,
    /// Its name, as shown to people.
    pub name: String,
    /// Which of the pack's streams.
    pub stream: usize,
}

/// Which files of one source are read, in order, and which are left alone, with the reason.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Claims {
    /// Reference streams first, then streams in pack order, then files as they were found.
    pub read: Vec<Claimed>,
    /// Files the pack leaves alone, and why.
    pub left: Vec<(String, String)>,
    /// Files that no pattern claims and whose header does, with the name of their stream.
    pub by_header: Vec<(String, String)>,
}

/// Matches files, folders and patterns of files to the streams of a pack.
pub fn claim(pack: &Pack, paths: &[PathBuf]) -> Result<Claims, Refusal> {
    let claims = assign(std::slice::from_ref(pack), &find(paths)?)?;
    Ok(claims.into_iter().next().unwrap_or_default())
}

/// Gives each file to the one source with a stream that claims it: one [`Claims`] per pack.
pub fn assign(packs: &[Pack], found: &[Found]) -> Result<Vec<Claims>, Refusal> {
    let patterns: Vec<Patterns> = packs.iter().map(Patterns::of).collect::<Result<_, _>>()?;
    let mut claims = vec![Claims::default(); packs.len()];
    let mut unclaimed = Vec::new();
    for file in found {
        let places = || packs.iter().zip(&patterns).enumerate();
        let named = places().map(|(place, (_, patterns))| (place, patterns.streams_of(file)));
        let mut takers: Vec<(usize, Vec<usize>)> =
            named.filter(|(_, streams)| !streams.is_empty()).collect();
        let left = places()
            .find_map(|(place, (_, patterns))| Some((place, patterns.reason_to_leave(file)?)));
        if let ([], Some((place, reason))) = (takers.as_slice(), left) {
            if let Some(claims) = claims.get_mut(place) {
                claims.left.push((file.name.clone(), reason.to_owned()));
            }
            continue;
        }
        let is_by_header = takers.is_empty();
        if is_by_header {
            let fitting = places().map(|(place, (pack, _))| (place, fitting(pack, file)));
            takers = fitting.filter(|(_, streams)| !streams.is_empty()).collect();
            let fits = takers
                .iter()
                .map(|(_, streams)| streams.len())
                .sum::<usize>();
            if fits != 1 {
                unclaimed.push(file.name.as_str());
                continue;
            }
        }
        let [(place, streams)] = takers.as_slice() else {
            return Err(two_sources(packs, file, &takers));
        };
        let Some((pack, claims)) = packs.get(*place).zip(claims.get_mut(*place)) else {
            continue;
        };
        take(pack, file, streams, is_by_header, claims)?;
    }
    if !unclaimed.is_empty() {
        return Err(not_claimed(packs, &unclaimed));
    }
    for (pack, claims) in packs.iter().zip(&mut claims) {
        put_in_order(pack, claims);
    }
    Ok(claims)
}

/// About how many rows the files hold, to tell how long they will take: the line ends of those that
/// are plain text. None for an import with others, whose rows cannot be foreseen.
pub fn line_ends(claims: &Claims) -> Option<u64> {
    let mut count = 0u64;
    let mut buffer = vec![0u8; 1 << 20];
    for claimed in &claims.read {
        let mut opened =
            unpack::open(&claimed.path, claimed.member.as_ref(), &claimed.name).ok()?;
        let kind = kind(&opened.head, &claimed.name, None).ok()?;
        if !opened.is_plain || !matches!(kind, FileKind::Text | FileKind::Json) {
            return None;
        }
        while let Ok(read @ 1..) = opened.input.read(&mut buffer) {
            let read = buffer.get(..read).unwrap_or(&[]);
            count += read.iter().filter(|byte| **byte == b'\n').count() as u64;
        }
    }
    Some(count)
}

/// Enters a file with the streams that claim it, which are several only for sheets of a workbook.
fn take(
    pack: &Pack,
    file: &Found,
    streams: &[usize],
    is_by_header: bool,
    claims: &mut Claims,
) -> Result<(), Refusal> {
    if streams.len() > 1 && !is_workbook_of(pack, file, streams)? {
        return Err(claimed_twice(pack, &file.name, streams));
    }
    for stream in streams {
        claims.read.push(Claimed {
            path: file.path.clone(),
            member: file.member.clone(),
            content: file.content.clone(),
            name: file.name.clone(),
            stream: *stream,
        });
        if let Some(stream) = pack.streams.get(*stream).filter(|_| is_by_header) {
            claims
                .by_header
                .push((file.name.clone(), stream.name.clone()));
        }
    }
    Ok(())
}

/// Whether the streams read different sheets of a file that has sheets.
fn is_workbook_of(pack: &Pack, file: &Found, streams: &[usize]) -> Result<bool, Refusal> {
    let named = streams.iter().filter_map(|place| pack.streams.get(*place));
    let mut sheets: Vec<&Sheets> = Vec::new();
    for stream in named {
        if sheets.contains(&&stream.format.sheets) {
            return Ok(false);
        }
        sheets.push(&stream.format.sheets);
    }
    let opened = unpack::open(&file.path, file.member.as_ref(), &file.name)?;
    Ok(kind(&opened.head, &file.name, None)? == FileKind::Workbook)
}

/// The streams of a pack whose columns a file has: those the manifest names, and those by which
/// the stream is recognised.
fn fitting(pack: &Pack, file: &Found) -> Vec<usize> {
    let fits = |(place, stream): (usize, &Stream)| {
        let claimed = Claimed {
            path: file.path.clone(),
            member: file.member.clone(),
            content: file.content.clone(),
            name: file.name.clone(),
            stream: place,
        };
        // Numbers of columns are in every file.
        if stream.format.header_rows == 0 {
            return None;
        }
        let (table, _) = Table::open(stream, &claimed).ok()?;
        // A stream that names nothing of its files fits any, which says nothing.
        let has_marks = needed(stream).next().is_some() || !stream.recognised_by.is_empty();
        let has = |name: &String| table.columns().contains(name);
        let is_fit = has_marks && needed(stream).all(has) && stream.recognised_by.iter().all(has);
        is_fit.then_some(place)
    };
    pack.streams.iter().enumerate().filter_map(fits).collect()
}

fn put_in_order(pack: &Pack, claims: &mut Claims) {
    let rank = |claimed: &Claimed| {
        let stream = pack.streams.get(claimed.stream);
        let is_driving = !stream.is_some_and(|stream| stream.is_reference);
        (is_driving, claimed.stream)
    };
    // Among equals the order in which they were found stays.
    claims.read.sort_by_key(rank);
}

/// What a pack makes of files by their names alone.
pub struct Patterns {
    streams: Vec<Vec<GlobMatcher>>,
    left: Vec<(Vec<GlobMatcher>, String)>,
}

impl Patterns {
    /// The stream of the pack that claims this name, by its place; else why the pack leaves it
    /// alone.
    pub fn claim(&self, name: &str) -> Option<Result<usize, &str>> {
        let file = Found {
            path: PathBuf::from(name),
            member: None,
            content: None,
            name: name.to_owned(),
        };
        let stream = self.streams_of(&file).into_iter().next();
        stream
            .map(Ok)
            .or_else(|| self.reason_to_leave(&file).map(Err))
    }

    /// Compiles the patterns of a pack.
    pub fn of(pack: &Pack) -> Result<Patterns, Refusal> {
        let compile = |patterns: &[String]| -> Result<Vec<GlobMatcher>, Refusal> {
            patterns.iter().map(|pattern| matcher(pattern)).collect()
        };
        let streams = pack.streams.iter().map(|stream| compile(&stream.files));
        let left = pack.ignored_files.iter().map(|ignored| {
            compile(&ignored.files).map(|matchers| (matchers, ignored.reason.clone()))
        });
        Ok(Patterns {
            streams: streams.collect::<Result<_, _>>()?,
            left: left.collect::<Result<_, _>>()?,
        })
    }

    fn streams_of(&self, file: &Found) -> Vec<usize> {
        // The name of a file inside an archive says more than that of the archive.
        for names in called(file) {
            let is_match = |(_, matchers): &(usize, &Vec<GlobMatcher>)| any(matchers, &names);
            let streams = self.streams.iter().enumerate();
            let found: Vec<usize> = streams.filter(is_match).map(|(place, _)| place).collect();
            if !found.is_empty() {
                return found;
            }
        }
        Vec::new()
    }

    fn reason_to_leave(&self, file: &Found) -> Option<&str> {
        let names = called(file).concat();
        let mut left = self.left.iter();
        left.find(|(matchers, _)| any(matchers, &names))
            .map(|(_, reason)| reason.as_str())
    }
}

/// The names by which a file may be claimed, first its own, then its archive's: without folders,
/// without what packing added, and as it is shown.
fn called(file: &Found) -> Vec<Vec<String>> {
    let bare = |name: &str| name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned();
    let own = |name: &str| {
        let name = bare(name);
        let unpacked = without_packing(&name).to_owned();
        vec![name, unpacked]
    };
    let outer = own(&file.path.to_string_lossy());
    match &file.member {
        // A file that was sent lies under a name of ours, and is called by its label alone.
        None => vec![[outer, own(&file.name), vec![file.name.clone()]].concat()],
        Some(member) => vec![[own(&member.name), vec![file.name.clone()]].concat(), outer],
    }
}

fn any(matchers: &[GlobMatcher], names: &[String]) -> bool {
    let fits = |matcher: &GlobMatcher| names.iter().any(|name| matcher.is_match(name));
    matchers.iter().any(fits)
}

fn matcher(pattern: &str) -> Result<GlobMatcher, Refusal> {
    let glob = GlobBuilder::new(pattern).case_insensitive(true).build();
    glob.map(|glob| glob.compile_matcher()).map_err(|error| {
        let title = format!("`{pattern}` is no pattern of file names: {}", error.kind());
        Refusal::new("E0302", title).fix("files = [\"*leads*.csv\"]")
    })
}

fn claimed_twice(pack: &Pack, name: &str, streams: &[usize]) -> Refusal {
    let named = |stream: &usize| pack.streams.get(*stream).map(|s| format!("`{}`", s.name));
    let names: Vec<String> = streams.iter().filter_map(named).collect();
    let title = format!(
        "the file `{name}` fits the patterns of {} streams: {}",
        names.len(),
        names.join(" and ")
    );
    Refusal::new("E0303", title)
        .matters("its rows can only be read as one of them")
        .fix(format!(
            "files = [\"{name}\"]     in the stream it belongs to,\n\
             and a narrower pattern in the other"
        ))
}

fn two_sources(packs: &[Pack], file: &Found, takers: &[(usize, Vec<usize>)]) -> Refusal {
    let names = takers.iter().filter_map(|(place, _)| packs.get(*place));
    let names: Vec<&str> = names.map(|pack| pack.source.as_str()).collect();
    let title = format!("`{}` could belong to {}", file.name, names.join(" or "));
    Refusal::new("E0505", title)
        .matters("nothing was imported")
        .fix(format!("--source {}", names.first().unwrap_or(&"NAME")))
}

fn not_claimed(packs: &[Pack], names: &[&str]) -> Refusal {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let who = match packs {
        [pack] => format!("no stream of source `{}`", pack.source),
        _ => "no source".to_owned(),
    };
    let title = match quoted.as_slice() {
        [name] => format!("{who} claims the file {name}"),
        _ => format!("{who} claims {} files: {}", quoted.len(), quoted.join(", ")),
    };
    let streams = packs
        .iter()
        .flat_map(|pack| pack.streams.iter().map(move |stream| (pack, stream)));
    let patterns = streams.map(|(pack, stream)| match packs.len() {
        1 => format!("{} ({})", stream.name, stream.files.join(", ")),
        _ => format!(
            "{}/{} ({})",
            pack.source,
            stream.name,
            stream.files.join(", ")
        ),
    });
    let patterns: Vec<String> = patterns.collect();
    let first = names.first().copied().unwrap_or("");
    let (stream, files) = likeliest(packs, first);
    Refusal::new("E0302", title)
        .matters(format!("the streams read: {}", patterns.join("; ")))
        .fix(format!(
            "files = [{files}\"{}\"]     in {stream} (source.toml), if that is what it holds\n\
             or, where it holds no rows of interest:\n\
             [[leave]]\nfiles = [\"{first}\"]\nreason = \"why it is left alone\"",
            next_months(first)
        ))
}

/// A pattern for a file and for the ones of the months to come: numbers may be others.
fn next_months(name: &str) -> String {
    let (stem, ending) = name.split_at(name.find('.').unwrap_or(name.len()));
    let digits = |c: char| c.is_ascii_digit();
    match (stem.find(digits), stem.rfind(digits)) {
        (Some(from), Some(last)) if from > 0 || last + 1 < stem.len() => {
            let (before, after) = (stem.get(..from), stem.get(last + 1..));
            format!("{}*{}{ending}", before.unwrap_or(""), after.unwrap_or(""))
        }
        _ => name.to_owned(),
    }
}

/// The stream whose name and patterns share most words with a file, and its patterns.
fn likeliest(packs: &[Pack], name: &str) -> (String, String) {
    let words = |text: &str| -> Vec<String> {
        let text = text.to_lowercase();
        let words = text.split(|c: char| !c.is_alphabetic());
        let words = words.map(|word| word.trim_end_matches('s').to_owned());
        words.filter(|word| word.len() > 2).collect()
    };
    let own = words(name.split('.').next().unwrap_or(name));
    let streams = packs.iter().flat_map(|pack| &pack.streams);
    let shared = |stream: &&Stream| {
        let theirs = words(&format!("{} {}", stream.name, stream.files.join(" ")));
        own.iter().filter(|word| theirs.contains(word)).count()
    };
    let count = streams.clone().count();
    // Of equals the first counts.
    let best = streams.rev().max_by_key(shared);
    match best.filter(|stream| count == 1 || shared(stream) > 0) {
        Some(stream) => {
            let files = stream.files.iter().map(|file| format!("\"{file}\", "));
            (format!("stream `{}`", stream.name), files.collect())
        }
        None => ("the stream it belongs to".to_owned(), "…, ".to_owned()),
    }
}
