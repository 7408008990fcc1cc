// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::observe {

/// Random numbers for ids, not for secrets: xoshiro256++, seeded from getrandom(2). One thread's own, a few
/// ns a number.
class IdGenerator
{
public:
    IdGenerator();
    /// For tests. Not all zero.
    explicit IdGenerator(const std::array<std::uint64_t, 4>& seed) : state_(seed) {}

    /// Never 0.
    [[nodiscard]] std::uint64_t next() noexcept;

private:
    std::array<std::uint64_t, 4> state_;
};

/// 16 lower-case hex digits: how a request id is written in answers and logs.
[[nodiscard]] std::string requestIdText(std::uint64_t id);
/// Writes exactly 16 characters, without a terminator.
void writeRequestId(std::uint64_t id, char* to) noexcept;

/// Where a request stands in a distributed trace (W3C Trace Context, level 1, §3.2).
struct TraceContext
{
    std::array<std::uint8_t, 16> traceId{}; ///< never all zero
    std::array<std::uint8_t, 8> parentId{}; ///< never all zero
    bool sampled = false;

    friend bool operator==(const TraceContext&, const TraceContext&) = default;
};

/// The value of a traceparent field; nullopt for anything malformed, which §4.3 says to ignore. A version we
/// do not know is read as far as version 00 goes (§3.2.4).
[[nodiscard]] std::optional<TraceContext> parseTraceparent(std::string_view value) noexcept;
/// "00-<trace>-<parent>-<flags>", 55 characters.
[[nodiscard]] std::string formatTraceparent(const TraceContext& context);
/// A new trace.
[[nodiscard]] TraceContext startTrace(IdGenerator& ids, bool sampled);
/// The same trace with a parent id of our own, for what we call or log.
[[nodiscard]] TraceContext childOf(const TraceContext& parent, IdGenerator& ids);

} // namespace spillway::observe
