// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/connection.h"
#include "server/net/outgoing.h"
#include "server/net/tlsstream.h"
#include "server/net/worker.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <utility>

// How an answer goes out. A small one whole, in one call; what is left of any goes a turn at a time, as fast
// as its client takes it and its pacer allows: segments first, then what a source or a generator makes.
namespace spillway::net {

namespace {

/// How much one connection may send before the others have their turn (ENGINE: a fast reader must not hold
/// the worker).
constexpr std::size_t kQuantum = 4 * 1024 * 1024;
constexpr std::size_t kGeneratorBudget = 64 * 1024;

bool wouldBlock(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

} // namespace

std::ptrdiff_t Connection::write(std::string_view bytes, int flags)
{
    if (sealed_)
        return sealPieces(bytes, {}, (flags & MSG_MORE) != 0);
    const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | flags);
    if (n >= 0) {
        countSent(static_cast<std::uint64_t>(n));
        return n;
    }
    return wouldBlock(errno) ? 0 : -1;
}

void Connection::sendInterim(std::string_view bytes)
{
    // 25 bytes into an empty send buffer. Were they not taken, the client goes on after its own time-out (RFC
    // 9110 §10.1.1).
    if (sealed_)
        tls_->writeInterim(bytes);
    else
        (void)::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

Connection::Outcome Connection::sendWhole(const std::shared_ptr<const void>& owner, std::string_view bytes,
                                          std::size_t headLength)
{
    answerBytes_ = 0;
    const std::ptrdiff_t n = write(bytes, 0);
    if (n == static_cast<std::ptrdiff_t>(bytes.size())) [[likely]]
        return Outcome::Sent;
    if (n < 0) {
        closeNow(EndReason::PeerError);
        return Outcome::Lost;
    }
    auto rest = std::make_unique<Outgoing>();
    const auto sent = static_cast<std::size_t>(n);
    if (sent < headLength)
        rest->segments.push_back(Segment::memory(std::string(bytes.substr(sent, headLength - sent))));
    rest->segments.push_back(Segment::memory(owner, bytes.substr(std::max(sent, headLength))));
    return beginSending(std::move(rest));
}

Connection::Outcome Connection::sendFile(std::string_view head, const std::shared_ptr<FileSource>& file,
                                         std::uint64_t length)
{
    answerBytes_ = 0;
    const auto window = file->prepare(0, length, length > 0 ? waker() : std::function<void()>());
    std::uint64_t sent = 0;
    std::size_t headSent = 0;
    if (sealed_) {
        if (window.state == WindowState::Ready && window.length == length && length > 0 &&
            head.size() + length <= Worker::kSendBufferSize) {
            const std::ptrdiff_t n = sealFile(head, *file, length);
            if (n < 0)
                return n == kFileFailed ? failBody() : lost();
            headSent = std::min(static_cast<std::size_t>(n), head.size());
            sent = static_cast<std::uint64_t>(n) - headSent;
            if (sent == length)
                return file->prepare(length, 0, {}).state == WindowState::Ready ? Outcome::Sent : failBody();
        }
    } else if (window.state == WindowState::Ready && window.length == length && length > 0 &&
               length <= kQuantum) {
        std::ptrdiff_t n = write(head, MSG_MORE);
        if (n == static_cast<std::ptrdiff_t>(head.size())) {
            off_t offset = 0;
            headSent = head.size();
            n = ::sendfile(fd_, file->fd(), &offset, length);
            if (n == 0)
                return failBody();
            if (n < 0 && wouldBlock(errno))
                n = 0;
            sent = static_cast<std::uint64_t>(std::max<std::ptrdiff_t>(n, 0));
            countSent(sent);
            if (sent == length)
                return file->prepare(length, 0, {}).state == WindowState::Ready ? Outcome::Sent : failBody();
        } else if (n > 0) {
            headSent = static_cast<std::size_t>(n);
        }
        if (n < 0)
            return lost();
    }
    auto rest = std::make_unique<Outgoing>();
    rest->segments.reserve(2);
    if (headSent < head.size())
        rest->segments.push_back(Segment::memory(std::string(head.substr(headSent))));
    rest->segments.push_back(Segment::fileRange(file, sent, length - sent));
    if (window.state != WindowState::Pending)
        return beginSending(std::move(rest));
    // The waker is given away already: the head waits for the bytes, too.
    out_ = std::move(rest);
    startClock();
    waitingForBytes_ = true;
    return Outcome::Continues;
}

Connection::Outcome Connection::sendAnswer(std::string_view head, Body&& body)
{
    answerBytes_ = 0;
    // The head goes out together with what memory follows it; MSG_MORE lets it share a packet with file
    // bytes.
    std::array<iovec, 2> pieces{};
    pieces[0] = {const_cast<char*>(head.data()), head.size()};
    std::size_t count = 1;
    if (!body.pacer && !body.segments.empty() && !body.segments.front().file &&
        body.segments.front().length > 0) {
        pieces[1] = {const_cast<char*>(body.segments.front().data), body.segments.front().length};
        count = 2;
    }
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = count;
    const bool more =
        body.segments.size() >= count; // a generator may have nothing yet: its head goes out now
    ssize_t n = 0;
    if (sealed_) {
        n = sealPieces(head, {static_cast<const char*>(pieces[1].iov_base), pieces[1].iov_len}, more);
        if (n < 0)
            return lost();
    } else {
        n = ::sendmsg(fd_, &message, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
        if (n < 0 && !wouldBlock(errno))
            return lost();
        countSent(static_cast<std::uint64_t>(std::max<ssize_t>(n, 0)));
    }
    auto sent = static_cast<std::size_t>(std::max<ssize_t>(n, 0));
    auto rest = std::make_unique<Outgoing>();
    if (sent < head.size()) {
        rest->segments.reserve(body.segments.size() + 1);
        rest->segments.push_back(Segment::memory(std::string(head.substr(sent))));
        std::move(body.segments.begin(), body.segments.end(), std::back_inserter(rest->segments));
    } else {
        rest->segments = std::move(body.segments);
        sent -= head.size();
        if (count == 2) {
            rest->segments.front().data += sent;
            rest->segments.front().length -= sent;
            if (rest->segments.size() == 1 && rest->segments.front().length == 0 && !body.source &&
                !body.generator)
                return Outcome::Sent;
        } else if (rest->segments.empty() && !body.source && !body.generator) {
            return Outcome::Sent;
        }
    }
    rest->source = std::move(body.source);
    rest->generator = std::move(body.generator);
    rest->pacer = std::move(body.pacer);
    if (rest->pacer)
        keepUnsentSmall();
    rest->chunked = body.chunked;
    return beginSending(std::move(rest));
}

Connection::Outcome Connection::beginSending(std::unique_ptr<Outgoing> rest)
{
    out_ = std::move(rest);
    startClock();
    return pump();
}

void Connection::startClock()
{
    setState(State::Sending);
    waitingForBytes_ = false;
    out_->lastProgress = out_->checkFrom = worker_->now();
    setDeadline(worker_->now() +
                std::min(worker_->limits().writeStallTimeout, worker_->limits().minRateGrace));
}

Connection::Outcome Connection::pump()
{
    std::size_t budget = kQuantum;
    const std::uint64_t before = answerBytes_;
    auto outcome = pumpSegments(budget);
    while (outcome == Outcome::Sent && out_->source) {
        outcome = takeSegments();
        if (outcome == Outcome::Sent)
            outcome = pumpSegments(budget);
    }
    if (outcome == Outcome::Sent && out_->generator)
        outcome = pumpGenerator(budget);
    if (outcome == Outcome::Continues && answerBytes_ != before)
        out_->lastProgress = worker_->now();
    if (outcome == Outcome::Sent) {
        out_.reset();
        setState(State::Waiting);
    }
    return outcome;
}

/// Outcome::Sent: they are all out.
Connection::Outcome Connection::pumpSegments(std::size_t& budget)
{
    if (sealed_)
        return pumpSealed(budget);
    while (out_->index < out_->segments.size()) {
        Segment& segment = out_->segments[out_->index];
        if (segment.length == 0) {
            finishSegment();
            continue;
        }
        if (budget == 0) {
            worker_->runSoon(*this);
            return Outcome::Continues;
        }
        const bool more = out_->index + 1 < out_->segments.size();
        if (const auto outcome = pumpSegment(segment, budget, more); outcome != Outcome::Sent)
            return outcome;
    }
    return Outcome::Sent;
}

/// The next segments of the source. Outcome::Sent: they are there, or the source has ended and is gone.
Connection::Outcome Connection::takeSegments()
{
    out_->segments.clear();
    out_->index = 0;
    switch (out_->source->next(out_->segments, waker())) {
    case SegmentSource::State::More:
        return Outcome::Sent;
    case SegmentSource::State::Pending:
        waitingForBytes_ = true;
        return Outcome::Continues;
    case SegmentSource::State::Done:
        out_->source.reset();
        return Outcome::Sent;
    case SegmentSource::State::Failed:
        break;
    }
    return failBody();
}

/// How much may be sent now; 0: the pacer says later, and the deadline is set to then.
std::size_t Connection::allowance(std::uint64_t wanted, std::size_t budget)
{
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, budget));
    if (!out_->pacer || most == 0)
        return most;
    const auto grant = out_->pacer->take(most, worker_->now());
    if (grant.bytes == 0) {
        out_->paced = true;
        waitingForBytes_ = true;
        setDeadline(grant.again);
    }
    return static_cast<std::size_t>(grant.bytes);
}

Connection::Outcome Connection::makeReady(const Segment& segment)
{
    if (out_->ready != 0)
        return Outcome::Sent;
    const auto window = segment.file->prepare(segment.offset, segment.length, waker());
    if (window.state == WindowState::Pending) {
        waitingForBytes_ = true;
        return Outcome::Continues;
    }
    if (window.state != WindowState::Ready || window.length == 0)
        return failBody();
    out_->ready = std::min(window.length, segment.length);
    return Outcome::Sent;
}

/// Outcome::Sent here means: go on with the loop.
Connection::Outcome Connection::pumpSegment(Segment& segment, std::size_t& budget, bool more)
{
    ssize_t n = 0;
    std::size_t allowed = 0;
    if (segment.file) {
        if (const auto outcome = makeReady(segment); outcome != Outcome::Sent)
            return outcome;
        auto offset = static_cast<off_t>(segment.offset);
        allowed = allowance(out_->ready, budget);
        if (allowed == 0)
            return Outcome::Continues;
        n = ::sendfile(fd_, segment.file->fd(), &offset, allowed);
        if (n == 0)
            return failBody(); // the file was cut short (engine note 15)
    } else {
        allowed = allowance(segment.length, budget);
        if (allowed == 0)
            return Outcome::Continues;
        n = ::send(fd_, segment.data, allowed, MSG_NOSIGNAL | (more ? MSG_MORE : 0));
    }
    const auto sent = static_cast<std::uint64_t>(std::max<ssize_t>(n, 0));
    if (out_->pacer && sent < allowed)
        out_->pacer->giveBack(allowed - sent);
    if (n < 0)
        return wouldBlock(errno) ? Outcome::Continues : lost();
    countSent(sent);
    segment.length -= sent;
    budget -= std::min<std::size_t>(budget, sent);
    if (!segment.file) {
        segment.data += sent;
        return Outcome::Sent;
    }
    segment.offset += sent;
    out_->ready -= sent;
    if (segment.length == 0 && segment.file->prepare(segment.offset, 0, {}).state != WindowState::Ready)
        return failBody();
    return Outcome::Sent;
}

Connection::Outcome Connection::pumpGenerator(std::size_t& budget)
{
    for (;;) {
        while (out_->chunkSent < out_->chunk.size()) {
            if (budget == 0) {
                worker_->runSoon(*this);
                return Outcome::Continues;
            }
            const auto unsent = std::string_view(out_->chunk).substr(out_->chunkSent);
            const std::size_t allowed = allowance(unsent.size(), budget);
            if (allowed == 0)
                return Outcome::Continues;
            const std::ptrdiff_t n = write(unsent.substr(0, allowed), 0);
            if (out_->pacer)
                out_->pacer->giveBack(allowed - static_cast<std::size_t>(std::max<std::ptrdiff_t>(n, 0)));
            if (n < 0)
                return lost();
            if (n == 0)
                return Outcome::Continues;
            out_->chunkSent += static_cast<std::size_t>(n);
            budget -= static_cast<std::size_t>(n);
        }
        if (out_->generatorDone)
            return Outcome::Sent;
        // A chunk is framed in place: room for its size line before, then the bytes, then CRLF (RFC 9112
        // §7.1).
        constexpr std::size_t kSizeLine = 10;
        out_->chunk.assign(out_->chunked ? kSizeLine : 0, ' ');
        out_->chunkSent = 0;
        const auto state = out_->generator->pull(out_->chunk, kGeneratorBudget, waker());
        if (state == Generator::State::Failed)
            return failBody();
        out_->generatorDone = state == Generator::State::Done;
        if (out_->chunked) {
            const std::size_t length = out_->chunk.size() - kSizeLine;
            if (length > 0) {
                std::array<char, kSizeLine> line{};
                auto* end = std::to_chars(line.data(), line.data() + line.size() - 2, length, 16).ptr;
                *end++ = '\r';
                *end++ = '\n';
                const auto size = static_cast<std::size_t>(end - line.data());
                out_->chunkSent = kSizeLine - size;
                std::copy(line.data(), end,
                          out_->chunk.begin() + static_cast<std::ptrdiff_t>(out_->chunkSent));
                out_->chunk += "\r\n";
            } else {
                out_->chunkSent = kSizeLine;
            }
            if (out_->generatorDone)
                out_->chunk += "0\r\n\r\n";
        }
        if (state == Generator::State::Pending && out_->chunkSent == out_->chunk.size()) {
            waitingForBytes_ = true;
            return Outcome::Continues;
        }
        if (state == Generator::State::Pending)
            waitingForBytes_ = true;
    }
}

Connection::Outcome Connection::lost()
{
    unacknowledgedAtLoss_ = static_cast<std::uint32_t>(unacknowledged()); // an int, as the kernel counts it
    closeNow(EndReason::PeerError);
    return Outcome::Lost;
}

Connection::Outcome Connection::failBody()
{
    // The promised length cannot be kept, so only a closed connection tells the client the truth.
    unacknowledgedAtLoss_ = static_cast<std::uint32_t>(unacknowledged()); // an int, as the kernel counts it
    closeNow(EndReason::BodyFailed);
    return Outcome::Lost;
}

} // namespace spillway::net
