// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/log.h"

#include "server/observe/escape.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <poll.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::observe {
namespace {

constexpr std::array<std::string_view, 4> levelNames{"error", "warning", "info", "debug"};
constexpr int lockAttempts = 200; ///< with a pause each: some microseconds
constexpr std::size_t maxMessage = 4096;

std::string timeText(WallTime time)
{
    const std::int64_t second = unixSeconds(time);
    const auto milliseconds =
        (time.time_since_epoch() - std::chrono::seconds(second)) / std::chrono::milliseconds(1);
    const auto seconds = static_cast<std::time_t>(second);
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    std::array<char, 64> text{};
    const int length = std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
                                     parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                                     parts.tm_min, parts.tm_sec, static_cast<int>(milliseconds));
    return std::string(text.data(), static_cast<std::size_t>(length));
}

/// Values are quoted where a blank or a quote would make them run into the next one.
void appendValue(std::string& out, std::string_view value)
{
    if (value.empty() || value.find_first_of(" =\"\\") != std::string_view::npos)
        appendJsonString(out, value);
    else
        appendJsonEscaped(out, value);
}

void writeAll(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t wrote = ::write(descriptor, text.data(), text.size());
        if (wrote > 0) {
            text.remove_prefix(static_cast<std::size_t>(wrote));
        } else if (wrote < 0 &&
                   errno == EAGAIN) { // standard error may be a terminal that someone made non-blocking
            pollfd writable{.fd = descriptor, .events = POLLOUT, .revents = 0};
            ::poll(&writable, 1, 100);
        } else if (wrote == 0 || errno != EINTR) {
            return; // there is no place left to complain to
        }
    }
}

void pause()
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#else
    std::this_thread::yield();
#endif
}

} // namespace

std::string_view logLevelName(LogLevel level) noexcept
{
    const auto index = static_cast<std::size_t>(level);
    return index < levelNames.size() ? levelNames[index] : levelNames[0];
}

std::optional<LogLevel> logLevelFromName(std::string_view name) noexcept
{
    for (std::size_t i = 0; i < levelNames.size(); ++i)
        if (levelNames[i] == name)
            return static_cast<LogLevel>(i);
    return std::nullopt;
}

LogFormat defaultLogFormat()
{
    const char* stream = std::getenv("JOURNAL_STREAM"); // "device:inode" (systemd.exec(5))
    struct stat status
    {
    };
    if (stream == nullptr || ::fstat(2, &status) != 0)
        return LogFormat::Text;
    const std::string own = std::to_string(status.st_dev) + ":" + std::to_string(status.st_ino);
    return own == stream ? LogFormat::Systemd : LogFormat::Text;
}

Log::Log(const LogOptions& options, const Clock& clock)
    : options_(options), clock_(clock), level_(options.level)
{
    writer_ = std::thread([this] { run(); });
}

Log::~Log()
{
    {
        std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    writer_.join();
}

void Log::write(LogLevel level, std::string_view message, Fields fields, std::source_location site)
{
    std::uint32_t missing = 0;
    if (!wants(level) || !allowed(site, missing))
        return;
    const std::string line = render(level, message, fields, missing);
    std::unique_lock lock(mutex_, std::defer_lock);
    for (int i = 0; i < lockAttempts && !lock.try_lock(); ++i)
        pause();
    if (!lock.owns_lock() || queue_.size() + line.size() > options_.queueBytes) {
        dropped_.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    queue_ += line;
    queuedBytes_ += line.size();
    lock.unlock();
    wake_.notify_one();
}

bool Log::allowed(const std::source_location& site, std::uint32_t& missing)
{
    if (options_.perSite == 0)
        return true;
    const auto hash = reinterpret_cast<std::uintptr_t>(site.file_name()) / 8 + site.line() * 0x9e3779b9U;
    Site& slot = sites_[hash % sites_.size()];
    const std::int64_t window = clock_.monotonic().time_since_epoch() / options_.window;
    std::int64_t known = slot.window.load(std::memory_order_relaxed);
    if (known != window && slot.window.compare_exchange_strong(known, window, std::memory_order_relaxed)) {
        slot.lines.store(0, std::memory_order_relaxed);
        missing = slot.missing.exchange(0, std::memory_order_relaxed);
    }
    if (slot.lines.fetch_add(1, std::memory_order_relaxed) < options_.perSite)
        return true;
    slot.missing.fetch_add(1, std::memory_order_relaxed);
    suppressed_.fetch_add(1, std::memory_order_relaxed);
    return false;
}

std::string Log::render(LogLevel level, std::string_view message, Fields fields, std::uint32_t missing) const
{
    constexpr std::array<std::string_view, 4> priorities{"<3>", "<4>", "<6>", "<7>"};
    const std::string_view text = message.substr(0, maxMessage);
    std::string line;
    if (options_.format == LogFormat::Json) {
        line.append("{\"time\":\"").append(timeText(clock_.wall())).append("\",\"level\":\"");
        line.append(logLevelName(level)).append("\",\"message\":");
        appendJsonString(line, text);
        for (const LogField& field : fields) {
            line.append(",\"").append(field.name).append("\":");
            appendJsonString(line, std::string_view(field.text).substr(0, maxMessage));
        }
        if (missing > 0)
            line.append(",\"suppressed\":").append(std::to_string(missing));
        return line.append("}\n");
    }
    if (options_.format == LogFormat::Systemd)
        line.append(priorities[static_cast<std::size_t>(level)]);
    else
        line.append(timeText(clock_.wall())).append(" ").append(logLevelName(level)).append(" ");
    appendJsonEscaped(line, text);
    for (const LogField& field : fields) {
        line.append(" ").append(field.name).append("=");
        appendValue(line, std::string_view(field.text).substr(0, maxMessage));
    }
    if (missing > 0)
        line.append(" suppressed=").append(std::to_string(missing));
    return line.append("\n");
}

bool Log::flush(std::chrono::milliseconds atMost)
{
    std::unique_lock lock(mutex_);
    const std::uint64_t mine = queuedBytes_;
    return written_.wait_for(lock, atMost, [&] { return writtenBytes_ >= mine; });
}

void Log::run()
{
    pthread_setname_np(pthread_self(), "log");
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr); // signals are the main thread's
    std::string batch;
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
        if (queue_.empty())
            return;
        batch.clear();
        batch.swap(queue_);
        lock.unlock();
        writeAll(options_.descriptor, batch);
        lock.lock();
        writtenBytes_ += batch.size();
        written_.notify_all();
    }
}

} // namespace spillway::observe
