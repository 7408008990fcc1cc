// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>
#include <QtCore/QStringList>
#include <cstdint>
#include <optional>
#include <vector>

// Banned addresses as a console sees and changes them.
namespace spillway::contract {

struct Ban
{
    QString address; ///< IPv4, or an IPv6 /64
    QString reason;
    bool byHand = false;
    std::int64_t offences = 0;
    std::int64_t createdAt = 0;
    std::optional<std::int64_t> until; ///< none: for ever
    friend bool operator==(const Ban&, const Ban&) = default;
};

/// How bans by rule come about. Times in seconds.
struct BanRules
{
    std::int64_t threshold = 0; ///< different failures within `window`; 0: nobody is banned by rule
    std::int64_t window = 0, duration = 0, maxDuration = 0;
    QStringList never; ///< address blocks, beside loopback
    friend bool operator==(const BanRules&, const BanRules&) = default;
};

struct ListBans
{
    static constexpr const char* operation = "ban.list";
    using Answer = std::vector<Ban>; ///< by address
};

struct GetBanRules
{
    static constexpr const char* operation = "ban.rules";
    using Answer = BanRules;
};

struct AddBan
{
    static constexpr const char* operation = "ban.add";
    using Answer = Ban;
    QString address;
    std::optional<std::int64_t> seconds = {}; ///< none: for ever
    QString reason = {};
};

struct LiftBan
{
    static constexpr const char* operation = "ban.lift";
    using Answer = Ban;
    QString address;
};

} // namespace spillway::contract
