// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/policy/limitnode.h"

namespace spillway::policy {

LimitNode::~LimitNode()
{
    delete bandwidth_.load(std::memory_order_relaxed);
    delete slots_.load(std::memory_order_relaxed);
}

void LimitNode::configure(const LimitFields& fields)
{
    std::lock_guard lock(control_.configuring);
    fields_ = fields;
    apply();
}

void LimitNode::setOwn(BytesPerSecond rate, std::int64_t downloads)
{
    if (ownRate_.load(std::memory_order_relaxed) == rate.count &&
        ownDownloads_.load(std::memory_order_relaxed) == downloads)
        return;
    std::lock_guard lock(control_.configuring);
    ownRate_.store(rate.count, std::memory_order_relaxed);
    ownDownloads_.store(downloads, std::memory_order_relaxed);
    apply();
}

void LimitNode::apply()
{
    LimitFields fields = fields_;
    const BytesPerSecond rate{ownRate_.load(std::memory_order_relaxed)};
    const std::int64_t downloads = ownDownloads_.load(std::memory_order_relaxed);
    if (rate.count > 0)
        fields.bandwidth = std::min(fields.bandwidth.value_or(rate), rate);
    if (downloads > 0)
        fields.downloads = std::min(fields.downloads.value_or(downloads), downloads);

    requests.set(fields.milliRequests, fields.burst);
    priority_.store(fields.priority ? static_cast<std::uint8_t>(*fields.priority) : kNoPriority,
                    std::memory_order_relaxed);

    Bandwidth* line = bandwidth_.load(std::memory_order_relaxed);
    const Monotonic now = control_.clock.monotonic();
    if (fields.bandwidth && line)
        line->setRate(*fields.bandwidth, now);
    else if (fields.bandwidth)
        bandwidth_.store(new Bandwidth(*fields.bandwidth, now), std::memory_order_release);
    bandwidthLimited_.store(fields.bandwidth.has_value(), std::memory_order_release);

    // Of an address, connections that are merely open count, too.
    if (level_ == LimitLevel::Ip) {
        mostOpen_.store(fields.connections.value_or(0), std::memory_order_relaxed);
        fields.connections.reset();
    }
    SlotQueue* slots = slots_.load(std::memory_order_relaxed);
    if (!slots && (fields.downloads || fields.connections)) {
        slots = new SlotQueue(control_.queue, control_.clock);
        slots->configure(fields);
        slots_.store(slots, std::memory_order_release);
    } else if (slots) {
        slots->configure(fields);
    }
}

Bandwidth* LimitNode::bandwidth() const
{
    return bandwidthLimited_.load(std::memory_order_acquire) ? bandwidth_.load(std::memory_order_acquire)
                                                             : nullptr;
}

SlotQueue* LimitNode::slots() const
{
    SlotQueue* slots = slots_.load(std::memory_order_acquire);
    return slots && slots->limited() ? slots : nullptr;
}

std::optional<Priority> LimitNode::priority() const
{
    const std::uint8_t priority = priority_.load(std::memory_order_relaxed);
    return priority == kNoPriority ? std::nullopt : std::optional(static_cast<Priority>(priority));
}

bool LimitNode::openConnection()
{
    const std::int64_t most = mostOpen_.load(std::memory_order_relaxed);
    if (open_.fetch_add(1, std::memory_order_relaxed) < most || most == 0)
        return true;
    open_.fetch_sub(1, std::memory_order_relaxed);
    return false;
}

} // namespace spillway::policy
