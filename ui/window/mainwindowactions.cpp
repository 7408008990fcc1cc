// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/assistant.h"
#include "ui/dialogs/commandpalette.h"
#include "ui/dialogs/shortcutsdialog.h"
#include "ui/models/format.h"
#include "ui/models/settingtext.h"
#include "ui/pages/settingspage.h"
#include "ui/pages/sharespage.h"
#include "ui/window/mainwindow.h"

#include <algorithm>

// The part of MainWindow that opens what lies over its pages: the palette with all that it can find, the list
// of shortcuts, the first start's assistant.
namespace spillway::ui {

SettingsPage& MainWindow::settingsPage() const
{
    return static_cast<SettingsPage&>(page(Settings));
}

void MainWindow::openSetting(const QString& name)
{
    openPage(Settings);
    settingsPage().showSetting(name);
}

void MainWindow::openPalette()
{
    if (!findChild<CommandPalette*>())
        new CommandPalette(session_, theme_, paletteEntries(), this);
}

void MainWindow::openActivity(const QString& text, const QString& inLog)
{
    const auto& running = session_.live().running.transfers;
    const bool runs = std::any_of(running.begin(), running.end(), [&text](const contract::Transfer& one) {
        return one.client == text || displayName(one.path).contains(text, Qt::CaseInsensitive);
    });
    openPage(runs ? Transfers : Log);
    page(runs ? Transfers : Log).filterBy(runs ? text : inLog);
}

void MainWindow::openShortcuts()
{
    auto* dialog = new ShortcutsDialog(theme_, PageCount, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::openAssistant()
{
    auto* dialog = new Assistant(session_, theme_, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

std::vector<PaletteEntry> MainWindow::paletteEntries()
{
    std::vector<PaletteEntry> entries;
    const auto add = [&entries](const char* icon, const QString& title, const QString& kind,
                                std::function<void()> run, const QString& also = {}) {
        entries.push_back({icon, title, kind, also, std::move(run)});
    };
    for (int id = 0; id < PageCount; ++id)
        add("open", page(static_cast<PageId>(id)).title(), tr("Page"), [this, id] { openPage(id); });
    const QString action = tr("Action");
    add("plus", tr("New link…"), action, [this] { openNewLink({}); });
    add("folder-add", tr("Share a folder…"), action, [this] { shareFolder(); });
    add("file", tr("Share files…"), action, [this] { shareFiles(); });
    add("copy", tr("Copy the server's address"), action, [this] {
        session_.copyText(session_.status().publicUrl, tr("The server's address is in the clipboard"));
    });
    const contract::ModeState* paused = session_.modes().find(QStringLiteral("paused"));
    const bool isPaused = paused && paused->active;
    add("pulse", isPaused ? tr("Resume downloads") : tr("Pause new downloads"), action, [this, isPaused] {
        session_.modes().set(QStringLiteral("paused"),
                             isPaused ? QStringLiteral("off") : QStringLiteral("on"));
    });
    add("settings", tr("Keyboard shortcuts"), action, [this] { openShortcuts(); });
    for (const contract::Share& share : session_.shares())
        add("folder", share.name, tr("Share"), [this, name = share.name] {
            openPage(Shares);
            static_cast<SharesPage&>(page(Shares)).openFolder(name, {});
        });
    QStringList clients;
    for (const contract::Transfer& transfer : session_.live().running.transfers)
        if (!clients.contains(transfer.client) && clients.size() < CommandPalette::kMost)
            clients += transfer.client;
    for (const QString& client : clients)
        add("transfers", client, tr("Downloads now"), [this, client] {
            openPage(Transfers);
            page(Transfers).filterBy(client);
        });
    for (const contract::Setting& setting : settingsPage().settings())
        add(
            "settings", settingSentence(setting.help), tr("Setting"),
            [this, name = setting.name] { openSetting(name); },
            setting.name + QLatin1Char(' ') + setting.help + QLatin1Char(' ') +
                setting.value.join(QLatin1Char(' ')));
    return entries;
}

} // namespace spillway::ui
