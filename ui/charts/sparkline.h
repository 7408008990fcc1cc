// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QtWidgets/QWidget>

namespace spillway::ui {

/// The shape of the last minute, without axes: a line over a faint area, from 0 up to its own peak.
class Sparkline final : public QWidget
{
    Q_OBJECT
public:
    explicit Sparkline(Theme& theme);
    /// Oldest first, evenly spaced; the newest is at the right edge. `most` values fill the width.
    void setValues(std::vector<double> values, std::size_t most);
    [[nodiscard]] QSize sizeHint() const override { return {120, 32}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Theme& theme_;
    std::vector<double> values_;
    std::size_t most_ = 1;
};

} // namespace spillway::ui
