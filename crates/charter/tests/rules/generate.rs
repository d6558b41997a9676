//! Random well-typed rules from a seed.

use handfast_model::rules::{
    Comparison, Evaluated, Expr, Function, Literal, Operator, Subject, ValueKind,
};
use handfast_model::{Day, Decimal, Instant};

use crate::ATTRIBUTES;

/// SplitMix64: small, seeded, the same everywhere.
pub(crate) struct Generator(u64);

impl Generator {
    pub(crate) fn new(seed: u64) -> Generator {
        Generator(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn flip(&mut self) -> bool {
        self.below(2) == 0
    }

    fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    fn decimal(&mut self) -> Decimal {
        let units = self.below(2_000) as i128 - 700;
        let scale = self.pick(&[0, 0, 0, 1, 2, 3]);
        Decimal { units, scale }
    }

    fn text(&mut self) -> String {
        let letters = [
            'a', 'b', 'a', 'B', '\'', '%', '_', ' ', 'ü', 'Σ', '\\', '-', '\n',
        ];
        let length = self.below(5);
        (0..length).map(|_| self.pick(&letters)).collect()
    }

    fn day(&mut self) -> Day {
        Day(17_600 + self.below(4) as i32)
    }

    fn instant(&mut self) -> Instant {
        let base = 17_600 * 86_400_000_000i64;
        Instant(base + (self.next() % (4 * 86_400_000_000)) as i64)
    }

    pub(crate) fn value(&mut self, kind: ValueKind) -> Evaluated {
        match kind {
            ValueKind::Text => Evaluated::Text(self.text()),
            ValueKind::Number | ValueKind::Money => Evaluated::Number(self.decimal()),
            ValueKind::Bool => Evaluated::Bool(self.flip()),
            ValueKind::Time if self.flip() => Evaluated::Day(self.day()),
            ValueKind::Time => Evaluated::At(self.instant()),
        }
    }

    fn constant(&mut self, kind: ValueKind) -> Expr {
        Expr::Literal(match self.value(kind) {
            Evaluated::Text(text) => Literal::Text(text),
            Evaluated::Number(number) => Literal::Number(number),
            Evaluated::Bool(yes) => Literal::Bool(yes),
            Evaluated::Day(day) => Literal::Day(day),
            Evaluated::At(at) => Literal::At(at),
        })
    }

    fn attribute(&mut self, kind: ValueKind) -> Expr {
        let fitting: Vec<(Subject, &str)> = ATTRIBUTES
            .into_iter()
            .filter(|(_, _, is)| *is == kind)
            .map(|(subject, name, _)| (subject, name))
            .collect();
        let (subject, name) = self.pick(&fitting);
        Expr::Attribute(subject, name.to_owned())
    }

    fn leaf(&mut self, kind: ValueKind) -> Expr {
        match self.below(5) {
            0 | 1 => self.constant(kind),
            2 if kind == ValueKind::Number => {
                let kind = self.flip().then(|| format!("k{}", self.below(9)));
                let days = self.flip().then(|| 1 + self.below(400) as u32);
                Expr::Touches { kind, days }
            }
            _ => self.attribute(kind),
        }
    }

    fn any_kind(&mut self) -> ValueKind {
        self.pick(&[
            ValueKind::Text,
            ValueKind::Number,
            ValueKind::Bool,
            ValueKind::Time,
        ])
    }

    fn boxed(&mut self, kind: ValueKind, depth: usize) -> Box<Expr> {
        Box::new(self.tree(kind, depth))
    }

    fn many(&mut self, kind: ValueKind, depth: usize) -> Vec<Expr> {
        let count = 2 + self.below(3);
        (0..count).map(|_| self.tree(kind, depth)).collect()
    }

    /// A result that may be NULL.
    fn result(&mut self, kind: ValueKind, depth: usize) -> Expr {
        match self.below(6) {
            0 => Expr::Literal(Literal::Null),
            _ => self.tree(kind, depth),
        }
    }

    /// A tree of this type, at most this many levels above its leaves.
    pub(crate) fn tree(&mut self, kind: ValueKind, depth: usize) -> Expr {
        let Some(depth) = depth.checked_sub(1).filter(|_| self.below(8) > 0) else {
            return self.leaf(kind);
        };
        match self.below(8) {
            0 => self.case(kind, depth),
            1 => self.alike(kind, depth),
            _ => match kind {
                ValueKind::Bool => self.condition(depth),
                ValueKind::Number | ValueKind::Money => self.numeric(depth),
                ValueKind::Text => self.textual(depth),
                ValueKind::Time => self.leaf(kind),
            },
        }
    }

    fn case(&mut self, kind: ValueKind, depth: usize) -> Expr {
        let count = 1 + self.below(2);
        let arms = (0..count)
            .map(|_| (self.tree(ValueKind::Bool, depth), self.result(kind, depth)))
            .collect();
        let otherwise = self.flip().then(|| Box::new(self.result(kind, depth)));
        Expr::Case(arms, otherwise)
    }

    fn alike(&mut self, kind: ValueKind, depth: usize) -> Expr {
        let function = self.pick(&[
            Function::Coalesce,
            Function::NullIf,
            Function::Least,
            Function::Greatest,
        ]);
        let mut arguments = vec![self.result(kind, depth), self.result(kind, depth)];
        if function != Function::NullIf && self.flip() {
            arguments.push(self.tree(kind, depth));
        }
        Expr::Call(function, arguments)
    }

    fn condition(&mut self, depth: usize) -> Expr {
        let is_negated = self.flip();
        let ordered = self.pick(&[ValueKind::Text, ValueKind::Number, ValueKind::Time]);
        match self.below(10) {
            0 => Expr::Not(self.boxed(ValueKind::Bool, depth)),
            1 | 2 => Expr::And(self.many(ValueKind::Bool, depth)),
            3 | 4 => Expr::Or(self.many(ValueKind::Bool, depth)),
            5 => {
                let kind = self.any_kind();
                let count = 1 + self.below(4);
                let items = (0..count).map(|_| self.constant(kind)).collect();
                Expr::In(self.boxed(kind, depth), items, is_negated)
            }
            6 => Expr::Between(
                self.boxed(ordered, depth),
                self.boxed(ordered, depth),
                self.boxed(ordered, depth),
                is_negated,
            ),
            7 => Expr::Like {
                text: self.boxed(ValueKind::Text, depth),
                pattern: self.text(),
                is_negated,
                ignores_case: self.flip(),
            },
            8 => {
                let kind = self.any_kind();
                Expr::IsNull(Box::new(self.result(kind, depth)), is_negated)
            }
            _ if self.below(4) == 0 => {
                let function =
                    self.pick(&[Function::Contains, Function::StartsWith, Function::EndsWith]);
                let texts = [0, 1].map(|_| self.tree(ValueKind::Text, depth));
                Expr::Call(function, texts.into())
            }
            _ => self.comparison(ordered, depth),
        }
    }

    fn comparison(&mut self, ordered: ValueKind, depth: usize) -> Expr {
        let (comparison, kind) = match self.below(6) {
            0 => (Comparison::Equal, self.any_kind()),
            1 => (Comparison::NotEqual, self.any_kind()),
            2 => (Comparison::Less, ordered),
            3 => (Comparison::LessOrEqual, ordered),
            4 => (Comparison::Greater, ordered),
            _ => (Comparison::GreaterOrEqual, ordered),
        };
        let (left, right) = (self.boxed(kind, depth), self.boxed(kind, depth));
        Expr::Compare(comparison, left, right)
    }

    fn numeric(&mut self, depth: usize) -> Expr {
        let number = ValueKind::Number;
        match self.below(10) {
            0..=4 => {
                let operator = self.pick(&[
                    Operator::Add,
                    Operator::Add,
                    Operator::Subtract,
                    Operator::Multiply,
                    Operator::Divide,
                ]);
                let (left, right) = (self.boxed(number, depth), self.boxed(number, depth));
                Expr::Arithmetic(operator, left, right)
            }
            5 => Expr::Call(Function::Length, vec![self.tree(ValueKind::Text, depth)]),
            6 => {
                let times = [0, 1].map(|_| self.tree(ValueKind::Time, depth));
                Expr::Call(Function::DaysBetween, times.into())
            }
            7 => {
                let function = self.pick(&[Function::Year, Function::Month, Function::DayOf]);
                Expr::Call(function, vec![self.tree(ValueKind::Time, depth)])
            }
            _ => {
                let function = self.pick(&[
                    Function::Abs,
                    Function::Round,
                    Function::Floor,
                    Function::Ceil,
                ]);
                Expr::Call(function, vec![self.tree(number, depth)])
            }
        }
    }

    fn textual(&mut self, depth: usize) -> Expr {
        let text = ValueKind::Text;
        let first = self.tree(text, depth);
        match self.below(7) {
            0 => Expr::Call(Function::Lower, vec![first]),
            1 => Expr::Call(Function::Upper, vec![first]),
            2 => Expr::Call(Function::Trim, vec![first]),
            3 => {
                let (from, to) = (self.tree(text, depth), self.tree(text, depth));
                Expr::Call(Function::Replace, vec![first, from, to])
            }
            4 => {
                let (from, count) = (self.numeric(depth), self.leaf(ValueKind::Number));
                Expr::Call(Function::Substr, vec![first, from, count])
            }
            5 => {
                let from = Expr::Literal(Literal::Number(Decimal {
                    units: self.below(5) as i128 - 1,
                    scale: 0,
                }));
                let count = Expr::Literal(Literal::Number(Decimal {
                    units: self.below(5) as i128,
                    scale: 0,
                }));
                Expr::Call(Function::Substr, vec![first, from, count])
            }
            _ => {
                let mut parts = vec![first];
                parts.extend(
                    (0..self.below(3))
                        .map(|_| self.result(text, depth))
                        .collect::<Vec<_>>(),
                );
                Expr::Call(Function::Concat, parts)
            }
        }
    }
}
