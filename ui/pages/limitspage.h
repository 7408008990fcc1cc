// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/liveuse.h"
#include "ui/pages/page.h"

class QLabel;
class QModelIndex;
class QPushButton;
class QTreeView;

namespace spillway::ui {

class LimitDetails;
class ScaleField;

/// How much may go out: for the whole server, for each share, token, link, client and connection, and for
/// single ones of them. A slider works at once, and its bar shows what goes out there now.
class LimitsPage final : public Page
{
    Q_OBJECT
public:
    LimitsPage(Session& session, Theme& theme);

    void select(contract::LimitLevel level, const QString& id);
    void openAdd();
    void removeSelected();
    /// The slider of one row; null where it has none.
    [[nodiscard]] ScaleField* sliderOf(contract::LimitLevel level, const QString& id);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildTree();
    void addSliders(const QModelIndex& parent, int first, int last);
    void showRow(const QModelIndex& index);
    void showLevels();
    void showRows(const QModelIndex& parent, int first, int last);
    void refresh();
    void snapshotCame();
    void showSelection();
    void openMenu(const QPoint& at);

    LiveUse use_;
    QLabel* line_;
    QPushButton* remove_;
    QTreeView* tree_;
    LimitDetails* details_;
};

} // namespace spillway::ui
