// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

#include <QtWidgets/QMainWindow>

class QMenu;
class QStackedWidget;

namespace spillway::ui {

class HeaderBar;
class SettingsPage;
class Sidebar;
class Toasts;
struct PaletteEntry;

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
        Limits,
        Tokens,
        Bans,
        // What the server does and how it is set
        Nodes,
        Log,
        Settings,
        PageCount
    };

    MainWindow(Session& session, Theme& theme);

    void openPage(int page);
    [[nodiscard]] int currentPage() const;
    [[nodiscard]] Page& page(PageId id) const;
    [[nodiscard]] Sidebar& sidebar() { return *sidebar_; }
    [[nodiscard]] SettingsPage& settingsPage() const;
    void openSetting(const QString& name); ///< its page, with the field ready to be typed in
    void openPalette();
    void openShortcuts();
    /// What a first start shows.
    void openAssistant();
    /// The name of the server that is shown, and the menu to choose another; null: there is no choice.
    void setServer(const QString& name, QMenu* menu);

Q_SIGNALS:
    /// The person closes it; what that means is for the console to say. The window stays until then.
    void closeWanted();
    void restartWanted(); ///< the server shall end and start again
    /// The server elsewhere wants a token, or has a certificate that is not known.
    void mendServerWanted();

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
    [[nodiscard]] std::vector<PaletteEntry> paletteEntries();
    void openNewLink(const QByteArray& target);
    /// The transfers that have this text in them where some run, else the log's lines with `inLog`.
    void openActivity(const QString& text, const QString& inLog);
    void shareFolder();
    void shareElsewhere(bool file);
    [[nodiscard]] QString refusalOfDrops() const;
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
