// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/errorpage.h"

#include "server/http/status.h"

namespace spillway::http {

void appendHtmlEscaped(std::string& out, std::string_view text)
{
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += c;
        }
    }
}

std::string errorPage(int status, std::string_view detail, std::string_view id)
{
    std::string page = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
                       "<meta name=\"viewport\" content=\"width=device-width\"><title>";
    page += reasonPhrase(status);
    page += "</title><style>:root{color-scheme:light dark}body{font:16px/1.5 "
            "system-ui,sans-serif;max-width:36rem;"
            "margin:15vh auto;padding:0 1.5rem}h1{font-size:1.5rem;margin:0 0 "
            ".5rem}small{opacity:.6}</style><h1>";
    page += reasonPhrase(status);
    page += "</h1><p>";
    appendHtmlEscaped(page, detail);
    page += "</p><small>";
    page += std::to_string(status);
    page += " · ";
    appendHtmlEscaped(page, id);
    page += "</small></html>\n";
    return page;
}

} // namespace spillway::http
