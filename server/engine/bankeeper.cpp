// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/bankeeper.h"

#include "server/catalog/banrepository.h"

namespace spillway::engine {

namespace {

std::chrono::seconds seconds(std::chrono::milliseconds value)
{
    return std::chrono::duration_cast<std::chrono::seconds>(value);
}

} // namespace

Result<policy::BanRecord> toRecord(const catalog::Ban& ban)
{
    const auto key = policy::BanBook::parseKey(ban.address);
    if (!key)
        return fail(key.error());
    return policy::BanRecord{*key, ban.reason, ban.offences, ban.byHand, ban.createdAt, ban.until};
}

catalog::Ban toRow(const policy::BanRecord& record)
{
    return {policy::BanBook::textOf(record.address),
            record.reason,
            record.offences,
            record.byHand,
            record.createdAt,
            record.until};
}

BanKeeper::BanKeeper(const Clock& clock, observe::Log& log, std::size_t capacity)
    : clock_(clock), log_(log), capacity_(capacity), watch_([this](const config::IpAddress& proxy) {
          log_.warning("requests come through a proxy that is not trusted, so all its clients look like one; "
                       "if it is yours, set proxy.trusted",
                       {{"address", config::formatIpAddress(proxy)}});
      }),
      book_(clock, capacity,
            {.spare = [this](const config::IpAddress& address) { return watch_.suspects(address); },
             .banned =
                 [this](const policy::BanRecord& ban) {
                     log_.warning("an address is banned",
                                  {{"address", policy::BanBook::textOf(ban.address)},
                                   {"reason", ban.reason},
                                   {"seconds", ban.until.value_or(0) - ban.createdAt}});
                     if (banned_)
                         banned_(ban);
                 },
             .spared =
                 [this](const config::IpAddress& proxy) {
                     log_.warning("too many failures come through a proxy that is not trusted: it is not "
                                  "banned, nor can its clients be; if it is yours, set proxy.trusted",
                                  {{"address", config::formatIpAddress(proxy)}});
                 }})
{
}

void BanKeeper::apply(const config::Settings& settings)
{
    policy::BanRules rules;
    rules.threshold = static_cast<std::uint32_t>(settings.get<"bans.threshold">());
    rules.window = seconds(settings.get<"bans.window">());
    rules.duration = seconds(settings.get<"bans.duration">());
    rules.longest = seconds(settings.get<"bans.max_duration">());
    rules.never = settings.get<"bans.never">();
    // A trusted proxy stands for its clients, who are judged one by one.
    const auto& trusted = settings.get<"proxy.trusted">();
    rules.never.insert(rules.never.end(), trusted.begin(), trusted.end());
    remembered_ = rules.longest;
    book_.setRules(std::move(rules));
}

Result<void> BanKeeper::load(catalog::Catalog& catalog)
{
    auto rows =
        catalog.read([](catalog::Session& session) { return catalog::BanRepository::list(session); }).get();
    if (!rows)
        return fail(rows.error());
    for (const catalog::Ban& row : *rows) {
        auto record = toRecord(row);
        if (!record) {
            log_.warning("a ban in the catalog was passed over", {{"reason", record.error().message}});
            continue;
        }
        if (auto put = book_.put(*record); !put)
            return put;
    }
    return {};
}

void BanKeeper::tick(catalog::Catalog& catalog)
{
    book_.flush([&](std::vector<policy::BanRecord> fresh) {
        auto bans = std::make_shared<std::vector<policy::BanRecord>>(std::move(fresh));
        const std::int64_t now = unixSeconds(clock_.wall());
        const std::int64_t remembered = now - remembered_.count();
        const auto most = static_cast<std::int64_t>(capacity_);
        catalog.writeAsync(
            [bans, now, remembered, most](catalog::Session& session) -> Result<void> {
                for (const policy::BanRecord& ban : *bans)
                    if (auto put = catalog::BanRepository::put(session, toRow(ban)); !put)
                        return put;
                return catalog::BanRepository::tidy(session, now, remembered, most);
            },
            [this, bans](const Result<void>& written) {
                if (!written)
                    book_.giveBack(std::move(*bans));
            });
    });
}

void BanKeeper::registerMetrics(observe::Metrics& metrics,
                                std::vector<observe::Metrics::Registration>& registrations)
{
    using observe::MetricKind;
    const auto attach = [&](observe::SourceInfo info, observe::Metrics::Reader reader) {
        if (auto registration = metrics.attach(std::move(info), std::move(reader)))
            registrations.push_back(std::move(*registration));
    };
    constexpr std::array kinds{"token", "password", "signature"};
    for (std::size_t i = 0; i < kinds.size(); ++i)
        attach({"spillway_credential_failures_total", "kind", kinds[i], MetricKind::Counter,
                "Wrong credentials, by kind."},
               [this, i] { return book_.counters().failures[i]; });
    attach({"spillway_bans_total", "", "", MetricKind::Counter, "Bans made by rule."},
           [this] { return book_.counters().made; });
    attach({"spillway_bans", "", "", MetricKind::Gauge, "Bans in force."},
           [this] { return book_.counters().active; });
    attach({"spillway_ban_book_addresses", "", "", MetricKind::Gauge,
            "Addresses whose failures are kept in mind."},
           [this] { return book_.counters().known; });
    for (const bool unsaved : {false, true})
        if (auto registration = metrics.attachBound(unsaved ? "ban_writes" : "ban_book", [this, unsaved] {
                return unsaved ? book_.counters().unsaved : book_.counters().forgotten;
            }))
            registrations.push_back(std::move(*registration));
}

} // namespace spillway::engine
