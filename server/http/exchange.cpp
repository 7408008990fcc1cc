// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/exchange.h"

#include "server/http/accept.h"
#include "server/http/errorpage.h"
#include "server/http/session.h"
#include "server/http/status.h"

namespace spillway::http {

void AnswerWatcher::endAll(std::unique_ptr<AnswerWatcher> first, net::Connection& connection,
                           std::uint64_t headBytes, bool complete)
{
    if (!first) [[likely]]
        return;
    const std::uint64_t all = connection.answerBytes();
    const std::uint64_t bytes = all - std::min(all, headBytes);
    const std::uint64_t unacknowledged = std::min(bytes, connection.unacknowledged());
    while (first) {
        std::unique_ptr<AnswerWatcher> next = std::move(first->next_);
        first->ended(bytes, unacknowledged, complete);
        if (complete && unacknowledged > 0 && first->awaitsArrival())
            connection.watchArrival(std::move(first));
        first = std::move(next);
    }
}

bool Exchange::mustClose() const
{
    const std::uint32_t bound = session_.limits_.keepAliveRequests;
    return close_ || !head_.keepAlive || session_.worker_.draining() ||
           session_.worker_.shedding().keepAlive || (bound != 0 && connection_.requests >= bound);
}

/// Whether a ready-made head gets a line more.
bool Exchange::addsFields() const
{
    return secure() && !session_.transportSecurity_.empty();
}

std::int64_t Exchange::wallSecond() const
{
    return session_.wallSecond();
}

HeadWriter& Exchange::begin(int status)
{
    status_ = status;
    session_.writer_.begin(status);
    session_.writer_.date(session_.wallSecond());
    return session_.writer_;
}

void Exchange::answer(net::Body&& body, std::optional<std::uint64_t> length)
{
    HeadWriter& writer = session_.writer_;
    if (length) {
        writer.field("Content-Length", *length);
    } else if (head_.minorVersion >= 1) {
        writer.lines("Transfer-Encoding: chunked\r\n");
        body.chunked = true;
    } else {
        close_ = true; // RFC 9112 §6.3: the end of the connection is the end of the body
    }
    if (isHead())
        body = net::Body{};
    send(std::move(body));
}

void Exchange::answerText(std::string_view contentType, std::string text)
{
    session_.writer_.field("Content-Type", contentType);
    net::Body body;
    const std::uint64_t length = text.size();
    if (!isHead())
        body.segments.push_back(net::Segment::memory(std::move(text)));
    answer(std::move(body), length);
}

void Exchange::answerEmpty()
{
    send({});
}

void Exchange::send(net::Body&& body)
{
    HeadWriter& writer = session_.writer_;
    if (writer.overflowed()) {
        // A name or a setting made a field that cannot be sent; nothing has left yet, so say so.
        begin(500);
        writer.field("Content-Length", std::uint64_t{0});
        body = net::Body{};
        close_ = true;
    }
    if (addsFields())
        writer.lines(session_.transportSecurity_);
    const bool close = mustClose();
    if (close)
        writer.lines("Connection: close\r\n");
    else if (head_.minorVersion == 0)
        writer.lines("Connection: keep-alive\r\n");
    writer.finish();
    headBytes_ = writer.text().size();
    settle(connection_.sendAnswer(writer.text(), std::move(body)), close);
}

void Exchange::answerWhole(const std::shared_ptr<const void>& owner, std::string_view bytes,
                           std::size_t headLength, int status)
{
    status_ = status;
    if (mustClose() || head_.minorVersion == 0 || addsFields()) [[unlikely]] {
        HeadWriter& writer = session_.writer_;
        writer.take(bytes.substr(0, headLength - 2));
        net::Body body;
        body.segments.push_back(net::Segment::memory(owner, bytes.substr(headLength)));
        send(std::move(body));
        return;
    }
    headBytes_ = headLength;
    settle(connection_.sendWhole(owner, bytes, headLength), false);
}

void Exchange::answerFile(std::string_view head, const std::shared_ptr<net::FileSource>& file,
                          std::uint64_t length, int status)
{
    status_ = status;
    if (mustClose() || head_.minorVersion == 0) [[unlikely]] {
        session_.writer_.take(head.substr(0, head.size() - 2));
        net::Body body;
        body.segments.push_back(net::Segment::fileRange(file, 0, length));
        send(std::move(body));
        return;
    }
    if (addsFields()) {
        HeadWriter& writer = session_.writer_;
        writer.take(head.substr(0, head.size() - 2));
        writer.lines(session_.transportSecurity_);
        writer.finish();
        head = writer.text();
    }
    headBytes_ = head.size();
    settle(connection_.sendFile(head, file, length), false);
}

void Exchange::settle(net::Connection::Outcome outcome, bool close)
{
    settled_ = true;
    switch (outcome) {
    case net::Connection::Outcome::Sent:
        endWatch(true);
        session_.record(*this, connection_.answerBytes());
        if (endReason_ != net::EndReason::KeepAliveEnd)
            connection_.closeGently(endReason_);
        else
            session_.finishAnswer(connection_, close);
        break;
    case net::Connection::Outcome::Continues:
        session_.keepForLater(*this, close);
        break;
    case net::Connection::Outcome::Lost:
        endWatch(false);
        session_.record(*this, connection_.answerBytes());
        break;
    }
}

void Exchange::endWatch(bool complete)
{
    AnswerWatcher::endAll(std::move(watcher_), connection_, headBytes_, complete);
}

void Exchange::fail(int status, std::string_view detail, std::string_view extraFields)
{
    requestId_ = session_.ids_.next();
    HeadWriter& writer = begin(status);
    writer.lines(extraFields);
    writer.lines("Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n");
    const std::string id = observe::requestIdText(requestId_);
    if (acceptNames(head_.accept, "text/html")) {
        FailurePage page = session_.handler_.failurePage(*this, {status, detail, extraFields, id});
        writer.lines(page.fields);
        answerText("text/html; charset=utf-8", std::move(page.html));
    } else {
        writer.lines("Vary: Accept\r\nX-Content-Type-Options: nosniff\r\n");
        answerText("application/problem+json", problemJson(status, detail, id));
    }
}

void Exchange::failPage(int status, std::string_view extraFields,
                        const std::function<std::string(std::string_view)>& page)
{
    requestId_ = session_.ids_.next();
    HeadWriter& writer = begin(status);
    writer.lines(extraFields);
    writer.lines("Cache-Control: no-store\r\n");
    answerText("text/html; charset=utf-8", page(observe::requestIdText(requestId_)));
}

FailurePage RequestHandler::failurePage(const Exchange&, const Failure& failure) const
{
    return {errorPage(failure.status, failure.detail, failure.id),
            "Vary: Accept\r\nX-Content-Type-Options: nosniff\r\n"
            "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"};
}

void RequestHandler::refuseBody(Exchange& exchange)
{
    exchange.fail(413, "This address takes no request body of that size.");
}

Parked Exchange::wait(Waiting waiting)
{
    settled_ = true;
    return session_.parkRequest(*this, std::make_unique<Waiting>(std::move(waiting)));
}

Parked Exchange::park()
{
    settled_ = true;
    return session_.parkRequest(*this);
}

} // namespace spillway::http
