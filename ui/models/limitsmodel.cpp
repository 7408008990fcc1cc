// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/limitsmodel.h"

#include "ui/models/format.h"

#include <QtNetwork/QHostAddress>
#include <algorithm>

namespace spillway::ui {

using contract::Limit;
using contract::LimitLevel;

namespace {

constexpr quintptr kTop = 0; ///< internalId of a level; of a row below it: the level's number + 1

QString requestsText(const Limit& limit)
{
    if (!limit.requests)
        return {};
    const QString rate = LimitsModel::tr("%1/s").arg(formatDecimal(*limit.requests));
    return limit.burst ? LimitsModel::tr("%1, %2 at once").arg(rate, formatCount(*limit.burst)) : rate;
}

QString downloadsText(const Limit& limit)
{
    QStringList parts;
    if (limit.downloads)
        parts +=
            limit.id.isEmpty() && limit.level != LimitLevel::Server
                ? formatCount(*limit.downloads)
                : LimitsModel::tr("%1 of %2").arg(formatCount(limit.running), formatCount(*limit.downloads));
    if (limit.waiting > 0)
        parts += LimitsModel::tr("%n waiting", nullptr, static_cast<int>(limit.waiting));
    return parts.join(QStringLiteral(" · "));
}

} // namespace

QString levelText(LimitLevel level)
{
    switch (level) {
    case LimitLevel::Server:
        return LimitsModel::tr("Whole server");
    case LimitLevel::Share:
        return LimitsModel::tr("Each share");
    case LimitLevel::Token:
        return LimitsModel::tr("Each token");
    case LimitLevel::Link:
        return LimitsModel::tr("Each link");
    case LimitLevel::Ip:
        return LimitsModel::tr("Each client");
    case LimitLevel::Connection:
        return LimitsModel::tr("Each connection");
    }
    return {};
}

bool isEmpty(const Limit& limit)
{
    return !limit.requests && !limit.burst && !limit.bandwidth && !limit.connections && !limit.downloads &&
           !limit.queue && !limit.wait && limit.priority.isEmpty();
}

QString priorityText(const QString& priority)
{
    if (priority == QLatin1String("high"))
        return LimitsModel::tr("High");
    if (priority == QLatin1String("normal"))
        return LimitsModel::tr("Normal");
    return priority == QLatin1String("low") ? LimitsModel::tr("Low") : QString();
}

std::array<LimitsModel::Level, contract::kLimitLevels> LimitsModel::emptyLevels()
{
    std::array<Level, contract::kLimitLevels> levels;
    for (std::size_t i = 0; i < levels.size(); ++i)
        levels[i].all.limit.level = static_cast<LimitLevel>(i);
    return levels;
}

void LimitsModel::changed(const QModelIndex& index)
{
    Q_EMIT dataChanged(index, index.siblingAtColumn(ColumnCount - 1));
}

void LimitsModel::setLimits(const std::vector<Limit>& limits)
{
    std::array<std::vector<Limit>, contract::kLimitLevels> wanted;
    auto defaults = emptyLevels();
    for (const Limit& limit : limits) {
        const auto level = static_cast<std::size_t>(limit.level);
        if (limit.id.isEmpty())
            defaults[level].all.limit = limit;
        else
            wanted[level].push_back(limit);
    }
    for (std::size_t level = 0; level < levels_.size(); ++level) {
        if (levels_[level].all.limit != defaults[level].all.limit) {
            levels_[level].all.limit = defaults[level].all.limit;
            changed(index(static_cast<int>(level), 0));
        }
        std::sort(wanted[level].begin(), wanted[level].end(),
                  [](const Limit& one, const Limit& other) { return one.id < other.id; });
        syncLevel(level, std::move(wanted[level]));
    }
}

/// Both lists are in the order of their ids: one pass over both.
void LimitsModel::syncLevel(std::size_t level, std::vector<Limit> wanted)
{
    std::vector<Row>& rows = levels_[level].rows;
    const QModelIndex parent = index(static_cast<int>(level), 0);
    std::size_t at = 0;
    for (Limit& limit : wanted) {
        while (at < rows.size() && rows[at].limit.id < limit.id) {
            beginRemoveRows(parent, static_cast<int>(at), static_cast<int>(at));
            rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(at));
            endRemoveRows();
        }
        if (at < rows.size() && rows[at].limit.id == limit.id) {
            if (rows[at].limit != limit) {
                rows[at].limit = std::move(limit);
                changed(index(static_cast<int>(at), 0, parent));
            }
        } else {
            beginInsertRows(parent, static_cast<int>(at), static_cast<int>(at));
            rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(at), Row{std::move(limit), {}});
            endInsertRows();
        }
        ++at;
    }
    if (at < rows.size()) {
        beginRemoveRows(parent, static_cast<int>(at), static_cast<int>(rows.size()) - 1);
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(at), rows.end());
        endRemoveRows();
    }
}

void LimitsModel::setLimit(const Limit& limit)
{
    const auto level = static_cast<std::size_t>(limit.level);
    // What runs and waits is only in lists.
    const auto withLine = [](Limit fresh, const Limit& known) {
        fresh.running = known.running;
        fresh.waiting = known.waiting;
        return fresh;
    };
    if (limit.id.isEmpty()) {
        levels_[level].all.limit = withLine(limit, levels_[level].all.limit);
        return changed(index(static_cast<int>(level), 0));
    }
    std::vector<Limit> wanted;
    bool known = false;
    for (const Row& row : levels_[level].rows) {
        const bool same = row.limit.id == limit.id;
        known = known || same;
        if (!same || !isEmpty(limit))
            wanted.push_back(same ? withLine(limit, row.limit) : row.limit);
    }
    if (!known && !isEmpty(limit))
        wanted.insert(
            std::lower_bound(wanted.begin(), wanted.end(), limit,
                             [](const Limit& one, const Limit& other) { return one.id < other.id; }),
            limit);
    syncLevel(level, std::move(wanted));
}

