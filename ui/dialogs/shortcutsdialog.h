// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QtWidgets/QDialog>

namespace spillway::ui {

/// F1: what the keyboard does.
class ShortcutsDialog final : public QDialog
{
    Q_OBJECT
public:
    ShortcutsDialog(Theme& theme, int pages, QWidget* parent);
};

} // namespace spillway::ui
