// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/limitcontrol.h"

#include "ui/models/entry.h"
#include "ui/session/session.h"

#include <cmath>

namespace spillway::ui {

using contract::Limit;
using contract::LimitLevel;

LimitControl::Fields fieldsOf(const Limit& limit)
{
    LimitControl::Fields fields;
    const auto number = [&fields](const char* name, const std::optional<std::int64_t>& value) {
        if (value)
            fields.insert(QLatin1String(name), QString::number(*value));
    };
    if (limit.requests)
        fields.insert(QStringLiteral("requests"), eventRateForServer(*limit.requests));
    number("burst", limit.burst);
    if (limit.bandwidth)
        fields.insert(QStringLiteral("bandwidth"), rateForServer(*limit.bandwidth));
    number("connections", limit.connections);
    number("downloads", limit.downloads);
    number("queue", limit.queue);
    if (limit.wait)
        fields.insert(QStringLiteral("wait"),
                      QStringLiteral("%1ms").arg(static_cast<qint64>(std::llround(*limit.wait * 1000))));
    if (!limit.priority.isEmpty())
        fields.insert(QStringLiteral("priority"), limit.priority);
    return fields;
}

LimitControl::LimitControl(Session& session) : session_(session) {}

void LimitControl::refresh()
{
    if (asking_)
        return;
    asking_ = true;
    session_.client().run<contract::ListLimits>(this, {}, [this](const Result<std::vector<Limit>>& limits) {
        asking_ = false;
        if (!limits || !underWay_.isEmpty())
            return;
        model_.setLimits(*limits);
        known_ = true;
        Q_EMIT changed();
    });
}

void LimitControl::set(LimitLevel level, const QString& id, const Fields& fields)
{
    const QString key = contract::limitLevelName(level) + QLatin1Char('/') + id;
    const auto known = underWay_.find(key);
    if (known != underWay_.end()) {
        for (auto field = fields.begin(); field != fields.end(); ++field)
            known->next.insert(field.key(), field.value());
        return;
    }
    underWay_.insert(key, {level, id, {}});
    send(key, fields);
}

void LimitControl::send(const QString& key, const Fields& fields)
{
    const Change& change = underWay_[key];
    session_.client().run<contract::SetLimit>(this, {change.level, change.id, fields},
                                              [this, key](const Result<Limit>& limit) {
                                                  if (limit)
                                                      model_.setLimit(*limit);
                                                  else
                                                      session_.failed(limit.error());
                                                  Fields next = std::move(underWay_[key].next);
                                                  underWay_[key].next.clear();
                                                  if (!next.isEmpty())
                                                      return send(key, next);
                                                  underWay_.remove(key);
                                                  Q_EMIT changed();
                                                  refresh();
                                              });
}

void LimitControl::setBandwidth(LimitLevel level, const QString& id, std::optional<double> bytesPerSecond)
{
    set(level, id,
        {{QStringLiteral("bandwidth"),
          bytesPerSecond ? rateForServer(std::max<std::int64_t>(1, std::llround(*bytesPerSecond)))
                         : QStringLiteral("none")}});
}

void LimitControl::remove(const Limit& limit)
{
    const Fields before = fieldsOf(limit);
    Fields none;
    for (const QString& field : before.keys())
        none.insert(field, QStringLiteral("none"));
    if (none.isEmpty())
        return;
    set(limit.level, limit.id, none);
    Q_EMIT session_.notice({tr("The limits of %1 are removed").arg(model_.name(limit)), tr("Undo"),
                            [this, level = limit.level, id = limit.id, before] { set(level, id, before); },
                            Session::kUndo});
}

} // namespace spillway::ui
