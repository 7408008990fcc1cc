// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/base/result.h"
#include "server/base/units.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::get {

/// The fields of an answer that a download looks at. Field values are trimmed; of several fields of one name
/// the last counts.
struct AnswerHead
{
    int status = 0;
    std::string url; ///< that answered, after redirects
    std::string contentLength, contentRange, acceptRanges, etag, lastModified, date, disposition, reprDigest,
        contentDigest, retryAfter, contentType;
};

/// Why a request ended.
struct RequestEnd
{
    enum class Cause
    {
        Whole,   ///< as long as its head said
        Stopped, ///< onHead or onBody said so
        Cut,     ///< the connection broke, or was never there
        Refused, ///< not worth another try: a bad certificate, an address that cannot be
    };
    Cause cause = Cause::Whole;
    std::string message; ///< for people; empty for Whole and Stopped
};

/// What a request tells its owner. onHead and onBody are called while the client works: they start and cancel
/// nothing, and return false to have the request ended. onEnd is called afterwards, once, unless cancelled.
class RequestHandler
{
public:
    virtual ~RequestHandler() = default;
    virtual bool onHead(const AnswerHead& head) = 0;
    virtual bool onBody(std::string_view bytes) = 0;
    virtual void onEnd(const RequestEnd& end) = 0;
};

struct HttpRequest
{
    std::string url;
    bool head = false;               ///< HEAD, else GET
    std::vector<std::string> fields; ///< "Range: bytes=0-9"
    std::string bearer;              ///< for this URL's origin alone; not sent on after a redirect elsewhere
    std::string user, password;      ///< Basic, the same; used where `hasPassword`
    bool hasPassword = false;
};

struct HttpOptions
{
    BytesPerSecond limit{};                           ///< of all requests together; 0: none
    std::chrono::milliseconds connectTimeout{15'000}; ///< for address look-up, connection and TLS
    std::string caFile;                               ///< instead of the system's roots
    unsigned keptConnections = 8;
};

/// HTTP/1.1 requests side by side on libcurl's multi interface: TLS with the system's roots, proxies as the
/// environment says, redirects (at most 10, never from https to http), kept connections. One thread; nothing
/// happens but within poll().
class HttpClient
{
public:
    using Id = unsigned;

    HttpClient(HttpOptions options, const Clock& clock);
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// `handler` lives until onEnd or cancel().
    [[nodiscard]] Id start(const HttpRequest& request, RequestHandler& handler);
    /// No more calls for it. Not from onHead or onBody.
    void cancel(Id id);
    /// Works for what is there, waits for it up to `wait` where nothing is.
    void poll(std::chrono::milliseconds wait);

    /// It is silent because of the limit, not because of its server.
    [[nodiscard]] bool isHeld(Id id) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace spillway::get
