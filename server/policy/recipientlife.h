// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace spillway::policy {

/// How long a recipient of a link is one and the same download: until `done` after all bytes have arrived, or
/// `idle` after the last activity, whichever comes first. Pure; times are seconds since 1970.
struct RecipientLife
{
    std::chrono::seconds idle{std::chrono::hours(24)};
    std::chrono::seconds done{std::chrono::hours(1)};

    /// A clock that went back ends nobody.
    [[nodiscard]] bool lasts(std::int64_t lastAt, std::optional<std::int64_t> finishedAt,
                             std::int64_t now) const
    {
        return now - lastAt < idle.count() && (!finishedAt || now - *finishedAt < done.count());
    }
};

} // namespace spillway::policy
