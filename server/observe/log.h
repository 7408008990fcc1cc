// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>

namespace spillway::observe {

enum class LogLevel : std::uint8_t
{
    Error,
    Warning,
    Info,
    Debug
};

[[nodiscard]] std::string_view logLevelName(LogLevel level) noexcept;
[[nodiscard]] std::optional<LogLevel> logLevelFromName(std::string_view name) noexcept;

enum class LogFormat : std::uint8_t
{
    Text,    ///< 2025-10-10T13:55:36.045Z warning message key=value
    Systemd, ///< <4>message key=value: the journal has its own time stamps (sd-daemon(3))
    Json,    ///< {"time":…,"level":…,"message":…,"key":"value"}
};

/// Systemd where standard error goes to the journal (JOURNAL_STREAM names this very descriptor), else Text.
[[nodiscard]] LogFormat defaultLogFormat();

struct LogOptions
{
    LogLevel level = LogLevel::Info; ///< this and graver
    LogFormat format = LogFormat::Text;
    int descriptor = 2;         ///< not owned
    std::uint32_t perSite = 20; ///< lines for each call site and window; 0: no cap
    std::chrono::milliseconds window{10'000};
    std::size_t queueBytes = 256U << 10U;
};

/// One more fact of an event: a name of ours, and a value that may come from anywhere (it is escaped).
struct LogField
{
    LogField(std::string_view key, std::string_view value) : name(key), text(value) {}
    LogField(std::string_view key, const char* value) : name(key), text(value) {}
    template<class Number>
    requires std::is_arithmetic_v<Number> LogField(std::string_view key, Number value)
        : name(key), text(std::to_string(value))
    {
    }

    std::string_view name;
    std::string text;
};

/// The server's own log: one line per event, for people and the journal; requests go to AccessLog.
///
/// Any thread. The caller formats its line and puts it on a bounded queue; an own thread writes. A caller
/// never waits for the descriptor, and for another caller at most some microseconds: a line that finds the
/// queue full or its lock taken for longer is dropped and counted. A call site that repeats itself is cut off
/// at `perSite` lines a window, and its first line after that says how many are missing. The destructor
/// writes what is queued.
class Log
{
public:
    using Fields = std::initializer_list<LogField>;

    Log(const LogOptions& options, const Clock& clock);
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    void error(std::string_view message, Fields fields = {},
               std::source_location site = std::source_location::current())
    {
        write(LogLevel::Error, message, fields, site);
    }
    void warning(std::string_view message, Fields fields = {},
                 std::source_location site = std::source_location::current())
    {
        write(LogLevel::Warning, message, fields, site);
    }
    void info(std::string_view message, Fields fields = {},
              std::source_location site = std::source_location::current())
    {
        write(LogLevel::Info, message, fields, site);
    }
    void debug(std::string_view message, Fields fields = {},
               std::source_location site = std::source_location::current())
    {
        write(LogLevel::Debug, message, fields, site);
    }
    void write(LogLevel level, std::string_view message, Fields fields, std::source_location site);

    [[nodiscard]] bool wants(LogLevel level) const noexcept
    {
        return level <= level_.load(std::memory_order_relaxed);
    }
    void setLevel(LogLevel level) noexcept { level_.store(level, std::memory_order_relaxed); }

    /// Waits, at most `atMost`, until what was queued before the call is written; false where time ran out.
    bool flush(std::chrono::milliseconds atMost);
    [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t suppressed() const noexcept
    {
        return suppressed_.load(std::memory_order_relaxed);
    }

private:
    /// What one call site said in its window. Sites that share a slot (by hash) share its cap, too.
    struct Site
    {
        std::atomic<std::int64_t> window{-1};
        std::atomic<std::uint32_t> lines{0};
        std::atomic<std::uint32_t> missing{0};
    };

    [[nodiscard]] bool allowed(const std::source_location& site, std::uint32_t& missing);
    [[nodiscard]] std::string render(LogLevel level, std::string_view message, Fields fields,
                                     std::uint32_t missing) const;
    void run();

    const LogOptions options_;
    const Clock& clock_;
    std::atomic<LogLevel> level_;
    std::atomic<std::uint64_t> dropped_{0};
    std::atomic<std::uint64_t> suppressed_{0};
    std::array<Site, 256> sites_;

    std::mutex mutex_; ///< guards everything below
    std::condition_variable wake_;
    std::condition_variable written_;
    std::string queue_;
    std::uint64_t queuedBytes_ = 0;  ///< since the beginning
    std::uint64_t writtenBytes_ = 0; ///< since the beginning
    bool stopping_ = false;
    std::thread writer_; ///< last: everything it uses is there before it starts
};

} // namespace spillway::observe
