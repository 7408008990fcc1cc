// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/liveuse.h"
#include "ui/models/transfergroupsmodel.h"
#include "ui/pages/page.h"

class QButtonGroup;
class QLabel;
class QMenu;
class QModelIndex;
class QPushButton;
class QSortFilterProxyModel;
class QStackedWidget;
class QTableView;

namespace spillway::ui {

class TransferDetails;

/// Who downloads what at this moment: each transfer, or summed up by client or by link; and what has ended.
/// Nothing moves under the pointer: while it is over the table, or a row is selected, the order is held.
class TransfersPage final : public Page
{
    Q_OBJECT
public:
    enum class View : int
    {
        Each,
        Clients,
        Links,
        Ended
    };

    TransfersPage(Session& session, Theme& theme);
    ~TransfersPage() override;

    void focusFilter() override;
    void filterBy(const QString& text) override;
    void setView(View view);
    void kickSelected();
    void banSelected();
    bool eventFilter(QObject* watched, QEvent* event) override;

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildHead();
    [[nodiscard]] QWidget* buildViews();
    [[nodiscard]] QWidget* buildTransfers();
    [[nodiscard]] QTableView* buildGroups();
    [[nodiscard]] QTableView* buildEnded();
    [[nodiscard]] View view() const;
    [[nodiscard]] bool grouped() const { return view() == View::Clients || view() == View::Links; }
    [[nodiscard]] QTableView& currentTable() const;
    [[nodiscard]] std::vector<contract::Transfer> selectedTransfers();
    [[nodiscard]] QHash<QString, QString> groupNames();
    void refreshLimits();
    void snapshotCame();
    void showGroups();
    void showState();
    void fitClients();
    void selectionChanged();
    void openMenu(const QPoint& at);
    void addLimits(QMenu& menu, const QString& title, contract::LimitLevel level, const QString& id);

    LiveUse use_;
    std::optional<bool> narrow_; ///< its columns are
    int clientsFit_ = 0;         ///< the column's width as fitClients() left it; 0: not yet
    TransferGroupsModel groupsModel_;
    QLineEdit* filter_;
    QLabel* sum_;
    QPushButton* kick_;
    QButtonGroup* views_;
    QStackedWidget* stack_;
    QTableView* table_;
    QTableView* groups_;
    QTableView* ended_;
    QSortFilterProxyModel* endedOrder_;
    TransferDetails* details_;
    bool hovered_ = false;
};

} // namespace spillway::ui
