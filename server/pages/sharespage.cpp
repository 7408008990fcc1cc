// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pages/sharespage.h"

#include "server/body/listingtext.h"

namespace spillway::pages {

std::string sharesPage(const View& view, std::span<const std::string_view> names)
{
    std::string out;
    openPage(out, view, word(Word::SharedFolders, view.language));
    Html html(out, view.language);
    html.raw("<main id=\"content\">\n<h1>").say(Word::SharedFolders).raw("</h1>\n");
    if (names.empty())
        html.raw("<p>").say(Word::NothingShared).raw("</p>\n");
    else
        html.raw("<ul class=\"shares\">\n");
    const std::string language = languageQuery(view);
    for (const std::string_view name : names) {
        std::string segment;
        body::appendPathSegment(segment, name);
        html.raw("<li><a class=\"entry folder\" href=\"s/").text(segment).raw("/");
        html.text(language.empty() ? std::string() : reference(language)).raw("\">").name(name);
        html.raw("</a></li>\n");
    }
    if (!names.empty())
        html.raw("</ul>\n");
    html.raw("</main>\n");
    closePage(out, view);
    return out;
}

} // namespace spillway::pages
