// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/linkrules.h"

#include "server/contract/codec.h"

#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>

namespace spillway::ui {

using contract::CreateLink;
using contract::LinkExpiry;

CreateLink reusable(CreateLink rules)
{
    rules.target.clear();
    rules.password.clear();
    rules.note.clear();
    return rules;
}

QByteArray rulesToText(const CreateLink& rules)
{
    QJsonObject object = contract::parameters(reusable(rules));
    object.remove(QStringLiteral("target"));
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

CreateLink rulesFromText(const QByteArray& text)
{
    const QJsonObject object = QJsonDocument::fromJson(text).object();
    const auto number = [&object](const char* name) {
        return std::max<std::int64_t>(0, object.value(QLatin1String(name)).toInteger());
    };
    CreateLink rules;
    const QJsonValue expires = object.value(QLatin1String("expires"));
    if (expires.isDouble() && expires.toInteger() > 0)
        rules.expiry = {LinkExpiry::Kind::After, std::chrono::seconds(expires.toInteger())};
    else if (expires.isString())
        rules.expiry.kind = LinkExpiry::Kind::Never;
    rules.maxDownloads = number("max_downloads");
    rules.rate = number("rate");
    rules.concurrency = number("concurrency");
    for (const QJsonValue block : object.value(QLatin1String("allow")).toArray())
        rules.allow += block.toString();
    rules.page = object.value(QLatin1String("page")).toBool(true);
    return rules;
}

} // namespace spillway::ui
