// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtWidgets/QDialog>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;

namespace spillway::ui {

class PresetBox;

/// Bans one address, for a while or for ever, and ends what it takes now where that is wanted.
class BanDialog final : public QDialog
{
    Q_OBJECT
public:
    /// `address`: empty: the person says. `running`: connections of that address.
    BanDialog(Session& session, Theme& theme, const QString& address, const QStringList& running,
              QWidget* parent);

private:
    void ban();
    void say(const QString& text);

    Session& session_;
    const QStringList running_;
    QLineEdit* address_;
    PresetBox* time_;
    QLineEdit* reason_;
    QCheckBox* end_;
    QLabel* problem_;
    QPushButton* ban_;
};

} // namespace spillway::ui
