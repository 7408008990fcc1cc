// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"
#include "server/net/peeraddress.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::http {

/// The answers that one worker is sending at one moment, copied in one go for somebody else to read: rows,
/// and their texts one behind the other, so that listing ten thousand costs the worker two growing buffers.
///
///     texts   target user-agent share link token │ target user-agent share link token │ …
///             ▲ row.textAt                        ▲ the next row's
struct AnswerList
{
    struct Row
    {
        std::uint32_t slot = 0, generation = 0; ///< name the connection for ever (net::Worker::kick)
        net::PeerAddress client;
        Monotonic start{};
        std::uint64_t sent = 0; ///< bytes of the body that the kernel has taken
        std::uint64_t left = 0; ///< bytes that are still to go
        std::uint32_t textAt = 0;
        std::uint16_t target = 0, userAgent = 0, share = 0, link = 0, token = 0; ///< lengths
        bool endless = false; ///< a generator follows: `left` is not all
        bool tls = false;
    };
    struct Texts
    {
        std::string_view target, userAgent, share, link, token;
    };

    /// One that has ended, the oldest first.
    struct Ended
    {
        Row row; ///< its slot and generation say nothing any more
        std::uint64_t serial = 0;
        Monotonic end{};
        bool complete = false;
    };

    std::vector<Row> rows;
    std::vector<Ended> ended;
    std::string texts;
    std::size_t omitted = 0; ///< beyond the most that was asked for

    [[nodiscard]] Texts of(const Row& row) const
    {
        std::string_view rest = std::string_view(texts).substr(row.textAt);
        const auto next = [&rest](std::size_t length) {
            const auto part = rest.substr(0, length);
            rest.remove_prefix(part.size());
            return part;
        };
        Texts all;
        all.target = next(row.target);
        all.userAgent = next(row.userAgent);
        all.share = next(row.share);
        all.link = next(row.link);
        all.token = next(row.token);
        return all;
    }
};

} // namespace spillway::http
