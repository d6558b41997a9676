//! From files that were sent to a source of the book: looked at, tried, written. The same is done
//! by `handfast source add`; here somebody answers page by page.

mod said;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use handfast_accounts::Capability;
use handfast_charter::TextFile;
use handfast_connect::sniff::{Column, Doubt, Sniffed, shape};
use handfast_model::{Refusal, Seq};
use handfast_packs::propose::{Proposed, Question, Wishes, settled};
use handfast_packs::suggest::Suggestion;
use handfast_packs::understand::parts_for;
use handfast_service::agree::doing;
use handfast_service::imports::sum;
use handfast_service::ingest::Options;
use handfast_service::shown::Shown;
use handfast_service::sources;
use handfast_wire::v1::wizard as wire;
use handfast_wizard::{self as wizard, Draft, Looked, Offer, SHOWN_FACTS, TRIED_ROWS, Tried};

use self::said::{as_written, fits, said};
use super::acts::{act, act_beside};
use super::imports::files;
use super::jobs::found;
use crate::apart::{apart, in_turn};
use crate::body::Body;
use crate::house::{House, Shared};
use crate::inlet::exe;
use crate::limits;
use crate::problem::{Answered, Problems, Refused, ours};
use crate::viewer::Viewer;

/// Looks at files that were sent and proposes sources for them, with a reason beside each choice.
/// Nothing is written.
#[utoipa::path(post, path = "/wizard/look", tag = "wizard", request_body = wire::WizardAsk,
    responses((status = 200, body = wire::WizardLook), Problems))]
pub async fn look(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(asked): Body<wire::WizardAsk>,
) -> Answered<Json<wire::WizardLook>> {
    viewer.may(Capability::Import)?;
    in_turn(&house, viewer.turn(), move |house| {
        let desk = Desk::of(house, &asked)?;
        let read_already: Vec<_> = desk
            .looked
            .files
            .iter()
            .map(|(file, _)| file.clone())
            .collect();
        let mut already = wizard::read_already(&house.book, &read_already)?;
        already.dedup();
        let read_already = already.into_iter().map(|(file, source)| wire::ReadAlready {
            file: file.name,
            source,
        });
        Ok(Json(wire::WizardLook {
            sources: desk
                .suggestions
                .iter()
                .map(|one| proposed(house, one))
                .collect(),
            files: looked_files(&desk),
            questions: unsaid(&desk.suggestions),
            read_already: read_already.collect(),
        }))
    })
    .await
}

/// Tries a proposed source, or one that somebody corrected, on the first rows of its files. Nothing
/// is written.
#[utoipa::path(post, path = "/wizard/preview", tag = "wizard", request_body = wire::WizardAsk,
    responses((status = 200, body = wire::WizardPreview), Problems))]
pub async fn preview(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(asked): Body<wire::WizardAsk>,
) -> Answered<Json<wire::WizardPreview>> {
    viewer.may(Capability::Import)?;
    let (desk, asked) = at_desk(&house, &viewer, asked).await?;
    let pass = house.inlet.alone().await?;
    apart(&house, move |house| {
        let offer = desk.offer(&asked)?;
        let tried = tried(house, &offer)?;
        drop(pass);
        Ok(Json(shown(&offer, &tried)))
    })
    .await
}

/// Looks at the files in one's turn: what takes long must not keep events waiting.
async fn at_desk(
    house: &Shared,
    viewer: &Viewer,
    asked: wire::WizardAsk,
) -> Answered<(Desk, wire::WizardAsk)> {
    in_turn(house, viewer.turn(), move |house| {
        let desk = Desk::of(house, &asked)?;
        desk.offer(&asked)?;
        if asked.name.is_none() {
            refuse_read_already(house, &desk)?;
        }
        Ok((desk, asked))
    })
    .await
}

/// Writes a proposed source, or one that somebody corrected, into the book. Where the book has no
/// charter yet, a first one is drafted from the stages in the files.
#[utoipa::path(post, path = "/wizard/save", tag = "wizard", request_body = wire::WizardAsk,
    responses((status = 201, body = wire::SourceSaved), Problems))]
