// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/switch.h"

#include <QtGui/QPainter>

namespace spillway::ui {

namespace {

constexpr double kNear = 0.8; ///< of a gauge: from here on it is worth a look

} // namespace

Switch::Switch(const QString& name, Theme& theme) : theme_(theme)
{
    setAccessibleName(name);
    setCheckable(true);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

QSize Switch::sizeHint() const
{
    const int height = theme_.metrics().row * 5 / 8 + 4; // the frame of the focus, too
    return {height * 7 / 4, height};
}

void Switch::paintEvent(QPaintEvent*)
{
    const Palette& p = theme_.palette();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF track = QRectF(rect()).adjusted(2.5, 2.5, -2.5, -2.5);
    const double radius = track.height() / 2;
    if (hasFocus()) {
        painter.setPen(QPen(p.accent, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius + 2, radius + 2);
    }
    const bool on = isChecked();
    const QColor ground = !isEnabled() ? p.neutralSoft : on ? p.accent : p.window;
    painter.setPen(QPen(on && isEnabled() ? p.accent : p.textSecondary, 1));
    painter.setBrush(ground);
    painter.drawRoundedRect(track, radius, radius);
    const double knob = track.height() - 6;
    const double left = on ? track.right() - 3 - knob : track.left() + 3;
    painter.setPen(Qt::NoPen);
    painter.setBrush(on && isEnabled() ? p.onAccent : p.textSecondary);
    painter.drawEllipse(QRectF(left, track.top() + 3, knob, knob));
}

GaugeBar::GaugeBar(Theme& theme) : theme_(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void GaugeBar::setFraction(double fraction)
{
    if (fraction == fraction_)
        return;
    fraction_ = fraction;
    update();
}

void GaugeBar::paintEvent(QPaintEvent*)
{
    const Palette& p = theme_.palette();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const QRectF bar(0, (height() - 6) / 2.0, width(), 6);
    painter.setBrush(p.neutralSoft);
    painter.drawRoundedRect(bar, 3, 3);
    if (fraction_ <= 0)
        return;
    QRectF used = bar;
    used.setWidth(std::max(6.0, bar.width() * std::min(1.0, fraction_)));
    painter.setBrush(fraction_ >= 1 ? p.bad : fraction_ >= kNear ? p.warning : p.accent);
    painter.drawRoundedRect(used, 3, 3);
}

} // namespace spillway::ui
