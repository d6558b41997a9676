//! From the words of an address to a question: the same words that `handfast ask` takes.

use handfast_engine::answer::Pick;
use handfast_engine::derived::Teams;
use handfast_model::{Answer, Refusal};
use handfast_service::resolve::Typed;
use handfast_wire::shown::Looks;
use handfast_wire::v1::ask::{Ask, KINDS, WORDS};

use crate::answers::Wanted;
use crate::limits;
use crate::problem::{Answered, ours};

/// The words of an address, in order.
pub type Words = Vec<(String, String)>;

/// Which rows of a list are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rows {
    /// So many come before.
    pub after: usize,
    /// So many at most.
    pub limit: usize,
}

/// The question of a kind and its words.
pub fn question(kind: &str, words: Words) -> Answered<Wanted> {
    known(kind)?;
    let ask = read(words)?;
    let text = format!("{kind} {}", ask.canonical());
    Ok(Wanted {
        typed: typed(kind, ask)?,
        text,
        pick: None,
        teams: Teams::default(),
    })
}

/// The question, the figure whose records are wanted, and which of them.
pub fn records(kind: &str, words: Words) -> Answered<(Wanted, Rows)> {
    let (own, words): (Words, Words) = words
        .into_iter()
        .partition(|(word, _)| ["column", "row", "after", "limit"].contains(&word.as_str()));
    let mut wanted = question(kind, words)?;
    let one = |name: &str| -> Answered<Option<String>> {
        let mut all = own.iter().filter(|(word, _)| word == name);
        match (all.next(), all.next()) {
            (first, None) => Ok(first.map(|(_, value)| value.clone())),
            (_, Some(_)) => Err(twice(name)),
        }
    };
    let number = |name: &str, otherwise: usize| -> Answered<usize> {
        let Some(value) = one(name)? else {
            return Ok(otherwise);
        };
        let why = || ours::words(format!("`{name}={value}` is no number"), "a whole number");
        value.parse().map_err(|_| why())
    };
    let limit = number("limit", 100)?;
    if limit == 0 || limit > limits::PAGE {
        let why = format!("`limit={limit}`: a page has 1 to {} records", limits::PAGE);
        return Err(ours::words(why, format!("limit={}", limits::PAGE)));
    }
    let rows = Rows {
        after: number("after", 0)?,
        limit,
    };
    let Some(column) = one("column")? else {
        let fix = "column=won, and row=… for each of the row's first cells";
        return Err(ours::words("whose records? no `column` is given", fix));
    };
    let row = own.iter().filter(|(word, _)| word == "row");
    wanted.pick = Some(Pick {
        column,
        row: row.map(|(_, cell)| cell.clone()).collect(),
    });
    Ok((wanted, rows))
}

/// The question of a file: whole, or with `column` the list behind a figure, which is all of it.
pub fn file(kind: &str, words: Words) -> Answered<Wanted> {
    let has = |name: &str| words.iter().any(|(word, _)| word == name);
    if !has("column") {
        return question(kind, words);
    }
    if let Some(word) = ["after", "limit"].into_iter().find(|word| has(word)) {
        let why = format!("a file holds all records; `{word}` means nothing to it");
        return Err(ours::words(
            why,
            format!("leave `{word}` out, or ask for /records"),
        ));
    }
    Ok(records(kind, words)?.0)
}

/// How a file's table stands on the page that it is taken from, and the words of its question.
pub fn looks(words: Words) -> Answered<(Looks, Words)> {
    let (own, words): (Words, Words) = words
        .into_iter()
        .partition(|(word, _)| ["order", "hide"].contains(&word.as_str()));
    let one = |name: &str| -> Answered<Option<&str>> {
        let mut all = own.iter().filter(|(word, _)| word == name);
        match (all.next(), all.next()) {
            (first, None) => Ok(first.map(|(_, value)| value.as_str())),
            (_, Some(_)) => Err(twice(name)),
        }
    };
    Ok((Looks::parse(one("order")?, one("hide")?), words))
}

/// The answer as it stands on the page.
pub fn shown(looks: &Looks, answer: &Answer) -> Answered<Answer> {
    if let Some(id) = looks.unknown(answer) {
        let ids: Vec<&str> = answer.columns.iter().map(|one| one.id.as_str()).collect();
        let why = format!("this answer has no column `{id}`");
        return Err(ours::words(why, format!("one of: {}", ids.join(", "))));
    }
    Ok(looks.of(answer.clone()))
}

fn known(kind: &str) -> Answered<()> {
    match KINDS.contains(&kind) {
        true => Ok(()),
        false => Err(ours::no_such_page()),
    }
}

fn twice(word: &str) -> crate::problem::Refused {
    let fix = format!("give `{word}` once; lists are separated by commas");
    ours::words(format!("`{word}` is given twice"), fix)
}

/// The words as a question has them. A word that nobody knows would be ignored without a sound.
fn read(words: Words) -> Answered<Ask> {
    let bytes: usize = words
        .iter()
        .map(|(word, value)| word.len() + value.len())
        .sum();
    if bytes > limits::QUESTION_BYTES {
        let why = format!(
            "the question has {bytes} bytes; {} are read",
            limits::QUESTION_BYTES
        );
        return Err(ours::words(why, "ask with a shorter condition"));
    }
    let mut json = serde_json::Map::new();
    for (word, value) in words {
        if !WORDS.contains(&word.as_str()) {
            let fix = format!("one of: {}", WORDS.join(", "));
            return Err(ours::words(
                format!("`{word}` is no word of a question"),
                fix,
            ));
        }
        let value = match word.as_str() {
            "window" => value
                .parse::<u32>()
                .map(serde_json::Value::from)
                .map_err(|_| {
                    ours::words(
                        format!("`window={value}` is no number of days"),
                        "window=30",
                    )
                })?,
            "estimate" | "backtest" => match value.as_str() {
                "true" | "yes" => true.into(),
                "false" | "no" => false.into(),
                _ => {
                    let why = format!("`{word}={value}`");
                    return Err(ours::words(why, format!("{word}=true")));
                }
            },
            _ => value.into(),
        };
        if json.contains_key(&word) {
            return Err(twice(&word));
        }
        json.insert(word, value);
    }
    serde_json::from_value(json.into())
        .map_err(|error| ours::words(error.to_string(), "see /openapi.json"))
}

