// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QtCore/QTimer>
#include <QtWidgets/QSlider>
#include <functional>
#include <optional>

class QLineEdit;

namespace spillway::ui {

/// A kind of number that a limit has: the ends of its slider, how it is written and read.
struct Scale
{
    double least = 1, most = 1000; ///< of the slider; the field takes others, too
    std::function<QString(double)> show;
    std::function<std::optional<double>(const QString&)> read;
    bool whole = false;

    [[nodiscard]] static Scale bandwidth(); ///< bytes per second
    [[nodiscard]] static Scale requests();  ///< a second
    [[nodiscard]] static Scale count(double most);
};

/// A slider on a logarithmic scale; at its right end there is no limit. What is used now is drawn into its
/// bar, on the same scale: where that reaches the handle, the limit is used up.
class LimitSlider final : public QSlider
{
    Q_OBJECT
public:
    static constexpr int kSteps = 1000;
    static constexpr int kNone = 960; ///< from here on: no limit

    LimitSlider(const Scale& scale, Theme& theme);

    [[nodiscard]] std::optional<double> limit() const; ///< two digits, so that it reads well
    void setLimit(std::optional<double> limit);
    void setUse(double use);
    [[nodiscard]] QSize sizeHint() const override { return {160, 24}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {72, 24}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    [[nodiscard]] double place(double value) const; ///< 0 … kNone
    [[nodiscard]] double toX(double place) const;
    void moveTo(int x);

    Scale scale_;
    Theme& theme_;
    double use_ = 0;
};

/// One limit as slider and field of the same value. changed() comes while the slider moves, ten times a
/// second at most, and when the field is left; never for setValue(), which leaves alone what a hand is on.
class ScaleField final : public QWidget
{
    Q_OBJECT
public:
    ScaleField(const QString& name, Scale scale, Theme& theme);

    [[nodiscard]] std::optional<double> value() const { return value_; }
    void setValue(std::optional<double> value);
    /// Tells now what it would have told in a moment: before it stands for something else.
    void settle();
    void setUse(double use) { slider_->setUse(use); }
    [[nodiscard]] LimitSlider& slider() { return *slider_; }
    [[nodiscard]] QLineEdit& field() { return *field_; }

Q_SIGNALS:
    void changed(std::optional<double> value);

private:
    void showText();
    void readField();
    void tell();

    Scale scale_;
    std::optional<double> value_, told_;
    LimitSlider* slider_;
    QLineEdit* field_;
    QTimer pace_;
};

} // namespace spillway::ui
