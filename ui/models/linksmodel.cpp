// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/linksmodel.h"

#include "ui/models/format.h"

#include <QtCore/QDateTime>

namespace spillway::ui {

using contract::Link;
using contract::LinkState;

QString stateText(const Link& link)
{
    switch (link.state) {
    case LinkState::Active:
        return LinksModel::tr("Active");
    case LinkState::UsedUp:
        return LinksModel::tr("Used up");
    case LinkState::Expired:
        return LinksModel::tr("Expired");
    case LinkState::Revoked:
        return LinksModel::tr("Revoked");
    case LinkState::KeyRetired:
        return LinksModel::tr("Key retired");
    case LinkState::Other:
        break;
    }
    return LinksModel::tr("Unknown");
}

Tone stateTone(LinkState state)
{
    switch (state) {
    case LinkState::Active:
        return Tone::Good;
    case LinkState::UsedUp:
    case LinkState::Expired:
        return Tone::Warning;
    case LinkState::Revoked:
    case LinkState::KeyRetired:
        return Tone::Bad;
    case LinkState::Other:
        break;
    }
    return Tone::Neutral;
}

QString rulesText(const Link& link)
{
    QStringList rules;
    if (link.expiresAt && link.state == LinkState::Active)
        rules +=
            LinksModel::tr("%1 left").arg(formatSpan(*link.expiresAt - QDateTime::currentSecsSinceEpoch()));
    else if (link.expiresAt)
        rules += LinksModel::tr("until %1").arg(formatClock(*link.expiresAt));
    if (link.maxDownloads)
        rules += LinksModel::tr("at most %1×").arg(formatCount(*link.maxDownloads));
    if (link.hasPassword)
        rules += LinksModel::tr("password");
    if (!link.allow.isEmpty())
        rules += LinksModel::tr("%n address block(s)", nullptr, static_cast<int>(link.allow.size()));
    if (link.rate > 0)
        rules += formatRate(static_cast<double>(link.rate));
    if (link.concurrency > 0)
        rules += LinksModel::tr("%1 at a time").arg(formatCount(link.concurrency));
    return rules.isEmpty() ? LinksModel::tr("No limit") : rules.join(QStringLiteral(" · "));
}

void LinksModel::setLinks(std::vector<Link> links)
{
    sync(std::move(links), [](const Link& link) { return link.id; });
}

void LinksModel::setLink(Link link)
{
    const auto known =
        std::find_if(rows_.begin(), rows_.end(), [&link](const Link& one) { return one.id == link.id; });
    if (known != rows_.end()) {
        *known = std::move(link);
        const auto place = static_cast<int>(known - rows_.begin());
        Q_EMIT dataChanged(index(place, 0), index(place, ColumnCount - 1));
        return;
    }
    const auto at = std::find_if(rows_.begin(), rows_.end(),
                                 [&link](const Link& one) { return one.createdAt <= link.createdAt; });
    const auto place = static_cast<int>(at - rows_.begin());
    beginInsertRows({}, place, place);
    rows_.insert(at, std::move(link));
    endInsertRows();
}

int LinksModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

std::int64_t LinksModel::activeCount() const
{
    return std::count_if(rows_.begin(), rows_.end(),
                         [](const Link& link) { return link.state == LinkState::Active; });
}

QVariant LinksModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Link& link = row(index.row());
    switch (role) {
    case IdRole:
        return link.id;
    case SearchRole:
        return QStringList{link.id, displayName(link.name), linkLocation(link), link.note, stateText(link)}
            .join(QLatin1Char('\n'));
    case Qt::TextAlignmentRole:
        if (index.column() == Downloads)
            return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
        return {};
    case Qt::ToolTipRole:
        if (index.column() == Created)
            return QLocale().toString(QDateTime::fromSecsSinceEpoch(link.createdAt), QLocale::LongFormat);
        return index.column() == Name && !link.note.isEmpty() ? QVariant(link.note) : QVariant();
    case ToneRole:
        return index.column() == State ? QVariant(static_cast<int>(stateTone(link.state))) : QVariant();
    case IconRole:
        return index.column() == Name
                   ? QVariant(link.isFolder ? QStringLiteral("folder") : QStringLiteral("file"))
                   : QVariant();
    case SortRole:
        switch (index.column()) {
        case Downloads:
            return static_cast<qint64>(link.downloads);
        case Created:
            return static_cast<qint64>(link.createdAt);
        case Rules:
            return static_cast<qint64>(link.expiresAt.value_or(std::numeric_limits<std::int64_t>::max()));
        default:
            break;
        }
        [[fallthrough]];
    case Qt::DisplayRole:
        switch (index.column()) {
        case Name:
            return displayName(link.name);
        case State:
            return stateText(link);
        case Location:
            return linkLocation(link);
        case Rules:
            return rulesText(link);
        case Downloads:
            return formatCount(link.downloads);
        case Created:
            return formatClock(link.createdAt);
        default:
            return {};
        }
    default:
        return {};
    }
}

QVariant LinksModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == Downloads ? Qt::AlignRight : Qt::AlignLeft) |
                                   Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Name");
    case State:
        return tr("State");
    case Location:
        return tr("In");
    case Rules:
        return tr("Rules");
    case Downloads:
        return tr("Downloads");
    case Created:
        return tr("Created");
    default:
        return {};
    }
}

std::vector<Link> LinksModel::newestActive(int most) const
{
    std::vector<Link> newest;
    for (const Link& link : rows_)
        if (link.state == LinkState::Active && static_cast<int>(newest.size()) < most)
            newest.push_back(link);
    return newest;
}

} // namespace spillway::ui
