// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/requesthead.h"
#include "server/net/connection.h"
#include "server/observe/downloadtally.h"
#include "server/observe/metrics.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace spillway::http {

class Exchange;
class HeadWriter;
class Session;

/// How the log and the counters call a request; the handler fills it in as it finds out.
struct RequestLabels
{
    observe::Route route = observe::Route::Other;
    std::string_view share; ///< views that live as long as the call; the log copies them
    std::string_view link;
    std::string_view token;       ///< id of the token that let it through; for consoles, not for the log
    observe::DownloadOf download; ///< for what is downloaded most; its path is a view like these
};

/// Told once when the answer that it was given to is over: nothing more of it will go out. Lives until then,
/// so what a transfer holds (a slot, a place in a count) can be given back by its destructor. Worker thread
/// only.
class AnswerWatcher : public net::ArrivalWatcher
{
public:
    /// `bodyBytes` of the body, part heads and chunk framing included, were taken by the kernel, of which the
    /// client has acknowledged all but `unacknowledged`. `complete`: that was all of it.
    virtual void ended(std::uint64_t bodyBytes, std::uint64_t unacknowledged, bool complete) = 0;
    /// Asked after ended(), of a complete answer with unacknowledged bytes: whether arrived() is to be called
    /// once it is known what became of them. This lives until then.
    [[nodiscard]] virtual bool awaitsArrival() const { return false; }
    void arrived(std::uint64_t) override {}

    /// Tells `first` and those behind it of the connection's answer, and destroys them, or leaves them to the
    /// connection.
    static void endAll(std::unique_ptr<AnswerWatcher> first, net::Connection& connection,
                       std::uint64_t headBytes, bool complete);

private:
    friend class Exchange;
    std::unique_ptr<AnswerWatcher> next_; ///< told after this one
};

/// How a request waits that somebody wakes, or nobody in time. Destroyed with the request where its client
/// leaves: what the functions hold is then given back.
struct Waiting
{
    std::function<void(Exchange&)> go;   ///< at Parked::wake()
    std::function<void(Exchange&)> late; ///< at `until`
    Monotonic until;
};

/// A request that waits for something outside its worker (a cold directory, SQL). It holds a copy of the head
/// and nothing else of the worker: no lane, no buffer.
///
/// Made by Exchange::park(). Copyable; any thread may hold one, only the worker's thread may resume it, and
/// only once. If the client has left meanwhile, resume() does nothing.
class Parked
{
public:
    /// Calls `handle` with the same request again; it must answer or park anew.
    void resume(const std::function<void(Exchange&)>& handle) const;
    /// Runs `task` on the request's worker; from any thread.
    void post(std::function<void()> task) const;
    /// Of Exchange::wait(): from any thread. Again, or too late, it does nothing.
    void wake() const;

private:
    friend class Session;
    Session* session_ = nullptr;
    net::Connection* connection_ = nullptr;
    std::uint32_t generation_ = 0;
    std::uint32_t serial_ = 0; ///< one request may be parked several times
};

/// One request and its one answer, as a handler sees them: on the worker's stack, for the time of the call. A
/// handler calls exactly one of the answer functions or park() before it returns.
class Exchange
{
public:
    Exchange(Session& session, net::Connection& connection, const RequestHead& head, std::string_view raw,
             std::string_view body, Monotonic start)
        : session_(session), connection_(connection), head_(head), raw_(raw), body_(body), start_(start),
          client_(connection.peer()), secure_(connection.secure())
    {
    }

    [[nodiscard]] const RequestHead& head() const noexcept { return head_; }
    [[nodiscard]] std::string_view body() const noexcept { return body_; }
    [[nodiscard]] const net::PeerAddress& peer() const noexcept { return connection_.peer(); }
    [[nodiscard]] net::Worker& worker() const noexcept { return connection_.worker(); }
    [[nodiscard]] net::Connection& connection() noexcept { return connection_; }
    /// The date, as of at most 50 ms ago.
    [[nodiscard]] std::int64_t wallSecond() const;
    [[nodiscard]] bool isHead() const noexcept { return head_.method == Method::Head; }
    RequestLabels labels;
    /// Whom the request is from: the peer, or whom a trusted proxy names. The port is the peer's.
    [[nodiscard]] const net::PeerAddress& client() const noexcept { return client_; }
    void setClient(const net::PeerAddress& client) noexcept { client_ = client; }
    /// Whether the client's way to us is HTTPS: TLS here, or a trusted proxy says so. Cookies are then
    /// Secure.
    [[nodiscard]] bool secure() const noexcept { return secure_; }
    void setSecure(bool secure) noexcept { secure_ = secure; }
    /// Call it before the answer. There may be several; the last one is told first.
    void watch(std::unique_ptr<AnswerWatcher> watcher)
    {
        watcher->next_ = std::move(watcher_);
        watcher_ = std::move(watcher);
    }

