// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/zipchecksums.h"

#include <algorithm>
#include <cerrno>
#include <unistd.h>
#include <zlib.h>

namespace spillway::body {

namespace {

constexpr std::uint64_t kStep = 4U << 20;
constexpr std::size_t kBuffer = 256U << 10;

} // namespace

Result<OpenedPath> openZipEntry(const ZipPlan& plan, std::size_t entry)
{
    auto opened = plan.root().open(plan.pathInShare(entry));
    if (!opened || opened->facts.kind != FileKind::File || versionOf(opened->facts) != plan.version(entry)) {
        plan.markChanged();
        if (!opened)
            return fail(opened.error());
        return fail(ErrorCode::Conflict, "The file changed since the archive was planned.");
    }
    return opened;
}

bool isZipEntry(const ZipPlan& plan, std::size_t entry, int fd)
{
    struct stat status
    {
    };
    const bool same = ::fstat(fd, &status) == 0 && versionOf(factsOf(status)) == plan.version(entry);
    if (!same)
        plan.markChanged();
    return same;
}

/// Who waits; its ticket keeps it, the job does not.
struct ZipChecksums::Waiter
{
    Done done;
};

struct ZipChecksums::Job
{
    Job(ZipPlanPtr of, std::size_t what) : plan(std::move(of)), wanted(what) {}

    const ZipPlanPtr plan;
    const std::size_t wanted; ///< an entry, or all

    // Guarded by the owner's mutex.
    std::vector<std::weak_ptr<Waiter>> waiters;
    Monotonic askedAt{};

    // Of the thread that runs it.
    std::size_t entry = 0; ///< that is read now
    UniqueFd file;
    std::uint64_t at = 0;
    unsigned long crc = 0;

    enum class Step
    {
        More,
        Done,
        Failed
    };
    Step step();
    Step next();
};

/// Opens the next file that has to be read.
ZipChecksums::Job::Step ZipChecksums::Job::next()
{
    if (wanted == all) {
        const auto missing = plan->missingFrom(entry);
        if (!missing)
            return Step::Done;
        entry = *missing;
    } else {
        entry = wanted;
        if (plan->crc(entry))
            return Step::Done;
    }
    auto opened = openZipEntry(*plan, entry);
    if (!opened)
        return Step::Failed;
    file = std::move(opened->fd);
    at = 0;
    crc = ::crc32(0, nullptr, 0);
    return Step::More;
}

ZipChecksums::Job::Step ZipChecksums::Job::step()
{
    if (!file)
        if (const Step opened = next(); opened != Step::More)
            return opened;
    thread_local std::vector<unsigned char> buffer(kBuffer);
    const std::uint64_t size = plan->size(entry);
    for (const std::uint64_t end = std::min(at + kStep, size); at < end;) {
        const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(kBuffer, end - at));
        const ssize_t n = ::pread(file.get(), buffer.data(), most, static_cast<off_t>(at));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            plan->markChanged();
            return Step::Failed;
        }
        crc = ::crc32_z(crc, buffer.data(), static_cast<std::size_t>(n));
        at += static_cast<std::uint64_t>(n);
    }
    if (at < size)
        return Step::More;
    if (!isZipEntry(*plan, entry, file.get()))
        return Step::Failed;
    plan->setCrc(entry, static_cast<std::uint32_t>(crc));
    file.reset();
    return wanted == all ? Step::More : Step::Done;
}

ZipChecksums::Ticket ZipChecksums::want(const ZipPlanPtr& plan, std::size_t entry, Done done)
{
    auto waiter = std::make_shared<Waiter>(Waiter{std::move(done)});
    const Key key{plan.get(), entry};
    std::shared_ptr<Job> refused;
    {
        const std::lock_guard lock(mutex_);
        auto& job = jobs_[key];
        const bool fresh = !job;
        if (fresh)
            job = std::make_shared<Job>(plan, entry);
        job->waiters.push_back(waiter);
        job->askedAt = clock_.monotonic();
        if (fresh && (stopping_ || !pool_.submit([this, job] { run(job); })))
            refused = job;
    }
    if (refused)
        finish(*refused, false);
    return waiter;
}

void ZipChecksums::stop()
{
    const std::lock_guard lock(mutex_);
    stopping_ = true;
}

void ZipChecksums::run(const std::shared_ptr<Job>& job)
{
    for (;;) {
        if (!goOn(*job))
            return;
        const Job::Step step = job->step();
        if (step != Job::Step::More) {
            finish(*job, step == Job::Step::Done);
            return;
        }
        // Others wait for the thread too; where the pool is full, go on here.
        if (pool_.submit([this, job] { run(job); }))
            return;
    }
}

/// Whether anybody wants it still; where not, it is forgotten.
bool ZipChecksums::goOn(Job& job)
{
    const std::lock_guard lock(mutex_);
    std::erase_if(job.waiters, [](const std::weak_ptr<Waiter>& waiter) { return waiter.expired(); });
    const bool wanted = !job.waiters.empty() || clock_.monotonic() - job.askedAt < lasting;
    if (wanted && !stopping_)
        return true;
    jobs_.erase({job.plan.get(), job.wanted});
    return false;
}

void ZipChecksums::finish(Job& job, bool good)
{
    std::vector<std::weak_ptr<Waiter>> waiters;
    {
        const std::lock_guard lock(mutex_);
        waiters.swap(job.waiters);
        jobs_.erase({job.plan.get(), job.wanted});
    }
    for (const auto& weak : waiters)
        if (const auto waiter = weak.lock())
            waiter->done(good);
}

} // namespace spillway::body
