// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pages/linkfacts.h"

namespace spillway::pages {

void appendNote(Html& html, const LinkFacts& facts)
{
    if (facts.note.empty())
        return;
    html.raw("<div class=\"note\">\n<p class=\"label\">")
        .say(Word::FromTheSender)
        .raw("</p>\n<p dir=\"auto\">");
    for (std::string_view rest = facts.note; !rest.empty();) {
        const auto end = rest.find('\n');
        std::string_view line = rest.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        html.text(line);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        if (!rest.empty())
            html.raw("<br>");
    }
    html.raw("</p>\n</div>\n");
}

void appendTerms(Html& html, const LinkFacts& facts)
{
    if (!facts.expiresAt && !facts.remaining)
        return;
    html.raw("<p class=\"quiet\">");
    if (facts.expiresAt) {
        const std::string_view text = word(Word::Expires, html.language());
        const auto hole = text.find("%1");
        html.text(text.substr(0, hole)).time(*facts.expiresAt).text(text.substr(hole + 2));
    }
    if (facts.expiresAt && facts.remaining)
        html.raw(" · ");
    if (facts.remaining) {
        if (*facts.remaining <= 0)
            html.say(Word::YoursOnly);
        else if (*facts.remaining == 1)
            html.say(Word::OneDownloadLeft);
        else
            html.say(Word::DownloadsLeft, std::to_string(*facts.remaining));
    }
    html.raw("</p>\n");
}

} // namespace spillway::pages
