//! The mapping worker: a process of its own that may die without harm.
//!
//! DataFusion is not a sandbox, so a pack's SELECTs run in a child: no environment, bounded memory
//! and CPU, two pipes and nothing else. The parent sends tables of text and SQL that `select` has
//! printed, waits no longer than the limit, and turns every death into a [`Death`]. This module
//! knows processes and frames; what the SELECTs mean is the business of `packs`.

use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use datafusion::arrow::array::RecordBatch;
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::ipc::reader::StreamReader;
use datafusion::arrow::ipc::writer::StreamWriter;
use datafusion::config::ConfigNonZeroUsize;
use datafusion::datasource::MemTable;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::SessionStateDefaults;
use datafusion::execution::session_state::SessionState;
use datafusion::functions::core::{coalesce, nullif};
use datafusion::functions::{string, unicode};
use datafusion::logical_expr::ScalarUDF;
use datafusion::prelude::{SessionConfig, SessionContext};
use handfast_model::limits::{WORKER_BYTES, WORKER_REPLY_BYTES, WORKER_SECONDS};
use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};

/// The hidden argument with which the binary becomes a worker.
pub const WORKER_ARGUMENT: &str = "__map-worker";

/// How a worker ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Death {
    /// It could not be started.
    NotStarted(String),
    /// It took longer than the limit and was ended.
    TooSlow,
    /// It was killed by a signal or left by itself.
    Broke(String),
    /// It said more than the limit, or something else than was agreed.
    Babbled,
}

/// What a worker says to a question.
#[derive(Debug)]
pub enum Reply {
    /// The rows.
    Rows(Vec<RecordBatch>),
    /// The planner or the run refused, with its message.
    Failed(String),
}

/// A running worker.
pub struct Worker {
    child: Child,
    input: Option<BufWriter<ChildStdin>>,
    replies: Receiver<io::Result<Frame>>,
    limit: Duration,
}

impl Worker {
    /// Starts `exe` as a worker.
    pub fn start(exe: &Path) -> Result<Worker, Death> {
        let not_started = |error: io::Error| Death::NotStarted(error.to_string());
        // A process group of its own: an interrupt from the keyboard is for the parent, which then
        // finishes its batch.
        let mut child = Command::new(exe)
            .arg(WORKER_ARGUMENT)
            .env_clear()
            .envs(shape_text().map(|text| (SHAPE, text)))
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(not_started)?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let (sender, replies) = channel();
        let output = output.ok_or_else(|| Death::NotStarted("it has no output".to_owned()))?;
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            loop {
                let frame = Frame::read(&mut output, WORKER_REPLY_BYTES);
                let is_last = frame.is_err();
                if sender.send(frame).is_err() || is_last {
                    return;
                }
            }
        });
        Ok(Worker {
            child,
            input: input.map(BufWriter::new),
            replies,
            limit: Duration::from_secs(WORKER_SECONDS),
        })
    }

    /// Waits no longer than this for a reply, instead of the product's limit.
    pub fn with_limit(mut self, limit: Duration) -> Worker {
        self.limit = limit;
        self
    }

    /// Makes sure that it is a worker.
    pub fn greet(&mut self) -> Result<(), Death> {
        match self.ask(GREET, &[])?.kind {
            DONE => Ok(()),
            _ => Err(self.end(Death::Babbled)),
        }
    }

    /// Gives it a table, in place of one of the same name.
    pub fn give_table(&mut self, name: &str, batch: &RecordBatch) -> Result<(), Death> {
        let mut payload = Vec::new();
        let length = u16::try_from(name.len()).unwrap_or(u16::MAX);
        payload.extend_from_slice(&length.to_le_bytes());
        payload.extend_from_slice(name.as_bytes());
        if write_batches(&mut payload, std::slice::from_ref(batch)).is_err() {
            return Err(Death::Babbled);
        }
        match self.ask(TABLE, &payload)?.kind {
            DONE => Ok(()),
            _ => Err(self.end(Death::Babbled)),
        }
    }

    /// Runs SQL over its tables.
    pub fn run(&mut self, sql: &str) -> Result<Reply, Death> {
        let frame = self.ask(QUERY, sql.as_bytes())?;
        match frame.kind {
            ROWS => match read_batches(&frame.payload) {
                Ok(batches) => Ok(Reply::Rows(batches)),
                Err(_) => Err(self.end(Death::Babbled)),
            },
            FAILED => Ok(Reply::Failed(
                String::from_utf8_lossy(&frame.payload).into_owned(),
            )),
            _ => Err(self.end(Death::Babbled)),
        }
    }

    /// Sends a frame and waits for its reply; both sides may block for no longer than the limit.
    fn ask(&mut self, kind: u8, payload: &[u8]) -> Result<Frame, Death> {
        let Some(mut input) = self.input.take() else {
            return Err(Death::Broke("it is gone already".to_owned()));
        };
        let limit = self.limit;
        let replies = &self.replies;
        let child = &mut self.child;
        let received = std::thread::scope(|scope| {
            let writing = scope.spawn(move || {
                // A worker that died shows by its missing reply.
                let _ = write_frame(&mut input, kind, payload);
                input
            });
            let received = replies.recv_timeout(limit);
            if received.is_err() {
                // Ends the writer too, should it hang in a full pipe.
                let _ = child.kill();
            }
            (received, writing.join().ok())
        });
        let (received, input) = received;
        self.input = input;
        match received {
            Ok(Ok(frame)) => Ok(frame),
            Ok(Err(error)) if error.kind() == io::ErrorKind::InvalidData => {
                Err(self.end(Death::Babbled))
            }
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => {
                let death = self.cause();
                Err(self.end(death))
            }
            Err(RecvTimeoutError::Timeout) => Err(self.end(Death::TooSlow)),
        }
    }

    /// Makes sure that it is gone.
    fn end(&mut self, death: Death) -> Death {
        self.input = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
        death
    }

    /// Why it ended by itself.
    fn cause(&mut self) -> Death {
        let Ok(status) = self.child.wait() else {
            return Death::Broke("it is gone".to_owned());
        };
        Death::Broke(match (status.signal(), status.code()) {
            // Rust aborts where memory cannot be had.
            (Some(6), _) => "it ran out of memory".to_owned(),
            (Some(11 | 7), _) => "it ran out of stack or memory".to_owned(),
            (Some(24), _) => "it used up its processor time".to_owned(),
            (Some(signal), _) => format!("it was ended by signal {signal}"),
            (None, Some(code)) => format!("it ended with code {code}"),
            (None, None) => "it ended".to_owned(),
        })
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.end(Death::TooSlow);
    }
}

