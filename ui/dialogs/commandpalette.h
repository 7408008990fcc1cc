// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/settings.h"
#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtCore/QTimer>
#include <QtWidgets/QFrame>

class QLineEdit;
class QListWidget;

namespace spillway::ui {

/// One thing that the palette can find and do.
struct PaletteEntry
{
    const char* icon;
    QString title;
    QString kind; ///< shown at the right: "Page", "Link", …
    QString also; ///< searched, not shown
    std::function<void()> run;
};

/// Ctrl+K: one field over everything. Pages, actions, shares, links, clients that download now and settings
/// are found in what the window knows already; files by the server's index, as the words are typed. Enter, or
/// a click, does it. It lies over its window, deletes itself when it is left, and is no window of its own:
/// input methods and every compositor know what to do with that.
class CommandPalette final : public QFrame
{
    Q_OBJECT
public:
    /// `entries`: the pages and actions of the window, and whatever else is not in the session.
    CommandPalette(Session& session, Theme& theme, std::vector<PaletteEntry> entries, QWidget* window);

    static constexpr int kMost = 40; ///< entries that are listed

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void addSessionEntries();
    void search();
    void searchFiles();
    void fill(const std::vector<PaletteEntry>& files);
    void runCurrent();
    void step(int rows);
    void leave();

    Session& session_;
    Theme& theme_;
    std::vector<PaletteEntry> entries_;
    std::vector<PaletteEntry> shown_;
    QTimer typing_;
    QLineEdit* field_;
    QListWidget* list_;
};

/// How well an entry fits: 0 not at all; every word must be somewhere, and one at the start of a word counts
/// more.
[[nodiscard]] int paletteScore(const PaletteEntry& entry, const QString& text);

} // namespace spillway::ui
