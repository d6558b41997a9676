//! Facts for people to look at, before anything is kept.

use handfast_model::{Fact, FactKind, Names, Value, When};

/// A fact for people to look at. People are in it as hashes only.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shown {
    /// The stream, file and line of its row.
    pub place: (String, String, u32),
    /// The place of its SELECT among those of the stream.
    pub select: u16,
    /// What kind of fact.
    pub kind: FactKind,
    /// What it says, name by name.
    pub says: Vec<(String, String)>,
}

impl Shown {
    /// Whether both come from one SELECT over one file.
    pub fn is_like(&self, other: &Shown) -> bool {
        let is_one_file = self.place.0 == other.place.0 && self.place.1 == other.place.1;
        is_one_file && self.select == other.select
    }

    /// A fact as it is shown.
    pub fn of(fact: &Fact, names: &Names) -> Shown {
        let text = |sym| names.text(sym).to_owned();
        let mut says = vec![("happened".to_owned(), when(fact.happened))];
        let person = fact.person.map(|person| format!("{:08x}…", person.0 >> 96));
        says.extend(person.map(|person| ("person".to_owned(), person)));
        let subjects = [
            ("account", fact.account),
            ("deal", fact.deal),
            ("campaign", fact.campaign),
            ("rep", fact.rep),
        ];
        for (name, key) in subjects {
            says.extend(key.map(|key| (name.to_owned(), text(key))));
        }
        for (name, value) in fact.attributes.iter() {
            let name = text(*name);
            if name != "identity" {
                says.push((name, shown(value, names)));
            }
        }
        Shown {
            place: (
                text(fact.origin.stream),
                text(fact.origin.file),
                fact.origin.line,
            ),
            select: fact.origin.ordinal,
            kind: fact.kind,
            says,
        }
    }
}

fn when(happened: When) -> String {
    match happened {
        When::Unknown => "undated".to_owned(),
        When::Day(day) => day.to_string(),
        When::At(at) => at.to_string(),
    }
}

fn shown(value: &Value, names: &Names) -> String {
    match value {
        Value::Text(text) => names.text(*text).to_owned(),
        Value::Int(int) => int.to_string(),
        Value::Decimal(decimal) => decimal.to_string(),
        Value::Bool(yes) => yes.to_string(),
        Value::Day(day) => day.to_string(),
        Value::At(at) => at.to_string(),
        Value::Money(money) => money.to_string(),
    }
}
