// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/historyoperations.h"

#include "server/contract/codec.h"
#include "server/engine/engine.h"

#include <algorithm>

namespace spillway::admin {

namespace {

Result<contract::HistorySpan> spanOf(const Arguments& arguments)
{
    const QString name = arguments.has("span") ? toQString(arguments.text("span")) : QStringLiteral("hour");
    if (const auto span = contract::historySpanFromName(name))
        return *span;
    return fail(ErrorCode::InvalidArgument, "\"span\" is none of minute, hour and day");
}

using observe::DownloadTally;
using observe::HeavyHitters;

contract::TopUse useOf(const HeavyHitters::Hit& hit)
{
    return {static_cast<std::int64_t>(hit.bytes), static_cast<std::int64_t>(hit.count)};
}

/// One that is not in the catalog any more, or cannot be read now, has its id alone.
contract::TopLink linkOf(OperationContext& context, const HeavyHitters::Hit& hit)
{
    contract::TopLink link;
    link.id = toQString(hit.key);
    link.use = useOf(hit);
    if (const auto known = context.management.showLink(hit.key)) {
        link.share = toQString(known->share);
        link.path = QByteArray::fromStdString(known->link.path);
        link.note = toQString(known->link.note);
    }
    return link;
}

contract::TopClient clientOf(const HeavyHitters::Hit& hit)
{
    net::PeerAddress address;
    std::copy_n(hit.key.begin(), std::min(hit.key.size(), address.address.size()), address.address.begin());
    return {toQString(address.toString()), useOf(hit)};
}

contract::TopFile fileOf(const HeavyHitters::Hit& hit)
{
    contract::TopFile file;
    const std::size_t slash = std::min(hit.key.find('/'), hit.key.size());
    file.share = toQString(hit.key.substr(0, slash));
    file.path = QByteArray::fromStdString(hit.key.substr(slash)).mid(1);
    file.archive = hit.key.ends_with('/');
    if (file.path.endsWith('/'))
        file.path.chop(1);
    file.use = useOf(hit);
    return file;
}

} // namespace

Result<QJsonValue> historyGet(OperationContext& context, const Arguments& arguments)
{
    if (!context.engine)
        return fail(ErrorCode::Unavailable, "no server runs, so there is no history of what it does");
    const auto span = spanOf(arguments);
    if (!span)
        return fail(span.error());
    return QJsonValue(contract::toJson(context.engine->history().page(*span, arguments.integer("after", 0))));
}

Result<QJsonValue> topGet(OperationContext& context, const Arguments& arguments)
{
    if (!context.engine)
        return fail(ErrorCode::Unavailable, "no server runs, so nothing is downloaded from it");
    const auto span = spanOf(arguments);
    if (!span)
        return fail(span.error());
    const std::int64_t limit = arguments.integer("limit", 5);
    if (limit < 1 || limit > 50)
        return fail(ErrorCode::InvalidArgument, "a list has 1 to 50 rows");
    const DownloadTally sum = context.engine->top().sum(*span);
    const auto most = static_cast<std::size_t>(limit);
    contract::TopPage page{*span, {}, {}, {}};
    for (const HeavyHitters::Hit& hit : sum.list(DownloadTally::Links).top(most))
        page.links.push_back(linkOf(context, hit));
    for (const HeavyHitters::Hit& hit : sum.list(DownloadTally::Clients).top(most))
        page.clients.push_back(clientOf(hit));
    for (const HeavyHitters::Hit& hit : sum.list(DownloadTally::Files).top(most))
        page.files.push_back(fileOf(hit));
    return QJsonValue(contract::toJson(page));
}

} // namespace spillway::admin
