// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/modes.h"
#include "ui/style/theme.h"

#include <QtWidgets/QFrame>

class QLabel;
class QToolButton;
class QVBoxLayout;

namespace spillway::ui {

class GaugeBar;
class Switch;

/// One mode of the server. The switch sets it by hand; off leaves it to its rule, and so does the menu beside
/// it, which can also hold it off for good.
class ModeRow final : public QFrame
{
    Q_OBJECT
public:
    ModeRow(const QString& mode, Modes& modes, Theme& theme);
    void show(const contract::ModeState& mode);

private:
    void showGauges(const std::vector<contract::ModeGauge>& gauges);
    void openMenu();

    const QString mode_;
    Modes& modes_;
    Theme& theme_;
    contract::ModeState state_;
    Switch* switch_;
    QLabel* word_;
    QVBoxLayout* right_;
    QToolButton* more_;
    struct Gauge
    {
        QLabel* text;
        GaugeBar* bar;
    };
    std::vector<Gauge> gauges_;
};

} // namespace spillway::ui
