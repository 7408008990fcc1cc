// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/retry.h"

#include "app/get/contentrange.h"
#include "server/http/httpdate.h"

#include <algorithm>

namespace spillway::get {

const char* kindName(FailureKind kind)
{
    switch (kind) {
    case FailureKind::Local:
        return "local";
    case FailureKind::Refused:
        return "refused";
    case FailureKind::Gone:
        return "gone";
    case FailureKind::Busy:
        return "busy";
    case FailureKind::Damaged:
        return "damaged";
    case FailureKind::Broken:
        break;
    }
    return "broken";
}

StatusVerdict judgeStatus(int status)
{
    switch (status) {
    case 404:
    case 410:
        return {FailureKind::Gone, false};
    case 429:
    case 503:
    case 509:
        return {FailureKind::Busy, true};
    case 408: // the request did not get there in time
    case 421: // another connection may do
    case 425:
        return {FailureKind::Broken, true};
    case 501:
    case 505:
        return {FailureKind::Broken, false};
    default:
        break;
    }
    if (status >= 400 && status < 500)
        return {FailureKind::Refused, false};
    return {FailureKind::Broken, status >= 500 && status < 600};
}

std::optional<std::chrono::seconds> parseRetryAfter(std::string_view field, WallTime now)
{
    constexpr std::int64_t most = 366LL * 24 * 3600;
    if (const auto seconds = parseLength(field))
        return std::chrono::seconds(std::min<std::uint64_t>(*seconds, most));
    while (!field.empty() && (field.front() == ' ' || field.front() == '\t'))
        field.remove_prefix(1);
    while (!field.empty() && (field.back() == ' ' || field.back() == '\t'))
        field.remove_suffix(1);
    if (const auto date = http::parseHttpDate(field, unixSeconds(now)))
        return std::chrono::seconds(std::clamp<std::int64_t>(*date - unixSeconds(now), 0, most));
    return std::nullopt;
}

std::optional<std::chrono::milliseconds> Backoff::failed(double random,
                                                         std::optional<std::chrono::seconds> retryAfter)
{
    ++failures_;
    if (failures_ >= options_.tries)
        return std::nullopt;
    if (retryAfter && *retryAfter > options_.patience)
        return std::nullopt;
    auto delay = options_.first;
    for (unsigned i = 1; i < failures_ && delay < options_.most; ++i)
        delay *= 2;
    delay = std::min(delay, options_.most);
    const auto jittered =
        delay / 2 + std::chrono::milliseconds(static_cast<std::int64_t>(static_cast<double>(delay.count()) /
                                                                        2 * std::clamp(random, 0.0, 1.0)));
    // Never before the time that was asked for, and not all at that very moment.
    return retryAfter ? std::max(jittered, *retryAfter + jittered / 4) : jittered;
}

} // namespace spillway::get
