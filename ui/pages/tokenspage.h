// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

class QPushButton;
class QSortFilterProxyModel;
class QStackedWidget;
class QTableView;

namespace spillway::ui {

/// The API tokens: who may what, until when, and when it was last used.
class TokensPage final : public Page
{
    Q_OBJECT
public:
    TokensPage(Session& session, Theme& theme);

    void focusFilter() override;
    void openNew();
    /// Asks first, naming what is lost: nobody can bring a token back.
    void revokeSelected();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    [[nodiscard]] std::vector<contract::Token> selectedActive();
    void showState();
    void openMenu(const QPoint& at);

    QLineEdit* filter_;
    QPushButton* revoke_;
    QStackedWidget* stack_;
    QTableView* table_;
    QSortFilterProxyModel* proxy_;
};

} // namespace spillway::ui
