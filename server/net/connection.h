// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/net/arrival.h"
#include "server/net/pacer.h"
#include "server/net/peeraddress.h"
#include "server/net/segment.h"
#include "server/net/timerwheel.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::net {

class TlsStream;
class Worker;
struct Outgoing;

/// Why a connection ended, for the counters and the log.
enum class EndReason : std::uint8_t
{
    PeerClosed,
    PeerError,    ///< reset, broken pipe
    KeepAliveEnd, ///< we closed after an answer, as announced
    HeadTimeout,
    IdleTimeout,
    BodyTimeout,
    WriteStall,
    MinRate,
    BadRequest,
    BodyFailed, ///< the file changed or could not be read while it went out
    Drain,
    Kicked,
    Internal, ///< a fault of ours
    HandshakeFailed,
    HandshakeTimeout,
    HandshakeDropped, ///< too many unfinished ones, and this was the oldest
    BadProxyHead,
};

/// An answer's body: segments in order, then those of a source, if set; then a generator, if set.
struct Body
{
    std::vector<Segment> segments;
    std::unique_ptr<SegmentSource> source;
    std::unique_ptr<Generator> generator;
    std::shared_ptr<Pacer> pacer; ///< null: as fast as it goes
    bool chunked = false;         ///< frame the generator's bytes as chunks (HTTP/1.1)
};

/// One client's TCP connection: a plain object of under 160 bytes, with no buffer while idle. Lives in a slab
/// of its worker and is touched by that worker's thread only. What stands before the first request (the head
/// of the PROXY protocol, the TLS handshake) is done by the worker in state Reading (workeropening.cpp).
///
///                receive()            sendAnswer()           all sent
///   Reading ───────────────► Waiting ─────────────► Sending ──────────► Reading
///      │       (parked: the protocol owes an answer)   │
///      └──────────── closeGently() ──► Lingering ◄─────┘          any ── closeNow() ──► Dead, reused after
///      the batch
///
/// The descriptor is in the worker's epoll set once, edge-triggered for both directions, and is never
/// modified again: `readable_` and `writable` remember the edges.
class Connection : private TimerNode
{
public:
    enum class State : std::uint8_t
    {
        Free,
        Reading,
        Waiting,
        Sending,
        Lingering
    };
    enum class Outcome : std::uint8_t
    {
        Sent,      ///< everything was taken by the kernel
        Continues, ///< the rest goes out later; Protocol::answerEnded will tell
        Lost,      ///< the connection is closed; do not touch it again
    };

    Connection() = default;
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] State state() const noexcept { return state_; }
    [[nodiscard]] const PeerAddress& peer() const noexcept { return peer_; }
    [[nodiscard]] bool secure() const noexcept { return tls_ != nullptr; } ///< TLS with the client
    [[nodiscard]] Worker& worker() const noexcept { return *worker_; }
    /// Changes whenever the slot is used for another client: (pointer, generation) names a connection for
    /// ever.
    [[nodiscard]] std::uint32_t generation() const noexcept { return generation_; }
    [[nodiscard]] bool peerHasShutDown() const noexcept { return peerShutDown_; }

    /// Reads what is there, at most `capacity` bytes. > 0: bytes; 0: nothing now; -1: the peer has ended or
    /// failed (peerHasShutDown() tells an orderly end, which still may wait for an answer).
    [[nodiscard]] std::ptrdiff_t receive(char* buffer, std::size_t capacity);

    /// Bytes kept between events: the beginning of a head, or pipelined requests. Null while there are none.
    std::unique_ptr<std::string> input;
    bool interimSent =
        false; ///< the body of the request in `input` is awaited (100 Continue went out if asked for)
    std::uint32_t resumeAt = 0; ///< how far the head gate has looked into `input`
    std::uint32_t requests = 0; ///< answered so far
    /// The protocol's own per-request state, while an answer is not finished in one go.
    struct Exchange
    {
        virtual ~Exchange() = default;
    };
    std::unique_ptr<Exchange> exchange;
    /// What the protocol's handler keeps from request to request, such as whose limits hold here.
    struct Attachment
    {
        virtual ~Attachment() = default;
    };
    std::unique_ptr<Attachment> attachment;

    /// An interim answer (100 Continue). Only while nothing else is going out.
    void sendInterim(std::string_view bytes);
    /// A whole answer, head and body in one piece of memory that `owner` keeps; the first `headLength` bytes
    /// may change after the call (a Date is written into them), so what is left of them is copied.
    [[nodiscard]] Outcome sendWhole(const std::shared_ptr<const void>& owner, std::string_view bytes,
                                    std::size_t headLength);
    /// A head and the first `length` bytes of a file. Costs no allocation where the socket takes all of it at
    /// once.
    [[nodiscard]] Outcome sendFile(std::string_view head, const std::shared_ptr<FileSource>& file,
                                   std::uint64_t length);
    /// An answer of a head, which is copied where it cannot go out at once, and a body.
    [[nodiscard]] Outcome sendAnswer(std::string_view head, Body&& body);

    /// Another pace for the answer that is going out, from its next window on; null: as fast as it goes.
    void setPacer(std::shared_ptr<Pacer> pacer);

    /// The protocol is working on a request: nothing is read until it answers.
    void setWaiting();
    void setReading();
    void closeNow(EndReason reason);
    /// Ends our side, swallows a bounded amount for a bounded time so that the last answer is not lost to a
    /// reset (engine rule: RFC 9112 §9.6), then closes.
    void closeGently(EndReason reason);

    void setDeadline(Monotonic when);
    void cancelTimer();
    /// Body and head bytes of the current answer that the kernel has taken.
    [[nodiscard]] std::uint64_t answerBytes() const noexcept { return answerBytes_; }
    /// Of the current answer, what the kernel has not taken yet, but for what a generator is still to make.
    [[nodiscard]] std::uint64_t bytesLeft() const noexcept;
    /// A generator makes the rest of the current answer: nobody knows its length.
    [[nodiscard]] bool isEndless() const noexcept;
    /// Bytes in the kernel that the client has not acknowledged yet (SIOCOUTQ); 0 where it cannot be asked.
    /// Of a connection that was lost while it sent, what it was then; of one that ended otherwise, all that
    /// could be.
    [[nodiscard]] std::uint64_t unacknowledged() const noexcept;
    /// Tells the watcher when all that was sent so far has been acknowledged, or the connection ends. Looked
    /// at when the next request comes, twice a second, and at the end.
    void watchArrival(std::unique_ptr<ArrivalWatcher> watcher);
    void checkArrivals()
    {
        if (arrivals_) [[unlikely]]
            tellArrivals(false);
    }

