// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/outsidecontact.h"
#include "server/net/worker.h"
#include "server/observe/metrics.h"

#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

// Who comes in, and who is told that there is no room.
namespace spillway::net {

namespace {

constexpr std::string_view kBusyAnswer = "HTTP/1.1 503 Service Unavailable\r\n"
                                         "Retry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
constexpr int kAcceptBatch = 64;
constexpr std::chrono::seconds kOutsideNotes{1}; ///< so that a flood of connections costs nothing more

} // namespace

void Worker::accept(Listener& listener)
{
    if (acceptPaused_)
        return;
    for (int i = 0; i < kAcceptBatch; ++i) {
        sockaddr_storage storage{};
        socklen_t length = sizeof storage;
        const int fd = ::accept4(listener.socket.get(), reinterpret_cast<sockaddr*>(&storage), &length,
                                 SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            adopt(fd, PeerAddress::from(storage), listener.kind);
            continue;
        }
        if (errno == EMFILE || errno == ENFILE) {
            refuseForWantOfDescriptors(listener);
            return;
        }
        if (errno == EAGAIN)
            return;
        if (errno == ENOBUFS || errno == ENOMEM) {
            acceptPaused_ = true;
            wheel_.schedule(acceptAgain_, now_ + std::chrono::milliseconds(100));
            return;
        }
        // ECONNABORTED and the network errors of accept(2) concern that one client only.
    }
}

void Worker::adopt(int fd, const PeerAddress& peer, ListenerKind kind)
{
    const std::size_t open = processConnections_.load(std::memory_order_relaxed);
    if ((limits_.maxConnections != 0 && open >= limits_.maxConnections) ||
        (limits_.limitedConnections != 0 && open >= limits_.limitedConnections)) {
        counters_.add(observe::Counter::RejectedMax);
        refuse(fd, kind);
        return;
    }
    if (shedding_.connections) {
        counters_.add(observe::Counter::RejectedOverload);
        refuse(fd, kind);
        return;
    }
    const int one = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    Connection& connection = allocate();
    connection.fd_ = fd;
    connection.peer_ = peer;
    connection.setState(Connection::State::Reading);
    if (!protocol_->accepted(connection)) {
        counters_.add(observe::Counter::RejectedMax);
        sayBusy(fd, kind);
        connection.closeNow(EndReason::KeepAliveEnd);
        return;
    }
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    event.data.u64 = reinterpret_cast<std::uint64_t>(&connection);
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
        // Out of epoll watches (ENOSPC) or memory.
        connection.closeNow(EndReason::PeerError);
        return;
    }
    // The first head is due as if its first byte were here: a client that connects and says nothing is a slow
    // head.
    connection.proxyHeadDue_ =
        kind.proxyProtocol && config::containsAddress(trustedProxies_, config::IpAddress{peer.address});
    connection.tlsDue_ = kind.tls;
    connection.setDeadline(kind.tls && !connection.proxyHeadDue_ ? now_ + limits_.handshakeTimeout
                                                                 : headDeadline());
    counters_.add(observe::Counter::Accepted);
    if (outsideContact_ && now_ >= nextOutsideNote_)
        noteOutside(fd, peer);
}

void Worker::noteOutside(int fd, const PeerAddress& peer)
{
    if (isFromThisMachine(fd, peer))
        return;
    outsideContact_->note(peer, clock_.wall());
    nextOutsideNote_ = now_ + kOutsideNotes;
}

void Worker::refuse(int fd, ListenerKind kind)
{
    sayBusy(fd, kind);
    ::close(fd);
}

void Worker::sayBusy(int fd, ListenerKind kind)
{
    // What the client has sent already is taken out of the way, or closing would reset the answer (engine
    // note 18). A handshake only to say no would cost more than the request.
    if (!kind.tls)
        (void)::send(fd, kBusyAnswer.data(), kBusyAnswer.size(), MSG_NOSIGNAL);
    ::shutdown(fd, SHUT_WR);
    (void)::recv(fd, scratch_.get(), kScratchSize, 0);
}

void Worker::refuseForWantOfDescriptors(Listener& listener)
{
    for (int i = 0; i < kAcceptBatch; ++i) {
        spare_.reset();
        const int fd = ::accept4(listener.socket.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            counters_.add(observe::Counter::RejectedEmfile);
            refuse(fd, listener.kind);
        }
        spare_.reset(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        if (fd < 0)
            break;
    }
    // The listener is level-triggered: without a rest, clients that cannot be taken would keep the worker
    // spinning.
    acceptPaused_ = true;
    wheel_.schedule(acceptAgain_, now_ + std::chrono::milliseconds(20));
}

} // namespace spillway::net
