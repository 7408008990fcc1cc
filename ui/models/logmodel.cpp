// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/logmodel.h"

#include "ui/models/format.h"
#include "ui/models/roles.h"

#include <QtCore/QDateTime>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QLocale>

namespace spillway::ui {

LogLine LogLine::of(const QString& text)
{
    LogLine line;
    line.text = text;
    const QJsonObject object = QJsonDocument::fromJson(text.toUtf8()).object();
    if (object.isEmpty()) {
        line.request = text;
        return line;
    }
    const auto member = [&object](const char* name) { return object.value(QLatin1String(name)); };
    const QDateTime time = QDateTime::fromString(member("time").toString(), Qt::ISODateWithMs).toLocalTime();
    line.time = time.toString(QStringLiteral("HH:mm:ss.zzz"));
    if (time.date() != QDate::currentDate())
        line.time = QLocale().toString(time.date(), QLocale::ShortFormat) + QLatin1Char(' ') + line.time;
    line.client = member("client").toString();
    line.request = member("method").toString() + QLatin1Char(' ') + member("target").toString();
    line.status = member("status").toInt();
    line.bytes = member("bytes").toInteger(-1);
    line.microseconds = member("duration_us").toInteger(-1);
    line.agent = member("user_agent").toString();
    return line;
}

void LogModel::append(const QStringList& lines)
{
    if (lines.isEmpty())
        return;
    const QStringList fresh = lines.mid(std::max<qsizetype>(0, lines.size() - static_cast<qsizetype>(kMost)));
    const std::size_t over = rows_.size() + static_cast<std::size_t>(fresh.size()) > kMost
                                 ? rows_.size() + static_cast<std::size_t>(fresh.size()) - kMost
                                 : 0;
    if (over > 0) {
        beginRemoveRows({}, 0, static_cast<int>(over) - 1);
        rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(over));
        endRemoveRows();
    }
    const int at = rowCount();
    beginInsertRows({}, at, at + static_cast<int>(fresh.size()) - 1);
    for (const QString& text : fresh)
        rows_.push_back(LogLine::of(text));
    endInsertRows();
}

void LogModel::prepend(const QStringList& lines)
{
    const auto room = static_cast<qsizetype>(kMost - rows_.size());
    const QStringList fitting = lines.mid(std::max<qsizetype>(0, lines.size() - room));
    if (fitting.isEmpty())
        return;
    beginInsertRows({}, 0, static_cast<int>(fitting.size()) - 1);
    for (auto text = fitting.rbegin(); text != fitting.rend(); ++text)
        rows_.push_front(LogLine::of(*text));
    endInsertRows();
}

void LogModel::clear()
{
    if (rows_.empty())
        return;
    beginRemoveRows({}, 0, rowCount() - 1);
    rows_.clear();
    endRemoveRows();
}

int LogModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int LogModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString LogModel::value(int row, int column) const
{
    const LogLine& line = rows_[static_cast<std::size_t>(row)];
    switch (column) {
    case Client:
        return line.client;
    case Request:
        return line.request;
    case Status:
        return line.status > 0 ? QString::number(line.status) : QString();
    case Agent:
        return line.agent;
    default:
        return {};
    }
}

QVariant LogModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const LogLine& line = row(index.row());
    if (role == Qt::ToolTipRole)
        return index.column() == Request || index.column() == Agent
                   ? QVariant(value(index.row(), index.column()))
                   : QVariant();
    if (role == Qt::TextAlignmentRole)
        return index.column() == Sent || index.column() == Took
                   ? QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter)
                   : QVariant();
    if (role == ToneRole && index.column() == Status && line.status > 0)
        return static_cast<int>(line.status >= 500   ? Tone::Bad
                                : line.status >= 400 ? Tone::Warning
                                : line.status >= 300 ? Tone::Neutral
                                                     : Tone::Good);
    if (role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Time:
        return line.time;
    case Sent:
        return line.bytes < 0 ? QString() : formatSize(line.bytes);
    case Took:
        return line.microseconds < 0 ? QString()
                                     : formatMilliseconds(static_cast<double>(line.microseconds) / 1000);
    default:
        return value(index.row(), index.column());
    }
}

QVariant LogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == Sent || section == Took ? Qt::AlignRight : Qt::AlignLeft) |
                                   Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Time:
        return tr("Time");
    case Client:
        return tr("Client");
    case Request:
        return tr("Request");
    case Status:
        return tr("Status");
    case Sent:
        return tr("Sent");
    case Took:
        return tr("Took");
    case Agent:
        return tr("Program");
    default:
        return {};
    }
}

LogFilter::LogFilter(LogModel& model) : model_(model)
{
    setSourceModel(&model);
}

void LogFilter::setText(const QString& text)
{
    text_ = text;
    invalidateFilter();
}

void LogFilter::setValue(int column, const QString& value)
{
    values_[static_cast<std::size_t>(column)] = value;
    invalidateFilter();
}

void LogFilter::removeValue(int column)
{
    values_[static_cast<std::size_t>(column)].reset();
    invalidateFilter();
}

bool LogFilter::filterAcceptsRow(int row, const QModelIndex&) const
{
    for (int column = 0; column < LogModel::ColumnCount; ++column) {
        const auto& wanted = values_[static_cast<std::size_t>(column)];
        if (wanted && model_.value(row, column) != *wanted)
            return false;
    }
    return text_.isEmpty() || model_.row(row).text.contains(text_, Qt::CaseInsensitive);
}

} // namespace spillway::ui
