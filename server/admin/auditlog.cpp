// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/auditlog.h"

#include "server/config/files.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

// Opening the audit log and adding to it; auditrotation.cpp puts its files aside, auditlist.cpp reads it.
namespace spillway::admin {

namespace {

/// Looked at from the end of a file for the line that the head names: more than two of the longest lines.
constexpr std::uint64_t kTail = 4 << 20;

std::int64_t milliseconds(WallTime time)
{
    return std::chrono::floor<std::chrono::milliseconds>(time).time_since_epoch().count();
}

} // namespace

/// Goes over the last lines, of the file put aside last and of audit.log, for the one that the head names and
/// those behind it.
class AuditLog::EndFinder
{
public:
    EndFinder(const auth::HmacKey& key, const std::optional<AuditHead>& anchored)
        : key_(key), anchored_(anchored), head(anchored.value_or(AuditHead{})), found(head.seq == 0)
    {
    }

    /// Where the last whole line ends; `from` is where `text` begins in its file.
    std::uint64_t over(std::string_view text, std::uint64_t from)
    {
        std::size_t at = from == 0 ? 0 : text.find('\n') + 1;
        std::size_t end = at;
        for (std::size_t newline = 0; (newline = text.find('\n', at)) != std::string_view::npos;
             at = newline + 1) {
            end = newline + 1;
            if (const auto line = readLine(text.substr(at, newline - at)))
                take(*line);
        }
        return from + end;
    }

private:
    void take(const AuditLine& line)
    {
        last = AuditHead{line.seq, line.mac};
        if (!found)
            found = *last == head;
        else if (anchored_ && line.follows(key_, head))
            head = *last; // written right before a crash
    }

