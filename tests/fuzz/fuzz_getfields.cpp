// SPDX-License-Identifier: GPL-3.0-or-later
// Input: any server's text, read as each of the fields that `spillway get` looks at, and as a line of a
// listing. What comes out is a name for one file, a path that stays below, a range that lies within its file.
#include "app/get/contentrange.h"
#include "app/get/digestfield.h"
#include "app/get/folderlisting.h"
#include "app/get/progress.h"
#include "app/get/retry.h"
#include "app/get/safename.h"
#include "app/get/urltext.h"
#include "check.h"
#include "server/http/utf8.h"

using namespace spillway;
using namespace spillway::get;

namespace {

void checkName(const std::string& name, bool mayBeEmpty)
{
    check(mayBeEmpty || !name.empty(), "a name");
    check(name.size() <= 204, "not too long");
    check(name.empty() || name.front() != '.', "not hidden, and no \"..\"");
    check(name.find_first_of(std::string_view("/\\\0\n\r\x1b", 6)) == std::string::npos,
          "no path, no controls");
    check(!name.ends_with(".part") && !name.ends_with(".part.journal"), "none of our own");
    check(http::isUtf8(name), "UTF-8");
    check(safeName(name) == name, "safe is safe");
}

void checkPath(const std::string& path)
{
    check(!path.empty() && path.front() != '/' && path.back() != '/', "relative");
    const std::string framed = "/" + path + "/";
    for (const char* part : {"/../", "/./", "//"})
        check(framed.find(part) == std::string::npos, "stays below");
    check(path.find('\0') == std::string::npos, "no NUL");
    const auto folder = parseUrl("http://h/d/?s=x");
    const auto url = folder ? parseUrl(urlBelow(*folder, path)) : folder;
    check(url && url->origin == "http://h:80" && url->path.starts_with("/d/") && url->query == "s=x",
          "a URL below the folder");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto range = parseContentRange(text)) {
        check(range->first.has_value() == range->last.has_value(), "both ends or none");
        check(range->first || range->total, "it says something");
        if (range->first)
            check(*range->first <= *range->last && (!range->total || *range->last < *range->total), "within");
    }
    if (const auto length = parseLength(text))
        check(*length >> 63 == 0, "a file's length");
    if (const auto digest = sha256Of(text))
        check(hexText(*digest).size() == 64, "32 bytes");
    const auto wait = parseRetryAfter(text, fromUnixSeconds(1'800'000'000));
    check(!wait || (wait->count() >= 0 && wait->count() <= 366 * 24 * 3600), "a time to wait");
    checkName(safeName(text), true);
    checkName(chooseName(text, "/a"), false);
    checkName(chooseName({}, text), false);
    if (const auto path = safeRelativePath(text))
        checkPath(*path);
    if (const auto entry = parseListingLine(text))
        checkPath(entry->path);
    if (const auto url = parseUrl(text)) {
        check(url->text.starts_with(url->origin.substr(0, url->origin.find(':'))), "http or https");
        check(url->text.find_first_of("\r\n \t") == std::string::npos, "one line of a request");
    }
    for (const std::string& shown : {shownUrl(text), shownText(text)})
        check(shown.find_first_of("\r\n\x1b\x7f") == std::string::npos && http::isUtf8(shown),
              "for a terminal");
    ProgressView view;
    view.name = "x";
    view.note = text.substr(0, 100);
    check(!progressLine(view, 40).empty(), "a line");
    return 0;
}