const GREET: u8 = b'G';
const TABLE: u8 = b'T';
const QUERY: u8 = b'Q';
const DONE: u8 = b'D';
const ROWS: u8 = b'R';
const FAILED: u8 = b'F';
const HEAD_BYTES: usize = 9;

struct Frame {
    kind: u8,
    payload: Vec<u8>,
}

impl Frame {
    fn read(input: &mut impl Read, most: usize) -> io::Result<Frame> {
        let mut head = [0; HEAD_BYTES];
        input.read_exact(&mut head)?;
        let [kind, length @ ..] = head;
        let length = usize::try_from(u64::from_le_bytes(length)).unwrap_or(usize::MAX);
        if length > most {
            return Err(io::Error::from(io::ErrorKind::InvalidData));
        }
        let mut payload = Vec::new();
        // Grows with what really comes, not with what the head claims.
        input.take(length as u64).read_to_end(&mut payload)?;
        if payload.len() != length {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        }
        Ok(Frame { kind, payload })
    }
}

fn write_frame(output: &mut impl Write, kind: u8, payload: &[u8]) -> io::Result<()> {
    output.write_all(&[kind])?;
    output.write_all(&(payload.len() as u64).to_le_bytes())?;
    output.write_all(payload)?;
    output.flush()
}

fn write_batches(out: &mut Vec<u8>, batches: &[RecordBatch]) -> Result<(), ArrowError> {
    let Some(first) = batches.first() else {
        return Ok(());
    };
    let mut writer = StreamWriter::try_new(out, &first.schema())?;
    for batch in batches {
        writer.write(batch)?;
    }
    writer.finish()
}

fn read_batches(bytes: &[u8]) -> Result<Vec<RecordBatch>, ArrowError> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    StreamReader::try_new(bytes, None)?.collect()
}

/// The life of a worker: reads frames from its input until that ends. Call it where the program
/// is started with [`WORKER_ARGUMENT`], before anything else.
pub fn worker_main() -> ExitCode {
    if limit_self().is_err() {
        return ExitCode::from(70);
    }
    // Planning recurses; its depth is bounded by `select`, and this stack is ample for it.
    let serving = std::thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(serve);
    match serving.map(std::thread::JoinHandle::join) {
        Ok(Ok(Ok(()))) => ExitCode::SUCCESS,
        _ => ExitCode::from(71),
    }
}

const STACK_BYTES: usize = 256 << 20;
const PARSER_DEPTH: usize = 1_000;
/// A worker serves many batches; this bounds one that lost its parent or its mind.
const CPU_SECONDS: u64 = 60 * WORKER_SECONDS;

