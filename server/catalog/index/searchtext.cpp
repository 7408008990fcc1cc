// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/index/searchtext.h"

#include <QString>
#include <QStringList>

#include <algorithm>

namespace spillway::catalog {

namespace {

constexpr int maxWords = 16;
constexpr qsizetype maxWordLength = 255; // no name is longer
constexpr int maxTrigrams = 24; ///< more make the query slower, and the check of each name does the rest

QString toText(std::string_view bytes)
{
    return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

QStringView view(const std::u16string& word)
{
    return QStringView(word);
}

} // namespace

std::string searchText(std::string_view name)
{
    // Nearly every name is ASCII, and then it is its own text.
    if (std::all_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }))
        return std::string(name);
    return toText(name).toStdString();
}

SearchText::SearchText(std::string_view text)
{
    const QStringList words = toText(text).simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    for (const QString& word : words.mid(0, maxWords))
        words_.push_back(word.left(maxWordLength).toStdU16String());
}

std::string SearchText::matchExpression() const
{
    std::string expression;
    int count = 0;
    for (const std::u16string& word : words_) {
        const QList<uint> points = view(word).toUcs4();
        for (qsizetype i = 0; i + 3 <= points.size() && count < maxTrigrams; ++i, ++count) {
            QString trigram = QString::fromUcs4(reinterpret_cast<const char32_t*>(points.data() + i), 3);
            trigram.replace(QLatin1Char('"'), QLatin1String("\"\""));
            if (!expression.empty())
                expression += " AND ";
            expression += '"' + trigram.toStdString() + '"';
        }
    }
    return expression;
}

std::string SearchText::likePattern() const
{
    const auto longest = std::max_element(words_.begin(), words_.end(),
                                          [](const auto& a, const auto& b) { return a.size() < b.size(); });
    std::string pattern = "%";
    if (longest != words_.end()) {
        for (const char c : view(*longest).toUtf8()) {
            if (c == '%' || c == '_' || c == '\\')
                pattern += '\\';
            pattern += c;
        }
        pattern += '%';
    }
    return pattern;
}

bool SearchText::matches(std::string_view name) const
{
    const QString text = toText(name);
    return std::all_of(words_.begin(), words_.end(), [&](const std::u16string& word) {
        return text.contains(view(word), Qt::CaseInsensitive);
    });
}

} // namespace spillway::catalog
