// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/metricnames.h"

namespace spillway::observe {
namespace {

template<class Id>
struct Row
{
    Id id;
    MetricInfo info;
};

template<class Id, std::size_t n>
constexpr bool inOrder(const std::array<Row<Id>, n>& rows)
{
    for (std::size_t i = 0; i < n; ++i)
        if (static_cast<std::size_t>(rows[i].id) != i)
            return false;
    return true;
}

constexpr std::string_view rejected = "spillway_connections_rejected_total";
constexpr std::string_view rejectedHelp = "Connections refused right after they were accepted, by reason.";
constexpr std::string_view ended = "spillway_connections_ended_total";
constexpr std::string_view endedHelp = "Connections that ended, by reason.";
constexpr std::string_view head = "spillway_heads_rejected_total";
constexpr std::string_view headHelp = "Request heads the head gate refused, by status.";
constexpr std::string_view fileCache = "spillway_file_cache_lookups_total";
constexpr std::string_view fileCacheHelp = "Look-ups in the cache of open files, by result.";
constexpr std::string_view metadata = "spillway_metadata_cache_lookups_total";
constexpr std::string_view metadataHelp = "Look-ups in the metadata cache, by result.";
constexpr std::string_view dropped = "spillway_log_dropped_total";
constexpr std::string_view droppedHelp = "Log lines given up because a buffer was full or a write failed.";
constexpr std::string_view handshakes = "spillway_tls_handshakes_total";
constexpr std::string_view handshakesHelp = "TLS handshakes that ended, by how.";
constexpr std::string_view tlsVersions = "spillway_tls_connections_total";
constexpr std::string_view tlsVersionsHelp = "Connections whose handshake was completed, by TLS version.";
constexpr std::string_view boundHits = "spillway_bound_hits_total";
constexpr std::string_view boundHitsHelp = "How often a bounded queue, cache or buffer was full.";

constexpr std::string_view connections = "spillway_connections";
constexpr std::string_view connectionsHelp =
    "Open connections: active while an answer is prepared, sent or closed, idle while the next request is "
    "awaited or has not come whole.";

constexpr std::array<Row<Counter>, counterCount> counterRows{{
    {Counter::ReceivedBytes,
     {"spillway_received_bytes_total", "", "", Unit::Bytes, "Bytes read from clients."}},
    {Counter::SentBytes,
     {"spillway_sent_bytes_total", "", "", Unit::Bytes, "Bytes sent to clients, heads included."}},
    {Counter::Accepted,
     {"spillway_connections_accepted_total", "", "", Unit::Items, "Connections accepted."}},
    {Counter::RejectedEmfile, {rejected, "reason", "emfile", Unit::Items, rejectedHelp}},
    {Counter::RejectedMax, {rejected, "reason", "max", Unit::Items, rejectedHelp}},
    {Counter::RejectedOverload, {rejected, "reason", "overload", Unit::Items, rejectedHelp}},
    {Counter::EndDone, {ended, "reason", "done", Unit::Items, endedHelp}},
    {Counter::EndPeer, {ended, "reason", "peer", Unit::Items, endedHelp}},
    {Counter::EndHeadTimeout, {ended, "reason", "head_timeout", Unit::Items, endedHelp}},
    {Counter::EndIdleTimeout, {ended, "reason", "idle_timeout", Unit::Items, endedHelp}},
    {Counter::EndBodyTimeout, {ended, "reason", "body_timeout", Unit::Items, endedHelp}},
    {Counter::EndWriteStall, {ended, "reason", "write_stall", Unit::Items, endedHelp}},
    {Counter::EndMinRate, {ended, "reason", "min_rate", Unit::Items, endedHelp}},
    {Counter::EndProtocolError, {ended, "reason", "protocol_error", Unit::Items, endedHelp}},
    {Counter::EndFileChanged, {ended, "reason", "file_changed", Unit::Items, endedHelp}},
    {Counter::EndKicked, {ended, "reason", "kicked", Unit::Items, endedHelp}},
    {Counter::EndDrain, {ended, "reason", "drain", Unit::Items, endedHelp}},
    {Counter::EndInternal, {ended, "reason", "internal", Unit::Items, endedHelp}},
    {Counter::EndHandshake, {ended, "reason", "tls_handshake", Unit::Items, endedHelp}},
    {Counter::EndProxyHead, {ended, "reason", "proxy_head", Unit::Items, endedHelp}},
    {Counter::Head400, {head, "status", "400", Unit::Items, headHelp}},
    {Counter::Head405, {head, "status", "405", Unit::Items, headHelp}},
    {Counter::Head408, {head, "status", "408", Unit::Items, headHelp}},
    {Counter::Head413, {head, "status", "413", Unit::Items, headHelp}},
    {Counter::Head414, {head, "status", "414", Unit::Items, headHelp}},
    {Counter::Head431, {head, "status", "431", Unit::Items, headHelp}},
    {Counter::Head501, {head, "status", "501", Unit::Items, headHelp}},
    {Counter::Head505, {head, "status", "505", Unit::Items, headHelp}},
    {Counter::FileCacheHit, {fileCache, "result", "hit", Unit::Items, fileCacheHelp}},
    {Counter::FileCacheMiss, {fileCache, "result", "miss", Unit::Items, fileCacheHelp}},
    {Counter::FileCacheRevalidate, {fileCache, "result", "revalidate", Unit::Items, fileCacheHelp}},
    {Counter::FileCacheEvicted,
     {"spillway_file_cache_evictions_total", "", "", Unit::Items,
      "Open files dropped to stay within the bound."}},
    {Counter::HotCacheHit,
     {"spillway_hot_cache_hits_total", "", "", Unit::Items, "Answers whose bytes came from memory."}},
    {Counter::HotCacheServedBytes,
     {"spillway_hot_cache_served_bytes_total", "", "", Unit::Bytes, "Body bytes sent from memory."}},
    {Counter::PreloadBlocks,
     {"spillway_preload_blocks_total", "", "", Unit::Items, "Blocks read ahead from a cold disk."}},
    {Counter::PreloadBytes,
     {"spillway_preload_bytes_total", "", "", Unit::Bytes, "Bytes read ahead from a cold disk."}},
    {Counter::PreloadRefused,
     {"spillway_preload_refused_total", "", "", Unit::Items, "Blocks the preload queue had no room for."}},
    {Counter::ParkedRequests,
     {"spillway_requests_parked_total", "", "", Unit::Items,
      "Requests that waited for a disk, a query or a limit."}},
    {Counter::LanesRetired,
     {"spillway_lanes_retired_total", "", "", Unit::Items,
      "Lanes thrown away because a feed left something behind."}},
    {Counter::MetadataHit, {metadata, "result", "hit", Unit::Items, metadataHelp}},
    {Counter::MetadataMiss, {metadata, "result", "miss", Unit::Items, metadataHelp}},
    {Counter::MetadataNegative, {metadata, "result", "negative", Unit::Items, metadataHelp}},
    {Counter::MetadataEvicted,
     {"spillway_metadata_cache_evictions_total", "", "", Unit::Items,
      "Entries dropped to stay within the bound."}},
    {Counter::AccessLogDropped, {dropped, "log", "access", Unit::Items, droppedHelp}},
    {Counter::ProcessLogDropped, {dropped, "log", "process", Unit::Items, droppedHelp}},
    {Counter::BoundPipelinedBytes, {boundHits, "bound", "pipelined_bytes", Unit::Items, boundHitsHelp}},
    {Counter::BoundTargetCache, {boundHits, "bound", "target_cache", Unit::Items, boundHitsHelp}},
    {Counter::BoundRecipientCache, {boundHits, "bound", "recipient_cache", Unit::Items, boundHitsHelp}},
    {Counter::ForwardedUnusable,
     {"spillway_forwarded_unusable_total", "", "", Unit::Items,
      "Requests of trusted proxies whose forwarded fields could not be used to the end."}},
    {Counter::RefusedBanned,
     {"spillway_banned_requests_total", "", "", Unit::Items,
      "Requests refused because their client is banned."}},
    {Counter::TlsFull, {handshakes, "result", "full", Unit::Items, handshakesHelp}},
    {Counter::TlsResumed, {handshakes, "result", "resumed", Unit::Items, handshakesHelp}},
    {Counter::TlsFailed, {handshakes, "result", "failed", Unit::Items, handshakesHelp}},
    {Counter::TlsTimedOut, {handshakes, "result", "timed_out", Unit::Items, handshakesHelp}},
    {Counter::TlsDropped, {handshakes, "result", "dropped", Unit::Items, handshakesHelp}},
    {Counter::TlsVersion12, {tlsVersions, "version", "1.2", Unit::Items, tlsVersionsHelp}},
    {Counter::TlsVersion13, {tlsVersions, "version", "1.3", Unit::Items, tlsVersionsHelp}},
}};
static_assert(inOrder(counterRows));

constexpr std::array<Row<Gauge>, gaugeCount> gaugeRows{{
    {Gauge::ActiveConnections, {connections, "state", "active", Unit::Items, connectionsHelp}},
    {Gauge::IdleConnections, {connections, "state", "idle", Unit::Items, connectionsHelp}},
    {Gauge::ParkedNow,
     {"spillway_requests_parked", "", "", Unit::Items,
      "Requests waiting for a disk, a query or a limit now."}},
    {Gauge::Lanes,
     {"spillway_lanes", "", "", Unit::Items, "Lanes to QHttpServer that are kept for the next request."}},
    {Gauge::PreloadQueue,
     {"spillway_preload_queue_length", "", "", Unit::Items, "Blocks waiting to be read ahead."}},
    {Gauge::HotCacheBytes, {"spillway_hot_cache_bytes", "", "", Unit::Bytes, "File bytes held in memory."}},
    {Gauge::FileCacheEntries, {"spillway_file_cache_entries", "", "", Unit::Items, "Files held open."}},
    {Gauge::MetadataEntries,
     {"spillway_metadata_cache_entries", "", "", Unit::Items, "Entries in the metadata cache."}},
}};
static_assert(inOrder(gaugeRows));

constexpr auto statusIndices = [] {
    std::array<std::uint8_t, 600> table{};
    table.fill(static_cast<std::uint8_t>(statusCount - 1));
    for (std::size_t i = 0; i < statusLabels.size(); ++i)
        table[statusLabels[i]] = static_cast<std::uint8_t>(i);
    return table;
}();

constexpr std::array<std::string_view, statusCount> statusNames{
    "200", "204", "206", "301", "302", "303", "304", "307", "308",  "400", "401",
    "403", "404", "405", "406", "408", "409", "410", "412", "413",  "414", "416",
    "421", "429", "431", "500", "501", "503", "505", "507", "other"};

} // namespace

std::size_t statusIndex(unsigned status) noexcept
{
    return status < statusIndices.size() ? statusIndices[status] : statusCount - 1;
}

std::string_view methodName(MethodLabel method) noexcept
{
    switch (method) {
    case MethodLabel::Get:
        return "GET";
    case MethodLabel::Head:
        return "HEAD";
    case MethodLabel::Options:
        return "OPTIONS";
    case MethodLabel::Other:
    case MethodLabel::Count:
        break;
    }
    return "other";
}

std::string_view routeName(Route route) noexcept
{
    constexpr std::array<std::string_view, 9> names{"file",   "listing", "zip",   "link", "presigned",
                                                    "health", "ready",   "admin", "other"};
    const auto index = static_cast<std::size_t>(route);
    return index < names.size() ? names[index] : names.back();
}

std::string_view statusName(std::size_t index) noexcept
{
    return index < statusNames.size() ? statusNames[index] : statusNames.back();
}

const MetricInfo& info(Counter counter) noexcept
{
    return counterRows[static_cast<std::size_t>(counter)].info;
}

const MetricInfo& info(Gauge gauge) noexcept
{
    return gaugeRows[static_cast<std::size_t>(gauge)].info;
}

} // namespace spillway::observe
