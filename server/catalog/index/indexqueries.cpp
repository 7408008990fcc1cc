// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/index/indexqueries.h"

#include "server/catalog/index/indexdatabase.h"
#include "server/catalog/index/searchtext.h"

namespace spillway::catalog {

namespace {

constexpr const char* columns =
    "e.id, e.share, e.name, e.is_folder, e.size, e.mtime, e.inode, h.crc32, h.sha256, h.hashed_at";

/// All but the path; the name stands in its place.
IndexEntry fromRow(const Statement& row)
{
    IndexEntry entry;
    entry.id = row.integer(0);
    entry.share = row.integer(1);
    entry.path = row.blob(2);
    entry.facts = {row.integer(3) != 0, row.integer(4), row.integer(5), row.integer(6)};
    if (const auto crc = row.optionalInteger(7)) {
        entry.crc32 = static_cast<std::uint32_t>(*crc);
        entry.sha256 = row.blob(8);
        entry.hashedAt = row.integer(9);
    }
    return entry;
}

/// Takes rows until the page is full; each is checked against its whole name.
Result<std::vector<IndexEntry>> collect(Statement& rows, const SearchText& words, std::int64_t limit)
{
    std::vector<IndexEntry> entries;
    while (static_cast<std::int64_t>(entries.size()) < limit) {
        auto more = rows.next();
        if (!more)
            return fail(more.error());
        if (!*more)
            break;
        IndexEntry entry = fromRow(rows);
        if (words.matches(entry.path))
            entries.push_back(std::move(entry));
    }
    return entries;
}

} // namespace

Result<std::vector<IndexEntry>> searchIndex(Session& session, const IndexSearch& search)
{
    const SearchText words(search.text);
    if (words.empty())
        return fail(ErrorCode::InvalidArgument, "a search needs at least one word");
    if (search.limit < 1 || search.limit > 1000)
        return fail(ErrorCode::InvalidArgument, "a page of a search has 1 to 1000 rows");

    const std::string match = words.matchExpression();
    // CROSS JOIN keeps the order: the trigrams lead, the rows follow by id.
    std::string sql =
        std::string("SELECT ") + columns +
        (match.empty()
             ? " FROM entries e LEFT JOIN hashes h ON h.id = e.id WHERE CAST(e.name AS TEXT) LIKE ? ESCAPE "
               "'\\' "
               "AND e.parent <> 0 AND e.id > ?"
             : " FROM names CROSS JOIN entries e ON e.id = names.rowid LEFT JOIN hashes h ON h.id = e.id "
               "WHERE names MATCH ? AND names.rowid > ?");
    if (search.share)
        sql += " AND e.share = ?";
    sql += match.empty() ? " ORDER BY e.id" : " ORDER BY names.rowid";
    Statement rows = session.prepare(sql);
    rows.bindText(match.empty() ? words.likePattern() : match).bind(search.after);
    if (search.share)
        rows.bind(*search.share);
    auto entries = collect(rows, words, search.limit);
    if (!entries)
        return entries;

    IndexRows index(session);
    for (IndexEntry& entry : *entries) {
        auto path = index.pathOf(entry.id);
        if (!path)
            return fail(path.error());
        entry.path = std::move(*path);
    }
    return entries;
}

Result<std::optional<IndexEntry>> lookupIndex(Session& session, ShareId share, std::string_view path)
{
    Statement root = session.prepare("SELECT root FROM shares WHERE share = ?");
    auto known = root.bind(share).next();
    if (!known)
        return fail(known.error());
    if (!*known)
        return std::nullopt;
    std::int64_t id = root.integer(0);
    for (std::string_view rest = path; !rest.empty();) {
        const std::size_t slash = std::min(rest.find('/'), rest.size());
        Statement step = session.prepare("SELECT id FROM entries WHERE parent = ? AND name = ?");
        auto found = step.bind(id).bindBlob(rest.substr(0, slash)).next();
        if (!found)
            return fail(found.error());
        if (!*found)
            return std::nullopt;
        id = step.integer(0);
        rest.remove_prefix(std::min(slash + 1, rest.size()));
    }
    static const std::string sql =
        std::string("SELECT ") + columns + " FROM entries e LEFT JOIN hashes h ON h.id = e.id WHERE e.id = ?";
    Statement row = session.prepare(sql);
    auto found = row.bind(id).next();
    if (!found)
        return fail(found.error());
    if (!*found)
        return std::nullopt;
    IndexEntry entry = fromRow(row);
    entry.path = std::string(path);
    return entry;
}

Result<void> visitChecksums(Session& session, ShareId share, std::string_view folder,
                            const std::function<void(const IndexEntry&)>& each)
{
    const auto top = lookupIndex(session, share, folder);
    if (!top)
        return fail(top.error());
    struct Folder
    {
        std::int64_t id = 0;
        std::string path;
    };
    std::vector<Folder> folders;
    if (*top && (*top)->facts.isFolder)
        folders.push_back({(*top)->id, {}});
    static const std::string sql = std::string("SELECT ") + columns +
                                   " FROM entries e LEFT JOIN hashes h ON h.id = e.id WHERE e.parent = ?";
    while (!folders.empty()) {
        const Folder current = std::move(folders.back());
        folders.pop_back();
        Statement rows = session.prepare(sql);
        rows.bind(current.id);
        for (;;) {
            auto more = rows.next();
            if (!more)
                return fail(more.error());
            if (!*more)
                break;
            IndexEntry entry = fromRow(rows);
            if (!current.path.empty())
                entry.path = current.path + '/' + entry.path;
            if (entry.facts.isFolder)
                folders.push_back({entry.id, std::move(entry.path)});
            else if (entry.crc32)
                each(entry);
        }
    }
    return {};
}

} // namespace spillway::catalog
