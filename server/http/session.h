// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/answerlist.h"
#include "server/http/exchange.h"
#include "server/http/forwarded.h"
#include "server/http/headgate.h"
#include "server/http/headwriter.h"
#include "server/http/proxywatch.h"
#include "server/http/qtserver.h"
#include "server/net/worker.h"
#include "server/observe/accesslog.h"
#include "server/observe/trace.h"

#include <deque>
#include <utility>

namespace spillway::http {

struct SessionLimits
{
    HeadLimits head;
    std::size_t pipelinedBytes =
        64 * 1024; ///< read at once, so the most that is kept behind an unfinished answer
    std::uint32_t keepAliveRequests = 0; ///< requests of one connection; 0: no bound
};

/// HTTP/1.1 on one worker's connections: bytes → head gate → QHttpServer on a lane → handler → answer, one at
/// a time and in order (RFC 9112 §9.3.2). Keeps the pipelined rest, collects request bodies where a handler
/// takes them, writes the access log and counts. Worker thread only.
class Session final : public net::Protocol
{
public:
    Session(net::Worker& worker, RequestHandler& handler, SessionLimits limits, observe::AccessLog* log,
            std::size_t workerIndex);
    ~Session() override;

    void readable(net::Connection& connection) override;
    void answerEnded(net::Connection& connection, bool complete) override;
    void readTimedOut(net::Connection& connection) override;
    void waitTimedOut(net::Connection& connection) override;
    void peerEnded(net::Connection& connection) override;
    [[nodiscard]] bool accepted(net::Connection& connection) override;

    /// Whose forwarded fields are believed from now on; nobody's before the first call. `watch`, which may be
    /// null, hears of peers that send such fields and are not believed, and outlives this.
    void setProxies(std::shared_ptr<const TrustedProxies> proxies, ProxyWatch* watch)
    {
        proxies_ = std::move(proxies);
        proxyWatch_ = watch;
        watchedPeer_ = {};
    }
    /// A whole line "Strict-Transport-Security: …" for answers over TLS (RFC 6797 §7.2), or nothing.
    void setTransportSecurity(std::string line) { transportSecurity_ = std::move(line); }
    /// Copies the answers that are going out, at most `most`, for a console, and with `endedAfter` those of
    /// the last kEndedKept that have ended with a higher serial. It looks at every connection of the worker,
    /// so it is for a few times a second.
    void listAnswers(AnswerList& out, std::size_t most, std::optional<std::uint64_t> endedAfter = {}) const;
    static constexpr std::size_t kEndedKept = 256; ///< answers that went out in more than one piece
    /// What was downloaded since the last call, also by answers that still go out: of these at most
    /// kTalliedAtOnce, the rest with the next call. Null: nothing. For once a second.
    [[nodiscard]] std::unique_ptr<observe::DownloadTally> takeTally();
    static constexpr std::size_t kTalliedAtOnce = 8192;

    /// Requests that wait for something outside the worker.
    [[nodiscard]] std::size_t parked() const noexcept
    {
        return static_cast<std::size_t>(worker_.counters().value(observe::Gauge::ParkedNow));
    }

private:
    friend class Exchange;
    friend class Parked;
    /// Answers that are going out, in a ring through `going_`.
    struct Going
    {
        Going() = default;
        ~Going() { unlink(); }
        Going(const Going&) = delete;
        Going& operator=(const Going&) = delete;
        void linkBefore(Going& other)
        {
            unlink();
            before = std::exchange(other.before, this);
            after = &other;
            before->after = this;
        }
        void unlink()
        {
            before->after = after;
            after->before = before;
            before = after = this;
        }
        Going* before = this;
        Going* after = this;
    };
    struct InFlight;
    struct ParkedRequest;
    class Call;

    void readOn(net::Connection& connection, int served);
    /// Returns how many of `bytes` were used; the connection may be closed, waiting or sending afterwards.
    [[nodiscard]] std::size_t serve(net::Connection& connection, std::string_view bytes, int& served);
    void call(net::Connection& connection, const RequestHead& head, std::string_view raw,
              std::string_view body);
    void reject(net::Connection& connection, const GateResult& result,
                net::EndReason reason = net::EndReason::BadRequest);
    void refuseBody(net::Connection& connection, const RequestHead& head, int status,
                    std::string_view detail);
    void resume(const Parked& parked, const std::function<void(Exchange&)>& handle);
    void resume(net::Connection& connection, const std::function<void(Exchange&)>& handle);
    void wake(const Parked& parked);
    [[nodiscard]] static ParkedRequest* parkedAt(const Parked& parked);
    void afterCall(Exchange& exchange);
    void findClient(Exchange& exchange);
    [[nodiscard]] static AnswerList::Row rowOf(AnswerList& out, const InFlight& answer,
                                               const net::PeerAddress& peer);
    void keepEnded(const net::Connection& connection, std::unique_ptr<net::Connection::Exchange> answer,
                   std::uint64_t sent, bool complete);
    void finishAnswer(net::Connection& connection, bool close);
    void record(const Exchange& exchange, std::uint64_t bytes);
    void tally(const Exchange& exchange, std::uint64_t bodyBytes);
    void tally(InFlight& answer, std::uint64_t bodyBytes);
    void keepForLater(Exchange& exchange, bool close);
    [[nodiscard]] Parked parkRequest(const Exchange& exchange, std::unique_ptr<Waiting> waiting = nullptr);
    [[nodiscard]] std::int64_t wallSecond();

    /// What is left of an answer that has ended; its watcher, and so all that it held, is gone.
    struct Ended
    {
        std::unique_ptr<net::Connection::Exchange> answer;
        net::PeerAddress peer;
        std::uint64_t sent = 0, left = 0, serial = 0;
        Monotonic end{};
        bool complete = false, endless = false;
    };
    net::Worker& worker_;
    RequestHandler& handler_;
    SessionLimits limits_;
    observe::AccessLog* log_;
    std::size_t workerIndex_;
    std::string transportSecurity_;
    HeadGate gate_;
    HeadGate resumeGate_; ///< a request resumed inside another's call must not overwrite the gate's scratch
    HeadWriter writer_;
    QtServer qt_;
    std::shared_ptr<const TrustedProxies> proxies_;
    ProxyWatch* proxyWatch_ = nullptr;
    config::IpAddress watchedPeer_; ///< the last one that proxyWatch_ needs no more of
    observe::IdGenerator ids_;
    Going going_;
    std::unique_ptr<observe::DownloadTally> tally_; ///< since takeTally(); null: nothing yet
    std::deque<Ended> ended_;                       ///< the newest at the end
    std::uint64_t endedSerial_ = 0;
    std::uint32_t parkSerial_ = 0;
    WallTime wall_{}; ///< read at most every 50 ms
    Monotonic wallReadAt_{};
};

} // namespace spillway::http
