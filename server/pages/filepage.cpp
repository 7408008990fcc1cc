// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/pages/filepage.h"

#include "server/body/listingtext.h"
#include "server/pages/chatpage.h"
#include "server/pages/crumbs.h"
#include "server/pages/entrykind.h"

#include <array>

namespace spillway::pages {

namespace {

/// The raw queries of the page's addresses.
struct Queries
{
    Queries(const View& view, const FilePage& page)
    {
        const std::string language = languageQuery(view);
        const auto join = [&](std::string_view what, bool granted) {
            const std::array<std::string_view, 4> parts{
                page.credentials, what, granted ? std::string_view(page.grant) : std::string_view(),
                granted ? std::string_view() : std::string_view(language)};
            return reference(joinQuery(parts));
        };
        attachment = join("dl", true);
        bytes = join("dl=inline", true);
        preview = join("preview", false);
        const std::array<std::string_view, 2> parts{page.credentials, language};
        folder = joinQuery(parts);
    }
    std::string attachment, bytes; ///< the file, to be kept and to be shown
    std::string preview;           ///< this page with its preview
    std::string folder;            ///< of pages above, without its "?"
};

bool canBeShown(EntryKind kind)
{
    return kind != EntryKind::File && kind != EntryKind::Archive && kind != EntryKind::Folder;
}

/// Whether the preview would fetch the whole file at once.
bool fetchesAll(EntryKind kind)
{
    return kind == EntryKind::Picture || kind == EntryKind::Pdf;
}

void appendShown(Html& html, const FilePage& page, EntryKind kind, const Queries& queries)
{
    switch (kind) {
    case EntryKind::Picture:
        html.raw("<a href=\"").text(queries.bytes).raw("\"><img class=\"shown\" alt=\"").text(page.name);
        html.raw("\" src=\"").text(queries.bytes).raw("\"></a>\n");
        break;
    case EntryKind::Video:
        html.raw("<video class=\"shown\" controls playsinline preload=\"none\" aria-label=\"");
        html.text(page.name).raw("\" src=\"").text(queries.bytes).raw("\"></video>\n");
        break;
    case EntryKind::Audio:
        html.raw("<audio class=\"shown\" controls preload=\"none\" aria-label=\"").text(page.name);
        html.raw("\" src=\"").text(queries.bytes).raw("\"></audio>\n");
        break;
    case EntryKind::Pdf:
        html.raw("<iframe class=\"shown paper\" title=\"").text(page.name).raw("\" src=\"");
        html.text(queries.bytes)
            .raw("#navpanes=0\"></iframe>\n"); // room for the paper (PDF 2.0, open parameters)
        break;
    case EntryKind::Text:
        // Fetched by the script, which puts it there as text: nothing in it is ever markup.
        html.raw("<pre class=\"shown\" tabindex=\"0\" role=\"region\" hidden aria-label=\"").text(page.name);
        html.raw("\" data-text=\"").text(queries.bytes).raw("\" data-limit=\"");
        html.raw(std::to_string(kTextShown))
            .raw("\" data-failed=\"")
            .say(Word::TextFailed)
            .raw("\"></pre>\n");
        html.raw("<noscript><p class=\"quiet\">").say(Word::NeedsScript).raw("</p></noscript>\n");
        if (page.size > kTextShown)
            html.raw("<p class=\"quiet\">").say(Word::TextIsCut).raw("</p>\n");
        break;
    default:
        break;
    }
}

void appendPreview(Html& html, const FilePage& page, EntryKind kind, const Queries& queries)
{
    if (!canBeShown(kind) || page.size == 0)
        return;
    html.raw("<section class=\"preview\" id=\"preview\" aria-label=\"").say(Word::Preview).raw("\">\n");
    const bool tooLarge = fetchesAll(kind) && page.size > kPreviewUpTo;
    if (page.preview == Preview::Asked || (page.preview == Preview::Automatic && !tooLarge)) {
        appendShown(html, page, kind, queries);
        html.raw("<p class=\"quiet\"><a href=\"").text(queries.bytes).raw("\" target=\"_blank\" ");
        html.raw("rel=\"noopener noreferrer\">").say(Word::OpenInBrowser).raw("</a></p>\n");
    } else {
        html.raw("<p><a class=\"button\" rel=\"nofollow\" href=\"").text(queries.preview).raw("#preview\">");
        html.say(Word::ShowPreview).raw("</a></p>\n");
        if (page.preview == Preview::OnRequest)
            html.raw("<p class=\"quiet\">").say(Word::PreviewCounts).raw("</p>\n");
    }
    html.raw("</section>\n");
}

/// Something to be copied; the button is the script's.
void appendCopyable(Html& html, std::string_view id, std::string_view text)
{
    html.raw("<div class=\"copy\"><code id=\"").raw(id).raw("\" tabindex=\"0\">").text(text);
    html.raw("</code><button class=\"button\" type=\"button\" hidden data-copy=\"").raw(id);
    html.raw("\" data-done=\"").say(Word::Copied).raw("\">").say(Word::Copy).raw("</button></div>\n");
}

std::string withThousands(std::uint64_t number)
{
    std::string digits = std::to_string(number);
    for (std::size_t at = digits.size(); at > 3;)
        digits.insert(at -= 3, ",");
    return digits;
}

void appendDetails(Html& html, const FilePage& page)
{
    html.raw("<details>\n<summary>").say(Word::Details).raw("</summary>\n<dl>\n<dt>").say(Word::Size);
    html.raw("</dt><dd>").say(Word::Bytes, withThousands(page.size)).raw("</dd>\n<dt>").say(Word::Type);
    html.raw("</dt><dd>").text(page.mediaType).raw("</dd>\n<dt>").say(Word::Changed).raw("</dt><dd>");
    html.time(page.modifiedAt).raw("</dd>\n");
    if (!page.sha256.empty()) {
        html.raw("<dt>").say(Word::Checksum).raw("</dt><dd>\n");
        appendCopyable(html, "sha256", page.sha256);
        html.raw("</dd>\n");
    }
    html.raw("</dl>\n</details>\n<details>\n<summary>").say(Word::FromTerminal).raw("</summary>\n");
    const std::string url = shellQuoted(page.url);
    appendCopyable(html, "curl", (page.hasPassword ? "curl -fOJ -u me " : "curl -fOJ ") + url);
    if (page.hasPassword)
        html.raw("<p class=\"quiet\">").say(Word::AsksForPassword).raw("</p>\n");
    appendCopyable(html, "get",
                   (page.hasPassword ? "spillway get --password-stdin " : "spillway get ") + url);
    html.raw("</details>\n");
}

} // namespace

std::string filePage(const View& view, const FilePage& page)
{
    const EntryKind kind = kindOfType(page.mediaType);
    const Queries queries(view, page);
    const std::string_view kindWord = kindName(kind, view.language);
    const std::string size = body::sizeText(page.size);
    std::string out;
    openPage(out, view, page.name, {page.name, size + " · " + std::string(kindWord)});
    Html html(out, view.language);
    html.raw("<main id=\"content\" class=\"file\">\n");
    if (!page.linkName.empty())
        appendCrumbs(html, crumbsOf(page.linkName, page.shownPath), "./", queries.folder);
    html.raw("<div class=\"what\">\n<span class=\"entry large ")
        .raw(iconClass(kind))
        .raw("\"></span>\n<div>");
    html.raw("<h1>").name(page.name).raw("</h1>\n<p class=\"quiet\">").text(size).raw(" · ").text(kindWord);
    html.raw("</p></div>\n</div>\n");
    appendNote(html, page.facts);
    html.raw("<p><a class=\"button primary download\" id=\"download\" href=\"").text(queries.attachment);
    html.raw("\">").say(Word::DownloadSize, size).raw("</a></p>\n");
    appendTerms(html, page.facts);
    appendPreview(html, page, kind, queries);
    appendDetails(html, page);
    html.raw("</main>\n");
    closePage(out, view);
    return out;
}

std::string shellQuoted(std::string_view text)
{
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'')
            quoted += "'\\''";
        else
            quoted += c;
    }
    return quoted + "'";
}

} // namespace spillway::pages
