//! How fast a client must be. A body whose pieces do not come, and a reader that takes nothing, are
//! let go: what waits for them is memory and a place among the connections.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

use crate::limits;

/// A body that must keep coming.
pub struct Paced<B> {
    body: B,
    began: Option<Instant>,
    bytes: u64,
    waits: Option<Pin<Box<Sleep>>>,
}

/// Why a body ended before its end.
#[derive(Debug)]
pub struct TooSlow;

impl std::fmt::Display for TooSlow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the body came too slowly")
    }
}

impl std::error::Error for TooSlow {}

type Failed = Box<dyn std::error::Error + Send + Sync>;

impl<B> Paced<B> {
    /// The same body, with a clock.
    pub fn new(body: B) -> Paced<B> {
        Paced {
            body,
            began: None,
            bytes: 0,
            waits: None,
        }
    }

    /// Whether what came so far came at the pace that is asked.
    fn is_fast_enough(&self, began: Instant) -> bool {
        let seconds = began.elapsed().as_secs();
        let grace = limits::PIECE.as_secs();
        seconds <= grace || self.bytes >= (seconds - grace) * limits::BYTES_PER_SECOND
    }
}

impl<B> Body for Paced<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<Failed>,
{
    type Data = Bytes;
    type Error = Failed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Failed>>> {
        let began = *self.began.get_or_insert_with(Instant::now);
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                self.waits = None;
                self.bytes += frame.data_ref().map_or(0, |bytes| bytes.len() as u64);
                match self.is_fast_enough(began) {
                    true => Poll::Ready(Some(Ok(frame))),
                    false => Poll::Ready(Some(Err(Box::new(TooSlow)))),
                }
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(error.into()))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => {
                let waits = self
                    .waits
                    .get_or_insert_with(|| Box::pin(sleep(limits::PIECE)));
                ready!(waits.as_mut().poll(cx));
                Poll::Ready(Some(Err(Box::new(TooSlow))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A connection whose other end must take what is written within a time.
pub struct Watched<S> {
    stream: S,
    patience: Duration,
    give_up: fn(&S),
    waits: Option<Pin<Box<Sleep>>>,
}

impl<S> Watched<S> {
    /// The same connection, with a clock; `give_up` is told when it has run out.
    pub fn new(stream: S, patience: Duration, give_up: fn(&S)) -> Watched<S> {
        Watched {
            stream,
            patience,
            give_up,
            waits: None,
        }
    }

    fn written<T>(
        &mut self,
        cx: &mut Context<'_>,
        done: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.waits = None;
            return done;
        }
        let patience = self.patience;
        let waits = self.waits.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(waits.as_mut().poll(cx));
        (self.give_up)(&self.stream);
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.written(cx, done)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.stream).poll_flush(cx);
        self.written(cx, done)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let done = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.written(cx, done)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.written(cx, done)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