    /// Starts an answer's head: status line and Date. The handler adds fields, then calls answer().
    HeadWriter& begin(int status);
    /// Sends the head begun before with `body`. `length` becomes Content-Length; without it the body must be
    /// a generator, which goes out chunked (HTTP/1.1) or until the connection closes (1.0). HEAD drops the
    /// body, keeps the length.
    void answer(net::Body&& body, std::optional<std::uint64_t> length);
    /// A small body in memory, with its type.
    void answerText(std::string_view contentType, std::string text);
    /// 204, 304: no body and no Content-Length.
    void answerEmpty();
    /// A ready-made answer in one piece: head (ending with its empty line, announcing no connection option)
    /// and body.
    void answerWhole(const std::shared_ptr<const void>& owner, std::string_view bytes, std::size_t headLength,
                     int status);
    /// The same with a body that is a whole file; `head` ends with its empty line.
    void answerFile(std::string_view head, const std::shared_ptr<net::FileSource>& file, std::uint64_t length,
                    int status);
    /// RFC 9457 problem+json, or the handler's page where the client wants HTML. `detail` is a sentence for
    /// people that names no secret and no file the client may not see. `extraFields`: whole lines
    /// ("Retry-After: 5\r\n").
    void fail(int status, std::string_view detail, std::string_view extraFields = {});
    /// The same with a page for the occasion: `page` is given the ID that the log has, `extraFields` have all
    /// that is said of it but Cache-Control.
    void failPage(int status, std::string_view extraFields,
                  const std::function<std::string(std::string_view id)>& page);
    /// The answer is the last on this connection.
    void closeAfter() noexcept { close_ = true; }

    [[nodiscard]] Parked park();
    /// Parks for something that may never come. A client that ends its side from now on has left.
    [[nodiscard]] Parked wait(Waiting waiting);
    [[nodiscard]] bool settled() const noexcept { return settled_; }

private:
    friend class Session;
    [[nodiscard]] bool mustClose() const;
    [[nodiscard]] bool addsFields() const;
    void send(net::Body&& body);
    void settle(net::Connection::Outcome outcome, bool close);
    void endWatch(bool complete);

    Session& session_;
    net::Connection& connection_;
    const RequestHead& head_;
    std::string_view raw_;
    std::string_view body_;
    Monotonic start_;
    net::PeerAddress client_;
    std::unique_ptr<AnswerWatcher> watcher_;
    int status_ = 0;
    std::uint64_t requestId_ = 0;
    std::size_t headBytes_ = 0;
    net::EndReason endReason_ = net::EndReason::KeepAliveEnd;
    bool close_ = false;
    bool settled_ = false;
    bool secure_;
};

/// What could not be done, as a client is told it.
struct Failure
{
    int status = 500;
    std::string_view detail; ///< a sentence in English
    std::string_view fields; ///< whole lines of the head, "Retry-After: 5\r\n"
    std::string_view id;     ///< what the log has for the request
};

/// A page and the fields that go with it: whole lines, Vary and Content-Security-Policy among them.
struct FailurePage
{
    std::string html, fields;
};

/// Answers requests. One per worker; called on its thread from inside QHttpServer's dispatch (or on resume).
class RequestHandler
{
public:
    virtual ~RequestHandler() = default;
    /// How large a request body this request may have, decided on its head alone; 0: none (413).
    [[nodiscard]] virtual std::size_t bodyLimit(const RequestHead&) const { return 0; }
    /// Answers a request whose body bodyLimit() did not allow; the connection ends with it. Here: 413.
    virtual void refuseBody(Exchange& exchange);
    virtual void handle(Exchange& exchange) = 0;
    /// What a client that wants HTML is shown of a failure. Here: errorPage().
    [[nodiscard]] virtual FailurePage failurePage(const Exchange& exchange, const Failure& failure) const;
    /// Asked when an answer does not go out at once: one more watcher of it, or null. `connection` outlives
    /// it.
    [[nodiscard]] virtual std::unique_ptr<AnswerWatcher> follow(Exchange&, net::Connection& /*connection*/)
    {
        return nullptr;
    }
    /// A new connection; false: it is refused.
    [[nodiscard]] virtual bool accepted(net::Connection& /*connection*/) { return true; }
};

} // namespace spillway::http
