// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/settingspage.h"

#include "ui/models/format.h"
#include "ui/models/settingtext.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/settingrow.h"

#include <QtCore/QTimer>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QLineEdit>
#include <QtWidgets/QListWidget>
#include <QtWidgets/QScrollArea>

namespace spillway::ui {

namespace {

constexpr int kRowsAtOnce = 2;

} // namespace

SettingsPage::SettingsPage(Session& session, Theme& theme) : Page(tr("Settings"), session, theme)
{
    const int margin = theme.metrics().margin;
    filter_ = filterField(tr("Search settings"), theme);
    head().addWidget(filter_);

    list_ = new QListWidget;
    list_->setObjectName(QStringLiteral("groups"));
    list_->setAccessibleName(tr("Groups of settings"));
    list_->setFixedWidth(theme.metrics().text * 15);
    list_->setProperty("role", QLatin1String("nav"));
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    auto* inner = new QWidget;
    rows_ = new QVBoxLayout(inner);
    rows_->setContentsMargins(8, 0, margin, margin);
    rows_->setSpacing(0);
    nothing_ = label({}, "secondary");
    nothing_->setAlignment(Qt::AlignCenter);
    nothing_->setContentsMargins(0, 48, 0, 0);
    rows_->addWidget(nothing_);
    file_ = label({}, "small");
    file_->setWordWrap(true);
    file_->setContentsMargins(16, 16, 0, 0);
    file_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    rows_->addWidget(file_);
    rows_->addStretch(1);
    scroll_ = scrolling(inner);

    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(buildPending());
    right->addWidget(scroll_, 1);
    right->addWidget(buildSaveBar());
    auto* body = new QHBoxLayout;
    body->setContentsMargins(margin - 8, 0, 0, 0);
    body->setSpacing(8);
    body->addWidget(list_);
    body->addLayout(right, 1);
    content().addLayout(body);

    connect(filter_, &QLineEdit::textChanged, this, [this] { showGroup(); });
    connect(list_, &QListWidget::currentRowChanged, this, [this] {
        filter_->clear();
        scroll_->ensureVisible(0, 0);
        showGroup();
    });
    showGroup();
    showChanges();
}

QWidget* SettingsPage::buildPending()
{
    auto* bar = new QFrame;
    bar->setProperty("role", QLatin1String("card"));
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(16, 8, 8, 8);
    pendingText_ = label({});
    pendingText_->setWordWrap(true);
    row->addWidget(pendingText_, 1);
    QPushButton* restart = button(tr("Restart now"), "undo", theme());
    restart->setObjectName(QStringLiteral("restart"));
    // A server elsewhere is restarted where it was started.
    restart->setVisible(session().client().sharesOurFiles());
    row->addWidget(restart);
    connect(restart, &QPushButton::clicked, this, &SettingsPage::restartWanted);
    pending_ = new QWidget;
    auto* around = new QVBoxLayout(pending_);
    around->setContentsMargins(8, 0, theme().metrics().margin, 8);
    around->addWidget(bar);
    return pending_;
}

QWidget* SettingsPage::buildSaveBar()
{
    saveBar_ = new QWidget;
    saveBar_->setProperty("role", QLatin1String("side"));
    saveBar_->setAttribute(Qt::WA_StyledBackground);
    auto* column = new QVBoxLayout(saveBar_);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(line());
    auto* row = new QHBoxLayout;
    row->setContentsMargins(24, 8, theme().metrics().margin, 8);
    row->setSpacing(8);
    saveText_ = label({});
    saveText_->setWordWrap(true);
    QPushButton* discard = button(tr("Discard"), nullptr, theme());
    discard->setObjectName(QStringLiteral("discard"));
    save_ = primaryButton(tr("Save"), "check", theme());
    save_->setObjectName(QStringLiteral("save"));
    row->addWidget(saveText_, 1);
    row->addWidget(discard);
    row->addWidget(save_);
    column->addLayout(row);
    connect(save_, &QPushButton::clicked, this, [this] { save(); });
    connect(discard, &QPushButton::clicked, this, [this] {
        for (const Group& group : groups_)
            for (SettingRow* one : group.rows)
                if (one->isDirty())
                    one->discard();
        showChanges();
    });
    return saveBar_;
}

void SettingsPage::addGroup(const QString& title, QWidget* group)
{
    rows_->insertWidget(static_cast<int>(ownGroups_), group);
    groups_.insert(groups_.begin() + static_cast<std::ptrdiff_t>(ownGroups_),
                   Group{title, nullptr, group, {}});
    ++ownGroups_;
    fillGroups();
}

void SettingsPage::focusFilter()
{
    filter_->setFocus();
    filter_->selectAll();
}

void SettingsPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    refresh();
}

void SettingsPage::refresh()
{
    session().client().run<contract::ListSettings>(this, {}, [this](Result<contract::SettingList> list) {
        if (list)
            return take(std::move(*list));
        if (settings_.empty()) {
            nothing_->setText(QString::fromStdString(list.error().message));
            nothing_->show();
        }
    });
}