fn limit_self() -> io::Result<()> {
    let exactly = |most: u64| Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    setrlimit(Resource::Core, exactly(0))?;
    setrlimit(Resource::As, exactly(WORKER_BYTES))?;
    setrlimit(Resource::Cpu, exactly(CPU_SECONDS))?;
    setrlimit(Resource::Fsize, exactly(0))?;
    set_parent_process_death_signal(Some(Signal::KILL))?;
    Ok(())
}

fn serve() -> io::Result<()> {
    let context = SessionContext::new_with_state(state());
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let (mut input, mut output) = (BufReader::new(io::stdin()), BufWriter::new(io::stdout()));
    loop {
        let frame = match Frame::read(&mut input, usize::MAX) {
            Ok(frame) => frame,
            Err(_) => return Ok(()),
        };
        let answer = match frame.kind {
            GREET => Ok((DONE, Vec::new())),
            TABLE => take_table(&context, &frame.payload).map(|()| (DONE, Vec::new())),
            _ => run(&context, &runtime, &frame.payload).map(|rows| (ROWS, rows)),
        };
        let (kind, payload) = answer.unwrap_or_else(|message| (FAILED, message.into_bytes()));
        write_frame(&mut output, kind, &payload)?;
    }
}

/// Partitions and rows of a batch that a test asks for, to see that they change nothing: `7,3`.
const SHAPE: &str = "HANDFAST_WORKER_SHAPE";

#[cfg(debug_assertions)]
fn shape_text() -> Option<String> {
    std::env::var(SHAPE).ok()
}

/// Nothing of this is in a release.
#[cfg(not(debug_assertions))]
fn shape_text() -> Option<String> {
    None
}

/// Only what packs may call is registered: what is not there cannot be called.
fn state() -> SessionState {
    let mut config = SessionConfig::new()
        .with_target_partitions(1)
        .with_information_schema(false);
    if let Some((partitions, rows)) = shape_text()
        .as_deref()
        .and_then(|text| text.split_once(','))
    {
        config = config
            .with_target_partitions(partitions.parse().unwrap_or(1))
            .with_batch_size(rows.parse().unwrap_or(8192));
    }
    let options = config.options_mut();
    options.sql_parser.enable_ident_normalization = false;
    options.sql_parser.map_string_types_to_utf8view = false;
    // What `select` prints is bounded already; brackets around everything nest deeper than the
    // parser's usual bound.
    if let Ok(limit) = ConfigNonZeroUsize::try_new(PARSER_DEPTH) {
        options.sql_parser.recursion_limit = limit;
    }
    let mut functions: Vec<Arc<ScalarUDF>> = crate::functions::all();
    functions.extend([
        coalesce(),
        nullif(),
        string::lower(),
        string::upper(),
        string::btrim(),
        string::ltrim(),
        string::rtrim(),
        string::replace(),
        string::split_part(),
        string::concat(),
        string::starts_with(),
        unicode::substr(),
        unicode::left(),
        unicode::right(),
        unicode::character_length(),
        unicode::strpos(),
    ]);
    SessionStateBuilder::new()
        .with_config(config)
        .with_scalar_functions(functions)
        .with_expr_planners(SessionStateDefaults::default_expr_planners())
        .build()
}

fn take_table(context: &SessionContext, payload: &[u8]) -> Result<(), String> {
    let table = || -> Option<(&str, &[u8])> {
        let (length, rest) = payload.split_first_chunk::<2>()?;
        let (name, rows) = rest.split_at_checked(usize::from(u16::from_le_bytes(*length)))?;
        Some((std::str::from_utf8(name).ok()?, rows))
    };
    let (name, rows) = table().ok_or("a table without a name")?;
    let plain = |error: &dyn std::fmt::Display| error.to_string();
    let batches = read_batches(rows).map_err(|error| plain(&error))?;
    let schema = batches
        .first()
        .map(RecordBatch::schema)
        .ok_or("an empty table")?;
    let table = MemTable::try_new(schema, vec![batches]).map_err(|error| plain(&error))?;
    let name = datafusion::common::TableReference::bare(name.to_owned());
    let replaced = context.deregister_table(name.clone());
    replaced.map_err(|error| plain(&error))?;
    let registered = context.register_table(name, Arc::new(table));
    registered.map(drop).map_err(|error| plain(&error))
}

fn run(
    context: &SessionContext,
    runtime: &tokio::runtime::Runtime,
    sql: &[u8],
) -> Result<Vec<u8>, String> {
    let sql = std::str::from_utf8(sql).map_err(|error| error.to_string())?;
    let batches = runtime.block_on(async { context.sql(sql).await?.collect().await });
    let batches = batches.map_err(|error| error.strip_backtrace())?;
    let mut out = Vec::new();
    write_batches(&mut out, &batches).map_err(|error| error.to_string())?;
    Ok(out)
}
