// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/index/indexdatabase.h"

#include "server/catalog/datafolder.h"
#include "server/catalog/index/searchtext.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <unistd.h>

namespace spillway::catalog {

namespace {

/// Goes up with each change of the schema; another number means a new index.
constexpr const char* schemaVersion = "1";

constexpr const char* schema[] = {
    "CREATE TABLE shares (share INTEGER PRIMARY KEY, path BLOB NOT NULL, root INTEGER NOT NULL, inode "
    "INTEGER NOT NULL, "
    "files INTEGER NOT NULL, folders INTEGER NOT NULL, bytes INTEGER NOT NULL, hashed INTEGER NOT NULL, "
    "scanned_at INTEGER)",
    "CREATE TABLE entries (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL, share INTEGER NOT NULL, name "
    "BLOB NOT NULL, "
    "is_folder INTEGER NOT NULL, size INTEGER NOT NULL, mtime INTEGER NOT NULL, inode INTEGER NOT NULL)",
    "CREATE UNIQUE INDEX entries_by_name ON entries (parent, name)",
    "CREATE TABLE hashes (id INTEGER PRIMARY KEY, crc32 INTEGER NOT NULL, sha256 BLOB NOT NULL, "
    "hashed_at INTEGER NOT NULL)",
    "CREATE VIRTUAL TABLE names USING fts5 (name, content = '', columnsize = 0, detail = none, tokenize = "
    "'trigram')",
    "PRAGMA user_version = 1",
};

/// Deeper than any path the scanner takes.
constexpr int maxDepth = 20'000;

constexpr const char* columns = "e.id, e.parent, e.share, e.name, e.is_folder, e.size, e.mtime, e.inode";

IndexRows::Row fromRow(const Statement& row)
{
    return {row.integer(0),
            row.integer(1),
            row.integer(2),
            row.blob(3),
            {row.integer(4) != 0, row.integer(5), row.integer(6), row.integer(7)}};
}

Result<void> makeSchema(Session& session)
{
    if (auto began = session.execute("BEGIN IMMEDIATE"); !began)
        return began;
    for (const char* const statement : schema) {
        if (auto made = session.execute(statement); !made)
            return made;
    }
    return session.execute("COMMIT");
}

Result<std::unique_ptr<Session>> tryOpen(const std::string& path)
{
    auto session = Session::open(path, {.durable = false, .pageCacheKiB = 16384});
    if (!session)
        return session;
    const auto version = (*session)->scalar("PRAGMA user_version");
    if (!version)
        return fail(version.error());
    const auto tables = (*session)->scalar("SELECT count(*) FROM sqlite_master");
    if (!tables)
        return fail(tables.error());
    if (*tables != "0" && *version != schemaVersion)
        return fail(ErrorCode::Corrupt, "another version's index");
    if (auto wal = (*session)->scalar("PRAGMA journal_mode = WAL"); !wal)
        return fail(wal.error());
    // A long scan must not leave a log of its whole size behind.
    if (auto limit = (*session)->scalar("PRAGMA journal_size_limit = 16777216"); !limit)
        return fail(limit.error());
    if (*tables == "0") {
        if (auto made = makeSchema(**session); !made)
            return fail(made.error());
    }
    // Touches each table, so that a damaged one shows now rather than in the first search.
    for (const char* const probe :
         {"SELECT max(id) FROM entries", "SELECT max(id) FROM hashes", "SELECT max(share) FROM shares",
          "SELECT count(*) FROM names WHERE names MATCH '\"zqx\"'"}) {
        if (auto probed = (*session)->scalar(probe); !probed)
            return fail(probed.error());
    }
    return session;
}

Result<void> done(Result<std::int64_t> ran)
{
    if (!ran)
        return fail(ran.error());
    return {};
}

/// The first column of all rows that are left.
Result<std::vector<std::int64_t>> idsOf(Statement& row)
{
    std::vector<std::int64_t> ids;
    for (;;) {
        auto more = row.next();
        if (!more)
            return fail(more.error());
        if (!*more)
            return ids;
        ids.push_back(row.integer(0));
    }
}

} // namespace

Result<void> setIndexAside(const std::string& path)
{
    ::unlink((path + "-wal").c_str());
    ::unlink((path + "-shm").c_str());
    if (std::rename(path.c_str(), (path + ".damaged").c_str()) != 0 && errno != ENOENT)
        return fail(osError("cannot move the damaged index " + path + " aside", errno));
    return {};
}

Result<OpenedIndex> openIndexDatabase(const std::string& path)
{
    if (auto made = createPrivateFile(path); !made && made.error().code != ErrorCode::AlreadyExists)
        return fail(made.error());
    auto session = tryOpen(path);
    if (session)
        return OpenedIndex{std::move(*session), false};
    if (session.error().code != ErrorCode::Corrupt && session.error().code != ErrorCode::Internal)
        return fail(session.error());
    if (auto aside = setIndexAside(path); !aside)
        return fail(aside.error());
    if (auto made = createPrivateFile(path); !made)
        return fail(made.error());
    session = tryOpen(path);
    if (!session)
        return fail(session.error());
    return OpenedIndex{std::move(*session), true};
}

Result<std::int64_t> IndexRows::insert(const Row& row)
{
    Statement add =
        session_.prepare("INSERT INTO entries (parent, share, name, is_folder, size, mtime, inode) "
                         "VALUES (?, ?, ?, ?, ?, ?, ?)");
    add.bind(row.parent).bind(row.share).bindBlob(row.name).bind(std::int64_t{row.facts.isFolder});
    add.bind(row.facts.size).bind(row.facts.mtimeNs).bind(row.facts.inode);
    if (auto ran = add.run(); !ran)
        return fail(ran.error());
    const std::int64_t id = add.insertedId();
    if (row.parent != 0) { // a share's root has no name of its own to find
        Statement name = session_.prepare("INSERT INTO names (rowid, name) VALUES (?, ?)");
        name.bind(id).bindText(searchText(row.name));
        if (auto ran = name.run(); !ran)
            return fail(ran.error());
    }
    return id;
}

Result<void> IndexRows::update(std::int64_t id, const FileFacts& facts)
{
    Statement change = session_.prepare("UPDATE entries SET size = ?, mtime = ?, inode = ? WHERE id = ?");
    change.bind(facts.size).bind(facts.mtimeNs).bind(facts.inode).bind(id);
    return done(change.run());
}

Result<void> IndexRows::move(const Row& row, std::int64_t newParent, const std::string& newName)
{
    Statement change = session_.prepare("UPDATE entries SET parent = ?, name = ? WHERE id = ?");
    change.bind(newParent).bindBlob(newName).bind(row.id);
    if (auto ran = change.run(); !ran)
        return fail(ran.error());
    if (newName == row.name)
        return {};
    Statement forget = session_.prepare("INSERT INTO names (names, rowid, name) VALUES ('delete', ?, ?)");
    forget.bind(row.id).bindText(searchText(row.name));
    if (auto ran = forget.run(); !ran)
        return fail(ran.error());
    Statement name = session_.prepare("INSERT INTO names (rowid, name) VALUES (?, ?)");
    return done(name.bind(row.id).bindText(searchText(newName)).run());
}

Result<bool> IndexRows::remove(const Row& row)
{
    if (row.parent != 0) {
        // A contentless table must be told what it holds to forget it.
        Statement forget = session_.prepare("INSERT INTO names (names, rowid, name) VALUES ('delete', ?, ?)");
        if (auto ran = forget.bind(row.id).bindText(searchText(row.name)).run(); !ran)
            return fail(ran.error());
    }
    auto hash = dropHash(row.id);
    if (!hash)
        return hash;
    Statement change = session_.prepare("DELETE FROM entries WHERE id = ?");
    if (auto ran = change.bind(row.id).run(); !ran)
        return fail(ran.error());
    return hash;
}

Result<IndexRows::Row> IndexRows::find(std::int64_t id)
{
    static const std::string sql = std::string("SELECT ") + columns + " FROM entries e WHERE id = ?";
    Statement row = session_.prepare(sql);
    auto found = row.bind(id).next();
    if (!found)
        return fail(found.error());
    return *found ? fromRow(row) : Row{};
}

Result<IndexRows::Row> IndexRows::child(std::int64_t parent, std::string_view name)
{
    static const std::string sql =
        std::string("SELECT ") + columns + " FROM entries e WHERE parent = ? AND name = ?";
    Statement row = session_.prepare(sql);
    auto found = row.bind(parent).bindBlob(name).next();
    if (!found)
        return fail(found.error());
    return *found ? fromRow(row) : Row{};
}

Result<std::vector<IndexRows::Row>> IndexRows::children(std::int64_t parent)
{
    static const std::string sql = std::string("SELECT ") + columns + " FROM entries e WHERE parent = ?";
    Statement row = session_.prepare(sql);
    row.bind(parent);
    std::vector<Row> rows;
    for (;;) {
        auto more = row.next();
        if (!more)
            return fail(more.error());
        if (!*more)
            return rows;
        rows.push_back(fromRow(row));
    }
}

Result<std::vector<std::int64_t>> IndexRows::childIds(std::int64_t parent)
{
    Statement row = session_.prepare("SELECT id FROM entries WHERE parent = ?");
    row.bind(parent);
    return idsOf(row);
}

Result<std::string> IndexRows::pathOf(std::int64_t id)
{
    std::vector<std::string> names;
    for (int depth = 0;; ++depth) {
        if (depth > maxDepth)
            return fail(ErrorCode::Corrupt, "the index has a loop of folders");
        Statement row = session_.prepare("SELECT parent, name FROM entries WHERE id = ?");
        auto found = row.bind(id).next();
        if (!found)
            return fail(found.error());
        if (!*found)
            return fail(ErrorCode::NotFound, "an entry of the index has lost a parent");
        if (row.integer(0) == 0)
            break;
        id = row.integer(0);
        names.push_back(row.blob(1));
    }
    std::string path;
    for (auto name = names.rbegin(); name != names.rend(); ++name) {
        if (!path.empty())
            path += '/';
        path += *name;
    }
    return path;
}

Result<bool> IndexRows::dropHash(std::int64_t id)
{
    Statement change = session_.prepare("DELETE FROM hashes WHERE id = ?");
    auto changed = change.bind(id).run();
    if (!changed)
        return fail(changed.error());
    return *changed > 0;
}

Result<void> IndexRows::setHash(std::int64_t id, std::uint32_t crc32, std::string_view sha256,
                                std::int64_t now)
{
    Statement change =
        session_.prepare("INSERT OR REPLACE INTO hashes (id, crc32, sha256, hashed_at) VALUES (?, ?, ?, ?)");
    return done(change.bind(id).bind(std::int64_t{crc32}).bindBlob(sha256).bind(now).run());
}

Result<std::vector<std::int64_t>> IndexRows::unhashed(std::int64_t afterId, std::int64_t maxSize,
                                                      std::int64_t limit)
{
    Statement row =
        session_.prepare("SELECT e.id FROM entries e WHERE e.id > ? AND e.is_folder = 0 AND e.size <= ? "
                         "AND NOT EXISTS (SELECT 1 FROM hashes h WHERE h.id = e.id) ORDER BY e.id LIMIT ?");
    row.bind(afterId).bind(maxSize).bind(limit);
    return idsOf(row);
}

Result<std::vector<IndexRows::ShareRow>> IndexRows::shares()
{
    Statement row = session_.prepare("SELECT share, path, root, inode, files, folders, bytes, hashed, "
                                     "scanned_at FROM shares ORDER BY share");
    std::vector<ShareRow> shares;
    for (;;) {
        auto more = row.next();
        if (!more)
            return fail(more.error());
        if (!*more)
            return shares;
        ShareRow share{row.integer(0), row.blob(1), row.integer(2), row.integer(3), {}};
        share.counts.share = share.share;
        share.counts.files = row.integer(4);
        share.counts.folders = row.integer(5);
        share.counts.bytes = row.integer(6);
        share.counts.filesHashed = row.integer(7);
        share.counts.scannedAt = row.optionalInteger(8);
        shares.push_back(std::move(share));
    }
}

Result<void> IndexRows::saveShare(const ShareRow& share)
{
    Statement change =
        session_.prepare("INSERT OR REPLACE INTO shares (share, path, root, inode, files, folders, bytes, "
                         "hashed, scanned_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    change.bind(share.share).bindBlob(share.path).bind(share.root).bind(share.inode).bind(share.counts.files);
    change.bind(share.counts.folders)
        .bind(share.counts.bytes)
        .bind(share.counts.filesHashed)
        .bind(share.counts.scannedAt);
    return done(change.run());
}

Result<void> IndexRows::removeShare(ShareId share)
{
    Statement change = session_.prepare("DELETE FROM shares WHERE share = ?");
    return done(change.bind(share).run());
}

} // namespace spillway::catalog
