// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/getrun.h"

#include "app/get/safename.h"

#include <algorithm>
#include <filesystem>
#include <thread>

namespace spillway::get {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPoll{50};

Error folderError(const std::string& path, const std::error_code& error)
{
    return osError("cannot make the folder " + path, error.value());
}

} // namespace

struct GetRun::Active final : TransferWatcher
{
    Active(GetRun& run, Wanted wanted)
        : report(run.report_), url(shownUrl(wanted.url.text)), began(run.clock_.monotonic()),
          transfer(run.client_, run.options_.transfer, run.places_, std::move(wanted), *this, run.clock_,
                   [&run] { return std::uniform_real_distribution<>(0, 1)(run.random_); })
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
    if (!options_.directory.empty()) {
        std::error_code error;
        std::filesystem::create_directories(options_.directory, error);
        if (error) {
            failed(options_.directory,
                   {FailureKind::Local, folderError(options_.directory, error).message, 0, {}}, {});
            return exitCode_;
        }
    }
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

bool GetRun::list(const Url& folder, ListingReader& reader)
{
    HttpRequest request{withParameter(folder, "format=ndjson&depth=" + std::to_string(ListingReader::kDepth)),
                        false,
                        {"Accept: application/x-ndjson"},
                        options_.transfer.token,
                        folder.user,
                        options_.transfer.hasPassword ? options_.transfer.password : folder.password,
                        options_.transfer.hasPassword || !folder.user.empty()};
    const auto id = client_.start(request, reader);
    while (!reader.over()) {
        client_.poll(kPoll);
        const bool silent = clock_.monotonic() - reader.lastByte() >= options_.transfer.answerTimeout;
        if (stopSignal_ != 0 || (silent && !reader.over())) {
            client_.cancel(id);
            reader.onEnd({RequestEnd::Cause::Cut, "nothing came for too long"});
            return false;
        }
    }
    return !reader.problem();
}

void GetRun::addFolder(const Url& given)
{
    Url folder = given;
    if (!folder.path.ends_with('/')) {
        folder.path += '/';
        folder.text = folder.origin + folder.path + (folder.query.empty() ? "" : "?" + folder.query);
    }
    const std::string name = chooseName({}, folder.path);
    const std::string root = options_.directory.empty() ? name : options_.directory + "/" + name;
    std::deque<std::string> below{""};
    while (!below.empty() && stopSignal_ == 0) {
        const std::string part = std::move(below.front());
        below.pop_front();
        Url url = folder;
        if (!part.empty()) {
            auto deeper = parseUrl(urlBelow(folder, part + "/"));
            if (!deeper)
                continue;
            url.text = deeper->text;
        }
        Backoff backoff(options_.transfer.retry);
        for (;;) {
            ListingReader reader(clock_);
            const bool whole = list(url, reader);
            if (stopSignal_ != 0)
                return;
            if (whole) {
                addEntries(folder, root, part, reader.entries(), below);
                if (reader.skipped() > 0)
                    failed(shownUrl(url.text),
                           {FailureKind::Broken,
                            std::to_string(reader.skipped()) +
                                " entries of the listing have names that cannot be here",
                            0,
                            {}},
                           {});
                break;
            }
            const int status = reader.head().status;
            const StatusVerdict verdict =
                status == 200 || status == 0 ? StatusVerdict{FailureKind::Broken, true} : judgeStatus(status);
            const bool otherKind = status == 200 && reader.entries().empty() &&
                                   !reader.head().contentType.starts_with("application/x-ndjson");
            const auto retryAfter = parseRetryAfter(reader.head().retryAfter, clock_.wall());
            const auto wait =
                verdict.again && !otherKind && backoff.failures() < 2
                    ? backoff.failed(std::uniform_real_distribution<>(0, 1)(random_), retryAfter)
                    : std::nullopt;
            if (!wait) {
                failed(shownUrl(url.text), {verdict.kind, *reader.problem(), status, retryAfter}, {});
                break;
            }
            report_.retry(shownUrl(url.text), *reader.problem(), *wait);
            const Monotonic until = clock_.monotonic() + *wait;
            while (clock_.monotonic() < until && stopSignal_ == 0)
                std::this_thread::sleep_for(kPoll);
        }
    }
}

void GetRun::addEntries(const Url& folder, const std::string& root, const std::string& below,
                        std::vector<ListedEntry>& entries, std::deque<std::string>& deeper)
{
    std::string made;
    const auto make = [&](const std::string& path) {
        std::error_code error;
        if (path != made)
            std::filesystem::create_directories(path, error);
        made = path;
        if (error)
            failed(path, {FailureKind::Local, folderError(path, error).message, 0, {}}, {});
        return !error;
    };
    if (!make(root))
        return;
    for (ListedEntry& entry : entries) {
        const std::string path = below.empty() ? entry.path : below + "/" + entry.path;
        const std::string local = root + "/" + path;
        if (entry.folder) {
            if (!make(local))
                return;
            const auto depth = std::count(entry.path.begin(), entry.path.end(), '/') + 1;
            if (depth >= static_cast<std::ptrdiff_t>(ListingReader::kDepth))
                deeper.push_back(path);
            continue;
        }
        // A name with a character that no URL may hold is encoded by urlBelow.
        auto url = parseUrl(urlBelow(folder, path));
        if (!url)
            continue;
        url->user = folder.user;
        url->password = folder.password;
        addFile({std::move(*url), local, {}, false, entry.size, entry.modified});
    }
    entries.clear();
}

void GetRun::admit()
{
    while (!waiting_.empty() && active_.size() < places_.most && places_.taken < places_.most) {
        active_.push_back(std::make_unique<Active>(*this, std::move(waiting_.front())));
        waiting_.pop_front();
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
    while ((!waiting_.empty() || !active_.empty()) && stopSignal_ == 0) {
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
        report_.progress(running, waiting_.size(), clock_.monotonic());
        if (!active_.empty())
            client_.poll(checking ? milliseconds(0) : kPoll);
    }
    active_.clear(); // each notes what it has
}

} // namespace spillway::get