pub async fn save(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(asked): Body<wire::WizardAsk>,
) -> Answered<(StatusCode, Json<wire::SourceSaved>)> {
    viewer.may(Capability::Import)?;
    let (desk, asked) = at_desk(&house, &viewer, asked).await?;
    let pass = house.inlet.alone().await?;
    apart(&house, move |house| {
        let offer = desk.offer(&asked)?;
        let name = offer.pack.source.clone();
        sources::need_free(&house.book.dir, &name).map_err(|refusal| taken(&name, refusal))?;
        // What the rows pass through tells the order of stages in a first charter.
        let tried = tried(house, &offer)?;
        let (files, done) = act_beside((house, &viewer), "source.written", || {
            wizard::save(&house.book, &name, &offer.texts, false)
        })?;
        drop(pass);
        done.to(&name, &[("files", &files.len().to_string())]);
        let streams = &offer.suggestion.proposal.streams;
        let told = (streams.as_slice(), tried.passed());
        let draft = wizard::drafted(&house.book, (told.0, &told.1), &desk.wishes)?;
        let within = files
            .iter()
            .filter_map(|path| path.strip_prefix(&house.book.dir).ok());
        let saved = wire::SourceSaved {
            source: name,
            written: within.map(|path| path.display().to_string()).collect(),
            charter: needs(draft),
        };
        Ok((StatusCode::CREATED, Json(saved)))
    })
    .await
}

/// Puts a first charter into force in a book that has none, so that what was imported is counted.
/// Where one is in force, it is proposed instead.
#[utoipa::path(post, path = "/wizard/begin", tag = "wizard", request_body = wire::BeginCharter,
    responses((status = 200, body = wire::CharterBegun), Problems))]
pub async fn begin(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(new): Body<wire::BeginCharter>,
) -> Answered<Json<wire::CharterBegun>> {
    viewer.may(Capability::Settings)?;
    viewer.may(Capability::Propose)?;
    in_turn(&house, viewer.turn(), move |house| {
        let bare = |path: String| path.rsplit('/').next().unwrap_or_default().to_owned();
        let sent = new
            .files
            .into_iter()
            .map(|file| (bare(file.path), file.text));
        let texts = doing::files(sent.collect())?;
        let (begun, done) = act((house, &viewer), "charter.begun", || {
            wizard::begin(&house.book, &texts, house.now())
        })?;
        done.in_commit(Seq(begun.seq));
        house.publish()?;
        Ok(Json(wire::CharterBegun {
            hash: begun.hash,
            seq: begun.seq,
        }))
    })
    .await
}

/// A file that a source reads already needs no other, unless somebody names one for it.
fn refuse_read_already(house: &House, desk: &Desk) -> Answered<()> {
    let files: Vec<_> = desk
        .looked
        .files
        .iter()
        .map(|(file, _)| file.clone())
        .collect();
    let already = wizard::read_already(&house.book, &files)?;
    let Some((file, source)) = already.into_iter().next() else {
        return Ok(());
    };
    let title = format!("source `{source}` reads `{}` already", file.name);
    Err(Refusal::new("E0513", title)
        .matters("with a second source for it every row would count twice")
        .fix("import it by that source; or `name`: another name, for another source of it")
        .into())
}

/// Files that were looked at, what was said of them, and what is proposed.
struct Desk {
    looked: Looked,
    wishes: Wishes,
    suggestions: Vec<Suggestion>,
}

impl Desk {
    fn of(house: &House, asked: &wire::WizardAsk) -> Answered<Desk> {
        let wishes = wizard::wishes(&house.book, said(asked)?)?;
        let (found, _) = found(house, &asked.uploads)?;
        let looked = wizard::look(found, &as_written(asked)?)?;
        wishes
            .columns
            .iter()
            .try_for_each(|said| fits(&looked, said))?;
        let suggestions = looked.suggest(&wishes);
        Ok(Desk {
            looked,
            wishes,
            suggestions,
        })
    }

