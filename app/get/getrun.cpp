// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/getrun.h"

namespace spillway::get {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPoll{50};

} // namespace

struct GetRun::Active final : TransferWatcher
{
    Active(GetRun& run, Wanted wanted)
        : report(run.report_), url(shownUrl(wanted.url.text)), began(run.clock_.monotonic()),
          transfer(run.client_, run.options_.transfer, run.places_, std::move(wanted), *this, run.clock_,
                   [&run] { return run.random(); })
    {
    }
    void onBegin(const std::string& path, std::optional<std::uint64_t> size, std::uint64_t resumed) override
    {
        report.begin(url, path, size, resumed);
    }
    void onRetry(const std::string& why, milliseconds wait) override { report.retry(url, why, wait); }
    void onRestart(const std::string& why) override { report.restart(url, why); }

    Report& report;
    const std::string url;
    const Monotonic began;
    Transfer transfer;
};

GetRun::GetRun(RunOptions options, const Clock& clock, const volatile std::sig_atomic_t& stopSignal)
    : options_(std::move(options)), clock_(clock), stopSignal_(stopSignal), client_(options_.http, clock),
      report_(options_.manner, clock)
{
    places_.most = options_.transfer.connections;
}

GetRun::~GetRun() = default;

void GetRun::failed(const std::string& url, const TransferFailure& failure, const std::string& path)
{
    ++failures_;
    if (exitCode_ == 0)
        exitCode_ = static_cast<int>(failure.kind);
    report_.failed(url, failure, path);
}

void GetRun::addFile(Wanted wanted)
{
    ++files_;
    waiting_.push_back(std::move(wanted));
}

int GetRun::run(std::vector<Url> urls)
{
    if (!options_.directory.empty() && !makeFolder(options_.directory))
        return exitCode_;
    for (Url& url : urls) {
        if (options_.recursive) {
            addFolder(url);
            transferAll();
        } else {
            Wanted wanted{
                std::move(url), options_.output, options_.directory, !options_.output.empty(), {}, {}};
            addFile(std::move(wanted));
        }
    }
    transferAll();
    report_.clear();
    if (stopSignal_ != 0) {
        report_.say("stopped; the same command goes on where it was");
        return 128 + static_cast<int>(stopSignal_);
    }
    report_.end(files_, failures_);
    return exitCode_;
}

std::optional<Wanted> GetRun::nextWanted()
{
    while (waiting_.empty() && !listed_.empty()) {
        const ListedEntry entry = std::move(listed_.front());
        listed_.pop_front();
        auto url = parseUrl(urlBelow(folder_.url, entry.path));
        if (!url) {
            failed(shownText(entry.path), {FailureKind::Broken, url.error().message, 0, {}}, {});
            continue;
        }
        url->user = folder_.url.user;
        url->password = folder_.url.password;
        return Wanted{std::move(*url), folder_.root + "/" + entry.path, {}, false, entry.size,
                      entry.modified};
    }
    if (waiting_.empty())
        return std::nullopt;
    Wanted next = std::move(waiting_.front());
    waiting_.pop_front();
    return next;
}

void GetRun::admit()
{
    while (active_.size() < places_.most && places_.taken < places_.most) {
        auto next = nextWanted();
        if (!next)
            return;
        active_.push_back(std::make_unique<Active>(*this, std::move(*next)));
        active_.back()->transfer.tick();
    }
}

void GetRun::reap()
{
    for (std::size_t i = 0; i < active_.size();) {
        Active& one = *active_[i];
        if (!one.transfer.over()) {
            ++i;
            continue;
        }
        if (one.transfer.failure())
            failed(one.url, *one.transfer.failure(), one.transfer.path());
        else
            report_.done(one.url, one.transfer, one.began);
        active_.erase(active_.begin() + static_cast<std::ptrdiff_t>(i));
    }
}

void GetRun::transferAll()
{
    while ((!waiting_.empty() || !listed_.empty() || !active_.empty()) && stopSignal_ == 0) {
        bool checking = false;
        for (const auto& one : active_) {
            one->transfer.tick();
            checking = checking || one->transfer.isChecking();
        }
        reap();
        admit();
        std::vector<const Transfer*> running;
        for (const auto& one : active_)
            if (!one->transfer.path().empty())
                running.push_back(&one->transfer);
        report_.progress(running, waiting_.size() + listed_.size(), clock_.monotonic());
        if (!active_.empty())
            client_.poll(checking ? milliseconds(0) : kPoll);
    }
    active_.clear(); // each notes what it has
}

} // namespace spillway::get
