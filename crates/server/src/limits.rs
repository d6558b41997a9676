//! What the server bears before it says so: numbers, in one place. The guide's page prints them.

use std::time::Duration;

/// Connections at once.
pub const CONNECTIONS: usize = 1_024;
/// Connections at once from one address.
pub const CONNECTIONS_PER_ADDRESS: usize = 64;
/// A request's head must be there after this; a connection that asks nothing is closed after it.
pub const HEAD: Duration = Duration::from_secs(10);
/// A piece of a body must follow the one before within this.
pub const PIECE: Duration = Duration::from_secs(10);
/// From its tenth second a body must have come at this many bytes a second.
pub const BYTES_PER_SECOND: u64 = 1_024;
/// A client that takes nothing of an answer for so long is left.
pub const WRITE: Duration = Duration::from_secs(30);
/// Bytes of a request's head.
pub const HEAD_BYTES: usize = 32 << 10;
/// Headers of a request.
pub const HEADERS: usize = 64;
/// Bytes of a body of JSON.
pub const BODY_BYTES: usize = 1 << 20;
/// Bytes of the words of a question.
pub const QUESTION_BYTES: usize = 16 << 10;
/// Questions that are worked out at once; more wait.
pub const ASKING: usize = 2;
/// Questions that wait.
pub const WAITING: usize = 64;
/// Questions of one person that wait.
pub const WAITING_EACH: usize = 16;
/// A question waits so long for its answer; the work goes on, and asking again finds it.
pub const ANSWER: Duration = Duration::from_secs(30);
/// Rows of one answer as JSON.
pub const ROWS: usize = 20_000;
/// Records of one page.
pub const PAGE: usize = 1_000;
/// Memory of answers that are kept for those who ask the same.
pub const KEPT_BYTES: usize = 64 << 20;
/// Memory of lists of records that are kept for their next page, the newest apart.
pub const LISTS_BYTES: usize = 512 << 20;
/// Lists of records that are kept for their next page.
pub const KEPT_LISTS: usize = 4;
/// Pages follow the newest commit within this.
pub const PUBLISHED: Duration = Duration::from_secs(5);
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
