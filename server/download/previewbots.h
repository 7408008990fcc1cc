// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace spillway::download {

/// Whether the program that names itself so fetches previews for a chat, a social network or a mail program.
/// Goes through the table of tokens (previewbots.cpp), some 1.4 µs; without case.
[[nodiscard]] bool isPreviewBot(std::string_view userAgent);

/// The same, remembered for the last few User-Agents, because it is asked for each request of a link: some 30
/// ns. One per worker.
class PreviewBots
{
public:
    [[nodiscard]] bool is(std::string_view userAgent);

private:
    struct Known
    {
        std::uint64_t hash = 0;
        bool isBot = false;
    };
    std::array<Known, 64> known_{};
};

} // namespace spillway::download
