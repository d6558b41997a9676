//! What is counted of requests, in the text that collectors read.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use crate::house::House;

/// A request as it is counted: by its route, never by its address, which may name people.
#[derive(Clone, PartialEq, Eq, Hash, Debug, EncodeLabelSet)]
pub struct Asked {
    /// The method.
    pub method: String,
    /// The route as it is declared.
    pub route: String,
    /// The status.
    pub status: u16,
}

/// The counters.
pub struct Counts {
    registry: Registry,
    requests: Family<Asked, Counter>,
    seconds: Histogram,
    waiting: Gauge,
    published: Gauge,
}

impl Default for Counts {
    fn default() -> Counts {
        let mut registry = Registry::with_prefix("handfast");
        let requests = Family::<Asked, Counter>::default();
        registry.register("requests", "Requests answered", requests.clone());
        let seconds = Histogram::new(exponential_buckets(0.001, 2.0, 16));
        let help = "Time from a request's head to its answer's head";
        registry.register_with_unit("request", help, Unit::Seconds, seconds.clone());
        let waiting = Gauge::default();
        registry.register(
            "questions_waiting",
            "Questions that wait or are worked out",
            waiting.clone(),
        );
        let published = Gauge::default();
        registry.register(
            "published_seq",
            "The commit as of which pages are answered",
            published.clone(),
        );
        Counts {
            registry,
            requests,
            seconds,
            waiting,
            published,
        }
    }
}

impl Counts {
    /// Counts an answer.
    pub fn answered(&self, asked: Asked, seconds: f64) {
        self.requests.get_or_create(&asked).inc();
        self.seconds.observe(seconds);
    }

    /// All counters as text.
    pub fn text(&self, house: &House) -> String {
        let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        self.waiting.set(whole(house.answers.waiting() as u64));
        self.published.set(whole(house.published().seq));
        let mut text = String::new();
        // Writing to a text cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
