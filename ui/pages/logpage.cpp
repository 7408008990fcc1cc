// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/logpage.h"

#include "ui/pages/accesslogview.h"
#include "ui/pages/auditview.h"
#include "ui/widgets/parts.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QStackedWidget>
#include <QtWidgets/QTabBar>

namespace spillway::ui {

LogPage::LogPage(Session& session, Theme& theme) : Page(tr("Log & audit"), session, theme)
{
    tabs_ = new QTabBar;
    tabs_->setObjectName(QStringLiteral("logTabs"));
    tabs_->setDrawBase(false);
    tabs_->setExpanding(false);
    tabs_->addTab(tr("Requests"));
    tabs_->addTab(tr("Changes"));
    filter_ = filterField(tr("Filter the log"), theme);
    follow_ = button(tr("Follow"), nullptr, theme);
    follow_->setObjectName(QStringLiteral("follow"));
    follow_->setCheckable(true);
    follow_->setChecked(true);
    export_ = button(tr("Export…"), nullptr, theme);
    verify_ = button(tr("Verify"), "check", theme);
    verify_->setObjectName(QStringLiteral("verify"));
    verify_->setToolTip(tr("Tell whether a line of the audit log was changed, removed or cut off"));
    head().addWidget(filter_);
    head().addWidget(follow_);
    head().addWidget(export_);
    head().addWidget(verify_);

    access_ = new AccessLogView(session, theme);
    audit_ = new AuditView(session, theme);
    stack_ = new QStackedWidget;
    stack_->addWidget(access_);
    stack_->addWidget(audit_);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(theme.metrics().margin - 8, 0, theme.metrics().margin, 8);
    row->addWidget(tabs_);
    row->addStretch(1);
    content().addLayout(row);
    content().addWidget(stack_, 1);

    connect(tabs_, &QTabBar::currentChanged, this, [this] { showTab(); });
    connect(filter_, &QLineEdit::textChanged, this, [this](const QString& text) {
        access_->setFilter(text);
        audit_->setFilter(text);
    });
    connect(follow_, &QPushButton::toggled, access_, &AccessLogView::setFollowing);
    connect(access_, &AccessLogView::followingChanged, follow_, &QPushButton::setChecked);
    connect(export_, &QPushButton::clicked, access_, &AccessLogView::exportShown);
    connect(verify_, &QPushButton::clicked, audit_, &AuditView::verify);
    showTab();
}

void LogPage::focusFilter()
{
    filter_->setFocus();
    filter_->selectAll();
}

void LogPage::filterBy(const QString& text)
{
    tabs_->setCurrentIndex(0);
    filter_->setText(text);
}

void LogPage::showTab()
{
    const bool requests = tabs_->currentIndex() == 0;
    stack_->setCurrentIndex(tabs_->currentIndex());
    follow_->setVisible(requests);
    export_->setVisible(requests);
    verify_->setVisible(!requests);
}

} // namespace spillway::ui
