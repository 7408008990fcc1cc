// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/policy/bandwidth.h"
#include "server/policy/limit.h"
#include "server/policy/requestrate.h"
#include "server/policy/slotqueue.h"

#include <array>
#include <memory>
#include <mutex>

namespace spillway::policy {

/// What all nodes of a process have in common.
struct LimitControl
{
    explicit LimitControl(const Clock& theClock) : clock(theClock) {}
    const Clock& clock;
    QueueFigures queue;
    std::mutex configuring; ///< held while a node's limits change
};

/// One level for one subject: what it may take and what it has taken. Shared by all workers; any thread.
/// configure() puts other limits in force for everybody who holds it. What a node never limited takes no
/// memory in it: the parts are made when they are needed, and stay.
class LimitNode
{
public:
    /// `control` outlives it.
    LimitNode(LimitLevel level, LimitControl& control) : level_(level), control_(control) {}
    ~LimitNode();
    LimitNode(const LimitNode&) = delete;
    LimitNode& operator=(const LimitNode&) = delete;

    void configure(const LimitFields& fields);
    /// What the record of a link or the URL itself says; 0: nothing. The lower of this and of configure()'s
    /// counts.
    void setOwn(BytesPerSecond rate, std::int64_t downloads);
    [[nodiscard]] LimitLevel level() const noexcept { return level_; }

    RequestRate requests;
    /// Null where it is not limited; what is not null stays valid as long as the node.
    [[nodiscard]] Bandwidth* bandwidth() const;
    [[nodiscard]] SlotQueue* slots() const;
    [[nodiscard]] std::optional<Priority> priority() const;

    /// Connections that are open, of an address. False, and not counted, where that were too many.
    [[nodiscard]] bool openConnection();
    void countConnection() { open_.fetch_add(1, std::memory_order_relaxed); } ///< whatever the limit
    void closeConnection() { open_.fetch_sub(1, std::memory_order_relaxed); }

private:
    void apply();

    static constexpr std::uint8_t kNoPriority = 0xff;
    const LimitLevel level_;
    LimitControl& control_;
    std::atomic<Bandwidth*> bandwidth_{nullptr};
    std::atomic<SlotQueue*> slots_{nullptr};
    std::atomic<bool> bandwidthLimited_{false};
    std::atomic<std::uint8_t> priority_{kNoPriority};
    std::atomic<std::int64_t> open_{0}, mostOpen_{0};        ///< 0: not limited
    std::atomic<std::int64_t> ownRate_{0}, ownDownloads_{0}; ///< changed with control_.configuring held
    LimitFields fields_;                                     ///< guarded by control_.configuring
};

/// The nodes that one request passes, by level; null where nothing is limited.
using LimitPath = std::array<std::shared_ptr<LimitNode>, kLimitLevels>;

} // namespace spillway::policy
