//! Abuse: processes killed, power cut, steps of the disk made to fail, disks full, rivals, bytes
//! changed. After each, a book opens whole, holds what was acknowledged once, and ends where it
//! would have ended, or refuses by a code and names the file.
//!
//! A child process (`work`) does one kind of work until it is stopped and says what was
//! acknowledged. How often each thing is done, and from which seed, is said here; `cargo xtask soak
//! abuse` does all of it in full.

mod bytes;
mod cuts;
mod disk;
mod faults;
mod kills;
mod repeats;
mod rivals;
mod work;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::undoing::Chance;

/// How often to do a thing: `full` times in a soak, else as often as a test run has time for.
fn times(full: u32, everyday: u32) -> u32 {
    match std::env::var_os("HANDFAST_SOAK") {
        Some(_) => full,
        None => everyday,
    }
}

/// Numbers that are others for each commit of this repository and the same for one, so that many
/// runs see more than one does. `HANDFAST_SEED` repeats a run.
fn chance(what: &str) -> Chance {
    let told = std::env::var("HANDFAST_SEED")
        .ok()
        .and_then(|text| text.parse().ok());
    let seed = told.unwrap_or_else(|| {
        let head = Command::new("git").args(["rev-parse", "HEAD"]).output();
        let head = head.map(|output| output.stdout).unwrap_or_default();
        let hash = blake3::hash(&head);
        u64::from_le_bytes(hash.as_bytes()[..8].try_into().unwrap()) >> 32
    });
    println!("{what}: HANDFAST_SEED={seed}");
    Chance(
        seed ^ u64::from_le_bytes(
            blake3::hash(what.as_bytes()).as_bytes()[..8]
                .try_into()
                .unwrap(),
        ),
    )
}

/// A child process at work.
struct Worker {
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
    reader: JoinHandle<()>,
}

/// Says something to the parent, in one write. A child whom nobody hears any more ends.
fn say(text: &str) {
    if std::io::stderr()
        .write_all(format!("{text}\n").as_bytes())
        .is_err()
    {
        std::process::exit(1);
    }
}

impl Worker {
    /// Starts one kind of work on a folder, from the given piece on.
    fn start(work: &str, folder: &Path, from: u64, also: &[(&str, &str)]) -> Worker {
        let exe = std::env::current_exe().unwrap();
        Worker::start_by(Command::new(exe), work, folder, from, also)
    }

    /// The same by another program that becomes it.
    fn start_by(
        mut program: Command,
        work: &str,
        folder: &Path,
        from: u64,
        also: &[(&str, &str)],
    ) -> Worker {
        let mut child = program
            .args(["--exact", "tests::abuse::work::child", "--nocapture"])
            .env("HANDFAST_WORK", work)
            .env("HANDFAST_WORK_FOLDER", folder)
            .env("HANDFAST_WORK_FROM", from.to_string())
            .envs(also.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = Arc::new(Mutex::new(Vec::new()));
        let (mut lines, heard) = (
            BufReader::new(child.stderr.take().unwrap()),
            Arc::clone(&said),
        );
        let reader = std::thread::spawn(move || {
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
                // A line that a kill cut short was not said.
                if let Some(line) = line.strip_suffix('\n') {
                    heard.lock().unwrap().push(line.to_owned());
                }
                line.clear();
            }
        });
        Worker {
            child,
            said,
            reader,
        }
    }

    /// What it has said so far.
    fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }

    /// The pieces of work that were acknowledged so far.
    fn acknowledged(&self) -> Vec<u64> {
        acknowledged(&self.said())
    }

    /// Waits until it has said something that begins so, or has ended.
    fn wait_for(&mut self, start: &str) -> bool {
        loop {
            if self.said().iter().any(|line| line.starts_with(start)) {
                return true;
            }
            if self.child.try_wait().unwrap().is_some() {
                return false;
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
    }

    /// Ends it with SIGKILL; gives all that it said.
    fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.end()
    }

    /// Waits for its end; gives all that it said.
    fn end(mut self) -> Vec<String> {
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
        self.reader.join().unwrap();
        let said = self.said.lock().unwrap().clone();
        let panicked = said.iter().any(|line| line.contains("panicked at"));
        assert!(!panicked, "{said:#?}");
        said
    }
}

fn acknowledged(said: &[String]) -> Vec<u64> {
    let numbers = said.iter().filter_map(|line| line.strip_prefix("done "));
    numbers.map(|number| number.parse().unwrap()).collect()
}

/// Memory, where there is some, for what is not about flushing.
fn scratch() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    match memory.is_dir() {
        true => tempfile::tempdir_in(memory).unwrap(),
        false => tempfile::tempdir().unwrap(),
    }
}

/// Copies a folder with all that is in it.
pub(super) fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let place = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy_folder(&path, &place),
            false => drop(std::fs::copy(&path, &place).unwrap()),
        }
    }
}

/// Whether a file system of our own can be had here, tried on an image where one is given; says so
/// loudly where not. Where `cargo xtask` found that it can be had, it must be.
fn can_mount(what: &str, image: Option<&Path>) -> bool {
    let home = tempfile::tempdir().unwrap();
    let root = home.path().display().to_string();
    let works = |program: &str, words: &[&str]| {
        let output = Command::new(program).args(words).output();
        output.is_ok_and(|output| output.status.success())
    };
    let is_mounted = match image.map(|image| image.display().to_string()) {
        None => works("mount", &["-t", "tmpfs", "-o", "size=64k", "tmpfs", &root]),
        Some(image) => {
            works("mkfs.ext4", &["-q", "-F", &image])
                && works("mount", &["-o", "loop", &image, &root])
        }
    };
    if !is_mounted {
        let kind = if image.is_some() { "image" } else { "memory" };
        let found = std::env::var("HANDFAST_MOUNTS").unwrap_or_default();
        let is_promised = found.split(' ').any(|found| found == kind);
        assert!(
            !is_promised,
            "{what}: {kind} could be mounted before, and cannot be now"
        );
        // A runner keeps what passing tests say to itself; `cargo xtask test` has said it before.
        say(&format!(
            "skipped: {what}: only root on Linux can mount file systems"
        ));
        return false;
    }
    works("umount", &[&root])
}

/// Runs a program of the system that must succeed.
fn system(program: &str, words: &[&str]) {
    let output = Command::new(program).args(words).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {words:?}: {said}");
}
