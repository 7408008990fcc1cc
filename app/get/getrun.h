// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/get/folderlisting.h"
#include "app/get/report.h"
#include "app/get/transfer.h"

#include <csignal>
#include <deque>
#include <memory>
#include <random>
#include <vector>

namespace spillway::get {

/// Spans of a journal bound it (kMostJournalSpans).
inline constexpr unsigned kMostConnections = 32;

struct RunOptions
{
    TransferOptions transfer;
    HttpOptions http;
    bool recursive = false;
    std::string directory, output;
    Report::Manner manner = Report::Manner::Quiet;
};

/// All downloads of one call: as many at a time as there are places for requests, the earlier ones first to
/// take them. A large file has them all, many small ones have one each. One thread; ends early where
/// `stopSignal` is set to a signal's number.
class GetRun
{
public:
    GetRun(RunOptions options, const Clock& clock, const volatile std::sig_atomic_t& stopSignal);
    ~GetRun();

    /// The exit code.
    int run(std::vector<Url> urls);

private:
    struct Active;

    /// A folder whose files are fetched now.
    struct Folder
    {
        Url url;
        std::string root; ///< where it goes
    };

    void addFile(Wanted wanted);
    void addFolder(const Url& url);
    /// Lists folder_'s own part `below`; folders that its listing did not reach are added to `deeper`.
    void listPart(const std::string& below, std::deque<std::string>& deeper);
    void addEntries(const std::string& below, std::vector<ListedEntry>& entries,
                    std::deque<std::string>& deeper);
    [[nodiscard]] bool list(const Url& part, ListingReader& reader);
    [[nodiscard]] bool makeFolder(const std::string& path);
    [[nodiscard]] double random() { return std::uniform_real_distribution<>(0, 1)(random_); }
    void transferAll();
    void reap();
    void admit();
    [[nodiscard]] std::optional<Wanted> nextWanted();
    void failed(const std::string& url, const TransferFailure& failure, const std::string& path);

    RunOptions options_;
    const Clock& clock_;
    const volatile std::sig_atomic_t& stopSignal_;
    HttpClient client_;
    Report report_;
    Places places_;
    std::mt19937_64 random_{std::random_device{}()};
    std::deque<Wanted> waiting_;
    Folder folder_;
    std::deque<ListedEntry> listed_; ///< of folder_, small because there may be millions
    std::vector<std::unique_ptr<Active>> active_;
    std::size_t files_ = 0, failures_ = 0;
    int exitCode_ = 0;
};

} // namespace spillway::get
