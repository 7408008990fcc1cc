// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/transfersmodel.h"

#include "ui/models/format.h"
#include "ui/models/limitsmodel.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace spillway::ui {

namespace {

constexpr std::int64_t kSortEveryMs = 2000;
constexpr double kSmoothSeconds = 2.0;

double progressOf(const contract::Transfer& transfer)
{
    if (!transfer.total)
        return -1;
    return *transfer.total > 0 ? static_cast<double>(transfer.sent) / static_cast<double>(*transfer.total)
                               : 1;
}

} // namespace

int priorityRank(const contract::Transfer& transfer)
{
    if (transfer.priority == QLatin1String("high"))
        return 0;
    return transfer.priority == QLatin1String("low") ? 2 : 1;
}

QString transferFile(const contract::Transfer& transfer)
{
    QByteArray path = transfer.path;
    while (path.size() > 1 && path.endsWith('/'))
        path.chop(1);
    return displayName(path.mid(path.lastIndexOf('/') + 1));
}

QString transferVia(const contract::Transfer& transfer)
{
    if (!transfer.link.isEmpty())
        return TransfersModel::tr("Link %1").arg(transfer.link.left(6) + QStringLiteral("…"));
    return transfer.share;
}

QString programName(const QString& userAgent)
{
    if (userAgent.isEmpty())
        return TransfersModel::tr("Unnamed");
    // Browsers all call themselves Mozilla; the order says whose name wins (Edge names Chrome, Chrome names
    // Safari).
    if (userAgent.startsWith(QLatin1String("Mozilla/"))) {
        static constexpr std::array<std::pair<QLatin1String, QLatin1String>, 6> browsers{
            {{QLatin1String("Edg/"), QLatin1String("Edge")},
             {QLatin1String("OPR/"), QLatin1String("Opera")},
             {QLatin1String("Firefox/"), QLatin1String("Firefox")},
             {QLatin1String("Chrome/"), QLatin1String("Chrome")},
             {QLatin1String("CriOS/"), QLatin1String("Chrome")},
             {QLatin1String("Safari/"), QLatin1String("Safari")}}};
        for (const auto& [mark, name] : browsers)
            if (userAgent.contains(mark))
                return name;
    }
    return userAgent.section(QLatin1Char(' '), 0, 0);
}

std::optional<std::int64_t> secondsLeft(const TransfersModel::Row& row)
{
    if (row.ended() || !row.transfer.total || row.rate < 1)
        return std::nullopt;
    return std::llround(std::ceil(static_cast<double>(*row.transfer.total - row.transfer.sent) / row.rate));
}

TransfersModel::TransfersModel(QObject* parent) : QAbstractTableModel(parent) {}

bool TransfersModel::matches(const contract::Transfer& transfer) const
{
    if (filter_.isEmpty())
        return true;
    const auto has = [this](const QString& text) { return text.contains(filter_, Qt::CaseInsensitive); };
    return has(transfer.client) || has(displayName(transfer.path)) || has(transfer.share) ||
           has(transfer.link) || has(transfer.userAgent) ||
           (!transfer.token.isEmpty() && has(tokenNames_.value(transfer.token, transfer.token)));
}

