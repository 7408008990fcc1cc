// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/randomid.h"

#include <array>
#include <cerrno>
#include <cstdint>
#include <string_view>
#include <sys/random.h>

namespace spillway::engine {

Result<std::string> randomText(std::size_t bytes)
{
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::array<std::uint8_t, 256> random;
    if (bytes > random.size())
        return fail(ErrorCode::InvalidArgument, "at most 256 random bytes at a time");
    if (::getrandom(random.data(), bytes, 0) != static_cast<ssize_t>(bytes))
        return fail(osError("cannot get random bytes", errno));
    std::string text;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (std::size_t i = 0; i < bytes; ++i) {
        bits = (bits << 8) | random[i];
        count += 8;
        while (count >= 6) {
            count -= 6;
            text += alphabet[(bits >> count) & 63];
        }
    }
    if (count > 0)
        text += alphabet[(bits << (6 - count)) & 63];
    random.fill(0);
    // Not at the front of what people put on a command line: there it would be an option. Costs less than a
    // bit.
    if (text.starts_with('-'))
        return randomText(bytes);
    return text;
}

} // namespace spillway::engine
