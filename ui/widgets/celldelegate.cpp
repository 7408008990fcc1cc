// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/celldelegate.h"

#include "ui/models/roles.h"
#include "ui/style/icons.h"

#include <QtGui/QPainter>
#include <QtWidgets/QAbstractItemView>
#include <QtWidgets/QApplication>

namespace spillway::ui {

namespace {

constexpr int kIcon = 16;

} // namespace

CellDelegate::CellDelegate(Theme& theme, QObject* parent) : QStyledItemDelegate(parent), theme_(theme)
{
    connect(&theme, &Theme::changed, this, [this] { pictures_.clear(); });
}

void CellDelegate::hoverRows(QAbstractItemView& view)
{
    rows_ = view.viewport();
    connect(&view, &QAbstractItemView::entered, this, [this](const QModelIndex& index) {
        if (std::exchange(hovered_, index.row()) != index.row())
            rows_->update();
    });
    rows_->installEventFilter(this);
}

bool CellDelegate::eventFilter(QObject* watched, QEvent* event)
{
    if (!rows_ || watched != rows_)
        return QStyledItemDelegate::eventFilter(watched, event); // of an editor
    if (event->type() == QEvent::Leave) {
        hovered_ = -1;
        rows_->update();
    }
    return false;
}

QSize CellDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    if (!index.data(IconRole).toString().isEmpty())
        size.rwidth() += kIcon + kPadding;
    size.rwidth() += 2 * kPadding;
    size.setHeight(theme_.metrics().row);
    return size;
}

QPixmap CellDelegate::picture(const QString& name, double scale) const
{
    const auto known = pictures_.constFind(name);
    if (known != pictures_.constEnd() && known->devicePixelRatio() == scale)
        return *known;
    const QPixmap made =
        iconPixmap(name.toLatin1().constData(), theme_.palette().textSecondary, kIcon, scale);
    pictures_.insert(name, made);
    return made;
}

void CellDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const
{
    const Palette& palette = theme_.palette();
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, palette.selected);
    else if (rows_ ? index.row() == hovered_ : bool(option.state & QStyle::State_MouseOver))
        painter->fillRect(option.rect, palette.hover);

    QRect area = option.rect.adjusted(kPadding, 0, -kPadding, 0);
    const QString name = index.data(IconRole).toString();
    if (!name.isEmpty()) {
        const QPixmap pixmap = picture(name, painter->device()->devicePixelRatioF());
        painter->drawPixmap(area.left(), area.center().y() - kIcon / 2 + 1, pixmap);
        area.setLeft(area.left() + kIcon + kPadding);
    }
    const QString text = index.data(Qt::DisplayRole).toString();
    painter->setFont(option.font);
    const QVariant tone = index.data(ToneRole), progress = index.data(ProgressRole);
    if (tone.isValid()) {
        paintPill(*painter, area, text, tone.toInt());
    } else if (progress.isValid()) {
        paintProgress(*painter, area, text, progress.toDouble());
    } else {
        const QVariant given = index.data(Qt::TextAlignmentRole);
        const auto alignment =
            given.isValid() ? Qt::Alignment(given.toInt()) : Qt::Alignment(Qt::AlignLeft | Qt::AlignVCenter);
        painter->setPen(index.column() == 0 ? palette.text : palette.textSecondary);
        painter->drawText(area, static_cast<int>(alignment) | Qt::TextSingleLine,
                          option.fontMetrics.elidedText(text, Qt::ElideMiddle, area.width()));
    }
    if (option.state & QStyle::State_HasFocus && !(option.state & QStyle::State_Selected)) {
        painter->setPen(QPen(palette.accent, 1));
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
    painter->restore();
}

void CellDelegate::paintPill(QPainter& painter, const QRect& area, const QString& text, int tone) const
{
    const Palette& palette = theme_.palette();
    QColor front = palette.textSecondary, back = palette.neutralSoft;
    switch (static_cast<Tone>(tone)) {
    case Tone::Good:
        front = palette.good;
        back = palette.goodSoft;
        break;
    case Tone::Warning:
        front = palette.warning;
        back = palette.warningSoft;
        break;
    case Tone::Bad:
        front = palette.bad;
        back = palette.badSoft;
        break;
    case Tone::Neutral:
        break;
    }
    const QFont font = theme_.font(theme_.metrics().secondary, true);
    painter.setFont(font);
    const QFontMetrics metrics(font);
    const int height = metrics.height() + 4;
    const int width = std::min(area.width(), metrics.horizontalAdvance(text) + 16);
    const QRect pill(area.left(), area.center().y() - height / 2 + 1, width, height);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(back);
    painter.drawRoundedRect(pill, height / 2.0, height / 2.0);
    painter.setPen(front);
    painter.drawText(pill, Qt::AlignCenter | Qt::TextSingleLine,
                     metrics.elidedText(text, Qt::ElideRight, width - 8));
}

/// A bar, and behind it what it means; an unknown length is a bar of an even tone.
void CellDelegate::paintProgress(QPainter& painter, const QRect& area, const QString& text,
                                 double progress) const
{
    const Palette& palette = theme_.palette();
    const int barWidth = std::clamp(area.width() / 4, 48, 140);
    const QRectF bar(area.left(), area.center().y() - 2.0, barWidth, 6);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(progress < 0 ? palette.accentSoft : palette.neutralSoft);
    painter.drawRoundedRect(bar, 3, 3);
    if (progress > 0) {
        QRectF done = bar;
        done.setWidth(std::max(6.0, bar.width() * std::min(1.0, progress)));
        painter.setBrush(palette.accent);
        painter.drawRoundedRect(done, 3, 3);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    QRect rest = area;
    rest.setLeft(area.left() + barWidth + kPadding);
    const QFontMetrics metrics(painter.font());
    if (progress >= 0) {
        const int percentWidth = metrics.horizontalAdvance(QStringLiteral("100 %")) + 2;
        const int percent = static_cast<int>(std::min(1.0, progress) * 100);
        painter.setPen(palette.text);
        painter.drawText(QRect(rest.left(), rest.top(), percentWidth, rest.height()),
                         Qt::AlignRight | Qt::AlignVCenter, QStringLiteral("%1 %").arg(percent));
        rest.setLeft(rest.left() + percentWidth + kPadding);
    }
    painter.setPen(palette.textSecondary);
    painter.drawText(rest, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     metrics.elidedText(text, Qt::ElideRight, rest.width()));
}

} // namespace spillway::ui
