"""Figures of survival estimates as scikit-survival 0.28 and lifelines 0.30 give them.

    pip install scikit-survival==0.28 lifelines==0.30.3
    python oracles/survival.py [folder of the public samples] > oracles/survival.txt

`crates/kernels/tests/survival.rs` makes the same samples and must give the same figures. Lines:
`km TIME SHARE LOW HIGH`, `aj CAUSE TIME SHARE LOW HIGH`; `-` where the library gives no interval.
"""

import csv
import sys
import warnings
from datetime import date, datetime
from pathlib import Path

import numpy as np
from lifelines import AalenJohansenFitter
from sksurv.nonparametric import cumulative_incidence_competing_risks, kaplan_meier_estimator

warnings.simplefilter("ignore")
MASK = (1 << 64) - 1


class Chance:
    """SplitMix64, as in the test language."""

    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return (z ^ (z >> 31)) % bound


def generated(seed):
    """Times with many ties; a third each censored, of cause 1, of cause 2."""
    chance = Chance(seed)
    count = 5 + chance.below(120)
    rows = []
    for _ in range(count):
        time = 1 + chance.below(25)
        rows.append((None, time, chance.below(3)))
    return rows


def truncated(seed):
    """No two times alike; half of all are first seen late."""
    chance = Chance(seed)
    count = 40 + chance.below(60)
    rows = []
    for number in range(count):
        exit = 2 * (count * (1 + chance.below(50)) + number)
        cause = chance.below(3)
        entry = 2 * chance.below(exit // 2) + 1 if chance.below(2) == 1 and exit > 2 else None
        rows.append((entry, exit, cause))
    return rows


def maven(folder):
    """Days from engaging to the close; open deals are seen until the last day of the file."""
    day = lambda text: datetime.strptime(text, "%m/%d/%Y").date()
    rows = []
    with open(Path(folder) / "maven_crm" / "sales_pipeline.csv", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if not row["engage_date"]:
                continue
            from_, end = day(row["engage_date"]), row["close_date"]
            cause = {"Won": 1, "Lost": 2}.get(row["deal_stage"], 0)
            until = day(end) if end else date(2017, 12, 31)
            rows.append((None, (until - from_).days, cause))
    return rows


def olist(folder):
    """Days from the first contact to the win; who has not won is seen until 2018-11-14."""
    base = Path(folder) / "olist_funnel"
    with open(base / "olist_closed_deals_dataset.csv", encoding="utf-8-sig") as file:
        won = {row["mql_id"]: date.fromisoformat(row["won_date"][:10]) for row in csv.DictReader(file)}
    rows = []
    leads = base / "olist_marketing_qualified_leads_dataset.csv"
    with open(leads, encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            from_ = date.fromisoformat(row["first_contact_date"])
            until = won.get(row["mql_id"])
            rows.append((None, ((until or date(2018, 11, 14)) - from_).days, 1 if until else 0))
    # One win precedes its first contact, which the library refuses.
    return [row for row in rows if row[1] >= 0]


def number(value):
    return repr(float(value))


def kaplan_meier(rows, every):
    cause = np.array([row[2] for row in rows])
    exit = np.array([float(row[1]) for row in rows])
    enter = None
    if any(row[0] is not None for row in rows):
        enter = np.array([0.0 if row[0] is None else float(row[0]) for row in rows])
    times, shares, (low, high) = kaplan_meier_estimator(cause > 0, exit, enter, conf_type="log-log")
    ended = {row[1] for row in rows if row[2]}
    points = [p for p in zip(times, shares, low, high) if int(p[0]) in ended]
    for time, share, low, high in points[::every]:
        print("km", int(time), number(share), number(low), number(high))


def aalen_johansen(rows, every):
    cause = np.array([row[2] for row in rows])
    exit = np.array([float(row[1]) for row in rows])
    times, shares, bands = cumulative_incidence_competing_risks(cause, exit, conf_type="log-log")
    ended = {row[1] for row in rows if row[2]}
    for wanted in range(1, cause.max() + 1):
        points = zip(times, shares[wanted], bands[wanted][0], bands[wanted][1])
        points = [p for p in points if int(p[0]) in ended]
        for time, share, low, high in points[::every]:
            print("aj", wanted, int(time), number(share), number(low), number(high))


def late_aalen_johansen(rows):
    cause = np.array([row[2] for row in rows])
    exit = np.array([float(row[1]) for row in rows])
    enter = np.array([0.0 if row[0] is None else float(row[0]) for row in rows])
    ended = {row[1] for row in rows if row[2]}
    for wanted in (1, 2):
        fitter = AalenJohansenFitter(calculate_variance=False)
        fitter.fit(exit, cause, event_of_interest=wanted, entry=enter)
        for time, share in fitter.cumulative_density_.iloc[:, 0].items():
            if int(time) in ended:
                print("aj", wanted, int(time), number(share), "-", "-")


def main():
    for seed in range(1, 7):
        print("set generated", seed)
        kaplan_meier(generated(seed), 1)
        aalen_johansen(generated(seed), 1)
    for seed in range(1, 5):
        print("set truncated", seed)
        kaplan_meier(truncated(seed), 1)
        late_aalen_johansen(truncated(seed))
    if len(sys.argv) > 1:
        for name, rows in (("maven", maven(sys.argv[1])), ("olist", olist(sys.argv[1]))):
            print("set", name, len(rows))
            kaplan_meier(rows, 10)
            # With one cause there is nothing to compete, and the library refuses.
            if max(row[2] for row in rows) > 1:
                aalen_johansen(rows, 10)


main()
