// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/observe/accessrecord.h"

#include <atomic>
#include <cstddef>
#include <memory>

namespace spillway::observe {

// One worker's way to the log writer: bytes in a ring, one producer thread, one consumer thread, no lock.
//
//   storage_:  | ...free... | header target ua … pad | header … | ...free... |      entries are 8-byte
//   aligned and never
//                           ^ tail_ (consumer)                  ^ head_ (producer)  wrap: a header of size 0
//                           says "go on
//                                                                                   at the start"
//
// head_ and tail_ count bytes since the beginning and never wrap; head_ - tail_ <= capacity always. The
// producer publishes with a release store of head_, the consumer gives space back with a release store of
// tail_.
class AccessRing
{
public:
    /// `capacity` is rounded up to a power of two, at least 4 KiB, so that the largest entry fits.
    explicit AccessRing(std::size_t capacity);

    /// Producer thread. False where there is no room: the record is dropped, and counted in dropped().
    [[nodiscard]] bool push(const AccessRecord& record) noexcept;
    /// Producer thread. Asks the consumer's cache line only where it looks half full without.
    [[nodiscard]] bool halfFull() noexcept
    {
        const std::uint64_t head = head_.load(std::memory_order_relaxed);
        if (head - knownTail_ <= capacity_ / 2)
            return false;
        knownTail_ = tail_.load(std::memory_order_acquire);
        return head - knownTail_ > capacity_ / 2;
    }

    /// Consumer thread. The views of `record` live until the next pop() or popDone(). False where the ring is
    /// empty.
    [[nodiscard]] bool pop(AccessRecord& record) noexcept;
    /// Consumer thread: gives back the space of what was popped so far.
    void popDone() noexcept;
    /// Consumer thread.
    [[nodiscard]] bool empty() const noexcept;

    [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

private:
    [[nodiscard]] std::byte* at(std::uint64_t position) const noexcept
    {
        return storage_.get() + (position & (capacity_ - 1));
    }

    const std::size_t capacity_;
    const std::unique_ptr<std::byte[]> storage_;

    alignas(64) std::atomic<std::uint64_t> head_{0}; ///< written by the producer
    std::uint64_t knownTail_ = 0;           ///< the producer's copy of tail_, refreshed when it looks full
    std::atomic<std::uint64_t> dropped_{0}; ///< written by the producer

    alignas(64) std::atomic<std::uint64_t> tail_{0}; ///< written by the consumer
    std::uint64_t readPosition_ = 0;                 ///< the consumer's own
};

} // namespace spillway::observe
