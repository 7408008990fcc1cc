// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/history.h"
#include "ui/style/theme.h"

#include <QtCore/QList>
#include <QtCore/QPointF>
#include <QtWidgets/QWidget>
#include <functional>

class QLabel;

namespace spillway::ui {

/// One or more numbers of a History over time: no frame, four faint lines, values with their unit, clock
/// times, and under the pointer a line with all values of that moment. A gap in the samples is a gap in the
/// lines.
class TimeChart final : public QWidget
{
    Q_OBJECT
public:
    struct Line
    {
        QString name;
        std::function<double(const Sample&)> value;
        bool filled = false;
        bool bridged = false; ///< over a gap
    };
    using Format = std::function<QString(double)>;

    /// The value axis reaches at least to `least`, so that an idle server is a flat line and not noise.
    TimeChart(const QString& title, std::vector<Line> lines, Format format, double least, Theme& theme);
    ~TimeChart() override;

    /// `nowMs` is the right edge.
    void show(const std::vector<Sample>& samples, History::Span span, std::int64_t nowMs);
    [[nodiscard]] double top() const; ///< of the value axis

private:
    class View;
    void recolor();

    Theme& theme_;
    std::vector<Line> lines_;
    Format format_;
    View* view_;
    QLabel* legend_ = nullptr; ///< of more than one line
};

/// The points of a line, cut where nothing was seen for more than four steps: nobody knows what was between.
/// What was seen alone is as long as its step. `bridged`: not cut.
[[nodiscard]] std::vector<QList<QPointF>> unbroken(const std::vector<Sample>& samples,
                                                   const std::function<double(const Sample&)>& value,
                                                   std::int64_t stepMs, bool bridged);

/// The smallest of 1, 2, 2.5, 5 times a power of ten that is at least `value`; 1 for nothing.
[[nodiscard]] double niceCeiling(double value);

} // namespace spillway::ui
