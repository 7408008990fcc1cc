// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/clock.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace spillway::get {

/// Why a download did not come, for the exit code and for scripts. The numbers are the exit codes.
enum class FailureKind
{
    Local = 1,   ///< this machine: disk, rights, a name that is taken, a file that another process writes
    Refused = 3, ///< the server does not want to: 401, 403, most of 4xx
    Gone = 4,    ///< there is nothing at that address: 404, 410
    Busy = 5,    ///< later perhaps: 429, 503, and the patience was over
    Broken = 6,  ///< the line or the server: cut, silent, wrong answers, no such host, a bad certificate
    Damaged = 7, ///< all bytes are there and their digest is not the server's
};

/// A stable lower-case word ("refused") for JSON lines.
[[nodiscard]] const char* kindName(FailureKind kind);

/// What one answer's status means where it is neither 200 nor 206.
struct StatusVerdict
{
    FailureKind kind = FailureKind::Broken;
    bool again = false; ///< trying later may help
};
[[nodiscard]] StatusVerdict judgeStatus(int status);

/// A Retry-After (RFC 9110 §10.2.3), seconds or a date, from `now`; none where it is malformed. A date that
/// has passed is zero.
[[nodiscard]] std::optional<std::chrono::seconds> parseRetryAfter(std::string_view field, WallTime now);

struct RetryOptions
{
    unsigned tries = 10; ///< failures in a row without one byte between them; the last one is final
    std::chrono::milliseconds first{500};
    std::chrono::milliseconds most{30'000};
    std::chrono::milliseconds patience{300'000}; ///< the longest Retry-After that is waited for
};

/// When to try again: exponential back-off with jitter (half of the time is fixed, half is random), and what
/// the server asked for where that is longer. Pure: randomness comes in.
class Backoff
{
public:
    explicit Backoff(RetryOptions options) : options_(options) {}

    /// After a failure: how long to wait, or none where it is enough. `random` is in [0, 1).
    [[nodiscard]] std::optional<std::chrono::milliseconds>
    failed(double random, std::optional<std::chrono::seconds> retryAfter);
    /// Bytes came: what was before does not count any more.
    void progressed() { failures_ = 0; }
    [[nodiscard]] unsigned failures() const { return failures_; }

private:
    RetryOptions options_;
    unsigned failures_ = 0;
};

} // namespace spillway::get
