// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/timechart.h"

#include "ui/widgets/parts.h"

#include <QtCharts/QAreaSeries>
#include <QtCharts/QCategoryAxis>
#include <QtCharts/QChart>
#include <QtCharts/QChartView>
#include <QtCharts/QDateTimeAxis>
#include <QtCharts/QLineSeries>
#include <QtCore/QDateTime>
#include <QtCore/QLocale>
#include <QtGui/QMouseEvent>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QGraphicsLayout>
#include <algorithm>
#include <cmath>

namespace spillway::ui {

namespace {

constexpr int kGridLines = 4, kFewGridLines = 2;
/// In heights of a label: what a chart needs for all of its lines, or their labels would be left out.
constexpr double kRoomy = 8.5;

} // namespace

double niceCeiling(double value)
{
    if (!(value > 0))
        return 1;
    const double power = std::pow(10, std::floor(std::log10(value)));
    for (const double step : {1.0, 2.0, 2.5, 5.0})
        if (value <= step * power * (1 + 1e-9))
            return step * power;
    return 10 * power;
}

std::vector<QList<QPointF>> unbroken(const std::vector<Sample>& samples,
                                     const std::function<double(const Sample&)>& value, std::int64_t stepMs,
                                     bool bridged)
{
    std::vector<QList<QPointF>> parts;
    const auto at = [](const Sample& sample) { return static_cast<double>(sample.atMs); };
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const Sample& sample = samples[i];
        const auto apart = [&](std::size_t one, std::size_t next) {
            return !bridged && samples[next].atMs - samples[one].atMs > 4 * stepMs;
        };
        const bool begins = i == 0 || apart(i - 1, i);
        if (begins)
            parts.emplace_back();
        if (begins && (i + 1 == samples.size() || apart(i, i + 1)))
            parts.back().append(QPointF(at(sample) - static_cast<double>(stepMs), value(sample)));
        parts.back().append(QPointF(at(sample), value(sample)));
    }
    return parts;
}

/// The chart itself and the cross-hair over it.
class TimeChart::View final : public QChartView
{
public:
    View(const std::vector<Line>& lines, const Format& format, double least, Theme& theme)
        : lines_(lines), format_(format), least_(least), theme_(theme)
    {
        setRenderHint(QPainter::Antialiasing);
        setFrameShape(QFrame::NoFrame);
        setMouseTracking(true);
        setMinimumHeight(128);
        setBackgroundBrush(Qt::NoBrush);
        chart()->setBackgroundVisible(false);
        chart()->legend()->hide();
        chart()->setMargins(QMargins(0, 8, 24, 0)); // half a label at the ends of the axes
        chart()->layout()->setContentsMargins(0, 0, 0, 0);
        chart()->setAnimationOptions(QChart::NoAnimation);
        chart()->addAxis(time_, Qt::AlignBottom);
        chart()->addAxis(values_, Qt::AlignLeft);
        values_->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
        values_->setStartValue(0);
        values_->setLineVisible(false);
        time_->setGridLineVisible(false);
        time_->setTickCount(5);
        series_.resize(lines.size());
        recolor();
    }

    void recolor()
    {
        const Palette& p = theme_.palette();
        const QFont small = theme_.font(theme_.metrics().secondary);
        for (QAbstractAxis* axis :
             {static_cast<QAbstractAxis*>(time_), static_cast<QAbstractAxis*>(values_)}) {
            axis->setLabelsColor(p.textSecondary);
            axis->setLabelsFont(small);
            axis->setGridLineColor(p.line);
            axis->setLinePenColor(p.line);
        }
        for (std::size_t i = 0; i < lines_.size(); ++i)
            for (QLineSeries* series : series_[i])
                paint(*series, i);
        update();
    }

    [[nodiscard]] QColor color(std::size_t line) const
    {
        return lines_.size() == 1 ? theme_.palette().accent : theme_.palette().series[line];
    }

    void show(const std::vector<Sample>& samples, History::Span span, std::int64_t nowMs)
    {
        samples_ = samples;
        double peak = 0;
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            for (const Sample& sample : samples)
                peak = std::max(peak, lines_[i].value(sample));
            draw(i, unbroken(samples, lines_[i].value, History::stepMs(span), lines_[i].bridged));
        }
        setTop(niceCeiling(std::max(peak, least_)));
        time_->setRange(QDateTime::fromMSecsSinceEpoch(nowMs - History::lengthMs(span)),
                        QDateTime::fromMSecsSinceEpoch(nowMs));
        time_->setFormat(span == History::Span::Minute ? QStringLiteral("HH:mm:ss")
                                                       : QStringLiteral("HH:mm"));
    }

    [[nodiscard]] double top() const { return top_; }
    /// Small, so that a page of charts shares the room there is before it scrolls.
    [[nodiscard]] QSize sizeHint() const override { return {300, minimumHeight()}; }