    const auth::HmacKey& key_;
    const std::optional<AuditHead>& anchored_;

public:
    AuditHead head;
    bool found;
    std::optional<AuditHead> last; ///< as it claims
};

Result<std::unique_ptr<AuditLog>> AuditLog::open(const std::string& dataFolder, const Clock& clock,
                                                 AuditBounds bounds)
{
    std::unique_ptr<AuditLog> log(new AuditLog(dataFolder, clock, bounds));
    if (auto opened = log->open(); !opened)
        return fail(opened.error());
    return log;
}

void AuditLog::setBounds(AuditBounds bounds)
{
    const std::lock_guard lock(mutex_);
    bounds_ = bounds;
}

/// A log whose key is gone proves nothing any more; it is kept beside, for people to look at.
Result<void> AuditLog::takeKey()
{
    auto secret = readAuditKey(paths_.key);
    if (!secret)
        return fail(secret.error());
    if (!*secret) {
        const auto aside = paths_.listAside();
        if (!aside)
            return fail(aside.error());
        const std::string end = ".without-key." + std::to_string(unixSeconds(clock_.wall()));
        std::vector<std::string> old;
        for (const std::uint64_t number : *aside)
            old.push_back(paths_.aside(number));
        struct stat info = {};
        if (::stat(paths_.log.c_str(), &info) == 0 && info.st_size > 0)
            old.push_back(paths_.log);
        for (const std::string& file : old)
            if (::rename(file.c_str(), (file + end).c_str()) != 0)
                return fail(osError("cannot rename " + file, errno));
        if (!old.empty()) {
            ::unlink(paths_.head.c_str());
            notes_.push_back(
                "audit.key was missing, so the audit log cannot be verified any more; it is kept as " +
                old.back() + end + ", and a new one begins");
        }
        auto made = makeAuditKey(paths_.key, paths_.folder);
        if (!made)
            return fail(made.error());
        *secret = std::move(*made);
    }
    key_ = std::make_unique<auth::HmacKey>(**secret);
    return {};
}

Result<void> AuditLog::openLog()
{
    UniqueFd fd(
        ::open(paths_.log.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
    if (!fd)
        return fail(osError("cannot open the audit log " + paths_.log, errno));
    log_ = std::make_shared<const UniqueFd>(std::move(fd));
    return {};
}

Result<void> AuditLog::open()
{
    if (auto taken = takeKey(); !taken)
        return taken;
    const auto slots = readSmallFile(paths_.head, 2 * kSlotSize);
    if (!slots)
        return fail(slots.error());
    ::unlink(paths_.next.c_str()); // of a kill before it was in its place
    const auto aside = paths_.listAside();
    if (!aside)
        return fail(aside.error());
    number_ = aside->empty() ? 1 : aside->back() + 1;
    if (auto opened = openLog(); !opened)
        return opened;
    headFile_ =
        UniqueFd(::open(paths_.head.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
    if (!headFile_)
        return fail(osError("cannot open " + paths_.head, errno));
    if (auto synced = config::syncFolder(paths_.folder); !synced)
        return synced;
    const auto anchored = readHead(*key_, *slots);
    if (auto found = findEnd(anchored); !found)
        return found;
    // Where a crash tore the newest slot, or came before it: the next line goes into the other one, and that
    // must not be the only good one then.
    if (anchored && *anchored != head_)
        if (auto headed = writeHead(true); !headed)
            return headed;
    if (auto begun = beginFile(); !begun)
        return begun;
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
    EndFinder finder(*key_, anchored);
    const auto tailOf = [&finder](int fd, const std::string& path) -> Result<std::pair<std::uint64_t, bool>> {
        struct stat info = {};
        if (::fstat(fd, &info) != 0)
            return fail(osError("cannot look at " + path, errno));
        const auto whole = static_cast<std::uint64_t>(info.st_size);
        const std::uint64_t from = whole > kTail ? whole - kTail : 0;
        const auto tail = config::readAt(fd, from, static_cast<std::size_t>(whole - from), path);
        if (!tail)
            return fail(tail.error());
        const std::uint64_t end = finder.over(*tail, from);
        return std::pair{end, end < whole};
    };
    // A kill while a file was put aside: the head may be of a line in there.
    if (number_ > 1) {
        const auto before = openAuditFile(paths_.aside(number_ - 1));
        if (!before)
            return fail(before.error());
        if (*before)
            if (const auto looked = tailOf(before->get(), paths_.aside(number_ - 1)); !looked)
                return fail(looked.error());
    }
    const auto end = tailOf(log_->get(), paths_.log);
    if (!end)
        return fail(end.error());
    head_ = finder.head;
    size_ = end->first;
    if (end->second && ::ftruncate(log_->get(), static_cast<off_t>(size_)) != 0)
        return fail(osError("cannot cut the torn last line of the audit log", errno));
    if (!anchored && finder.last) {
        head_ = *finder.last;
        notes_.emplace_back(
            "audit.head was missing or damaged: whether lines were cut off at the end of the audit "
            "log cannot be told");
    } else if (!finder.found) {
        notes_.push_back("lines are missing at the end of the audit log: it should have an entry " +
                         std::to_string(head_.seq));
    }
    return {};
}

Result<std::uint64_t> AuditLog::append(QJsonObject entry, bool anchor)
{
    const std::lock_guard lock(mutex_);
    if (bounds_.fileSize > 0 && size_ >= bounds_.fileSize)
        if (auto aside = putAside(); !aside)
            return fail(aside.error());
    entry.insert(QStringLiteral("at"), static_cast<qint64>(milliseconds(clock_.wall())));
    AuditHead next = head_;
    const std::string line = chainLine(*key_, std::move(entry), next);
    if (auto written = write(line); !written)
        return fail(written.error());
    head_ = next;
    if (auto headed = writeHead(anchor); !headed)
        return fail(headed.error());
    return head_.seq;
}

/// On the disk, or nothing of it.
Result<void> AuditLog::write(const std::string& line)
{
    auto written = config::writeAll(log_->get(), line, "the audit log");
    if (written && ::fdatasync(log_->get()) != 0)
        written = fail(osError("cannot write the audit log", errno));
    if (!written) {
        (void)!::ftruncate(log_->get(), static_cast<off_t>(size_)); // half a line is no line
        return written;
    }
    size_ += line.size();
    return {};
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
