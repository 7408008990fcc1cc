// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/httpdate.h"

#include "server/http/chars.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>

namespace spillway::http {

namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr std::array<std::string_view, 7> kLongDays{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                    "Thursday", "Friday", "Saturday"};
constexpr std::int64_t kSecondsPerDay = 86'400;
constexpr std::int64_t kFirst = sys_days(year(0) / 1 / 1).time_since_epoch().count() * kSecondsPerDay;
constexpr std::int64_t kLast = sys_days(year(10'000) / 1 / 1).time_since_epoch().count() * kSecondsPerDay - 1;

void putTwo(char* out, unsigned value)
{
    out[0] = static_cast<char>('0' + value / 10);
    out[1] = static_cast<char>('0' + value % 10);
}

/// A reader of fixed forms: each take moves on, or marks the text as no date.
struct Reader
{
    std::string_view rest;
    bool good = true;

    void literal(std::string_view text)
    {
        good = good && rest.starts_with(text);
        if (good)
            rest.remove_prefix(text.size());
    }
    int digits(std::size_t count)
    {
        int value = 0;
        good = good && rest.size() >= count;
        for (std::size_t i = 0; good && i < count; ++i) {
            good = chars::is(rest[i], chars::Digit);
            value = value * 10 + (rest[i] - '0');
        }
        if (good)
            rest.remove_prefix(count);
        return value;
    }
    /// Index of a three-letter name.
    unsigned name(std::string_view names)
    {
        good = good && rest.size() >= 3;
        for (std::size_t i = 0; good && i < names.size(); i += 3) {
            if (rest.starts_with(names.substr(i, 3))) {
                rest.remove_prefix(3);
                return static_cast<unsigned>(i / 3);
            }
        }
        good = false;
        return 0;
    }
};

struct Moment
{
    int year = 0;
    unsigned month = 0; ///< from 0
    int day = 0;
    int hour = 0, minute = 0, second = 0;

    void readTime(Reader& reader)
    {
        hour = reader.digits(2);
        reader.literal(":");
        minute = reader.digits(2);
        reader.literal(":");
        second = reader.digits(2);
    }
    [[nodiscard]] std::optional<std::int64_t> seconds() const
    {
        const year_month_day date(std::chrono::year(year), std::chrono::month(month + 1),
                                  std::chrono::day(static_cast<unsigned>(day)));
        if (!date.ok() || hour > 23 || minute > 59 || second > 60)
            return std::nullopt;
        return static_cast<std::int64_t>(sys_days(date).time_since_epoch().count()) * kSecondsPerDay +
               hour * 3600 + minute * 60 + second;
    }
};

int yearOf(std::int64_t unixSeconds)
{
    const std::int64_t clamped = std::clamp(unixSeconds, kFirst, kLast);
    const auto days =
        std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(clamped)));
    return static_cast<int>(year_month_day(days).year());
}

} // namespace

void formatHttpDate(std::int64_t unixSeconds, char (&out)[kHttpDateBytes])
{
    const std::chrono::sys_seconds time{std::chrono::seconds(std::clamp(unixSeconds, kFirst, kLast))};
    const auto days = std::chrono::floor<std::chrono::days>(time);
    const year_month_day date(days);
    const auto inDay = static_cast<unsigned>((time - days).count());
    const auto yearNumber = static_cast<unsigned>(static_cast<int>(date.year()));
    std::memcpy(out, "Day, dd Mon yyyy hh:mm:ss GMT", kHttpDateBytes);
    std::memcpy(out, kDays.data() + 3 * std::chrono::weekday(days).c_encoding(), 3);
    putTwo(out + 5, static_cast<unsigned>(date.day()));
    std::memcpy(out + 8, kMonths.data() + 3 * (static_cast<unsigned>(date.month()) - 1), 3);
    putTwo(out + 12, yearNumber / 100);
    putTwo(out + 14, yearNumber % 100);
    putTwo(out + 17, inDay / 3600);
    putTwo(out + 20, inDay / 60 % 60);
    putTwo(out + 23, inDay % 60);
}

std::optional<std::int64_t> parseHttpDate(std::string_view text, std::int64_t now)
{
    Reader reader{text};
    Moment moment;
    const std::size_t comma = text.find(',');
    if (comma == 3) { // Sun, 06 Nov 1994 08:49:37 GMT
        reader.name(kDays);
        reader.literal(", ");
        moment.day = reader.digits(2);
        reader.literal(" ");
        moment.month = reader.name(kMonths);
        reader.literal(" ");
        moment.year = reader.digits(4);
        reader.literal(" ");
        moment.readTime(reader);
        reader.literal(" GMT");
    } else if (comma != std::string_view::npos) { // Sunday, 06-Nov-94 08:49:37 GMT
        reader.good = std::find(kLongDays.begin(), kLongDays.end(), text.substr(0, comma)) != kLongDays.end();
        reader.rest.remove_prefix(comma);
        reader.literal(", ");
        moment.day = reader.digits(2);
        reader.literal("-");
        moment.month = reader.name(kMonths);
        reader.literal("-");
        const int thisYear = yearOf(now);
        moment.year = thisYear - thisYear % 100 + 100 + reader.digits(2);
        while (moment.year > thisYear + 50)
            moment.year -= 100;
        reader.literal(" ");
        moment.readTime(reader);
        reader.literal(" GMT");
    } else { // Sun Nov  6 08:49:37 1994
        reader.name(kDays);
        reader.literal(" ");
        moment.month = reader.name(kMonths);
        reader.literal(" ");
        const bool oneDigit = reader.rest.starts_with(' ');
        if (oneDigit)
            reader.rest.remove_prefix(1);
        moment.day = reader.digits(oneDigit ? 1 : 2);
        reader.literal(" ");
        moment.readTime(reader);
        reader.literal(" ");
        moment.year = reader.digits(4);
    }
    if (!reader.good || !reader.rest.empty())
        return std::nullopt;
    return moment.seconds();
}

} // namespace spillway::http
