// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/observe/trace.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <span>
#include <sys/random.h>
#include <unistd.h>

namespace spillway::observe {
namespace {

constexpr std::string_view hexDigits = "0123456789abcdef";

/// Lower case only (§3.2.1: HEXDIGLC).
bool readHex(std::string_view text, std::span<std::uint8_t> to)
{
    for (std::size_t i = 0; i < to.size(); ++i) {
        const std::size_t high = hexDigits.find(text[2 * i]);
        const std::size_t low = hexDigits.find(text[2 * i + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos)
            return false;
        to[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return true;
}

void appendHex(std::string& out, std::span<const std::uint8_t> bytes)
{
    for (const std::uint8_t byte : bytes) {
        out += hexDigits[byte >> 4U];
        out += hexDigits[byte & 0xfU];
    }
}

bool allZero(std::span<const std::uint8_t> bytes)
{
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

void writeNumber(std::uint64_t number, std::span<std::uint8_t> to)
{
    for (std::size_t i = 0; i < to.size(); ++i)
        to[i] = static_cast<std::uint8_t>(number >> (8 * i));
}

} // namespace

IdGenerator::IdGenerator() : state_{}
{
    while (allZero({reinterpret_cast<const std::uint8_t*>(state_.data()), sizeof state_})) {
        if (::getrandom(state_.data(), sizeof state_, 0) == static_cast<ssize_t>(sizeof state_))
            continue;
        // Only kernels before 3.17 get here. Ids then are less random, and no secret depends on them.
        state_[0] = static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
        state_[1] = static_cast<std::uint64_t>(::getpid()) << 32U | 1U;
    }
}

std::uint64_t IdGenerator::next() noexcept
{
    std::uint64_t result = 0;
    while (result == 0) { // xoshiro256++ 1.0, Blackman and Vigna
        result = std::rotl(state_[0] + state_[3], 23) + state_[0];
        const std::uint64_t t = state_[1] << 17U;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= t;
        state_[3] = std::rotl(state_[3], 45);
    }
    return result;
}

void writeRequestId(std::uint64_t id, char* to) noexcept
{
    for (int i = 15; i >= 0; --i, id >>= 4U)
        to[i] = hexDigits[id & 0xfU];
}

std::string requestIdText(std::uint64_t id)
{
    std::string text(16, '0');
    writeRequestId(id, text.data());
    return text;
}

std::optional<TraceContext> parseTraceparent(std::string_view value) noexcept
{
    constexpr std::size_t length = 55; // 2 + 1 + 32 + 1 + 16 + 1 + 2
    if (value.size() < length || value[2] != '-' || value[35] != '-' || value[52] != '-')
        return std::nullopt;
    std::array<std::uint8_t, 1> version{};
    std::array<std::uint8_t, 1> flags{};
    TraceContext context;
    if (!readHex(value, version) || version[0] == 0xff)
        return std::nullopt;
    if (value.size() > length && (version[0] == 0 || value[length] != '-'))
        return std::nullopt;
    if (!readHex(value.substr(3), context.traceId) || allZero(context.traceId))
        return std::nullopt;
    if (!readHex(value.substr(36), context.parentId) || allZero(context.parentId))
        return std::nullopt;
    if (!readHex(value.substr(53), flags))
        return std::nullopt;
    context.sampled = (flags[0] & 1U) != 0;
    return context;
}

std::string formatTraceparent(const TraceContext& context)
{
    std::string text = "00-";
    appendHex(text, context.traceId);
    text += '-';
    appendHex(text, context.parentId);
    text += context.sampled ? "-01" : "-00";
    return text;
}

TraceContext startTrace(IdGenerator& ids, bool sampled)
{
    TraceContext context;
    const std::span<std::uint8_t> trace(context.traceId);
    writeNumber(ids.next(), trace.first(8));
    writeNumber(ids.next(), trace.last(8));
    writeNumber(ids.next(), context.parentId);
    context.sampled = sampled;
    return context;
}

TraceContext childOf(const TraceContext& parent, IdGenerator& ids)
{
    TraceContext context = parent;
    writeNumber(ids.next(), context.parentId);
    return context;
}

} // namespace spillway::observe
