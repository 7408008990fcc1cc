// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/icons.h"
#include "ui/style/theme.h"

#include <QtCore/QDir>
#include <QtGui/QPalette>
#include <QtWidgets/QApplication>
#include <gtest/gtest.h>

namespace spillway::ui {
namespace {

TEST(Palette, ContrastAsTheStandardCountsIt)
{
    EXPECT_NEAR(contrast(Qt::black, Qt::white), 21.0, 1e-6);
    EXPECT_NEAR(contrast(Qt::white, Qt::white), 1.0, 1e-6);
    EXPECT_NEAR(contrast(QColor(0x777777), Qt::white), 4.48, 0.01); // the known grey that just fails
}

TEST(Palette, EveryPairThatMeetsIsReadable)
{
    for (const Palette* palette : {&lightPalette(), &darkPalette()})
        for (const ContrastPair& pair : contrastPairs(*palette))
            EXPECT_GE(contrast(pair.front, pair.back), pair.least)
                << (palette->dark ? "dark: " : "light: ") << pair.name << ' '
                << pair.front.name().toStdString() << " on " << pair.back.name().toStdString();
}

TEST(Palette, TheStyleSheetLeavesNoNameUnfilled)
{
    for (const Palette* palette : {&lightPalette(), &darkPalette()}) {
        const QString sheet = styleSheet(*palette, Metrics{});
        EXPECT_FALSE(sheet.contains(QLatin1Char('@')))
            << sheet.mid(sheet.indexOf(QLatin1Char('@')), 40).toStdString();
        EXPECT_FALSE(sheet.contains(QLatin1Char('%')))
            << sheet.mid(sheet.indexOf(QLatin1Char('%')), 40).toStdString();
    }
}

TEST(Icons, EachIsDrawnInTheColourThatIsAskedFor)
{
    EXPECT_TRUE(icon("no-such-icon", Qt::red).isNull());
    EXPECT_FALSE(icon("folder", Qt::red).isNull());
    const QDir folder(QStringLiteral(":/icons"));
    const QStringList files = folder.entryList({QStringLiteral("*.svg")});
    EXPECT_GT(files.size(), 20);
    for (const QString& file : files) {
        const QByteArray name = file.chopped(4).toLatin1();
        const QImage image = iconPixmap(name.constData(), Qt::red, 16, 2).toImage();
        ASSERT_EQ(image.size(), QSize(32, 32));
        int drawn = 0, red = 0;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x) {
                const QColor color = image.pixelColor(x, y);
                drawn += color.alpha() > 128;
                red += color.alpha() > 128 && color.red() > 200 && color.green() < 40;
            }
        EXPECT_GT(drawn, 5) << name.constData();
        if (name != "spillway" && name != "arrow-down") { // the style sheet uses that one as it is
            EXPECT_EQ(red, drawn) << name.constData();
        }
    }
}

TEST(Theme, AChoiceChangesThePaletteAndSaysSo)
{
    Theme theme(*static_cast<QApplication*>(QCoreApplication::instance()));
    int changes = 0;
    QObject::connect(&theme, &Theme::changed, [&] { ++changes; });
    theme.choose(Theme::Choice::Light);
    EXPECT_FALSE(theme.palette().dark);
    changes = 0;
    theme.choose(Theme::Choice::Dark);
    EXPECT_TRUE(theme.palette().dark);
    theme.choose(Theme::Choice::Dark);
    EXPECT_EQ(changes, 1);
    EXPECT_EQ(QApplication::palette().color(QPalette::Window), darkPalette().window);
}

} // namespace
} // namespace spillway::ui
