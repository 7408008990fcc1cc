// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/banrepository.h"
#include "server/engine/bankeeper.h"
#include "server/engine/management.h"

#include <algorithm>

// The part of Management about bans.
namespace spillway::engine {

using catalog::Ban;
using catalog::BanRepository;
using catalog::Session;
using policy::BanBook;

namespace {

constexpr std::size_t kMaxReasonBytes = 200;

} // namespace

Result<std::vector<Ban>> Management::listBans()
{
    std::vector<Ban> bans;
    if (serving_.bans) { // it knows those that are not written yet, too
        for (const policy::BanRecord& record : serving_.bans->list())
            bans.push_back(toRow(record));
        return bans;
    }
    auto rows = catalog_.read([](Session& session) { return BanRepository::list(session); }).get();
    if (!rows)
        return rows;
    const std::int64_t now = unixSeconds(clock_.wall());
    std::erase_if(*rows, [now](const Ban& ban) { return ban.until && *ban.until <= now; });
    std::sort(rows->begin(), rows->end(), [](const Ban& a, const Ban& b) { return a.address < b.address; });
    return rows;
}

Result<Ban> Management::addBan(const NewBan& wanted)
{
    const auto key = BanBook::parseKey(wanted.address);
    if (!key)
        return fail(key.error());
    if (key->isLoopback() || key->isUnspecified())
        return fail(ErrorCode::InvalidArgument,
                    wanted.address + " is this machine itself; it is never banned");
    if (wanted.lasts && wanted.lasts->count() < 1)
        return fail(ErrorCode::InvalidArgument, "a ban lasts at least 1s");
    if (wanted.lasts && *wanted.lasts > std::chrono::hours(24 * 36'500))
        return fail(ErrorCode::InvalidArgument, "a ban lasts at most 36500d; \"forever\" is allowed");
    if (wanted.reason.size() > kMaxReasonBytes)
        return fail(ErrorCode::InvalidArgument,
                    "a reason has at most " + std::to_string(kMaxReasonBytes) + " bytes");
    Ban ban;
    ban.address = BanBook::textOf(*key);
    ban.reason = wanted.reason.empty() ? "by hand" : wanted.reason;
    ban.byHand = true;
    ban.createdAt = unixSeconds(clock_.wall());
    if (wanted.lasts)
        ban.until = ban.createdAt + wanted.lasts->count();

    const std::lock_guard lock(changes_);
    auto written =
        catalog_.write([&ban](Session& session) { return BanRepository::put(session, ban); }).get();
    if (!written)
        return fail(written.error());
    if (serving_.bans)
        if (auto put = serving_.bans->put(*toRecord(ban)); !put)
            return fail(put.error());
    return ban;
}

Result<Ban> Management::liftBan(const std::string& address)
{
    const auto key = BanBook::parseKey(address);
    if (!key)
        return fail(key.error());
    const std::string text = BanBook::textOf(*key);
    const std::lock_guard lock(changes_);
    const auto bans = listBans();
    if (!bans)
        return fail(bans.error());
    const auto found =
        std::find_if(bans->begin(), bans->end(), [&text](const Ban& ban) { return ban.address == text; });
    // From the book first: what it hands to the catalog from now on is without this one, and what it handed
    // before is written before the removal.
    if (serving_.bans)
        (void)serving_.bans->lift(*key);
    auto removed =
        catalog_.write([&text](Session& session) { return BanRepository::remove(session, text); }).get();
    if (!removed)
        return fail(removed.error().code,
                    "the ban of " + text +
                        (serving_.bans ? " is lifted until the server starts anew, but the catalog was not "
                                         "changed: "
                                       : " was not lifted: ") +
                        removed.error().message);
    if (found == bans->end())
        return fail(ErrorCode::NotFound, text + " is not banned; spillway ban list shows who is");
    return *found;
}

} // namespace spillway::engine
