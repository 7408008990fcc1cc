// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

class QLabel;
class QModelIndex;
class QSortFilterProxyModel;
class QStackedWidget;
class QTableView;
class QPushButton;

namespace spillway::ui {

class LinkDetails;

/// All links with their state; the selected one in detail beside the table.
class LinksPage final : public Page
{
    Q_OBJECT
public:
    LinksPage(Session& session, Theme& theme);

    void focusFilter() override;
    void filterBy(const QString& text) override;
    [[nodiscard]] QStringList selectedIds() const;
    void revokeSelected();
    void copySelected();
    void editSelected();
    void openEditor(const contract::Link& link);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void showState();
    void showSelection();
    void openMenu(const QPoint& at);
    [[nodiscard]] const contract::Link* linkAt(const QModelIndex& proxyIndex) const;

    QLineEdit* filter_;
    QPushButton* revoke_;
    QPushButton* copy_;
    QStackedWidget* stack_;
    QTableView* table_;
    QSortFilterProxyModel* proxy_;
    LinkDetails* details_;
};

} // namespace spillway::ui
