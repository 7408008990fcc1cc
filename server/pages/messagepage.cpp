// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pages/messagepage.h"

#include "server/pages/messages.h"

namespace spillway::pages {

namespace {

/// A page that would try again much later is closed by then.
constexpr std::int64_t kLongestRetry = 120;

} // namespace

std::string messagePage(const View& view, const Problem& problem)
{
    std::string out, filled;
    const Message message = messageFor(problem.status, problem.detail, view.language, filled);
    openPage(out, view, message.heading);
    Html html(out, view.language);
    html.raw("<main id=\"content\" class=\"message\">\n<h1>").text(message.heading).raw("</h1>\n<p>");
    html.text(message.text).raw("</p>\n");
    if (problem.retryAfter > 0) {
        html.raw("<p><a class=\"button primary\" id=\"retry\" href=\"").text(reference(view.ownQuery));
        html.raw("\">").say(Word::TryAgain).raw("</a></p>\n");
        if (problem.retryAfter <= kLongestRetry) {
            // Shown and counted down by the script alone: without it nothing would try again.
            const std::string seconds = std::to_string(problem.retryAfter);
            html.raw("<p class=\"quiet\" hidden data-retry=\"").raw(seconds).raw("\" data-text=\"");
            html.say(Word::TriesAgain).raw("\"></p>\n");
        }
    }
    html.raw("<p class=\"id\">").raw(std::to_string(problem.status)).raw(" · ");
    html.say(Word::RequestId, problem.id).raw("</p>\n</main>\n");
    closePage(out, view);
    return out;
}

} // namespace spillway::pages
