-- SPDX-License-Identifier: GPL-3.0-or-later
-- Presigned URLs that were taken back one by one. The digest is SHA-256 of the URL's canonical string; the entry may go
-- once the URL would have expired by itself.

CREATE TABLE denied_urls (
    digest     BLOB    PRIMARY KEY NOT NULL,
    expires_at INTEGER,
    created_at INTEGER NOT NULL,
    note       TEXT    NOT NULL
);
CREATE INDEX denied_urls_by_expiry ON denied_urls (expires_at);
