// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QtCore/QHash>
#include <QtGui/QPixmap>
#include <QtWidgets/QStyledItemDelegate>

namespace spillway::ui {

/// Draws a cell by what its model says beside the text: a pill (ToneRole), a bar (ProgressRole), an icon
/// (IconRole).
class CellDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    CellDelegate(Theme& theme, QObject* parent);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    void paintPill(QPainter& painter, const QRect& area, const QString& text, int tone) const;
    void paintProgress(QPainter& painter, const QRect& area, const QString& text, double progress) const;
    [[nodiscard]] QPixmap picture(const QString& name, double scale) const;

    Theme& theme_;
    mutable QHash<QString, QPixmap> pictures_; ///< by name; emptied when the theme changes
};

} // namespace spillway::ui
