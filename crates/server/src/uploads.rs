//! Files that people send to be looked at and imported. They lie in the book's data folder under
//! names of ours, readable by its owner alone; what a file is called is a label beside it and never
//! a path. One that was imported goes at once, any other after seven days.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::Request;
use handfast_ledger::{ContentHash, sync_folder};
use handfast_model::{Instant, Refusal};
use http_body_util::BodyExt;
use tokio::sync::{Semaphore, mpsc};

use crate::house::Shared;
use crate::limits;
use crate::pace::TooSlow;
use crate::problem::{Answered, Refused, ours};

/// The folder of files that were sent.
#[derive(Clone, Debug)]
pub struct Uploads {
    home: PathBuf,
    /// Places for those that are coming: each holds a thread for as long as its sender likes.
    coming: Arc<Semaphore>,
}

/// A file that was sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Upload {
    /// Its id, which also is its name on the disk.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// How long it is.
    pub bytes: u64,
    /// When it came.
    pub at: Instant,
}

impl Upload {
    /// When it goes.
    pub fn until(&self) -> Instant {
        Instant(self.at.0.saturating_add(limits::UPLOAD_KEPT))
    }
}

/// A file that has come whole and has no name yet; gone when dropped.
pub struct Spooled {
    path: PathBuf,
    /// How long it is.
    pub bytes: u64,
    /// A hash of what it says.
    pub hash: String,
}

impl Drop for Spooled {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// What a file may be called: any words on one line.
pub fn label(name: &str) -> Answered<String> {
    let is_plain = !name.trim().is_empty() && !name.chars().any(char::is_control);
    match is_plain && name.chars().count() <= limits::FILE_NAME {
        true => Ok(name.to_owned()),
        false => {
            let most = limits::FILE_NAME;
            let why = format!("`name` is a file's name of 1 to {most} letters on one line");
            Err(ours::words(why, "name=leads.csv"))
        }
    }
}

impl Uploads {
    /// Those of a book.
    pub fn of(book: &Path) -> Uploads {
        Uploads {
            home: book.join("data").join("uploads"),
            coming: Arc::new(Semaphore::new(limits::COMING)),
        }
    }

    /// Where a file lies.
    pub fn path(&self, upload: &Upload) -> PathBuf {
        self.home.join(&upload.id)
    }

    /// The files that are there, newest first.
    pub fn list(&self, now: Instant) -> Answered<Vec<Upload>> {
        let mut all = self.all()?;
        all.retain(|one| one.until() > now);
        all.sort_by(|one, other| (other.at, &other.id).cmp(&(one.at, &one.id)));
        Ok(all)
    }

    fn all(&self) -> Answered<Vec<Upload>> {
        let entries = match fs::read_dir(&self.home) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(lost(&error)),
        };
        let mut all = Vec::new();
        for entry in entries {
            let name = entry.map_err(|error| lost(&error))?.file_name();
            let name = name.to_string_lossy();
            all.extend(name.strip_suffix(".json").and_then(|id| self.read(id)));
        }
        Ok(all)
    }

    /// One file.
    pub fn get(&self, id: &str, now: Instant) -> Answered<Upload> {
        let found = self.read(id).filter(|one| one.until() > now);
        found.ok_or_else(|| ours::no_such("file"))
    }

    fn read(&self, id: &str) -> Option<Upload> {
        let is_id = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_id {
            return None;
        }
        let text = fs::read_to_string(self.home.join(format!("{id}.json"))).ok()?;
        let said: serde_json::Value = serde_json::from_str(&text).ok()?;
        Some(Upload {
            id: id.to_owned(),
            name: said.get("name")?.as_str()?.to_owned(),
            bytes: said.get("bytes")?.as_u64()?,
            at: Instant(said.get("at")?.as_i64()?),
        })
    }

    /// Keeps a file that has come whole.
    pub fn keep(&self, spooled: Spooled, name: &str, now: Instant) -> Answered<Upload> {
        let upload = Upload {
            id: new_id()?,
            name: name.to_owned(),
            bytes: spooled.bytes,
            at: now,
        };
        let said = serde_json::json!({"name": name, "bytes": upload.bytes, "at": now.0});
        self.room(now, spooled.bytes)?;
        let beside = self.home.join(format!("{}.json", upload.id));
        let kept = || -> io::Result<()> {
            let mut file = own(&beside)?;
            file.write_all(said.to_string().as_bytes())?;
            file.sync_all()?;
            fs::rename(&spooled.path, self.path(&upload))
        };
        if let Err(error) = kept() {
            let _ = fs::remove_file(&beside);
            return Err(lost(&error));
        }
        sync_folder(&self.home)?;
        Ok(upload)
    }

