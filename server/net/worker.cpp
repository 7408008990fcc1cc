// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/worker.h"

#include "server/net/outgoing.h"
#include "server/net/tlsstream.h"
#include "server/observe/metrics.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

namespace spillway::net {

namespace {

constexpr int kPollRounds = 16;
/// Acknowledgements come in milliseconds; this is for those that took longer and whose client asks no more.
constexpr std::chrono::milliseconds kArrivalSweep{500};
/// Tags in epoll_event.data for what is not a connection; connections and listeners are pointers.
constexpr std::uint64_t kMailboxTag = 2;
constexpr std::uint64_t kTimerTag = 4;
constexpr std::uint64_t kListenerBit = 1; // listeners: pointer | 1; connections are plain pointers

observe::Counter counterOf(EndReason reason)
{
    using observe::Counter;
    switch (reason) {
    case EndReason::PeerClosed:
    case EndReason::PeerError:
        return Counter::EndPeer;
    case EndReason::KeepAliveEnd:
        return Counter::EndDone;
    case EndReason::HeadTimeout:
        return Counter::EndHeadTimeout;
    case EndReason::IdleTimeout:
        return Counter::EndIdleTimeout;
    case EndReason::BodyTimeout:
        return Counter::EndBodyTimeout;
    case EndReason::WriteStall:
        return Counter::EndWriteStall;
    case EndReason::MinRate:
        return Counter::EndMinRate;
    case EndReason::BadRequest:
        return Counter::EndProtocolError;
    case EndReason::BodyFailed:
        return Counter::EndFileChanged;
    case EndReason::Drain:
        return Counter::EndDrain;
    case EndReason::Kicked:
        return Counter::EndKicked;
    case EndReason::Internal:
        return Counter::EndInternal;
    case EndReason::HandshakeFailed:
    case EndReason::HandshakeTimeout:
    case EndReason::HandshakeDropped:
        return Counter::EndHandshake;
    case EndReason::BadProxyHead:
        return Counter::EndProxyHead;
    }
    return Counter::EndInternal;
}

} // namespace

Worker::Worker(const Clock& clock, ConnectionLimits limits, observe::WorkerCounters& counters,
               std::atomic<std::size_t>& processConnections)
    : clock_(clock), limits_(limits), counters_(counters), processConnections_(processConnections),
      now_(clock.monotonic()), wheel_(now_), epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      mailboxEvent_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)),
      spare_(::open("/dev/null", O_RDONLY | O_CLOEXEC)), scratch_(std::make_unique<char[]>(kScratchSize))
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = kMailboxTag;
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, mailboxEvent_.get(), &event);
    event.data.u64 = kTimerTag;
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, timer_.get(), &event);
}

Worker::~Worker()
{
    closeAll(EndReason::Drain);
}

void Worker::addListener(UniqueFd socket, ListenerKind kind)
{
    auto listener = std::make_unique<Listener>(Listener{std::move(socket), kind});
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = reinterpret_cast<std::uint64_t>(listener.get()) | kListenerBit;
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, listener->socket.get(), &event);
    listeners_.push_back(std::move(listener));
}

void Worker::closeListeners()
{
    for (auto& listener : listeners_)
        accept(*listener);
    listeners_.clear();
    wheel_.cancel(acceptAgain_);
}