void SettingsPage::take(contract::SettingList list)
{
    const bool same = list.settings.size() == settings_.size() &&
                      std::equal(settings_.begin(), settings_.end(), list.settings.begin(),
                                 [](const auto& one, const auto& other) { return one.name == other.name; });
    settings_ = std::move(list.settings);
    // A page that nobody has seen yet has no rows; what is known is known.
    if (groups_.size() == ownGroups_ && !isVisible()) {
        Q_EMIT settingsChanged();
        return;
    }
    file_->setText(tr("Kept in %1; what you wrote there stays.").arg(displayName(list.file)));
    if (!same || groups_.size() == ownGroups_)
        buildRows();
    else
        for (const contract::Setting& setting : settings_)
            put(setting);
    showChanges();
    Q_EMIT settingsChanged();
    if (!wanted_.isEmpty() && missing_.empty())
        showSetting(std::exchange(wanted_, {}));
}

void SettingsPage::buildRows()
{
    for (std::size_t i = ownGroups_; i < groups_.size(); ++i) {
        delete groups_[i].heading;
        for (SettingRow* one : groups_[i].rows)
            delete one;
    }
    groups_.resize(ownGroups_);
    saving_ = false; // its rows are gone, and its answers with them
    missing_.clear();
    const int at = rows_->indexOf(nothing_);
    for (const SettingGroup& group : groupSettings(settings_)) {
        Group made{group.title, label(group.title, "strong"), nullptr, {}};
        made.heading->setContentsMargins(16, 16, 0, 4);
        made.heading->hide();
        rows_->insertWidget(at + static_cast<int>(groups_.size() - ownGroups_), made.heading);
        for (const int member : group.members)
            missing_.emplace_back(groups_.size(), static_cast<std::size_t>(member));
        groups_.push_back(std::move(made));
    }
    buildSome();
    fillGroups();
}

/// A few rows at a time: a hundred at once would hold up the window for a tenth of a second.
void SettingsPage::buildSome()
{
    for (int i = 0; i < kRowsAtOnce && !missing_.empty(); ++i) {
        const auto [place, member] = missing_.front();
        missing_.pop_front();
        Group& group = groups_[place];
        auto* one = new SettingRow(settings_[member], theme());
        one->hide();
        connect(one, &SettingRow::edited, this, [this] { showChanges(); });
        connect(one, &SettingRow::confirmed, this, [this] { save(); });
        connect(one, &SettingRow::resetWanted, this, [this, one] { reset(*one); });
        QWidget* before = group.rows.empty() ? static_cast<QWidget*>(group.heading) : group.rows.back();
        rows_->insertWidget(rows_->indexOf(before) + 1, one);
        group.rows.push_back(one);
        // Else all of them were, in the moment in which a search shows them.
        one->ensurePolished();
        for (QWidget* part : one->findChildren<QWidget*>())
            part->ensurePolished();
    }
    if (!missing_.empty())
        return QTimer::singleShot(0, this, [this] { buildSome(); });
    showGroup();
    showChanges();
    if (!wanted_.isEmpty())
        showSetting(std::exchange(wanted_, {}));
}

void SettingsPage::fillGroups()
{
    const int current = std::max(0, list_->currentRow());
    {
        const QSignalBlocker quiet(list_);
        list_->clear();
        for (const Group& group : groups_)
            list_->addItem(group.title);
        list_->setCurrentRow(std::min(current, list_->count() - 1));
    }
    showGroup();
}

void SettingsPage::showGroup()
{
    const QString text = filter_->text().trimmed();
    bool any = false, ofServer = false;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
        const Group& group = groups_[i];
        const bool current = text.isEmpty() && static_cast<int>(i) == list_->currentRow();
        if (group.own)
            group.own->setVisible(current);
        any = any || (group.own && current);
        bool inGroup = false;
        for (SettingRow* one : group.rows) {
            const bool shown = text.isEmpty() ? current : matchesSetting(one->setting(), text);
            one->setVisible(shown);
            inGroup = inGroup || shown;
        }
        if (group.heading)
            group.heading->setVisible(inGroup && !text.isEmpty());
        any = any || inGroup;
        ofServer = ofServer || inGroup;
    }
    if (!settings_.empty())
        nothing_->setText(tr("No setting has “%1” in its name or description.").arg(text));
    nothing_->setVisible(!any && !nothing_->text().isEmpty());
    file_->setVisible(ofServer);
}

void SettingsPage::showSetting(const QString& name)
{
    SettingRow* wanted = row(name);
    if (!wanted) {
        wanted_ = groups_.size() == ownGroups_ || !missing_.empty() ? name : QString();
        return;
    }
    for (std::size_t i = 0; i < groups_.size(); ++i)
        if (std::find(groups_[i].rows.begin(), groups_[i].rows.end(), wanted) != groups_[i].rows.end())
            list_->setCurrentRow(static_cast<int>(i));
    filter_->clear();
    rows_->activate();
    scroll_->ensureWidgetVisible(wanted, 0, 48);
    wanted->focusField();
}

