//! Version 1 of the JSON. A field is never renamed or removed within it.

pub mod agree;
pub mod ask;
pub mod audit;
pub mod book;
pub mod catalogue;
mod cell;
pub mod charter;
pub mod deal;
pub mod import;
pub mod meeting;
pub mod passport;
pub mod people;
pub mod period;
pub mod person;
pub mod problem;
mod question;
pub mod saved;
pub mod search;
pub mod session;
#[cfg(feature = "openapi")]
mod shapes;
pub mod wizard;

use handfast_model as model;
use serde::Serialize;
use serde_json::Value;

pub use question::Question;
#[cfg(feature = "openapi")]
pub use shapes::Cell;

/// What every door gives back for a question.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reply {
    /// The question with every default written out.
    pub question: Question,
    /// The figures.
    pub answer: Answer,
    /// Defects beside the number.
    pub issues: Vec<IssueCount>,
    /// Sentences a reader must know.
    pub notes: Vec<String>,
    /// What the answer rests on.
    pub lineage: Lineage,
}

/// The figures.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Answer {
    /// What stands above the rows, where they have something in common.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headline: Option<Headline>,
    /// What each column is.
    pub columns: Vec<Column>,
    /// The rows; each cell has the shape of its column's type.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<Cell>>))]
    pub rows: Vec<Vec<Value>>,
    /// The same over all rows, or null where a total makes no sense.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Vec<Cell>>))]
    pub totals: Option<Vec<Value>>,
    /// Where amounts have several currencies, the same over the rows of each.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<Cell>>))]
    pub currency_totals: Vec<Vec<Value>>,
}

/// Figures over all rows, and the sentence that they make.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Headline {
    /// The figures in words.
    pub sentence: String,
    /// The figures; where amounts have several currencies, one for each.
    pub figures: Vec<HeadlineFigure>,
}

/// One of the figures above the rows. Its records are asked for by the id of its column.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeadlineFigure {
    /// What it is.
    pub column: Column,
    /// The figure, in the shape of its column's type.
    #[cfg_attr(feature = "openapi", schema(value_type = Cell))]
    pub cell: Value,
}

/// One column.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Column {
    /// Stable id.
    pub id: String,
    /// `text`, `period`, `count`, `number`, `decimal`, `ratio`, `mean`, `money`, `days`, `time`,
    /// `flag`, `money_share`; `estimated_share` and `estimated_days` are estimates, all others
    /// exact.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What is counted, or the unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The definition in one line.
    pub means: String,
}

/// An amount in the smallest unit of its currency.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Amount {
    /// How many of them.
    pub minor: i64,
    /// Three letters of ISO 4217.
    pub currency: String,
}

impl From<model::Money> for Amount {
    fn from(money: model::Money) -> Amount {
        Amount {
            minor: money.minor,
            currency: money.currency.code().to_owned(),
        }
    }
}

/// How often one defect occurs.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct IssueCount {
    /// Public code.
    pub code: String,
    /// How many.
    pub count: u64,
    /// What it means.
    pub text: String,
}

/// What an answer rests on.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lineage {
    /// Ledger sequence number.
    pub seq: u64,
    /// Charter content hash.
    pub charter: String,
    /// Where it is forward-only: the charter that held for stages and openings until an instant.
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub earlier: serde_json::Map<String, Value>,
    /// Pack versions by source.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub packs: serde_json::Map<String, Value>,
    /// Kernel versions by name.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub kernels: serde_json::Map<String, Value>,
    /// Facts counted over.
    pub facts_used: u64,
    /// Rows set aside, by reason.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub set_aside: serde_json::Map<String, Value>,
    /// The instant up to which the sources show everything.
    pub horizon: Option<String>,
}

impl Reply {
    /// The reply of a question and its answer.
    pub fn new(question: &model::Question, answer: &model::Answer) -> Reply {
        let issue = |issue: &model::answer::IssueCount| IssueCount {
            code: issue.code.clone(),
            count: issue.count,
            text: issue.text.clone(),
        };
        Reply {
            question: Question::from(question),
            answer: Answer::new(answer),
            issues: answer.issues.iter().map(issue).collect(),
            notes: answer.notes.clone(),
            lineage: Lineage::from(&answer.lineage),
        }
    }

