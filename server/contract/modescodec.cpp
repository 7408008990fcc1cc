// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/contract/codec.h"
#include "server/contract/decoder.h"

namespace spillway::contract {

QJsonObject parameters(const ShowModes&)
{
    return {};
}

QJsonObject parameters(const SetMode& command)
{
    return {{QStringLiteral("mode"), command.mode}, {QStringLiteral("setting"), command.setting}};
}

namespace {

ModeGauge gaugeOf(const QJsonObject& json)
{
    return {json.value(QLatin1String("name")).toString(), json.value(QLatin1String("unit")).toString(),
            json.value(QLatin1String("value")).toDouble(), json.value(QLatin1String("limit")).toDouble(),
            json.value(QLatin1String("below")).toBool()};
}

} // namespace

template<>
Result<ModeState> decode(const QJsonValue& json)
{
    Decoder from(json, "mode");
    ModeState mode;
    mode.name = from.text("mode");
    mode.active = from.flag("active");
    mode.byHand = from.text("by_hand");
    mode.byRule = from.flag("by_rule");
    mode.reason = from.textOr("reason", {});
    mode.since = from.optionalNumber("since");
    for (const QJsonValue gauge : json.toObject().value(QLatin1String("gauges")).toArray())
        mode.gauges.push_back(gaugeOf(gauge.toObject()));
    return finish(from, std::move(mode));
}

template<>
Result<std::vector<ModeState>> decode(const QJsonValue& json)
{
    return decodeList<ModeState>(json, "modes");
}

template<>
Result<ModeChange> decode(const QJsonValue& json)
{
    Decoder from(json, "change of a mode");
    auto modes = decodeAll<ModeState>(from.array("modes"));
    if (!modes)
        return fail(modes.error());
    ModeChange change{std::move(*modes), from.flag("kept"), from.textOr("problem", {})};
    return finish(from, std::move(change));
}

} // namespace spillway::contract
