// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/scalefield.h"

#include "ui/models/entry.h"
#include "ui/models/format.h"
#include "ui/widgets/parts.h"

#include <QtCore/QLocale>
#include <QtGui/QMouseEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QLineEdit>
#include <algorithm>
#include <cmath>

namespace spillway::ui {

namespace {

constexpr auto kTellEvery = std::chrono::milliseconds(100);
constexpr double kEdge = 6; ///< left and right of the bar, so that the handle fits

/// "8.0 MB/s" → "8 MB/s": what was set is a round number mostly.
QString withoutZero(QString text)
{
    return text.replace(QLocale().decimalPoint() + QLatin1String("0 "), QStringLiteral(" "));
}

/// To two digits.
double rounded(double value)
{
    if (value <= 0)
        return value;
    const double unit = std::pow(10.0, std::floor(std::log10(value)) - 1);
    return std::round(value / unit) * unit;
}

} // namespace

Scale Scale::bandwidth()
{
    return {10e3, 2e9, [](double value) { return withoutZero(formatRate(value)); },
            [](const QString& text) -> std::optional<double> {
                const auto rate = readRate(text);
                return rate ? std::optional(static_cast<double>(*rate)) : std::nullopt;
            },
            true};
}

Scale Scale::requests()
{
    return {0.1, 10e3, [](double value) { return formatDecimal(value) + QLatin1String("/s"); },
            readEventRate};
}

Scale Scale::count(double most)
{
    return {1, most, [](double value) { return formatCount(std::llround(value)); },
            [](const QString& text) -> std::optional<double> {
                const auto count = readCount(text);
                return count ? std::optional(static_cast<double>(*count)) : std::nullopt;
            },
            true};
}

LimitSlider::LimitSlider(const Scale& scale, Theme& theme)
    : QSlider(Qt::Horizontal), scale_(scale), theme_(theme)
{
    setRange(0, kSteps);
    setValue(kSteps);
    setSingleStep(10);
    setPageStep(80);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

double LimitSlider::place(double value) const
{
    if (value <= scale_.least)
        return 0;
    return std::min<double>(kNone - 1, std::log(value / scale_.least) / std::log(scale_.most / scale_.least) *
                                           (kNone - 1));
}

std::optional<double> LimitSlider::limit() const
{
    if (value() >= kNone)
        return std::nullopt;
    const double part = static_cast<double>(value()) / (kNone - 1);
    const double exact = rounded(scale_.least * std::pow(scale_.most / scale_.least, part));
    return scale_.whole ? std::round(exact) : exact;
}

void LimitSlider::setLimit(std::optional<double> limit)
{
    setValue(limit ? static_cast<int>(std::lround(place(*limit))) : kSteps);
}

void LimitSlider::setUse(double use)
{
    if (use == use_)
        return;
    use_ = use;
    update();
}

double LimitSlider::toX(double place) const
{
    return kEdge + place / kSteps * (width() - 2 * kEdge);
}

void LimitSlider::moveTo(int x)
{
    const double part = (x - kEdge) / std::max(1.0, width() - 2 * kEdge);
    const auto to = static_cast<int>(std::lround(std::clamp(part, 0.0, 1.0) * kSteps));
    setValue(to >= kNone ? kSteps : to);
}

void LimitSlider::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return event->ignore();
    setSliderDown(true);
    moveTo(event->pos().x());
}

void LimitSlider::mouseMoveEvent(QMouseEvent* event)
{
    if (isSliderDown())
        moveTo(event->pos().x());
}

void LimitSlider::mouseReleaseEvent(QMouseEvent*)
{
    setSliderDown(false);
}

void LimitSlider::wheelEvent(QWheelEvent* event)
{
    event->ignore(); // who scrolls the page does not mean to change a limit
}

void LimitSlider::paintEvent(QPaintEvent*)
{
    const Palette& palette = theme_.palette();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    const QRectF bar(kEdge, height() / 2.0 - 4, width() - 2 * kEdge, 8);
    painter.setBrush(palette.neutralSoft);
    painter.drawRoundedRect(bar, 4, 4);
    const bool none = value() >= kNone;
    const double handle = toX(value());
    if (!none) { // what the limit allows
        painter.setBrush(palette.accentSoft);
        painter.drawRoundedRect(
            QRectF(bar.left(), bar.top(), std::max(8.0, handle - bar.left()), bar.height()), 4, 4);
    }
    if (use_ > scale_.least) {
        const double end = toX(place(use_));
        const bool full = !none && end >= handle - 3;
        painter.setBrush(full ? palette.warning : palette.accent);
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), std::max(8.0, end - bar.left()), bar.height()),
                                4, 4);
    }
    const QRectF grip(handle - 3, height() / 2.0 - 9, 6, 18);
    painter.setBrush(!isEnabled() || none ? palette.textSecondary : palette.text);
    painter.drawRoundedRect(grip, 3, 3);
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(palette.accent, 1.5));
        painter.drawRoundedRect(grip.adjusted(-2, -2, 2, 2), 4, 4);
    }
}

ScaleField::ScaleField(const QString& name, Scale scale, Theme& theme) : scale_(std::move(scale))
{
    slider_ = new LimitSlider(scale_, theme);
    slider_->setAccessibleName(name);
    field_ = new QLineEdit;
    field_->setAccessibleName(name);
    field_->setPlaceholderText(tr("No limit"));
    field_->setFixedWidth(theme.metrics().text * 8);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(slider_, 1);
    row->addWidget(field_);
    setFocusProxy(slider_);
    pace_.setSingleShot(true);
    pace_.callOnTimeout(this, [this] { tell(); });
    connect(slider_, &QSlider::valueChanged, this, [this] {
        value_ = slider_->limit();
        showText();
        if (!pace_.isActive())
            pace_.start(kTellEvery);
    });
    connect(field_, &QLineEdit::textEdited, this, [this] { markField(*field_, {}); });
    connect(field_, &QLineEdit::editingFinished, this, [this] { readField(); });
}

void ScaleField::showText()
{
    const QString text = value_ ? scale_.show(*value_) : QString();
    if (field_->text() != text)
        field_->setText(text);
    markField(*field_, {});
}

void ScaleField::setValue(std::optional<double> value)
{
    if (slider_->isSliderDown() || pace_.isActive() || (field_->hasFocus() && field_->isModified()))
        return;
    value_ = told_ = value;
    const QSignalBlocker quiet(slider_);
    slider_->setLimit(value);
    slider_->update();
    showText();
}

void ScaleField::readField()
{
    if (!field_->isModified())
        return;
    const QString text = field_->text().trimmed();
    const auto read = text.isEmpty() ? std::nullopt : scale_.read(text);
    if (!text.isEmpty() && !read)
        return markField(*field_, tr("This is not understood. Try \"%1\", or leave it empty for no limit.")
                                      .arg(scale_.show(scale_.least * 10)));
    field_->setModified(false);
    value_ = read;
    {
        const QSignalBlocker quiet(slider_);
        slider_->setLimit(read);
        slider_->update();
    }
    showText();
    tell();
}

void ScaleField::settle()
{
    readField();
    field_->setModified(false);
    pace_.stop();
    tell();
}

void ScaleField::tell()
{
    if (value_ == told_)
        return;
    told_ = value_;
    Q_EMIT changed(value_);
}

} // namespace spillway::ui
