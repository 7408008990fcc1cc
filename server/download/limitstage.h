// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/download/target.h"
#include "server/http/exchange.h"
#include "server/policy/limittree.h"

#include <vector>

namespace spillway::download {

/// The stage between "may have it" and "where is it": how often, how many at a time, how fast. One per
/// worker, on its thread.
///
///     admit ── requests: connection, IP, link, token, share, server ── over one ──► 429
///       └───── slots:    the same way ── one is missing ──► parked in the waiting line ──► go, or 503
///       └───── the pacer for the answer; null where no level limits bandwidth
///
/// Who is over a limit of his own costs the others nothing, since the inner levels are asked first. The
/// address's node hangs on the connection: a client that keeps its connection costs no look-up. Static pages
/// and health never come here. Answers that go out are remembered until their end, so that a limit that is
/// set, changed or taken away reaches them as well.
///
/// 429 carries Retry-After, RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-10). Answers
/// that were let through do not: their heads are made once and sent to everybody.
class LimitStage
{
public:
    /// Goes on with an admitted request, from where admit() stopped it.
    using Go = std::function<void(http::Exchange&, Target)>;
    LimitStage(policy::LimitTree& tree, Go go) : tree_(tree), go_(std::move(go)) {}
    ~LimitStage();
    LimitStage(const LimitStage&) = delete;
    LimitStage& operator=(const LimitStage&) = delete;

    /// Other rules are in force, of this epoch.
    void setRules(const Rules& rules, std::uint64_t epoch);

    /// True: let through, with target.pacer and target.admission set where something is limited. False: it is
    /// answered, or it waits, and `go` takes it on.
    [[nodiscard]] bool admit(http::Exchange& exchange, Target& target);
    /// The same for a request that has its slots from before the rules changed.
    void readmit(http::Exchange& exchange, Target& target, std::shared_ptr<policy::Admission> admission);

    enum class Known : std::uint8_t
    {
        Admitted,
        Answered, ///< 429
        LongWay   ///< slots or bandwidth are limited: admit() is for that, nothing was taken
    };
    /// The short way, for a target whose path is known. One load where nothing is limited.
    [[nodiscard]] Known admitKnown(http::Exchange& exchange, const policy::LimitPath* path)
    {
        return !active_ && !path ? Known::Admitted : admitOnPath(exchange, path);
    }

    /// Says, as long as it lives, what the answer is of that is given to the session.
    class Answering
    {
    public:
        Answering(LimitStage& stage, const LimitSubjects& subjects, std::uint64_t epoch,
                  const std::shared_ptr<policy::Admission>& admission = nullptr)
            : stage_(stage), subjects_(subjects), epoch_(epoch), admission_(admission)
        {
            stage_.answering_ = this;
        }
        ~Answering() { stage_.answering_ = nullptr; }
        Answering(const Answering&) = delete;
        Answering& operator=(const Answering&) = delete;

    private:
        friend class LimitStage;
        LimitStage& stage_;
        const LimitSubjects& subjects_;
        const std::uint64_t epoch_; ///< of the rules that it was admitted by
        const std::shared_ptr<policy::Admission> admission_;
    };
    /// For an answer that does not go out at once; null outside of Answering.
    [[nodiscard]] std::unique_ptr<http::AnswerWatcher> follow(http::Exchange& exchange,
                                                              net::Connection& connection);

    /// A connection was accepted; false: its address has too many.
    [[nodiscard]] bool accepted(net::Connection& connection);
    /// Brings what goes out, and what is open, under the limits of now.
    void limitsChanged(net::Worker& worker);
    /// Whether an answer of this link goes out.
    [[nodiscard]] bool follows(const policy::SubjectKey& link) const;
    /// A link's record has other limits of its own.
    void linkChanged(const policy::SubjectKey& link, BytesPerSecond rate, std::int64_t downloads);

private:
    struct ClientHold;
    struct Queued;
    class Transfer;
    [[nodiscard]] Known admitOnPath(http::Exchange& exchange, const policy::LimitPath* path);
    [[nodiscard]] policy::LimitPath pathOf(const LimitSubjects& subjects);
    [[nodiscard]] policy::LimitPath pathFor(http::Exchange& exchange, Target& target);
    [[nodiscard]] ClientHold& holdOf(net::Connection& connection, const net::PeerAddress& client);
    void addClient(policy::LimitPath& path, net::Connection& connection, const net::PeerAddress& client);
    [[nodiscard]] bool takeRequest(http::Exchange& exchange, const policy::LimitPath& path);
    [[nodiscard]] bool takeSlots(http::Exchange& exchange, Target& target, const policy::LimitPath& path);
    void wait(http::Exchange& exchange, const std::shared_ptr<Queued>& queued);
    void goOn(http::Exchange& exchange, const std::shared_ptr<Queued>& queued);
    void refuse(http::Exchange& exchange, const policy::LimitNode& node,
                const policy::RequestRate::Decision& decision);
    void reconsider(Transfer& transfer);

    policy::LimitTree& tree_;
    Go go_;
    std::shared_ptr<const policy::LimitSet> limits_ = std::make_shared<const policy::LimitSet>();
    std::uint64_t epoch_ = 0;
    bool active_ = false;    ///< anything is limited by the set
    bool perClient_ = false; ///< the levels IP or connection limit something
    Answering* answering_ = nullptr;
    std::vector<Transfer*> transfers_; ///< that go out now
};

} // namespace spillway::download