fn typed(kind: &str, ask: Ask) -> Answered<Typed> {
    let list = |text: Option<String>| -> Vec<String> {
        let text = text.unwrap_or_default();
        let words = text.split(',').filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    let is_every_entry = either(&ask.entries, "entries", ["first", "all"])?;
    let is_known_happened = either(&ask.known, "known", ["recorded", "happened"])?;
    not_a_folder(ask.charter.as_deref())?;
    Ok(Typed {
        kind: kind.to_owned(),
        of: ask.of,
        view: ask.view,
        models: list(ask.models),
        by: list(ask.by),
        filter: ask.filter,
        period: ask.period,
        due: ask.due,
        since: ask.since,
        compare: ask.compare,
        horizon: ask.horizon,
        is_backtest: ask.backtest,
        goal: ask.goal,
        from: ask.from,
        window: ask.window,
        is_estimated: ask.estimate,
        observed_from: ask.observed_from,
        clock: ask.clock,
        is_every_entry,
        at: ask.at,
        outcome_by: ask.outcome_by,
        as_of: ask.as_of,
        is_known_happened,
        charter: ask.charter,
        unit: ask.unit,
        currency: ask.currency,
    })
}

/// Whether the second of two words is said; the first is what counts where nothing is.
fn either(said: &Option<String>, name: &str, words: [&str; 2]) -> Answered<bool> {
    let [first, second] = words;
    match said.as_deref() {
        None => Ok(false),
        Some(word) if word == first => Ok(false),
        Some(word) if word == second => Ok(true),
        Some(word) => {
            let fix = format!("{name}={first} or {name}={second}");
            Err(ours::words(format!("`{name}={word}` says nothing"), fix))
        }
    }
}

/// On a terminal a folder of texts may be named; whoever asks from elsewhere names none of ours.
/// Whether one is there is not looked at: the answer would tell.
pub fn not_a_folder(charter: Option<&str>) -> Answered<()> {
    let is_path = |text: &str| text.contains(['/', '\\', '\0']) || text.starts_with('.');
    match charter {
        Some(text) if is_path(text) => {
            let refusal = Refusal::new("E0701", "`charter` names a folder");
            Err(refusal
                .fix("a version's hash, or the name of a draft")
                .into())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(all: &[(&str, &str)]) -> Words {
        let pair = |(word, value): &(&str, &str)| ((*word).to_owned(), (*value).to_owned());
        all.iter().map(pair).collect()
    }

    #[test]
    fn what_no_question_has_is_refused_and_never_ignored() {
        for wrong in [
            words(&[("perid", "2018")]),
            words(&[("by", "month"), ("by", "team")]),
            words(&[("window", "a week")]),
            words(&[("estimate", "maybe")]),
            words(&[("known", "guessed")]),
            words(&[("charter", "../charter")]),
            words(&[("where", &"x".repeat(20_000))]),
        ] {
            let refused = question("funnel", wrong.clone()).map(|wanted| wanted.text);
            assert_eq!(refused.unwrap_err().refusal.code, "E0701", "{wrong:?}");
        }
        assert!(question("funnels", Vec::new()).is_err_and(|refused| refused.status == 404));
    }

    #[test]
    fn a_name_is_asked_for_whatever_lies_where_the_server_runs() {
        let wanted = question("funnel", words(&[("charter", "src")])).unwrap();
        assert_eq!(wanted.typed.charter.as_deref(), Some("src"));
    }

    #[test]
    fn a_file_of_records_has_no_pages() {
        let all = |more: (&str, &str)| file("funnel", words(&[("column", "won"), more]));
        for more in [("after", "7"), ("limit", "7")] {
            let refused = all(more).map(|wanted| wanted.text);
            assert_eq!(refused.unwrap_err().refusal.code, "E0701", "{more:?}");
        }
        assert!(all(("row", "a")).unwrap().pick.is_some());
        assert!(file("funnel", Vec::new()).unwrap().pick.is_none());
    }

    #[test]
    fn the_order_of_words_makes_no_other_question() {
        let one = question("funnel", words(&[("by", "month"), ("view", "flow")]));
        let other = question("funnel", words(&[("view", "flow"), ("by", "month")]));
        assert_eq!(one.unwrap().text, other.unwrap().text);
    }

    #[test]
    fn a_page_of_records_names_its_figure() {
        let all = words(&[
            ("column", "won"),
            ("row", "a,b"),
            ("row", "c"),
            ("after", "7"),
            ("by", "channel"),
        ]);
        let (wanted, rows) = records("funnel", all).unwrap();
        assert_eq!(
            rows,
            Rows {
                after: 7,
                limit: 100
            }
        );
        let pick = wanted.pick.unwrap();
        assert_eq!(
            (pick.column.as_str(), pick.row),
            ("won", vec!["a,b".to_owned(), "c".to_owned()])
        );
        assert!(records("funnel", words(&[("after", "7")])).is_err());
        assert!(records("funnel", words(&[("column", "won"), ("limit", "5000")])).is_err());
    }
}
