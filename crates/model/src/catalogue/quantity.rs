//! What a number of a formula is of, and how it is read: the algebra of quantities.

/// What a number is of: counted things, money, days and hours of a promise's own clock (of which
/// nobody can tell how many make a day), each to a power. A plain number is of nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Quantity {
    /// Things counted.
    pub count: i8,
    /// Money.
    pub money: i8,
    /// Days.
    pub days: i8,
    /// Hours of a promise's own clock.
    pub hours: i8,
}

impl Quantity {
    /// A plain number.
    pub const PLAIN: Quantity = Quantity::of(0, 0, 0, 0);
    /// A number of things.
    pub const COUNT: Quantity = Quantity::of(1, 0, 0, 0);
    /// An amount.
    pub const MONEY: Quantity = Quantity::of(0, 1, 0, 0);
    /// A time.
    pub const DAYS: Quantity = Quantity::of(0, 0, 1, 0);
    /// A time by the clock of a promise.
    pub const HOURS: Quantity = Quantity::of(0, 0, 0, 1);

    const fn of(count: i8, money: i8, days: i8, hours: i8) -> Quantity {
        Quantity {
            count,
            money,
            days,
            hours,
        }
    }

    /// Of a product.
    pub fn times(self, other: Quantity) -> Quantity {
        Quantity {
            count: self.count.saturating_add(other.count),
            money: self.money.saturating_add(other.money),
            days: self.days.saturating_add(other.days),
            hours: self.hours.saturating_add(other.hours),
        }
    }

    /// Of a quotient.
    pub fn over(self, other: Quantity) -> Quantity {
        Quantity {
            count: self.count.saturating_sub(other.count),
            money: self.money.saturating_sub(other.money),
            days: self.days.saturating_sub(other.days),
            hours: self.hours.saturating_sub(other.hours),
        }
    }

    /// How messages call it.
    pub fn words(self) -> String {
        let named = [
            (Quantity::PLAIN, "a plain number"),
            (Quantity::COUNT, "a count"),
            (Quantity::MONEY, "money"),
            (Quantity::DAYS, "days"),
            (Quantity::HOURS, "hours"),
        ];
        if let Some((_, words)) = named.into_iter().find(|(known, _)| *known == self) {
            return words.to_owned();
        }
        let parts = [
            ("count", self.count),
            ("money", self.money),
            ("days", self.days),
            ("hours", self.hours),
        ];
        let side = |is_above: bool| {
            let parts = parts
                .iter()
                .filter(move |(_, power)| (*power > 0) == is_above);
            let parts = parts.filter(|(_, power)| *power != 0);
            let parts = parts.flat_map(|(word, power)| {
                std::iter::repeat_n(*word, usize::from(power.unsigned_abs()))
            });
            parts.collect::<Vec<_>>().join(" × ")
        };
        match (side(true), side(false)) {
            (above, below) if below.is_empty() => above,
            (above, below) if above.is_empty() => format!("1 / {below}"),
            (above, below) => format!("{above} / {below}"),
        }
    }
}

/// How the value of a formula is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reads {
    /// A whole number of things.
    Count,
    /// A number with places after the mark.
    Plain,
    /// Count over count, both shown.
    Share,
    /// Money over money, both shown.
    MoneyShare,
    /// Money.
    Money,
    /// Money over a count, both shown.
    MeanMoney,
    /// Money each, where it is no plain quotient.
    MoneyEach,
    /// Money a day.
    MoneyPerDay,
    /// Days; of several things, added up.
    Days,
    /// Hours of a promise's own clock; of several things, added up.
    Hours,
    /// A number of things a day.
    PerDay,
}

/// What is said of a base measure or of a formula's part: what it is of, and whether it is always
/// a whole number of its smallest unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Typed {
    /// What it is of.
    pub quantity: Quantity,
    /// Whether it has no places after the mark.
    pub is_whole: bool,
}

/// How a formula is read, from what it and its two sides are; `None` where nobody would know what
/// such a number means.
pub fn reads(of: Typed, sides: Option<(Typed, Typed)>) -> Option<Reads> {
    let sides = sides.filter(|(above, below)| above.is_whole && below.is_whole);
    let sides = sides.map(|(above, below)| (above.quantity, below.quantity));
    let of_mean = Quantity::MONEY.over(Quantity::COUNT);
    match (of.quantity, sides) {
        (Quantity::PLAIN, Some((Quantity::COUNT, Quantity::COUNT))) => Some(Reads::Share),
        (Quantity::PLAIN, Some((Quantity::MONEY, Quantity::MONEY))) => Some(Reads::MoneyShare),
        (mean, Some((Quantity::MONEY, Quantity::COUNT))) if mean == of_mean => {
            Some(Reads::MeanMoney)
        }
        (mean, _) if mean == of_mean => Some(Reads::MoneyEach),
        (Quantity::COUNT, _) if of.is_whole => Some(Reads::Count),
        (Quantity::PLAIN | Quantity::COUNT, _) => Some(Reads::Plain),
        (Quantity::MONEY, _) => Some(Reads::Money),
        (Quantity::DAYS, _) => Some(Reads::Days),
        (Quantity::HOURS, _) => Some(Reads::Hours),
        (sum, _) if sum == Quantity::COUNT.times(Quantity::DAYS) => Some(Reads::Days),
        (sum, _) if sum == Quantity::COUNT.times(Quantity::HOURS) => Some(Reads::Hours),
        (rate, _) if rate == Quantity::MONEY.over(Quantity::DAYS) => Some(Reads::MoneyPerDay),
        (rate, _) if rate == Quantity::COUNT.over(Quantity::DAYS) => Some(Reads::PerDay),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_multiply_and_read_as_people_say_them() {
        let (count, money, days) = (Quantity::COUNT, Quantity::MONEY, Quantity::DAYS);
        assert_eq!(money.over(count).words(), "money / count");
        assert_eq!(count.times(count).words(), "count × count");
        assert_eq!(Quantity::PLAIN.over(money).words(), "1 / money");
        assert_eq!(count.over(count), Quantity::PLAIN);
        let whole = |quantity| Typed {
            quantity,
            is_whole: true,
        };
        let of = |above: Quantity, below: Quantity| {
            let quotient = Typed {
                quantity: above.over(below),
                is_whole: false,
            };
            reads(quotient, Some((whole(above), whole(below))))
        };
        assert_eq!(of(count, count), Some(Reads::Share));
        assert_eq!(of(money, money), Some(Reads::MoneyShare));
        assert_eq!(of(money, count), Some(Reads::MeanMoney));
        assert_eq!(of(money, days), Some(Reads::MoneyPerDay));
        assert_eq!(of(count, money), None);
        assert_eq!(of(days, days), Some(Reads::Plain));
        assert_eq!(of(count.times(days), count), Some(Reads::Days));
        let read = |quantity| {
            let is_whole = false;
            reads(Typed { quantity, is_whole }, None)
        };
        let hours = Quantity::HOURS;
        assert_eq!(read(count.times(days)), Some(Reads::Days));
        assert_eq!(read(count.times(hours)), Some(Reads::Hours));
        assert_eq!(
            read(hours.over(days)),
            None,
            "nobody knows how many hours a day has"
        );
        assert_eq!(hours.over(days).words(), "hours / days");
    }
}
