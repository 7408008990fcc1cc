// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/settings.h"
#include "ui/style/theme.h"

#include <QtWidgets/QFrame>

class QBoxLayout;
class QLabel;
class QPushButton;

namespace spillway::ui {

class SettingField;

/// One setting: what it does in a sentence, its name, default and range below, its field at the right, and
/// what is to be said about it: changed and not saved, waiting for a restart, fixed from outside, refused.
/// Where there is little room the field goes below the words.
class SettingRow final : public QFrame
{
    Q_OBJECT
public:
    SettingRow(const contract::Setting& setting, Theme& theme);

    [[nodiscard]] const contract::Setting& setting() const { return setting_; }
    [[nodiscard]] QStringList value() const;
    [[nodiscard]] bool isDirty() const;          ///< changed here and not saved
    void show(const contract::Setting& setting); ///< as the server has it now; what was typed is gone
    /// Another changed it while something is typed here: that stays, what to do is said at the field, and
    /// the next save replaces the other's value.
    void meetOther(const contract::Setting& now);
    void discard();
    void setProblem(const QString& problem); ///< said at the field until the next edit; empty: none
    void focusField();

Q_SIGNALS:
    void edited();
    void confirmed();
    void resetWanted();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void describe();

    contract::Setting setting_;
    Theme& theme_;
    QBoxLayout* row_;
    QLabel* facts_;
    QLabel* state_;
    QPushButton* reset_;
    SettingField* field_;
    QString problem_;
};

} // namespace spillway::ui
