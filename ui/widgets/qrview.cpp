// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/qrview.h"

#include <QtGui/QPainter>
#include <cmath>
#include <memory>
#include <qrencode.h>

namespace spillway::ui {

namespace {

constexpr int kQuiet = 4;

} // namespace

QrView::QrView(QWidget* parent) : QWidget(parent)
{
    setAccessibleName(tr("QR code of the link"));
}

void QrView::setText(const QString& text)
{
    cells_.clear();
    width_ = 0;
    const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
        text.isEmpty() ? nullptr : QRcode_encodeString8bit(text.toUtf8().constData(), 0, QR_ECLEVEL_L),
        &QRcode_free);
    if (code) {
        width_ = code->width;
        for (int i = 0; i < width_ * width_; ++i)
            cells_.append(static_cast<char>(code->data[i] & 1));
    }
    update();
}

void QrView::paintEvent(QPaintEvent*)
{
    if (width_ == 0)
        return;
    QPainter painter(this);
    // Whole device pixels for each module, or a camera sees grey seams.
    const double scale = devicePixelRatioF();
    const int across = width_ + 2 * kQuiet;
    const int module = static_cast<int>(std::min(width(), height()) * scale) / across;
    if (module < 1)
        return;
    const double size = module / scale;
    const double side = across * size;
    const auto whole = [scale](double value) { return std::floor(value * scale) / scale; };
    const double left = whole((width() - side) / 2), top = whole((height() - side) / 2);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Qt::white);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.drawRoundedRect(QRectF(left, top, side, side), 4, 4);
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setBrush(Qt::black);
    for (int row = 0; row < width_; ++row)
        for (int column = 0; column < width_; ++column)
            if (cells_[row * width_ + column])
                painter.drawRect(
                    QRectF(left + (column + kQuiet) * size, top + (row + kQuiet) * size, size, size));
}

} // namespace spillway::ui