    /// The source that is meant, once nothing is left to be said.
    fn offer(&self, asked: &wire::WizardAsk) -> Answered<Offer<'_>> {
        let meant = match &asked.source {
            None => self.suggestions.first(),
            Some(name) => self
                .suggestions
                .iter()
                .find(|one| one.proposal.name == *name),
        };
        let suggestion = meant.ok_or_else(|| {
            let all = self
                .suggestions
                .iter()
                .map(|one| one.proposal.name.as_str());
            let all: Vec<&str> = all.collect();
            ours::field(
                "source",
                "no source of this name is proposed",
                &all.join(" or "),
            )
        })?;
        if let Some(question) = suggestion.proposal.questions.first() {
            return Err(unanswered(question));
        }
        let texts = asked.texts.as_ref().map(|texts| {
            let text = |one: &wire::SentText| TextFile {
                path: one.path.clone(),
                text: one.text.clone(),
            };
            texts.iter().map(text).collect()
        });
        Ok(Offer::of(&self.looked, suggestion, texts)?)
    }
}

/// What an import of the first rows would do. The ledger is to be had alone.
fn tried(house: &House, offer: &Offer<'_>) -> Answered<Tried> {
    let never = std::sync::atomic::AtomicBool::new(false);
    let options = Options {
        exe: exe()?,
        now: house.now(),
        observed_until: None,
        is_dry_run: true,
        shown: SHOWN_FACTS,
        stop: &never,
    };
    Ok(offer.try_out(&house.book, options)?)
}

fn taken(name: &str, refusal: Refusal) -> Refused {
    match refusal.code {
        "E0510" => {
            let title = format!("this book has a source `{name}` already");
            Refusal::new("E0510", title)
                .matters("its pack may have been edited by hand, so nothing was written over it")
                .fix("name: another name, for another source")
                .into()
        }
        _ => refusal.into(),
    }
}

/// The field of the wizard that an option of the command line is.
fn field(option: &str) -> String {
    match option.trim_start_matches('-') {
        "as" => "rows".to_owned(),
        word => word.to_owned(),
    }
}

fn unanswered(question: &Question) -> Refused {
    let choices = match question.choices.is_empty() {
        true => "EUR".to_owned(),
        false => question.choices.join(" or "),
    };
    Refusal::new("E0512", question.text.clone())
        .matters("the files do not say it, and a guess would change every number")
        .fix(format!("{}: {choices}", field(question.option)))
        .into()
}

fn unsaid(suggestions: &[Suggestion]) -> Vec<wire::Unsaid> {
    let questions = wizard::questions(suggestions).into_iter();
    let unsaid = questions.map(|question| wire::Unsaid {
        field: field(question.option),
        text: question.text,
        choices: question.choices,
    });
    unsaid.collect()
}

fn proposed(house: &House, one: &Suggestion) -> wire::ProposedSource {
    let proposal = &one.proposal;
    let stream = |stream: &Proposed| wire::ProposedStream {
        stream: stream.stream.clone(),
        files: stream.files.clone(),
        rows: stream.rows.word().to_owned(),
        why: stream.why.clone(),
        stages: stages(&stream.stages),
        won: stream.ends.0.clone(),
        lost: stream.ends.1.clone(),
    };
    wire::ProposedSource {
        is_taken: sources::need_free(&house.book.dir, &proposal.name).is_err(),
        name: proposal.name.clone(),
        pack: one.pack.map(|(name, title)| wire::PackOf {
            name: name.to_owned(),
            title: title.to_owned(),
        }),
        files: proposal
            .streams
            .iter()
            .flat_map(|one| one.files.clone())
            .collect(),
        streams: proposal.streams.iter().map(stream).collect(),
        notes: proposal.notes.clone(),
        texts: texts(&proposal.texts),
    }
}

fn texts(texts: &[TextFile]) -> Vec<wire::PackText> {
    let text = |one: &TextFile| wire::PackText {
        path: one.path.clone(),
        text: one.text.clone(),
    };
    texts.iter().map(text).collect()
}

fn stages(stages: &[(String, u64)]) -> Vec<wire::StageRows> {
    let stage = |(stage, rows): &(String, u64)| wire::StageRows {
        stage: stage.clone(),
        rows: *rows,
    };
    stages.iter().map(stage).collect()
}

fn looked_files(desk: &Desk) -> Vec<wire::LookedFile> {
    let files = desk.looked.files.iter().enumerate();
    files
        .map(|(at, (_, sniffed))| {
            let own = desk.suggestions.iter().find(|one| one.files.contains(&at));
            // A pack that ships reads its files in its own way, whatever is said.
            match own.is_some_and(|own| own.pack.is_some()) {
                true => looked_file(sniffed, own),
                false => looked_file(&settled(sniffed, &desk.wishes), own),
            }
        })
        .collect()
}

