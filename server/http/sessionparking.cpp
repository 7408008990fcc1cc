// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/session.h"

// Requests that wait for something, and go on where they were: for a file's look-up, a password's check, a
// place in the queue. Their head is kept as bytes and read again, so nothing of it points anywhere meanwhile.
namespace spillway::http {

struct Session::ParkedRequest final : net::Connection::Exchange
{
    std::string raw; ///< the head, bounded by the gate, and the body, bounded by the handler
    std::size_t headSize = 0;
    Monotonic start;
    std::uint32_t serial = 0;
    bool peerHadEnded = false; ///< before it was parked: a client that half-closes wants its answer
    std::unique_ptr<Waiting> waiting;
};

/// Null: the client has left, or the request goes on already.
Session::ParkedRequest* Session::parkedAt(const Parked& parked)
{
    net::Connection& connection = *parked.connection_;
    if (connection.generation() != parked.generation_)
        return nullptr;
    auto* state = dynamic_cast<ParkedRequest*>(connection.exchange.get());
    return state && state->serial == parked.serial_ ? state : nullptr;
}

void Session::resume(const Parked& parked, const std::function<void(Exchange&)>& handle)
{
    if (parkedAt(parked))
        resume(*parked.connection_, handle);
}

void Session::wake(const Parked& parked)
{
    if (ParkedRequest* state = parkedAt(parked); state && state->waiting)
        resume(*parked.connection_, state->waiting->go);
}

void Session::waitTimedOut(net::Connection& connection)
{
    auto* state = dynamic_cast<ParkedRequest*>(connection.exchange.get());
    if (state && state->waiting)
        resume(connection, state->waiting->late);
}

void Session::peerEnded(net::Connection& connection)
{
    const auto* state = dynamic_cast<ParkedRequest*>(connection.exchange.get());
    if (state && state->waiting && !state->peerHadEnded)
        connection.closeNow(net::EndReason::PeerClosed);
}

/// `connection` has a parked request.
void Session::resume(net::Connection& connection, const std::function<void(Exchange&)>& handle)
{
    const std::unique_ptr<ParkedRequest> held(static_cast<ParkedRequest*>(connection.exchange.release()));
    connection.cancelTimer();
    worker_.counters().adjust(observe::Gauge::ParkedNow, -1);

    RequestHead head;
    std::size_t resumeAt = 0;
    const std::string_view raw = std::string_view(held->raw).substr(0, held->headSize);
    if (resumeGate_.parse(raw, resumeAt, head).outcome != GateResult::Outcome::Accepted) {
        connection.closeNow(net::EndReason::Internal);
        return;
    }
    const std::uint32_t generation = connection.generation();
    Exchange exchange(*this, connection, head, raw, std::string_view(held->raw).substr(held->headSize),
                      held->start);
    findClient(exchange);
    handle(exchange);
    afterCall(exchange);
    // Not read on from here: this may be inside another connection's call, whose input is in the shared
    // buffer.
    if (connection.generation() == generation && connection.state() == net::Connection::State::Reading)
        worker_.runSoon(connection);
}

Parked Session::parkRequest(const Exchange& exchange, std::unique_ptr<Waiting> waiting)
{
    auto state = std::make_unique<ParkedRequest>();
    state->serial = ++parkSerial_;
    state->peerHadEnded = exchange.connection_.peerHasShutDown();
    state->waiting = std::move(waiting);
    const Waiting* waits = state->waiting.get();
    state->raw.reserve(exchange.raw_.size() + exchange.body_.size());
    state->raw.append(exchange.raw_).append(exchange.body_);
    state->headSize = exchange.raw_.size();
    state->start = exchange.start_;
    exchange.connection_.exchange = std::move(state);
    exchange.connection_.setWaiting();
    if (waits)
        exchange.connection_.setDeadline(waits->until);
    worker_.counters().add(observe::Counter::ParkedRequests);
    worker_.counters().adjust(observe::Gauge::ParkedNow, 1);
    Parked token;
    token.session_ = this;
    token.connection_ = &exchange.connection_;
    token.generation_ = exchange.connection_.generation();
    token.serial_ = parkSerial_;
    return token;
}

void Parked::resume(const std::function<void(Exchange&)>& handle) const
{
    session_->resume(*this, handle);
}

void Parked::wake() const
{
    post([parked = *this] { parked.session_->wake(parked); });
}

void Parked::post(std::function<void()> task) const
{
    connection_->worker().post(std::move(task));
}

} // namespace spillway::http
