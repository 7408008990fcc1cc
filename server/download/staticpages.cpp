// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/staticpages.h"

#include "server/http/headwriter.h"
#include "server/pages/assets.h"

namespace spillway::download {

namespace {

/// Water over a crest. SVG, which every browser of today takes for an icon.
constexpr std::string_view kIcon =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\"><path fill=\"#0F7C8A\" d=\"M1 4h6c3 0 3 "
    "8 8 8v2H1z\"/>"
    "<path fill=\"none\" stroke=\"#45B7C4\" stroke-width=\"1.5\" d=\"M1 2.5h6.5c4 0 3.5 7 7.5 7\"/></svg>";

/// Whether "gzip" may be sent (RFC 9110 §12.5.3); a weight of 0 is the one that counts.
bool takesGzip(std::string_view acceptEncoding)
{
    const auto at = acceptEncoding.find("gzip");
    if (at == std::string_view::npos)
        return false;
    const std::string_view rest = acceptEncoding.substr(at + 4);
    const std::string_view weight = rest.substr(0, rest.find(','));
    return weight.find("q=0") == std::string_view::npos ||
           weight.find_first_of("123456789") != std::string_view::npos;
}

/// "/.spillway/<version>/<name>". A page that is older than the program asks for another version: it gets
/// what there is, for now.
void answerAsset(http::Exchange& exchange, std::string_view below)
{
    const pages::Assets& assets = pages::assets();
    const auto slash = std::min(below.find('/'), below.size());
    const std::string_view version = below.substr(0, slash);
    const pages::Asset* asset = assets.find(below.substr(std::min(slash + 1, below.size())));
    if (!asset) {
        exchange.fail(404, "Nothing is shared at this address.");
        return;
    }
    http::HeadWriter& writer = exchange.begin(200);
    writer.lines(version == assets.version() ? "Cache-Control: public, max-age=31536000, immutable\r\n"
                                             : "Cache-Control: no-cache\r\n");
    writer.lines("X-Content-Type-Options: nosniff\r\nContent-Security-Policy: sandbox\r\n");
    if (asset->gzip.empty()) {
        exchange.answerText(asset->mediaType, asset->bytes);
        return;
    }
    writer.lines("Vary: Accept-Encoding\r\n");
    const bool compressed = takesGzip(exchange.head().acceptEncoding);
    if (compressed)
        writer.lines("Content-Encoding: gzip\r\n");
    exchange.answerText(asset->mediaType, compressed ? asset->gzip : asset->bytes);
}

} // namespace

bool answerStatic(http::Exchange& exchange, const observe::Health& health)
{
    const std::string_view path = exchange.head().path;
    if (path == "/healthz") {
        exchange.labels.route = observe::Route::Health;
        exchange.begin(200).lines("Cache-Control: no-store\r\n");
        exchange.answerText("application/json", health.aliveJson());
    } else if (path == "/readyz") {
        exchange.labels.route = observe::Route::Ready;
        exchange.begin(health.ready() ? 200 : 503).lines("Cache-Control: no-store\r\n");
        exchange.answerText("application/json", health.readyJson());
    } else if (path == "/robots.txt") {
        exchange.begin(200).lines("Cache-Control: public, max-age=86400\r\n");
        exchange.answerText("text/plain; charset=utf-8", "User-agent: *\nDisallow: /\n");
    } else if (path == "/favicon.ico") {
        exchange.begin(200).lines(
            "Cache-Control: public, max-age=86400\r\nX-Content-Type-Options: nosniff\r\n");
        exchange.answerText("image/svg+xml", std::string(kIcon));
    } else if (path.substr(1).starts_with(pages::kAssetFolder)) {
        answerAsset(exchange, path.substr(1 + pages::kAssetFolder.size()));
    } else {
        return false;
    }
    return true;
}

} // namespace spillway::download
