// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/answerlist.h"

#include "server/http/inflight.h"

#include <algorithm>

namespace spillway::http {

void Session::listAnswers(AnswerList& out, std::size_t most) const
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
        AnswerList::Row row;
        row.slot = slot;
        row.generation = connection.generation();
        row.client = connection.peer();
        row.tls = answer->secure;
        row.start = answer->start;
        row.sent = connection.answerBytes() - std::min(connection.answerBytes(), answer->headBytes);
        row.left = connection.bytesLeft();
        row.endless = connection.isEndless();
        row.textAt = static_cast<std::uint32_t>(out.texts.size());
        std::size_t at = 0;
        (void)answer->next(0, at);
        const std::string_view target = answer->next(1, at), userAgent = answer->next(2, at);
        (void)answer->next(3, at);
        const std::string_view share = answer->next(4, at), link = answer->next(5, at);
        if (const auto client = answer->next(6, at); !client.empty())
            std::copy(client.begin(), client.end(), row.client.address.begin());
        row.target = answer->lengths[1];
        row.userAgent = answer->lengths[2];
        row.share = answer->lengths[4];
        row.link = answer->lengths[5];
        out.texts.append(target).append(userAgent).append(share).append(link);
        out.rows.push_back(row);
    });
}

} // namespace spillway::http
