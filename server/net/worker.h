// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/base/uniquefd.h"
#include "server/base/units.h"
#include "server/config/cidr.h"
#include "server/net/connection.h"
#include "server/net/listensocket.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <vector>

namespace spillway::observe {
class WorkerCounters;
}

namespace spillway::net {

class OutsideContact;
class TlsContext;

/// Time-outs and bounds of connections, each its own setting.
struct ConnectionLimits
{
    std::chrono::milliseconds headTimeout{10'000};       ///< from a head's first byte to its last
    std::chrono::milliseconds idleTimeout{75'000};       ///< between requests
    std::chrono::milliseconds writeStallTimeout{60'000}; ///< no byte taken by the client
    BytesPerSecond minRate{500};                         ///< slower readers are ended; 0: never
    std::chrono::milliseconds minRateGrace{30'000};      ///< how long a reader may be slower
    std::chrono::milliseconds drainGrace{1'000};         ///< during a drain, for a head that has begun
    std::chrono::milliseconds lingerTimeout{2'000};
    std::size_t lingerBytes = 256 * 1024;
    std::size_t maxConnections = 0;     ///< over all workers of the process; 0: no bound but the descriptors
    std::size_t limitedConnections = 0; ///< the same, as a limit that people set; 0: none
    std::chrono::milliseconds handshakeTimeout{10'000}; ///< of TLS, from the connection's first moment
    std::size_t maxHandshakes =
        4096; ///< begun and not complete, on this worker; over it the oldest is dropped
};

/// What a worker does without under overload.
struct Shedding
{
    bool keepAlive = false;   ///< answers are the last on their connection, idle ones have 5 s
    bool connections = false; ///< new ones are answered 503
};

/// One thread's network: an epoll set with its listeners and connections, the timer wheel, a mailbox, a run
/// queue.
///
/// Everything but post() and the atomics is for the worker's own thread. It does not block: poll() handles
/// what is ready and returns; the owner's event loop calls it whenever epollFd() is readable.
class Worker
{
public:
    Worker(const Clock& clock, ConnectionLimits limits, observe::WorkerCounters& counters,
           std::atomic<std::size_t>& processConnections);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void setProtocol(Protocol& protocol) { protocol_ = &protocol; }
    /// Takes a listening, non-blocking socket.
    void addListener(UniqueFd socket, ListenerKind kind = {});
    /// The certificates for connections that come from now on. Before the first TLS listener.
    void setTls(std::shared_ptr<const TlsContext> context) { tlsContext_ = std::move(context); }
    /// Who must begin with the PROXY protocol where a listener has it.
    void setTrustedProxies(std::vector<config::Cidr> blocks) { trustedProxies_ = std::move(blocks); }
    /// Where a connection from another machine is noted, now and then.
    void setOutsideContact(OutsideContact* contact) { outsideContact_ = contact; }
    /// Stops accepting; connections that wait in the kernel's queue are accepted first (else they would be
    /// reset).
    void closeListeners();
    /// Idle connections are closed now, the others after their current answer; a request that has not come
    /// whole has a short grace.
    void drain();
    [[nodiscard]] bool draining() const noexcept { return draining_; }
    void closeAll(EndReason reason);
    /// From now on; connections that are idle already have to go sooner, too.
    void shed(Shedding shedding);
    [[nodiscard]] const Shedding& shedding() const noexcept { return shedding_; }
    [[nodiscard]] std::chrono::milliseconds idleTimeout() const noexcept
    {
        return shedding_.keepAlive ? std::min(limits_.idleTimeout, kShortIdle) : limits_.idleTimeout;
    }
    static constexpr std::chrono::milliseconds kShortIdle{5'000};

    [[nodiscard]] int epollFd() const noexcept { return epoll_.get(); }
    void poll();

    /// From any thread: runs `task` on the worker's thread soon.
    void post(std::function<void()> task);

    /// Forgets what was posted and not run. For the end, when the thread has stopped polling.
    void dropMailbox();

    [[nodiscard]] Monotonic now() const noexcept { return now_; }
    [[nodiscard]] const Clock& clock() const noexcept { return clock_; }
    [[nodiscard]] ConnectionLimits& limits() noexcept { return limits_; }
    [[nodiscard]] observe::WorkerCounters& counters() noexcept { return counters_; }
    [[nodiscard]] std::size_t connections() const noexcept { return open_; }
    /// When a head (or its body) whose first byte is here now must be complete.
    [[nodiscard]] Monotonic headDeadline() const noexcept
    {
        return now_ + (draining_ ? std::min(limits_.headTimeout, limits_.drainGrace) : limits_.headTimeout);
    }
    /// Read buffer shared by all connections of the worker, valid until the next event.
    [[nodiscard]] char* scratch() noexcept { return scratch_.get(); }
    static constexpr std::size_t kScratchSize = 64 * 1024;
    /// What TLS is about to send, shared in the same way; made when it is first needed.
    [[nodiscard]] char* sendBuffer();
    static constexpr std::size_t kSendBufferSize = 64 * 1024;

    /// Ends the connection in that slot at once, with a reset, if it still is of that generation; false where
    /// it has gone already.
    [[nodiscard]] bool kick(std::uint32_t slot, std::uint32_t generation);

    /// Handles `connection` again in this or the next poll(), after the others had their turn.
    void runSoon(Connection& connection);
    template<class F>
    void forEachConnection(F&& visit);
    /// The same with the number of its slot: visit(connection, slot).
    template<class F>
    void forEachSlot(F&& visit);

private:
    friend class Connection;
    struct Listener
    {
        UniqueFd socket;
        ListenerKind kind;
    };
    void accept(Listener& listener);
    void adopt(int fd, const PeerAddress& peer, ListenerKind kind);
    void noteOutside(int fd, const PeerAddress& peer);
    void refuse(int fd, ListenerKind kind);
    void sayBusy(int fd, ListenerKind kind);
    void refuseForWantOfDescriptors(Listener& listener);
    void dispatch(Connection& connection, std::uint32_t events);
    void run(Connection& connection);
    void open(Connection& connection);
    [[nodiscard]] bool readProxyHead(Connection& connection);
    [[nodiscard]] bool beginTls(Connection& connection);
    [[nodiscard]] bool handshake(Connection& connection);
    void refusePlainHttp(Connection& connection);
    void countUnopened(Connection& connection);
    void expired(Connection& connection);
    void checkSending(Connection& connection);
    void runMailbox();
    void armTimer();
    void awaitArrivals(Connection& connection);
    void sweepArrivals();
    [[nodiscard]] Connection& allocate();
    void release(Connection& connection);
    void freeDead();

    static constexpr std::size_t kSlabSize = 256;

    const Clock& clock_;
    ConnectionLimits limits_;
    observe::WorkerCounters& counters_;
    std::atomic<std::size_t>& processConnections_;
    Protocol* protocol_ = nullptr;
    Monotonic now_;
    TimerWheel wheel_;
    UniqueFd epoll_, mailboxEvent_, timer_, spare_;
    std::unique_ptr<char[]> scratch_, sendBuffer_;
    std::shared_ptr<const TlsContext> tlsContext_;
    std::vector<config::Cidr> trustedProxies_;
    OutsideContact* outsideContact_ = nullptr;
    Monotonic nextOutsideNote_{};       ///< not before
    std::list<Connection*> handshakes_; ///< begun and not complete, the oldest first
    std::vector<std::unique_ptr<Listener>> listeners_;
    std::vector<std::unique_ptr<Connection[]>> slabs_;
    std::vector<Connection*> free_;
    std::vector<Connection*> dead_;
    std::vector<std::pair<Connection*, std::uint32_t>> runQueue_;
    std::size_t open_ = 0;
    bool draining_ = false;
    Shedding shedding_;
    std::optional<Monotonic> armedFor_;
    TimerNode acceptAgain_; ///< out of descriptors: the listeners rest until then
    bool acceptPaused_ = false;
    TimerNode arrivalSweep_;
    std::vector<std::pair<Connection*, std::uint32_t>> awaitingArrival_;

    std::mutex mailboxMutex_; ///< guards mailbox_
    std::vector<std::function<void()>> mailbox_;
};

template<class F>
void Worker::forEachSlot(F&& visit)
{
    std::uint32_t slot = 0;
    for (auto& slab : slabs_)
        for (std::size_t i = 0; i < kSlabSize; ++i, ++slot)
            if (slab[i].state() != Connection::State::Free)
                visit(slab[i], slot);
}

template<class F>
void Worker::forEachConnection(F&& visit)
{
    forEachSlot([&visit](Connection& connection, std::uint32_t) { visit(connection); });
}

} // namespace spillway::net
