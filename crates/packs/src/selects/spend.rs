//! The SELECT of money spent, and of what networks count beside it.

use handfast_connect::sniff::{Column, Kind};

use super::lines::Lines;
use super::{Brief, Drafted, is_of_months, quoted, when};
use crate::names::Role;

impl Brief<'_> {
    pub(super) fn spend(&self) -> Drafted {
        let mut lines = Lines::new();
        self.happened(&mut lines, &[Role::Moment, Role::Created]);
        let month = self
            .part(Role::Moment)
            .filter(|column| is_of_months(column));
        match (self.part(Role::LastDay).and_then(when), month) {
            (Some(last), _) => lines.add(last, "last_day", Role::LastDay.word()),
            (None, Some(month)) => {
                let why = "an amount of a month is spread over its days";
                lines.add(end_of_month(&quoted(&month.name)), "last_day", why);
            }
            (None, None) => {}
        }
        if let Some(spent) = self.part(Role::Spend) {
            lines.add(
                self.money(spent),
                "amount",
                self.amount_why("what was spent", spent),
            );
        }
        self.key(&mut lines, Role::Campaign, "campaign");
        self.key(&mut lines, Role::Source, "source");
        self.key(&mut lines, Role::Medium, "medium");
        self.key(&mut lines, Role::Channel, "channel");
        self.key(&mut lines, Role::Vendor, "vendor");
        let mut used = vec![
            Role::Moment,
            Role::LastDay,
            Role::Spend,
            Role::Campaign,
            Role::Source,
            Role::Medium,
            Role::Channel,
            Role::Vendor,
            Role::Currency,
            Role::Created,
            Role::Modified,
        ];
        let counted = [
            (Role::Impressions, "impressions"),
            (Role::Clicks, "clicks"),
            (Role::Conversions, "conversions"),
        ];
        for (role, name) in counted {
            let column = self.part(role).filter(|column| is_counted(column));
            if let Some(column) = column.filter(|column| self.is_safe(&column.name)) {
                lines.add(
                    format!("as_int({})", quoted(&column.name)),
                    name,
                    role.word(),
                );
                used.push(role);
            }
        }
        self.attributes(&mut lines, &used);
        let about = "One row is money spent: on its day, for its campaign.";
        self.drafted("spend", "", &lines, (about, None))
    }
}

/// The last day of the month that a column of months names, `2026-02`.
fn end_of_month(month: &str) -> String {
    let leap = (2000..2100).filter(|year| year % 4 == 0);
    let leap: Vec<String> = leap.map(|year| format!("'{year}-02'")).collect();
    format!(
        "as_date({month} || CASE\n    WHEN {month} IN ({}) THEN '-29'\n    \
         WHEN right({month}, 2) = '02' THEN '-28'\n    \
         WHEN right({month}, 2) IN ('04', '06', '09', '11') THEN '-30'\n    \
         ELSE '-31'\n  END, 'iso')",
        leap.join(", ")
    )
}

/// Whether every row can be read as a whole number; ones and noughts alone look like yes and no.
fn is_counted(column: &Column) -> bool {
    let is_digits = |(word, _): &(String, u64)| word.bytes().all(|byte| byte.is_ascii_digit());
    let is_read = column.misfits == 0 && column.doubt.is_none();
    is_read
        && match column.kind {
            Kind::Int => true,
            Kind::Bool => column.words.iter().all(is_digits),
            _ => false,
        }
}
