// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string_view>

// Every setting is one row here. The file spillway.toml, the environment, the command line, `spillway config
// docs`, the manual page and the settings page are made from these rows; so is the type that
// Settings::get<"name">() returns.
namespace spillway::config {

enum class Type : std::uint8_t
{
    Bool,
    Integer,
    Bytes,     ///< min and max in bytes
    Rate,      ///< min and max in bytes per second
    Duration,  ///< min and max in milliseconds
    String,    ///< min and max in bytes of text
    Choice,    ///< one word of `choices`
    Url,       ///< empty, or http(s)://host[:port][/path]; max in bytes of text
    Endpoints, ///< ADDR:PORT each; min and max count them
    Cidrs,     ///< address blocks; min and max count them
    Folders,   ///< absolute paths of folders; min and max count them
};

struct Row
{
    std::string_view name{}; ///< dotted: "http.head_timeout" is head_timeout in the table [http]
    Type type = Type::String;
    std::string_view
        defaultText{}; ///< as one would write it in the environment; a list is separated by commas
    std::int64_t min = 0;
    std::int64_t max = 0;
    std::string_view zeroMeans{}; ///< what 0 or an empty text or list means; empty: min and max alone decide
    bool needsRestart = false;    ///< false: a reload applies it
    bool secret = false;          ///< never shown
    bool hereOnly = false;      ///< changed on the server's own machine alone, not by who asks from elsewhere
    std::string_view option{};  ///< the command-line option, if it has one; a Bool's takes no value
    std::string_view choices{}; ///< of a Choice, separated by "|"
    std::string_view help{};    ///< one sentence
};

namespace table {

inline constexpr std::int64_t kKiB = 1 << 10, kMiB = 1 << 20, kGiB = 1 << 30, kTiB = kGiB << 10;
inline constexpr std::int64_t kSecond = 1000, kMinute = 60 * kSecond, kHour = 60 * kMinute, kDay = 24 * kHour;

// clang-format off
inline constexpr Row kRows[] = {
    // Where it listens
    {.name = "listen", .type = Type::Endpoints, .defaultText = "0.0.0.0:8080, [::]:8080", .min = 1, .max = 64, .needsRestart = true,
     .option = "--listen", .help = "Addresses and ports of the public listener; port 0 lets the system choose."},
    {.name = "admin.listen", .type = Type::Endpoints, .defaultText = "127.0.0.1:8081", .min = 1, .max = 8, .needsRestart = true,
     .option = "--admin-listen", .help = "Addresses and ports of the admin API, health and metrics."},
    {.name = "admin.tls", .type = Type::Choice, .defaultText = "remote", .needsRestart = true, .choices = "remote|always",
     .help = "Where the admin API speaks HTTPS: at addresses that other machines can reach, or on loopback too."},
    {.name = "admin.certificate", .type = Type::String, .max = 4096, .zeroMeans = "one that vouches for itself, made in the data folder",
     .help = "A PEM file with the admin API's certificate and its chain; consoles pin its fingerprint."},
    {.name = "admin.key", .type = Type::String, .max = 4096, .zeroMeans = "that of the certificate that vouches for itself",
     .help = "The PEM file with the key of admin.certificate."},
    {.name = "public_url", .type = Type::Url, .max = 2048, .zeroMeans = "the best address of this machine in its network",
     .help = "The address that printed URLs begin with, with a sub-path where a proxy has one."},
    {.name = "join_port", .type = Type::Bool, .defaultText = "false", .needsRestart = true, .option = "--join-port",
     .help = "Share the public ports with other Spillway processes of this machine and user that have it set too."},
    {.name = "workers", .type = Type::Integer, .defaultText = "0", .min = 1, .max = 1024, .zeroMeans = "one per processor core",
     .needsRestart = true, .option = "--workers", .help = "Threads that serve connections."},

    // HTTP
    {.name = "http.head_timeout", .type = Type::Duration, .defaultText = "10s", .min = kSecond, .max = kHour,
     .help = "A request head must be complete this long after its first byte."},
    {.name = "http.idle_timeout", .type = Type::Duration, .defaultText = "75s", .min = kSecond, .max = kDay,
     .help = "A connection without a request is closed after this long."},
    {.name = "http.write_stall_timeout", .type = Type::Duration, .defaultText = "60s", .min = kSecond, .max = kDay,
     .help = "A download whose reader takes no byte for this long is ended."},
    {.name = "http.min_rate", .type = Type::Rate, .defaultText = "500B/s", .min = 1, .max = kGiB, .zeroMeans = "no minimum",
     .help = "A download slower than this, seen over the grace time, is ended."},
    {.name = "http.min_rate_grace", .type = Type::Duration, .defaultText = "30s", .min = kSecond, .max = kDay,
     .help = "The time over which the minimum rate is measured."},
    {.name = "http.max_head_size", .type = Type::Bytes, .defaultText = "16KiB", .min = kKiB, .max = kMiB,
     .needsRestart = true, .help = "The largest request head; a larger one is answered 431."},
    {.name = "http.max_target_size", .type = Type::Bytes, .defaultText = "8KiB", .min = 256, .max = kMiB,
     .needsRestart = true, .help = "The longest request target; a longer one is answered 414."},
    {.name = "http.max_fields", .type = Type::Integer, .defaultText = "100", .min = 8, .max = 10'000,
     .needsRestart = true, .help = "The most header fields of a request; more are answered 431."},
    {.name = "http.max_connections", .type = Type::Integer, .defaultText = "0", .min = 1, .max = 100'000'000,
     .zeroMeans = "as many as the limit of open files allows",
     .help = "The most connections at a time; a further one is answered 503. Never more than the limit of open files has room for."},
    {.name = "http.max_pipelined_bytes", .type = Type::Bytes, .defaultText = "64KiB", .min = kKiB, .max = 64 * kKiB,
     .needsRestart = true, .help = "The most bytes of further requests kept while an answer goes out."},
    {.name = "http.keepalive_requests", .type = Type::Integer, .defaultText = "0", .min = 1, .max = 1'000'000'000, .zeroMeans = "no limit",
     .needsRestart = true, .help = "A connection is closed after this many requests."},

    // File and hot cache, cold reads
    {.name = "cache.hot_bytes", .type = Type::Bytes, .defaultText = "64MiB", .min = 0, .max = kTiB, .zeroMeans = "no file is kept in memory",
     .needsRestart = true, .help = "Memory for the bytes of small files that are asked for often."},
    {.name = "cache.hot_file_max", .type = Type::Bytes, .defaultText = "16KiB", .min = 0, .max = 64 * kMiB, .zeroMeans = "no file is kept in memory",
     .needsRestart = true, .help = "The largest file that is kept in memory."},
    {.name = "cache.entries", .type = Type::Integer, .defaultText = "4096", .min = 16, .max = 1'000'000,
     .needsRestart = true, .help = "Open files kept by each worker; each takes a descriptor."},
    {.name = "cache.revalidate", .type = Type::Duration, .defaultText = "1s", .min = 0, .max = kHour, .zeroMeans = "at every request",
     .needsRestart = true, .help = "A file kept open is compared with the disk when this long has passed."},
    {.name = "preload.threads", .type = Type::Integer, .defaultText = "4", .min = 1, .max = 256, .needsRestart = true,
     .help = "Threads that read from the disk what is not in memory yet."},
    {.name = "preload.queue", .type = Type::Integer, .defaultText = "1024", .min = 1, .max = 1'000'000, .needsRestart = true,
     .help = "The most disk reads that wait for such a thread."},
    {.name = "preload.ahead", .type = Type::Bytes, .defaultText = "64MiB", .min = 64 * kKiB, .max = 4 * kGiB,
     .needsRestart = true, .help = "How much is read ahead of downloads from a cold disk, over all of them."},
    {.name = "preload.block", .type = Type::Bytes, .defaultText = "1MiB", .min = 64 * kKiB, .max = 64 * kMiB,
     .needsRestart = true, .help = "How much is read from the disk at a time."},

    // Folders as archives
    {.name = "zip.threads", .type = Type::Integer, .defaultText = "4", .min = 1, .max = 256, .needsRestart = true,
     .help = "Threads that read folders and compute checksums for their archives."},
    {.name = "zip.memory", .type = Type::Bytes, .defaultText = "256MiB", .min = kMiB, .max = 4 * kGiB, .needsRestart = true,
     .help = "Memory for what archives consist of, over all of them: about 100 bytes a file."},
    {.name = "zip.wait", .type = Type::Duration, .defaultText = "45s", .min = kSecond, .max = kHour, .needsRestart = true,
     .help = "How long a request waits until its folder is read, or the checksums that its range needs are there; then it is answered 503."},

    // Digests of files
    {.name = "digests.threads", .type = Type::Integer, .defaultText = "2", .min = 1, .max = 64, .needsRestart = true,
     .help = "Threads that compute a file's SHA-256 where a client asks for it and the index has none."},
    {.name = "digests.max_size", .type = Type::Bytes, .defaultText = "1GiB", .min = 0, .max = kTiB, .zeroMeans = "only what the index knows", .needsRestart = true,
     .help = "The largest file whose SHA-256 is computed for a request."},
    {.name = "digests.wait", .type = Type::Duration, .defaultText = "3s", .min = 0, .max = kMinute, .zeroMeans = "not at all", .needsRestart = true,
     .help = "How long an answer waits for the digest that Want-Repr-Digest asks for, before it goes out without one."},

    // Catalog, index, shares, links
    {.name = "metadata.ttl", .type = Type::Duration, .defaultText = "300s", .min = kSecond, .max = kDay,
     .needsRestart = true, .help = "How long a catalog row is used from memory before it is read again."},
    {.name = "metadata.entries", .type = Type::Integer, .defaultText = "100000", .min = 16, .max = 100'000'000,
     .needsRestart = true, .help = "The most catalog rows kept in memory."},
    {.name = "metadata.negative_ttl", .type = Type::Duration, .defaultText = "5s", .min = 0, .max = kHour, .zeroMeans = "not at all",
     .needsRestart = true, .help = "How long it is remembered that something is not in the catalog."},
    {.name = "metadata.negative_entries", .type = Type::Integer, .defaultText = "10000", .min = 0, .max = 100'000'000, .zeroMeans = "none",
     .needsRestart = true, .help = "The most such absences kept in memory."},
    {.name = "index.enabled", .type = Type::Bool, .defaultText = "true", .needsRestart = true, .help = "Scan the shares in the background, for search and checksums."},
    {.name = "index.hash", .type = Type::Bool, .defaultText = "true", .needsRestart = true, .help = "Compute CRC-32 and SHA-256 of the files found."},
    {.name = "index.hash_max_size", .type = Type::Bytes, .defaultText = "4GiB", .min = 0, .max = std::numeric_limits<std::int64_t>::max(),
     .zeroMeans = "none but empty files", .needsRestart = true, .help = "Larger files get no checksum."},
    {.name = "index.hash_rate", .type = Type::Rate, .defaultText = "64MiB/s", .min = kKiB, .max = kTiB, .zeroMeans = "no limit",
     .needsRestart = true, .help = "How fast files are read for checksums."},
    {.name = "index.poll_interval", .type = Type::Duration, .defaultText = "10m", .min = 10 * kSecond, .max = 30 * kDay,
     .needsRestart = true, .help = "How often folders are scanned again where the system does not report changes."},
    {.name = "links.default_expiry", .type = Type::Duration, .defaultText = "7d", .min = kSecond, .max = 36'500 * kDay, .zeroMeans = "links do not expire",
     .help = "How long a new link is good when nothing else is said."},
    {.name = "links.recipient_idle", .type = Type::Duration, .defaultText = "24h", .min = kMinute, .max = 365 * kDay,
     .help = "A recipient of a link counts anew after this long without activity."},
    {.name = "links.recipient_done", .type = Type::Duration, .defaultText = "1h", .min = kSecond, .max = 365 * kDay,
     .help = "A recipient counts anew when this long has passed since all bytes arrived."},
    {.name = "share_roots", .type = Type::Folders, .max = 256, .zeroMeans = "consoles elsewhere share nothing new", .hereOnly = true,
     .help = "Folders that consoles elsewhere and API tokens may look into and share from; changed on the server's own machine only."},
    {.name = "shares.cache_max_age", .type = Type::Duration, .defaultText = "1h", .min = 0, .max = 365 * kDay, .zeroMeans = "caches ask every time",
     .help = "How long caches may keep a file of a new public share (Cache-Control: max-age)."},

    // Who may come in
    {.name = "signin.lifetime", .type = Type::Duration, .defaultText = "12h", .min = kMinute, .max = 365 * kDay,
     .help = "How long a browser stays signed in to a private share, or past a link's password."},
    {.name = "passwords.threads", .type = Type::Integer, .defaultText = "2", .min = 1, .max = 64, .needsRestart = true,
     .help = "Threads that check link passwords; each takes 64 MiB while it works."},
    {.name = "passwords.queue", .type = Type::Integer, .defaultText = "64", .min = 1, .max = 65'536, .needsRestart = true,
     .help = "The most password checks that wait for such a thread; a further one is answered 503."},
    {.name = "bans.threshold", .type = Type::Integer, .defaultText = "20", .min = 1, .max = 1'000'000, .zeroMeans = "nobody is banned by rule",
     .help = "Different wrong tokens, passwords and signatures after which an address is banned."},
    {.name = "bans.window", .type = Type::Duration, .defaultText = "10m", .min = kSecond, .max = 30 * kDay,
     .help = "The time over which they are counted."},
    {.name = "bans.duration", .type = Type::Duration, .defaultText = "10m", .min = kSecond, .max = 365 * kDay,
     .help = "How long the first ban lasts; each further one lasts twice as long."},
    {.name = "bans.max_duration", .type = Type::Duration, .defaultText = "24h", .min = kSecond, .max = 3650 * kDay,
     .help = "The longest ban by rule."},
    {.name = "bans.never", .type = Type::Cidrs, .max = 256, .zeroMeans = "only loopback is never banned",
     .help = "Address blocks that are never banned by rule."},
    {.name = "proxy.trusted", .type = Type::Cidrs, .max = 256, .zeroMeans = "no proxy is believed",
     .help = "Proxies whose Forwarded, X-Forwarded-For and X-Forwarded-Proto fields are believed."},
    {.name = "proxy.protocol", .type = Type::Bool, .defaultText = "false", .needsRestart = true,
     .help = "Trusted proxies begin each connection with the PROXY protocol, version 1 or 2."},
    {.name = "limits.clients", .type = Type::Integer, .defaultText = "100000", .min = 1024, .max = 100'000'000, .needsRestart = true,
     .help = "Addresses whose limits and failures are kept in mind at a time; the busy ones stay."},

    // TLS
    {.name = "tls.listen", .type = Type::Endpoints, .min = 1, .max = 64, .zeroMeans = "no HTTPS", .needsRestart = true,
     .option = "--tls-listen", .help = "Addresses and ports for HTTPS."},
    {.name = "tls.certificate", .type = Type::String, .max = 4096, .zeroMeans = "tls/certificate.pem in the data folder",
     .help = "PEM files with a certificate and its chain each, separated by commas; the name that a client asks for chooses."},
    {.name = "tls.key", .type = Type::String, .max = 4096, .zeroMeans = "tls/key.pem in the data folder",
     .help = "PEM files with the certificates' keys, in the same order."},
    {.name = "tls.min_version", .type = Type::Choice, .defaultText = "1.2", .choices = "1.2|1.3", .help = "The oldest TLS version that is spoken."},
    {.name = "tls.handshake_timeout", .type = Type::Duration, .defaultText = "10s", .min = kSecond, .max = kHour,
     .help = "A TLS handshake must be complete this long after the connection came in."},
    {.name = "tls.max_handshakes", .type = Type::Integer, .defaultText = "4096", .min = 16, .max = 10'000'000,
     .help = "The most unfinished handshakes at a time; over it the oldest is dropped."},
    {.name = "tls.plain", .type = Type::Choice, .defaultText = "serve", .choices = "serve|redirect|refuse",
     .help = "What plain HTTP gets while HTTPS is on: the same as HTTPS, a redirect to it, or 403."},
    {.name = "tls.hsts", .type = Type::Duration, .defaultText = "0s", .min = kSecond, .max = 3650 * kDay, .zeroMeans = "no such field",
     .help = "Strict-Transport-Security on HTTPS answers, for this long."},
    {.name = "tls.acme_folder", .type = Type::String, .max = 4096, .zeroMeans = "acme in the data folder", .hereOnly = true,
     .help = "The folder whose .well-known/acme-challenge an ACME client writes to; changed on the server's own machine only."},

    // Overload
    {.name = "overload.enabled", .type = Type::Bool, .defaultText = "true", .help = "Turn off what is costly when the machine is too busy."},
    {.name = "overload.cpu", .type = Type::Integer, .defaultText = "95", .min = 10, .max = 100,
     .help = "Percent of the workers' processor time from which on the server counts as overloaded."},
    {.name = "overload.memory", .type = Type::Integer, .defaultText = "95", .min = 10, .max = 100,
     .help = "Percent of the memory that the process may have."},
    {.name = "overload.descriptors", .type = Type::Integer, .defaultText = "95", .min = 10, .max = 100,
     .help = "Percent of the open files that the process may have."},
    {.name = "overload.queue_wait", .type = Type::Duration, .defaultText = "10s", .min = kSecond, .max = kHour,
     .help = "The waiting time of queued downloads from which on the server counts as overloaded."},
    {.name = "overload.disk_free", .type = Type::Bytes, .defaultText = "64MiB", .min = 0, .max = kTiB, .zeroMeans = "the disk is not watched",
     .help = "With less room than this in the data folder's file system, the catalog is read-only."},

    // Log, metrics, end
    {.name = "log.level", .type = Type::Choice, .defaultText = "info", .choices = "error|warning|info|debug",
     .help = "What the server says about itself."},
    {.name = "log.access", .type = Type::Choice, .defaultText = "json", .needsRestart = true,
     .choices = "off|combined|json", .help = "The form of the access log: none, Apache's combined lines, or one JSON object a line."},
    {.name = "log.file", .type = Type::String, .max = 4096, .zeroMeans = "access.log in the data folder",
     .needsRestart = true, .hereOnly = true,
     .help = "The file of the access log; it is opened again on SIGUSR1. Changed on the server's own machine only."},
    {.name = "log.queue", .type = Type::Integer, .defaultText = "65536", .min = 64, .max = 16'777'216, .needsRestart = true,
     .help = "The most log lines that wait for the disk; further ones are dropped and counted."},
    {.name = "audit.file_size", .type = Type::Bytes, .defaultText = "64MiB", .min = 64 * kKiB, .max = 16 * kGiB,
     .zeroMeans = "it is one file, however long", .hereOnly = true,
     .help = "When the audit log's file is as large as this, it is put aside and a new one goes on; changed on the server's own machine only."},
    {.name = "audit.files", .type = Type::Integer, .defaultText = "0", .min = 1, .max = 10'000, .zeroMeans = "all of them", .hereOnly = true,
     .help = "How many of the audit log's files that were put aside are kept; older ones are deleted. Changed on the server's own machine only."},
    {.name = "metrics.allow", .type = Type::Cidrs, .defaultText = "127.0.0.0/8, ::1/128", .max = 256, .zeroMeans = "only the token opens it",
     .help = "Address blocks that may read /metrics without a token."},
    {.name = "metrics.token", .type = Type::String, .min = 16, .max = 256, .zeroMeans = "there is no token", .secret = true,
     .help = "A bearer token that may read /metrics from any address."},
    {.name = "drain.deadline", .type = Type::Duration, .defaultText = "30s", .min = 0, .max = kDay, .zeroMeans = "running downloads are cut at once",
     .help = "How long running downloads may go on after SIGTERM."},
};
// clang-format on

} // namespace table

inline constexpr std::size_t kSettingCount = std::size(table::kRows);

constexpr const Row& rowAt(std::size_t index)
{
    return table::kRows[index];
}

/// kSettingCount where there is none.
constexpr std::size_t findRow(std::string_view name)
{
    std::size_t index = 0;
    while (index < kSettingCount && rowAt(index).name != name)
        ++index;
    return index;
}

} // namespace spillway::config