SettingRow* SettingsPage::row(const QString& name) const
{
    for (const Group& group : groups_)
        for (SettingRow* one : group.rows)
            if (one->setting().name == name)
                return one;
    return nullptr;
}

void SettingsPage::showChanges()
{
    int dirty = 0, restarts = 0, pending = 0;
    for (const Group& group : groups_) {
        for (const SettingRow* one : group.rows) {
            dirty += one->isDirty() ? 1 : 0;
            restarts += one->isDirty() && one->setting().needsRestart ? 1 : 0;
            pending += one->setting().pending ? 1 : 0;
        }
    }
    saveBar_->setVisible(dirty > 0);
    save_->setEnabled(!saving_);
    QString text = tr("%n change(s) not saved", nullptr, dirty);
    if (restarts > 0)
        text += QStringLiteral(" · ") + tr("%n will hold after a restart", nullptr, restarts);
    saveText_->setText(text);
    pending_->setVisible(pending > 0);
    pendingText_->setText(
        session().client().sharesOurFiles()
            ? tr("%n saved change(s) hold after a restart. Running downloads are finished first.", nullptr,
                 pending)
            : tr("%n saved change(s) hold after a restart of the server.", nullptr, pending));
}

// Saving, one setting after the other, so that each refusal belongs to its field.

struct SettingsPage::Saving
{
    std::vector<SettingRow*> left;
    std::vector<contract::Setting> before; ///< of those that were saved
    int refused = 0;
};

void SettingsPage::save()
{
    if (saving_)
        return;
    auto saving = std::make_shared<Saving>();
    for (const Group& group : groups_)
        for (SettingRow* one : group.rows)
            if (one->isDirty())
                saving->left.push_back(one);
    if (saving->left.empty())
        return;
    saving_ = true;
    showChanges();
    saveNext(saving);
}

void SettingsPage::saveNext(const std::shared_ptr<Saving>& saving)
{
    if (saving->left.empty())
        return saved(*saving);
    SettingRow* one = saving->left.front();
    session().client().run<contract::SetSetting>(
        one, {one->setting().name, one->value(), one->setting().version},
        [this, saving, one](const Result<contract::Setting>& setting) {
            saving->left.erase(saving->left.begin());
            if (setting) {
                saving->before.push_back(one->setting());
                saving->before.back().version = setting->version;
                one->show(*setting);
            } else {
                ++saving->refused;
                one->setProblem(QString::fromStdString(setting.error().message));
                if (setting.error().code == ErrorCode::Stale)
                    meetOther(one);
                if (saving->refused == 1) {
                    scroll_->ensureWidgetVisible(one, 0, 48);
                    one->focusField();
                }
            }
            saveNext(saving);
        });
}

void SettingsPage::meetOther(SettingRow* row)
{
    session().client().run<contract::ListSettings>(row, {}, [row](const Result<contract::SettingList>& list) {
        if (!list)
            return;
        for (const contract::Setting& now : list->settings)
            if (now.name == row->setting().name)
                row->meetOther(now);
    });
}

void SettingsPage::saved(const Saving& saving)
{
    saving_ = false;
    showChanges();
    refresh();
    if (saving.before.empty())
        return;
    Q_EMIT session().notice({tr("%n setting(s) saved", nullptr, static_cast<int>(saving.before.size())),
                             tr("Undo"), [this, before = saving.before] { putBack(before); },
                             Session::kUndo});
}

void SettingsPage::reset(SettingRow& row)
{
    const contract::Setting before = row.setting();
    session().client().run<contract::ResetSetting>(
        &row, {before.name, before.version},
        [this, &row, before = before](const Result<contract::Setting>& setting) mutable {
            if (!setting) {
                refresh();
                return row.setProblem(QString::fromStdString(setting.error().message));
            }
            before.version = setting->version;
            row.show(*setting);
            showChanges();
            Q_EMIT session().notice({tr("%1 is back to its default").arg(before.name), tr("Undo"),
                                     [this, before] { putBack({before}); }, Session::kUndo});
        });
}

void SettingsPage::put(const contract::Setting& setting)
{
    // What is being typed stays.
    if (SettingRow* known = row(setting.name); known && !known->isDirty() && known->setting() != setting)
        known->show(setting);
}

void SettingsPage::putBack(const std::vector<contract::Setting>& before)
{
    for (const contract::Setting& setting : before) {
        const auto done = [this](const Result<contract::Setting>& now) {
            if (now)
                put(*now);
            else
                session().failed(now.error());
            showChanges();
        };
        if (setting.secret)
            continue; // nobody knows what it was
        if (setting.origin == contract::Setting::Origin::File)
            session().client().run<contract::SetSetting>(this, {setting.name, setting.value, setting.version},
                                                         done);
        else
            session().client().run<contract::ResetSetting>(this, {setting.name, setting.version}, done);
    }
}

} // namespace spillway::ui
