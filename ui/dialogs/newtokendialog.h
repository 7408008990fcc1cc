// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtWidgets/QDialog>

class QCheckBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QStackedWidget;

namespace spillway::ui {

class PresetBox;

/// A token with what it may, for which shares and how long. Its text is shown in the same place, once: it
/// goes with the dialog.
class NewTokenDialog final : public QDialog
{
    Q_OBJECT
public:
    NewTokenDialog(Session& session, Theme& theme, QWidget* parent);

private:
    [[nodiscard]] QWidget* buildForm(Theme& theme);
    [[nodiscard]] QWidget* buildResult(Theme& theme);
    void showNeeds();
    void create();
    void say(const QString& text);
    void showToken(const contract::Token& token);

    Session& session_;
    QLineEdit* name_;
    std::vector<std::pair<QString, QCheckBox*>> scopes_;
    QCheckBox* allShares_;
    QListWidget* shares_;
    PresetBox* expiry_;
    QLabel* problem_;
    QPushButton* create_;
    QStackedWidget* stack_;
    QLabel* made_;
    QLineEdit* text_;
};

} // namespace spillway::ui
