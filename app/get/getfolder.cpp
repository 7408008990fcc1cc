// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/getrun.h"
#include "app/get/safename.h"

#include <algorithm>
#include <filesystem>
#include <thread>

namespace spillway::get {

namespace {

constexpr std::chrono::milliseconds kPoll{50};
constexpr unsigned kListingTries = 3;

} // namespace

bool GetRun::makeFolder(const std::string& path)
{
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error)
        failed(path,
               {FailureKind::Local, osError("cannot make the folder " + path, error.value()).message, 0, {}},
               {});
    return !error;
}

void GetRun::addFolder(const Url& given)
{
    folder_.url = given;
    Url& url = folder_.url;
    if (!url.path.ends_with('/')) {
        url.path += '/';
        url.text = url.origin + url.path + (url.query.empty() ? "" : "?" + url.query);
    }
    const std::string name = chooseName({}, url.path);
    folder_.root = options_.directory.empty() ? name : options_.directory + "/" + name;
    std::deque<std::string> below{""};
    while (!below.empty() && stopSignal_ == 0) {
        const std::string part = std::move(below.front());
        below.pop_front();
        listPart(part, below);
    }
}

void GetRun::listPart(const std::string& below, std::deque<std::string>& deeper)
{
    Url part = folder_.url;
    if (!below.empty())
        part.text = urlBelow(folder_.url, below + "/");
    const std::string shown = shownUrl(part.text);
    Backoff backoff(options_.transfer.retry);
    for (;;) {
        ListingReader reader(clock_);
        const bool whole = list(part, reader);
        if (stopSignal_ != 0)
            return;
        if (whole) {
            addEntries(below, reader.entries(), deeper);
            if (reader.skipped() > 0)
                failed(shown,
                       {FailureKind::Broken,
                        std::to_string(reader.skipped()) +
                            " entries of the listing have names that cannot be here",
                        0,
                        {}},
                       {});
            return;
        }
        const StatusVerdict verdict = reader.verdict();
        const auto retryAfter = parseRetryAfter(reader.head().retryAfter, clock_.wall());
        const auto wait = verdict.again && backoff.failures() + 1 < kListingTries
                              ? backoff.failed(random(), retryAfter)
                              : std::nullopt;
        if (!wait)
            return failed(shown, {verdict.kind, *reader.problem(), reader.head().status, retryAfter}, {});
        report_.retry(shown, *reader.problem(), *wait);
        for (const Monotonic until = clock_.monotonic() + *wait;
             clock_.monotonic() < until && stopSignal_ == 0;)
            std::this_thread::sleep_for(kPoll);
    }
}

bool GetRun::list(const Url& part, ListingReader& reader)
{
    const bool hasPassword = options_.transfer.hasPassword || !part.user.empty() || !part.password.empty();
    const HttpRequest request{
        withParameter(part, "format=ndjson&depth=" + std::to_string(ListingReader::kDepth)),
        false,
        {"Accept: application/x-ndjson"},
        options_.transfer.token,
        part.user,
        options_.transfer.hasPassword ? options_.transfer.password : part.password,
        hasPassword};
    const auto id = client_.start(request, reader);
    while (!reader.over()) {
        client_.poll(kPoll);
        const bool silent =
            clock_.monotonic() - reader.lastByte() >= options_.transfer.answerTimeout && !client_.isHeld(id);
        if (!reader.over() && (stopSignal_ != 0 || silent)) {
            client_.cancel(id);
            reader.onEnd({RequestEnd::Cause::Cut, "nothing came for too long"});
        }
    }
    return !reader.problem();
}

void GetRun::addEntries(const std::string& below, std::vector<ListedEntry>& entries,
                        std::deque<std::string>& deeper)
{
    if (!makeFolder(folder_.root))
        return;
    for (ListedEntry& entry : entries) {
        const auto depth = std::count(entry.path.begin(), entry.path.end(), '/') + 1;
        if (!below.empty())
            entry.path = below + "/" + entry.path;
        if (!entry.folder) {
            ++files_;
            listed_.push_back(std::move(entry));
            continue;
        }
        // A listing names a folder before what is in it.
        if (!makeFolder(folder_.root + "/" + entry.path))
            return;
        if (depth >= static_cast<std::ptrdiff_t>(ListingReader::kDepth))
            deeper.push_back(entry.path);
    }
}

} // namespace spillway::get
