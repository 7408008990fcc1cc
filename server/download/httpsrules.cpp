// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/httpsrules.h"

#include "server/download/acmeanswer.h"
#include "server/http/headwriter.h"

namespace spillway::download {

namespace {

/// "host", "192.0.2.1" or "[2001:db8::1]" of a Host field, which the head gate has checked.
std::string_view withoutPort(std::string_view host)
{
    const auto colon = host.rfind(':');
    const auto bracket = host.rfind(']');
    const bool hasPort =
        colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
    return hasPort ? host.substr(0, colon) : host;
}

} // namespace

bool admitPlain(http::Exchange& exchange, const HttpsRules& rules)
{
    const http::RequestHead& head = exchange.head();
    if (rules.plain == HttpsRules::Plain::Serve || exchange.secure() || head.path == "/healthz" ||
        head.path == "/readyz" || head.path.starts_with(kAcmePath))
        return true;
    const std::string_view host = withoutPort(head.host);
    if (rules.plain == HttpsRules::Plain::Refuse || host.empty() || head.rawTarget == "*") {
        exchange.fail(403, "This server answers over HTTPS only.");
        return false;
    }
    std::string location = "https://";
    location += host;
    if (rules.port != 443)
        location += ':' + std::to_string(rules.port);
    location += head.rawTarget;
    auto& writer = exchange.begin(308);
    writer.field("Location", location);
    // Not for ever: who turns HTTPS off again must not be left with it in every browser.
    writer.lines("Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n");
    exchange.answer({}, 0);
    return false;
}

} // namespace spillway::download
