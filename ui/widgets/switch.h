// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QtWidgets/QAbstractButton>

namespace spillway::ui {

/// On or off, taking effect at once. Its state shows by place and colour; `name` is what a screen reader
/// says.
class Switch final : public QAbstractButton
{
    Q_OBJECT
public:
    Switch(const QString& name, Theme& theme);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Theme& theme_;
};

/// How much of a measure is used up, 0 to 1 and beyond: the whole width is the limit.
class GaugeBar final : public QWidget
{
    Q_OBJECT
public:
    explicit GaugeBar(Theme& theme);
    void setFraction(double fraction);
    [[nodiscard]] QSize sizeHint() const override { return {120, 8}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Theme& theme_;
    double fraction_ = 0;
};

} // namespace spillway::ui
