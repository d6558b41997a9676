//! What the server bears before it says so: numbers, in one place, each with the code that it says.
//! How long one question is worked on is a limit of the model, since terminals know it too. The
//! reference page is printed from here.

use std::time::Duration;

/// Connections at once.
pub const CONNECTIONS: usize = 1_024;
/// Connections at once from one address.
pub const CONNECTIONS_PER_ADDRESS: usize = 64;
/// A request's head must be there after this; a connection that asks nothing is closed after it.
pub const HEAD: Duration = Duration::from_secs(10);
/// A piece of a body must follow the one before within this (E0706).
pub const PIECE: Duration = Duration::from_secs(10);
/// From its tenth second a body must have come at this many bytes a second (E0706).
pub const BYTES_PER_SECOND: u64 = 1_024;
/// A client that takes nothing of an answer for so long is left.
pub const WRITE: Duration = Duration::from_secs(30);
/// Bytes of a request's head.
pub const HEAD_BYTES: usize = 32 << 10;
/// Headers of a request.
pub const HEADERS: usize = 64;
/// Bytes of a body of JSON (E0705).
pub const BODY_BYTES: usize = 1 << 20;
/// Bytes of the words of a question (E0701).
pub const QUESTION_BYTES: usize = 16 << 10;
/// Questions that are worked out at once; more wait.
pub const ASKING: usize = 2;
/// Questions that wait; one more is not begun (E0707).
pub const WAITING: usize = 64;
/// Questions of one person that wait (E0707).
pub const WAITING_EACH: usize = 16;
/// How often somebody looks what a question takes.
pub const LOOK: Duration = Duration::from_millis(100);
/// A question that took too much is begun again when it is asked after this (E0466, E0724).
pub const OVER: Duration = Duration::from_secs(60);
/// A question waits so long for its answer; the work goes on, and asking again finds it (E0708).
pub const ANSWER: Duration = Duration::from_secs(30);
/// Whoever was told to ask again has so long for it, then the work ends.
pub const PROMISE: Duration = Duration::from_secs(60);
/// Rows of one answer as JSON (E0709).
pub const ROWS: usize = 20_000;
/// Records of one page (E0701).
pub const PAGE: usize = 1_000;
/// Memory of answers that are kept for those who ask the same.
pub const KEPT_BYTES: usize = 64 << 20;
/// Memory of lists of records that are kept for their next page, the newest apart.
pub const LISTS_BYTES: usize = 512 << 20;
/// Lists of records that are kept for their next page.
pub const KEPT_LISTS: usize = 4;
/// Answers that are laid out for a page before it is turned, those that are asked for most.
pub const FAVOURITES: usize = 32;
/// The page is turned after this, whatever of them is there.
pub const LAYING_OUT: Duration = Duration::from_secs(3);
/// What the book's page waits so long for: the time that the book is about, once it is derived.
pub const SPAN: Duration = Duration::from_secs(2);
/// Pages follow the newest commit about so soon.
pub const PUBLISHED: Duration = Duration::from_secs(5);
/// Sign-ins that talk to the company's provider at once.
pub const AT_THE_PROVIDER: usize = 2;
/// A sign-in waits so long for its turn to.
pub const PROVIDER_TURN: Duration = Duration::from_secs(10);
/// Requests under way may end within this once the server is to stop.
pub const GRACE: Duration = Duration::from_secs(10);
/// Things of each kind that one search finds.
pub const FOUND: usize = 100;
/// Characters of what is searched for.
pub const SOUGHT: usize = 200;
/// Things besides answers that are kept for those who ask the same.
pub const WORKED: usize = 64;
/// Bytes of what somebody says in an act: a story, a reason, a remark.
pub const SAID: usize = 4_000;
/// Bytes of one file that is sent to be imported.
pub const UPLOAD_BYTES: u64 = 2 << 30;
/// Bytes of all files that were sent and are still there.
pub const UPLOADS_BYTES: u64 = 16 << 30;
/// Files that were sent and are still there.
pub const UPLOADS: usize = 200;
/// Files that are coming at once.
pub const COMING: usize = 8;
/// Files that are looked at or imported at once.
pub const FILES: usize = 50;
/// A file that nobody imported is kept so long, in microseconds: seven days.
pub const UPLOAD_KEPT: i64 = 7 * 86_400_000_000;
/// Letters of what a file that is sent is called.
pub const FILE_NAME: usize = 200;
/// Requests with events that wait for the disk at once; more wait for a place.
pub const EVENTS_WAITING: usize = 256;
/// Events, and whatever else changes what is imported, wait so long for the way in to be free.
pub const INLET: Duration = Duration::from_secs(10);
/// A source's events have the way in to themselves for so long while another's wait.
pub const TURN: Duration = Duration::from_millis(250);
/// An import of events is ended after so long, and the next begun.
pub const RECEIVING: Duration = Duration::from_secs(3_600);
/// Imports that are shown after they ended.
pub const JOBS: usize = 100;
/// Dry runs whose rows that would be set aside are kept, the newest (E0725).
pub const FORESEEN: usize = 5;
/// Characters of a source's name in a request.
pub const SOURCE_NAME: usize = 64;
/// Characters of a question to which a note belongs.
pub const NOTED_QUESTION: usize = 8_192;
/// Characters of the name of a column to which a note belongs.
pub const NOTED_COLUMN: usize = 200;
/// Imports of one page of the list.
pub const IMPORTS: usize = 200;
/// Files of an import, and columns of a file, that are shown.
pub const SHOWN_FILES: usize = 100;
/// Columns of a file that are shown.
pub const SHOWN_COLUMNS: usize = 200;
