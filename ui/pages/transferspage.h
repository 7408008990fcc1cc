// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

class QLabel;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace spillway::ui {

/// Who downloads what at this moment. Nothing moves under the pointer: while it is over the table, or a row
/// is selected, the order is held.
class TransfersPage final : public Page
{
    Q_OBJECT
public:
    TransfersPage(Session& session, Theme& theme);
    ~TransfersPage() override;

    void focusFilter() override;
    void filterBy(const QString& text) override;
    void kickSelected();
    bool eventFilter(QObject* watched, QEvent* event) override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void showState();
    void hold();
    void openMenu(const QPoint& at);

    QLineEdit* filter_;
    QLabel* sum_;
    QPushButton* kick_;
    QStackedWidget* stack_;
    QTableView* table_;
    bool hovered_ = false;
};

} // namespace spillway::ui
