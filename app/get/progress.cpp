// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/progress.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace spillway::get {

namespace {

double secondsOf(Monotonic::duration time)
{
    return std::chrono::duration<double>(time).count();
}

std::size_t characters(std::string_view utf8)
{
    return static_cast<std::size_t>(std::count_if(
        utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// At most `width` characters, the middle left out where there are more.
std::string fitted(std::string_view utf8, std::size_t width)
{
    const std::size_t have = characters(utf8);
    if (have <= width)
        return std::string(utf8);
    const std::size_t front = width > 1 ? (width - 1) / 2 : 0, back = width > 1 ? width - 1 - front : 0;
    std::string out;
    std::size_t at = 0;
    bool dots = false;
    for (const char c : utf8) {
        const bool starts = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
        at += starts ? 1 : 0;
        if (at <= front || at > have - back) {
            out += c;
        } else if (!dots) {
            out += "…";
            dots = true;
        }
    }
    return out;
}

std::string format(const char* pattern, double value)
{
    std::array<char, 64> text{};
    const int length = std::snprintf(text.data(), text.size(), pattern, value);
    return {text.data(), static_cast<std::size_t>(std::max(length, 0))};
}

std::string bar(double part, std::size_t width)
{
    const auto filled = static_cast<std::size_t>(part * static_cast<double>(width));
    std::string out = "[" + std::string(std::min(filled, width), '=');
    if (filled < width)
        out += ">" + std::string(width - filled - 1, ' ');
    return out + "]";
}

} // namespace

void RateMeter::start(Monotonic now)
{
    start_ = last_ = now;
    weighted_ = 0;
}

double RateMeter::decay(Monotonic now) const
{
    return std::exp(-secondsOf(now - last_) / std::chrono::duration<double>(window_).count());
}

void RateMeter::add(std::uint64_t bytes, Monotonic now)
{
    weighted_ = weighted_ * decay(now) + static_cast<double>(bytes);
    last_ = now;
}

double RateMeter::rate(Monotonic now) const
{
    const double window = std::chrono::duration<double>(window_).count();
    const double weights = window * (1 - std::exp(-secondsOf(now - start_) / window));
    return weights <= 0 ? 0 : weighted_ * decay(now) / weights;
}

std::optional<std::uint64_t> secondsLeft(const ProgressView& view)
{
    if (!view.size || view.done > *view.size)
        return std::nullopt;
    const double seconds = std::ceil(static_cast<double>(*view.size - view.done) / view.rate);
    // Rates near zero say nothing but "not now".
    if (!(view.rate > 0) || seconds > 1e9)
        return std::nullopt;
    return static_cast<std::uint64_t>(seconds);
}

std::string shortBytes(double bytes)
{
    constexpr std::array<const char*, 7> units{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    std::size_t unit = 0;
    // 999.5 would be printed as 1000.
    while (bytes >= 999.5 && unit + 1 < units.size()) {
        bytes /= 1024;
        ++unit;
    }
    const bool whole = unit == 0 || bytes >= 99.95;
    return format(whole ? "%.0f " : bytes >= 9.995 ? "%.1f " : "%.2f ", bytes) + units[unit];
}

std::string shortTime(std::uint64_t seconds)
{
    const auto two = [](std::uint64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); };
    const std::uint64_t minutes = seconds / 60, hours = minutes / 60, days = hours / 24;
    if (days > 0)
        return std::to_string(days) + "d " + two(hours % 24) + ":" + two(minutes % 60);
    if (hours > 0)
        return std::to_string(hours) + ":" + two(minutes % 60) + ":" + two(seconds % 60);
    return std::to_string(minutes) + ":" + two(seconds % 60);
}

std::string progressLine(const ProgressView& view, std::size_t columns)
{
    columns = std::max<std::size_t>(columns, 20);
    std::string front, back = "  " + shortBytes(static_cast<double>(view.done));
    const double part = view.size && *view.size > 0
                            ? std::min(1.0, static_cast<double>(view.done) / static_cast<double>(*view.size))
                            : 0;
    if (view.size) {
        front = format("%3.0f%%", std::floor(part * 100));
        back += " of " + shortBytes(static_cast<double>(*view.size));
    }
    if (!view.note.empty()) {
        back += "  " + std::string(view.note);
    } else {
        back += "  " + shortBytes(view.rate) + "/s";
        if (const auto left = secondsLeft(view))
            back += "  " + shortTime(*left);
    }
    // The bar has up to 40 columns; where it has not even 6, there is none.
    constexpr std::size_t mostBar = 40, leastBar = 6, leastName = 8;
    const std::size_t fixed = characters(front) + characters(back) + 2;
    const std::size_t room = columns > fixed ? columns - fixed : 0;
    const std::size_t nameWidth =
        std::min(characters(view.name), std::max(room / 2, std::min(room, leastName)));
    std::string line = fitted(view.name, nameWidth) + "  " + front;
    const std::size_t left = room > nameWidth ? room - nameWidth : 0;
    if (view.size && left >= leastBar + 3)
        line += " " + bar(part, std::min(mostBar, left - 3));
    line += back;
    return characters(line) > columns ? fitted(line, columns) : line;
}

} // namespace spillway::get
