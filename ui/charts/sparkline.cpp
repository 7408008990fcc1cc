// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/sparkline.h"

#include <QtGui/QPainter>
#include <QtGui/QPainterPath>
#include <algorithm>

namespace spillway::ui {

Sparkline::Sparkline(Theme& theme) : theme_(theme)
{
    setMinimumHeight(26);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void Sparkline::setValues(std::vector<double> values, std::size_t most)
{
    values_ = std::move(values);
    most_ = std::max<std::size_t>(most, 2);
    update();
}

void Sparkline::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double bottom = height() - 1.5;
    painter.setPen(QPen(theme_.palette().line, 1));
    painter.drawLine(QPointF(0, bottom + 1), QPointF(width(), bottom + 1));
    if (values_.size() < 2)
        return;
    const double peak = std::max(*std::max_element(values_.begin(), values_.end()), 1e-9);
    const double step = static_cast<double>(width()) / static_cast<double>(most_ - 1);
    const double left = width() - step * static_cast<double>(values_.size() - 1);
    QPainterPath path;
    for (std::size_t i = 0; i < values_.size(); ++i) {
        const QPointF at(left + step * static_cast<double>(i), bottom - values_[i] / peak * (bottom - 2));
        if (i == 0)
            path.moveTo(at);
        else
            path.lineTo(at);
    }
    QPainterPath area = path;
    area.lineTo(width(), bottom);
    area.lineTo(left, bottom);
    area.closeSubpath();
    QColor fill = theme_.palette().accent;
    fill.setAlphaF(0.14F);
    painter.fillPath(area, fill);
    painter.setPen(QPen(theme_.palette().accent, 1.5));
    painter.drawPath(path);
}

} // namespace spillway::ui
