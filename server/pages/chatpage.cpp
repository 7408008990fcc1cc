// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pages/chatpage.h"

#include "server/body/listingtext.h"
#include "server/pages/entrykind.h"

namespace spillway::pages {

std::string describe(Language language, std::string_view name, std::optional<std::uint64_t> size)
{
    if (!size)
        return std::string(word(Word::Folder, language));
    return body::sizeText(*size) + " · " + std::string(kindName(kindOfName(name), language));
}

std::string chatPage(const View& view, std::string_view name, std::optional<std::uint64_t> size)
{
    std::string out;
    const std::string what = describe(view.language, name, size);
    openPage(out, view, name, {std::string(name), what});
    Html(out, view.language)
        .raw("<main id=\"content\" class=\"message\">\n<h1>")
        .name(name)
        .raw("</h1>\n<p>")
        .text(what)
        .raw("</p>\n</main>\n");
    closePage(out, view);
    return out;
}

} // namespace spillway::pages
