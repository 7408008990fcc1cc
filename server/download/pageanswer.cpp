// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/pageanswer.h"

#include "server/download/target.h"
#include "server/http/headwriter.h"
#include "server/http/query.h"

namespace spillway::download {

pages::View viewOf(const http::Exchange& exchange, const Rules& rules)
{
    return pages::viewOf(exchange.head(), exchange.secure(), rules.signIn.basePath);
}

void answerPage(http::Exchange& exchange, const pages::View& view, std::string html,
                std::string_view cacheFields)
{
    http::HeadWriter& writer = exchange.begin(200);
    writer.lines(cacheFields);
    writer.lines(pages::pageFields(view));
    exchange.answerText("text/html; charset=utf-8", std::move(html));
}

void failForm(http::Exchange& exchange, const pages::View& view, const pages::FormPage& form, bool isWrong)
{
    pages::FormPage page = form;
    page.isWrong = isWrong;
    const std::string fields = std::string(kFormReferrer) + pages::pageFields(view);
    exchange.failPage(403, fields, [&](std::string_view id) { return pages::formPage(view, page, id); });
}

void seeOther(http::Exchange& exchange, std::string_view location, std::string_view cookie)
{
    http::HeadWriter& writer = exchange.begin(303);
    writer.field("Location", location);
    writer.lines(cookie);
    writer.lines(kPrivateFields);
    exchange.answer({}, 0);
}

std::string signedQuery(std::string_view rawQuery)
{
    std::string kept;
    for (const auto& parameter : http::Query(rawQuery)) {
        const auto name = parameter.rawName;
        if (name != "k" && name != "s" && name != "e" && !name.starts_with("x-"))
            continue;
        if (!kept.empty())
            kept += '&';
        kept.append(name).append(1, '=').append(parameter.rawValue);
    }
    return kept;
}

} // namespace spillway::download
