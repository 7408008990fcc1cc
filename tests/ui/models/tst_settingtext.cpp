// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/settingtext.h"

#include "server/config/settingstable.h"

#include <gtest/gtest.h>

namespace spillway::ui {
namespace {

TEST(SettingText, EverySentenceOfTheTableCanBeTranslated)
{
    for (const config::Row& row : config::table::kRows)
        for (const std::string_view sentence : {row.help, row.zeroMeans})
            EXPECT_TRUE(sentence.empty() || isKnownSentence(QString::fromUtf8(
                                                sentence.data(), static_cast<qsizetype>(sentence.size()))))
                << "ui/models/settingsentences.cpp lacks: " << sentence;
}

TEST(SettingText, QuantitiesInOneUnit)
{
    struct Row
    {
        const char *type, *text, *number, *unit;
    };
    const Row rows[] = {
        {"duration", "1m15s", "75", "s"},   {"duration", "1d", "1", "d"}, {"duration", "1d12h", "36", "h"},
        {"duration", "250ms", "250", "ms"}, {"duration", "0", "0", "s"},  {"bytes", "64KiB", "64", "KiB"},
        {"bytes", "1500", "1500", ""},      {"bytes", "1GB", "1", "GB"},  {"rate", "2MiB/s", "2", "MiB/s"},
        {"rate", "500/s", "500", "/s"},     {"rate", "0", "0", "/s"},     {"integer", "100", "100", ""}};
    for (const Row& row : rows) {
        const Quantity quantity = quantityOf(QLatin1String(row.type), QLatin1String(row.text));
        EXPECT_EQ(quantity.number, QLatin1String(row.number)) << row.text;
        EXPECT_EQ(quantity.unit, QLatin1String(row.unit)) << row.text;
    }
    EXPECT_EQ(textOf({QStringLiteral(" 75 "), QStringLiteral("s")}), QStringLiteral("75s"));
    EXPECT_EQ(textOf({QStringLiteral("0"), QStringLiteral("KiB")}), QStringLiteral("0"));
}

TEST(SettingText, EverySettingIsInOneGroup)
{
    std::vector<contract::Setting> settings;
    for (const config::Row& row : config::table::kRows) {
        contract::Setting setting;
        setting.name = QString::fromUtf8(row.name.data(), static_cast<qsizetype>(row.name.size()));
        settings.push_back(setting);
    }
    std::vector<int> seen(settings.size());
    for (const SettingGroup& group : groupSettings(settings))
        for (const int member : group.members)
            ++seen[static_cast<std::size_t>(member)];
    EXPECT_EQ(seen, std::vector<int>(settings.size(), 1));
}

TEST(SettingText, SearchWantsEveryWordSomewhere)
{
    contract::Setting setting;
    setting.name = QStringLiteral("http.idle_timeout");
    setting.help = QStringLiteral("A connection without a request is closed after this long.");
    setting.value = {QStringLiteral("1m15s")};
    EXPECT_TRUE(matchesSetting(setting, QString()));
    EXPECT_TRUE(matchesSetting(setting, QStringLiteral("IDLE closed")));
    EXPECT_FALSE(matchesSetting(setting, QStringLiteral("idle port")));
}

} // namespace
} // namespace spillway::ui
