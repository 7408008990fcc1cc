// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/blockingpool.h"
#include "server/engine/livesnapshots.h"
#include "server/net/segment.h"
#include "server/observe/metrics.h"

#include <QtCore/QTimer>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace spillway::net {
class Worker;
}

namespace spillway::admin {

/// What GET /api/v1/live sends: server-sent events (HTML §9.2), each "event: snapshot" with one line of JSON
/// (contract::toJson of a LiveSnapshot).
///
/// Belongs to the admin worker's thread. A snapshot is built on a thread of its own, at the pace of the most
/// eager stream, once for all of them, and not at all while there is none. A reader who is slow, or asks for
/// fewer, gets the newest when he can take it, and never a queue; but what ended meanwhile is in it: of the
/// snapshots that he did not get, too, the newest kMostEnded of it.
class LiveFeed
{
public:
    LiveFeed(engine::Engine& engine, net::Worker& worker);
    ~LiveFeed();
    LiveFeed(const LiveFeed&) = delete;
    LiveFeed& operator=(const LiveFeed&) = delete;

    static constexpr std::chrono::milliseconds kEager{100}, kUsual{500}, kLazy{60'000};
    static constexpr std::size_t kMostEnded = 2000;

    /// The body of one answer; `allowed` is asked before each event, and its No ends the stream. Interval:
    /// kEager to kLazy.
    [[nodiscard]] std::unique_ptr<net::Generator> subscribe(std::chrono::milliseconds interval,
                                                            std::function<bool()> allowed);
    /// Waits for what is being built. No more comes afterwards.
    void stop();

private:
    class Stream;
    struct Reader;
    struct Event;
    void unsubscribe(const std::shared_ptr<Reader>& reader);
    void adjustPace();
    void build();
    [[nodiscard]] static Event eventOf(const contract::LiveSnapshot& snapshot);
    void deliver(const std::shared_ptr<const Event>& event);

    net::Worker& worker_;
    engine::LiveSnapshots snapshots_; ///< used by the one task that building_ allows
    bool building_ = false;
    QTimer pace_;
    std::vector<std::shared_ptr<Reader>> readers_;
    std::atomic<std::uint64_t> endedLeftOut_{0};
    std::optional<observe::Metrics::Registration> bound_;
    std::unique_ptr<BlockingPool> pool_;
};

} // namespace spillway::admin
