// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace spillway::observe {

// The tables behind /metrics, the admin API and the charts: each counter with its name, label, unit and help.
// A row's place is its enum's value, which a static_assert in metricnames.cpp holds to.

/// Labels of http_requests_total. Bounded sets: nothing a client sends becomes a label.
enum class MethodLabel : std::uint8_t
{
    Get,
    Head,
    Options,
    Other,
    Count
};
enum class Route : std::uint8_t
{
    File,
    Listing,
    Zip,
    Link,
    Presigned,
    Health,
    Ready,
    Admin,
    Other,
    Count
};

inline constexpr std::array<std::uint16_t, 30> statusLabels{200, 204, 206, 301, 302, 303, 304, 307, 308, 400,
                                                            401, 403, 404, 405, 406, 408, 409, 410, 412, 413,
                                                            414, 416, 421, 429, 431, 500, 501, 503, 505, 507};
inline constexpr std::size_t statusCount = statusLabels.size() + 1; ///< the last one is "other"

[[nodiscard]] std::size_t statusIndex(unsigned status) noexcept;
[[nodiscard]] std::string_view methodName(MethodLabel method) noexcept;
[[nodiscard]] std::string_view routeName(Route route) noexcept;
[[nodiscard]] std::string_view statusName(std::size_t index) noexcept; ///< "206", or "other"

/// Never goes down.
enum class Counter : std::uint8_t
{
    ReceivedBytes,
    SentBytes,
    Accepted,
    RejectedEmfile,
    RejectedMax,
    RejectedOverload,
    EndDone,
    EndPeer,
    EndHeadTimeout,
    EndIdleTimeout,
    EndBodyTimeout,
    EndWriteStall,
    EndMinRate,
    EndProtocolError,
    EndFileChanged,
    EndKicked,
    EndDrain,
    EndInternal,
    EndHandshake,
    EndProxyHead,
    Head400,
    Head405,
    Head408,
    Head413,
    Head414,
    Head431,
    Head501,
    Head505,
    FileCacheHit,
    FileCacheMiss,
    FileCacheRevalidate,
    FileCacheEvicted,
    HotCacheHit,
    HotCacheServedBytes,
    PreloadBlocks,
    PreloadBytes,
    PreloadRefused,
    ParkedRequests,
    LanesRetired,
    MetadataHit,
    MetadataMiss,
    MetadataNegative,
    MetadataEvicted,
    AccessLogDropped,
    ProcessLogDropped,
    BoundPipelinedBytes,
    BoundTargetCache,
    BoundRecipientCache,
    ForwardedUnusable,
    RefusedBanned,
    TlsFull,
    TlsResumed,
    TlsFailed,
    TlsTimedOut,
    TlsDropped,
    TlsVersion12,
    TlsVersion13,
    Count
};

/// Goes up and down.
enum class Gauge : std::uint8_t
{
    ActiveConnections,
    IdleConnections,
    ParkedNow,
    Lanes,
    PreloadQueue,
    HotCacheBytes,
    FileCacheEntries,
    MetadataEntries,
    Count
};

inline constexpr std::size_t counterCount = static_cast<std::size_t>(Counter::Count);
inline constexpr std::size_t gaugeCount = static_cast<std::size_t>(Gauge::Count);

enum class Unit : std::uint8_t
{
    Items,
    Bytes,
    Seconds
};

/// `label` is empty where the metric has none.
struct MetricInfo
{
    std::string_view name;
    std::string_view label;
    std::string_view labelValue;
    Unit unit;
    std::string_view help;
};

[[nodiscard]] const MetricInfo& info(Counter counter) noexcept;
[[nodiscard]] const MetricInfo& info(Gauge gauge) noexcept;

} // namespace spillway::observe