private:
    friend class Worker;
    /// The only place where the state changes: it keeps the gauges of active and idle connections true.
    void setState(State to) noexcept;
    [[nodiscard]] Outcome pump();
    [[nodiscard]] std::size_t allowance(std::uint64_t wanted, std::size_t budget);
    /// Outcome::Sent: out_->ready bytes of the current file segment can be sent without blocking.
    [[nodiscard]] Outcome pumpSegments(std::size_t& budget);
    [[nodiscard]] Outcome takeSegments();
    [[nodiscard]] Outcome makeReady(const Segment& segment);
    [[nodiscard]] Outcome pumpSegment(Segment& segment, std::size_t& budget, bool more);
    [[nodiscard]] Outcome pumpGenerator(std::size_t& budget);
    void keepUnsentSmall();
    [[nodiscard]] Outcome beginSending(std::unique_ptr<Outgoing> rest);
    void startClock();
    void countSent(std::uint64_t bytes);
    [[nodiscard]] Outcome lost();
    [[nodiscard]] Outcome failBody();
    [[nodiscard]] std::ptrdiff_t write(std::string_view bytes, int flags);
    // The same with TLS (connectiontls.cpp).
    [[nodiscard]] std::ptrdiff_t receiveSealed(char* buffer, std::size_t capacity);
    [[nodiscard]] std::ptrdiff_t sealPieces(std::string_view first, std::string_view second, bool more);
    [[nodiscard]] std::ptrdiff_t sealFile(std::string_view head, FileSource& file, std::uint64_t length);
    [[nodiscard]] Outcome pumpSealed(std::size_t& budget);
    [[nodiscard]] Outcome gather(std::size_t budget, std::size_t& gathered, std::size_t& allowed, bool& more);
    [[nodiscard]] Outcome consume(std::size_t bytes);
    static constexpr std::ptrdiff_t kFileFailed = -2; ///< of sealFile(); -1 is the socket
    void finishSegment();
    [[nodiscard]] bool opening() const noexcept { return proxyHeadDue_ || tlsDue_; }
    void resumeSending();
    void tellArrivals(bool last);
    [[nodiscard]] std::function<void()> waker();

    Worker* worker_ = nullptr;
    std::unique_ptr<Outgoing> out_;
    std::unique_ptr<TlsStream> tls_;
    std::unique_ptr<Arrivals> arrivals_; ///< null unless somebody waits
    std::uint64_t answerBytes_ = 0;
    int fd_ = -1;
    std::uint32_t generation_ = 0;
    static constexpr std::uint32_t kUnknown = ~std::uint32_t{0};
    std::uint32_t unacknowledgedAtLoss_ = kUnknown;
    PeerAddress peer_;
    State state_ = State::Free;
    EndReason endReason_ = EndReason::PeerClosed;
    bool readable_ : 1 = false;
    bool peerShutDown_ : 1 = false;
    bool waitingForBytes_ : 1 = false; ///< a source or a pacer makes us wait, so the client is not to blame
    bool queued_ : 1 = false;          ///< in the worker's run queue
    bool proxyHeadDue_ : 1 = false;    ///< nothing counts before the head of the PROXY protocol
    bool tlsDue_ : 1 = false;          ///< the TLS handshake is not complete
    bool sealed_ : 1 = false;          ///< what is sent goes through tls_; false where the kernel encrypts
    bool swept_ : 1 = false;           ///< in the worker's list of those with arrivals
};

/// What makes bytes into answers. One per worker, same thread.
class Protocol
{
public:
    virtual ~Protocol() = default;
    /// State Reading and input may be there.
    virtual void readable(Connection& connection) = 0;
    /// An answer that Continued is out (complete), or cannot be completed (then the connection closes right
    /// after).
    virtual void answerEnded(Connection& connection, bool complete) = 0;
    /// The deadline set while Reading has passed.
    virtual void readTimedOut(Connection& connection) = 0;
    /// The deadline set while Waiting has passed.
    virtual void waitTimedOut(Connection&) {}
    /// Waiting, and the peer has ended its side.
    virtual void peerEnded(Connection&) {}
    /// A new connection; false: it is told that the server is busy, and closed.
    [[nodiscard]] virtual bool accepted(Connection&) { return true; }
};

} // namespace spillway::net
