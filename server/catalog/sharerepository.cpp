// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/sharerepository.h"

#include <algorithm>

namespace spillway::catalog {

namespace {

constexpr const char* columns = "id, name, path, is_public, show_dot, listing, cache_max_age, created_at";

Share fromRow(const Statement& row)
{
    Share share;
    share.id = row.integer(0);
    share.name = row.text(1);
    share.path = row.blob(2);
    share.isPublic = row.integer(3) != 0;
    share.showDotFiles = row.integer(4) != 0;
    share.listing = row.integer(5) != 0;
    share.cacheMaxAge = std::chrono::seconds(row.integer(6));
    share.createdAt = row.integer(7);
    return share;
}

bool isNameCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

Result<void> check(const Share& share)
{
    if (share.name.empty() || share.name.size() > 64 || share.name.front() == '.' ||
        !std::all_of(share.name.begin(), share.name.end(), isNameCharacter))
        return fail(
            ErrorCode::InvalidArgument,
            "a share's name has 1 to 64 letters, digits, '.', '_' or '-', and starts with no '.'; \"" +
                share.name + "\" does not fit");
    if (share.path.empty() || share.path.front() != '/' || share.path.find('\0') != std::string::npos)
        return fail(ErrorCode::InvalidArgument,
                    "a share's path starts with /; \"" + share.path + "\" does not");
    if (share.cacheMaxAge.count() < 0)
        return fail(ErrorCode::InvalidArgument, "the cache age of share " + share.name + " is negative");
    return {};
}

void bindValues(Statement& statement, const Share& share)
{
    statement.bindText(share.name).bindBlob(share.path);
    statement.bind(std::int64_t{share.isPublic}).bind(std::int64_t{share.showDotFiles});
    statement.bind(std::int64_t{share.listing}).bind(std::int64_t{share.cacheMaxAge.count()});
}

Error named(const Error& error, const Share& share)
{
    if (error.code == ErrorCode::AlreadyExists)
        return {error.code, "a share named " + share.name + " is already there; choose another name", 0};
    return error;
}

Result<std::optional<Share>> one(Statement row)
{
    auto found = row.next();
    if (!found)
        return fail(found.error());
    return *found ? std::optional(fromRow(row)) : std::nullopt;
}

} // namespace

Result<Share> ShareRepository::add(Session& session, const Share& share)
{
    if (auto fits = check(share); !fits)
        return fail(fits.error());
    Statement insert =
        session.prepare("INSERT INTO shares (name, path, is_public, show_dot, listing, cache_max_age, "
                        "created_at) VALUES (?, ?, ?, ?, ?, ?, ?)");
    bindValues(insert, share);
    insert.bind(share.createdAt);
    if (auto ran = insert.run(); !ran)
        return fail(named(ran.error(), share));
    Share added = share;
    added.id = insert.insertedId();
    session.changes().shares.push_back(added.id);
    return added;
}

Result<std::optional<Share>> ShareRepository::find(Session& session, ShareId id)
{
    static const std::string sql = std::string("SELECT ") + columns + " FROM shares WHERE id = ?";
    Statement select = session.prepare(sql);
    select.bind(id);
    return one(std::move(select));
}

Result<std::optional<Share>> ShareRepository::findByName(Session& session, std::string_view name)
{
    static const std::string sql = std::string("SELECT ") + columns + " FROM shares WHERE name = ?";
    Statement select = session.prepare(sql);
    select.bindText(name);
    return one(std::move(select));
}

Result<std::vector<Share>> ShareRepository::list(Session& session)
{
    static const std::string sql = std::string("SELECT ") + columns + " FROM shares ORDER BY name";
    Statement rows = session.prepare(sql);
    std::vector<Share> shares;
    for (;;) {
        auto more = rows.next();
        if (!more)
            return fail(more.error());
        if (!*more)
            return shares;
        shares.push_back(fromRow(rows));
    }
}

Result<Share> ShareRepository::update(Session& session, const Share& share)
{
    if (auto fits = check(share); !fits)
        return fail(fits.error());
    Statement change =
        session.prepare("UPDATE shares SET name = ?, path = ?, is_public = ?, show_dot = ?, listing = ?, "
                        "cache_max_age = ? WHERE id = ?");
    bindValues(change, share);
    change.bind(share.id);
    auto changed = change.run();
    if (!changed)
        return fail(named(changed.error(), share));
    if (*changed == 0)
        return fail(ErrorCode::NotFound, "share " + std::to_string(share.id) + " is not there (any more)");
    session.changes().shares.push_back(share.id);
    auto now = find(session, share.id);
    if (!now)
        return fail(now.error());
    return **now;
}

Result<void> ShareRepository::remove(Session& session, ShareId id)
{
    // The cascade tells nobody which links it takes, and caches hold them by id.
    Statement links = session.prepare("SELECT id FROM links WHERE share = ?");
    links.bind(id);
    std::vector<std::string> gone;
    for (;;) {
        auto more = links.next();
        if (!more)
            return fail(more.error());
        if (!*more)
            break;
        gone.push_back(links.text(0));
    }
    Statement change = session.prepare("DELETE FROM shares WHERE id = ?");
    change.bind(id);
    auto changed = change.run();
    if (!changed)
        return fail(changed.error());
    if (*changed == 0)
        return fail(ErrorCode::NotFound, "share " + std::to_string(id) + " is not there (any more)");
    Statement limits = session.prepare("DELETE FROM limits WHERE level = ? AND subject = ?");
    limits.bind(static_cast<std::int64_t>(policy::LimitLevel::Share)).bindText(std::to_string(id));
    if (auto ran = limits.run(); !ran)
        return fail(ran.error());
    ChangeSet changes;
    changes.shares.push_back(id);
    changes.links = std::move(gone);
    session.changes().merge(std::move(changes));
    return {};
}

} // namespace spillway::catalog
