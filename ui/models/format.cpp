// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/format.h"

#include "server/contract/values.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDateTime>
#include <QtCore/QLocale>
#include <cmath>

namespace spillway::ui {

namespace {

QString translated(const char* text, int number)
{
    return QCoreApplication::translate("Format", text, nullptr, number);
}

} // namespace

QString formatSize(std::int64_t bytes)
{
    return QLocale().formattedDataSize(bytes, bytes < 1000 ? 0 : 1, QLocale::DataSizeSIFormat);
}

QString formatRate(double bytesPerSecond)
{
    return formatSize(std::llround(std::max(0.0, bytesPerSecond))) + QLatin1String("/s");
}

QString formatCount(std::int64_t count)
{
    return QLocale().toString(static_cast<qlonglong>(count));
}

QString formatDecimal(double value)
{
    if (value >= 100 || value == std::floor(value))
        return formatCount(std::llround(value));
    return QLocale().toString(value, 'f', value < 1 ? 2 : 1);
}

QString formatSpan(std::int64_t seconds)
{
    if (seconds < 100)
        return translated(QT_TRANSLATE_N_NOOP("Format", "%n s"),
                          static_cast<int>(std::max<std::int64_t>(0, seconds)));
    if (seconds < 100 * 60)
        return translated(QT_TRANSLATE_N_NOOP("Format", "%n min"), static_cast<int>((seconds + 30) / 60));
    if (seconds < 48 * 3600)
        return translated(QT_TRANSLATE_N_NOOP("Format", "%n h"), static_cast<int>((seconds + 1800) / 3600));
    return translated(QT_TRANSLATE_N_NOOP("Format", "%n day(s)"),
                      static_cast<int>((seconds + 43200) / 86400));
}

QString formatClock(std::int64_t unixSeconds)
{
    const QDateTime time = QDateTime::fromSecsSinceEpoch(unixSeconds);
    const QDateTime now = QDateTime::currentDateTime();
    const QLocale locale;
    const QString clock = locale.toString(time.time(), QLocale::ShortFormat);
    if (time.date() == now.date())
        return clock;
    if (time.date().year() == now.date().year())
        return locale.toString(time.date(),
                               QCoreApplication::translate("Format", "d MMM", "a date without its year")) +
               QLatin1Char(' ') + clock;
    return locale.toString(time.date(), QLocale::ShortFormat);
}

QString formatMilliseconds(double milliseconds)
{
    const QLocale locale;
    if (milliseconds >= 1000)
        return locale.toString(milliseconds / 1000, 'f', 1) + QLatin1String(" s");
    return locale.toString(milliseconds, 'f',
                           milliseconds < 1     ? 2
                           : milliseconds < 100 ? 1
                                                : 0) +
           QLatin1String(" ms");
}

QString displayName(const QByteArray& name)
{
    return QString::fromUtf8(name);
}

QString linkLocation(const contract::Link& link)
{
    return link.path.isEmpty() ? link.share : link.share + QLatin1Char('/') + displayName(link.path);
}

} // namespace spillway::ui
