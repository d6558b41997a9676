//! Calls of functions: their arguments, and what the pack adds to them.

use handfast_model::parse::{DecimalMark, TimeFormat, Zone};
use handfast_model::{Currency, Refusal};

use super::{Compiler, literal};
use crate::select::allowed::{self, Default, Function, Gives, Takes};
use crate::select::{Kind, Node, Spot, Type};

impl Compiler<'_> {
    pub(super) fn call(
        &mut self,
        name: &str,
        arguments: &[Node],
        spot: Spot,
    ) -> Result<(String, Type), Refusal> {
        let Some(function) = allowed::find(name) else {
            let title = format!("the function `{name}` is not one that packs may call");
            let width = u32::try_from(name.chars().count()).unwrap_or(1);
            return Err(self
                .text
                .refuse("E0313", Spot { width, ..spot }, title)
                .matters("mapping is pure, works on one row and takes little memory")
                .fix(format!("one of: {}", allowed::names().join(", "))));
        };
        let most = function.takes.len() + function.may_take.len();
        let is_fit = arguments.len() >= function.takes.len()
            && (arguments.len() <= most || function.is_open);
        if !is_fit {
            let title = format!(
                "`{name}` takes {} to {most} arguments, not {}",
                function.takes.len(),
                arguments.len()
            );
            return Err(self.text.refuse("E0318", spot, title).fix(example(name)));
        }
        self.need_currency(function, arguments)?;
        let was_personal = self.may_be_personal;
        let is_plain = arguments.first().is_some_and(is_whole_column);
        self.may_be_personal |= function.hides_people && is_plain;
        let compiled = self.arguments(function, arguments);
        self.may_be_personal = was_personal;
        let (mut sql, types) = compiled?;
        self.add_default(function, &mut sql, spot)?;
        if function.name == "trim" && sql.len() == 1 {
            sql.push(literal(WHITE));
        }
        let gives = match function.gives {
            Gives::Text => Type::Text,
            Gives::Carried => Type::Carried,
            Gives::Int => Type::Int,
            Gives::Bool => Type::Bool,
            Gives::Same => self.same_kind(types.into_iter(), spot)?,
        };
        let call = format!("{}({})", function.runs, sql.join(", "));
        match (function.gives, function.runs) {
            (Gives::Int, _) => Ok((format!("CAST({call} AS BIGINT)"), gives)),
            (_, "exact_abs" | "exact_round") => {
                let word = if gives == Type::Int {
                    "BIGINT"
                } else {
                    "DECIMAL(38, 10)"
                };
                Ok((format!("TRY_CAST({call} AS {word})"), gives))
            }
            _ => Ok((call, gives)),
        }
    }

    pub(super) fn arguments(
        &mut self,
        function: &Function,
        arguments: &[Node],
    ) -> Result<(Vec<String>, Vec<Type>), Refusal> {
        let (mut sql, mut types) = (Vec::new(), Vec::new());
        for (place, argument) in arguments.iter().enumerate() {
            let optional = place.saturating_sub(function.takes.len());
            let last = function.may_take.len().saturating_sub(1);
            let takes = function.takes.get(place);
            let takes = takes.or_else(|| function.may_take.get(optional.min(last)));
            let takes = takes.copied().unwrap_or(Takes::Text);
            let (text, found) = self.argument(function, takes, argument)?;
            sql.push(text);
            // The digits of round() say nothing about what it gives.
            if !(function.runs == "exact_round" && place > 0) {
                types.push(found);
            }
        }
        Ok((sql, types))
    }

    pub(super) fn argument(
        &mut self,
        function: &Function,
        takes: Takes,
        node: &Node,
    ) -> Result<(String, Type), Refusal> {
        match takes {
            Takes::Text => Ok((self.text_of(node)?, Type::Text)),
            Takes::Any => self.node(node),
            Takes::Int => {
                let (sql, found) = self.number(node)?;
                match found {
                    Type::Int if function.runs == "exact_round" => {
                        Ok((format!("CAST({sql} AS VARCHAR)"), found))
                    }
                    Type::Int => Ok((sql, found)),
                    _ => Err(self.mistyped(node.spot, "a whole number", found)),
                }
            }
            Takes::Number => {
                let (sql, found) = self.number(node)?;
                Ok((format!("CAST({sql} AS VARCHAR)"), found))
            }
            Takes::Format | Takes::Zone | Takes::Mark | Takes::Literal => {
                self.setting(takes, node, function.name)
            }
        }
    }

    /// An argument that must be written out, because it is checked once for all rows.
    pub(super) fn setting(
        &mut self,
        takes: Takes,
        node: &Node,
        name: &str,
    ) -> Result<(String, Type), Refusal> {
        let Kind::Text(text) = &node.kind else {
            let title = format!("this argument of `{name}` must be a text between quotes");
            return Err(self
                .text
                .refuse("E0318", node.spot, title)
                .fix(example(name)));
        };
        let defect = match takes {
            Takes::Format => TimeFormat::compile(text).err(),
            Takes::Zone if Zone::named(text).is_none() => {
                Some(format!("no zone is called '{text}'"))
            }
            Takes::Mark if DecimalMark::parse(text).is_none() => {
                Some("the decimal mark is '.' or ','".to_owned())
            }
            _ => None,
        };
        match defect {
            None => Ok((literal(text), Type::Text)),
            Some(title) => Err(self
                .text
                .refuse("E0318", node.spot, title)
                .matters("every row of the stream would be set aside")
                .fix(example(name))),
        }
    }

    pub(super) fn add_default(
        &self,
        function: &Function,
        sql: &mut Vec<String>,
        spot: Spot,
    ) -> Result<(), Refusal> {
        match function.default {
            Default::Zone if sql.len() == 2 => sql.push(literal(&self.pack.zone)),
            Default::Currency if sql.len() == 1 => match &self.pack.currency {
                Some(currency) => sql.push(literal(currency)),
                None => {
                    let title =
                        "this amount has no currency: neither the call nor source.toml names one";
                    return Err(self
                        .text
                        .refuse("E0318", spot, title.to_owned())
                        .matters("amounts of unknown currency are never added")
                        .fix("as_money(column, 'EUR')     or currency = \"EUR\" in source.toml"));
                }
            },
            // A row that names none is in the source's.
            Default::Currency => {
                let code = sql.get_mut(1).filter(|code| !code.starts_with('\''));
                if let (Some(code), Some(currency)) = (code, &self.pack.currency) {
                    *code = format!("coalesce(nullif(btrim({code}), ''), {})", literal(currency));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Refuses a written currency that no row could be in.
    fn need_currency(&self, function: &Function, arguments: &[Node]) -> Result<(), Refusal> {
        let code = arguments
            .get(1)
            .filter(|_| matches!(function.default, Default::Currency));
        let Some((Kind::Text(text), spot)) = code.map(|node| (&node.kind, node.spot)) else {
            return Ok(());
        };
        let Err(meant) = Currency::listed(text) else {
            return Ok(());
        };
        let title = format!("'{text}' is no currency of ISO 4217");
        let fix = format!("{}(column, '{}')", function.name, meant.unwrap_or("EUR"));
        let refusal = self.text.refuse("E0318", spot, title);
        Err(refusal
            .matters("every row of the stream would be set aside")
            .fix(fix))
    }
}

/// What `trim` takes off: every sign that looks like nothing. SQL knows the blank alone.
const WHITE: &str = " \t\n\u{b}\u{c}\r\u{85}\u{a0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\
                     \u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200a}\u{2028}\u{2029}\u{202f}\
                     \u{205f}\u{3000}";

/// Whether a node is a column, or the first given of some, changed in nothing but case and blanks.
/// Put together with other text, or cut to pieces, a person could be read off what hides them.
fn is_whole_column(node: &Node) -> bool {
    match &node.kind {
        Kind::Column { .. } => true,
        Kind::Call(name, arguments) => match name.as_str() {
            "coalesce" => arguments.iter().all(is_whole_column),
            "trim" | "btrim" | "ltrim" | "rtrim" | "lower" | "upper" => {
                arguments.len() == 1 && arguments.iter().all(is_whole_column)
            }
            _ => false,
        },
        _ => false,
    }
}

fn example(name: &str) -> &'static str {
    match name {
        "as_date" => "as_date(column, '%m/%d/%Y')     or 'iso', and a zone as third argument",
        "as_time" => "as_time(column, 'iso')     or '%d.%m.%Y %H:%M', and a zone as third argument",
        "as_money" => "as_money(column, 'EUR', ',')",
        "as_micros" => "as_micros(cost_micros, 'EUR')",
        "as_decimal" => "as_decimal(column, ',')",
        "as_one_of" => "as_one_of(column, 'won|lost')",
        "replace" => "replace(column, 'from', 'to')",
        "split_part" => "split_part(column, '/', 1)",
        _ => "write the arguments between commas, texts in single quotes",
    }
}
