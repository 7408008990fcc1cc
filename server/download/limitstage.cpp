// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/limitstage.h"

#include "server/download/credentials.h"
#include "server/net/worker.h"

#include <algorithm>

namespace spillway::download {

using policy::LimitLevel;
using policy::LimitNode;
using policy::LimitPath;
using policy::SlotQueue;
using policy::SubjectKey;

namespace {

constexpr std::size_t kIp = policy::indexOf(LimitLevel::Ip);
constexpr std::size_t kConnection = policy::indexOf(LimitLevel::Connection);
constexpr std::string_view kRetryLater = "Retry-After: 10\r\n";

bool shapes(const LimitNode& node)
{
    return node.slots() || node.bandwidth();
}

bool anyShapes(const LimitPath& path)
{
    return std::any_of(path.begin(), path.end(), [](const auto& node) { return node && shapes(*node); });
}

} // namespace

/// Whose limits hold on a connection, looked up once for each client and epoch of rules.
struct LimitStage::ClientHold final : net::Connection::Attachment
{
    ~ClientHold() override
    {
        if (counted)
            counted->closeConnection();
    }
    std::array<std::uint8_t, 16> client{}; ///< behind a proxy another one may follow
    std::uint64_t epoch = 0;
    std::shared_ptr<LimitNode> ip, connection;
    std::shared_ptr<LimitNode> counted; ///< where this connection counts as open
};

/// A request in a waiting line. Lives in the parked request: gone with it when the client leaves.
struct LimitStage::Queued
{
    Target target;
    std::shared_ptr<policy::Admission> admission;
    Monotonic since;
    bool full = false;
};

/// An answer that goes out: what its limits are found by.
class LimitStage::Transfer final : public http::AnswerWatcher
{
public:
    Transfer(LimitStage& stage, net::Connection& itsConnection, const net::PeerAddress& itsClient,
             const Answering& answering)
        : connection(itsConnection), client(itsClient), subjects(answering.subjects_),
          admission(answering.admission_), stage_(&stage), index_(stage.transfers_.size())
    {
        stage.transfers_.push_back(this);
        stage.tree_.countRunning(1);
    }
    ~Transfer() override { leave(); }
    void ended(std::uint64_t, std::uint64_t, bool) override { leave(); }
    void forget() { stage_ = nullptr; }

    net::Connection& connection;
    const net::PeerAddress client;
    LimitSubjects subjects;
    std::shared_ptr<policy::Admission> admission;

private:
    void leave()
    {
        admission.reset();
        if (!stage_)
            return;
        auto& all = stage_->transfers_;
        all.back()->index_ = index_;
        all[index_] = all.back();
        all.pop_back();
        stage_->tree_.countRunning(-1);
        stage_ = nullptr;
    }

