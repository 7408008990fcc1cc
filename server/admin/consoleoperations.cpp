// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/consoleoperations.h"

#include "server/contract/codec.h"
#include "server/engine/engine.h"
#include "server/engine/livesnapshots.h"

#include <QtCore/QJsonArray>

namespace spillway::admin {

namespace {

tl::unexpected<Error> notRunning()
{
    return fail(ErrorCode::Unavailable, "no server runs, so there are no connections");
}

} // namespace

Result<QJsonValue> connectionList(OperationContext& context, const Arguments&)
{
    if (!context.engine)
        return notRunning();
    const auto list = engine::listTransfers(*context.engine);
    if (!list)
        return fail(list.error());
    return QJsonValue(contract::toJson(*list));
}

Result<QJsonValue> connectionKick(OperationContext& context, const Arguments& arguments)
{
    if (!context.engine)
        return notRunning();
    const std::string id = arguments.text("id");
    const auto name = engine::ConnectionName::parse(id);
    if (!name)
        return fail(name.error());
    if (auto kicked = context.engine->kick(name->worker, name->slot, name->generation); !kicked)
        return fail(kicked.error());
    return QJsonValue(QJsonObject{{QStringLiteral("id"), toQString(id)}});
}

} // namespace spillway::admin
