// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

#include <QtWidgets/QMainWindow>

class QStackedWidget;

namespace spillway::ui {

class HeaderBar;
class Sidebar;
class Toasts;

/// The window: sidebar, header bar, pages, toasts. Files and folders may be dropped anywhere on it.
class MainWindow final : public QMainWindow
{
    Q_OBJECT
public:
    enum PageId
    {
        Overview,
        Shares,
        Links,
        Transfers,
        PageCount
    };

    MainWindow(Session& session, Theme& theme);

    void openPage(int page);
    [[nodiscard]] int currentPage() const;
    [[nodiscard]] Page& page(PageId id) const;
    [[nodiscard]] Sidebar& sidebar() { return *sidebar_; }

Q_SIGNALS:
    /// The person closes it; what that means is for the console to say. The window stays until then.
    void closeWanted();

protected:
    void closeEvent(QCloseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    class DropCover;
    void addPage(Page* page, const char* iconName);
    void makeShortcuts();
    void openNewLink(const QByteArray& target);
    void shareFolder();
    void shareFiles();
    void showNumbers();

    Session& session_;
    Theme& theme_;
    Sidebar* sidebar_;
    HeaderBar* header_;
    QStackedWidget* pages_;
    Toasts* toasts_;
    DropCover* cover_;
};

} // namespace spillway::ui