void LimitsModel::setUse(const LiveUse& use)
{
    const auto update = [&](Row& row, const QModelIndex& at) {
        const LiveUse::Sum now = use.of(row.limit.level, row.limit.id);
        if (now == row.use)
            return;
        row.use = now;
        Q_EMIT dataChanged(at.siblingAtColumn(Bandwidth), at.siblingAtColumn(Use));
    };
    for (std::size_t level = 0; level < levels_.size(); ++level) {
        const QModelIndex top = index(static_cast<int>(level), 0);
        update(levels_[level].all, top);
        for (std::size_t i = 0; i < levels_[level].rows.size(); ++i)
            update(levels_[level].rows[i], index(static_cast<int>(i), 0, top));
    }
}

void LimitsModel::setNames(const QHash<QString, QString>& tokens, const QHash<QString, QString>& links)
{
    if (tokens == tokens_ && links == links_)
        return;
    tokens_ = tokens;
    links_ = links;
    for (const LimitLevel level : {LimitLevel::Token, LimitLevel::Link}) {
        const QModelIndex top = index(static_cast<int>(level), 0);
        if (const int rows = rowCount(top); rows > 0)
            Q_EMIT dataChanged(index(0, Subject, top), index(rows - 1, Subject, top));
    }
}

const LimitsModel::Row& LimitsModel::row(const QModelIndex& index) const
{
    if (index.internalId() == kTop)
        return levels_[static_cast<std::size_t>(index.row())].all;
    return levels_[static_cast<std::size_t>(index.internalId() - 1)]
        .rows[static_cast<std::size_t>(index.row())];
}

const Limit& LimitsModel::limit(const QModelIndex& index) const
{
    return row(index).limit;
}

double LimitsModel::rate(const QModelIndex& index) const
{
    return row(index).use.rate;
}

QModelIndex LimitsModel::find(LimitLevel level, const QString& id) const
{
    const QModelIndex top = index(static_cast<int>(level), 0);
    if (id.isEmpty())
        return top;
    const std::vector<Row>& rows = levels_[static_cast<std::size_t>(level)].rows;
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&id](const Row& one) { return one.limit.id == id; });
    return found == rows.end() ? QModelIndex() : index(static_cast<int>(found - rows.begin()), 0, top);
}

QModelIndex LimitsModel::findClient(const QString& address) const
{
    if (const QModelIndex exact = find(LimitLevel::Ip, address); exact.isValid())
        return exact;
    const QHostAddress client(address);
    for (const Row& row : levels_[static_cast<std::size_t>(LimitLevel::Ip)].rows)
        if (row.limit.id.endsWith(QLatin1String("/64")) &&
            client.isInSubnet(QHostAddress::parseSubnet(row.limit.id)))
            return find(LimitLevel::Ip, row.limit.id);
    return {};
}

QString LimitsModel::name(const Limit& limit) const
{
    if (limit.id.isEmpty())
        return levelText(limit.level);
    if (limit.level == LimitLevel::Token)
        return tokens_.value(limit.id, limit.id);
    return limit.level == LimitLevel::Link ? links_.value(limit.id, limit.id) : limit.id;
}

QModelIndex LimitsModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : kTop);
}

QModelIndex LimitsModel::parent(const QModelIndex& child) const
{
    if (!child.isValid() || child.internalId() == kTop)
        return {};
    return createIndex(static_cast<int>(child.internalId() - 1), 0, kTop);
}

int LimitsModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return static_cast<int>(levels_.size());
    if (parent.internalId() != kTop || parent.column() != 0)
        return 0;
    return static_cast<int>(levels_[static_cast<std::size_t>(parent.row())].rows.size());
}

int LimitsModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

QVariant LimitsModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = this->row(index);
    const Limit& limit = row.limit;
    switch (role) {
    case IdRole:
        return contract::limitLevelName(limit.level) + QLatin1Char('/') + limit.id;
    case Qt::TextAlignmentRole:
        if (index.column() == Use)
            return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
        return {};
    case Qt::AccessibleTextRole:
        if (index.column() == Bandwidth)
            return limit.bandwidth ? formatRate(static_cast<double>(*limit.bandwidth)) : tr("No limit");
        return {};
    case Qt::ToolTipRole:
        if (index.column() != Subject)
            return {};
        return limit.id.isEmpty() && limit.level != LimitLevel::Server
                   ? tr("Holds for everyone here who has no row of their own")
                   : limit.id;
    case Qt::DisplayRole:
        switch (index.column()) {
        case Subject:
            return name(limit);
        case Use:
            return limit.level == LimitLevel::Connection ? QString() : formatRate(row.use.rate);
        case Requests:
            return requestsText(limit);
        case Downloads:
            return downloadsText(limit);
        case Priority:
            return priorityText(limit.priority);
        default:
            return {};
        }
    default:
        return {};
    }
}

QVariant LimitsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == Use ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Subject:
        return tr("For");
    case Bandwidth:
        return tr("Bandwidth");
    case Use:
        return tr("Now");
    case Requests:
        return tr("Requests");
    case Downloads:
        return tr("Downloads");
    case Priority:
        return tr("Priority");
    default:
        return {};
    }
}

} // namespace spillway::ui