void TransfersModel::update(const contract::LiveSnapshot& snapshot)
{
    const std::int64_t now = snapshot.atMs;
    std::vector<bool> seen(rows_.size(), false);
    std::vector<Row> fresh;
    for (const contract::Transfer& transfer : snapshot.running.transfers) {
        if (!matches(transfer))
            continue;
        const auto known = places_.constFind(transfer.id);
        // A connection's next answer has the same name; it is another transfer.
        if (known == places_.constEnd() ||
            rows_[static_cast<std::size_t>(*known)].transfer.startedAtMs + 50 < transfer.startedAtMs) {
            if (known != places_.constEnd())
                places_.erase(known);
            Row row{transfer, 0, now, 0};
            const double age = static_cast<double>(now - transfer.startedAtMs) / 1000;
            row.rate = age > 0.2 ? static_cast<double>(transfer.sent) / age : 0;
            fresh.push_back(std::move(row));
            continue;
        }
        Row& row = rows_[static_cast<std::size_t>(*known)];
        seen[static_cast<std::size_t>(*known)] = true;
        const double seconds = static_cast<double>(now - row.seenAtMs) / 1000;
        if (seconds > 0) {
            const double current = static_cast<double>(transfer.sent - row.transfer.sent) / seconds;
            const double weight = 1 - std::exp(-seconds / kSmoothSeconds);
            row.rate += (std::max(0.0, current) - row.rate) * weight;
        }
        const std::int64_t startedAt = row.transfer.startedAtMs; // each snapshot rounds it anew
        row.transfer = transfer;
        row.transfer.startedAtMs = startedAt;
        row.seenAtMs = now;
        row.endedAtMs = 0;
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (!seen[i] && !rows_[i].ended()) {
            rows_[i].endedAtMs = now;
            rows_[i].rate = 0;
            if (const auto at = places_.constFind(rows_[i].transfer.id);
                at != places_.constEnd() && *at == static_cast<int>(i))
                places_.erase(at);
        }
    }
    if (!rows_.empty())
        Q_EMIT dataChanged(index(0, 0), index(static_cast<int>(rows_.size()) - 1, ColumnCount - 1));
    if (!held_)
        removeEnded(now);
    if (!fresh.empty()) {
        const auto first = static_cast<int>(rows_.size());
        beginInsertRows({}, first, first + static_cast<int>(fresh.size()) - 1);
        for (Row& row : fresh) {
            places_.insert(row.transfer.id, static_cast<int>(rows_.size()));
            rows_.push_back(std::move(row));
        }
        endInsertRows();
    }
    if (!held_ && sortColumn_ >= 0 && now - sortedAtMs_ >= kSortEveryMs) {
        sortedAtMs_ = now;
        resort();
    }
    last_ = snapshot.running;
    lastAtMs_ = now;
}

/// From the end, in runs, so that a thousand that ended together go as one.
void TransfersModel::removeEnded(std::int64_t nowMs)
{
    const auto goes = [&](int place) {
        const Row& row = rows_[static_cast<std::size_t>(place)];
        return row.ended() && (nowMs - row.endedAtMs >= kLingerMs || !matches(row.transfer));
    };
    bool moved = false;
    for (auto end = static_cast<int>(rows_.size()); end > 0;) {
        int first = end;
        while (first > 0 && goes(first - 1))
            --first;
        if (first < end) {
            beginRemoveRows({}, first, end - 1);
            rows_.erase(rows_.begin() + first, rows_.begin() + end);
            endRemoveRows();
            moved = true;
        }
        end = first - 1;
    }
    if (!moved)
        return;
    places_.clear();
    for (std::size_t i = 0; i < rows_.size(); ++i)
        if (!rows_[i].ended())
            places_.insert(rows_[i].transfer.id, static_cast<int>(i));
}

void TransfersModel::setHeld(bool held)
{
    held_ = held;
}

void TransfersModel::setFilter(const QString& text)
{
    filter_ = text;
    contract::LiveSnapshot again;
    again.atMs = lastAtMs_;
    again.running = last_;
    update(again);
    // What does not match any more has no few seconds left.
    removeEnded(lastAtMs_);
}

void TransfersModel::sort(int column, Qt::SortOrder order)
{
    sortColumn_ = column;
    order_ = order;
    resort();
}

bool TransfersModel::less(const Row& left, const Row& right) const
{
    switch (sortColumn_) {
    case Client:
        return left.transfer.client < right.transfer.client;
    case File:
        return left.transfer.path < right.transfer.path;
    case Progress:
        return progressOf(left.transfer) < progressOf(right.transfer);
    case Rate:
        return left.rate < right.rate;
    case Left:
        return secondsLeft(left).value_or(std::numeric_limits<std::int64_t>::max()) <
               secondsLeft(right).value_or(std::numeric_limits<std::int64_t>::max());
    case Priority:
        return priorityRank(left.transfer) < priorityRank(right.transfer);
    case Token:
        return left.transfer.token < right.transfer.token;
    case Secure:
        return left.transfer.tls < right.transfer.tls;
    case Via:
        return std::tie(left.transfer.link, left.transfer.share) <
               std::tie(right.transfer.link, right.transfer.share);
    case Program:
        return left.transfer.userAgent < right.transfer.userAgent;
    default:
        return left.transfer.startedAtMs < right.transfer.startedAtMs;
    }
}

