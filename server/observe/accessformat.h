// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/observe/accessrecord.h"
#include "server/observe/redact.h"

#include <cstdint>
#include <string>

namespace spillway::observe {

enum class AccessFormat : std::uint8_t
{
    Combined, ///< Apache's and nginx's "combined", in UTC
    Json,     ///< one object a line: time, peer, port, method, target, protocol, status, bytes, duration_us,
              ///< user_agent, …
};

/// Turns records into lines. One thread's own: it remembers the second it last formatted.
/// Every field that a client sent is escaped (see escape.h); target, Referer and User-Agent go through the
/// redactor first.
class AccessFormatter
{
public:
    /// A null redactor takes them as they are.
    AccessFormatter(AccessFormat format, Redactor redactor) : format_(format), redactor_(redactor) {}

    /// Appends one line with its '\n'.
    void append(std::string& out, const AccessRecord& record);

private:
    void appendCombined(std::string& out, const AccessRecord& record);
    void appendJson(std::string& out, const AccessRecord& record);
    [[nodiscard]] std::string_view redacted(std::string_view text);
    void renderSecond(std::int64_t second);

    const AccessFormat format_;
    const Redactor redactor_;
    std::string scratch_;
    std::int64_t second_ = -1;
    std::string secondText_; ///< "10/Oct/2025:13:55:36 +0000", or "2025-10-10T13:55:36" for JSON
};

/// "192.0.2.1" or "2001:db8::1"; a mapped IPv4 address without its prefix.
void appendAddress(std::string& out, const PeerAddress& peer);

} // namespace spillway::observe
