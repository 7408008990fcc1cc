// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/limitrepository.h"

namespace spillway::catalog {

namespace {

constexpr std::string_view kSelect = "SELECT level, subject, requests, burst, bandwidth, connections, "
                                     "downloads, queue, wait_ms, priority FROM limits ";

template<class To>
std::optional<To> optionalAs(const std::optional<std::int64_t>& value)
{
    return value ? std::optional(To{*value}) : std::nullopt;
}

Result<Limit> fromRow(const Statement& row)
{
    const std::int64_t level = row.integer(0);
    const auto priority = row.optionalInteger(9);
    if (level < 0 || level >= static_cast<std::int64_t>(policy::kLimitLevels) ||
        (priority &&
         (*priority < 0 || *priority >= static_cast<std::int64_t>(policy::kPriorityNames.size()))))
        return fail(ErrorCode::Corrupt, "the table of limits has a level or priority that is not known");
    Limit limit;
    limit.level = static_cast<policy::LimitLevel>(level);
    limit.subject = row.text(1);
    limit.fields.milliRequests = row.optionalInteger(2);
    limit.fields.burst = row.optionalInteger(3);
    limit.fields.bandwidth = optionalAs<BytesPerSecond>(row.optionalInteger(4));
    limit.fields.connections = row.optionalInteger(5);
    limit.fields.downloads = row.optionalInteger(6);
    limit.fields.queue = row.optionalInteger(7);
    limit.fields.wait = optionalAs<std::chrono::milliseconds>(row.optionalInteger(8));
    if (priority)
        limit.fields.priority = static_cast<policy::Priority>(*priority);
    return limit;
}

std::int64_t number(policy::LimitLevel level)
{
    return static_cast<std::int64_t>(policy::indexOf(level));
}

} // namespace

Result<std::vector<Limit>> LimitRepository::list(Session& session)
{
    static const std::string sql = std::string(kSelect) + "ORDER BY level, subject";
    Statement rows = session.prepare(sql);
    std::vector<Limit> limits;
    for (;;) {
        auto more = rows.next();
        if (!more)
            return fail(more.error());
        if (!*more)
            return limits;
        auto limit = fromRow(rows);
        if (!limit)
            return fail(limit.error());
        limits.push_back(std::move(*limit));
    }
}

Result<Limit> LimitRepository::find(Session& session, policy::LimitLevel level, std::string_view subject)
{
    static const std::string sql = std::string(kSelect) + "WHERE level = ? AND subject = ?";
    Statement select = session.prepare(sql);
    select.bind(number(level)).bindText(subject);
    auto found = select.next();
    if (!found)
        return fail(found.error());
    if (*found)
        return fromRow(select);
    return Limit{level, std::string(subject), {}};
}

Result<void> LimitRepository::set(Session& session, const Limit& limit)
{
    const policy::LimitFields& fields = limit.fields;
    session.changes().limits = true;
    if (fields.empty()) {
        Statement change = session.prepare("DELETE FROM limits WHERE level = ? AND subject = ?");
        change.bind(number(limit.level)).bindText(limit.subject);
        if (auto ran = change.run(); !ran)
            return fail(ran.error());
        return {};
    }
    Statement change = session.prepare(
        "INSERT OR REPLACE INTO limits (level, subject, requests, burst, bandwidth, connections, downloads, "
        "queue, wait_ms, priority) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    change.bind(number(limit.level)).bindText(limit.subject).bind(fields.milliRequests).bind(fields.burst);
    change.bind(fields.bandwidth ? std::optional(fields.bandwidth->count) : std::nullopt)
        .bind(fields.connections)
        .bind(fields.downloads)
        .bind(fields.queue);
    change.bind(fields.wait ? std::optional<std::int64_t>(fields.wait->count()) : std::nullopt);
    change.bind(fields.priority ? std::optional(static_cast<std::int64_t>(*fields.priority)) : std::nullopt);
    if (auto ran = change.run(); !ran)
        return fail(ran.error());
    return {};
}

} // namespace spillway::catalog
