// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

class QPushButton;
class QStackedWidget;
class QTabBar;

namespace spillway::ui {

class AccessLogView;
class AuditView;

/// What happened: the access log as it grows, and who changed what.
class LogPage final : public Page
{
    Q_OBJECT
public:
    LogPage(Session& session, Theme& theme);

    void focusFilter() override;
    void filterBy(const QString& text) override;
    [[nodiscard]] AccessLogView& access() { return *access_; }
    [[nodiscard]] AuditView& audit() { return *audit_; }

private:
    void showTab();

    QTabBar* tabs_;
    QLineEdit* filter_;
    QPushButton *follow_, *export_, *verify_;
    QStackedWidget* stack_;
    AccessLogView* access_;
    AuditView* audit_;
};

} // namespace spillway::ui
