// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/contract/values.h"
#include "server/observe/metricsnapshot.h"

namespace spillway::engine {

class Engine;

/// "2-17-5", as contract::Transfer::id: worker, slot, generation. InvalidArgument where it is none.
struct ConnectionName
{
    std::size_t worker = 0;
    std::uint32_t slot = 0, generation = 0;
    [[nodiscard]] QString text() const;
    [[nodiscard]] static Result<ConnectionName> parse(const std::string& text);
};

/// The answers in flight over all workers, oldest first, at most 20,000; their targets without queries, which
/// may hold secrets. Waits for the workers.
[[nodiscard]] Result<contract::TransferList> listTransfers(Engine& engine);

/// Makes the snapshots that a console draws, each against the one before. One thread at a time, which gives
/// way to the workers from then on: somebody who watches a busy server sees it later, and slows nothing down.
class LiveSnapshots
{
public:
    explicit LiveSnapshots(Engine& engine) : engine_(engine) {}
    /// Waits for the workers. One that does not answer in time leaves the transfers as they were last.
    [[nodiscard]] contract::LiveSnapshot take();

private:
    Engine& engine_;
    std::optional<observe::MetricsSnapshot> before_;
    contract::TransferList running_;       ///< as last seen
    std::vector<std::uint64_t> endedSeen_; ///< the last serial of each worker
};

} // namespace spillway::engine
