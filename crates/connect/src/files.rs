//! Which stream each file belongs to.
//!
//! Files are matched by name against the patterns of the pack's streams, without regard to case.
//! A file that no stream claims is refused with the patterns there are, one that two claim with
//! both: silence would lose rows.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use handfast_model::Refusal;
use handfast_model::pack::Pack;

/// A file and the stream it belongs to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Claimed {
    /// Where the file is.
    pub path: PathBuf,
    /// Its name without folders, as shown to people.
    pub name: String,
    /// Which of the pack's streams.
    pub stream: usize,
}

/// Which files are read, in order, and which are left alone, with the reason.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Claims {
    /// Reference streams first, then streams in pack order, then files by name.
    pub read: Vec<Claimed>,
    /// Files the pack leaves alone, and why.
    pub left: Vec<(String, String)>,
}

/// Matches files, and the files directly in folders, to the streams of a pack.
pub fn claim(pack: &Pack, paths: &[PathBuf]) -> Result<Claims, Refusal> {
    let patterns = Patterns::of(pack)?;
    let (mut claims, mut unclaimed) = (Claims::default(), Vec::new());
    for path in expand(paths)? {
        let name = shown_name(&path);
        let streams = patterns.streams_of(&name);
        match (streams.as_slice(), patterns.reason_to_leave(&name)) {
            ([stream], _) => claims.read.push(Claimed {
                path,
                name,
                stream: *stream,
            }),
            ([], Some(reason)) => claims.left.push((name, reason.to_owned())),
            ([], None) => unclaimed.push(name),
            (several, _) => return Err(claimed_twice(pack, &name, several)),
        }
    }
    if !unclaimed.is_empty() {
        return Err(not_claimed(pack, &unclaimed));
    }
    let rank = |claimed: &Claimed| {
        let stream = pack.streams.get(claimed.stream);
        let is_driving = !stream.is_some_and(|stream| stream.is_reference);
        (is_driving, claimed.stream, claimed.name.clone())
    };
    claims.read.sort_by_key(rank);
    Ok(claims)
}

/// The refusal for a file that cannot be read.
pub fn unreadable(path: &Path, error: &std::io::Error) -> Refusal {
    let refusal = Refusal::new(
        "E0301",
        format!("the file `{}` cannot be read: {error}", path.display()),
    );
    refusal
        .matters("nothing of it is imported")
        .fix("check that the path is right and that you may read the file")
}

fn shown_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Refusal> {
    let mut files = Vec::new();
    for path in paths {
        let facts = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
        if !facts.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
        for entry in entries {
            let inner = entry.map_err(|error| unreadable(path, &error))?.path();
            if inner.is_file() && !shown_name(&inner).starts_with('.') {
                files.push(inner);
            }
        }
    }
    Ok(files)
}

struct Patterns {
    streams: Vec<Vec<GlobMatcher>>,
    left: Vec<(Vec<GlobMatcher>, String)>,
}

impl Patterns {
    fn of(pack: &Pack) -> Result<Patterns, Refusal> {
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

    fn streams_of(&self, name: &str) -> Vec<usize> {
        let is_match = |(_, matchers): &(usize, &Vec<GlobMatcher>)| any(matchers, name);
        let streams = self.streams.iter().enumerate();
        streams.filter(is_match).map(|(place, _)| place).collect()
    }

    fn reason_to_leave(&self, name: &str) -> Option<&str> {
        let mut left = self.left.iter();
        left.find(|(matchers, _)| any(matchers, name))
            .map(|(_, reason)| reason.as_str())
    }
}

fn any(matchers: &[GlobMatcher], name: &str) -> bool {
    matchers.iter().any(|matcher| matcher.is_match(name))
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

fn not_claimed(pack: &Pack, names: &[String]) -> Refusal {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let title = match quoted.as_slice() {
        [name] => format!(
            "no stream of source `{}` claims the file {name}",
            pack.source
        ),
        _ => format!(
            "no stream of source `{}` claims {} files: {}",
            pack.source,
            quoted.len(),
            quoted.join(", ")
        ),
    };
    let patterns = pack
        .streams
        .iter()
        .map(|stream| format!("{} ({})", stream.name, stream.files.join(", ")));
    let patterns: Vec<String> = patterns.collect();
    let first = names.first().map_or("", String::as_str);
    Refusal::new("E0302", title)
        .matters(format!("the streams read: {}", patterns.join("; ")))
        .fix(format!(
            "[[leave]]\nfiles = [\"{first}\"]\nreason = \"why it holds no rows of interest\"\n\
             or add the name to `files` of its stream in source.toml"
        ))
}
