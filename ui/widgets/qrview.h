// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QWidget>

namespace spillway::ui {

/// A text as a QR code, dark on white in every theme (readers want it so), with the quiet zone that ISO/IEC
/// 18004 asks for. Empty text, or one too long (about 2.9 kB): nothing is drawn.
class QrView final : public QWidget
{
    Q_OBJECT
public:
    explicit QrView(QWidget* parent = nullptr);
    void setText(const QString& text);
    [[nodiscard]] int modules() const { return width_; } ///< of a side; 0: none
    [[nodiscard]] QSize sizeHint() const override { return {176, 176}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {120, 120}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QByteArray cells_; ///< row by row, 1: dark
    int width_ = 0;
};

} // namespace spillway::ui
