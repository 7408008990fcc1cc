// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pages/crumbs.h"

namespace spillway::pages {

std::vector<std::string_view> crumbsOf(std::string_view title, std::string_view path)
{
    std::vector<std::string_view> crumbs{title};
    while (!path.empty()) {
        const std::size_t slash = path.find('/');
        crumbs.push_back(path.substr(0, slash));
        path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    }
    return crumbs;
}

void appendCrumbs(Html& html, std::span<const std::string_view> above, std::string_view nearest,
                  std::string_view query)
{
    if (above.empty())
        return;
    html.raw("<nav class=\"crumbs\" aria-label=\"").say(Word::FoldersAbove).raw("\"><ol>");
    for (std::size_t i = 0; i < above.size(); ++i) {
        html.raw("<li><a href=\"").raw(nearest);
        for (std::size_t up = i + 1; up < above.size(); ++up)
            html.raw("../");
        html.text(query.empty() ? std::string() : reference(query)).raw("\">").name(above[i]);
        html.raw("</a></li>");
    }
    html.raw("</ol></nav>\n");
}

} // namespace spillway::pages
