// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/accessring.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

namespace spillway::observe {
namespace {

struct EntryHeader
{
    std::uint32_t size; ///< of the whole entry, padding included; 0: the rest of the ring is unused
    std::uint32_t durationMicroseconds;
    std::int64_t time; ///< nanoseconds since 1970
    std::uint64_t bytesSent;
    std::uint64_t requestId;
    std::array<std::uint8_t, 16> peer;
    std::uint16_t port;
    std::uint16_t status;
    std::uint16_t targetSize;
    std::uint16_t userAgentSize;
    std::uint16_t refererSize;
    std::uint8_t shareSize;
    std::uint8_t linkSize;
    std::uint8_t methodSize;
    std::uint8_t minorVersion;
    std::uint8_t truncated;
    std::uint8_t clientSize; ///< 16, or 0 where the client is the peer
};
static_assert(sizeof(EntryHeader) % 8 == 0);

constexpr std::size_t largestEntry = sizeof(EntryHeader) + maxLoggedMethod + maxLoggedTarget +
                                     maxLoggedUserAgent + maxLoggedReferer + maxLoggedShare + maxLoggedLink +
                                     16 + 8;
constexpr std::size_t smallestRing = 4096;
static_assert(largestEntry <= smallestRing / 2, "the largest entry must fit even where it cannot wrap");

std::uint32_t microseconds(std::chrono::nanoseconds duration)
{
    const auto count = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
    constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(count, 0, most));
}

std::byte* append(std::byte* to, std::string_view text)
{
    if (!text.empty())
        std::memcpy(to, text.data(), text.size());
    return to + text.size();
}

std::string_view take(const char*& from, std::size_t size)
{
    const std::string_view text(from, size);
    from += size;
    return text;
}

} // namespace

AccessRing::AccessRing(std::size_t capacity)
    : capacity_(std::bit_ceil(std::max(capacity, smallestRing))),
      storage_(std::make_unique_for_overwrite<std::byte[]>(capacity_))
{
}

bool AccessRing::push(const AccessRecord& record) noexcept
{
    const std::string_view method = record.method.substr(0, maxLoggedMethod);
    const std::string_view target = record.target.substr(0, maxLoggedTarget);
    const std::string_view userAgent = record.userAgent.substr(0, maxLoggedUserAgent);
    const std::string_view referer = record.referer.substr(0, maxLoggedReferer);
    const std::string_view share = record.share.substr(0, maxLoggedShare);
    const std::string_view link = record.link.substr(0, maxLoggedLink);

    const std::string_view client =
        record.client ? std::string_view(reinterpret_cast<const char*>(record.client->data()), 16)
                      : std::string_view();

    const std::size_t text = method.size() + target.size() + userAgent.size() + referer.size() +
                             share.size() + link.size() + client.size();
    const std::size_t size = (sizeof(EntryHeader) + text + 7) & ~std::size_t{7};
    const std::uint64_t head = head_.load(std::memory_order_relaxed);
    const std::size_t untilEnd = capacity_ - (head & (capacity_ - 1));
    const std::size_t skipped = size <= untilEnd ? 0 : untilEnd;

    if (head + skipped + size - knownTail_ > capacity_) {
        knownTail_ = tail_.load(std::memory_order_acquire);
        if (head + skipped + size - knownTail_ > capacity_) {
            dropped_.store(dropped_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
            return false;
        }
    }
    if (skipped > 0) { // entries are aligned, so at least 8 bytes are there for the mark
        const std::uint32_t mark = 0;
        std::memcpy(at(head), &mark, sizeof mark);
    }

    const EntryHeader header{
        .size = static_cast<std::uint32_t>(size),
        .durationMicroseconds = microseconds(record.duration),
        .time = record.time.time_since_epoch().count(),
        .bytesSent = record.bytesSent,
        .requestId = record.requestId,
        .peer = record.peer.bytes,
        .port = record.peer.port,
        .status = record.status,
        .targetSize = static_cast<std::uint16_t>(target.size()),
        .userAgentSize = static_cast<std::uint16_t>(userAgent.size()),
        .refererSize = static_cast<std::uint16_t>(referer.size()),
        .shareSize = static_cast<std::uint8_t>(share.size()),
        .linkSize = static_cast<std::uint8_t>(link.size()),
        .methodSize = static_cast<std::uint8_t>(method.size()),
        .minorVersion = record.minorVersion,
        .truncated = static_cast<std::uint8_t>(target.size() < record.target.size() ? 1 : 0),
        .clientSize = static_cast<std::uint8_t>(client.size()),
    };
    std::byte* to = at(head + skipped);
    std::memcpy(to, &header, sizeof header);
    to = append(to + sizeof header, method);
    to = append(to, target);
    to = append(to, userAgent);
    to = append(to, referer);
    to = append(to, share);
    to = append(to, link);
    append(to, client);
    head_.store(head + skipped + size, std::memory_order_release);
    return true;
}

bool AccessRing::pop(AccessRecord& record) noexcept
{
    if (readPosition_ == head_.load(std::memory_order_acquire))
        return false;
    EntryHeader header;
    std::uint32_t size = 0;
    std::memcpy(&size, at(readPosition_), sizeof size);
    if (size == 0)
        readPosition_ +=
            capacity_ - (readPosition_ & (capacity_ - 1)); // its entry follows: both were published together
    std::memcpy(&header, at(readPosition_), sizeof header);

    const char* text = reinterpret_cast<const char*>(at(readPosition_)) + sizeof header;
    record.time = WallTime(std::chrono::nanoseconds(header.time));
    record.peer.bytes = header.peer;
    record.peer.port = header.port;
    record.method = take(text, header.methodSize);
    record.target = take(text, header.targetSize);
    record.userAgent = take(text, header.userAgentSize);
    record.referer = take(text, header.refererSize);
    record.share = take(text, header.shareSize);
    record.link = take(text, header.linkSize);
    record.client.reset();
    if (const std::string_view client = take(text, header.clientSize); !client.empty())
        std::copy(client.begin(), client.end(), record.client.emplace().begin());
    record.minorVersion = header.minorVersion;
    record.status = header.status;
    record.bytesSent = header.bytesSent;
    record.duration = std::chrono::microseconds(header.durationMicroseconds);
    record.requestId = header.requestId;
    record.truncated = header.truncated != 0;
    readPosition_ += header.size;
    return true;
}

void AccessRing::popDone() noexcept
{
    tail_.store(readPosition_, std::memory_order_release);
}

bool AccessRing::empty() const noexcept
{
    return readPosition_ == head_.load(std::memory_order_acquire);
}

} // namespace spillway::observe
