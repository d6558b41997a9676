CREATE TABLE people (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  folded TEXT UNIQUE,
  role TEXT NOT NULL,
  sides TEXT NOT NULL,
  teams TEXT NOT NULL,
  password TEXT,
  disabled INTEGER NOT NULL DEFAULT 0,
  removed INTEGER NOT NULL DEFAULT 0,
  made INTEGER NOT NULL
) STRICT;

CREATE TABLE links (
  hash BLOB PRIMARY KEY,
  purpose TEXT NOT NULL,
  person TEXT REFERENCES people (id),
  until INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  person TEXT REFERENCES people (id),
  device TEXT NOT NULL,
  nearness TEXT NOT NULL,
  made INTEGER NOT NULL,
  seen INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_of ON sessions (person);

CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  person TEXT NOT NULL REFERENCES people (id),
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  made INTEGER NOT NULL,
  until INTEGER NOT NULL,
  used INTEGER
) STRICT;
CREATE INDEX tokens_of ON tokens (person);

CREATE TABLE keys (
  id TEXT PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  source TEXT NOT NULL,
  name TEXT NOT NULL,
  made INTEGER NOT NULL,
  used INTEGER
) STRICT;

CREATE TABLE tries (
  account BLOB NOT NULL,
  network BLOB NOT NULL,
  known INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX tries_at ON tries (at);
CREATE INDEX tries_of ON tries (account, at);
CREATE INDEX tries_from ON tries (network, at);

CREATE TABLE networks (
  account BLOB NOT NULL,
  network BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (account, network)
) STRICT;

CREATE TABLE answers (
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  request BLOB NOT NULL,
  status INTEGER,
  body BLOB,
  at INTEGER NOT NULL,
  PRIMARY KEY (actor, key)
) STRICT;
CREATE INDEX answers_at ON answers (at);

CREATE TABLE identities (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  person TEXT NOT NULL REFERENCES people (id),
  PRIMARY KEY (issuer, subject)
) STRICT;

CREATE TABLE pending (
  state BLOB PRIMARY KEY,
  browser BLOB NOT NULL,
  provider TEXT NOT NULL,
  verifier TEXT NOT NULL,
  nonce TEXT NOT NULL,
  person TEXT REFERENCES people (id),
  place TEXT NOT NULL,
  until INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  act TEXT NOT NULL,
  object TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  request TEXT NOT NULL,
  nearness TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_stays_as_written BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
