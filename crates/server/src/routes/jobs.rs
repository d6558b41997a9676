//! Imports that are asked for, how far they are, and how they ended.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use handfast_accounts::Capability;
use handfast_accounts::audit::Deed;
use handfast_connect::Files;
use handfast_connect::files::{Claims, assign, line_ends};
use handfast_connect::find::{Found, labelled};
use handfast_ledger::{FileAccount, Foreseen};
use handfast_model::pack::Pack;
use handfast_model::{Day, Refusal};
use handfast_service::checks;
use handfast_service::imports::sum;
use handfast_service::ingest::{self, Imported, Options};
use handfast_service::mend;
use handfast_wire::v1::import as wire;

use super::imports::{counts, files};
use crate::apart::apart;
use crate::body::{At, Body};
use crate::house::{House, Shared};
use crate::inlet::exe;
use crate::jobs::{Asked, How, Job};
use crate::limits;
use crate::problem::{Answered, Problems, Refused, ours};
use crate::uploads::Upload;
use crate::viewer::Viewer;

/// Imports files that were sent, or says what that would do. The answer is there at once; how far
/// it is, and how it ended, is asked by its id. One import is under way at a time.
#[utoipa::path(post, path = "/imports", tag = "imports", request_body = wire::NewImport,
    responses((status = 202, body = wire::Job), Problems))]
pub async fn import(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(new): Body<wire::NewImport>,
) -> Answered<(StatusCode, Json<wire::Job>)> {
    viewer.may(Capability::Import)?;
    let asked = Asked {
        kind: "import",
        dry_run: new.dry_run,
        source: Some(new.source.clone()),
        by: viewer.name()?,
    };
    let day = new.observed_until.as_deref().map(day).transpose()?;
    let (pack, claims, uploads) = apart(&house, move |house| claimed(house, &new)).await?;
    begin(&house, &viewer, asked, uploads, move |house, job| {
        let mut source = Files::of(&pack, claims);
        job.expect(line_ends(source.claims()));
        let options = options(house, job, day)?;
        let mut progress = |file: &str, rows: u64| job.at(file, rows);
        let done = ingest::import(&house.book, &pack, &mut source, &options, &mut progress)?;
        let noted = source.notes().iter();
        let mut notes: Vec<String> = noted
            .map(|note| format!("{}: {}", note.file, note.text))
            .collect();
        let left = source.claims().left.iter();
        notes.extend(left.map(|(file, why)| format!("{file} is left alone: {why}")));
        let is_stopped = done.is_stopped;
        keep_rows(house, job, &done.foreseen, &mut notes);
        Ok((result(&[done], notes), is_stopped))
    })
    .await
}

/// Imports the mended rows of a file that `GET /imports/{run}/aside` gave, sent by `POST /uploads`.
#[utoipa::path(post, path = "/imports/mended", tag = "imports", request_body = wire::NewMended,
    responses((status = 202, body = wire::Job), Problems))]
pub async fn mended(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(new): Body<wire::NewMended>,
) -> Answered<(StatusCode, Json<wire::Job>)> {
    viewer.may(Capability::Import)?;
    let asked = Asked {
        kind: "mended",
        dry_run: new.dry_run,
        source: None,
        by: viewer.name()?,
    };
    let (sheet, claims, uploads) = apart(&house, move |house| {
        let (found, uploads) = found(house, &[new.upload])?;
        let sheet = mend::sheet()?;
        let claims = claims_of(&sheet, &found)?;
        Ok((sheet, claims, uploads))
    })
    .await?;
    begin(&house, &viewer, asked, uploads, move |house, job| {
        let mut source = Files::of(&sheet, claims);
        let done = mend::mend(&house.book, &mut source, &options(house, job, None)?);
        let done = done.map_err(nameless)?;
        let is_stopped = done.is_stopped;
        let left = done.left.iter();
        let left = left.map(|(why, rows)| format!("{rows} rows stay set aside: {why}"));
        let mut notes: Vec<String> = left.collect();
        let foreseen = done.imported.iter().map(|one| one.foreseen.clone());
        let foreseen = foreseen.fold(Foreseen::default(), Foreseen::and);
        keep_rows(house, job, &foreseen, &mut notes);
        let mut result = result(&done.imported, notes);
        result.unknown = done
            .unknown
            .iter()
            .take(limits::SHOWN_FILES)
            .map(|(line, name)| format!("line {line}: {name}"))
            .collect();
        result.closed = done.closed;
        Ok((result, is_stopped))
    })
    .await
}

/// Imports since the server started, newest first.
#[utoipa::path(get, path = "/jobs", tag = "imports",
    responses((status = 200, body = wire::Jobs), Problems))]