void TransfersModel::resort()
{
    std::vector<int> order(rows_.size());
    std::iota(order.begin(), order.end(), 0);
    const bool down = order_ == Qt::DescendingOrder;
    std::stable_sort(order.begin(), order.end(), [&](int left, int right) {
        const Row& one = rows_[static_cast<std::size_t>(left)];
        const Row& other = rows_[static_cast<std::size_t>(right)];
        return down ? less(other, one) : less(one, other);
    });
    if (std::is_sorted(order.begin(), order.end()))
        return;
    Q_EMIT layoutAboutToBeChanged({}, VerticalSortHint);
    std::vector<int> newPlace(rows_.size());
    std::vector<Row> sorted;
    sorted.reserve(rows_.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        newPlace[static_cast<std::size_t>(order[i])] = static_cast<int>(i);
        sorted.push_back(std::move(rows_[static_cast<std::size_t>(order[i])]));
    }
    rows_ = std::move(sorted);
    for (int& place : places_)
        place = newPlace[static_cast<std::size_t>(place)];
    const QModelIndexList before = persistentIndexList();
    QModelIndexList after;
    after.reserve(before.size());
    for (const QModelIndex& one : before)
        after.push_back(index(newPlace[static_cast<std::size_t>(one.row())], one.column()));
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, VerticalSortHint);
}

const TransfersModel::Row* TransfersModel::find(const QString& id) const
{
    const auto known = places_.constFind(id);
    return known == places_.constEnd() ? nullptr : &rows_[static_cast<std::size_t>(*known)];
}

int TransfersModel::running() const
{
    return static_cast<int>(places_.size());
}

int TransfersModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int TransfersModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant TransfersModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = this->row(index.row());
    const contract::Transfer& transfer = row.transfer;
    switch (role) {
    case IdRole:
        return transfer.id;
    case Qt::ToolTipRole:
        if (index.column() == File)
            return displayName(transfer.path);
        return index.column() == Program ? QVariant(transfer.userAgent) : QVariant();
    case Qt::TextAlignmentRole:
        if (index.column() == Rate || index.column() == Left)
            return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
        return {};
    case IconRole:
        if (index.column() == Secure && transfer.tls)
            return QStringLiteral("lock");
        // A shape beside the word, for those that are not as all are.
        if (index.column() == Priority && priorityRank(transfer) != 1)
            return priorityRank(transfer) == 0 ? QStringLiteral("up") : QStringLiteral("arrow-down");
        return {};
    case ProgressRole:
        return index.column() == Progress && !row.ended() ? QVariant(progressOf(transfer)) : QVariant();
    case ToneRole:
        return index.column() == Progress && row.ended() ? QVariant(static_cast<int>(Tone::Neutral))
                                                         : QVariant();
    case Qt::DisplayRole:
        switch (index.column()) {
        case Client:
            return transfer.client;
        case File:
            return transferFile(transfer);
        case Progress:
            if (row.ended())
                return tr("Ended");
            if (!transfer.total)
                return formatSize(transfer.sent);
            return tr("%1 of %2").arg(formatSize(transfer.sent), formatSize(*transfer.total));
        case Rate:
            return row.ended() ? QString() : formatRate(row.rate);
        case Left: {
            const auto left = secondsLeft(row);
            return left && *left < 100 * 3600 ? formatSpan(*left) : QStringLiteral("–");
        }
        case Priority:
            return priorityText(transfer.priority);
        case Via:
            return transferVia(transfer);
        case Token:
            return tokenNames_.value(transfer.token, transfer.token);
        case Secure:
            return transfer.tls ? tr("TLS") : tr("Plain");
        case Program:
            return programName(transfer.userAgent);
        default:
            return {};
        }
    default:
        return {};
    }
}

QVariant TransfersModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == Rate || section == Left ? Qt::AlignRight : Qt::AlignLeft) |
                                   Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Client:
        return tr("Client");
    case File:
        return tr("File");
    case Progress:
        return tr("Progress");
    case Rate:
        return tr("Rate");
    case Left:
        return tr("Left");
    case Priority:
        return tr("Priority");
    case Via:
        return tr("By");
    case Token:
        return tr("Token");
    case Secure:
        return tr("Encryption");
    case Program:
        return tr("Program");
    default:
        return {};
    }
}

} // namespace spillway::ui
