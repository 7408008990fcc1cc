// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/partfile.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace spillway::get {

namespace {

/// A download that is over sooner is never waited for by the disk.
constexpr std::chrono::seconds kSyncEvery{3};

Error systemError(const std::string& what)
{
    return osError(what, errno);
}

Result<void> writeAll(int fd, std::uint64_t offset, std::string_view bytes, const std::string& path)
{
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return fail(systemError("cannot write " + path));
        bytes.remove_prefix(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return {};
}

/// A name of 255 bytes is a file's, and none of ours beside it.
std::string sideName(const std::string& path)
{
    constexpr std::size_t most = 255 - std::string_view(".part.journal").size();
    constexpr std::size_t kept = 180;
    const auto name = path.rfind('/') + 1; // 0 where there is no "/"
    if (path.size() - name <= most)
        return path;
    return path.substr(0, name + kept) + "~" + hexText(hashOf(path.substr(name))).substr(0, 16);
}

std::string readAll(int fd, std::size_t most)
{
    std::string bytes(most, '\0');
    std::size_t have = 0;
    while (have < most) {
        const ssize_t got = ::pread(fd, bytes.data() + have, most - have, static_cast<off_t>(have));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        have += static_cast<std::size_t>(got);
    }
    bytes.resize(have);
    return bytes;
}

} // namespace

/// fdatasync of the data, on its own thread. The owner starts one round at a time and looks whether it is
/// over.
struct PartFile::Sync
{
    std::thread thread;
    std::atomic<bool> over{false};
    bool running = false, failed = false;
    bool ever = false; ///< one was started
    std::vector<Span> missing;
    std::chrono::steady_clock::time_point next = std::chrono::steady_clock::now() + kSyncEvery;

