// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/base/units.h"

#include <array>
#include <charconv>
#include <limits>

namespace spillway {

namespace {

struct Unit
{
    std::string_view name;
    std::int64_t factor;
};

constexpr std::array<Unit, 10> kSizeUnits{{{"TiB", 1LL << 40},
                                           {"GiB", 1LL << 30},
                                           {"MiB", 1LL << 20},
                                           {"KiB", 1LL << 10},
                                           {"TB", 1'000'000'000'000},
                                           {"GB", 1'000'000'000},
                                           {"MB", 1'000'000},
                                           {"kB", 1'000},
                                           {"KB", 1'000},
                                           {"B", 1}}};

constexpr std::array<Unit, 5> kTimeUnits{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

tl::unexpected<Error> badValue(std::string_view text, const char* wanted)
{
    return fail(ErrorCode::InvalidArgument, "\"" + std::string(text) + "\" is not " + wanted);
}

} // namespace

Result<Bytes> parseBytes(std::string_view text)
{
    constexpr const char* wanted = "a size: write a number with a unit, as 512, 64KiB, 2MiB or 1GB";
    std::string_view number = text;
    std::int64_t factor = 1;
    for (const Unit& unit : kSizeUnits) {
        if (text.size() > unit.name.size() && text.ends_with(unit.name)) {
            number.remove_suffix(unit.name.size());
            factor = unit.factor;
            break;
        }
    }
    // Whole numbers exactly; a fraction through double, which is exact far beyond any fraction people write.
    std::int64_t whole = 0;
    const auto* end = number.data() + number.size();
    auto parsed = std::from_chars(number.data(), end, whole);
    if (number.empty() || number.front() == '-' || parsed.ec != std::errc())
        return badValue(text, wanted);
    if (parsed.ptr == end) {
        if (whole > std::numeric_limits<std::int64_t>::max() / factor)
            return badValue(text, "a size: it is too large");
        return Bytes{whole * factor};
    }
    double fraction = 0;
    auto real = std::from_chars(number.data(), end, fraction, std::chars_format::fixed);
    if (real.ec != std::errc() || real.ptr != end || factor == 1 || number.back() == '.')
        return badValue(text, wanted);
    double bytes = fraction * static_cast<double>(factor);
    if (bytes >= 9.2e18)
        return badValue(text, "a size: it is too large");
    return Bytes{static_cast<std::int64_t>(bytes)};
}

Result<BytesPerSecond> parseRate(std::string_view text)
{
    constexpr const char* wanted = "a rate: write a size and /s, as 2MiB/s";
    if (text == "0")
        return BytesPerSecond{0};
    if (!text.ends_with("/s"))
        return badValue(text, wanted);
    auto size = parseBytes(text.substr(0, text.size() - 2));
    if (!size)
        return badValue(text, wanted);
    return BytesPerSecond{size->count};
}

Result<std::int64_t> parseEventRate(std::string_view text)
{
    constexpr const char* wanted = "a rate of requests: write a number and /s, /m or /h, as 20/s or 0.5/s";
    constexpr double kMost = 1e9;
    const std::size_t slash = text.find('/');
    const std::string_view unit = slash == std::string_view::npos ? std::string_view() : text.substr(slash);
    const double seconds = unit == "/s" ? 1 : unit == "/m" ? 60 : unit == "/h" ? 3600 : 0;
    double number = 0;
    const auto* end = text.data() + (slash == std::string_view::npos ? 0 : slash);
    const auto parsed = std::from_chars(text.data(), end, number, std::chars_format::fixed);
    if (seconds == 0 || parsed.ec != std::errc() || parsed.ptr != end || !(number >= 0))
        return badValue(text, wanted);
    const double milli = number / seconds * 1000;
    if (!(milli >= 0.999) || milli > kMost * 1000)
        return badValue(text, "a rate of requests: it goes from 3.6/h to 1000000000/s");
    return static_cast<std::int64_t>(milli + 0.5);
}

Result<std::chrono::milliseconds> parseDuration(std::string_view text)
{
    constexpr const char* wanted = "a duration: write a number with a unit, as 250ms, 90s, 15m, 12h or 7d";
    if (text == "0")
        return std::chrono::milliseconds(0);
    std::string_view rest = text;
    std::int64_t total = 0;
    std::int64_t previousFactor = std::numeric_limits<std::int64_t>::max();
    while (!rest.empty()) {
        std::int64_t count = 0;
        auto parsed = std::from_chars(rest.data(), rest.data() + rest.size(), count);
        if (rest.front() == '-' || parsed.ec != std::errc())
            return badValue(text, wanted);
        rest.remove_prefix(static_cast<std::size_t>(parsed.ptr - rest.data()));
        std::size_t length = 0;
        while (length < rest.size() && rest[length] >= 'a' && rest[length] <= 'z')
            ++length;
        std::int64_t factor = 0;
        for (const Unit& unit : kTimeUnits)
            if (unit.name == rest.substr(0, length))
                factor = unit.factor;
        if (factor == 0 || factor >= previousFactor)
            return badValue(text, wanted);
        if (count > (std::numeric_limits<std::int64_t>::max() - total) / factor)
            return badValue(text, "a duration: it is too long");
        total += count * factor;
        previousFactor = factor;
        rest.remove_prefix(length);
    }
    if (text.empty())
        return badValue(text, wanted);
    return std::chrono::milliseconds(total);
}

std::string formatBytes(Bytes value)
{
    for (const Unit& unit : kSizeUnits)
        if (unit.name != "KB" && value.count >= unit.factor && value.count % unit.factor == 0)
            return std::to_string(value.count / unit.factor) + std::string(unit.name);
    return std::to_string(value.count);
}

std::string formatRate(BytesPerSecond value)
{
    return value.count == 0 ? "0" : formatBytes(Bytes{value.count}) + "/s";
}

std::string formatEventRate(std::int64_t milli)
{
    std::string text = std::to_string(milli / 1000);
    if (milli % 1000 != 0) {
        const std::string thousandths = std::to_string(1000 + milli % 1000).substr(1);
        text += "." + thousandths.substr(0, thousandths.find_last_not_of('0') + 1);
    }
    return text + "/s";
}

std::string formatDuration(std::chrono::milliseconds value)
{
    std::int64_t rest = value.count();
    if (rest == 0)
        return "0";
    std::string text;
    for (const Unit& unit : kTimeUnits) {
        if (std::int64_t count = rest / unit.factor; count > 0) {
            text += std::to_string(count);
            text += unit.name;
            rest %= unit.factor;
        }
    }
    return text;
}

} // namespace spillway
