// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/transfersmodel.h"

#include "ui/models/format.h"
#include "ui/models/limitsmodel.h"

#include <algorithm>
#include <cmath>
#include <tuple>

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
    Rows fresh;
    for (const contract::Transfer& transfer : snapshot.running.transfers) {
        std::shared_ptr<Row>& known = running_[transfer.id];
        // A connection's next answer has the same name; it is another transfer.
        if (known && known->transfer.startedAtMs + 50 >= transfer.startedAtMs) {
            follow(*known, transfer, now);
            continue;
        }
        if (known)
            end(*known, now);
        known = std::make_shared<Row>(Row{transfer, 0, now, 0});
        const double age = static_cast<double>(now - transfer.startedAtMs) / 1000;
        known->rate = age > 0.2 ? static_cast<double>(transfer.sent) / age : 0;
        known->shown = matches(transfer);
        if (known->shown)
            fresh.push_back(known);
    }
    if (running_.size() > static_cast<qsizetype>(snapshot.running.transfers.size()))
        running_.removeIf([&](const auto& one) {
            const bool over = one.value()->seenAtMs != now;
            if (over)
                end(*one.value(), now);
            return over;
        });
    announceAll();
    if (!held_)
        removeIf([&](const Row& row) { return row.ended() && now - row.endedAtMs >= kLingerMs; });
    append(std::move(fresh));
    if (!held_ && sortColumn_ >= 0 && now - sortedAtMs_ >= kSortEveryMs) {
        sortedAtMs_ = now;
        resort();
    }
}

/// Of an answer that goes on nothing changes but these; `startedAtMs` is rounded anew by each snapshot.
void TransfersModel::follow(Row& row, const contract::Transfer& transfer, std::int64_t nowMs)
{
    const double seconds = static_cast<double>(nowMs - row.seenAtMs) / 1000;
    if (seconds > 0) {
        if (seconds != weightSeconds_) {
            weightSeconds_ = seconds;
            weight_ = 1 - std::exp(-seconds / kSmoothSeconds);
        }
        const double current = static_cast<double>(transfer.sent - row.transfer.sent) / seconds;
        row.rate += (std::max(0.0, current) - row.rate) * weight_;
    }
    row.transfer.sent = transfer.sent;
    row.transfer.total = transfer.total;
    if (row.transfer.priority != transfer.priority) // else the snapshot's text would have to be freed here
        row.transfer.priority = transfer.priority;
    row.seenAtMs = nowMs;
}

void TransfersModel::end(Row& row, std::int64_t nowMs)
{
    row.endedAtMs = nowMs;
    row.rate = 0;
}

void TransfersModel::setHeld(bool held)
{
    held_ = held;
}

void TransfersModel::setFilter(const QString& text)
{
    if (filter_ == text)
        return;
    filter_ = text;
    // What does not match any more has no few seconds left.
    for (const auto& row : rows_)
        row->shown = matches(row->transfer);
    removeIf([](const Row& row) { return !row.shown; });
    Rows fresh;
    for (const auto& row : std::as_const(running_)) {
        if (row->shown || !matches(row->transfer))
            continue;
        row->shown = true;
        fresh.push_back(row);
    }
    std::sort(fresh.begin(), fresh.end(), [](const auto& left, const auto& right) {
        return std::tie(left->transfer.startedAtMs, left->transfer.id) <
               std::tie(right->transfer.startedAtMs, right->transfer.id);
    });
    append(std::move(fresh));
    if (sortColumn_ >= 0)
        resort();
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
    sortRows(order_, [this](const Row& left, const Row& right) { return less(left, right); });
}

const TransfersModel::Row* TransfersModel::find(const QString& id) const
{
    const auto known = running_.constFind(id);
    return known == running_.constEnd() || !(*known)->shown ? nullptr : known->get();
}

int TransfersModel::running() const
{
    return static_cast<int>(
        std::count_if(rows_.begin(), rows_.end(), [](const auto& row) { return !row->ended(); }));
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
