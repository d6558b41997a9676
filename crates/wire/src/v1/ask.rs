//! What a program asks, word for word as `handfast ask` takes it: one name and meaning in both.

use serde::Deserialize;

/// The words of a question. Lists are separated by commas; what is left out has its default, and
/// the reply's `question` writes every default out.
#[derive(Deserialize, Clone, PartialEq, Eq, Default, Debug)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct Ask {
    /// The metric's name, the buyer's key, a campaign, vendor or handoff; of credit `won` or
    /// `open`.
    pub of: Option<String>,
    /// Of a funnel: `flow`, `cohort` or `snapshot`.
    pub view: Option<String>,
    /// Dimensions that split the answer, in order: `month,channel`.
    pub by: Option<String>,
    /// A condition in rule syntax: `deal.amount > 1000`.
    #[serde(rename = "where")]
    pub filter: Option<String>,
    /// `2018-Q1`, `2018-01`, or `2018-01-01..2018-02-15` (the last day not included).
    pub period: Option<String>,
    /// Of a bridge: only deals due in this period.
    pub due: Option<String>,
    /// An earlier moment of knowing, with which the figure is compared.
    pub since: Option<String>,
    /// Another period, `previous` or `year-ago`, with which it is compared.
    pub compare: Option<String>,
    /// Of a forecast: `month` or `quarter`.
    pub horizon: Option<String>,
    /// Of a forecast: whether past windows are forecast and scored instead.
    #[serde(default)]
    pub backtest: bool,
    /// Of a plan: what is to be won, a number in the currency of the answer.
    pub goal: Option<String>,
    /// The step that is entered or left.
    pub from: Option<String>,
    /// Calendar days of a cohort, or after which a lead counts as untouched.
    pub window: Option<u32>,
    /// Whether shares of a cohort that can still grow are also estimated.
    #[serde(default)]
    pub estimate: bool,
    /// Of estimates: the sources show nothing that was over before this day.
    pub observed_from: Option<String>,
    /// Of response: `creation` or `assignment`.
    pub clock: Option<String>,
    /// Of a cohort: `first` or `all`.
    pub entries: Option<String>,
    /// Of a snapshot: the end of this day, or this instant. Of a forecast or a plan: the last
    /// day that is known.
    pub at: Option<String>,
    /// Of a snapshot: what became of them by then.
    pub outcome_by: Option<String>,
    /// What had been learned: a commit's number or an instant.
    pub as_of: Option<String>,
    /// `recorded` or `happened`.
    pub known: Option<String>,
    /// A charter version or the name of a draft.
    pub charter: Option<String>,
    /// What is counted: `pursuit`, `person`, `account` or `deal`.
    pub unit: Option<String>,
    /// Amounts in this currency, at the charter's rates.
    pub currency: Option<String>,
    /// Models of credit.
    pub models: Option<String>,
}

/// Every word that [`Ask`] has, for whoever sorts the words of an address.
pub const WORDS: [&str; 25] = [
    "of",
    "view",
    "by",
    "where",
    "period",
    "due",
    "since",
    "compare",
    "horizon",
    "backtest",
    "goal",
    "from",
    "window",
    "estimate",
    "observed-from",
    "clock",
    "entries",
    "at",
    "outcome-by",
    "as-of",
    "known",
    "charter",
    "unit",
    "currency",
    "models",
];

/// Kinds of questions that can be asked by `GET /api/v1/ask/KIND`.
pub const KINDS: [&str; 20] = [
    "funnel",
    "transitions",
    "velocity",
    "times",
    "stale",
    "response",
    "health",
    "leaks",
    "metric",
    "credit",
    "cost",
    "sla",
    "bridge",
    "forecast",
    "plan",
    "targets",
    "change",
    "reasons",
    "journey",
    "identity",
];

impl Ask {
    /// The words in one order, so that the same question has the same text however it was typed.
    pub fn canonical(&self) -> String {
        let window = self.window.map(|days| days.to_string());
        let estimate = self.estimate.then(|| "true".to_owned());
        let backtest = self.backtest.then(|| "true".to_owned());
        let all = [
            ("of", &self.of),
            ("view", &self.view),
            ("by", &self.by),
            ("where", &self.filter),
            ("period", &self.period),
            ("due", &self.due),
            ("since", &self.since),
            ("compare", &self.compare),
            ("horizon", &self.horizon),
            ("backtest", &backtest),
            ("goal", &self.goal),
            ("from", &self.from),
            ("window", &window),
            ("estimate", &estimate),
            ("observed-from", &self.observed_from),
            ("clock", &self.clock),
            ("entries", &self.entries),
            ("at", &self.at),
            ("outcome-by", &self.outcome_by),
            ("as-of", &self.as_of),
            ("known", &self.known),
            ("charter", &self.charter),
            ("unit", &self.unit),
            ("currency", &self.currency),
            ("models", &self.models),
        ];
        let said = all.iter().filter_map(|(word, value)| {
            let value = value.as_ref()?;
            Some(format!("{word}={}:{value}", value.len()))
        });
        said.collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_questions_have_two_texts_whatever_is_in_their_words() {
        let of = |of: &str, view: &str| Ask {
            of: Some(of.to_owned()),
            view: Some(view.to_owned()),
            ..Ask::default()
        };
        assert_ne!(of("a view=1:b", "c").canonical(), of("a", "b").canonical());
        assert_ne!(of("a", "b").canonical(), Ask::default().canonical());
    }

    #[test]
    fn every_word_is_in_the_list() {
        let json: serde_json::Map<String, serde_json::Value> = WORDS
            .iter()
            .map(|word| {
                let value = match *word {
                    "window" => serde_json::json!(7),
                    "estimate" | "backtest" => serde_json::json!(true),
                    _ => serde_json::json!("x"),
                };
                ((*word).to_owned(), value)
            })
            .collect();
        let read: Ask = serde_json::from_value(json.into()).unwrap();
        assert_eq!(read.canonical().split(' ').count(), WORDS.len());
    }
}
