// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

class QLabel;
class QPushButton;
class QSortFilterProxyModel;
class QStackedWidget;
class QTableView;

namespace spillway::ui {

/// Who is refused, why, and for how long; and who never is.
class BansPage final : public Page
{
    Q_OBJECT
public:
    BansPage(Session& session, Theme& theme);

    void focusFilter() override;
    void liftSelected();
    void openBan();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void showState();
    void openMenu(const QPoint& at);

    QLineEdit* filter_;
    QPushButton* lift_;
    QStackedWidget* stack_;
    QTableView* table_;
    QSortFilterProxyModel* proxy_;
    QLabel* rules_;
    QLabel* never_;
};

} // namespace spillway::ui
