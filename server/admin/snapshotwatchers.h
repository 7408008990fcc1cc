// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/engineclient.h"

#include <vector>

namespace spillway::admin {

/// Who watches an EngineClient, and how eagerly: what the client for the own process and the one for a server
/// elsewhere have in common. The console's thread only.
class SnapshotWatchers
{
public:
    using Snapshot = contract::EngineClient::Snapshot;
    using Watch = contract::EngineClient::Watch;

    /// `changed` is called after each that begins or ends.
    explicit SnapshotWatchers(std::function<void()> changed) : changed_(std::move(changed)) {}
    ~SnapshotWatchers() { *alive_ = false; }
    SnapshotWatchers(const SnapshotWatchers&) = delete;
    SnapshotWatchers& operator=(const SnapshotWatchers&) = delete;

    /// The watcher stays until the Watch is gone; which may outlive this.
    [[nodiscard]] std::unique_ptr<Watch> add(std::chrono::milliseconds interval,
                                             std::function<void(const Snapshot&)> sink);
    /// Of the most eager one; 0: nobody watches.
    [[nodiscard]] std::chrono::milliseconds pace() const;
    /// To all. A sink may end its own watch, or begin another.
    void deliver(const Snapshot& snapshot);

private:
    class Handle;
    struct Watcher
    {
        std::uint64_t id;
        std::chrono::milliseconds interval;
        std::function<void(const Snapshot&)> sink;
    };
    void remove(std::uint64_t id);

    const std::function<void()> changed_;
    std::vector<Watcher> watchers_;
    std::uint64_t next_ = 1;
    const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

} // namespace spillway::admin
