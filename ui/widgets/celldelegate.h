// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QtCore/QHash>
#include <QtCore/QPointer>
#include <QtGui/QPixmap>
#include <QtWidgets/QStyledItemDelegate>

class QAbstractItemView;

namespace spillway::ui {

/// Draws a cell by what its model says beside the text: a pill (ToneRole), a bar (ProgressRole), an icon
/// (IconRole).
class CellDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    static constexpr int kPadding = 8; ///< left and right of what a cell shows

    CellDelegate(Theme& theme, QObject* parent);

    /// The whole row under the pointer is lit, not only its cell.
    void hoverRows(QAbstractItemView& view);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintPill(QPainter& painter, const QRect& area, const QString& text, int tone) const;
    void paintProgress(QPainter& painter, const QRect& area, const QString& text, double progress) const;
    [[nodiscard]] QPixmap picture(const QString& name, double scale) const;

    Theme& theme_;
    QPointer<QWidget> rows_; ///< the viewport whose rows are lit; still there when its view is half gone
    int hovered_ = -1;
    mutable QHash<QString, QPixmap> pictures_; ///< by name; emptied when the theme changes
};

} // namespace spillway::ui
