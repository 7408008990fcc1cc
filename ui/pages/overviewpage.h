// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/history.h"
#include "ui/pages/page.h"

#include <QtCore/QElapsedTimer>

class QButtonGroup;
class QGridLayout;
class QLabel;

namespace spillway::ui {

class Sparkline;
class TimeChart;
class TopLists;

/// What the server does, at a glance: four tiles of now, charts of the last minute, hour or day, and who and
/// what had the most in that time. The server keeps both, so that they show what was before this window was
/// opened, too.
class OverviewPage final : public Page
{
    Q_OBJECT
public:
    OverviewPage(Session& session, Theme& theme);

Q_SIGNALS:
    void linkWanted(const QString& id);
    void clientWanted(const QString& address);
    void fileWanted(const QByteArray& name);

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Tile
    {
        QLabel* value = nullptr;
        QLabel* words = nullptr;
        Sparkline* line = nullptr;
        double (*of)(const Sample&) = nullptr;
    };
    [[nodiscard]] QWidget* buildTile(Tile& tile, const QString& name, double (*of)(const Sample&));
    void buildSpans();
    void arrangeTiles();
    [[nodiscard]] QLayout* buildCharts();
    void refresh();
    void askHistory(History::Span span);
    void askTop();
    void showNow();
    void showTiles();
    void showCharts();

    std::array<Tile, 4> tiles_;
    std::array<QWidget*, 4> cards_{}; ///< of tiles_
    QGridLayout* rows_;               ///< of cards_
    int columns_ = 0;
    std::array<TimeChart*, 5> charts_{}; ///< the last one is of what the cache had
    TopLists* top_;
    QButtonGroup* spans_;
    History::Span span_ = History::Span::Minute;
    History history_;
    bool minuteKnown_ = false; ///< the server was asked for what was before the first snapshot
    QElapsedTimer drawn_;      ///< longer spans need no two pictures a second
};

} // namespace spillway::ui