void Worker::drain()
{
    draining_ = true;
    closeListeners();
    forEachConnection([this](Connection& connection) {
        if (connection.state() != Connection::State::Reading)
            return;
        // A request may be in the kernel whose event has not been looked at, above all on a connection that
        // was accepted just now: closing would reset it. A handshake that has begun is for a request.
        char byte = 0;
        const bool begun = connection.tls_ && (connection.tlsDue_ || connection.tls_->hasInput());
        if (!connection.input && !connection.readable_ && !begun &&
            ::recv(connection.fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0)
            connection.closeNow(EndReason::Drain);
        else
            connection.setDeadline(headDeadline());
    });
    freeDead();
}

void Worker::shed(Shedding shedding)
{
    const bool shorter = shedding.keepAlive && !shedding_.keepAlive;
    shedding_ = shedding;
    if (!shorter)
        return;
    const Monotonic until = now_ + idleTimeout();
    forEachConnection([until](Connection& connection) {
        // One that has not asked yet has its head timeout, which is about as short.
        if (connection.state() == Connection::State::Reading && !connection.input && connection.requests > 0)
            connection.setDeadline(until);
    });
}

void Worker::closeAll(EndReason reason)
{
    forEachConnection([reason](Connection& connection) { connection.closeNow(reason); });
    freeDead();
}

bool Worker::kick(std::uint32_t slot, std::uint32_t generation)
{
    if (slot / kSlabSize >= slabs_.size())
        return false;
    Connection& connection = slabs_[slot / kSlabSize][slot % kSlabSize];
    if (connection.state() == Connection::State::Free || connection.generation() != generation)
        return false;
    // What the kernel still holds for the client must not go out either.
    const linger reset{1, 0};
    ::setsockopt(connection.fd_, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    connection.closeNow(EndReason::Kicked);
    return true;
}

void Worker::poll()
{
    std::array<epoll_event, 256> events;
    // Going round again while there is work spares the owner's event loop its own wake-up for each batch.
    for (int round = 0; round < kPollRounds; ++round) {
        const int n = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 0);
        now_ = clock_.monotonic();
        for (int i = 0; i < n; ++i) {
            const auto& event = events[static_cast<std::size_t>(i)];
            const std::uint64_t data = event.data.u64;
            if (data == kMailboxTag) {
                runMailbox();
            } else if (data == kTimerTag) {
                std::uint64_t count = 0;
                (void)!::read(timer_.get(), &count, sizeof count);
                armedFor_.reset();
            } else if ((data & kListenerBit) != 0) {
                auto* listener = reinterpret_cast<Listener*>(data & ~kListenerBit);
                if (!listeners_.empty()) // none is left after a task of this batch has closed them
                    accept(*listener);
            } else {
                dispatch(*reinterpret_cast<Connection*>(data), event.events);
            }
        }
        wheel_.advance(now_, [this](TimerNode& node) {
            if (&node == &acceptAgain_) {
                acceptPaused_ = false;
                for (auto& listener : listeners_)
                    accept(*listener);
            } else if (&node == &arrivalSweep_) {
                sweepArrivals();
            } else {
                expired(static_cast<Connection&>(node));
            }
        });
        auto queue = std::exchange(runQueue_, {});
        for (auto [connection, generation] : queue)
            if (connection->generation_ == generation && connection->queued_) {
                connection->queued_ = false;
                run(*connection);
            }
        freeDead();
        if (n <= 0 && runQueue_.empty())
            break;
    }
    armTimer();
    if (!runQueue_.empty()) {
        const std::uint64_t one = 1; // come back, but let the owner's event loop run first
        (void)!::write(mailboxEvent_.get(), &one, sizeof one);
    }
}

void Worker::post(std::function<void()> task)
{
    bool first = false;
    {
        std::lock_guard lock(mailboxMutex_);
        first = mailbox_.empty();
        mailbox_.push_back(std::move(task));
    }
    if (first) {
        const std::uint64_t one = 1;
        (void)!::write(mailboxEvent_.get(), &one, sizeof one);
    }
}

void Worker::dropMailbox()
{
    std::vector<std::function<void()>> tasks;
    std::lock_guard lock(mailboxMutex_);
    tasks.swap(mailbox_);
}

void Worker::runMailbox()
{
    std::uint64_t count = 0;
    (void)!::read(mailboxEvent_.get(), &count, sizeof count);
    std::vector<std::function<void()>> tasks;
    {
        std::lock_guard lock(mailboxMutex_);
        tasks.swap(mailbox_);
    }
    for (auto& task : tasks)
        task();
}

void Worker::dispatch(Connection& connection, std::uint32_t events)
{
    if (connection.state_ == Connection::State::Free)
        return;
    if ((events & EPOLLERR) != 0) {
        connection.closeNow(EndReason::PeerError);
        return;
    }
    if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP)) != 0)
        connection.readable_ = true;
    if ((events & (EPOLLRDHUP | EPOLLHUP)) != 0)
        connection.peerShutDown_ = true;
    if ((events & EPOLLHUP) != 0 && connection.state_ != Connection::State::Reading) {
        // Both directions are closed: nobody reads an answer any more.
        const bool lingering = connection.state_ == Connection::State::Lingering;
        connection.closeNow(lingering ? connection.endReason_ : EndReason::PeerClosed);
        return;
    }
    if (connection.state_ == Connection::State::Sending) {
        if ((events & EPOLLOUT) != 0 && !connection.waitingForBytes_ && !connection.queued_)
            connection.resumeSending();
    } else {
        run(connection);
    }
}