    LimitStage* stage_; ///< null: it is gone
    std::size_t index_; ///< in the stage's list
};

LimitStage::~LimitStage()
{
    for (Transfer* transfer : transfers_)
        transfer->forget();
}

void LimitStage::setRules(const Rules& rules, std::uint64_t epoch)
{
    limits_ = rules.limits;
    epoch_ = epoch;
    active_ = !limits_->empty();
    perClient_ = !limits_->untouched(LimitLevel::Ip) || !limits_->untouched(LimitLevel::Connection);
}

LimitPath LimitStage::pathOf(const LimitSubjects& subjects)
{
    LimitPath path;
    const auto take = [&](LimitLevel level, const SubjectKey& key) {
        path[policy::indexOf(level)] = tree_.find(*limits_, level, key);
    };
    take(LimitLevel::Server, {});
    take(LimitLevel::Share, SubjectKey::number(subjects.share));
    if (subjects.token)
        take(LimitLevel::Token, *subjects.token);
    if (subjects.link)
        path[policy::indexOf(LimitLevel::Link)] =
            tree_.findLink(*limits_, *subjects.link, subjects.ownRate, subjects.ownDownloads);
    return path;
}

LimitStage::ClientHold& LimitStage::holdOf(net::Connection& connection, const net::PeerAddress& client)
{
    auto& attachment = connection.attachment;
    if (!attachment)
        attachment = std::make_unique<ClientHold>();
    auto& hold = static_cast<ClientHold&>(*attachment);
    if (hold.epoch == epoch_ && hold.client == client.address) [[likely]]
        return hold;
    hold.ip = tree_.find(*limits_, LimitLevel::Ip, SubjectKey::client(client));
    const auto own = limits_->fieldsFor(LimitLevel::Connection, {});
    if (!own.empty() && !hold.connection)
        hold.connection = tree_.makeConnectionNode();
    if (hold.connection)
        hold.connection->configure(own);
    hold.client = client.address;
    hold.epoch = epoch_;
    return hold;
}

void LimitStage::addClient(LimitPath& path, net::Connection& connection, const net::PeerAddress& client)
{
    if (!perClient_)
        return;
    const ClientHold& hold = holdOf(connection, client);
    path[kIp] = hold.ip;
    path[kConnection] = hold.connection;
}

LimitPath LimitStage::pathFor(http::Exchange& exchange, Target& target)
{
    LimitPath path = pathOf(target.subjects);
    if (std::any_of(path.begin(), path.end(), [](const auto& node) { return node != nullptr; }))
        target.limits = std::make_shared<const LimitPath>(path);
    addClient(path, exchange.connection(), exchange.client());
    return path;
}

bool LimitStage::admit(http::Exchange& exchange, Target& target)
{
    if (!active_ && target.subjects.ownRate.count == 0 && target.subjects.ownDownloads == 0)
        return true;
    const LimitPath path = pathFor(exchange, target);
    return takeRequest(exchange, path) && takeSlots(exchange, target, path);
}

void LimitStage::readmit(http::Exchange& exchange, Target& target,
                         std::shared_ptr<policy::Admission> admission)
{
    admission->update(pathFor(exchange, target));
    target.admit(std::move(admission));
}

LimitStage::Known LimitStage::admitOnPath(http::Exchange& exchange, const LimitPath* known)
{
    LimitNode *own = nullptr, *address = nullptr;
    if (perClient_) {
        const ClientHold& hold = holdOf(exchange.connection(), exchange.client());
        own = hold.connection.get();
        address = hold.ip.get();
    }
    if ((own && shapes(*own)) || (address && shapes(*address)) || (known && anyShapes(*known)))
        return Known::LongWay;
    if (!known && !own) { // the common case: a limit for each address
        if (!address)
            return Known::Admitted;
        const auto decision = address->requests.take(exchange.worker().now());
        if (decision.allowed)
            return Known::Admitted;
        refuse(exchange, *address, decision);
        return Known::Answered;
    }
    LimitPath path = known ? *known : LimitPath{};
    addClient(path, exchange.connection(), exchange.client());
    return takeRequest(exchange, path) ? Known::Admitted : Known::Answered;
}

bool LimitStage::takeRequest(http::Exchange& exchange, const LimitPath& path)
{
    const Monotonic now = exchange.worker().now();
    for (std::size_t i = policy::kLimitLevels; i-- > 0;) {
        if (!path[i])
            continue;
        const auto decision = path[i]->requests.take(now);
        if (decision.allowed)
            continue;
        for (std::size_t taken = i + 1; taken < policy::kLimitLevels; ++taken)
            if (path[taken])
                path[taken]->requests.giveBack();
        refuse(exchange, *path[i], decision);
        return false;
    }
    return true;
}

void LimitStage::refuse(http::Exchange& exchange, const LimitNode& node,
                        const policy::RequestRate::Decision& decision)
{
    tree_.countRefused(node.level());
    const std::string seconds =
        std::to_string(std::chrono::ceil<std::chrono::seconds>(decision.retryAfter).count());
    const std::string level(policy::limitLevelName(node.level()));
    const auto quota = node.requests.quota();
    exchange.fail(429, "Too many requests; this one may be made again in " + seconds + " s.",
                  "Retry-After: " + seconds + "\r\nRateLimit-Policy: \"" + level +
                      "\";q=" + std::to_string(quota.requests) + ";w=" + std::to_string(quota.window) +
                      "\r\nRateLimit: \"" + level + "\";r=0;t=" + seconds + "\r\n");
}

bool LimitStage::takeSlots(http::Exchange& exchange, Target& target, const LimitPath& path)
{
    // A HEAD is no download, and neither is the page of a file.
    const bool page =
        target.link && target.link->page && !target.folderForm && wantsFilePage(exchange.head());
    if (exchange.isHead() || page || !anyShapes(path))
        return true;
    auto admission = std::make_shared<policy::Admission>(path, SubjectKey::client(exchange.client()));
    if (admission->takeSlots(nullptr) == SlotQueue::Answer::Held) {
        target.admit(std::move(admission));
        return true;
    }
    wait(exchange,
         std::make_shared<Queued>(Queued{std::move(target), std::move(admission), exchange.worker().now()}));
    return false;
}

/// The line is entered after the request is parked, or it could be woken before there is anything to wake.
void LimitStage::wait(http::Exchange& exchange, const std::shared_ptr<Queued>& queued)
{
    http::Waiting waiting;
    waiting.until = queued->since + queued->admission->wait();
    waiting.go = [this, queued](http::Exchange& again) { goOn(again, queued); };
    waiting.late = [this, queued](http::Exchange& again) {
        queued->full = queued->admission->timeOut(); // else it was its turn just now
        goOn(again, queued);
    };
    const http::Parked parked = exchange.wait(std::move(waiting));
    // Holds no Queued: the line must not keep alive what leaves it by being destroyed.
    const auto answer = queued->admission->takeSlots([parked] { parked.wake(); });
    queued->full = answer == SlotQueue::Answer::Full;
    if (answer != SlotQueue::Answer::Waiting)
        parked.wake();
}

void LimitStage::goOn(http::Exchange& exchange, const std::shared_ptr<Queued>& queued)
{
    label(exchange, queued->target);
    if (queued->full) {
        exchange.fail(503,
                      "Too many downloads run at a time (limit of the level " +
                          std::string(policy::limitLevelName(queued->admission->level())) +
                          "); try again in a moment.",
                      kRetryLater);
        return;
    }
    if (queued->admission->takeSlots(nullptr) != SlotQueue::Answer::Held) {
        wait(exchange, queued); // at a level further out
        return;
    }
    Target target = std::move(queued->target);
    target.admit(std::move(queued->admission));
    go_(exchange, std::move(target));
}

std::unique_ptr<http::AnswerWatcher> LimitStage::follow(http::Exchange& exchange, net::Connection& connection)
{
    if (!answering_)
        return nullptr;
    auto transfer = std::make_unique<Transfer>(*this, connection, exchange.client(), *answering_);
    if (answering_->epoch_ != epoch_) // a change came between, and did not meet it
        reconsider(*transfer);
    return transfer;
}

bool LimitStage::accepted(net::Connection& connection)
{
    if (!perClient_)
        return true;
    ClientHold& hold = holdOf(connection, connection.peer());
    if (!hold.ip)
        return true;
    if (!hold.ip->openConnection())
        return false;
    hold.counted = hold.ip;
    return true;
}

void LimitStage::limitsChanged(net::Worker& worker)
{
    const auto server = limits_->fieldsFor(LimitLevel::Server, {});
    worker.limits().limitedConnections = static_cast<std::size_t>(server.connections.value_or(0));
    for (Transfer* transfer : transfers_)
        reconsider(*transfer);
    if (limits_->untouched(LimitLevel::Ip))
        return;
    worker.forEachConnection([this](net::Connection& connection) {
        ClientHold& hold = holdOf(connection, connection.peer());
        if (hold.counted || !hold.ip)
            return;
        hold.ip->countConnection(); // it is open already
        hold.counted = hold.ip;
    });
}

bool LimitStage::follows(const SubjectKey& link) const
{
    return std::any_of(transfers_.begin(), transfers_.end(),
                       [&link](const Transfer* transfer) { return transfer->subjects.link == link; });
}

void LimitStage::linkChanged(const SubjectKey& link, BytesPerSecond rate, std::int64_t downloads)
{
    for (Transfer* transfer : transfers_) {
        if (transfer->subjects.link != link)
            continue;
        transfer->subjects.ownRate = rate;
        transfer->subjects.ownDownloads = downloads;
        reconsider(*transfer);
    }
}

void LimitStage::reconsider(Transfer& transfer)
{
    LimitPath path = pathOf(transfer.subjects);
    addClient(path, transfer.connection, transfer.client);
    if (!transfer.admission) {
        if (!anyShapes(path))
            return;
        transfer.admission = std::make_shared<policy::Admission>(path, SubjectKey::client(transfer.client));
    }
    transfer.admission->update(path);
    transfer.connection.setPacer(transfer.admission->paces() ? transfer.admission : nullptr);
}

} // namespace spillway::download
