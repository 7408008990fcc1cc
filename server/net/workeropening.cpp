// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/proxyhead.h"
#include "server/net/tlsstream.h"
#include "server/net/worker.h"
#include "server/observe/metrics.h"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>

// What stands before a connection's first request: the head of the PROXY protocol, then the TLS handshake.
// Both are looked at in the socket first (MSG_PEEK), so a client that says nothing costs no buffer and no
// OpenSSL object.
namespace spillway::net {

namespace {

using observe::Counter;

constexpr char kHandshakeRecord = 0x16; // RFC 8446 §5.1
constexpr std::string_view kPlainHttpAnswer =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 51\r\n"
    "Connection: close\r\n\r\nThis port speaks HTTPS: begin the URL with https://";

} // namespace

void Worker::open(Connection& connection)
{
    if (connection.proxyHeadDue_ && !readProxyHead(connection))
        return;
    if (connection.tlsDue_ && !connection.tls_ && !beginTls(connection))
        return;
    if (connection.tlsDue_ && !handshake(connection))
        return;
    protocol_->readable(connection);
}

/// True when it is there and taken.
bool Worker::readProxyHead(Connection& connection)
{
    if (!connection.readable_)
        return false;
    const ssize_t n = ::recv(connection.fd_, scratch_.get(), kMaxProxyHead, MSG_PEEK);
    if (n <= 0) {
        connection.readable_ = false;
        if (n == 0 || (errno != EAGAIN && errno != EINTR))
            connection.closeNow(n == 0 ? EndReason::PeerClosed : EndReason::PeerError);
        return false;
    }
    const ProxyHead head = parseProxyHead({scratch_.get(), static_cast<std::size_t>(n)});
    if (head.outcome == ProxyHead::Outcome::NeedMore && !connection.peerShutDown_) {
        connection.readable_ = false; // each byte that comes makes an event of its own
        return false;
    }
    if (head.outcome != ProxyHead::Outcome::Complete) {
        connection.closeNow(EndReason::BadProxyHead);
        return false;
    }
    (void)::recv(connection.fd_, scratch_.get(), head.size, 0);
    connection.proxyHeadDue_ = false;
    if (head.client)
        connection.peer_ = *head.client;
    connection.setDeadline(connection.tlsDue_ ? now_ + limits_.handshakeTimeout : headDeadline());
    return true;
}

/// True when a handshake has begun.
bool Worker::beginTls(Connection& connection)
{
    if (!connection.readable_)
        return false;
    char first = 0;
    const ssize_t n = ::recv(connection.fd_, &first, 1, MSG_PEEK);
    if (n <= 0) {
        connection.readable_ = false;
        if (n == 0 || (errno != EAGAIN && errno != EINTR))
            connection.closeNow(n == 0 ? EndReason::PeerClosed : EndReason::PeerError);
        return false;
    }
    if (first != kHandshakeRecord) {
        if (first >= 'A' && first <= 'Z')
            refusePlainHttp(connection);
        else
            connection.closeNow(EndReason::HandshakeFailed);
        return false;
    }
    while (handshakes_.size() >= std::max<std::size_t>(1, limits_.maxHandshakes))
        handshakes_.front()->closeNow(EndReason::HandshakeDropped);
    connection.tls_ = tlsContext_ ? TlsStream::make(tlsContext_, connection.fd_) : nullptr;
    if (!connection.tls_) {
        connection.closeNow(EndReason::Internal);
        return false;
    }
    connection.tls_->place = handshakes_.insert(handshakes_.end(), &connection);
    return true;
}

/// True when it is complete.
bool Worker::handshake(Connection& connection)
{
    TlsStream& tls = *connection.tls_;
    bool readable = connection.readable_;
    const auto progress = tls.handshake(readable);
    connection.readable_ = readable;
    if (progress == TlsStream::Progress::Again)
        return false;
    if (progress == TlsStream::Progress::Failed) {
        if (tls.ended())
            connection.peerShutDown_ = true;
        connection.endReason_ = EndReason::HandshakeFailed;
        countUnopened(connection);
        connection.tls_.reset();
        connection.closeGently(EndReason::HandshakeFailed); // so that the alert arrives
        return false;
    }
    handshakes_.erase(tls.place);
    connection.tlsDue_ = false;
    connection.sealed_ = !tls.kernelSends();
    counters_.add(tls.resumed() ? Counter::TlsResumed : Counter::TlsFull);
    counters_.add(tls.is13() ? Counter::TlsVersion13 : Counter::TlsVersion12);
    connection.setDeadline(headDeadline());
    return true;
}

/// A browser that was given http:// for this port.
void Worker::refusePlainHttp(Connection& connection)
{
    (void)::send(connection.fd_, kPlainHttpAnswer.data(), kPlainHttpAnswer.size(), MSG_NOSIGNAL);
    connection.endReason_ = EndReason::HandshakeFailed;
    countUnopened(connection);
    connection.closeGently(EndReason::HandshakeFailed);
}

/// A connection that ends before its first request could come.
void Worker::countUnopened(Connection& connection)
{
    if (connection.tls_)
        handshakes_.erase(connection.tls_->place);
    if (connection.tlsDue_ && !connection.proxyHeadDue_) {
        if (connection.endReason_ == EndReason::HandshakeTimeout)
            counters_.add(Counter::TlsTimedOut);
        else if (connection.endReason_ == EndReason::HandshakeDropped)
            counters_.add(Counter::TlsDropped);
        else if (connection.tls_ || connection.endReason_ == EndReason::HandshakeFailed)
            counters_.add(Counter::TlsFailed);
    }
    connection.proxyHeadDue_ = connection.tlsDue_ = false;
}

} // namespace spillway::net
