-- What is about to be done elsewhere and has no entry in the log yet.
CREATE TABLE intents (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  act TEXT NOT NULL,
  newest INTEGER,
  request TEXT NOT NULL,
  nearness TEXT NOT NULL
) STRICT;
