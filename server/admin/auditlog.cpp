// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/auditlog.h"

#include "server/admin/auditfiles.h"
#include "server/config/files.h"

#include <QtCore/QJsonDocument>
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::admin {

namespace {

/// Looked at from the end of the file for the line that the head names: more than two of the longest lines.
constexpr std::uint64_t kTail = 4 << 20;

std::int64_t milliseconds(WallTime time)
{
    return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

} // namespace

Result<std::unique_ptr<AuditLog>> AuditLog::open(const std::string& dataFolder, const Clock& clock)
{
    std::unique_ptr<AuditLog> log(new AuditLog(dataFolder, clock));
    if (auto opened = log->open(); !opened)
        return fail(opened.error());
    return log;
}

/// A log whose key is gone proves nothing any more; it is kept beside, for people to look at.
Result<void> AuditLog::takeKey()
{
    const AuditPaths paths(dataFolder_);
    auto secret = readAuditKey(paths.key);
    if (!secret)
        return fail(secret.error());
    if (!*secret) {
        struct stat info = {};
        if (::stat(paths.log.c_str(), &info) == 0 && info.st_size > 0) {
            const std::string aside =
                paths.log + ".without-key." + std::to_string(unixSeconds(clock_.wall()));
            if (::rename(paths.log.c_str(), aside.c_str()) != 0)
                return fail(osError("cannot move " + paths.log + " aside", errno));
            ::unlink(paths.head.c_str());
            notes_.push_back(
                "audit.key was missing, so the audit log cannot be verified any more; it is kept as " +
                aside + ", and a new one begins");
        }
        auto made = makeAuditKey(paths.key, dataFolder_);
        if (!made)
            return fail(made.error());
        *secret = std::move(*made);
    }
    key_ = std::make_unique<auth::HmacKey>(**secret);
    return {};
}

Result<void> AuditLog::open()
{
    if (auto taken = takeKey(); !taken)
        return taken;
    const AuditPaths paths(dataFolder_);
    const auto slots = readSmallFile(paths.head, 2 * kSlotSize);
    if (!slots)
        return fail(slots.error());
    constexpr int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    log_ = UniqueFd(::open(paths.log.c_str(), flags | O_APPEND, 0600));
    if (!log_)
        return fail(osError("cannot open the audit log " + paths.log, errno));
    headFile_ = UniqueFd(::open(paths.head.c_str(), flags, 0600));
    if (!headFile_)
        return fail(osError("cannot open " + paths.head, errno));
    if (auto synced = config::syncFolder(dataFolder_); !synced)
        return synced;
    const auto anchored = readHead(*key_, *slots);
    if (auto found = findEnd(anchored); !found)
        return found;
    // Where a crash tore the newest slot, or came before it: the next line goes into the other one, and that
    // must not be the only good one then.
    if (anchored && *anchored != head_)
        if (auto headed = writeHead(true); !headed)
            return headed;
    for (const std::string& note : std::vector<std::string>(notes_))
        if (auto noted = append({{QStringLiteral("what"), QStringLiteral("event")},
                                 {QStringLiteral("text"), QString::fromStdString(note)}});
            !noted)
            return fail(noted.error());
    return {};
}

/// Where the log goes on: behind the last line that fits, which is the anchored one or comes after it.
Result<void> AuditLog::findEnd(const std::optional<AuditHead>& anchored)
{
    struct stat info = {};
    if (::fstat(log_.get(), &info) != 0)
        return fail(osError("cannot look at the audit log", errno));
    const auto whole = static_cast<std::uint64_t>(info.st_size);
    const std::uint64_t from = whole > kTail ? whole - kTail : 0;
    const auto tail = config::readAt(log_.get(), from, static_cast<std::size_t>(whole - from), "audit.log");
    if (!tail)
        return fail(tail.error());

    head_ = anchored.value_or(AuditHead{});
    bool found = head_.seq == 0;
    std::optional<AuditHead> last; // as it claims
    std::size_t at = from == 0 ? 0 : tail->find('\n') + 1;
    std::size_t end = at;
    for (std::size_t newline = 0; (newline = tail->find('\n', at)) != std::string::npos; at = newline + 1) {
        end = newline + 1;
        const auto line = readLine(std::string_view(*tail).substr(at, newline - at));
        if (!line)
            continue;
        last = AuditHead{line->seq, line->mac};
        if (!found)
            found = *last == head_;
        else if (anchored && line->follows(*key_, head_))
            head_ = *last; // written right before a crash
    }
    size_ = from + end;
    if (size_ < whole && ::ftruncate(log_.get(), static_cast<off_t>(size_)) != 0)
        return fail(osError("cannot cut the torn last line of the audit log", errno));
    if (!anchored && last) {
        head_ = *last;
        notes_.emplace_back(
            "audit.head was missing or damaged: whether lines were cut off at the end of the audit "
            "log cannot be told");
    } else if (!found) {
        notes_.push_back("lines are missing at the end of the audit log: it should have an entry " +
                         std::to_string(head_.seq));
    }
    return {};
}

Result<std::uint64_t> AuditLog::append(QJsonObject entry, bool anchor)
{
    const std::lock_guard lock(mutex_);
    entry.insert(QStringLiteral("at"), static_cast<qint64>(milliseconds(clock_.wall())));
    AuditHead next = head_;
    const std::string line = chainLine(*key_, std::move(entry), next);
    auto written = config::writeAll(log_.get(), line, "the audit log");
    if (written && ::fdatasync(log_.get()) != 0)
        written = fail(osError("cannot write the audit log", errno));
    if (!written) {
        (void)!::ftruncate(log_.get(), static_cast<off_t>(size_)); // half a line is no line
        return fail(written.error());
    }
    head_ = next;
    size_ += line.size();
    if (auto headed = writeHead(anchor); !headed)
        return fail(headed.error());
    return head_.seq;
}

/// The slot that does not hold the newest head, so that a torn write leaves that one.
Result<void> AuditLog::writeHead(bool sync)
{
    const std::string slot = headSlot(*key_, head_);
    const auto offset = static_cast<off_t>(head_.seq % 2 * kSlotSize);
    if (::pwrite(headFile_.get(), slot.data(), slot.size(), offset) != static_cast<ssize_t>(slot.size()) ||
        (sync && ::fdatasync(headFile_.get()) != 0))
        return fail(osError("cannot write audit.head", errno));
    return {};
}

std::unique_lock<std::mutex> AuditLog::lockKind(std::string_view kind)
{
    return std::unique_lock(kinds_[std::hash<std::string_view>{}(kind) % kinds_.size()]);
}

} // namespace spillway::admin
