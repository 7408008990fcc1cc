// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/sidebar.h"

#include "ui/models/format.h"
#include "ui/style/icons.h"

#include <QtGui/QPainter>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QButtonGroup>

namespace spillway::ui {

namespace {

constexpr int kIcon = 16;
constexpr auto kBrand = "spillway";

} // namespace

SidebarButton::SidebarButton(const char* iconName, const QString& name, Theme& theme)
    : iconName_(iconName), theme_(theme)
{
    setText(name);
    setAccessibleName(name);
    setCheckable(true);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::TabFocus);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void SidebarButton::setNumber(std::int64_t number)
{
    if (number == number_)
        return;
    number_ = number;
    setAccessibleDescription(number > 0 ? formatCount(number) : QString());
    update();
}

void SidebarButton::setFolded(bool folded)
{
    folded_ = folded;
    setToolTip(folded ? text() : QString());
    update();
}

QSize SidebarButton::sizeHint() const
{
    return {theme_.metrics().sidebar, theme_.metrics().row + 4};
}

void SidebarButton::enterEvent(QEnterEvent*)
{
    update();
}

void SidebarButton::leaveEvent(QEvent*)
{
    update();
}

void SidebarButton::paintEvent(QPaintEvent*)
{
    const Palette& p = theme_.palette();
    const bool brand = iconName_ == kBrand;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRect area = rect().adjusted(8, 2, -8, -2);
    if (isChecked() || (underMouse() && isEnabled() && !brand)) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(isChecked() ? p.selected : p.hover);
        painter.drawRoundedRect(area, theme_.metrics().radius, theme_.metrics().radius);
    }
    if (hasFocus()) {
        painter.setPen(QPen(p.accent, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), theme_.metrics().radius,
                                theme_.metrics().radius);
    }
    const QColor ink = isChecked() ? p.text : p.textSecondary;
    const int size = brand ? 22 : kIcon;
    const int left = folded_ ? area.center().x() - size / 2 + 1 : area.left() + (brand ? 9 : 12);
    const QPixmap picture = iconPixmap(iconName_,
                                       brand         ? QColor()
                                       : isChecked() ? p.accent
                                                     : ink,
                                       size, devicePixelRatioF());
    painter.drawPixmap(left, area.center().y() - size / 2 + 1, picture);
    if (folded_)
        return;
    QRect words = area.adjusted(40, 0, -12, 0);
    if (number_ > 0) {
        const QString number = formatCount(number_);
        painter.setFont(theme_.font(theme_.metrics().secondary));
        painter.setPen(p.textSecondary);
        painter.drawText(words, Qt::AlignRight | Qt::AlignVCenter, number);
        words.setRight(words.right() - painter.fontMetrics().horizontalAdvance(number) - 8);
    }
    painter.setFont(
        theme_.font(brand ? theme_.metrics().text + 2 : theme_.metrics().text, brand || isChecked()));
    painter.setPen(brand ? p.text : ink);
    painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(text(), Qt::ElideRight, words.width()));
}

Sidebar::Sidebar(Theme& theme) : theme_(theme)
{
    setProperty("role", QLatin1String("side"));
    setAttribute(Qt::WA_StyledBackground);
    column_ = new QVBoxLayout(this);
    column_->setContentsMargins(0, 0, 0, 8);
    column_->setSpacing(0);
    brand_ = new SidebarButton(kBrand, QStringLiteral("Spillway"), theme);
    brand_->setCheckable(false);
    brand_->setAttribute(Qt::WA_TransparentForMouseEvents);
    brand_->setFocusPolicy(Qt::NoFocus);
    brand_->setFixedHeight(theme.metrics().header);
    column_->addWidget(brand_);
    column_->addSpacing(8);
    column_->addStretch(1);
    menu_ = new SidebarButton("view", tr("View"), theme);
    menu_->setCheckable(false);
    column_->addWidget(menu_);
    group_ = new QButtonGroup(this);
    connect(group_, &QButtonGroup::idClicked, this, &Sidebar::pageChosen);
    setFolded(false);
}

void Sidebar::addPage(const char* iconName, const QString& name)
{
    auto* made = new SidebarButton(iconName, name, theme_);
    group_->addButton(made, static_cast<int>(pages_.size()));
    column_->insertWidget(column_->count() - 2, made);
    pages_.push_back(made);
}

void Sidebar::setCurrent(int page)
{
    pages_[static_cast<std::size_t>(page)]->setChecked(true);
}

void Sidebar::setNumber(int page, std::int64_t number)
{
    pages_[static_cast<std::size_t>(page)]->setNumber(number);
}

void Sidebar::setFolded(bool folded)
{
    setFixedWidth(folded ? theme_.metrics().sidebarFolded : theme_.metrics().sidebar);
    brand_->setFolded(folded);
    menu_->setFolded(folded);
    for (SidebarButton* page : pages_)
        page->setFolded(folded);
}

} // namespace spillway::ui
