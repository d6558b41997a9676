//! Which files a person means: paths, folders and patterns, and the files inside archives.
//!
//! The order is always the same and the one people expect (`part2` before `part10`), and every
//! file has a name to show that no other has. Hidden files are passed over; so are folders that
//! are links, which could lead in circles.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use handfast_model::Refusal;
use handfast_model::limits::{FOLDER_DEPTH, IMPORT_FILES};

use crate::refuse;
use crate::unpack::{Archive, Member, archive, begins_as_archive};

/// A file to be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// Where it, or the archive that holds it, is on the disk.
    pub path: PathBuf,
    /// Which file of the archive.
    pub member: Option<Member>,
    /// A hash of the bytes of the file on the disk, when somebody wanted to know.
    pub content: Option<String>,
    /// As it is shown to people: as many of its folders as tell it from the others.
    pub name: String,
}

/// The files that paths, folders and patterns mean, in natural order of their paths.
pub fn find(paths: &[PathBuf]) -> Result<Vec<Found>, Refusal> {
    let mut files = Vec::new();
    for path in paths {
        match std::fs::metadata(path) {
            Ok(facts) if facts.is_dir() => walk(path, FOLDER_DEPTH, &mut |file| {
                files.push(file);
                Ok(())
            })?,
            Ok(_) => files.push(path.clone()),
            Err(_) if is_pattern(path) => files.extend(matching(path)?),
            Err(error) => return Err(refuse::unreadable(&path.display().to_string(), &error)),
        }
    }
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())));
    let mut found = Vec::new();
    for path in files {
        open_up(path, &mut found)?;
        if found.len() > IMPORT_FILES {
            return Err(refuse::too_many(&format!(
                "an import of more than {IMPORT_FILES} files"
            )));
        }
    }
    let place = |file: &Found| parts(file).join("/");
    found.sort_by_cached_key(|file| Natural(place(file)));
    name_all(&mut found);
    Ok(found)
}

/// Files that lie under names of ours and are called as somebody called them: what they are is told
/// from what they are called, as if they lay there. The names are labels and never paths.
pub fn labelled(files: &[(PathBuf, String)]) -> Result<Vec<Found>, Refusal> {
    let (mut found, mut labels) = (Vec::new(), Vec::new());
    for (path, label) in files {
        let before = found.len();
        open_up_as(path.clone(), label, &mut found)?;
        labels.resize(found.len(), label.clone());
        if found.len() == before {
            continue;
        }
        if found.len() > IMPORT_FILES {
            return Err(refuse::too_many(&format!(
                "an import of more than {IMPORT_FILES} files"
            )));
        }
    }
    let whole: Vec<Vec<String>> = found
        .iter()
        .zip(&labels)
        .map(|(file, label)| {
            let member = file.member.iter().map(|member| member.name.clone());
            std::iter::once(label.clone()).chain(member).collect()
        })
        .collect();
    name_by(&mut found, &whole);
    let mut order: Vec<(Natural, Found)> = whole
        .into_iter()
        .map(|parts| Natural(parts.join("/")))
        .zip(found)
        .collect();
    order.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(order.into_iter().map(|(_, file)| file).collect())
}

/// A text in the order of [`natural`].
#[derive(PartialEq, Eq)]
struct Natural(String);

impl Ord for Natural {
    fn cmp(&self, other: &Natural) -> Ordering {
        natural(&self.0, &other.0)
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Natural) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Compares names as people order them: runs of digits by their number, letters without regard
/// to case, and exactly where that leaves a tie.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    while let (Some(x), Some(y)) = (left.chars().next(), right.chars().next()) {
        let order = match (x.is_ascii_digit(), y.is_ascii_digit()) {
            (true, true) => {
                let (number, rest) = digits(left);
                let (other, other_rest) = digits(right);
                (left, right) = (rest, other_rest);
                number
                    .len()
                    .cmp(&other.len())
                    .then_with(|| number.cmp(other))
            }
            _ => {
                left = left.get(x.len_utf8()..).unwrap_or("");
                right = right.get(y.len_utf8()..).unwrap_or("");
                x.to_lowercase().cmp(y.to_lowercase())
            }
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    left.len().cmp(&right.len()).then_with(|| a.cmp(b))
}

/// The digits at the start of a text without leading zeros, and what comes after.
fn digits(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    (number.trim_start_matches('0'), rest)
}

fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '[', '{'])
}

/// The files that fit a pattern which the shell left to us.
fn matching(pattern: &Path) -> Result<Vec<PathBuf>, Refusal> {
    let shown = pattern.display().to_string();
    let matcher = matcher(&shown)?;
    let is_fixed = |part: &Component<'_>| !is_pattern(Path::new(part.as_os_str()));
    let mut root: PathBuf = pattern.components().take_while(is_fixed).collect();
    if root.as_os_str().is_empty() {
        root.push(".");
    }
    let mut files = Vec::new();
    if root.is_dir() {
        walk(&root, FOLDER_DEPTH, &mut |file| {
            let bare = file.strip_prefix(".").unwrap_or(&file);
            if matcher.is_match(&file) || matcher.is_match(bare) {
                files.push(file);
            }
            Ok(())
        })?;
    }
    match files.is_empty() {
        true => Err(refuse::nothing_fits(&shown)),
        false => Ok(files),
    }
}

fn matcher(pattern: &str) -> Result<GlobMatcher, Refusal> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    glob.map(|glob| glob.compile_matcher())
        .map_err(|_| refuse::nothing_fits(pattern))
}

