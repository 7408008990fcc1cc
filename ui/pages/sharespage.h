// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/filesmodel.h"
#include "ui/pages/page.h"

#include <QtCore/QTimer>

class QLabel;
class QPushButton;
class QSortFilterProxyModel;
class QStackedWidget;
class QTableView;
class QToolButton;
class QTreeView;

namespace spillway::ui {

/// Shares and what is in them: the tree of folders, the files of the one that is open, and a search over all
/// names.
class SharesPage final : public Page
{
    Q_OBJECT
public:
    SharesPage(Session& session, Theme& theme);

    void focusFilter() override;
    void newLink() override;
    void openFolder(const QString& share, const QByteArray& path);
    void copySelected();
    void removeCurrentShare();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildHead();
    [[nodiscard]] QWidget* buildTree();
    [[nodiscard]] QWidget* buildFiles();
    void showShares();
    void showPath();
    void showActions();
    void list();
    void search();
    void openRow(const QModelIndex& index);
    void openFileMenu(const QPoint& at);
    void openTreeMenu(const QPoint& at);
    /// The selected rows, or the folder that is open where none is.
    [[nodiscard]] std::vector<QByteArray> targets() const;
    [[nodiscard]] QString currentShare() const { return share_; }

    QLineEdit* search_;
    QStackedWidget* stack_;
    QTreeView* tree_;
    FilesModel files_;
    QSortFilterProxyModel* proxy_;
    QTableView* table_;
    QWidget* crumbs_;
    QLabel* facts_;
    QLabel* hint_; ///< below the table: cut short, nothing found, cannot be read
    QPushButton* access_;
    QPushButton* copy_;
    QPushButton* rules_;
    QToolButton* more_;
    QTimer typing_;
    QString share_;
    QByteArray path_;
    std::uint64_t request_ = 0; ///< the latest; answers of others are too late
};

} // namespace spillway::ui
