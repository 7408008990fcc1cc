// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/auditlog.h"
#include "server/config/files.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <unistd.h>

// How a full file of the audit log is put aside. Whatever a kill leaves of it is a good log, and open() goes
// on:
//
//   audit.log.next written and synced          it is thrown away, nothing has happened
//   audit.log → audit.log.N                    audit.log is missing: made anew, with a first line that goes
//   on audit.log.next → audit.log, head written   done old files deleted                          what
//   "dropped" names and is still there is deleted
namespace spillway::admin {

AuditBounds AuditBounds::of(const config::Settings& settings)
{
    return {static_cast<std::uint64_t>(settings.get<"audit.file_size">().count),
            static_cast<std::uint64_t>(settings.get<"audit.files">())};
}

/// The line that a new file begins with; `head` becomes its own.
std::string AuditLog::firstLine(std::uint64_t dropped, AuditHead& head) const
{
    std::string text = "the file before was full; it is put aside as audit.log." + std::to_string(number_);
    QJsonObject entry{{QStringLiteral("what"), QStringLiteral("event")},
                      {QStringLiteral("at"), static_cast<qint64>(unixSeconds(clock_.wall()) * 1000)}};
    if (head.seq > 0)
        entry.insert(QStringLiteral("continues"), QString::fromStdString(head.text()));
    if (dropped > 0)
        entry.insert(QStringLiteral("dropped"), static_cast<qint64>(dropped));
    if (dropped > dropped_)
        text += "; entries up to " + std::to_string(dropped) + " are deleted, as audit.files says";
    entry.insert(QStringLiteral("text"), QString::fromStdString(text));
    return chainLine(*key_, std::move(entry), head);
}

/// Of the file with this number, which may be audit.log. Nothing where it is not there or does not say.
Result<std::optional<AuditBegin>> AuditLog::beginOf(std::uint64_t number) const
{
    const std::string path = number == number_ ? paths_.log : paths_.aside(number);
    const auto fd = openAuditFile(path);
    if (!fd)
        return fail(fd.error());
    if (!*fd)
        return std::optional<AuditBegin>();
    const auto line = readFirstLine(fd->get(), path);
    if (!line)
        return fail(line.error());
    return readBegin(*key_, *line);
}

/// At the start: what audit.log says of those before it. A kill may have left it without its first line.
Result<void> AuditLog::beginFile()
{
    const bool bare = size_ == 0 && number_ > 1;
    const auto begin = beginOf(bare ? number_ - 1 : number_);
    if (!begin)
        return fail(begin.error());
    dropped_ = *begin ? (*begin)->dropped : 0;
    if (bare) {
        --number_; // which file is put aside; the text names it
        AuditHead next = head_;
        const std::string line = firstLine(dropped_, next);
        ++number_;
        if (auto written = write(line); !written)
            return written;
        head_ = next;
        if (auto headed = writeHead(true); !headed)
            return headed;
    }
    removeDropped();
    return {};
}

Result<void> AuditLog::putAside()
{
    const auto dropped = entriesToDrop();
    if (!dropped)
        return fail(dropped.error());
    AuditHead next = head_;
    const std::string line = firstLine(*dropped, next);
    // The file that is put aside must not end behind the head's line for good.
    if (auto headed = writeHead(true); !headed)
        return headed;
    if (auto written = config::writePrivateFile(paths_.next, line); !written)
        return written;
    UniqueFd fd(::open(paths_.next.c_str(), O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!fd)
        return fail(osError("cannot open " + paths_.next, errno));
    const std::string aside = paths_.aside(number_);
    if (::rename(paths_.log.c_str(), aside.c_str()) != 0)
        return fail(osError("cannot put " + paths_.log + " aside", errno));
    if (::rename(paths_.next.c_str(), paths_.log.c_str()) != 0) {
        const int why = errno;
        (void)std::rename(aside.c_str(), paths_.log.c_str());
        return fail(osError("cannot put " + paths_.log + " aside", why));
    }
    log_ = std::make_shared<const UniqueFd>(std::move(fd));
    size_ = line.size();
    ++number_;
    head_ = next;
    dropped_ = *dropped;
    if (auto synced = config::syncFolder(paths_.folder); !synced)
        return synced;
    if (auto headed = writeHead(true); !headed)
        return headed;
    removeDropped();
    return {};
}

/// Up to which entry the bound says so, now that one more file is put aside. Where a file does not say where
/// it begins, nothing more is deleted.
Result<std::uint64_t> AuditLog::entriesToDrop() const
{
    auto files = paths_.listAside();
    if (!files)
        return fail(files.error());
    files->push_back(number_);
    if (bounds_.files == 0 || files->size() <= bounds_.files)
        return dropped_;
    const auto begin = beginOf((*files)[files->size() - bounds_.files]);
    if (!begin)
        return fail(begin.error());
    return *begin ? std::max(dropped_, (*begin)->continues.seq) : dropped_;
}

/// Files whose every entry the log says are deleted. What cannot be deleted now is the next time.
void AuditLog::removeDropped()
{
    const auto files = paths_.listAside();
    if (!files || dropped_ == 0)
        return;
    for (std::size_t i = 0; i < files->size(); ++i) {
        const auto next = beginOf(i + 1 < files->size() ? (*files)[i + 1] : number_);
        if (!next || !*next || (*next)->continues.seq > dropped_)
            break;
        if (::unlink(paths_.aside((*files)[i]).c_str()) != 0)
            break;
    }
    (void)config::syncFolder(paths_.folder);
}

} // namespace spillway::admin
