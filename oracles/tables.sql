-- What the oracles look at: the visits, pursuits and deals of one ledger, in plain tables.
-- Instants are microseconds since 1970, days are days since 1970. NULL = undated; a visit that is
-- still there has is_left = 0.
CREATE TABLE visit (
    pursuit INTEGER NOT NULL, visit INTEGER NOT NULL, account TEXT,
    step INTEGER NOT NULL, is_on_path INTEGER NOT NULL, is_end INTEGER NOT NULL,
    entered INTEGER, entered_day INTEGER,
    is_left INTEGER NOT NULL, left_at INTEGER, left_by TEXT NOT NULL
);
CREATE TABLE pursuit (
    pursuit INTEGER NOT NULL, outcome TEXT,
    opened INTEGER, opened_day INTEGER, ended INTEGER, ended_day INTEGER,
    has_times INTEGER NOT NULL -- both moments are instants, not days
);
CREATE TABLE deal (
    deal TEXT NOT NULL, pursuit INTEGER NOT NULL, outcome TEXT,
    created INTEGER, created_day INTEGER, closed INTEGER, closed_day INTEGER,
    has_times INTEGER NOT NULL, -- created and closed are instants, not days
    known_from INTEGER, -- as created, else the first that is known of it
    amount INTEGER, currency TEXT -- as last known, in minor units
);
CREATE TABLE buyer (pursuit INTEGER NOT NULL, buyer TEXT NOT NULL);
-- Dated ones, numbered in the order of facts.
CREATE TABLE touch (
    buyer TEXT NOT NULL, touch INTEGER NOT NULL, at INTEGER NOT NULL, is_direct INTEGER NOT NULL
);
-- Up to when something may have come before a lead or a deal was created: of a day, to its end.
CREATE TABLE lead (pursuit INTEGER NOT NULL, lead INTEGER NOT NULL, until INTEGER);
CREATE TABLE made (deal TEXT NOT NULL, until INTEGER);
-- The first visit of each pursuit to each step.
CREATE VIEW first_entry AS
SELECT pursuit, step, entered FROM visit AS v
WHERE visit = (SELECT MIN(visit) FROM visit AS w WHERE w.pursuit = v.pursuit AND w.step = v.step);
