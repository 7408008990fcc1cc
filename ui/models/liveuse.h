// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/limits.h"
#include "server/contract/values.h"

#include <QtCore/QHash>
#include <QtCore/QString>
#include <array>
#include <unordered_map>

namespace spillway::ui {

/// What runs at this moment, summed up by whom and what it is for: how much of a limit is used, and the rows
/// of grouped transfers. Rates are smoothed over about two seconds. Answers that fit into one send are in the
/// server's sum alone.
class LiveUse
{
public:
    struct Sum
    {
        double rate = 0; ///< bytes per second
        int running = 0;
        std::int64_t sent = 0, total = 0; ///< bytes; `total` of those whose length is known
        friend bool operator==(const Sum&, const Sum&) = default;
    };
    using Sums = std::unordered_map<QString, Sum>;

    LiveUse() = default;
    LiveUse(const LiveUse&) = delete; // transfers know the places of their sums
    LiveUse& operator=(const LiveUse&) = delete;

    void update(const contract::LiveSnapshot& snapshot);

    /// `id` as in contract::Limit; empty: over the whole level. Of a block of addresses: over all in it.
    [[nodiscard]] Sum of(contract::LimitLevel level, const QString& id) const;
    [[nodiscard]] const Sums& clients() const { return clients_; }
    [[nodiscard]] const Sums& links() const { return links_; } ///< what runs without a link is under ""

private:
    struct Known
    {
        double rate = 0;
        std::int64_t sent = 0, startedAtMs = 0, seenAtMs = 0;
        std::array<Sum*, 4> sums{}; ///< what it is added to; null: nothing of that kind
    };
    void begin(Known& known, const contract::Transfer& transfer, std::int64_t nowMs);

    QHash<QString, Known> known_; ///< by transfer
    std::int64_t atMs_ = 0;
    Sum server_;
    Sums shares_, tokens_, links_, clients_;
};

} // namespace spillway::ui
