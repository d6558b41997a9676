CREATE TABLE views (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL REFERENCES people (id),
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  shared INTEGER NOT NULL,
  made INTEGER NOT NULL
) STRICT;
CREATE INDEX views_of ON views (person);

CREATE TABLE notes (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL REFERENCES people (id),
  question TEXT NOT NULL,
  figure TEXT NOT NULL,
  cells TEXT NOT NULL,
  words TEXT NOT NULL,
  made INTEGER NOT NULL
) STRICT;
CREATE INDEX notes_of ON notes (person);
CREATE INDEX notes_on ON notes (question, figure);
