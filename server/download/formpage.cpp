// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/formpage.h"

#include "server/download/target.h"
#include "server/http/headwriter.h"

#include "server/http/errorpage.h"

namespace spillway::download {

std::string formPage(const FormPage& page, std::string_view id)
{
    std::string out = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
                      "<meta name=\"viewport\" content=\"width=device-width\"><title>";
    const auto text = [&out](std::string_view words) { http::appendHtmlEscaped(out, words); };
    text(page.heading);
    out += "</title><style>:root{color-scheme:light dark}body{font:16px/1.5 "
           "system-ui,sans-serif;max-width:36rem;"
           "margin:15vh auto;padding:0 1.5rem}h1{font-size:1.5rem;margin:0 0 .5rem}small{opacity:.6}"
           "label{display:block;margin:0 0 .25rem}input,button{font:inherit;padding:.4rem .6rem}"
           "input{width:100%;box-sizing:border-box;margin:0 0 .75rem}[role=alert]{font-weight:600}"
           "</style><h1>";
    text(page.heading);
    out += "</h1><p>";
    text(page.text);
    out += "</p>";
    if (!page.problem.empty()) {
        out += "<p role=\"alert\">";
        text(page.problem);
        out += "</p>";
    }
    out += "<form method=\"post\">";
    if (!page.label.empty()) {
        out += "<label for=\"secret\">";
        text(page.label);
        out += "</label><input id=\"secret\" type=\"password\" name=\"";
        text(page.name);
        out += "\" autocomplete=\"current-password\" required autofocus>";
    }
    out += "<button>";
    text(page.button);
    out += "</button></form>";
    if (!id.empty()) {
        out += "<p><small>";
        text(id);
        out += "</small></p>";
    }
    out += "</html>\n";
    return out;
}

void seeOther(http::Exchange& exchange, std::string_view location, std::string_view cookie)
{
    http::HeadWriter& writer = exchange.begin(303);
    writer.field("Location", location);
    writer.lines(cookie);
    writer.lines(kPrivateFields);
    exchange.answer({}, 0);
}

} // namespace spillway::download
