// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/urltext.h"

#include "server/http/utf8.h"
#include "server/observe/redact.h"

#include <curl/curl.h>
#include <memory>

namespace spillway::get {

namespace {

using Handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0)
{
    char* text = nullptr;
    if (curl_url_get(url, which, &text, flags) != CURLUE_OK || !text)
        return {};
    std::string copy(text);
    curl_free(text);
    return copy;
}

void appendEncoded(std::string& out, std::string_view bytes)
{
    constexpr char digits[] = "0123456789ABCDEF";
    for (const char c : bytes) {
        const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                           std::string_view("-._~/").find(c) != std::string_view::npos;
        if (plain) {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '%';
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
}

} // namespace

Result<Url> parseUrl(std::string_view text)
{
    const auto wrong = [&] {
        return fail(ErrorCode::InvalidArgument,
                    "\"" + shownUrl(text) +
                        "\" is not an http or https URL, such as https://example.org/file");
    };
    const Handle handle(curl_url(), &curl_url_cleanup);
    // A control character is never meant, and would be one in the request.
    for (const char c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            return wrong();
    if (!handle || curl_url_set(handle.get(), CURLUPART_URL, std::string(text).c_str(),
                                CURLU_URLENCODE | CURLU_ALLOW_SPACE) != CURLUE_OK)
        return wrong();
    const std::string scheme = part(handle.get(), CURLUPART_SCHEME);
    if (scheme != "http" && scheme != "https")
        return wrong();
    Url url;
    url.user = part(handle.get(), CURLUPART_USER, CURLU_URLDECODE);
    url.password = part(handle.get(), CURLUPART_PASSWORD, CURLU_URLDECODE);
    for (const CURLUPart secret : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_FRAGMENT})
        curl_url_set(handle.get(), secret, nullptr, 0);
    url.text = part(handle.get(), CURLUPART_URL);
    url.origin = scheme + "://" + part(handle.get(), CURLUPART_HOST) + ":" +
                 part(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
    url.path = part(handle.get(), CURLUPART_PATH);
    url.query = part(handle.get(), CURLUPART_QUERY);
    return url.text.empty() ? Result<Url>(wrong()) : Result<Url>(std::move(url));
}

std::string urlBelow(const Url& folder, std::string_view path)
{
    std::string text = folder.text.substr(0, folder.text.find('?'));
    if (!text.ends_with('/'))
        text += '/';
    appendEncoded(text, path);
    return folder.query.empty() ? text : text + "?" + folder.query;
}

std::string withParameter(const Url& url, std::string_view parameter)
{
    return url.text + (url.query.empty() ? (url.text.ends_with('?') ? "" : "?") : "&") +
           std::string(parameter);
}

std::string shownUrl(std::string_view text)
{
    std::string out;
    // User and password: what is before the last "@" of the authority.
    const auto scheme = text.find("://");
    if (scheme != std::string_view::npos) {
        const auto end = text.find_first_of("/?#", scheme + 3);
        const auto at = text.substr(0, end).rfind('@');
        if (at != std::string_view::npos && at > scheme) {
            out = text.substr(0, scheme + 3);
            text.remove_prefix(at + 1);
        }
    }
    observe::redactTarget(text, out);
    return shownText(out);
}

std::string shownText(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        const http::Utf8Step step = http::decodeUtf8(text);
        // C0, DEL and C1: terminals obey them all.
        const bool control = step.codePoint < 0x20 || (step.codePoint >= 0x7f && step.codePoint < 0xa0);
        if (!step.valid || control)
            out += '?';
        else
            out += text.substr(0, step.bytes);
        text.remove_prefix(step.bytes);
    }
    return out;
}

} // namespace spillway::get
