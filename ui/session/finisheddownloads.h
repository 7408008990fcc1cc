// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/values.h"

#include <vector>

namespace spillway::ui {

/// Below that, a finished download is not worth a word of its own.
constexpr std::int64_t kLeastToTell = 10'000'000;

/// Of what ended, the downloads that a person wants to hear of: all of it went out, and it was large enough.
/// A server that is found again tells of its last ones once more: those before `sinceMs` are left out. Pure.
[[nodiscard]] inline std::vector<contract::Transfer>
finishedDownloads(const std::vector<contract::EndedTransfer>& ended, std::int64_t sinceMs)
{
    std::vector<contract::Transfer> finished;
    for (const contract::EndedTransfer& one : ended)
        if (one.complete && one.endedAtMs >= sinceMs && one.transfer.sent >= kLeastToTell)
            finished.push_back(one.transfer);
    return finished;
}

} // namespace spillway::ui
