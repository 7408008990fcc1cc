// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/session.h"

namespace spillway::http {

/// An answer that is still going out: what the log and the counters want to know at its end, and the console
/// meanwhile. The texts are one allocation, because a hundred thousand of these may wait for slow clients.
struct Session::InFlight final : net::Connection::Exchange
{
    std::unique_ptr<AnswerWatcher> watcher;
    Monotonic start, firstByte;
    std::uint64_t headBytes = 0, requestId = 0;
    std::string texts; ///< method, target, user agent, referer, share, link, the client's address where it is
                       ///< not the peer's, token, one behind the other
    std::array<std::uint16_t, 8> lengths{};
    std::uint16_t status = 0;
    std::uint8_t minorVersion = 1;
    observe::Route route = observe::Route::Other;
    observe::MethodLabel method = observe::MethodLabel::Other;
    bool close = false, secure = false;

    void keep(std::initializer_list<std::string_view> views)
    {
        std::size_t total = 0;
        for (auto view : views)
            total += view.size();
        texts.reserve(total);
        std::size_t i = 0;
        for (auto view : views) {
            texts += view;
            lengths[i++] = static_cast<std::uint16_t>(view.size());
        }
    }
    [[nodiscard]] std::string_view next(std::size_t index, std::size_t& at) const
    {
        const auto view = std::string_view(texts).substr(at, lengths[index]);
        at += lengths[index];
        return view;
    }
};

} // namespace spillway::http
