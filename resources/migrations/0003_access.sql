-- SPDX-License-Identifier: GPL-3.0-or-later
-- Tokens, limits, bans, and what was downloaded through links. Addresses are text (RFC 5952; IPv6 clients as their /64).

CREATE TABLE tokens (
    id           TEXT    PRIMARY KEY NOT NULL,
    name         TEXT    NOT NULL,
    hash         BLOB    NOT NULL UNIQUE,  -- SHA-256 of the token, which is 256 random bits
    scopes       INTEGER NOT NULL,         -- TokenScope bits
    all_shares   INTEGER NOT NULL,         -- else those of token_shares; it loses one that is removed
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    revoked_at   INTEGER,
    last_used_at INTEGER
);
CREATE TABLE token_shares (
    token TEXT    NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    share INTEGER NOT NULL REFERENCES shares (id) ON DELETE CASCADE,
    PRIMARY KEY (token, share)
) WITHOUT ROWID;

CREATE TABLE limits (                      -- NULL: not limited here
    level       INTEGER NOT NULL,          -- LimitLevel
    subject     TEXT    NOT NULL,          -- share number, token or link id, address or block; '': the level's default
    requests    INTEGER,                   -- thousandths of a request a second
    burst       INTEGER,
    bandwidth   INTEGER,                   -- bytes a second
    connections INTEGER,
    downloads   INTEGER,
    queue       INTEGER,
    wait_ms     INTEGER,
    priority    INTEGER,                   -- Priority
    PRIMARY KEY (level, subject)
) WITHOUT ROWID;

CREATE TABLE bans (
    address    TEXT    PRIMARY KEY NOT NULL,
    reason     TEXT    NOT NULL,
    offences   INTEGER NOT NULL,           -- how often it was banned; the next ban is longer
    by_hand    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    until      INTEGER                     -- NULL: for ever
);

CREATE TABLE receipts (                    -- one recipient of one link, who took one of its downloads
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    link        TEXT    NOT NULL REFERENCES links (id) ON DELETE CASCADE,
    recipient   TEXT    NOT NULL,          -- an address, or the name in a grant
    started_at  INTEGER NOT NULL,
    last_at     INTEGER NOT NULL,
    finished_at INTEGER                    -- all bytes of the file arrived; NULL for folders
);
CREATE INDEX receipts_by_link ON receipts (link, id);
CREATE INDEX receipts_by_recipient ON receipts (link, recipient, id);
CREATE TABLE receipt_files (
    receipt INTEGER NOT NULL REFERENCES receipts (id) ON DELETE CASCADE,
    path    BLOB    NOT NULL,              -- below the link
    etag    TEXT    NOT NULL,              -- of the file that the ranges are of
    size    INTEGER NOT NULL,
    ranges  BLOB    NOT NULL,              -- what arrived: policy::RangeUnion
    PRIMARY KEY (receipt, path)
) WITHOUT ROWID;

-- Secrets that are not signing keys: what signs cookies and grants.
CREATE TABLE secrets (
    name       TEXT    PRIMARY KEY NOT NULL,
    secret     BLOB    NOT NULL,
    created_at INTEGER NOT NULL
);
