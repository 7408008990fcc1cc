// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/session.h"

#include <algorithm>

namespace spillway::http {

/// Else the body is a sentence, though it may be about a file.
[[nodiscard]] inline bool sendsContent(int status)
{
    return status == 200 || status == 206;
}

/// An answer that is still going out: what the log and the counters want to know at its end, and the console
/// meanwhile. The texts are one allocation, because a hundred thousand of these may wait for slow clients.
struct Session::InFlight final : net::Connection::Exchange, Session::Going
{
    InFlight(const net::Connection& its, Going& others) : connection(its) { linkBefore(others); }

    const net::Connection& connection; ///< as long as it goes out
    std::unique_ptr<AnswerWatcher> watcher;
    Monotonic start, firstByte;
    std::uint64_t headBytes = 0, requestId = 0;
    std::uint64_t tallied = 0; ///< bytes of its body that the tally has already
    std::string texts; ///< method, target, user agent, referer, share, link, the client's address where it is
                       ///< not the peer's, token, the download's path, one behind the other
    std::array<std::uint16_t, 9> lengths{};
    std::uint16_t status = 0;
    std::uint8_t minorVersion = 1;
    observe::Route route = observe::Route::Other;
    observe::MethodLabel method = observe::MethodLabel::Other;
    bool close = false, secure = false;
    observe::DownloadOf download; ///< without its path

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
    [[nodiscard]] std::uint64_t bodyBytes() const
    {
        return connection.answerBytes() - std::min(connection.answerBytes(), headBytes);
    }
    [[nodiscard]] std::string_view next(std::size_t index, std::size_t& at) const
    {
        const auto view = std::string_view(texts).substr(at, lengths[index]);
        at += lengths[index];
        return view;
    }
    [[nodiscard]] std::string_view text(std::size_t index) const
    {
        std::size_t at = 0;
        for (std::size_t i = 0; i < index; ++i)
            at += lengths[i];
        return next(index, at);
    }
};

} // namespace spillway::http
