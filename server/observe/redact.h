// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace spillway::observe {

/// Appends a request target, a Referer or a User-Agent to `out` with its secrets replaced by "***": the
/// values of the query parameters s (a signature), token, password and g (a grant), and the "user:password"
/// before the host of an absolute URL. Names are compared as the server reads them, percent-decoded, so
/// "%73=" hides its value too. A secret cut short by a bound stays hidden. Pure; any thread.
void redactTarget(std::string_view target, std::string& out);

/// The signature of redactTarget, for code that takes another.
using Redactor = void (*)(std::string_view target, std::string& out);

} // namespace spillway::observe