pub async fn list(viewer: Viewer, State(house): State<Shared>) -> Answered<Json<wire::Jobs>> {
    viewer.may(Capability::Import)?;
    let jobs = house.jobs.list();
    Ok(Json(wire::Jobs {
        jobs: jobs.iter().map(|job| job.shown()).collect(),
    }))
}

/// One of them: how far it is, or how it ended.
#[utoipa::path(get, path = "/jobs/{id}", tag = "imports",
    params(("id" = String, Path, description = "The job's id.")),
    responses((status = 200, body = wire::Job), Problems))]
pub async fn show(
    viewer: Viewer,
    State(house): State<Shared>,
    At(id): At<String>,
) -> Answered<Json<wire::Job>> {
    viewer.may(Capability::Import)?;
    Ok(Json(house.jobs.get(&id)?.shown()))
}

/// Ends one after the batch under way; what it has committed stays.
#[utoipa::path(post, path = "/jobs/{id}/cancel", tag = "imports",
    params(("id" = String, Path, description = "The job's id.")),
    responses((status = 200, body = wire::Job), Problems))]
pub async fn cancel(
    viewer: Viewer,
    State(house): State<Shared>,
    At(id): At<String>,
) -> Answered<Json<wire::Job>> {
    viewer.may(Capability::Import)?;
    let job = house.jobs.get(&id)?;
    job.stop.store(true, Ordering::Relaxed);
    apart(&house, move |house| {
        let deed = Deed {
            act: "import.cancelled",
            object: &job.id,
            before: &[],
            after: &[],
        };
        house.people.record(&viewer.actor, &viewer.call(), &deed)?;
        Ok(Json(job.shown()))
    })
    .await
}

/// Begins an import and lets it go on by itself. `work` gives what it did and whether it was
/// stopped.
async fn begin(
    house: &Shared,
    viewer: &Viewer,
    asked: Asked,
    uploads: Vec<Upload>,
    work: impl FnOnce(&House, &Job) -> Answered<(wire::JobResult, bool)> + Send + 'static,
) -> Answered<(StatusCode, Json<wire::Job>)> {
    let job = house.jobs.begin(asked, house.now())?;
    // From here on the job goes on by itself: whoever asked may leave at any moment.
    let (by, own, at) = (viewer.clone(), Arc::clone(&job), Arc::clone(house));
    let begun = tokio::spawn(async move {
        let noted = noted(&at, by, Arc::clone(&own)).await;
        match &noted {
            Ok(()) => drop(tokio::spawn(run(at, own, uploads, work))),
            Err(refused) => own.end(at.now(), How::Refused(refused.clone())),
        }
        noted
    });
    begun.await.unwrap_or_else(|_| Err(ours::fault()))?;
    Ok((StatusCode::ACCEPTED, Json(job.shown())))
}

/// Writes down who asked for an import.
async fn noted(house: &Shared, by: Viewer, job: Arc<Job>) -> Answered<()> {
    apart(house, move |house| {
        let dry = job.asked.dry_run.to_string();
        let source = job.asked.source.clone().unwrap_or_default();
        let deed = Deed {
            act: match job.asked.kind {
                "mended" => "import.mended",
                _ => "import.begun",
            },
            object: &job.id,
            before: &[],
            after: &[("source", &source), ("dry_run", &dry)],
        };
        Ok(house.people.record(&by.actor, &by.call(), &deed)?)
    })
    .await
}

async fn run(
    house: Shared,
    job: Arc<Job>,
    uploads: Vec<Upload>,
    work: impl FnOnce(&House, &Job) -> Answered<(wire::JobResult, bool)> + Send + 'static,
) {
    let own = Arc::clone(&job);
    let done = match house.inlet.alone().await {
        Err(refused) => Err(refused),
        Ok(pass) => {
            let done = apart(&house, move |house| {
                let before = house.book.ledger.last_seq()?;
                let done = work(house, &own);
                let stands = house.book.ledger.last_seq().is_ok_and(|seq| seq != before);
                drop(pass);
                let (mut result, is_stopped) = done.map_err(|refused| match stands {
                    true => partly(refused),
                    false => refused,
                })?;
                if !own.asked.dry_run && !is_stopped {
                    // What they say is in the ledger now, sealed where it is personal.
                    let gone = uploads.iter().try_for_each(|one| house.uploads.remove(one));
                    if gone.is_err() {
                        let left = "a file that was imported could not be taken away; it goes \
                                    after seven days";
                        result.notes.push(left.to_owned());
                    }
                }
                // Pages see it with the next tick where this fails.
                let _ = house.publish();
                Ok((result, is_stopped))
            });
            done.await
        }
    };
    let how = match done {
        Ok((result, is_stopped)) => How::Done {
            result: Box::new(result),
            is_stopped,
        },
        Err(refused) => How::Refused(refused.hiding(&house.book.dir)),
    };
    job.end(house.now(), how);
}

