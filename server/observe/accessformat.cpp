// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/accessformat.h"

#include "server/observe/escape.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <ctime>

namespace spillway::observe {
namespace {

void appendNumber(std::string& out, std::uint64_t value)
{
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out.append(digits.data(), end);
}

void appendHex64(std::string& out, std::uint64_t value)
{
    for (int shift = 60; shift >= 0; shift -= 4)
        out += "0123456789abcdef"[(value >> static_cast<unsigned>(shift)) & 0xfU];
}

constexpr std::string_view cutMark = "...";

PeerAddress clientOf(const AccessRecord& record)
{
    return record.client ? PeerAddress{*record.client, record.peer.port} : record.peer;
}

} // namespace

void appendAddress(std::string& out, const PeerAddress& peer)
{
    constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (std::equal(mapped.begin(), mapped.end(), peer.bytes.begin())) {
        for (std::size_t i = 12; i < 16; ++i) {
            if (i > 12)
                out += '.';
            appendNumber(out, peer.bytes[i]);
        }
        return;
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (::inet_ntop(AF_INET6, peer.bytes.data(), text.data(), text.size()) != nullptr)
        out += text.data();
}

void AccessFormatter::append(std::string& out, const AccessRecord& record)
{
    const std::int64_t second = unixSeconds(record.time);
    if (second != second_ || secondText_.empty())
        renderSecond(second);
    if (format_ == AccessFormat::Combined)
        appendCombined(out, record);
    else
        appendJson(out, record);
}

void AccessFormatter::appendCombined(std::string& out, const AccessRecord& record)
{
    const auto quoted = [&out](std::string_view text) {
        out += '"';
        if (text.empty())
            out += '-';
        else
            appendLogEscaped(out, text);
        out += '"';
    };
    appendAddress(out, clientOf(record));
    out.append(" - - [").append(secondText_).append("] \"");
    appendLogEscaped(out, record.method);
    out += ' ';
    appendLogEscaped(out, redacted(record.target));
    if (record.truncated)
        out += cutMark;
    out.append(record.minorVersion == 0 ? " HTTP/1.0\" " : " HTTP/1.1\" ");
    appendNumber(out, record.status);
    out += ' ';
    appendNumber(out, record.bytesSent);
    out += ' ';
    quoted(redacted(record.referer));
    out += ' ';
    quoted(record.userAgent);
    if (record.client) { // as a last field, which readers of combined lines pass over
        out.append(" \"");
        appendAddress(out, record.peer);
        out += '"';
    }
    out += '\n';
}

void AccessFormatter::appendJson(std::string& out, const AccessRecord& record)
{
    const auto field = [&out](std::string_view name, std::string_view value) {
        if (value.empty())
            return;
        out.append(",\"").append(name).append("\":");
        appendJsonString(out, value);
    };
    const auto sinceSecond = record.time.time_since_epoch() - std::chrono::seconds(second_);
    const auto milliseconds = static_cast<unsigned>(sinceSecond / std::chrono::milliseconds(1));

    out.append("{\"time\":\"").append(secondText_);
    const std::array<char, 5> fraction{'.', static_cast<char>('0' + milliseconds / 100),
                                       static_cast<char>('0' + milliseconds / 10 % 10),
                                       static_cast<char>('0' + milliseconds % 10), 'Z'};
    out.append(fraction.data(), fraction.size()).append("\",\"client\":\"");
    appendAddress(out, clientOf(record));
    if (record.client) {
        out.append("\",\"peer\":\"");
        appendAddress(out, record.peer);
    }
    out.append("\",\"port\":");
    appendNumber(out, record.peer.port);
    field("method", record.method);
    out.append(",\"target\":\"");
    appendJsonEscaped(out, redacted(record.target));
    if (record.truncated)
        out += cutMark;
    out.append(record.minorVersion == 0 ? "\",\"protocol\":\"HTTP/1.0\",\"status\":"
                                        : "\",\"protocol\":\"HTTP/1.1\",\"status\":");
    appendNumber(out, record.status);
    out.append(",\"bytes\":");
    appendNumber(out, record.bytesSent);
    out.append(",\"duration_us\":");
    appendNumber(out, static_cast<std::uint64_t>(record.duration / std::chrono::microseconds(1)));
    field("user_agent", record.userAgent);
    field("referer", redacted(record.referer));
    field("share", record.share);
    field("link", record.link);
    out.append(",\"request_id\":\"");
    appendHex64(out, record.requestId);
    out.append("\"}\n");
}

std::string_view AccessFormatter::redacted(std::string_view text)
{
    if (redactor_ == nullptr || text.empty())
        return text;
    scratch_.clear();
    redactor_(text, scratch_);
    return scratch_;
}

void AccessFormatter::renderSecond(std::int64_t second)
{
    second_ = second;
    const auto time = static_cast<std::time_t>(second);
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    const auto padded = [this](int value, char after) {
        secondText_ += static_cast<char>('0' + value / 10 % 10);
        secondText_ += static_cast<char>('0' + value % 10);
        if (after != '\0')
            secondText_ += after;
    };
    const auto year = [this, &parts] {
        appendNumber(secondText_, static_cast<std::uint64_t>(1900 + parts.tm_year));
    };
    // Not strftime: its month names follow the locale, which a desktop program sets.
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    secondText_.clear();
    if (format_ == AccessFormat::Combined) {
        padded(parts.tm_mday, '/');
        secondText_.append(months[static_cast<std::size_t>(parts.tm_mon)]).append("/");
        year();
        secondText_ += ':';
    } else {
        year();
        secondText_ += '-';
        padded(parts.tm_mon + 1, '-');
        padded(parts.tm_mday, 'T');
    }
    padded(parts.tm_hour, ':');
    padded(parts.tm_min, ':');
    padded(parts.tm_sec, '\0');
    if (format_ == AccessFormat::Combined)
        secondText_ += " +0000";
}

} // namespace spillway::observe
