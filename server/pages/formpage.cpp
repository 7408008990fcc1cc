// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pages/formpage.h"

namespace spillway::pages {

std::string formPage(const View& view, const FormPage& page, std::string_view id)
{
    std::string out;
    openPage(out, view, word(page.heading, view.language));
    Html html(out, view.language);
    html.raw("<main id=\"content\" class=\"message\">\n<h1>").say(page.heading).raw("</h1>\n<p>");
    html.say(page.text).raw("</p>\n<form method=\"post\">\n");
    if (page.isWrong)
        html.raw("<p id=\"wrong\" class=\"problem\" role=\"alert\">").say(page.wrong).raw("</p>\n");
    if (page.label) {
        html.raw("<label for=\"secret\">").say(*page.label);
        html.raw("</label>\n<input id=\"secret\" type=\"password\" name=\"").text(page.name);
        html.raw("\" autocomplete=\"current-password\" required autofocus");
        html.raw(page.isWrong ? " aria-invalid=\"true\" aria-describedby=\"wrong\">\n" : ">\n");
    }
    html.raw("<button class=\"button primary\">").say(page.button).raw("</button>\n</form>\n");
    if (!id.empty())
        html.raw("<p class=\"id\">").say(Word::RequestId, id).raw("</p>\n");
    html.raw("</main>\n");
    closePage(out, view);
    return out;
}

} // namespace spillway::pages
