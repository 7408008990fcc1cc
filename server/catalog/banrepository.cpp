// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/banrepository.h"

namespace spillway::catalog {

Result<void> BanRepository::put(Session& session, const Ban& ban)
{
    if (ban.address.empty())
        return fail(ErrorCode::InvalidArgument, "a ban names an address");
    Statement change = session.prepare(
        "INSERT INTO bans (address, reason, offences, by_hand, created_at, until) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (address) DO UPDATE SET reason = excluded.reason, offences = excluded.offences, "
        "by_hand = excluded.by_hand, created_at = excluded.created_at, until = excluded.until "
        "WHERE excluded.by_hand = 1 OR by_hand = 0 OR until <= excluded.created_at");
    change.bindText(ban.address).bindText(ban.reason).bind(ban.offences);
    change.bind(std::int64_t{ban.byHand}).bind(ban.createdAt).bind(ban.until);
    if (auto ran = change.run(); !ran)
        return fail(ran.error());
    session.changes().bans = true;
    return {};
}

Result<bool> BanRepository::remove(Session& session, std::string_view address)
{
    Statement change = session.prepare("DELETE FROM bans WHERE address = ?");
    change.bindText(address);
    auto changed = change.run();
    if (!changed)
        return fail(changed.error());
    if (*changed > 0)
        session.changes().bans = true;
    return *changed > 0;
}

Result<std::vector<Ban>> BanRepository::list(Session& session)
{
    Statement rows = session.prepare("SELECT address, reason, offences, by_hand, created_at, until FROM bans "
                                     "ORDER BY created_at DESC, address");
    std::vector<Ban> bans;
    for (;;) {
        auto more = rows.next();
        if (!more)
            return fail(more.error());
        if (!*more)
            return bans;
        bans.push_back({rows.text(0), rows.text(1), rows.integer(2), rows.integer(3) != 0, rows.integer(4),
                        rows.optionalInteger(5)});
    }
}

Result<void> BanRepository::tidy(Session& session, std::int64_t now, std::int64_t remembered,
                                 std::int64_t most)
{
    Statement over = session.prepare(
        "DELETE FROM bans WHERE (by_hand = 1 AND until <= ?) OR (by_hand = 0 AND until <= ?)");
    over.bind(now).bind(remembered);
    if (auto ran = over.run(); !ran)
        return fail(ran.error());
    Statement beyond =
        session.prepare("DELETE FROM bans WHERE address IN (SELECT address FROM bans WHERE by_hand = 0 "
                        "ORDER BY created_at DESC, address LIMIT -1 OFFSET ?)");
    beyond.bind(most);
    if (auto ran = beyond.run(); !ran)
        return fail(ran.error());
    return {};
}

} // namespace spillway::catalog
