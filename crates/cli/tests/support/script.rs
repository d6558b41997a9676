//! The little language of `errors/CODE/run`: set-up lines and `handfast …` lines, one per line.
//! `errors/README.md` describes it to those who write one.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::root;

/// A script at work: its folder, which `$DIR` stands for, and the files that it holds locked.
pub struct Script<'a> {
    dir: &'a Path,
    /// The book that `book PATH` copies.
    filled: &'a Path,
    held: Vec<File>,
}

impl<'a> Script<'a> {
    /// A script in an empty folder.
    pub fn new(dir: &'a Path, filled: &'a Path) -> Script<'a> {
        Script {
            dir,
            filled,
            held: Vec::new(),
        }
    }

    /// Runs all lines. Each command but the last must succeed; gives what the last one said.
    pub fn run(&mut self, text: &str) -> Result<Output, String> {
        let mut said: Option<Output> = None;
        for line in text.lines().filter(|line| is_read(line)) {
            if let Some(output) = said.take().filter(|output| !output.status.success()) {
                let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
                return Err(format!("a command before `{line}` was refused\n{stderr}"));
            }
            let place = |error: String| format!("`{line}`: {error}");
            match line.strip_prefix("handfast ") {
                Some(words) => said = Some(self.command(words).map_err(place)?),
                None => self.set_up(line).map_err(place)?,
            }
        }
        said.ok_or_else(|| "it has no line that begins with `handfast `".to_owned())
    }

    fn command(&self, words: &str) -> Result<Output, String> {
        let (words, to) = match words.rsplit_once(" > ") {
            Some((words, to)) if !to.contains(' ') => (words, Some(self.path(to))),
            _ => (words, None),
        };
        let words = words_of(words)?
            .into_iter()
            .map(|word| word.replace("$DIR", &self.dir.display().to_string()));
        let mut command = Command::new(env!("CARGO_BIN_EXE_handfast"));
        command.args(words).current_dir(root());
        if let Some(to) = to {
            let file = File::options().write(true).open(to);
            command.stdout(Stdio::from(file.map_err(|error| error.to_string())?));
            command.stderr(Stdio::piped());
            let child = command.spawn().and_then(|child| child.wait_with_output());
            return child.map_err(|error| error.to_string());
        }
        command.output().map_err(|error| error.to_string())
    }

    fn set_up(&mut self, line: &str) -> Result<(), String> {
        let (verb, rest) = line.split_once(' ').ok_or("a verb and a path")?;
        let (path, text) = rest.split_once(' ').unwrap_or((rest, ""));
        let path = self.path(path);
        let done = match verb {
            "book" => copy(self.filled, &path),
            "copy" => copy(&path, &self.path(text)),
            "write" => write(&path, &format!("{}\n", unescaped(text))),
            "append" => open(&path).and_then(|mut file| writeln!(file, "{}", unescaped(text))),
            "replace" => return replace(&path, text),
            "remove" => fs::remove_file(&path),
            "truncate" => {
                let length = text.parse().map_err(|_| "a number of bytes")?;
                File::options()
                    .write(true)
                    .open(&path)
                    .and_then(|file| file.set_len(length))
            }
            "chmod" => chmod(&path, text),
            "hold" => return self.hold(&path, text),
            other => return Err(format!("no line begins with `{other}`")),
        };
        done.map_err(|error| format!("{}: {error}", path.display()))
    }

    /// Locks a file as another process would, until the script ends.
    fn hold(&mut self, path: &Path, text: &str) -> Result<(), String> {
        write(path, text).map_err(|error| error.to_string())?;
        let file = File::open(path).map_err(|error| error.to_string())?;
        file.try_lock().map_err(|error| error.to_string())?;
        self.held.push(file);
        Ok(())
    }

    /// A path, with `$DIR` filled in; a `*` in its name stands for the first name that fits.
    fn path(&self, text: &str) -> PathBuf {
        let path = root().join(text.replace("$DIR", &self.dir.display().to_string()));
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let Some((start, end)) = name.split_once('*') else {
            return path;
        };
        let folder = path.parent().unwrap_or(&path);
        let mut names: Vec<PathBuf> = fs::read_dir(folder)
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                name.starts_with(start) && name.ends_with(end)
            })
            .collect();
        names.sort();
        names.into_iter().next().unwrap_or(path)
    }
}

fn is_read(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with('#')
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(path))?;
    fs::write(path, text)
}

fn open(path: &Path) -> std::io::Result<File> {
    File::options().append(true).open(path)
}

/// `replace PATH OLD => NEW`: every occurrence of some bytes, of which there must be one.
fn replace(path: &Path, text: &str) -> Result<(), String> {
    let (old, new) = text.split_once(" => ").ok_or("replace PATH OLD => NEW")?;
    let (old, new) = (unescaped(old), unescaped(new));
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    let (mut done, mut at, mut count) = (Vec::new(), 0, 0);
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(old.as_bytes()) {
            done.extend_from_slice(new.as_bytes());
            at += old.len();
            count += 1;
        } else {
            done.extend(rest.first());
            at += 1;
        }
    }
    if count == 0 {
        return Err(format!("`{old}` is not there"));
    }
    fs::write(path, done).map_err(|error| error.to_string())
}

#[cfg(unix)]
fn chmod(path: &Path, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = u32::from_str_radix(text, 8).map_err(std::io::Error::other)?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

/// Copies a file, or a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    if !from.is_dir() {
        fs::create_dir_all(to.parent().unwrap_or(to))?;
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// `\n` is a new line; nothing else is special.
fn unescaped(text: &str) -> String {
    text.replace("\\n", "\n")
}

/// A line's words as a shell would split them: blanks part words unless they are quoted.
pub fn words_of(line: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), _) if open == letter => quote = None,
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    match quote {
        None => Ok(words),
        Some(_) => Err(format!("a quote is left open: {line}")),
    }
}