/// Hands over every file of a folder and of the folders in it.
fn walk(
    folder: &Path,
    depth: usize,
    each: &mut dyn FnMut(PathBuf) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let name = folder.display().to_string();
    if depth == 0 {
        let what = format!("`{name}` lies more than {FOLDER_DEPTH} folders deep");
        return Err(refuse::too_many(&what));
    }
    let entries = std::fs::read_dir(folder).map_err(|error| refuse::unreadable(&name, &error))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(
            entry
                .map_err(|error| refuse::unreadable(&name, &error))?
                .path(),
        );
    }
    paths.sort();
    for path in paths {
        let is_hidden = path
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if is_hidden {
            continue;
        }
        let is_link = path.is_symlink();
        match path.is_dir() {
            true if !is_link => walk(&path, depth - 1, each)?,
            false if path.is_file() => each(path)?,
            _ => {}
        }
    }
    Ok(())
}

/// A file, or the files of the archive that it is.
fn open_up(path: PathBuf, found: &mut Vec<Found>) -> Result<(), Refusal> {
    let name = path.file_name().unwrap_or(path.as_os_str());
    let name = name.to_string_lossy().into_owned();
    open_up_as(path, &name, found)
}

/// The same of a file that goes by a name.
fn open_up_as(path: PathBuf, name: &str, found: &mut Vec<Found>) -> Result<(), Refusal> {
    let lost = |error: std::io::Error| refuse::unreadable(name, &error);
    let plain = |path: PathBuf| Found {
        path,
        member: None,
        content: None,
        name: String::new(),
    };
    if !begins_as_archive(&path).map_err(lost)? {
        found.push(plain(path));
        return Ok(());
    }
    match archive(File::open(&path).map_err(lost)?, name)? {
        Archive::Workbook => found.push(plain(path)),
        Archive::Other(what) => {
            let fix = "save it as .xlsx or CSV";
            return Err(refuse::wrong_kind(name, what, fix));
        }
        Archive::Files(members) => found.extend(members.into_iter().map(|member| Found {
            path: path.clone(),
            member: Some(member),
            content: None,
            name: String::new(),
        })),
    }
    Ok(())
}

/// Gives every file a name that no other has, of as few folders as that takes.
fn name_all(found: &mut [Found]) {
    let whole: Vec<Vec<String>> = found.iter().map(parts).collect();
    name_by(found, &whole);
}

/// The same by the parts of each file's whole name.
fn name_by(found: &mut [Found], whole: &[Vec<String>]) {
    let mut shown: Vec<usize> = found
        .iter()
        .map(|file| 1 + usize::from(file.member.is_some()))
        .collect();
    loop {
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, (parts, count)) in whole.iter().zip(&shown).enumerate() {
            places.entry(last(parts, *count)).or_default().push(place);
        }
        let mut has_grown = false;
        for place in places.values().filter(|same| same.len() > 1).flatten() {
            let most = whole.get(*place).map_or(0, Vec::len);
            if let Some(count) = shown.get_mut(*place).filter(|count| **count < most) {
                *count += 1;
                has_grown = true;
            }
        }
        if !has_grown {
            break;
        }
    }
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for (file, (parts, count)) in found.iter_mut().zip(whole.iter().zip(shown)) {
        let name = last(parts, count);
        let time = times.entry(name.clone()).or_default();
        *time += 1;
        // An archive may hold a name twice.
        file.name = match *time {
            1 => name,
            more => format!("{name} ({more})"),
        };
    }
}

/// The folders and the name of a file; of one in an archive, its name there is one part.
fn parts(file: &Found) -> Vec<String> {
    let named = |part: Component<'_>| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    };
    let mut parts: Vec<String> = file.path.components().filter_map(named).collect();
    parts.extend(file.member.iter().map(|member| member.name.clone()));
    parts
}

fn last(parts: &[String], count: usize) -> String {
    let from = parts.len().saturating_sub(count);
    parts.get(from..).unwrap_or(parts).join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_in_the_order_people_expect() {
        let mut names = ["b", "a10", "a2", "A1", "a02", "a", "a2b", "é", "10", "9"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(
            names,
            ["9", "10", "a", "A1", "a02", "a2", "a2b", "a10", "b", "é"]
        );
    }

    #[test]
    fn a_file_goes_by_its_label_wherever_it_lies() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| {
            let path = dir.path().join(name);
            std::fs::write(&path, "id\n1\n").unwrap();
            path
        };
        let files = [
            (at("9f"), "leads.csv".to_owned()),
            (at("0a"), "../deals.csv".to_owned()),
            (at("11"), "leads.csv".to_owned()),
        ];
        let found = labelled(&files).unwrap();
        let names: Vec<&str> = found.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["../deals.csv", "leads.csv", "leads.csv (2)"]);
        assert_eq!(found[1].path, files[0].0);
    }

    #[test]
    fn every_file_has_a_name_of_its_own_as_short_as_can_be() {
        let file = |path: &str| Found {
            path: path.into(),
            member: None,
            content: None,
            name: String::new(),
        };
        let mut found = ["x/de/leads.csv", "x/at/leads.csv", "x/at/deals.csv"].map(file);
        name_all(&mut found);
        let names = found.map(|file| file.name);
        assert_eq!(names, ["de/leads.csv", "at/leads.csv", "deals.csv"]);
    }
}
