// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace spillway {

/// An amount of data. Never negative in a valid setting.
struct Bytes
{
    std::int64_t count = 0;
    friend auto operator<=>(Bytes, Bytes) = default;
};

/// A rate of data; 0 means "no limit" wherever a setting says so.
struct BytesPerSecond
{
    std::int64_t count = 0;
    friend auto operator<=>(BytesPerSecond, BytesPerSecond) = default;
};

constexpr Bytes operator""_B(unsigned long long n)
{
    return Bytes{static_cast<std::int64_t>(n)};
}
constexpr Bytes operator""_KiB(unsigned long long n)
{
    return Bytes{static_cast<std::int64_t>(n << 10)};
}
constexpr Bytes operator""_MiB(unsigned long long n)
{
    return Bytes{static_cast<std::int64_t>(n << 20)};
}
constexpr Bytes operator""_GiB(unsigned long long n)
{
    return Bytes{static_cast<std::int64_t>(n << 30)};
}

/// "512", "64KiB", "2MiB", "1GB", "1.5GiB" (k, M, G, T; with i: powers of 1024, without: of 1000). No sign,
/// no blank inside.
[[nodiscard]] Result<Bytes> parseBytes(std::string_view text);
/// A size and "/s": "2MiB/s". "0" alone is allowed.
[[nodiscard]] Result<BytesPerSecond> parseRate(std::string_view text);
/// A rate of events, in thousandths a second: "20/s", "90/m", "0.5/s", "100/h". More than 0.
[[nodiscard]] Result<std::int64_t> parseEventRate(std::string_view text);
/// "250ms", "90s", "15m", "12h", "7d", and sums of them in falling order ("1h30m"). "0" alone is allowed.
[[nodiscard]] Result<std::chrono::milliseconds> parseDuration(std::string_view text);

/// The shortest text that parses back to the same value: "64KiB", "1000B".
[[nodiscard]] std::string formatBytes(Bytes value);
[[nodiscard]] std::string formatRate(BytesPerSecond value);
[[nodiscard]] std::string formatEventRate(std::int64_t milli); ///< "20/s"
[[nodiscard]] std::string formatDuration(std::chrono::milliseconds value);

} // namespace spillway
