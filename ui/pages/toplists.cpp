// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/toplists.h"

#include "ui/models/format.h"
#include "ui/widgets/parts.h"

#include <QtCore/QEvent>
#include <QtGui/QPainter>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QGridLayout>
#include <algorithm>

namespace spillway::ui {

namespace {

QByteArray lastPart(const QByteArray& path)
{
    return path.mid(path.lastIndexOf('/') + 1);
}

/// "share/folder" of "share" and "folder/name"; empty for the share itself.
QString folderOf(const QString& share, const QByteArray& path)
{
    if (path.isEmpty())
        return {};
    const auto slash = path.lastIndexOf('/');
    return slash < 0 ? share : share + QLatin1Char('/') + displayName(path.left(slash));
}

QString nameOf(const QString& share, const QByteArray& path)
{
    return path.isEmpty() ? share : displayName(lastPart(path));
}

TopRow::Content rowOf(const contract::TopLink& link)
{
    if (link.share.isEmpty())
        return {TopLists::tr("Link %1").arg(link.id.left(6) + QStringLiteral("…")),
                TopLists::tr("not there any more"), link.use, 0, false};
    return {nameOf(link.share, link.path), link.note.isEmpty() ? folderOf(link.share, link.path) : link.note,
            link.use};
}

TopRow::Content rowOf(const contract::TopClient& client)
{
    return {client.address, {}, client.use};
}

TopRow::Content rowOf(const contract::TopFile& file)
{
    const QString name = nameOf(file.share, file.path);
    return {file.archive ? TopLists::tr("%1 (ZIP)").arg(name) : name, folderOf(file.share, file.path),
            file.use};
}

template<class Row>
std::vector<TopRow::Content> rowsOf(const std::vector<Row>& all)
{
    std::vector<TopRow::Content> rows;
    for (const Row& one : all)
        rows.push_back(rowOf(one));
    for (TopRow::Content& row : rows)
        row.part = static_cast<double>(row.use.bytes) /
                   static_cast<double>(std::max<std::int64_t>(1, rows.front().use.bytes));
    return rows;
}

} // namespace

TopRow::TopRow(Theme& theme) : theme_(theme)
{
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

QSize TopRow::sizeHint() const
{
    return {theme_.metrics().scaled(160), theme_.metrics().scaled(23)};
}

void TopRow::show(const Content& content)
{
    content_ = content;
    const QString whole =
        content.place.isEmpty() ? content.name : content.name + QStringLiteral(" – ") + content.place;
    // None: those that run, or were resumed, began before the span.
    const QString words = content.use.downloads > 0
                              ? tr("%1: %2, %n download(s)", nullptr, static_cast<int>(content.use.downloads))
                                    .arg(whole, formatSize(content.use.bytes))
                              : QStringLiteral("%1: %2").arg(whole, formatSize(content.use.bytes));
    setAccessibleName(words);
    setToolTip(words);
    setEnabled(content.opens);
    setCursor(content.opens ? Qt::PointingHandCursor : Qt::ArrowCursor);
    setVisible(true);
    update();
}

bool TopRow::event(QEvent* event)
{
    if (event->type() == QEvent::HoverEnter || event->type() == QEvent::HoverLeave)
        update();
    return QAbstractButton::event(event);
}

void TopRow::paintEvent(QPaintEvent*)
{
    const Palette& p = theme_.palette();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (isEnabled() && (underMouse() || isDown())) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(p.hover);
        painter.drawRoundedRect(rect(), 4, 4);
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(p.accent);
    const QRectF bar(4, height() - 3, std::max(2.0, (width() - 8) * content_.part), 2);
    painter.drawRoundedRect(bar, 1, 1);

    const QFont normal = theme_.font(theme_.metrics().text), small = theme_.font(theme_.metrics().secondary);
    const QFontMetrics wide(normal), narrow(small);
    QRect room = rect().adjusted(4, 0, -4, -4);
    painter.setFont(normal);
    painter.setPen(p.text);
    painter.drawText(room, Qt::AlignRight | Qt::AlignVCenter, formatSize(content_.use.bytes));
    room.setRight(room.right() -
                  std::max(wide.horizontalAdvance(formatSize(content_.use.bytes)),
                           wide.horizontalAdvance(QStringLiteral("888.8 MB"))) -
                  8);
    const QString count = content_.use.downloads > 0
                              ? QStringLiteral("%1×").arg(formatCount(content_.use.downloads))
                              : QString();
    painter.setFont(small);
    painter.setPen(p.textSecondary);
    painter.drawText(room, Qt::AlignRight | Qt::AlignVCenter, count);
    room.setRight(room.right() - narrow.horizontalAdvance(count) - 12);

    const QString name = wide.elidedText(content_.name, Qt::ElideMiddle, room.width());
    painter.setFont(normal);
    painter.setPen(isEnabled() ? p.text : p.textSecondary);
    painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter, name);
    room.setLeft(room.left() + wide.horizontalAdvance(name) + 8);
    if (!content_.place.isEmpty() && room.width() > wide.averageCharWidth() * 5) {
        painter.setFont(small);
        painter.setPen(p.textSecondary);
        painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter,
                         narrow.elidedText(content_.place, Qt::ElideMiddle, room.width()));
    }
    if (hasFocus()) {
        painter.setPen(QPen(p.accent, 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75), 4, 4);
    }
}

