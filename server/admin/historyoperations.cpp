// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/historyoperations.h"

#include "server/contract/codec.h"
#include "server/engine/engine.h"

namespace spillway::admin {

namespace {

Result<contract::HistorySpan> spanOf(const Arguments& arguments)
{
    const QString name = arguments.has("span") ? toQString(arguments.text("span")) : QStringLiteral("hour");
    if (const auto span = contract::historySpanFromName(name))
        return *span;
    return fail(ErrorCode::InvalidArgument, "\"span\" is none of minute, hour and day");
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

} // namespace spillway::admin