    /// Takes a file away.
    pub fn remove(&self, upload: &Upload) -> Answered<()> {
        for path in [
            self.home.join(format!("{}.json", upload.id)),
            self.path(upload),
        ] {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(lost(&error)),
                _ => {}
            }
        }
        Ok(())
    }

    /// Takes away what has been there too long.
    pub fn sweep(&self, now: Instant) -> Answered<()> {
        for old in self.all()?.iter().filter(|one| one.until() <= now) {
            self.remove(old)?;
        }
        Ok(())
    }

    /// Takes away what was still coming when the server ended, and whatever has no name. For when
    /// it starts.
    pub fn clear(&self) {
        let entries = fs::read_dir(&self.home).into_iter().flatten().flatten();
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            if self.read(name.trim_end_matches(".json")).is_none() {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Refuses where no more is kept.
    fn room(&self, now: Instant, bytes: u64) -> Answered<()> {
        let there = self.list(now)?;
        if there.len() >= limits::UPLOADS {
            let why = format!("{} files were sent and are still there", there.len());
            return Err(ours::too_many_uploads(why));
        }
        let all: u64 = there.iter().map(|one| one.bytes).sum();
        if all.saturating_add(bytes) > limits::UPLOADS_BYTES {
            let why = format!("files of {all} bytes were sent and are still there");
            return Err(ours::too_many_uploads(why));
        }
        Ok(())
    }
}

/// Takes a body in as a file, piece by piece.
pub async fn spool(house: &Shared, request: Request) -> Answered<Spooled> {
    let declared = request.headers().get(axum::http::header::CONTENT_LENGTH);
    let declared = declared.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|bytes| bytes > limits::UPLOAD_BYTES) {
        return Err(too_large());
    }
    let coming = Arc::clone(&house.uploads.coming).try_acquire_owned();
    let _coming = coming.map_err(|_| {
        let why = format!("{} files are coming at this moment", limits::COMING);
        ours::too_many_uploads(why)
    })?;
    let (send, pieces) = mpsc::channel::<Piece>(4);
    let (at, now) = (house.uploads.clone(), house.now());
    let writing = tokio::task::spawn_blocking(move || {
        at.room(now, declared.unwrap_or(0))?;
        write(&at.home, pieces)
    });
    let came = pour(request, send).await;
    let written = writing.await.unwrap_or_else(|_| Err(ours::fault()));
    // What was wrong with the body says more than that its file broke off.
    came?;
    written
}

enum Piece {
    Bytes(Bytes),
    /// The body has come whole.
    End,
}

/// Hands the pieces of a body on.
async fn pour(request: Request, send: mpsc::Sender<Piece>) -> Answered<()> {
    let mut body = request.into_body();
    let mut total = 0u64;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| broke_off(&error))?;
        let Ok(bytes) = frame.into_data() else {
            continue;
        };
        total += bytes.len() as u64;
        if total > limits::UPLOAD_BYTES {
            return Err(too_large());
        }
        // Whoever writes has ended, and says why.
        if send.send(Piece::Bytes(bytes)).await.is_err() {
            return Ok(());
        }
    }
    let _ = send.send(Piece::End).await;
    Ok(())
}

fn broke_off(error: &axum::Error) -> Refused {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(one) = cause {
        if one.is::<TooSlow>() {
            return ours::too_slow();
        }
        cause = one.source();
    }
    ours::body("it broke off")
}

fn too_large() -> Refused {
    ours::too_large(usize::try_from(limits::UPLOAD_BYTES).unwrap_or(usize::MAX))
}

fn write(home: &Path, mut pieces: mpsc::Receiver<Piece>) -> Answered<Spooled> {
    let lost = |error: io::Error| lost(&error);
    fs::create_dir_all(home).map_err(lost)?;
    let path = home.join(format!("{}.part", new_id()?));
    let mut file = own(&path).map_err(lost)?;
    let mut spooled = Spooled {
        path,
        bytes: 0,
        hash: String::new(),
    };
    let mut hash = ContentHash::default();
    while let Some(piece) = pieces.blocking_recv() {
        match piece {
            Piece::Bytes(bytes) => {
                hash.update(&bytes);
                spooled.bytes += bytes.len() as u64;
                file.write_all(&bytes).map_err(lost)?;
            }
            Piece::End if spooled.bytes == 0 => return Err(empty()),
            Piece::End => {
                file.sync_all().map_err(lost)?;
                spooled.hash = hash.text();
                return Ok(spooled);
            }
        }
    }
    Err(ours::body("it broke off"))
}

fn empty() -> Refused {
    let fix = "send a file with its header line at least";
    ours::field("the file", "it is empty", fix)
}

/// A new file that its owner alone reads.
fn own(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn lost(error: &io::Error) -> Refused {
    if error.kind() == io::ErrorKind::StorageFull {
        return Refused::from(
            Refusal::new("E0603", "the disk is full")
                .matters("the file was not kept")
                .fix("free some space and send it again"),
        );
    }
    // The words of the system may name a path.
    let title = format!("files that are sent cannot be kept: {}", error.kind());
    Refused::from(Refusal::new("E0254", title).fix("check the disk of the book"))
}

/// An id that nobody guesses.
pub fn new_id() -> Answered<String> {
    let mut bytes = [0u8; 16];
    getrandom::fill(&mut bytes).map_err(|_| ours::fault())?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_is_called_is_never_a_path() {
        let dir = tempfile::tempdir().unwrap();
        let uploads = Uploads::of(dir.path());
        fs::create_dir_all(&uploads.home).unwrap();
        for name in [
            "../../people.db",
            "/etc/passwd",
            "..\\x",
            "a\u{202e}b",
            "con.csv",
        ] {
            let path = uploads.home.join("x.part");
            fs::write(&path, "id\n").unwrap();
            let spooled = Spooled {
                path,
                bytes: 3,
                hash: String::new(),
            };
            let name = label(name).unwrap();
            let kept = uploads.keep(spooled, &name, Instant(7)).unwrap();
            assert_eq!(uploads.path(&kept).parent(), Some(uploads.home.as_path()));
            assert_eq!(uploads.get(&kept.id, Instant(8)).unwrap(), kept);
        }
        for id in ["", "..", "../../people", &"0".repeat(33), &"/".repeat(32)] {
            assert_eq!(uploads.get(id, Instant(8)).unwrap_err().status, 404, "{id}");
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        assert!(label("a\nb").is_err() && label(" ").is_err());
        // Seven days later they are gone.
        uploads.sweep(Instant(7 + limits::UPLOAD_KEPT)).unwrap();
        assert_eq!(fs::read_dir(&uploads.home).unwrap().count(), 0);
    }
}
