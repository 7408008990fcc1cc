// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/format.h"
#include "ui/models/transfersmodel.h"
#include "ui/session/session.h"

#include <gtest/gtest.h>

namespace spillway::ui {
namespace {

TEST(Format, SizesAndRates)
{
    EXPECT_EQ(formatSize(0), QStringLiteral("0 bytes"));
    EXPECT_EQ(formatSize(999), QStringLiteral("999 bytes"));
    EXPECT_EQ(formatSize(1000), QStringLiteral("1.0 kB"));
    EXPECT_EQ(formatSize(84'200'000), QStringLiteral("84.2 MB"));
    EXPECT_EQ(formatRate(84'200'000), QStringLiteral("84.2 MB/s"));
    EXPECT_EQ(formatRate(-5), QStringLiteral("0 bytes/s"));
    EXPECT_EQ(formatCount(1204), QStringLiteral("1,204"));
    EXPECT_EQ(formatDecimal(1204.4), QStringLiteral("1,204"));
    EXPECT_EQ(formatDecimal(12.44), QStringLiteral("12.4"));
    EXPECT_EQ(formatDecimal(0.346), QStringLiteral("0.35"));
    EXPECT_EQ(formatMilliseconds(0.123), QStringLiteral("0.12 ms"));
    EXPECT_EQ(formatMilliseconds(1234), QStringLiteral("1.2 s"));
}

TEST(Format, WhatIsLeft)
{
    EXPECT_EQ(formatSpan(-3), QStringLiteral("0 s"));
    EXPECT_EQ(formatSpan(99), QStringLiteral("99 s"));
    EXPECT_EQ(formatSpan(100), QStringLiteral("2 min"));
    EXPECT_EQ(formatSpan(7200), QStringLiteral("2 h"));
}

TEST(Format, ProgramsByTheirUserAgent)
{
    EXPECT_EQ(programName(QStringLiteral("curl/7.88.1")), QStringLiteral("curl/7.88.1"));
    EXPECT_EQ(programName(QStringLiteral("Wget/1.21 (linux)")), QStringLiteral("Wget/1.21"));
    EXPECT_EQ(programName(QStringLiteral("Mozilla/5.0 (X11; Linux) Gecko/20100101 Firefox/130.0")),
              QStringLiteral("Firefox"));
    EXPECT_EQ(
        programName(QStringLiteral("Mozilla/5.0 (X) AppleWebKit/537 (KHTML) Chrome/1 Safari/537 Edg/1")),
        QStringLiteral("Edge"));
    EXPECT_EQ(programName(QStringLiteral("Mozilla/5.0 (X) AppleWebKit/537 (KHTML) Chrome/1 Safari/537")),
              QStringLiteral("Chrome"));
    EXPECT_EQ(programName({}), QStringLiteral("Unnamed"));
}

TEST(ShareNames, AreWhatAShareMayBeCalled)
{
    const std::vector<std::pair<QString, QString>> rows{
        {QStringLiteral("/home/a/Holiday photos (2024)"), QStringLiteral("Holiday-photos-2024")},
        {QStringLiteral("/srv/.hidden"), QStringLiteral("hidden")},
        {QStringLiteral("/srv/a.tar.gz"), QStringLiteral("a.tar.gz")},
        {QStringLiteral("/srv/照片"), QStringLiteral("share")},
        {QStringLiteral("/srv/照片 2024"), QStringLiteral("2024")},
        {QStringLiteral("/srv/---"), QStringLiteral("share")},
        {QStringLiteral("/srv/") + QString(200, QLatin1Char('x')), QString(58, QLatin1Char('x'))}};
    for (const auto& [path, name] : rows)
        EXPECT_EQ(shareNameFor(path, 1), name);
    EXPECT_EQ(shareNameFor(QStringLiteral("/srv/docs"), 3), QStringLiteral("docs-3"));
}

} // namespace
} // namespace spillway::ui