fn looked_file(file: &Sniffed, own: Option<&Suggestion>) -> wire::LookedFile {
    let mut streams = own.into_iter().flat_map(|one| &one.proposal.streams);
    let stream = streams.find(|stream| stream.files.contains(&file.file));
    let layout = file.layout.iter().flat_map(|layout| &layout.evidence);
    let sheet = file.on.iter().flat_map(|on| &on.evidence);
    let columns = file.columns.iter().take(limits::SHOWN_COLUMNS);
    let bad = file.bad.as_ref();
    let say = |of: fn(&Proposed) -> &str| stream.map_or("", of).to_owned();
    wire::LookedFile {
        file: file.file.clone(),
        rows: file.rows,
        is_whole: file.is_whole,
        written: layout.chain(sheet).cloned().collect(),
        bad_rows: bad.map_or(0, |(rows, _)| *rows),
        bad_reason: bad.map(|(_, reason)| reason.clone()),
        source: own.map_or(String::new(), |one| one.proposal.name.clone()),
        stream: say(|stream| &stream.stream),
        rows_are: say(|stream| stream.rows.word()),
        why: say(|stream| &stream.why),
        columns: columns
            .map(|column| looked_column(column, stream))
            .collect(),
        of_columns: file.columns.len(),
    }
}

/// A column. What is personal is shown by its shape only.
fn looked_column(column: &Column, stream: Option<&Proposed>) -> wire::LookedColumn {
    let is_sealed = stream.is_some_and(|stream| stream.sealed.contains(&column.name));
    let samples = column.examples.iter();
    let samples = samples.map(|text| match is_sealed || column.is_personal() {
        true => shape(text),
        false => text.clone(),
    });
    let parts = stream.and_then(|stream| stream.parts.get(&column.name));
    let doubt = column.doubt.as_ref().map(|doubt| match doubt {
        Doubt::DateOrder(first, second) => format!("read as {first}; could be {second}"),
        Doubt::DecimalMark => "the point may mark thousands or a fraction".to_owned(),
    });
    wire::LookedColumn {
        name: column.name.clone(),
        kind: column.kind.word().to_owned(),
        evidence: column.evidence.clone(),
        filled_percent: column.filled.percent(),
        samples: samples.collect(),
        parts: parts
            .into_iter()
            .flatten()
            .map(|part| (*part).to_owned())
            .collect(),
        may_be: parts_for(column)
            .into_iter()
            .map(|part| part.word().to_owned())
            .collect(),
        is_sealed,
        doubt,
    }
}

fn shown(offer: &Offer<'_>, tried: &Tried) -> wire::WizardPreview {
    let fact = |one: &Shown| wire::FactShown {
        file: one.place.1.clone(),
        line: one.place.2,
        kind: one.kind.word().to_owned(),
        says: one
            .says
            .iter()
            .map(|(name, value)| wire::FactSays {
                name: name.clone(),
                value: value.clone(),
            })
            .collect(),
    };
    let chosen = wizard::chosen(&tried.imported.shown).into_iter();
    let whole = sum(&tried.imported.files);
    wire::WizardPreview {
        source: offer.pack.source.clone(),
        tried_rows: TRIED_ROWS,
        facts: chosen.take(SHOWN_FACTS).map(fact).collect(),
        of_facts: tried.facts(),
        stages: stages(&tried.stages()),
        files: files(&tried.imported.files),
        set_aside_by: whole.set_aside,
    }
}

fn needs(draft: Draft) -> wire::CharterNeeds {
    match draft {
        Draft::Written { texts: drafted, .. } => wire::CharterNeeds {
            state: "drafted",
            attributes: None,
            without_stages: false,
            files: texts(&drafted),
        },
        Draft::Lacks {
            attributes,
            is_without_stages,
            ..
        } => wire::CharterNeeds {
            state: "lacks",
            attributes: Some(attributes),
            without_stages: is_without_stages,
            files: Vec::new(),
        },
        Draft::Unneeded => wire::CharterNeeds {
            state: "complete",
            attributes: None,
            without_stages: false,
            files: Vec::new(),
        },
    }
}