protected:
    void resizeEvent(QResizeEvent* event) override
    {
        time_->setTickCount(std::clamp(event->size().width() / 110, 2, 7));
        arrangeGrid(event->size().height());
        QChartView::resizeEvent(event);
    }
    void mouseMoveEvent(QMouseEvent* event) override
    {
        pointer_ = event->position();
        viewport()->update();
        QChartView::mouseMoveEvent(event);
    }
    void leaveEvent(QEvent* event) override
    {
        pointer_.reset();
        viewport()->update();
        QChartView::leaveEvent(event);
    }

    void drawForeground(QPainter* painter, const QRectF&) override
    {
        const QRectF area = chart()->plotArea();
        if (!pointer_ || !area.contains(*pointer_) || samples_.empty())
            return;
        const double wanted = chart()->mapToValue(*pointer_).x();
        const auto nearest =
            std::min_element(samples_.begin(), samples_.end(), [&](const auto& a, const auto& b) {
                return std::abs(static_cast<double>(a.atMs) - wanted) <
                       std::abs(static_cast<double>(b.atMs) - wanted);
            });
        const Palette& p = theme_.palette();
        const double x = chart()->mapToPosition(QPointF(static_cast<double>(nearest->atMs), 0)).x();
        painter->setPen(QPen(p.textSecondary, 1, Qt::DotLine));
        painter->drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
        QStringList words{QLocale().toString(QDateTime::fromMSecsSinceEpoch(nearest->atMs).time(),
                                             QStringLiteral("HH:mm:ss"))};
        for (const Line& line : lines_)
            words += (line.name.isEmpty() ? QString() : line.name + QLatin1String("  ")) +
                     format_(line.value(*nearest));
        painter->setFont(theme_.font(theme_.metrics().secondary));
        const QFontMetricsF metrics(painter->font());
        double width = 0;
        for (const QString& word : words)
            width = std::max(width, metrics.horizontalAdvance(word));
        QRectF box(x + 8, area.top() + 4, width + 16,
                   metrics.height() * static_cast<double>(words.size()) + 8);
        if (box.right() > area.right())
            box.moveRight(x - 8);
        painter->setPen(Qt::NoPen);
        painter->setBrush(p.toast);
        painter->drawRoundedRect(box, 4, 4);
        painter->setPen(p.onToast);
        painter->drawText(box.adjusted(8, 4, -8, -4), words.join(QLatin1Char('\n')));
    }

private:
    /// Each part of a line is a series of its own; those that are not needed now stay, empty.
    void draw(std::size_t line, const std::vector<QList<QPointF>>& parts)
    {
        std::vector<QLineSeries*>& all = series_[line];
        while (all.size() < parts.size()) {
            auto* series = new QLineSeries;
            if (lines_[line].filled) {
                auto* area = new QAreaSeries(series);
                series->setParent(area);
                add(*area);
            } else {
                add(*series);
            }
            paint(*series, line);
            all.push_back(series);
        }
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i]->replace(i < parts.size() ? parts[i] : QList<QPointF>());
    }

    void paint(QLineSeries& series, std::size_t line) const
    {
        const QPen pen(color(line), 1.75);
        series.setPen(pen);
        if (auto* area = qobject_cast<QAreaSeries*>(series.parent())) {
            QColor fill = color(line);
            fill.setAlphaF(0.16F);
            area->setPen(pen);
            area->setBrush(fill);
        }
    }

    void add(QAbstractSeries& series)
    {
        chart()->addSeries(&series);
        series.attachAxis(time_);
        series.attachAxis(values_);
    }

    void setTop(double top)
    {
        if (top == top_)
            return;
        top_ = top;
        labelValues();
    }

    void labelValues()
    {
        for (const QString& old : values_->categoriesLabels())
            values_->remove(old);
        values_->setRange(0, top_);
        for (int i = 1; i <= gridLines_; ++i) {
            const double value = top_ * i / gridLines_;
            values_->append(format_(value), value);
        }
    }

    void arrangeGrid(int height)
    {
        const QFontMetricsF small(theme_.font(theme_.metrics().secondary));
        const int lines = height >= kRoomy * small.height() ? kGridLines : kFewGridLines;
        if (std::exchange(gridLines_, lines) != lines)
            labelValues();
    }

    const std::vector<Line>& lines_;
    const Format& format_;
    const double least_;
    Theme& theme_;
    QDateTimeAxis* time_ = new QDateTimeAxis; ///< the chart's from the constructor on, like the series
    QCategoryAxis* values_ = new QCategoryAxis;
    std::vector<std::vector<QLineSeries*>> series_; ///< of each line
    std::vector<Sample> samples_;
    std::optional<QPointF> pointer_;
    double top_ = 0;
    int gridLines_ = kGridLines;
};

TimeChart::TimeChart(const QString& title, std::vector<Line> lines, Format format, double least, Theme& theme)
    : theme_(theme), lines_(std::move(lines)), format_(std::move(format)),
      view_(new View(lines_, format_, least, theme))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(label(title, "strong"));
    if (lines_.size() > 1) {
        legend_ = label({}, "small");
        legend_->setTextFormat(Qt::RichText);
        legend_->setWordWrap(true); // it never makes the chart wider
        column->addWidget(legend_);
    }
    column->addWidget(view_, 1);
    view_->setAccessibleName(title);
    connect(&theme, &Theme::changed, this, [this] { recolor(); });
    recolor();
    view_->show({}, History::Span::Minute, QDateTime::currentMSecsSinceEpoch());
}

TimeChart::~TimeChart()
{
    delete view_; // it reads the lines
}

void TimeChart::recolor()
{
    view_->recolor();
    if (!legend_)
        return;
    QStringList marks;
    for (std::size_t i = 0; i < lines_.size(); ++i)
        marks += QStringLiteral("<span style='color:%1'>■</span>&nbsp;%2")
                     .arg(view_->color(i).name(),
                          lines_[i].name.toHtmlEscaped().replace(QLatin1Char(' '), QLatin1String("&nbsp;")));
    legend_->setText(marks.join(QStringLiteral("&nbsp;&nbsp; ")));
}

void TimeChart::show(const std::vector<Sample>& samples, History::Span span, std::int64_t nowMs)
{
    view_->show(samples, span, nowMs);
}

double TimeChart::top() const
{
    return view_->top();
}

} // namespace spillway::ui
