-- SPDX-License-Identifier: GPL-3.0-or-later
-- Times are seconds since 1970, UTC. Paths and file names are BLOBs: the file system's bytes, which need not be UTF-8.
-- A migration that has been released is never edited: its checksum is in every catalog that ran it.

CREATE TABLE shares (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    name          TEXT    NOT NULL UNIQUE,
    path          BLOB    NOT NULL,
    is_public     INTEGER NOT NULL,
    show_dot      INTEGER NOT NULL,
    listing       INTEGER NOT NULL,
    cache_max_age INTEGER NOT NULL,
    created_at    INTEGER NOT NULL
);

CREATE TABLE signing_keys (
    id         TEXT    PRIMARY KEY NOT NULL,
    secret     BLOB    NOT NULL,
    created_at INTEGER NOT NULL,
    retired_at INTEGER,
    is_current INTEGER NOT NULL
);
CREATE UNIQUE INDEX signing_keys_one_current ON signing_keys (is_current) WHERE is_current = 1;

CREATE TABLE links (
    id            TEXT    PRIMARY KEY NOT NULL,
    share         INTEGER NOT NULL REFERENCES shares (id) ON DELETE CASCADE,
    path          BLOB    NOT NULL,
    is_folder     INTEGER NOT NULL,
    name          BLOB    NOT NULL,
    key_id        TEXT    NOT NULL REFERENCES signing_keys (id),
    expires_at    INTEGER,
    max_downloads INTEGER,
    downloads     INTEGER NOT NULL,
    password_hash TEXT    NOT NULL,
    allow         TEXT    NOT NULL,
    rate          INTEGER NOT NULL,
    concurrency   INTEGER NOT NULL,
    note          TEXT    NOT NULL,
    page          INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    revoked_at    INTEGER
);
CREATE INDEX links_by_share ON links (share, created_at, id);
CREATE INDEX links_by_age ON links (created_at, id);
CREATE INDEX links_by_key ON links (key_id);

CREATE TABLE settings (
    name  TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
);
