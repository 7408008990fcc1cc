// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace spillway::http {

/// An error as a small page for people: no script, nothing from elsewhere, readable in light and dark.
/// `detail` is a sentence of ours (it is escaped all the same), `id` is what the log has.
[[nodiscard]] std::string errorPage(int status, std::string_view detail, std::string_view id);

/// Text with & < > " ' made harmless in HTML content and quoted attributes.
void appendHtmlEscaped(std::string& out, std::string_view text);

} // namespace spillway::http