TopLists::TopLists(Theme& theme) : theme_(theme), grid_(new QGridLayout(this))
{
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setHorizontalSpacing(theme.metrics().margin);
    grid_->setVerticalSpacing(16);
    lists_ = {build(tr("Top links"), tr("Nothing was downloaded by a link in this time."), "topLinks"),
              build(tr("Top clients"), tr("Nobody downloaded anything in this time."), "topClients"),
              build(tr("Top files"), tr("No file was downloaded in this time."), "topFiles")};
    for (std::size_t i = 0; i < kRows; ++i) {
        connect(lists_[0].rows[i], &TopRow::clicked, this, [this, i] {
            if (i < page_.links.size())
                Q_EMIT linkChosen(page_.links[i].id);
        });
        connect(lists_[1].rows[i], &TopRow::clicked, this, [this, i] {
            if (i < page_.clients.size())
                Q_EMIT clientChosen(page_.clients[i].address);
        });
        connect(lists_[2].rows[i], &TopRow::clicked, this, [this, i] {
            if (i >= page_.files.size())
                return;
            const contract::TopFile& file = page_.files[i];
            Q_EMIT fileChosen(file.path.isEmpty() ? file.share.toUtf8() : lastPart(file.path));
        });
    }
    arrange(true);
    setVisible(false);
}

TopLists::List TopLists::build(const QString& title, const QString& nothing, const char* name)
{
    List list;
    list.widget = new QWidget;
    list.widget->setObjectName(QLatin1String(name));
    list.widget->setAccessibleName(title);
    auto* column = new QVBoxLayout(list.widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(label(title, "strong"));
    column->addSpacing(4);
    list.nothing = label(nothing, "secondary");
    list.nothing->setWordWrap(true);
    column->addWidget(list.nothing);
    for (TopRow*& row : list.rows) {
        row = new TopRow(theme_);
        row->setVisible(false);
        column->addWidget(row);
    }
    column->addStretch(1);
    return list;
}

void TopLists::fill(const List& list, const std::vector<TopRow::Content>& rows)
{
    for (std::size_t i = 0; i < list.rows.size(); ++i) {
        if (i < rows.size())
            list.rows[i]->show(rows[i]);
        else
            list.rows[i]->setVisible(false);
    }
    list.nothing->setVisible(rows.empty());
}

void TopLists::show(const contract::TopPage& page)
{
    page_ = page;
    fill(lists_[0], rowsOf(page.links));
    fill(lists_[1], rowsOf(page.clients));
    fill(lists_[2], rowsOf(page.files));
    setVisible(true);
}

void TopLists::arrange(bool beside)
{
    const int columns = beside ? 3 : 1;
    if (columns == columns_)
        return;
    columns_ = columns;
    // Five rows' height also where there are fewer, so that nothing jumps when one comes.
    const int height = theme_.metrics().scaled(23) * kRows + theme_.metrics().scaled(22);
    for (int i = 0; i < 3; ++i) {
        lists_[static_cast<std::size_t>(i)].widget->setMinimumHeight(beside ? height : 0);
        grid_->addWidget(lists_[static_cast<std::size_t>(i)].widget, i / columns, i % columns);
        grid_->setColumnStretch(i, i < columns ? 1 : 0);
    }
}

} // namespace spillway::ui
