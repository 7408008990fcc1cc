// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/values.h"

#include <QtCore/QHash>

namespace spillway::ui {

/// Finds the downloads that finished between two snapshots: those that are gone and, at the pace they had,
/// got to their end in between. Only those worth a word: of kLeast bytes or more. Pure.
class FinishedDownloads
{
public:
    static constexpr std::int64_t kLeast = 10'000'000;

    [[nodiscard]] std::vector<contract::Transfer> update(const contract::LiveSnapshot& snapshot);

private:
    struct Running
    {
        contract::Transfer transfer;
        std::int64_t seenAtMs = 0;
        double rate = 0; ///< bytes per millisecond, the fastest lately
    };
    QHash<QString, Running> running_;
};

} // namespace spillway::ui
