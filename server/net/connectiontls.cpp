// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/connection.h"
#include "server/net/outgoing.h"
#include "server/net/tlsstream.h"
#include "server/net/worker.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unistd.h>

// A connection's sending and receiving with TLS in this process. Where the kernel encrypts,
// connectionsending.cpp sends as without TLS, and only receiving comes here.
//
// What goes out is gathered in the worker's send buffer, so that a small answer is one record: memory is
// copied, files are read with pread, and only what prepare() says is in memory.
//
//   segments   [head][part head] [file .........................]
//               └── gather() ──┘ └─ gather() ─┘                      send buffer, 64 KiB: records of 16 KiB
//
// Where the socket does not take a whole record, OpenSSL keeps it encrypted (TlsStream::pending), and
// consume() moves the segments on when it is out: the plain bytes are not needed again. What was read beyond
// it is read anew.
namespace spillway::net {

namespace {

/// How much one connection may send before the others have their turn: about a millisecond's work.
constexpr std::size_t kSealedQuantum = 1024 * 1024;

/// A result of pread that ends the transfer: 0 is a file cut short.
std::ptrdiff_t readAt(int fd, char* buffer, std::size_t size, std::uint64_t offset)
{
    for (;;) {
        const ssize_t n = ::pread(fd, buffer, size, static_cast<off_t>(offset));
        if (n >= 0 || errno != EINTR)
            return n;
    }
}

} // namespace

std::ptrdiff_t Connection::receiveSealed(char* buffer, std::size_t capacity)
{
    // Not only while the socket has something: OpenSSL reads ahead.
    bool readable = readable_;
    const std::ptrdiff_t n = tls_->read(buffer, capacity, readable);
    readable_ = readable;
    if (n == -1 && tls_->ended()) {
        if (!peerShutDown_)
            tls_->sendCloseNotify(); // some wait for it (RFC 8446 §6.1)
        peerShutDown_ = true;
    }
    if (n == 0 && peerShutDown_ && !readable_)
        return -1;
    return n;
}

/// Two pieces of memory as one run of records; at most the send buffer's size of them, if there are two.
std::ptrdiff_t Connection::sealPieces(std::string_view first, std::string_view second, bool more)
{
    if (tls_->pending() > 0)
        return 0;
    if (!second.empty()) {
        char* const buffer = worker_->sendBuffer();
        const std::size_t head = std::min(first.size(), Worker::kSendBufferSize);
        const std::size_t rest = std::min(second.size(), Worker::kSendBufferSize - head);
        more = more || head + rest < first.size() + second.size();
        std::memcpy(buffer, first.data(), head);
        std::memcpy(buffer + head, second.data(), rest);
        first = {buffer, head + rest};
    }
    const std::ptrdiff_t n = tls_->write(first, more);
    if (n > 0)
        countSent(static_cast<std::uint64_t>(n));
    return n;
}

/// A head and a whole file, which fit in the send buffer.
std::ptrdiff_t Connection::sealFile(std::string_view head, FileSource& file, std::uint64_t length)
{
    char* const buffer = worker_->sendBuffer();
    std::memcpy(buffer, head.data(), head.size());
    std::size_t size = head.size();
    while (size < head.size() + length) {
        const auto n = readAt(file.fd(), buffer + size, head.size() + length - size, size - head.size());
        if (n <= 0)
            return kFileFailed;
        size += static_cast<std::size_t>(n);
    }
    return sealPieces({buffer, size}, {}, false);
}

/// pump()'s loop over the segments. Outcome::Sent: they are all out.
Connection::Outcome Connection::pumpSealed(std::size_t& budget)
{
    budget = std::min(budget, kSealedQuantum);
    if (tls_->pending() > 0) {
        const std::ptrdiff_t n = tls_->retry();
        if (n <= 0)
            return n == 0 ? Outcome::Continues : lost();
        if (const auto outcome = consume(static_cast<std::size_t>(n)); outcome != Outcome::Sent)
            return outcome;
    }
    for (;;) {
        while (out_->index < out_->segments.size() && out_->segments[out_->index].length == 0)
            finishSegment();
        if (out_->index == out_->segments.size())
            return Outcome::Sent;
        if (budget == 0) {
            worker_->runSoon(*this);
            return Outcome::Continues;
        }
        std::size_t size = 0, allowed = 0;
        bool more = false;
        if (const auto outcome = gather(budget, size, allowed, more); outcome != Outcome::Sent)
            return outcome;
        const std::ptrdiff_t n = tls_->write({worker_->sendBuffer(), size}, more);
        const auto sent = static_cast<std::size_t>(std::max<std::ptrdiff_t>(n, 0));
        // An encrypted record will go out whatever the pacer says by then, so it is paid for now.
        if (const std::size_t used = sent + (n < 0 ? 0 : tls_->pending()); out_->pacer && used < allowed)
            out_->pacer->giveBack(allowed - used);
        if (n < 0)
            return lost();
        budget -= std::min(budget, sent);
        if (const auto outcome = consume(sent); outcome != Outcome::Sent)
            return outcome;
        if (sent < size)
            return Outcome::Continues;
    }
}

/// Fills the send buffer with what comes next. With a pacer, of one segment only, and `allowed` is what it
/// granted.
Connection::Outcome Connection::gather(std::size_t budget, std::size_t& gathered, std::size_t& allowed,
                                       bool& more)
{
    char* const buffer = worker_->sendBuffer();
    const std::size_t room = std::min(budget, Worker::kSendBufferSize);
    std::size_t index = out_->index;
    gathered = 0;
    for (; index < out_->segments.size() && gathered < room; ++index) {
        const Segment& segment = out_->segments[index];
        if (segment.length == 0)
            continue;
        if (segment.file && index != out_->index)
            break; // its window is asked for when its turn comes
        std::uint64_t most = segment.length;
        if (segment.file) {
            if (const auto outcome = makeReady(segment); outcome != Outcome::Sent)
                return outcome;
            most = out_->ready;
        }
        std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(most, room - gathered));
        if (out_->pacer) {
            size = allowed = allowance(size, size);
            if (size == 0)
                return Outcome::Continues;
        }
        if (segment.file) {
            const auto n = readAt(segment.file->fd(), buffer, size, segment.offset);
            if (n <= 0)
                return failBody();
            size = static_cast<std::size_t>(n);
        } else {
            std::memcpy(buffer + gathered, segment.data, size);
        }
        gathered += size;
        if (segment.file || out_->pacer || size < segment.length)
            break;
    }
    std::size_t left = 0;
    for (std::size_t i = out_->index; i < out_->segments.size() && left <= gathered; ++i)
        left += static_cast<std::size_t>(std::min<std::uint64_t>(out_->segments[i].length, kSealedQuantum));
    more = left > gathered;
    return Outcome::Sent;
}

/// So many bytes of the answer, from the current segment on, are out. Outcome::Sent: go on.
Connection::Outcome Connection::consume(std::size_t bytes)
{
    countSent(bytes);
    while (bytes > 0 && out_->index < out_->segments.size()) {
        Segment& segment = out_->segments[out_->index];
        const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, segment.length));
        bytes -= part;
        segment.length -= part;
        if (segment.file) {
            segment.offset += part;
            out_->ready -= std::min<std::uint64_t>(out_->ready, part);
            if (segment.length == 0 &&
                segment.file->prepare(segment.offset, 0, {}).state != WindowState::Ready)
                return failBody();
        } else {
            segment.data += part;
        }
        if (segment.length == 0)
            finishSegment();
    }
    out_->chunkSent += bytes; // a record that was pending when the segments had been sent is the generator's
    return Outcome::Sent;
}

/// Releases the file or memory as soon as it is out; a list of many parts then holds only what is left.
void Connection::finishSegment()
{
    out_->segments[out_->index++] = Segment{};
    out_->ready = 0;
}

} // namespace spillway::net
