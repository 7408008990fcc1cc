// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/answerlist.h"

#include "server/http/inflight.h"

#include <algorithm>

namespace spillway::http {

/// What an answer's own record says; the rest of the row is the connection's.
AnswerList::Row Session::rowOf(AnswerList& out, const InFlight& answer, const net::PeerAddress& peer)
{
    AnswerList::Row row;
    row.client = peer;
    row.tls = answer.secure;
    row.start = answer.start;
    row.textAt = static_cast<std::uint32_t>(out.texts.size());
    std::size_t at = 0;
    (void)answer.next(0, at);
    const std::string_view target = answer.next(1, at), userAgent = answer.next(2, at);
    (void)answer.next(3, at);
    const std::string_view share = answer.next(4, at), link = answer.next(5, at);
    if (const auto client = answer.next(6, at); !client.empty())
        std::copy(client.begin(), client.end(), row.client.address.begin());
    const std::string_view token = answer.next(7, at);
    row.target = answer.lengths[1];
    row.userAgent = answer.lengths[2];
    row.share = answer.lengths[4];
    row.link = answer.lengths[5];
    row.token = answer.lengths[7];
    out.texts.append(target).append(userAgent).append(share).append(link).append(token);
    return row;
}

void Session::listAnswers(AnswerList& out, std::size_t most, std::optional<std::uint64_t> endedAfter) const
{
    worker_.forEachSlot([&](const net::Connection& connection, std::uint32_t slot) {
        if (connection.state() != net::Connection::State::Sending || !connection.exchange)
            return;
        const auto* answer = dynamic_cast<const InFlight*>(connection.exchange.get());
        if (!answer)
            return;
        if (out.rows.size() >= most) {
            ++out.omitted;
            return;
        }
        AnswerList::Row row = rowOf(out, *answer, connection.peer());
        row.slot = slot;
        row.generation = connection.generation();
        row.sent = connection.answerBytes() - std::min(connection.answerBytes(), answer->headBytes);
        row.left = connection.bytesLeft();
        row.endless = connection.isEndless();
        out.rows.push_back(row);
    });
    if (!endedAfter)
        return;
    for (const Ended& ended : ended_) {
        if (ended.serial <= *endedAfter)
            continue;
        AnswerList::Row row = rowOf(out, static_cast<const InFlight&>(*ended.answer), ended.peer);
        row.sent = ended.sent;
        row.left = ended.left;
        row.endless = ended.endless;
        out.ended.push_back({row, ended.serial, ended.end, ended.complete});
    }
}

void Session::keepEnded(const net::Connection& connection, std::unique_ptr<net::Connection::Exchange> answer,
                        std::uint64_t sent, bool complete)
{
    if (ended_.size() == kEndedKept)
        ended_.pop_front();
    ended_.push_back({std::move(answer), connection.peer(), sent, complete ? 0 : connection.bytesLeft(),
                      ++endedSerial_, worker_.now(), complete, connection.isEndless()});
}

} // namespace spillway::http