void Worker::run(Connection& connection)
{
    switch (connection.state_) {
    case Connection::State::Reading:
        if (connection.opening()) [[unlikely]]
            open(connection);
        else
            protocol_->readable(connection);
        break;
    case Connection::State::Sending:
        if (!connection.waitingForBytes_)
            connection.resumeSending();
        break;
    case Connection::State::Lingering:
        for (;;) {
            const auto n = connection.receive(scratch_.get(), kScratchSize);
            if (n > 0)
                connection.answerBytes_ += static_cast<std::uint64_t>(n);
            if (n < 0 || connection.answerBytes_ > limits_.lingerBytes) {
                connection.closeNow(connection.endReason_);
                break;
            }
            if (n == 0)
                break;
        }
        break;
    case Connection::State::Waiting:
        if (connection.peerShutDown_)
            protocol_->peerEnded(connection);
        break;
    case Connection::State::Free:
        break;
    }
}

void Worker::runSoon(Connection& connection)
{
    if (connection.queued_)
        return;
    connection.queued_ = true;
    runQueue_.emplace_back(&connection, connection.generation_);
}

void Worker::expired(Connection& connection)
{
    switch (connection.state_) {
    case Connection::State::Reading:
        if (connection.opening())
            connection.closeNow(connection.proxyHeadDue_ ? EndReason::HeadTimeout
                                                         : EndReason::HandshakeTimeout);
        else
            protocol_->readTimedOut(connection);
        break;
    case Connection::State::Sending:
        checkSending(connection);
        break;
    case Connection::State::Lingering:
        connection.closeNow(connection.endReason_);
        break;
    case Connection::State::Waiting:
        protocol_->waitTimedOut(connection);
        break;
    case Connection::State::Free:
        break;
    }
}

/// The client's share of a slow transfer: what we make it wait for (a cold disk, a listing) is not counted
/// against it.
void Worker::checkSending(Connection& connection)
{
    Outgoing& out = *connection.out_;
    if (out.paced) {
        out.paced = connection.waitingForBytes_ = false;
        out.lastProgress = out.checkFrom = now_;
        out.bytesAtCheck = connection.answerBytes_;
        connection.setDeadline(now_ + std::min(limits_.writeStallTimeout, limits_.minRateGrace));
        connection.resumeSending(); // sets a new deadline where it has to wait again
        return;
    }
    const auto sinceCheck = now_ - out.checkFrom;
    if (!connection.waitingForBytes_) {
        if (now_ - out.lastProgress >= limits_.writeStallTimeout) {
            connection.closeNow(EndReason::WriteStall);
            return;
        }
        if (limits_.minRate.count > 0 && sinceCheck >= limits_.minRateGrace) {
            const auto bytes = static_cast<double>(connection.answerBytes_ - out.bytesAtCheck);
            if (bytes < static_cast<double>(limits_.minRate.count) *
                            std::chrono::duration<double>(sinceCheck).count()) {
                connection.closeNow(EndReason::MinRate);
                return;
            }
        }
    }
    if (connection.waitingForBytes_ || sinceCheck >= limits_.minRateGrace) {
        out.checkFrom = now_;
        out.bytesAtCheck = connection.answerBytes_;
    }
    if (connection.waitingForBytes_)
        out.lastProgress = now_;
    connection.setDeadline(
        std::min(out.lastProgress + limits_.writeStallTimeout, out.checkFrom + limits_.minRateGrace));
}

