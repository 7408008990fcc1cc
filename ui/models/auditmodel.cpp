// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/auditmodel.h"

#include "ui/models/format.h"
#include "ui/models/roles.h"

#include <QtCore/QDateTime>
#include <QtCore/QJsonArray>
#include <QtCore/QLocale>
#include <algorithm>

namespace spillway::ui {

using contract::AuditEntry;

namespace {

QString valueText(const QJsonValue& value)
{
    if (value.isBool())
        return value.toBool() ? AuditModel::tr("yes") : AuditModel::tr("no");
    if (value.isNull())
        return AuditModel::tr("none");
    if (value.isArray()) {
        QStringList all;
        for (const QJsonValue one : value.toArray())
            all += valueText(one);
        return all.isEmpty() ? AuditModel::tr("none") : all.join(QStringLiteral(", "));
    }
    return value.isDouble() ? QString::number(value.toDouble(), 'g', 15) : value.toString();
}

QString whoText(const AuditEntry& entry)
{
    if (entry.by == QLatin1String("token"))
        return AuditModel::tr("token %1").arg(entry.tokenName);
    if (entry.by == QLatin1String("console"))
        return AuditModel::tr("console");
    if (entry.by == QLatin1String("command-line"))
        return AuditModel::tr("command line");
    if (entry.by == QLatin1String("invited"))
        return AuditModel::tr("an invited console");
    if (entry.by == QLatin1String("server"))
        return AuditModel::tr("server");
    if (entry.by == QLatin1String("rule"))
        return AuditModel::tr("a rule");
    if (entry.by == QLatin1String("settings-file"))
        return AuditModel::tr("settings file");
    return AuditModel::tr("owner");
}

/// What the operation was about, of what it was given or answered.
QString objectText(const AuditEntry& entry)
{
    for (const QJsonObject* part : {&entry.given, &entry.after, &entry.before})
        for (const char* name : {"name", "id", "target", "address", "level", "mode", "path"})
            if (const QString text = part->value(QLatin1String(name)).toString(); !text.isEmpty())
                return text;
    return {};
}

QString outcomeText(const QString& outcome)
{
    if (outcome == QLatin1String("done"))
        return AuditModel::tr("Done");
    if (outcome == QLatin1String("failed"))
        return AuditModel::tr("Failed");
    return AuditModel::tr("Unknown");
}

Tone outcomeTone(const QString& outcome)
{
    return outcome == QLatin1String("done")     ? Tone::Good
           : outcome == QLatin1String("failed") ? Tone::Bad
                                                : Tone::Warning;
}

} // namespace

QString changeText(const AuditEntry& entry)
{
    if (!entry.error.isEmpty())
        return entry.error;
    if (!entry.text.isEmpty())
        return entry.text;
    QStringList changes;
    for (auto old = entry.before.begin(); old != entry.before.end(); ++old) {
        const QJsonValue now = entry.after.value(old.key());
        if (!now.isUndefined() && now != old.value() && old.key() != QLatin1String("version"))
            changes += QStringLiteral("%1: %2 → %3").arg(old.key(), valueText(old.value()), valueText(now));
    }
    return changes.join(QStringLiteral(" · "));
}

void AuditModel::setNewest(const std::vector<AuditEntry>& entries)
{
    const std::int64_t known = rows_.empty() ? 0 : rows_.front().id;
    const auto end = std::find_if(entries.begin(), entries.end(),
                                  [known](const AuditEntry& entry) { return entry.id <= known; });
    if (end != entries.begin()) {
        beginInsertRows({}, 0, static_cast<int>(end - entries.begin()) - 1);
        rows_.insert(rows_.begin(), entries.begin(), end);
        endInsertRows();
    }
    // An outcome that was not known yet.
    for (auto entry = end; entry != entries.end(); ++entry) {
        const auto place = std::find_if(rows_.begin(), rows_.end(),
                                        [&entry](const AuditEntry& one) { return one.id == entry->id; });
        if (place == rows_.end() || *place == *entry)
            continue;
        *place = *entry;
        const auto at = static_cast<int>(place - rows_.begin());
        Q_EMIT dataChanged(index(at, 0), index(at, ColumnCount - 1));
    }
}

void AuditModel::append(const std::vector<AuditEntry>& older)
{
    if (older.empty())
        return;
    const int at = rowCount();
    beginInsertRows({}, at, at + static_cast<int>(older.size()) - 1);
    rows_.insert(rows_.end(), older.begin(), older.end());
    endInsertRows();
}

void AuditModel::clear()
{
    if (rows_.empty())
        return;
    beginRemoveRows({}, 0, rowCount() - 1);
    rows_.clear();
    endRemoveRows();
}

int AuditModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int AuditModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant AuditModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const AuditEntry& entry = row(index.row());
    if (role == IdRole)
        return QString::number(entry.id);
    if (role == ToneRole && index.column() == Outcome)
        return static_cast<int>(outcomeTone(entry.outcome));
    if (role == Qt::ToolTipRole && index.column() == When)
        return QLocale().toString(QDateTime::fromMSecsSinceEpoch(entry.atMs), QLocale::LongFormat);
    if (role == Qt::ToolTipRole && index.column() == Change)
        return changeText(entry);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case When:
        return formatClock(entry.atMs / 1000);
    case Who:
        return whoText(entry);
    case From:
        return entry.from;
    case What:
        return entry.operation;
    case Object:
        return objectText(entry);
    case Change:
        return changeText(entry);
    case Outcome:
        return outcomeText(entry.outcome);
    default:
        return {};
    }
}

QVariant AuditModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return role == Qt::TextAlignmentRole ? QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter)
                                             : QVariant();
    switch (section) {
    case When:
        return tr("When");
    case Who:
        return tr("Who");
    case From:
        return tr("From");
    case What:
        return tr("What");
    case Object:
        return tr("Object");
    case Change:
        return tr("Change");
    case Outcome:
        return tr("Outcome");
    default:
        return {};
    }
}

} // namespace spillway::ui
