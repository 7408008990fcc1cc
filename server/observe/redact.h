// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace spillway::observe {

/// Appends a request target or a Referer to `out` with the values of secret query parameters replaced by
/// "***": s (a signature), token, password. Names are compared as the server reads them, percent-decoded, so
/// "%73=" hides its value too. A secret cut short by a bound stays hidden. Pure; any thread.
void redactTarget(std::string_view target, std::string& out);

/// The signature of redactTarget, for code that takes another.
using Redactor = void (*)(std::string_view target, std::string& out);

} // namespace spillway::observe
