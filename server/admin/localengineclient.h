// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/operations.h"
#include "server/admin/snapshotwatchers.h"
#include "server/base/blockingpool.h"
#include "server/contract/engineclient.h"
#include "server/engine/livesnapshots.h"

#include <QtCore/QTimer>

namespace spillway::admin {

/// The engine of this process as a console sees it: commands run the very table of operations that the admin
/// API and the command line run, on a few threads of its own (a slow disk under one folder does not hold up a
/// kick).
///
/// Made and destroyed on the console's thread, before the engine stops; the destructor waits for what is
/// running. Bounds: 1,024 commands that wait, then Exhausted. Snapshots are built on one thread of the pool,
/// at the pace of the most eager watcher, and not at all while nobody watches.
class LocalEngineClient final : public contract::EngineClient
{
    Q_OBJECT
public:
    LocalEngineClient(OperationContext context, engine::Engine& engine);
    ~LocalEngineClient() override;

    [[nodiscard]] std::unique_ptr<Watch> watch(std::chrono::milliseconds interval,
                                               std::function<void(const Snapshot&)> sink) override;
    [[nodiscard]] State state() const override { return State::Connected; }
    [[nodiscard]] bool sharesOurFiles() const override { return true; }

protected:
    void call(const char* operation, QJsonObject parameters, Prepare prepare) override;

private:
    void adjustPace();
    void takeSnapshot();

    OperationContext context_;
    engine::LiveSnapshots snapshots_; ///< used by the one task that `building_` allows
    bool building_ = false;
    QTimer pace_;
    SnapshotWatchers watchers_;
    std::unique_ptr<BlockingPool> pool_, livePool_; ///< first to go: their tasks use all above
};

} // namespace spillway::admin
