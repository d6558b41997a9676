//! What a difference is made of: factors change one after another, in every order there is, and
//! what each changes on the way is averaged.

/// A fraction that is never put into lowest terms, but for what would not fit.
#[derive(Clone, Copy, Debug)]
pub struct Naive(pub i128, pub i128);

impl Naive {
    /// Together.
    pub fn plus(self, other: Naive) -> Naive {
        Naive(self.0 * other.1 + other.0 * self.1, self.1 * other.1).less()
    }

    /// One times the other.
    pub fn times(self, other: Naive) -> Naive {
        Naive(self.0 * other.0, self.1 * other.1).less()
    }

    /// One less the other.
    pub fn minus(self, other: Naive) -> Naive {
        self.plus(other.times(Naive(-1, 1)))
    }

    fn less(self) -> Naive {
        let (mut a, mut b) = (self.0.abs(), self.1.abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let sign = self.1.signum();
        Naive(sign * self.0 / a.max(1), sign * self.1 / a.max(1))
    }
}

/// All orders of so many things.
fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for order in orders(count - 1) {
        for place in 0..count {
            let mut longer = order.clone();
            longer.insert(place, count - 1);
            all.push(longer);
        }
    }
    all
}

/// The mean of what each factor changes, over all orders.
pub fn shared(factors: &[[Naive; 2]]) -> Vec<Naive> {
    let all = orders(factors.len());
    let mut parts = vec![Naive(0, 1); factors.len()];
    for order in &all {
        let mut values: Vec<Naive> = factors.iter().map(|one| one[0]).collect();
        for at in order {
            let product = |values: &[Naive]| values.iter().fold(Naive(1, 1), |a, b| a.times(*b));
            let before = product(&values);
            values[*at] = factors[*at][1];
            parts[*at] = parts[*at].plus(product(&values).minus(before));
        }
    }
    let count = Naive(1, all.len() as i128);
    parts.into_iter().map(|part| part.times(count)).collect()
}

/// Whole units that sum to a difference: a unit at a time to whoever lacks most.
pub fn whole(exact: &[Naive], difference: i128) -> Vec<i128> {
    let mut units: Vec<i128> = exact.iter().map(|one| one.0.div_euclid(one.1)).collect();
    let mut given = vec![false; units.len()];
    while units.iter().sum::<i128>() < difference {
        let lacks = |at: usize| {
            let one = exact[at];
            one.0.rem_euclid(one.1) as f64 / one.1 as f64
        };
        let mut next: Option<usize> = None;
        for at in (0..units.len()).filter(|at| !given[*at]) {
            if next.is_none_or(|next| lacks(at) > lacks(next)) {
                next = Some(at);
            }
        }
        let Some(next) = next else { break };
        units[next] += 1;
        given[next] = true;
    }
    units
}

/// A part of a whole; of nothing it is nothing.
pub fn fraction(part: i128, whole: i128) -> Naive {
    if whole == 0 {
        Naive(0, 1)
    } else {
        Naive(part, whole)
    }
}

/// The rates of a segment on both sides; what it has none of on one, it has as on the other.
pub fn rates(part: [i128; 2], whole: [i128; 2]) -> [Naive; 2] {
    [0, 1].map(|side| {
        let side = if whole[side] == 0 { 1 - side } else { side };
        fraction(part[side], whole[side])
    })
}
