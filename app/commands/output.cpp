// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/output.h"

#include "server/admin/arguments.h"

#include <QtCore/QDateTime>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <algorithm>
#include <cstdio>

namespace spillway::app {

namespace {

std::size_t characters(std::string_view utf8)
{
    return static_cast<std::size_t>(std::count_if(
        utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

} // namespace

std::string printable(std::string_view text)
{
    // Through QString, so that U+0080 to U+009F, which terminals obey as well, are seen.
    QString characters = admin::toQString(text);
    for (QChar& c : characters)
        if (c.category() == QChar::Other_Control)
            c = QLatin1Char('?');
    return characters.toStdString();
}

std::string table(const std::vector<std::string>& headings, const std::vector<std::vector<std::string>>& rows)
{
    std::vector<std::vector<std::string>> lines{headings};
    for (const auto& row : rows) {
        lines.emplace_back();
        for (const std::string& cell : row)
            lines.back().push_back(printable(cell));
    }
    std::vector<std::size_t> widths(headings.size(), 0);
    for (const auto& line : lines)
        for (std::size_t i = 0; i < line.size(); ++i)
            widths[i] = std::max(widths[i], characters(line[i]));
    std::string text;
    for (const auto& line : lines) {
        std::string row;
        for (std::size_t i = 0; i < line.size(); ++i)
            row += line[i] + std::string(widths[i] - characters(line[i]) + 2, ' ');
        row.erase(row.find_last_not_of(' ') + 1);
        text += row + "\n";
    }
    return text;
}

std::string timeText(const QJsonValue& unixSeconds)
{
    if (!unixSeconds.isDouble())
        return "-";
    return QDateTime::fromSecsSinceEpoch(unixSeconds.toInteger())
        .toString(QStringLiteral("yyyy-MM-dd HH:mm"))
        .toStdString();
}

void print(const std::string& text)
{
    std::fwrite(text.data(), 1, text.size(), stdout);
}

void printJson(const QJsonValue& value)
{
    const QJsonDocument document =
        value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject());
    print(document.toJson(QJsonDocument::Compact).toStdString() + "\n");
}

void say(const std::string& sentence)
{
    std::fprintf(stderr, "spillway: %s\n", sentence.c_str());
}

int failed(const Error& error, bool json)
{
    if (json)
        printJson(
            QJsonObject{{QStringLiteral("error"),
                         QJsonObject{{QStringLiteral("code"), admin::toQString(errorCodeName(error.code))},
                                     {QStringLiteral("message"), admin::toQString(error.message)}}}});
    std::fflush(stdout);
    say(error.message);
    return 1;
}

} // namespace spillway::app