void Worker::armTimer()
{
    const auto wake = wheel_.nextWake();
    if (!wake || (armedFor_ && *armedFor_ <= *wake))
        return;
    armedFor_ = wake;
    const auto since = wake->time_since_epoch();
    itimerspec spec{};
    spec.it_value.tv_sec = std::chrono::floor<std::chrono::seconds>(since).count();
    spec.it_value.tv_nsec = (since % std::chrono::seconds(1)).count();
    ::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &spec, nullptr);
}

char* Worker::sendBuffer()
{
    if (!sendBuffer_)
        sendBuffer_ = std::make_unique<char[]>(kSendBufferSize);
    return sendBuffer_.get();
}

Connection& Worker::allocate()
{
    if (free_.empty()) {
        slabs_.push_back(std::make_unique<Connection[]>(kSlabSize));
        free_.reserve(slabs_.size() * kSlabSize);
        for (std::size_t i = kSlabSize; i-- > 0;) {
            slabs_.back()[i].worker_ = this;
            free_.push_back(&slabs_.back()[i]);
        }
    }
    Connection& connection = *free_.back();
    free_.pop_back();
    ++open_;
    processConnections_.fetch_add(1, std::memory_order_relaxed);
    return connection;
}

void Worker::awaitArrivals(Connection& connection)
{
    if (connection.swept_)
        return;
    connection.swept_ = true;
    awaitingArrival_.emplace_back(&connection, connection.generation_);
    if (!arrivalSweep_.linked())
        wheel_.schedule(arrivalSweep_, now_ + kArrivalSweep);
}

void Worker::sweepArrivals()
{
    std::erase_if(awaitingArrival_, [](const auto& waiting) {
        auto [connection, generation] = waiting;
        if (connection->generation_ != generation)
            return true;
        connection->checkArrivals();
        connection->swept_ = connection->arrivals_ != nullptr;
        return !connection->swept_;
    });
    if (!awaitingArrival_.empty())
        wheel_.schedule(arrivalSweep_, now_ + kArrivalSweep);
}

void Worker::release(Connection& connection)
{
    wheel_.cancel(connection);
    if (connection.arrivals_)
        connection.tellArrivals(true);
    if (connection.opening()) [[unlikely]]
        countUnopened(connection);
    connection.tls_.reset();
    ::close(connection.fd_); // takes it out of the epoll set too: nobody else holds this description
    connection.fd_ = -1;
    connection.setState(Connection::State::Free);
    ++connection.generation_;
    connection.input.reset();
    connection.exchange.reset();
    connection.attachment.reset();
    connection.out_.reset();
    --open_;
    processConnections_.fetch_sub(1, std::memory_order_relaxed);
    counters_.add(counterOf(connection.endReason_));
    dead_.push_back(&connection);
}

/// A slot is used again only after the batch: an event that is still in the batch must find it Free, not
/// another client.
void Worker::freeDead()
{
    for (Connection* connection : dead_) {
        connection->resumeAt = 0;
        connection->interimSent = false;
        connection->requests = 0;
        connection->answerBytes_ = 0;
        connection->unacknowledgedAtLoss_ = Connection::kUnknown;
        connection->readable_ = connection->peerShutDown_ = false;
        connection->waitingForBytes_ = connection->queued_ = connection->swept_ = false;
        connection->proxyHeadDue_ = connection->tlsDue_ = connection->sealed_ = false;
        free_.push_back(connection);
    }
    dead_.clear();
}

} // namespace spillway::net