    /// The reply to credit of a file of paths, which no book has a question for.
    pub fn of_paths(file: &str, models: &[String], answer: &model::Answer) -> Reply {
        let mut reply = Reply::new(&Question::credit(models), answer);
        let asked = match models {
            [] => String::new(),
            models => format!(" --models {}", models.join(",")),
        };
        reply.question.text = format!("credit --paths {file}{asked}");
        reply.question.of = Some("paths".to_owned());
        reply
    }

    /// The canonical bytes: compact JSON in field order, one line.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Answer {
    /// The figures alone.
    pub fn new(answer: &model::Answer) -> Answer {
        let kind = |at: usize| answer.columns.get(at).map(|column| column.kind);
        let row = |cells: &Vec<model::Cell>| {
            let told = cells.iter().enumerate();
            told.map(|(at, one)| cell::in_column(one, kind(at)))
                .collect::<Vec<_>>()
        };
        let column = |column: &model::Column| Column {
            id: column.id.clone(),
            kind: kind_word(column.kind),
            unit: column.unit.clone(),
            means: column.means.clone(),
        };
        let figure = |(of, found): &(model::Column, model::Cell)| HeadlineFigure {
            column: column(of),
            cell: cell::in_column(found, Some(of.kind)),
        };
        let headline = answer.headline.as_ref().map(|headline| Headline {
            sentence: headline.sentence.clone(),
            figures: headline.figures.iter().map(figure).collect(),
        });
        Answer {
            headline,
            columns: answer.columns.iter().map(column).collect(),
            rows: answer.rows.iter().map(row).collect(),
            totals: answer.totals.as_ref().map(row),
            currency_totals: answer.currency_totals.iter().map(row).collect(),
        }
    }
}

impl From<&model::Lineage> for Lineage {
    fn from(lineage: &model::Lineage) -> Lineage {
        let texts = |pairs: &[(String, String)]| {
            pairs
                .iter()
                .map(|(key, text)| (key.clone(), Value::from(text.clone())))
                .collect()
        };
        Lineage {
            seq: lineage.seq,
            charter: lineage.charter.clone(),
            earlier: texts(&lineage.earlier),
            packs: texts(&lineage.packs),
            kernels: texts(&lineage.kernels),
            facts_used: lineage.facts_used,
            set_aside: lineage
                .set_aside
                .iter()
                .map(|(why, n)| (why.clone(), Value::from(*n)))
                .collect(),
            horizon: lineage.horizon.clone(),
        }
    }
}

fn kind_word(kind: model::ColumnKind) -> &'static str {
    match kind {
        model::ColumnKind::Text => "text",
        model::ColumnKind::Period => "period",
        model::ColumnKind::Count => "count",
        model::ColumnKind::Decimal => "decimal",
        model::ColumnKind::Number => "number",
        model::ColumnKind::Ratio => "ratio",
        model::ColumnKind::Mean => "mean",
        model::ColumnKind::Money => "money",
        model::ColumnKind::Days => "days",
        model::ColumnKind::Time => "time",
        model::ColumnKind::Flag => "flag",
        model::ColumnKind::MoneyShare => "money_share",
        model::ColumnKind::EstimatedShare => "estimated_share",
        model::ColumnKind::EstimatedDays => "estimated_days",
    }
}

/// A page of the records behind a figure.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page {
    /// The records of this page.
    pub reply: Reply,
    /// How many there are of all pages: what the figure says.
    pub of: u64,
    /// How many came before this page.
    pub after: u64,
}

impl Page {
    /// The rows of a listing behind `after`, `limit` of them at most.
    pub fn of(
        question: &model::Question,
        answer: &model::Answer,
        (after, limit): (usize, usize),
    ) -> Page {
        let rows = answer.rows.iter().skip(after).take(limit);
        let page = model::Answer {
            headline: None,
            columns: answer.columns.clone(),
            rows: rows.cloned().collect(),
            totals: None,
            currency_totals: Vec::new(),
            issues: answer.issues.clone(),
            notes: answer.notes.clone(),
            lineage: answer.lineage.clone(),
        };
        Page {
            reply: Reply::new(question, &page),
            of: answer.rows.len() as u64,
            after: after as u64,
        }
    }
}
