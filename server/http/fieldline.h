// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/http/headgate.h"

namespace spillway::http::detail {

/// Parses the field line at `p` (RFC 9112 §5). Accepted fills `field` and moves `p` behind the CRLF. Else `p`
/// stays; a line without its LF before `end` is NeedMore whatever it holds, so that cutting the bytes
/// elsewhere changes nothing.
[[nodiscard]] GateResult parseFieldLine(const char*& p, const char* end, HeaderField& field);

} // namespace spillway::http::detail
