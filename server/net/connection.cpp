// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/connection.h"

#include "server/net/outgoing.h"
#include "server/net/tlsstream.h"
#include "server/net/worker.h"
#include "server/observe/metrics.h"

#include <algorithm>
#include <cerrno>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <utility>

namespace spillway::net {

Connection::~Connection() = default;

std::ptrdiff_t Connection::receive(char* buffer, std::size_t capacity)
{
    if (tls_)
        return receiveSealed(buffer, capacity);
    if (!readable_)
        return peerShutDown_ ? -1 : 0;
    const ssize_t n = ::recv(fd_, buffer, capacity, 0);
    if (n > 0) {
        // Edge-triggered: a short read has emptied the socket (epoll(7)), unless an end of stream hides
        // behind it.
        if (static_cast<std::size_t>(n) < capacity && !peerShutDown_)
            readable_ = false;
        return n;
    }
    readable_ = false;
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (n == 0)
        peerShutDown_ = true;
    return -1;
}

void Connection::setPacer(std::shared_ptr<Pacer> pacer)
{
    if (!out_)
        return;
    if (pacer && !out_->pacer)
        keepUnsentSmall();
    out_->pacer = std::move(pacer);
    if (out_->paced) // it waits for the old one, perhaps for long
        setDeadline(worker_->now());
}

/// What lies unsent in the kernel is out of the pacer's hands (engine note 22).
void Connection::keepUnsentSmall()
{
    const int unsent = 64 * 1024;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
}

std::function<void()> Connection::waker()
{
    return [this, generation = generation_] {
        if (generation_ == generation && state_ == State::Sending) {
            waitingForBytes_ = false;
            out_->lastProgress = out_->checkFrom = worker_->now();
            out_->bytesAtCheck = answerBytes_;
            resumeSending();
        }
    };
}

void Connection::resumeSending()
{
    const auto outcome = pump();
    if (outcome == Outcome::Sent)
        worker_->protocol_->answerEnded(*this, true);
}

void Connection::setWaiting()
{
    setState(State::Waiting);
    cancelTimer();
}

void Connection::setReading()
{
    setState(State::Reading);
}

void Connection::setState(State to) noexcept
{
    using observe::Gauge;
    const State before = std::exchange(state_, to);
    // An answer that goes out in one piece never leaves Reading, so most requests do not come past here.
    const auto count = [this](State state, std::int64_t by) {
        if (state != State::Free)
            worker_->counters_.adjust(
                state == State::Reading ? Gauge::IdleConnections : Gauge::ActiveConnections, by);
    };
    if (before != to) {
        count(before, -1);
        count(to, 1);
    }
}

void Connection::setDeadline(Monotonic when)
{
    worker_->wheel_.schedule(*this, when);
}

void Connection::cancelTimer()
{
    worker_->wheel_.cancel(*this);
}

/// While they go out, not at an answer's end: a download of an hour is traffic now.
void Connection::countSent(std::uint64_t bytes)
{
    answerBytes_ += bytes;
    worker_->counters().add(observe::Counter::SentBytes, bytes);
}

std::uint64_t Connection::unacknowledged() const noexcept
{
    if (fd_ < 0)
        return unacknowledgedAtLoss_ == kUnknown ? ~std::uint64_t{0} : unacknowledgedAtLoss_;
    int bytes = 0;
    return ::ioctl(fd_, SIOCOUTQ, &bytes) == 0 ? static_cast<std::uint64_t>(std::max(bytes, 0)) : 0;
}

void Connection::watchArrival(std::unique_ptr<ArrivalWatcher> watcher)
{
    if (fd_ < 0) { // an answer that ended its connection: nobody can be asked any more
        watcher->arrived(~std::uint64_t{0});
        return;
    }
    if (!arrivals_) {
        arrivals_ = std::make_unique<Arrivals>();
        worker_->awaitArrivals(*this);
    }
    arrivals_->wait(fd_, std::move(watcher));
}

void Connection::tellArrivals(bool last)
{
    if (!arrivals_->check(fd_, last))
        arrivals_.reset();
}

void Connection::closeNow(EndReason reason)
{
    if (state_ == State::Free)
        return;
    const bool unfinished = state_ == State::Sending || (state_ == State::Waiting && exchange);
    endReason_ = reason;
    // A cut answer gets no close_notify: the client must see that it was cut.
    if (tls_ && !tlsDue_ && state_ == State::Reading && !peerShutDown_ && reason != EndReason::PeerError)
        tls_->sendCloseNotify();
    out_.reset();
    if (unfinished)
        worker_->protocol_->answerEnded(*this, false);
    worker_->release(*this);
}

std::uint64_t Connection::bytesLeft() const noexcept
{
    std::uint64_t left = 0;
    if (out_) {
        for (std::size_t i = out_->index; i < out_->segments.size(); ++i)
            left += out_->segments[i].length;
        if (out_->source)
            left += out_->source->bytesLeft();
        left += out_->chunk.size() - out_->chunkSent;
    }
    return left;
}

bool Connection::isEndless() const noexcept
{
    return out_ && out_->generator && !out_->generatorDone;
}

void Connection::closeGently(EndReason reason)
{
    endReason_ = reason;
    input.reset();
    exchange.reset();
    if (tls_) {
        tls_->sendCloseNotify();
        tls_.reset(); // what still comes is swallowed as it is
        sealed_ = false;
    }
    if (peerShutDown_ || ::shutdown(fd_, SHUT_WR) != 0) {
        closeNow(reason);
        return;
    }
    setState(State::Lingering);
    answerBytes_ = 0; // now counts what is swallowed
    setDeadline(worker_->now() + worker_->limits().lingerTimeout);
    if (readable_)
        worker_->runSoon(*this);
}

} // namespace spillway::net
