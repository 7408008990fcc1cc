// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/contract/sharename.h"

namespace spillway::contract {

QString shareNameFor(const QString& path, int attempt)
{
    const QString base = path.section(QLatin1Char('/'), -1);
    QString name;
    for (const QChar c : base) {
        const bool fits = (c >= QLatin1Char('a') && c <= QLatin1Char('z')) ||
                          (c >= QLatin1Char('A') && c <= QLatin1Char('Z')) ||
                          (c >= QLatin1Char('0') && c <= QLatin1Char('9')) || c == QLatin1Char('.') ||
                          c == QLatin1Char('_') || c == QLatin1Char('-');
        if (fits)
            name += c;
        else if (!name.isEmpty() && !name.endsWith(QLatin1Char('-')))
            name += QLatin1Char('-');
    }
    while (name.startsWith(QLatin1Char('.')) || name.startsWith(QLatin1Char('-')))
        name.remove(0, 1);
    while (name.endsWith(QLatin1Char('-')) || name.endsWith(QLatin1Char('.')))
        name.chop(1);
    name = name.left(58);
    if (name.isEmpty())
        name = QStringLiteral("share");
    return attempt > 1 ? QStringLiteral("%1-%2").arg(name).arg(attempt) : name;
}

} // namespace spillway::contract
