// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/limits.h"
#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtWidgets/QDialog>

class QComboBox;
class QPushButton;

namespace spillway::ui {

class ScaleField;

/// A row of limits for one share, token, link or client. What else it limits is for the page.
class AddLimitDialog final : public QDialog
{
    Q_OBJECT
public:
    AddLimitDialog(Session& session, Theme& theme, QWidget* parent);

private:
    void fillSubjects();
    void showNeeds();
    void add();
    [[nodiscard]] contract::LimitLevel level() const;
    [[nodiscard]] QString subject() const;

    Session& session_;
    QComboBox* level_;
    QComboBox* subject_;
    ScaleField* bandwidth_;
    QPushButton* add_;
};

} // namespace spillway::ui
