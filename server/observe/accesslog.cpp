// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/accesslog.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spillway::observe {
namespace {

constexpr std::size_t batchBytes = 256U << 10U;
constexpr std::chrono::milliseconds gatherTime(200);
constexpr std::chrono::seconds retryTime(1);
constexpr std::uint64_t recordsPerRelease = 64; ///< how often a ring gets its space back while it is drained

Result<UniqueFd> openFile(const std::string& path)
{
    // O_NONBLOCK for the open alone: a FIFO that nobody reads is an error, not a hang.
    UniqueFd file(
        ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600));
    if (!file || ::fcntl(file.get(), F_SETFL, O_APPEND) != 0)
        return fail(osError("cannot open the access log " + path, errno));
    return file;
}

void count(std::atomic<std::uint64_t>& counter, std::uint64_t by)
{
    counter.store(counter.load(std::memory_order_relaxed) + by,
                  std::memory_order_relaxed); // the writer's alone
}

} // namespace

Result<std::unique_ptr<AccessLog>> AccessLog::open(AccessLogOptions options, const Clock& clock)
{
    auto file = openFile(options.path);
    if (!file)
        return fail(std::move(file.error()));
    return std::unique_ptr<AccessLog>(new AccessLog(std::move(options), clock, std::move(*file)));
}

AccessLog::AccessLog(AccessLogOptions options, const Clock& clock, UniqueFd file)
    : options_(std::move(options)), clock_(clock), file_(std::move(file)),
      formatter_(options_.format, options_.redactor)
{
    for (std::size_t i = 0; i < options_.workers; ++i)
        lanes_.push_back(std::make_unique<Lane>(options_.ringBytes));
    batch_.reserve(batchBytes + (8U << 10U));
    writer_ = std::thread([this] { run(); });
}

AccessLog::~AccessLog()
{
    stopping_.store(true, std::memory_order_release);
    napper_.wakeNow();
    writer_.join();
}

void AccessLog::reopen() noexcept
{
    reopenWanted_.store(true, std::memory_order_release);
    napper_.wakeNow();
}

void AccessLog::flush()
{
    const std::uint64_t mine = flushAsked_.fetch_add(1, std::memory_order_acq_rel) + 1;
    napper_.wakeNow();
    for (std::uint64_t done = flushDone_.load(std::memory_order_acquire); done < mine;
         done = flushDone_.load(std::memory_order_acquire))
        flushDone_.wait(done, std::memory_order_acquire);
}

std::uint64_t AccessLog::sampledOut() const noexcept
{
    std::uint64_t sum = 0;
    for (const auto& lane : lanes_)
        sum += lane->sampledOut.load(std::memory_order_relaxed);
    return sum;
}

std::uint64_t AccessLog::dropped() const noexcept
{
    std::uint64_t sum = lost_.load(std::memory_order_relaxed);
    for (const auto& lane : lanes_)
        sum += lane->ring.dropped();
    return sum;
}

void AccessLog::run()
{
    pthread_setname_np(pthread_self(), "access-log");
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all,
                    nullptr); // signals are the main thread's; SIGPIPE and SIGXFSZ become errors of write()
    for (;;) {
        const bool stopping =
            stopping_.load(std::memory_order_acquire); // before draining: nothing comes after it
        const std::uint64_t flushAsked = flushAsked_.load(std::memory_order_acquire);
        if (reopenWanted_.exchange(false, std::memory_order_acq_rel)) {
            openPending_ = true;
            nextOpen_ = clock_.monotonic();
        }
        if (openPending_)
            openAgain();
        const bool busy = drain();
        writeBatch();
        if (flushDone_.load(std::memory_order_relaxed) < flushAsked) {
            flushDone_.store(flushAsked, std::memory_order_release);
            flushDone_.notify_all();
        }
        if (stopping)
            return;
        if (busy)
            napper_.nap(gatherTime);
        else if (openPending_)
            napper_.nap(retryTime);
        else
            napper_.sleep([this] { return !anyRecords(); });
    }
}

/// Formats what is there now, one ring after the other; false where there was nothing. Rings that fill as
/// fast as they are drained cannot keep it here: at most one ring's capacity is taken from each.
bool AccessLog::drain()
{
    bool any = false;
    AccessRecord record;
    for (const auto& lane : lanes_) {
        const std::size_t most = lane->ring.capacity() / sizeof(std::uint64_t);
        std::uint64_t taken = 0;
        for (; taken < most && lane->ring.pop(record); ++taken) {
            formatter_.append(batch_, record);
            ++batchLines_;
            if (taken % recordsPerRelease == recordsPerRelease - 1)
                lane->ring.popDone();
            if (batch_.size() >= batchBytes)
                writeBatch();
        }
        lane->ring.popDone();
        any = any || taken > 0;
    }
    return any;
}

bool AccessLog::anyRecords() const noexcept
{
    return std::any_of(lanes_.begin(), lanes_.end(), [](const auto& lane) { return !lane->ring.empty(); });
}

void AccessLog::writeBatch()
{
    if (batch_.empty())
        return;
    if (midLine_)
        batch_.insert(0, 1, '\n'); // the next line must not join the one that was cut
    std::string_view rest = batch_;
    while (!rest.empty()) {
        const ssize_t wrote = ::write(file_.get(), rest.data(), rest.size());
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0)
            break;
        count(writes_, 1);
        rest.remove_prefix(static_cast<std::size_t>(wrote));
    }
    const std::size_t wrote = batch_.size() - rest.size();
    auto lost = static_cast<std::uint64_t>(std::count(rest.begin(), rest.end(), '\n'));
    if (wrote > 0)
        midLine_ = batch_[wrote - 1] != '\n';
    else if (midLine_)
        --lost; // the one put in front
    if (!rest.empty()) {
        count(writeErrors_, 1);
        openPending_ = true;
    }
    count(lost_, lost);
    count(written_, batchLines_ - std::min(lost, batchLines_));
    batch_.clear();
    batchLines_ = 0;
}

void AccessLog::openAgain()
{
    const Monotonic now = clock_.monotonic();
    if (now < nextOpen_)
        return;
    nextOpen_ = now + retryTime;
    auto file = openFile(options_.path);
    if (!file) {
        count(openErrors_, 1);
        return;
    }
    struct stat before
    {
    };
    struct stat after
    {
    };
    const bool sameFile = ::fstat(file_.get(), &before) == 0 && ::fstat(file->get(), &after) == 0 &&
                          before.st_dev == after.st_dev && before.st_ino == after.st_ino;
    midLine_ = midLine_ && sameFile;
    file_ = std::move(*file);
    openPending_ = false;
}

} // namespace spillway::observe