/// A refusal of an import of which some batches were committed before.
fn partly(mut refused: Refused) -> Refused {
    let why = "the rows of the batches before it are in the ledger, and those after it are not: \
               GET /imports has what is in, POST /imports/{run}/undo takes it back, and sending \
               the same files again adds what is missing";
    refused.refusal = refused.refusal.matters(why);
    refused
}

fn options<'j>(
    house: &House,
    job: &'j Job,
    observed_until: Option<Day>,
) -> Result<Options<'j>, Refusal> {
    Ok(Options {
        exe: exe()?,
        now: house.now(),
        observed_until,
        is_dry_run: job.asked.dry_run,
        shown: 0,
        stop: &job.stop,
    })
}

/// The pack that reads these files, and which of its streams reads which.
fn claimed(house: &House, new: &wire::NewImport) -> Answered<(Pack, Claims, Vec<Upload>)> {
    let (found, uploads) = found(house, &new.uploads)?;
    let packs = house.book.packs()?;
    let known: Vec<String> = packs.iter().map(|pack| pack.source.clone()).collect();
    let pack = packs.into_iter().find(|pack| pack.source == new.source);
    let pack = pack.ok_or_else(|| {
        let title = format!("this book has no source `{}`", new.source);
        let fix = match known.is_empty() {
            true => "describe the files first: POST /api/v1/wizard/look".to_owned(),
            false => format!("one of: {}", known.join(", ")),
        };
        Refusal::new("E0504", title)
            .matters("nothing was imported")
            .fix(fix)
    })?;
    let claims = claims_of(&pack, &found)?;
    Ok((pack, claims, uploads))
}

fn claims_of(pack: &Pack, found: &[Found]) -> Answered<Claims> {
    let claims = assign(std::slice::from_ref(pack), found)?;
    Ok(claims.into_iter().next().unwrap_or_default())
}

/// Files that were sent, under the names that they are called by.
pub(super) fn found(house: &House, ids: &[String]) -> Answered<(Vec<Found>, Vec<Upload>)> {
    let most = limits::FILES;
    if !(1..=most).contains(&ids.len()) {
        let why = format!("{} files are named", ids.len());
        return Err(ours::field("uploads", &why, &format!("1 to {most} ids")));
    }
    let now = house.now();
    let uploads = ids.iter().map(|id| house.uploads.get(id, now));
    let uploads = uploads.collect::<Answered<Vec<Upload>>>()?;
    let files: Vec<(PathBuf, String)> = uploads
        .iter()
        .map(|upload| (house.uploads.path(upload), upload.name.clone()))
        .collect();
    Ok((labelled(&files)?, uploads))
}

fn day(text: &str) -> Answered<Day> {
    let why = || ours::field("observed_until", "it is not a day", "2026-10-31");
    Day::parse(text).ok_or_else(why)
}

/// A file without `_row` lacks the key of its sheet; whoever sends it knows of no sheet.
fn nameless(refusal: Refusal) -> Refused {
    if refusal.code != "E0306" {
        return refusal.into();
    }
    Refusal::new("E0307", "the file has no column `_row`")
        .matters(
            "nothing was imported: `_row` says which of the rows that are set aside a line mends",
        )
        .fix("mend the file that GET /api/v1/imports/{run}/aside gives, and leave `_row` as it is")
        .into()
}

/// Keeps the rows that a dry run would set aside, and says where they are not all.
fn keep_rows(house: &House, job: &Job, foreseen: &Foreseen, notes: &mut Vec<String>) {
    house.jobs.keep_rows(job, foreseen);
    if foreseen.more > 0 {
        let (kept, more) = (foreseen.rows.len(), foreseen.more);
        notes.push(format!(
            "the file of rows that would be set aside holds the first {kept}; {more} come after"
        ));
    }
}

/// What imports did, as it is shown.
fn result(done: &[Imported], mut notes: Vec<String>) -> wire::JobResult {
    let accounts: Vec<FileAccount> = done.iter().flat_map(|one| one.files.clone()).collect();
    let last = done
        .iter()
        .filter_map(|one| one.report.as_ref())
        .next_back();
    notes.extend(done.iter().flat_map(|one| checks::lines(&one.checked)));
    // The newest look is at all that came since the one before.
    notes.extend(done.last().and_then(|one| one.checked.left_of_much()));
    let whole = sum(&accounts);
    let until = last.and_then(|report| report.observed_until);
    wire::JobResult {
        run: last.map(|report| report.run),
        seq: last.map(|report| report.seq.0),
        observed_until: until.map(|until| until.to_string()),
        is_declared: last.is_some_and(|report| report.is_declared),
        new_rows: whole.rows.saturating_sub(whole.known),
        counts: counts(&whole),
        files: files(&accounts),
        notes,
        unknown: Vec::new(),
        closed: 0,
        foreseen: 0,
    }
}
