// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/body/listingtext.h"

#include "server/http/utf8.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace spillway::body {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

unsigned char folded(char c)
{
    return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/// Control characters, line separators, and what embeds, overrides or isolates a direction (UAX #9 §2): "exe"
/// could look like "jpg".
bool isControl(char32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

/// Below, above or equal 0, as the numbers that begin at both positions compare; moves both behind them.
int compareNumbers(std::string_view a, std::size_t& i, std::string_view b, std::size_t& j)
{
    const auto digits = [](std::string_view text, std::size_t& at) {
        while (at < text.size() && text[at] == '0')
            ++at;
        const std::size_t begin = at;
        while (at < text.size() && isDigit(text[at]))
            ++at;
        return text.substr(begin, at - begin);
    };
    const std::string_view left = digits(a, i);
    const std::string_view right = digits(b, j);
    if (left.size() != right.size())
        return left.size() < right.size() ? -1 : 1;
    return left.compare(right);
}

} // namespace

void appendRfc3339(std::string& out, std::int64_t nanoseconds)
{
    using namespace std::chrono;
    const sys_time<seconds> time =
        floor<seconds>(sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(nanoseconds)));
    const sys_days day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss<seconds> clock(time - day);
    std::array<char, 40> text{};
    const int length =
        std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", int{date.year()},
                      unsigned{date.month()}, unsigned{date.day()}, static_cast<int>(clock.hours().count()),
                      static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    out.append(text.data(), static_cast<std::size_t>(length));
}

void appendHtml(std::string& out, std::string_view text)
{
    while (!text.empty()) {
        const http::Utf8Step step = http::decodeUtf8(text);
        const bool control = isControl(step.codePoint);
        if (!step.valid || control)
            out += "\xef\xbf\xbd";
        else if (text.front() == '&')
            out += "&amp;";
        else if (text.front() == '<')
            out += "&lt;";
        else if (text.front() == '>')
            out += "&gt;";
        else if (text.front() == '"')
            out += "&quot;";
        else if (text.front() == '\'')
            out += "&#39;";
        else
            out += text.substr(0, step.bytes);
        text.remove_prefix(step.bytes);
    }
}

void appendPathSegment(std::string& out, std::string_view name)
{
    static constexpr char hex[] = "0123456789ABCDEF";
    for (const char c : name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '-' ||
                           c == '.' || c == '_' || c == '~';
        if (plain) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += hex[byte >> 4];
        out += hex[byte & 15U];
    }
}

void appendBase64(std::string& out, std::string_view bytes)
{
    static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::string_view group = bytes.substr(at, 3);
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i)
            bits = bits << 8 | (i < group.size() ? static_cast<unsigned char>(group[i]) : 0U);
        out += digits[bits >> 18 & 63U];
        out += digits[bits >> 12 & 63U];
        out += group.size() > 1 ? digits[bits >> 6 & 63U] : '=';
        out += group.size() > 2 ? digits[bits & 63U] : '=';
    }
}

std::string sizeText(std::uint64_t bytes)
{
    static constexpr std::array units = {" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"};
    std::size_t unit = 0;
    std::uint64_t whole = bytes;
    std::uint64_t rest = 0;
    while (whole >= 1024) {
        rest = whole % 1024;
        whole /= 1024;
        ++unit;
    }
    std::string text = std::to_string(whole);
    if (unit > 0 && whole < 10)
        text += '.' + std::to_string(rest * 10 / 1024);
    return text + units[unit];
}

bool naturalLess(std::string_view a, std::string_view b)
{
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() && j < b.size()) {
        if (isDigit(a[i]) && isDigit(b[j])) {
            if (const int order = compareNumbers(a, i, b, j); order != 0)
                return order < 0;
            continue;
        }
        if (folded(a[i]) != folded(b[j]))
            return folded(a[i]) < folded(b[j]);
        ++i;
        ++j;
    }
    if (i < a.size() || j < b.size())
        return i == a.size();
    return a < b;
}

} // namespace spillway::body
