// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/logmodel.h"
#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtWidgets/QWidget>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace spillway::ui {

/// The access log as it grows: asks once a second for what came since, while it is seen and not paused. A
/// value that is clicked becomes a filter, shown as a chip. Scrolling up pauses, so no line moves away from
/// under the eye.
class AccessLogView final : public QWidget
{
    Q_OBJECT
public:
    AccessLogView(Session& session, Theme& theme);

    void setFilter(const QString& text);
    void setFollowing(bool following);
    [[nodiscard]] bool isFollowing() const { return following_; }
    /// Only lines with this value in this column.
    void filterBy(LogModel::Columns column, const QString& value);
    /// Writes the lines that are shown into a file that the person chooses.
    void exportShown();
    [[nodiscard]] QTableView& table() { return *table_; }

Q_SIGNALS:
    void followingChanged(bool following);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void ask();
    void askOlder();
    void took(const contract::LogPage& page);
    void showState();
    void openMenu(const QPoint& at);

    Session& session_;
    Theme& theme_;
    LogModel model_;
    LogFilter filter_{model_};
    QStackedWidget* stack_;
    QTableView* table_;
    QHBoxLayout* chips_;
    QPushButton* older_;
    QTimer everySecond_;
    QString newest_, oldest_, format_;
    bool asking_ = false, following_ = true, jumping_ = false;
};

} // namespace spillway::ui
