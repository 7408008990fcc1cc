// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QMap>
#include <QtCore/QString>
#include <cstdint>
#include <optional>
#include <vector>

// Limits as a console sees and changes them.
namespace spillway::contract {

/// Where a limit holds, from the outside in.
enum class LimitLevel : std::uint8_t
{
    Server,
    Share,
    Token,
    Link,
    Ip,
    Connection
};
inline constexpr std::size_t kLimitLevels = 6;
[[nodiscard]] QString limitLevelName(LimitLevel level); ///< "server", …, as the API has it
[[nodiscard]] std::optional<LimitLevel> limitLevelFromName(const QString& name);

/// What one level, or one of its members, may take. A field that is not set is not limited here (of a
/// member: its level's default holds).
struct Limit
{
    LimitLevel level = LimitLevel::Server;
    QString id; ///< share name, token or link id, address or block; empty: the level's default
    std::optional<double> requests; ///< a second
    std::optional<std::int64_t> burst;
    std::optional<std::int64_t> bandwidth; ///< bytes per second
    std::optional<std::int64_t> connections, downloads, queue;
    std::optional<double> wait;            ///< seconds
    QString priority;                      ///< "high", "normal", "low"; empty: not set
    std::int64_t running = 0, waiting = 0; ///< now, where downloads or connections are limited
    friend bool operator==(const Limit&, const Limit&) = default;
};

struct ListLimits
{
    static constexpr const char* operation = "limit.list";
    using Answer = std::vector<Limit>;
};

/// What is given changes, the rest stays; a row with no field left is no more.
struct SetLimit
{
    static constexpr const char* operation = "limit.set";
    using Answer = Limit;
    LimitLevel level = LimitLevel::Server;
    QString id = {};
    QMap<QString, QString> fields = {}; ///< "bandwidth" → "8MiB/s", "downloads" → "none", …
};

} // namespace spillway::contract
