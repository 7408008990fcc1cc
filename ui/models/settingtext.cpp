// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/settingtext.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QRegularExpression>
#include <array>

namespace spillway::ui {

namespace {

struct Unit
{
    const char* name;
    qint64 factor; ///< of the smallest
};
constexpr std::array kTimes{Unit{"ms", 1}, Unit{"s", 1000}, Unit{"m", 60'000}, Unit{"h", 3'600'000},
                            Unit{"d", 86'400'000}};
constexpr std::array kSizes{"", "KiB", "MiB", "GiB", "TiB"};

QString translated(const char* text)
{
    return QCoreApplication::translate("Settings", text);
}

/// "1m15s" as milliseconds; -1 for what is no duration.
qint64 milliseconds(const QString& text)
{
    static const QRegularExpression part(QStringLiteral("(\\d+)(ms|s|m|h|d)"));
    qint64 total = 0;
    qsizetype seen = 0;
    auto parts = part.globalMatch(text);
    while (parts.hasNext()) {
        const auto match = parts.next();
        seen += match.capturedLength();
        for (const Unit& unit : kTimes)
            if (match.captured(2) == QLatin1String(unit.name))
                total += match.captured(1).toLongLong() * unit.factor;
    }
    return seen == text.size() && seen > 0 ? total : -1;
}

struct GroupOf
{
    const char* prefix; ///< of the names: a table, or a whole name
    const char* title;
};
/// Rows of one title stand together.
constexpr std::array kGroups{
    GroupOf{"listen", QT_TRANSLATE_NOOP("Settings", "Network")},
    GroupOf{"admin.", QT_TRANSLATE_NOOP("Settings", "Network")},
    GroupOf{"public_url", QT_TRANSLATE_NOOP("Settings", "Network")},
    GroupOf{"join_port", QT_TRANSLATE_NOOP("Settings", "Network")},
    GroupOf{"proxy.", QT_TRANSLATE_NOOP("Settings", "Network")},
    GroupOf{"tls.", QT_TRANSLATE_NOOP("Settings", "HTTPS")},
    GroupOf{"links.", QT_TRANSLATE_NOOP("Settings", "Links and shares")},
    GroupOf{"share_roots", QT_TRANSLATE_NOOP("Settings", "Links and shares")},
    GroupOf{"shares.", QT_TRANSLATE_NOOP("Settings", "Links and shares")},
    GroupOf{"signin.", QT_TRANSLATE_NOOP("Settings", "Links and shares")},
    GroupOf{"passwords.", QT_TRANSLATE_NOOP("Settings", "Links and shares")},
    GroupOf{"bans.", QT_TRANSLATE_NOOP("Settings", "Protection")},
    GroupOf{"limits.", QT_TRANSLATE_NOOP("Settings", "Protection")},
    GroupOf{"overload.", QT_TRANSLATE_NOOP("Settings", "Protection")},
    GroupOf{"http.", QT_TRANSLATE_NOOP("Settings", "HTTP")},
    GroupOf{"index.", QT_TRANSLATE_NOOP("Settings", "Search and checksums")},
    GroupOf{"digests.", QT_TRANSLATE_NOOP("Settings", "Search and checksums")},
    GroupOf{"cache.", QT_TRANSLATE_NOOP("Settings", "Files and memory")},
    GroupOf{"preload.", QT_TRANSLATE_NOOP("Settings", "Files and memory")},
    GroupOf{"metadata.", QT_TRANSLATE_NOOP("Settings", "Files and memory")},
    GroupOf{"zip.", QT_TRANSLATE_NOOP("Settings", "Files and memory")},
    GroupOf{"workers", QT_TRANSLATE_NOOP("Settings", "Files and memory")},
    GroupOf{"audit.", QT_TRANSLATE_NOOP("Settings", "Log and metrics")},
    GroupOf{"log.", QT_TRANSLATE_NOOP("Settings", "Log and metrics")},
    GroupOf{"metrics.", QT_TRANSLATE_NOOP("Settings", "Log and metrics")},
    GroupOf{"", QT_TRANSLATE_NOOP("Settings", "Other")},
};

const char* groupOf(const QString& name)
{
    for (const GroupOf& group : kGroups)
        if (name.startsWith(QLatin1String(group.prefix)))
            return group.title;
    return kGroups.back().title;
}

} // namespace

QStringList unitsOf(const QString& type)
{
    QStringList units;
    if (type == QLatin1String("duration"))
        for (const Unit& unit : kTimes)
            units += QLatin1String(unit.name);
    const bool rate = type == QLatin1String("rate");
    if (rate || type == QLatin1String("bytes"))
        for (const char* size : kSizes)
            units += QLatin1String(size) + QLatin1String(rate ? "/s" : "");
    return units;
}

Quantity quantityOf(const QString& type, const QString& text)
{
    if (type == QLatin1String("duration")) {
        const qint64 total = milliseconds(text);
        if (total < 0)
            return {text, text == QLatin1String("0") ? QStringLiteral("s") : QString()};
        for (auto unit = kTimes.rbegin(); unit != kTimes.rend(); ++unit)
            if (total % unit->factor == 0)
                return {QString::number(total / unit->factor), QLatin1String(unit->name)};
    }
    if (type == QLatin1String("bytes") || type == QLatin1String("rate")) {
        qsizetype digits = 0;
        while (digits < text.size() && (text[digits].isDigit() || text[digits] == QLatin1Char('.')))
            ++digits;
        const QString unit = text.mid(digits);
        const bool bare = unit.isEmpty() && type == QLatin1String("rate");
        return {text.left(digits), bare ? QStringLiteral("/s") : unit};
    }
    return {text, {}};
}

QString textOf(const Quantity& quantity)
{
    const QString number = quantity.number.trimmed();
    return number == QLatin1String("0") ? number : number + quantity.unit;
}

QString unitName(const QString& unit)
{
    if (unit == QLatin1String("m"))
        return translated(QT_TRANSLATE_NOOP("Settings", "min"));
    if (unit == QLatin1String("d"))
        return translated(QT_TRANSLATE_NOOP("Settings", "d"));
    if (unit.isEmpty() || unit == QLatin1String("/s"))
        return QLatin1Char('B') + unit;
    return unit;
}

QString valueText(const contract::Setting& setting, const QStringList& value)
{
    if (setting.type == QLatin1String("bool"))
        return value.value(0) == QLatin1String("true") ? translated(QT_TRANSLATE_NOOP("Settings", "on"))
                                                       : translated(QT_TRANSLATE_NOOP("Settings", "off"));
    if (!unitsOf(setting.type).isEmpty()) {
        const Quantity quantity = quantityOf(setting.type, value.value(0));
        return quantity.number == QLatin1String("0")
                   ? quantity.number
                   : quantity.number + QChar(0xa0) + unitName(quantity.unit);
    }
    const QString text = value.join(QStringLiteral(", "));
    return text.isEmpty() ? translated(QT_TRANSLATE_NOOP("Settings", "empty")) : text;
}

std::vector<SettingGroup> groupSettings(const std::vector<contract::Setting>& settings)
{
    std::vector<const char*> titles;
    for (const GroupOf& group : kGroups)
        if (titles.empty() || qstrcmp(titles.back(), group.title) != 0)
            titles.push_back(group.title);
    std::vector<SettingGroup> groups;
    for (const char* title : titles) {
        SettingGroup group{translated(title), {}};
        for (std::size_t i = 0; i < settings.size(); ++i)
            if (qstrcmp(groupOf(settings[i].name), title) == 0)
                group.members.push_back(static_cast<int>(i));
        if (!group.members.empty())
            groups.push_back(std::move(group));
    }
    return groups;
}

bool matchesSetting(const contract::Setting& setting, const QString& text)
{
    const QString all = setting.name + QLatin1Char(' ') + setting.help + QLatin1Char(' ') +
                        settingSentence(setting.help) + QLatin1Char(' ') +
                        setting.value.join(QLatin1Char(' '));
    for (const QString& word : text.split(QLatin1Char(' '), Qt::SkipEmptyParts))
        if (!all.contains(word, Qt::CaseInsensitive))
            return false;
    return true;
}

} // namespace spillway::ui
