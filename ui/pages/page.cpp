// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/page.h"

#include "ui/widgets/parts.h"

#include <QtWidgets/QBoxLayout>

namespace spillway::ui {

Page::Page(const QString& title, Session& session, Theme& theme)
    : title_(title), session_(session), theme_(theme)
{
    const int margin = theme.metrics().margin;
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    head_ = new QHBoxLayout;
    head_->setContentsMargins(margin, 16, margin, 16);
    head_->setSpacing(8);
    head_->addWidget(label(title, "title"));
    head_->addStretch(1);
    column->addLayout(head_);
    content_ = new QVBoxLayout;
    content_->setContentsMargins(0, 0, 0, 0);
    content_->setSpacing(0);
    column->addLayout(content_, 1);
}

void Page::refreshWhileShown(std::chrono::milliseconds interval, std::function<void()> refresh)
{
    refresh_ = std::move(refresh);
    refreshTimer_.setInterval(interval);
    refreshTimer_.callOnTimeout(this, refresh_);
}

void Page::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (!refresh_)
        return;
    refresh_();
    refreshTimer_.start();
}

void Page::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    refreshTimer_.stop();
}

} // namespace spillway::ui
