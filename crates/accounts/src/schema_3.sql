CREATE TABLE signing (
  person TEXT PRIMARY KEY REFERENCES people (id),
  name TEXT NOT NULL,
  salt BLOB NOT NULL,
  nonce BLOB NOT NULL,
  sealed BLOB NOT NULL
) STRICT;
