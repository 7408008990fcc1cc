// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/auditmodel.h"
#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtWidgets/QWidget>

class QLabel;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace spillway::ui {

/// Who changed what, newest first; more comes when the end is reached. "Verify" tells whether a line was
/// changed, removed or cut off.
class AuditView final : public QWidget
{
    Q_OBJECT
public:
    AuditView(Session& session, Theme& theme);

    void setFilter(const QString& text); ///< the server looks, over all entries
    void verify();
    [[nodiscard]] QTableView& table() { return *table_; }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void ask();
    void askMore();
    void showState();
    void showVerdict(const contract::AuditVerdict& verdict);

    Session& session_;
    AuditModel model_;
    QStackedWidget* stack_;
    QTableView* table_;
    QLabel* verdict_;
    QTimer again_, typed_;
    QString search_, next_;
    int round_ = 0; ///< of what is searched for: answers of older rounds are dropped
    bool known_ = false, askingMore_ = false;
};

} // namespace spillway::ui
