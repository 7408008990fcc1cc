// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/get/httpclient.h"
#include "app/get/partfile.h"
#include "app/get/progress.h"
#include "app/get/remotefile.h"
#include "app/get/retry.h"
#include "app/get/segmentplan.h"
#include "app/get/urltext.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace spillway::get {

/// One file that is wanted.
struct Wanted
{
    Url url;
    std::string output;    ///< where it goes; empty: a name from the server, in `directory`
    std::string directory; ///< "" is the working folder
    bool replace = false;  ///< the user named this very file
    /// From a listing: a small file is asked for at once, without HEAD before it.
    std::optional<std::uint64_t> listedSize;
    std::optional<std::int64_t>
        listedModified; ///< Unix seconds; with the size it tells a file that is here already
};

struct TransferOptions
{
    unsigned connections = 4;
    std::uint64_t fixedSegments = 0; ///< bytes; 0: adaptive
    bool replace = false;            ///< a file of that name may be replaced
    RetryOptions retry;
    std::chrono::milliseconds stallTimeout{20'000}; ///< without a byte, while no connection gets any
    std::chrono::milliseconds answerTimeout{
        60'000}; ///< from a request to its head: a server may have us wait
    std::string token, password;
    bool hasPassword = false;
};

/// How many requests may run at once, over all transfers of a run. Whoever starts one takes a place.
struct Places
{
    unsigned most = 4, taken = 0;
};

struct TransferFailure
{
    FailureKind kind = FailureKind::Broken;
    std::string message; ///< without the URL
    int status = 0;      ///< of the answer behind it; 0: none
    std::optional<std::chrono::seconds> retryAfter;
};

/// What happens on the way, for those who watch. Texts are for people.
class TransferWatcher
{
public:
    virtual ~TransferWatcher() = default;
    /// The name is known, and how much is here already.
    virtual void onBegin(const std::string& path, std::optional<std::uint64_t> size,
                         std::uint64_t resumed) = 0;
    virtual void onRetry(const std::string& why, std::chrono::milliseconds wait) = 0;
    virtual void onRestart(const std::string& why) = 0;
};

/// One file from HEAD to its name. A state machine on an HttpClient: the owner polls the client and calls
/// tick() after it, until over(). One thread.
///
///     probe (HEAD, else GET bytes=0-0) ── prepare (name, lock, journal) ── ranges ──┐
///       ▲                                                            └─── stream ──┤
///       └── restart: the file has changed, or the server cannot do ranges ◄────────┤
///                                                                    digest, rename
///
/// Each range carries If-Range, and its head is looked at before its bytes: what is not exactly the asked-for
/// part of the known version is not written. Without a validator (RemoteFile) nothing is ever continued.
class Transfer
{
public:
    Transfer(HttpClient& client, const TransferOptions& options, Places& places, Wanted wanted,
             TransferWatcher& watcher, const Clock& clock, std::function<double()> random);
    ~Transfer();
    Transfer(const Transfer&) = delete;
    Transfer& operator=(const Transfer&) = delete;

    /// Starts what is due, looks after silent connections, keeps the journal. Cheap when nothing is due.
    void tick();
    /// Ends all requests and notes what is here. For Ctrl+C.
    void stop();

    [[nodiscard]] bool over() const;
    [[nodiscard]] const std::optional<TransferFailure>& failure() const; ///< none: it is there
    [[nodiscard]] bool wasThere() const;                                 ///< nothing had to be fetched
    [[nodiscard]] const std::string& path() const;                       ///< empty before it is known
    [[nodiscard]] std::optional<std::uint64_t> size() const;
    [[nodiscard]] std::uint64_t done() const;
    [[nodiscard]] std::uint64_t received() const; ///< from the network, in this run
    [[nodiscard]] unsigned connections() const;   ///< that have a request now
    [[nodiscard]] bool isChecking() const;        ///< has work for tick() that waits for no network
    [[nodiscard]] bool verified() const;          ///< the server's digest was there and right
    /// A short phrase where it waits for something: "server busy, again in 12 s".
    [[nodiscard]] std::string note() const;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace spillway::get
