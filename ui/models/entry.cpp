// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/entry.h"

#include "server/base/units.h"

#include <QtCore/QHash>
#include <QtCore/QRegularExpression>
#include <cmath>

namespace spillway::ui {

namespace {

/// Without blanks, in lower case, with a decimal point.
QString plain(const QString& text)
{
    QString all = text.toLower();
    all.remove(QRegularExpression(QStringLiteral("\\s")));
    // "1,204" has thousands, "1,5" a decimal comma.
    static const QRegularExpression thousands(QStringLiteral("(?<=\\d),(?=\\d{3}(\\D|$))"));
    all.remove(thousands);
    return all.replace(QLatin1Char(','), QLatin1Char('.'));
}

} // namespace

std::optional<std::int64_t> readRate(const QString& text)
{
    static const QRegularExpression form(QStringLiteral("^(\\d+(?:\\.\\d+)?)(k|m|g|t)?(i)?(b)?(?:/s|ps)?$"));
    const auto match = form.match(plain(text));
    if (!match.hasMatch())
        return std::nullopt;
    const QString unit = match.captured(2);
    const bool binary = !match.captured(3).isEmpty(), bytes = !match.captured(4).isEmpty();
    if (unit.isEmpty() && binary)
        return std::nullopt;
    const auto power = unit.isEmpty() ? (bytes ? 0 : 2) : QStringLiteral("kmgt").indexOf(unit) + 1;
    const double rate = match.captured(1).toDouble() * std::pow(binary ? 1024.0 : 1000.0, power);
    return rate >= 1 && rate < 1e15 ? std::optional(std::llround(rate)) : std::nullopt;
}

std::optional<double> readEventRate(const QString& text)
{
    static const QRegularExpression form(QStringLiteral("^(\\d+(?:\\.\\d+)?)(?:/(s|m|h))?$"));
    const auto match = form.match(plain(text));
    if (!match.hasMatch())
        return std::nullopt;
    const QString per = match.captured(2);
    const double seconds = per == QLatin1String("m") ? 60 : per == QLatin1String("h") ? 3600 : 1;
    const double rate = match.captured(1).toDouble() / seconds;
    return rate >= 0.001 && rate <= 1e9 ? std::optional(rate) : std::nullopt;
}

std::optional<std::int64_t> readSpan(const QString& text)
{
    const QString all = plain(text);
    static const QRegularExpression form(QStringLiteral("^(\\d+(?:\\.\\d+)?)(\\D*)$"));
    static const QHash<QString, double> units{
        {QStringLiteral("s"), 1},           {QStringLiteral("sec"), 1},
        {QStringLiteral("seconds"), 1},     {QStringLiteral("秒"), 1},
        {QStringLiteral("m"), 60},          {QStringLiteral("min"), 60},
        {QStringLiteral("minute"), 60},     {QStringLiteral("minutes"), 60},
        {QStringLiteral("分钟"), 60},       {QStringLiteral("h"), 3600},
        {QStringLiteral("hour"), 3600},     {QStringLiteral("hours"), 3600},
        {QStringLiteral("小时"), 3600},     {QString(), 86'400},
        {QStringLiteral("d"), 86'400},      {QStringLiteral("day"), 86'400},
        {QStringLiteral("days"), 86'400},   {QStringLiteral("天"), 86'400},
        {QStringLiteral("w"), 604'800},     {QStringLiteral("week"), 604'800},
        {QStringLiteral("weeks"), 604'800}, {QStringLiteral("周"), 604'800}};
    std::int64_t seconds = 0;
    if (const auto match = form.match(all); match.hasMatch() && units.contains(match.captured(2)))
        seconds = std::llround(std::min(1e12, match.captured(1).toDouble() * units.value(match.captured(2))));
    else if (const auto parsed = parseDuration(all.toStdString()))
        seconds = std::chrono::floor<std::chrono::seconds>(*parsed).count();
    return seconds > 0 ? std::optional(seconds) : std::nullopt;
}

std::optional<std::int64_t> readCount(const QString& text)
{
    QString all = plain(text);
    while (all.endsWith(QChar(0x00d7)) || all.endsWith(QLatin1Char('x')))
        all.chop(1);
    bool good = false;
    const qlonglong count = all.toLongLong(&good);
    return good && count > 0 ? std::optional<std::int64_t>(count) : std::nullopt;
}

QStringList readList(const QString& text)
{
    static const QRegularExpression between(QStringLiteral("[\\s,;，；]+"));
    return text.split(between, Qt::SkipEmptyParts);
}

QString rateForServer(std::int64_t bytesPerSecond)
{
    return QString::fromStdString(spillway::formatRate(BytesPerSecond{bytesPerSecond}));
}

QString eventRateForServer(double perSecond)
{
    return QString::fromStdString(formatEventRate(std::max<std::int64_t>(1, std::llround(perSecond * 1000))));
}

} // namespace spillway::ui
