// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace spillway::observe {

// What a client sent, made safe for a log line: no byte of it can end the line, close a quote, or reach a
// terminal as a control sequence. Both append to `out` and never fail.

/// For a JSON string, without the quotes (RFC 8259 §7). Valid UTF-8 stays as it is, but for C0 and C1
/// controls, DEL, U+2028 and U+2029, which are escaped; each byte that is not UTF-8 becomes U+FFFD.
void appendJsonEscaped(std::string& out, std::string_view text);

/// For a quoted field of the combined format: '"', '\', controls and every byte past 0x7e become \xHH, as
/// nginx writes.
void appendLogEscaped(std::string& out, std::string_view text);

/// `text` in quotes, for JSON.
void appendJsonString(std::string& out, std::string_view text);

} // namespace spillway::observe
