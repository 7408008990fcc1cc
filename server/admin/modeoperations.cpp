// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/modeoperations.h"

#include "server/admin/records.h"
#include "server/engine/engine.h"

#include <QtCore/QJsonArray>

namespace spillway::admin {

namespace {

QJsonArray gaugesJson(const std::vector<engine::LoadGauge>& gauges, observe::Mode mode)
{
    QJsonArray array;
    for (const engine::LoadGauge& gauge : gauges)
        if (gauge.mode == mode)
            array.append(QJsonObject{{QStringLiteral("name"), toQString(gauge.name)},
                                     {QStringLiteral("unit"), toQString(gauge.unit)},
                                     {QStringLiteral("value"), gauge.value},
                                     {QStringLiteral("limit"), gauge.limit},
                                     {QStringLiteral("below"), gauge.below}});
    return array;
}

QJsonArray modesJson(const OperationContext& context, const std::vector<engine::ModeState>& states)
{
    const auto gauges = context.engine ? context.engine->gauges() : std::vector<engine::LoadGauge>();
    QJsonArray modes;
    for (const engine::ModeState& state : states) {
        QJsonObject mode = toJson(state);
        if (context.engine)
            mode.insert(QStringLiteral("gauges"), gaugesJson(gauges, state.mode));
        modes.append(mode);
    }
    return modes;
}

} // namespace

Result<QJsonValue> modeShow(OperationContext& context, const Arguments&)
{
    const auto states = context.management.listModes();
    if (!states)
        return fail(states.error());
    return QJsonValue(modesJson(context, *states));
}

Result<QJsonValue> modeSet(OperationContext& context, const Arguments& arguments)
{
    const auto setting = engine::handFromName(arguments.has("setting") ? arguments.text("setting") : "on");
    if (!setting)
        return fail(ErrorCode::InvalidArgument, "\"setting\" is none of on, off and never");
    const auto changed = context.management.setMode(arguments.text("mode"), *setting);
    if (!changed)
        return fail(changed.error());
    QJsonObject object{{QStringLiteral("modes"), modesJson(context, changed->modes)},
                       {QStringLiteral("kept"), changed->kept}};
    if (!changed->kept)
        object.insert(QStringLiteral("problem"), toQString(changed->problem));
    return QJsonValue(object);
}

} // namespace spillway::admin
