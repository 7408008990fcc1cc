// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/linkrepository.h"

#include "server/base/base64chars.h"

#include <algorithm>

namespace spillway::catalog {

namespace {

constexpr const char* columns =
    "id, share, path, is_folder, name, key_id, expires_at, max_downloads, downloads, "
    "password_hash, allow, rate, concurrency, note, page, created_at, revoked_at";

/// CIDR blocks hold no comma.
std::string join(const std::vector<std::string>& parts)
{
    std::string text;
    for (const std::string& part : parts) {
        if (!text.empty())
            text += ',';
        text += part;
    }
    return text;
}

std::vector<std::string> split(const std::string& text)
{
    std::vector<std::string> parts;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t comma = std::min(text.find(',', at), text.size());
        parts.push_back(text.substr(at, comma - at));
        at = comma + 1;
    }
    return parts;
}

Link fromRow(const Statement& row)
{
    Link link;
    link.id = row.text(0);
    link.share = row.integer(1);
    link.path = row.blob(2);
    link.isFolder = row.integer(3) != 0;
    link.name = row.blob(4);
    link.keyId = row.text(5);
    link.expiresAt = row.optionalInteger(6);
    link.maxDownloads = row.optionalInteger(7);
    link.downloads = row.integer(8);
    link.passwordHash = row.text(9);
    link.allow = split(row.text(10));
    link.rate = BytesPerSecond{row.integer(11)};
    link.concurrency = row.integer(12);
    link.note = row.text(13);
    link.page = row.integer(14) != 0;
    link.createdAt = row.integer(15);
    link.revokedAt = row.optionalInteger(16);
    return link;
}

Result<void> check(const Link& link)
{
    const auto bad = [](const std::string& what) {
        return fail(ErrorCode::InvalidArgument, "a link's " + what);
    };
    if (link.id.size() != 16 || !std::all_of(link.id.begin(), link.id.end(), isBase64UrlCharacter))
        return bad("id is 16 characters of base64url");
    if (link.path.starts_with('/') || link.path.find('\0') != std::string::npos)
        return bad("path is below its share and starts with no /");
    if (link.name.empty() || link.name.find('/') != std::string::npos ||
        link.name.find('\0') != std::string::npos)
        return bad("name is one file name");
    if (link.rate.count < 0 || link.concurrency < 0 || link.downloads < 0 ||
        link.maxDownloads.value_or(1) < 1)
        return bad("limits are not negative, and its maximum of downloads is at least 1");
    for (const std::string& block : link.allow) {
        if (block.empty() || block.find(',') != std::string::npos)
            return bad("allowed addresses are CIDR blocks");
    }
    return {};
}

void bindRules(Statement& statement, const Link& link)
{
    statement.bind(link.expiresAt)
        .bind(link.maxDownloads)
        .bindText(link.passwordHash)
        .bindText(join(link.allow));
    statement.bind(link.rate.count).bind(link.concurrency).bindText(link.note).bind(std::int64_t{link.page});
}

Error notThere(std::string_view id)
{
    return {ErrorCode::NotFound, "link " + std::string(id) + " is not there (any more)", 0};
}

Result<bool> hasRow(Statement& statement)
{
    return statement.next();
}

/// The link after a change to it; also notes the change.
Result<Link> changedLink(Session& session, std::string_view id)
{
    auto link = LinkRepository::find(session, id);
    if (!link)
        return fail(link.error());
    if (!*link)
        return fail(notThere(id));
    session.changes().links.emplace_back(id);
    return std::move(**link);
}

/// For LIKE ... ESCAPE '\'.
std::string likePattern(const std::string& part)
{
    std::string pattern = "%";
    for (const char c : part) {
        if (c == '%' || c == '_' || c == '\\')
            pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

} // namespace

Result<Link> LinkRepository::insert(Session& session, const Link& link)
{
    if (auto fits = check(link); !fits)
        return fail(fits.error());
    Statement known =
        session.prepare("SELECT 1 FROM shares, signing_keys WHERE shares.id = ? AND signing_keys.id = ?");
    known.bind(link.share).bindText(link.keyId);
    auto both = hasRow(known);
    if (!both)
        return fail(both.error());
    if (!*both)
        return fail(ErrorCode::NotFound, "a link needs a share and a key that are there; share " +
                                             std::to_string(link.share) + " or key " + link.keyId +
                                             " is not");

    Statement add = session.prepare("INSERT INTO links (id, share, path, is_folder, name, key_id, downloads, "
                                    "created_at, revoked_at, expires_at, "
                                    "max_downloads, password_hash, allow, rate, concurrency, note, page) "
                                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    add.bindText(link.id).bind(link.share).bindBlob(link.path).bind(std::int64_t{link.isFolder});
    add.bindBlob(link.name)
        .bindText(link.keyId)
        .bind(link.downloads)
        .bind(link.createdAt)
        .bind(link.revokedAt);
    bindRules(add, link);
    if (auto ran = add.run(); !ran)
        return fail(ran.error().code == ErrorCode::AlreadyExists
                        ? Error{ErrorCode::AlreadyExists, "link " + link.id + " is already there", 0}
                        : ran.error());
    session.changes().links.push_back(link.id);
    return link;
}

Result<std::optional<Link>> LinkRepository::find(Session& session, std::string_view id)
{
    static const std::string sql = std::string("SELECT ") + columns + " FROM links WHERE id = ?";
    Statement select = session.prepare(sql);
    select.bindText(id);
    auto found = hasRow(select);
    if (!found)
        return fail(found.error());
    return *found ? std::optional(fromRow(select)) : std::nullopt;
}

Result<std::vector<Link>> LinkRepository::list(Session& session, const LinkFilter& filter)
{
    if (filter.limit < 1 || filter.limit > 10000)
        return fail(ErrorCode::InvalidArgument, "a page of links has 1 to 10000 rows");
    std::int64_t afterTime = 0;
    if (!filter.after.empty()) {
        auto last = find(session, filter.after);
        if (!last)
            return fail(last.error());
        if (!*last)
            return fail(notThere(filter.after));
        afterTime = (*last)->createdAt;
    }

    std::string sql = std::string("SELECT ") + columns + " FROM links WHERE 1";
    if (filter.share)
        sql += " AND share = ?";
    if (!filter.includeRevoked)
        sql += " AND revoked_at IS NULL";
    if (!filter.search.empty())
        sql +=
            " AND (id LIKE ? ESCAPE '\\' OR note LIKE ? ESCAPE '\\' OR CAST(name AS TEXT) LIKE ? ESCAPE '\\' "
            "OR CAST(path AS TEXT) LIKE ? ESCAPE '\\')";
    if (!filter.after.empty())
        sql += " AND (created_at, id) < (?, ?)";
    sql += " ORDER BY created_at DESC, id DESC LIMIT ?";

    Statement rows = session.prepare(sql);
    if (filter.share)
        rows.bind(*filter.share);
    if (!filter.search.empty()) {
        const std::string pattern = likePattern(filter.search);
        rows.bindText(pattern).bindText(pattern).bindText(pattern).bindText(pattern);
    }
    if (!filter.after.empty())
        rows.bind(afterTime).bindText(filter.after);
    rows.bind(filter.limit);
    std::vector<Link> links;
    for (;;) {
        auto more = rows.next();
        if (!more)
            return fail(more.error());
        if (!*more)
            return links;
        links.push_back(fromRow(rows));
    }
}

Result<Link> LinkRepository::update(Session& session, const Link& link)
{
    if (auto fits = check(link); !fits)
        return fail(fits.error());
    Statement change =
        session.prepare("UPDATE links SET expires_at = ?, max_downloads = ?, password_hash = ?, allow = ?, "
                        "rate = ?, concurrency = ?, note = ?, page = ? WHERE id = ?");
    bindRules(change, link);
    change.bindText(link.id);
    if (auto ran = change.run(); !ran)
        return fail(ran.error());
    return changedLink(session, link.id);
}

Result<Link> LinkRepository::revoke(Session& session, std::string_view id, std::int64_t when)
{
    Statement change = session.prepare("UPDATE links SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL");
    change.bind(when).bindText(id);
    if (auto ran = change.run(); !ran)
        return fail(ran.error());
    return changedLink(session, id);
}

Result<Link> LinkRepository::restore(Session& session, std::string_view id)
{
    Statement change = session.prepare("UPDATE links SET revoked_at = NULL WHERE id = ?");
    change.bindText(id);
    if (auto ran = change.run(); !ran)
        return fail(ran.error());
    return changedLink(session, id);
}

Result<Link> LinkRepository::addDownloads(Session& session, std::string_view id, std::int64_t count,
                                          bool beyond)
{
    Statement change = session.prepare("UPDATE links SET downloads = downloads + ? WHERE id = ? "
                                       "AND (? OR max_downloads IS NULL OR downloads + ? <= max_downloads)");
    change.bind(count).bindText(id).bind(std::int64_t{beyond}).bind(count);
    auto changed = change.run();
    if (!changed)
        return fail(changed.error());
    auto link = find(session, id);
    if (!link)
        return fail(link.error());
    if (!*link)
        return fail(notThere(id));
    if (*changed == 0)
        return fail(ErrorCode::Exhausted,
                    "link " + std::string(id) + " was downloaded as often as it may be");
    session.changes().counted.emplace_back(id);
    return std::move(**link);
}

} // namespace spillway::catalog
