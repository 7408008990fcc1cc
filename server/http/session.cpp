// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/session.h"

#include "server/http/inflight.h"
#include "server/http/status.h"

namespace spillway::http {

namespace {

/// Pipelined requests that one connection may have answered before the others have their turn.
constexpr int kRequestsPerTurn = 64;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

std::optional<observe::Counter> rejectionCounter(int status)
{
    using observe::Counter;
    switch (status) {
    case 400:
        return Counter::Head400;
    case 405:
        return Counter::Head405;
    case 408:
        return Counter::Head408;
    case 413:
        return Counter::Head413;
    case 414:
        return Counter::Head414;
    case 431:
        return Counter::Head431;
    case 501:
        return Counter::Head501;
    case 505:
        return Counter::Head505;
    default:
        return std::nullopt;
    }
}

observe::MethodLabel methodLabel(Method method)
{
    switch (method) {
    case Method::Get:
        return observe::MethodLabel::Get;
    case Method::Head:
        return observe::MethodLabel::Head;
    case Method::Options:
        return observe::MethodLabel::Options;
    default:
        return observe::MethodLabel::Other;
    }
}

observe::AccessRecord makeRecord(const net::PeerAddress& peer, WallTime time)
{
    observe::AccessRecord record;
    record.time = time;
    record.peer.bytes = peer.address;
    record.peer.port = peer.port;
    return record;
}

std::string_view bytesOf(const net::PeerAddress& address)
{
    return {reinterpret_cast<const char*>(address.address.data()), address.address.size()};
}

} // namespace

class Session::Call final : public Dispatch
{
public:
    Call(RequestHandler& handler, Exchange& exchange) : handler_(handler), exchange_(exchange) {}
    void dispatched() override { handler_.handle(exchange_); }

private:
    RequestHandler& handler_;
    Exchange& exchange_;
};

Session::Session(net::Worker& worker, RequestHandler& handler, SessionLimits limits, observe::AccessLog* log,
                 std::size_t workerIndex)
    : worker_(worker), handler_(handler), limits_(limits), log_(log), workerIndex_(workerIndex),
      gate_(limits.head), resumeGate_(limits.head), qt_(worker.counters())
{
    limits_.pipelinedBytes = std::min(limits_.pipelinedBytes, net::Worker::kScratchSize);
}

Session::~Session() = default;

std::int64_t Session::wallSecond()
{
    if (worker_.now() - wallReadAt_ > std::chrono::milliseconds(50)) {
        wall_ = worker_.clock().wall();
        wallReadAt_ = worker_.now();
    }
    return unixSeconds(wall_);
}

void Session::readable(net::Connection& connection)
{
    readOn(connection, 0);
}

void Session::readOn(net::Connection& connection, int served)
{
    const std::uint32_t generation = connection.generation();
    const auto gone = [&] {
        return connection.generation() != generation ||
               connection.state() == net::Connection::State::Lingering;
    };
    for (;;) {
        if (connection.input) {
            // Taken out for the call: the connection may be closed, and its input freed, while the views are
            // in use.
            auto held = std::move(connection.input);
            const int before = served;
            const std::size_t used = serve(connection, *held, served);
            if (gone())
                return;
            if (used < held->size()) {
                held->erase(0, used);
                connection.input = std::move(held);
                if (served != before && connection.state() == net::Connection::State::Reading)
                    connection.setDeadline(worker_.headDeadline());
            }
            if (connection.state() != net::Connection::State::Reading)
                return;
            if (served >= kRequestsPerTurn) {
                worker_.runSoon(connection);
                return;
            }
        }
        const auto n = connection.receive(worker_.scratch(), limits_.pipelinedBytes);
        if (n < 0) {
            connection.closeNow(connection.peerHasShutDown() ? net::EndReason::PeerClosed
                                                             : net::EndReason::PeerError);
            return;
        }
        if (n == 0)
            return;
        worker_.counters().add(observe::Counter::ReceivedBytes, static_cast<std::uint64_t>(n));
        const std::string_view bytes(worker_.scratch(), static_cast<std::size_t>(n));
        if (connection.input) {
            connection.input->append(bytes);
            continue;
        }
        const std::size_t used = serve(connection, bytes, served);
        if (gone())
            return;
        if (used < bytes.size()) {
            connection.input = std::make_unique<std::string>(bytes.substr(used));
            if (connection.state() == net::Connection::State::Reading)
                connection.setDeadline(worker_.headDeadline());
            else if (bytes.size() == limits_.pipelinedBytes)
                worker_.counters().add(observe::Counter::BoundPipelinedBytes);
        }
        if (connection.state() != net::Connection::State::Reading)
            return;
        if (served >= kRequestsPerTurn) {
            worker_.runSoon(connection);
            return;
        }
    }
}

std::size_t Session::serve(net::Connection& connection, std::string_view bytes, int& served)
{
    const std::uint32_t generation = connection.generation();
    std::size_t at = 0;
    while (at < bytes.size() && served < kRequestsPerTurn) {
        std::string_view rest = bytes.substr(at);
        std::size_t resumeAt = connection.resumeAt;
        RequestHead head;
        const GateResult result = gate_.parse(rest, resumeAt, head);
        connection.resumeAt = static_cast<std::uint32_t>(resumeAt);
        if (result.outcome == GateResult::Outcome::NeedMore)
            return at;
        if (result.outcome == GateResult::Outcome::Rejected) {
            reject(connection, result);
            return bytes.size();
        }
        std::size_t bodySize = 0;
        if (head.chunkedBody || head.contentLength.value_or(0) > 0) {
            const std::size_t limit = handler_.bodyLimit(head);
            if (limit == 0 || head.contentLength.value_or(0) > limit) {
                refuseBody(connection, head, 413, {});
                return bytes.size();
            }
            if (head.chunkedBody) {
                refuseBody(connection, head, 411, "Send the body with a Content-Length.");
                return bytes.size();
            }
            bodySize = static_cast<std::size_t>(*head.contentLength);
            if (rest.size() - head.size < bodySize) {
                if (head.expectContinue && !connection.interimSent && rest.size() == head.size)
                    connection.sendInterim(kContinue);
                connection.interimSent = true;
                return at;
            }
            connection.interimSent = false;
        }
        at += head.size + bodySize;
        ++served;
        call(connection, head, rest.substr(0, head.size), rest.substr(head.size, bodySize));
        if (connection.generation() != generation)
            return bytes.size();
        if (connection.state() != net::Connection::State::Reading)
            break;
    }
    return at;
}

void Session::call(net::Connection& connection, const RequestHead& head, std::string_view raw,
                   std::string_view body)
{
    ++connection.requests;
    connection.checkArrivals(); // who asks again has read what came before
    Exchange exchange(*this, connection, head, raw, body, worker_.now());
    findClient(exchange);
    Call call(handler_, exchange);
    // QHttpServer dispatches by the path. The query stays out: it may hold secrets and is parsed where it is
    // needed. "*" is no path, and QUrl takes none.
    const std::string_view path = head.rawTarget.substr(0, head.rawTarget.find('?'));
    const std::string_view target = path == "*" ? std::string_view("/") : path;
    if (!qt_.run(head.methodToken, target, head.host, call) && !exchange.settled()) {
        exchange.closeAfter();
        exchange.fail(400, "The request line cannot be read.");
    }
    afterCall(exchange);
}

void Session::findClient(Exchange& exchange)
{
    if (!proxies_ || !TrustedProxies::hasFields(exchange.head()))
        return;
    const config::IpAddress peer{exchange.peer().address};
    if (!proxies_->contains(peer)) {
        if (proxyWatch_ && peer != watchedPeer_ && proxyWatch_->note(peer))
            watchedPeer_ = peer;
        return;
    }
    const Origin origin = proxies_->originOf(exchange.head(), peer);
    exchange.setClient({origin.client.bytes, exchange.peer().port});
    if (origin.secure)
        exchange.setSecure(true);
    if (origin.unusable)
        worker_.counters().add(observe::Counter::ForwardedUnusable);
}

void Session::afterCall(Exchange& exchange)
{
    if (!exchange.settled())
        exchange.fail(500, "The server did not answer this request.");
}

/// A trusted proxy has as many connections as it needs; whom it brings is known with the requests only.
bool Session::accepted(net::Connection& connection)
{
    return (proxies_ && proxies_->contains(config::IpAddress{connection.peer().address})) ||
           handler_.accepted(connection);
}

void Session::answerEnded(net::Connection& connection, bool complete)
{
    std::unique_ptr<net::Connection::Exchange> held = std::move(connection.exchange);
    if (!held)
        return; // the answer ended inside the call that began it
    auto* answer = dynamic_cast<InFlight*>(held.get());
    if (!answer) {
        worker_.counters().adjust(observe::Gauge::ParkedNow, -1);
        return;
    }
    const std::uint64_t bodyBytes = answer->bodyBytes();
    AnswerWatcher::endAll(std::move(answer->watcher), connection, answer->headBytes, complete);
    tally(*answer, bodyBytes);
    answer->unlink();
    const auto duration = worker_.now() - answer->start;
    worker_.counters().request(answer->method, answer->route, answer->status, duration,
                               answer->firstByte - answer->start);
    if (log_) {
        auto record = makeRecord(connection.peer(),
                                 wall_ - std::chrono::duration_cast<std::chrono::nanoseconds>(duration));
        std::size_t at = 0;
        record.method = answer->next(0, at);
        record.target = answer->next(1, at);
        record.userAgent = answer->next(2, at);
        record.referer = answer->next(3, at);
        record.share = answer->next(4, at);
        record.link = answer->next(5, at);
        if (const auto client = answer->next(6, at); !client.empty())
            std::copy(client.begin(), client.end(), record.client.emplace().begin());
        record.minorVersion = answer->minorVersion;
        record.status = answer->status;
        record.bytesSent = bodyBytes;
        record.duration = duration;
        record.requestId = answer->requestId;
        log_->push(workerIndex_, record);
    }
    const bool close = answer->close;
    keepEnded(connection, std::move(held), bodyBytes, complete);
    if (!complete)
        return;
    const std::uint32_t generation = connection.generation();
    finishAnswer(connection, close);
    if (connection.generation() == generation && connection.state() == net::Connection::State::Reading)
        worker_.runSoon(connection);
}

void Session::finishAnswer(net::Connection& connection, bool close)
{
    // An answer that began before the drain announced nothing, but its connection must not idle through it.
    if (close || worker_.draining()) {
        connection.closeGently(worker_.draining() ? net::EndReason::Drain : net::EndReason::KeepAliveEnd);
        return;
    }
    connection.setReading();
    connection.setDeadline(worker_.now() + worker_.idleTimeout());
}

void Session::readTimedOut(net::Connection& connection)
{
    const bool draining = worker_.draining();
    if (!connection.input) {
        connection.closeNow(draining                   ? net::EndReason::Drain
                            : connection.requests == 0 ? net::EndReason::HeadTimeout
                                                       : net::EndReason::IdleTimeout);
        return;
    }
    reject(connection, {GateResult::Outcome::Rejected, 408, "the request took too long to arrive"},
           draining                 ? net::EndReason::Drain
           : connection.interimSent ? net::EndReason::BodyTimeout
                                    : net::EndReason::HeadTimeout);
}

void Session::reject(net::Connection& connection, const GateResult& result, net::EndReason reason)
{
    if (const auto counter = rejectionCounter(result.status))
        worker_.counters().add(*counter);
    const RequestHead none;
    Exchange exchange(*this, connection, none, {}, {}, worker_.now());
    exchange.endReason_ = reason;
    exchange.closeAfter();
    exchange.fail(result.status, result.reason);
}

void Session::refuseBody(net::Connection& connection, const RequestHead& head, int status,
                         std::string_view detail)
{
    ++connection.requests;
    Exchange exchange(*this, connection, head, {}, {}, worker_.now());
    findClient(exchange);
    exchange.endReason_ = net::EndReason::BadRequest;
    exchange.closeAfter();
    if (status == 413)
        handler_.refuseBody(exchange); // who may not send one at all gets another answer
    else
        exchange.fail(status, detail);
    afterCall(exchange);
    if (const auto counter = rejectionCounter(exchange.status_))
        worker_.counters().add(*counter);
}

void Session::record(const Exchange& exchange, std::uint64_t bytes)
{
    const RequestHead& head = exchange.head();
    const auto duration = worker_.clock().monotonic() - exchange.start_;
    worker_.counters().request(methodLabel(head.method), exchange.labels.route,
                               static_cast<unsigned>(exchange.status_), duration, duration);
    const std::uint64_t bodyBytes = bytes - std::min<std::uint64_t>(bytes, exchange.headBytes_);
    if (exchange.labels.download.what != observe::DownloadOf::What::Nothing)
        tally(exchange, bodyBytes);
    if (!log_)
        return;
    (void)wallSecond();
    auto entry = makeRecord(exchange.peer(), wall_);
    if (exchange.client() != exchange.peer())
        entry.client = exchange.client().address;
    entry.method = head.methodToken;
    entry.target = head.rawTarget;
    entry.userAgent = head.userAgent;
    entry.referer = head.referer;
    entry.share = exchange.labels.share;
    entry.link = exchange.labels.link;
    entry.minorVersion = head.minorVersion;
    entry.status = static_cast<std::uint16_t>(exchange.status_);
    entry.bytesSent = bodyBytes;
    entry.duration = duration;
    entry.requestId = exchange.requestId_ != 0 ? exchange.requestId_ : ids_.next();
    log_->push(workerIndex_, entry);
}

void Session::keepForLater(Exchange& exchange, bool close)
{
    const RequestHead& head = exchange.head();
    if (auto watcher = handler_.follow(exchange, exchange.connection_))
        exchange.watch(std::move(watcher));
    auto answer = std::make_unique<InFlight>(exchange.connection_, going_);
    answer->watcher = std::move(exchange.watcher_);
    answer->start = exchange.start_;
    answer->firstByte = worker_.clock().monotonic();
    answer->headBytes = exchange.headBytes_;
    answer->status = static_cast<std::uint16_t>(exchange.status_);
    answer->route = exchange.labels.route;
    answer->method = methodLabel(head.method);
    answer->minorVersion = head.minorVersion;
    answer->close = close;
    answer->secure = exchange.secure();
    if (log_)
        answer->requestId = exchange.requestId_ != 0 ? exchange.requestId_ : ids_.next();
    if (sendsContent(exchange.status_))
        answer->download = exchange.labels.download;
    // The method and the Referer are for the log alone.
    answer->keep({log_ ? head.methodToken.substr(0, observe::maxLoggedMethod) : std::string_view(),
                  head.rawTarget.substr(0, observe::maxLoggedTarget),
                  head.userAgent.substr(0, observe::maxLoggedUserAgent),
                  log_ ? head.referer.substr(0, observe::maxLoggedReferer) : std::string_view(),
                  exchange.labels.share.substr(0, observe::maxLoggedShare),
                  exchange.labels.link.substr(0, observe::maxLoggedLink),
                  exchange.client() == exchange.peer() ? std::string_view() : bytesOf(exchange.client()),
                  exchange.labels.token,
                  answer->download.path.substr(0, observe::DownloadTally::kLongestPath)});
    answer->download.path = {};
    exchange.connection_.exchange = std::move(answer);
}

} // namespace spillway::http
