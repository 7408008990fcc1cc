// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/headgate.h"

#include <array>

namespace spillway::http::detail {

/// What a scan of a target saw; a flag that is not set saves a second look.
enum TargetFlag : unsigned
{
    SawPercent = 1,
    SawDot = 2,
    SawBackslash = 4,
    StopQuery = 16, ///< "?"
    StopSpace = 32,
    StopBad = 64, ///< "#", a control character or a byte beyond ASCII
};

/// TargetFlag of each byte.
extern const std::array<std::uint8_t, 256> kTargetTable;

/// Fills rawTarget, rawPath, rawQuery, path and, of an absolute-form target, host. `scratch` has room for
/// twice the target and one byte. `queryMark` is the index of the first "?", or target.size(); `flags` are
/// those of the path.
[[nodiscard]] GateResult parseTarget(std::string_view target, std::size_t queryMark, unsigned flags,
                                     char* scratch, RequestHead& head);

/// host [ ":" port ] of RFC 3986 §3.2 with a host that is not empty (RFC 9110 §4.2.1) and no user
/// information.
[[nodiscard]] bool validAuthority(std::string_view text);

} // namespace spillway::http::detail
