-- The invitation that a begun sign-in takes: it must still be open when the browser is back.
ALTER TABLE pending ADD COLUMN link BLOB;

-- A key that becomes its signer's one once the ledger has the act that introduces it.
CREATE TABLE signing_next (
  person TEXT PRIMARY KEY REFERENCES people (id),
  name TEXT NOT NULL,
  salt BLOB NOT NULL,
  nonce BLOB NOT NULL,
  sealed BLOB NOT NULL
) STRICT;

-- Whoever was removed does not come back by the provider uninvited: hashes of issuer and subject.
CREATE TABLE gone (
  hash BLOB PRIMARY KEY
) STRICT;
