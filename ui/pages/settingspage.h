// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/settings.h"
#include "ui/pages/page.h"

#include <deque>

class QLabel;
class QListWidget;
class QPushButton;
class QScrollArea;

namespace spillway::ui {

class SettingRow;

/// Every setting of the server, made from what the server says of its table; before them what belongs to this
/// computer's window alone.
///
/// Nothing is saved while it is typed: changed rows are marked, a bar at the bottom says how many there are
/// and what needs a restart, and Save (or Enter) gives them to the server one by one. What it refuses stays
/// in its field with the reason.
class SettingsPage final : public Page
{
    Q_OBJECT
public:
    SettingsPage(Session& session, Theme& theme);

    void focusFilter() override;
    /// A group of its own before those of the server; takes the widget.
    void addGroup(const QString& title, QWidget* group);
    void showSetting(const QString& name); ///< opens its group and goes to its field
    [[nodiscard]] const std::vector<contract::Setting>& settings() const { return settings_; }
    void refresh();

Q_SIGNALS:
    /// The server shall end and start again, so that what waits for that holds.
    void restartWanted();
    void settingsChanged(); ///< they came, or came anew

protected:
    void showEvent(QShowEvent* event) override;

private:
    struct Group
    {
        QString title;
        QLabel* heading = nullptr;
        QWidget* own = nullptr; ///< of this computer; else null
        std::vector<SettingRow*> rows;
    };
    struct Saving;
    QWidget* buildPending();
    QWidget* buildSaveBar();
    void take(contract::SettingList list);
    void buildRows();
    void buildSome();
    void fillGroups();
    void showGroup();
    void showChanges();
    void save();
    void saveNext(const std::shared_ptr<Saving>& saving);
    void meetOther(SettingRow* row);
    void saved(const Saving& saving);
    void reset(SettingRow& row);
    void put(const contract::Setting& setting);
    /// Each where its version is still the one it has here: what another changed since stays.
    void putBack(const std::vector<contract::Setting>& before);
    [[nodiscard]] SettingRow* row(const QString& name) const;

    std::vector<contract::Setting> settings_;
    std::vector<Group> groups_;
    std::size_t ownGroups_ = 0; ///< the first of groups_
    QString wanted_;            ///< a setting to go to when the settings are there
    std::deque<std::pair<std::size_t, std::size_t>> missing_; ///< rows not built yet: group, setting
    bool saving_ = false;
    QLineEdit* filter_;
    QListWidget* list_;
    QScrollArea* scroll_;
    QVBoxLayout* rows_;
    QLabel* nothing_;
    QLabel* file_;
    QWidget* pending_;
    QLabel* pendingText_;
    QWidget* saveBar_;
    QLabel* saveText_;
    QPushButton* save_;
};

} // namespace spillway::ui