    void start(int fd, std::vector<Span> spans)
    {
        missing = std::move(spans);
        over = false;
        running = ever = true;
        thread = std::thread([this, fd] {
            failed = ::fdatasync(fd) != 0;
            over.store(true, std::memory_order_release);
        });
    }
    /// Whether a round is over that had not been when last asked.
    bool collect(bool wait)
    {
        if (!running || (!wait && !over.load(std::memory_order_acquire)))
            return false;
        thread.join();
        running = false;
        next = std::chrono::steady_clock::now() + kSyncEvery;
        return !failed;
    }
    ~Sync()
    {
        if (running)
            thread.join();
    }
};

PartFile::PartFile(std::string path, UniqueFd fd)
    : path_(std::move(path)), side_(sideName(path_)), fd_(std::move(fd)), sync_(std::make_unique<Sync>())
{
}

PartFile::PartFile(PartFile&& other) noexcept = default;
PartFile::~PartFile() = default;

Result<PartFile> PartFile::open(std::string path)
{
    const std::string part = sideName(path) + ".part";
    for (int attempt = 0; attempt < 100; ++attempt) {
        UniqueFd fd(::open(part.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
        if (!fd)
            return fail(systemError("cannot write " + part));
        if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
            if (errno == EWOULDBLOCK)
                return fail(ErrorCode::Busy, "another process is downloading to " + path +
                                                 " now; wait for it, or choose another name with -o");
            return fail(systemError("cannot lock " + part));
        }
        // Whoever had it before may have given it its name, or removed it, between the two calls.
        struct stat opened
        {
        }, named{};
        if (::fstat(fd.get(), &opened) != 0)
            return fail(systemError("cannot look at " + part));
        if (!S_ISREG(opened.st_mode))
            return fail(ErrorCode::AlreadyExists,
                        part + " is not a file; remove it, or choose another name with -o");
        if (::stat(part.c_str(), &named) == 0 && named.st_ino == opened.st_ino &&
            named.st_dev == opened.st_dev)
            return PartFile(std::move(path), std::move(fd));
    }
    return fail(ErrorCode::Busy, "another process keeps making and removing " + part);
}

std::optional<std::vector<Span>> PartFile::resumable(const Sha256& url, std::string_view validator,
                                                     std::uint64_t size) const
{
    const UniqueFd journal(::open(journalPath().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    struct stat part
    {
    };
    if (!journal || ::fstat(fd_.get(), &part) != 0 || static_cast<std::uint64_t>(part.st_size) != size)
        return std::nullopt;
    const auto record = chooseRecord(readAll(journal.get(), 2 * kJournalSlotBytes));
    return record ? missingAccordingTo(*record, url, validator, size, currentBootId()) : std::nullopt;
}

Result<void> PartFile::begin(const Sha256& url, std::string validator, std::uint64_t size,
                             const std::vector<Span>& missing)
{
    const std::string part = partPath();
    sync_->collect(true); // what it waited for may be another version
    // A part of another file must not be taken for one of this: its journal goes first.
    const bool fresh = totalLength(missing) == size;
    if (fresh && ::unlink(journalPath().c_str()) != 0 && errno != ENOENT)
        return fail(systemError("cannot remove " + journalPath()));
    if (fresh && ::ftruncate(fd_.get(), 0) != 0)
        return fail(systemError("cannot empty " + part));
    if (size > 0 && ::fallocate(fd_.get(), 0, 0, static_cast<off_t>(size)) != 0) {
        if (errno == ENOSPC || errno == EFBIG || errno == EDQUOT) {
            Error full = systemError("there is no room for " + std::to_string(size) + " bytes at " + path_);
            full.code = ErrorCode::Exhausted;
            return fail(std::move(full));
        }
        // A file system that cannot reserve room still has it, perhaps.
        if (::ftruncate(fd_.get(), static_cast<off_t>(size)) != 0)
            return fail(systemError("cannot set the size of " + part));
    }
    if (validator.empty())
        return {};
    journal_.reset(::open(journalPath().c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (!journal_)
        return fail(systemError("cannot write " + journalPath()));
    const auto before = chooseRecord(readAll(journal_.get(), 2 * kJournalSlotBytes));
    record_ = JournalRecord{};
    record_.sequence = before ? before->sequence : 0;
    record_.size = size;
    record_.url = url;
    record_.boot = currentBootId();
    record_.validator = std::move(validator);
    record_.missing = coalesced(missing, kMostJournalSpans);
    record_.missingOnDisk = {Span{0, size}};
    // What the disk had when the last process stopped, it still has.
    if (before && missingAccordingTo(*before, url, record_.validator, size, record_.boot))
        record_.missingOnDisk = before->missingOnDisk;
    return writeRecord();
}

Result<void> PartFile::beginStream()
{
    sync_->collect(true);
    if (::unlink(journalPath().c_str()) != 0 && errno != ENOENT)
        return fail(systemError("cannot remove " + journalPath()));
    journal_.reset();
    if (::ftruncate(fd_.get(), 0) != 0)
        return fail(systemError("cannot empty " + partPath()));
    return {};
}

Result<void> PartFile::write(std::uint64_t offset, std::string_view bytes)
{
    return writeAll(fd_.get(), offset, bytes, partPath());
}

Result<void> PartFile::writeRecord()
{
    ++record_.sequence;
    const std::uint64_t slot = record_.sequence % 2 * kJournalSlotBytes;
    return writeAll(journal_.get(), slot, encodeSlot(record_), journalPath());
}

Result<void> PartFile::note(const std::vector<Span>& missing)
{
    if (!journal_)
        return {};
    record_.missing = coalesced(missing, kMostJournalSpans);
    const bool caughtUp = sync_->collect(false);
    if (caughtUp)
        record_.missingOnDisk = sync_->missing;
    if (auto written = writeRecord(); !written)
        return written;
    // Not a fault where the disk cannot: the list of what it has stays as it is.
    if (caughtUp)
        ::fdatasync(journal_.get());
    if (!sync_->running && std::chrono::steady_clock::now() >= sync_->next)
        sync_->start(fd_.get(), record_.missing);
    return {};
}

Result<std::size_t> PartFile::read(std::uint64_t offset, std::span<char> buffer) const
{
    for (;;) {
        const ssize_t got = ::pread(fd_.get(), buffer.data(), buffer.size(), static_cast<off_t>(offset));
        if (got > 0)
            return static_cast<std::size_t>(got);
        if (got == 0)
            return fail(ErrorCode::Io, partPath() + " is shorter than what was written to it");
        if (errno != EINTR)
            return fail(systemError("cannot read back " + partPath()));
    }
}

Result<void> PartFile::finish(std::uint64_t size, std::optional<std::int64_t> unixTime, bool replace)
{
    const std::string part = partPath();
    const bool synced = sync_->ever;
    sync_->collect(true);
    if (::ftruncate(fd_.get(), static_cast<off_t>(size)) != 0)
        return fail(systemError("cannot set the size of " + part));
    if (unixTime) {
        const struct timespec times[2]{{0, UTIME_NOW}, {static_cast<time_t>(*unixTime), 0}};
        // A file system without times is no reason to lose a download.
        static_cast<void>(::futimens(fd_.get(), times));
    }
    if (synced && ::fdatasync(fd_.get()) != 0)
        return fail(systemError("cannot write " + part + " to the disk"));
    int renamed = replace ? ::rename(part.c_str(), path_.c_str())
                          : ::renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, path_.c_str(), RENAME_NOREPLACE);
    // Not every file system knows "only if there is none"; link(2) is the older way to say it.
    if (renamed != 0 && !replace && (errno == EINVAL || errno == ENOSYS)) {
        renamed = ::link(part.c_str(), path_.c_str());
        if (renamed == 0)
            ::unlink(part.c_str());
    }
    if (renamed != 0 && errno == EEXIST)
        return fail(ErrorCode::AlreadyExists,
                    path_ + " has come into being meanwhile; the download is in " + part);
    if (renamed != 0)
        return fail(systemError("cannot rename " + part + " to " + path_));
    journal_.reset();
    ::unlink(journalPath().c_str());
    return {};
}

void PartFile::discard()
{
    sync_->collect(true);
    journal_.reset();
    ::unlink(journalPath().c_str());
    ::unlink(partPath().c_str());
}

} // namespace spillway::get
