// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/download/right.h"
#include "server/http/exchange.h"

#include <functional>
#include <memory>
#include <string>
#include <unordered_set>

namespace spillway::download {

/// One worker's answers that go out by a right (a token, a link, a presigned URL) and did not fit into one
/// send. When the rules have moved on, or the right's time is over, its judge is asked again, and an answer
/// whose right is gone ends: so a revocation reaches downloads that run.
///
///     continues ─► follow() ─► in the list ─► its answer ends: out of it
///                                  ▲
///                                  └── sweep(), four times a second while there are any
///
/// Costs a pointer per answer, nothing per window. Bounded by the connections. Worker thread only.
class RunningAnswers
{
public:
    enum class Verdict : std::uint8_t
    {
        Holds,
        Gone,
        Unknown ///< not to be known now (its record is being read): asked again at the next sweep
    };
    struct Item
    {
        std::shared_ptr<const Right> right;
        net::PeerAddress client;
        net::Connection& connection;
        std::uint64_t epoch = 0;    ///< of the rules that it was last judged by
        std::int64_t expiresAt = 0; ///< 0: never; the judge may move it
    };
    using Judge = std::function<Verdict(Item&)>;

    RunningAnswers() = default;
    ~RunningAnswers();
    RunningAnswers(const RunningAnswers&) = delete;
    RunningAnswers& operator=(const RunningAnswers&) = delete;

    /// Told when the first answer comes and when the last has gone: who calls sweep() may rest between.
    void onBusy(std::function<void(bool)> told) { told_ = std::move(told); }
    /// For the answer to `exchange`, which goes out on `connection`.
    [[nodiscard]] std::unique_ptr<http::AnswerWatcher> follow(std::shared_ptr<const Right> right,
                                                              const http::Exchange& exchange,
                                                              net::Connection& connection,
                                                              std::uint64_t epoch);
    /// Ends those that `judge` finds gone; it is asked about those of another epoch and those whose time is
    /// over.
    void sweep(std::uint64_t epoch, std::int64_t now, const Judge& judge);

    [[nodiscard]] std::size_t size() const noexcept { return watchers_.size(); }

private:
    class Watcher;
    std::unordered_set<Watcher*> watchers_;
    std::function<void(bool)> told_;
};

} // namespace spillway::download
