// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtWidgets/QDialog>

class QLabel;
class QPushButton;

namespace spillway::ui {

class LinkRulesForm;

/// The rules of a link that exists; they hold at once, also for downloads that run. Its address stays.
class EditLinkDialog final : public QDialog
{
    Q_OBJECT
public:
    EditLinkDialog(Session& session, Theme& theme, const contract::Link& link, QWidget* parent);

private:
    void save();
    void say(const Error& error);

    Session& session_;
    const contract::Link link_;
    LinkRulesForm* rules_;
    QLabel* problem_;
    QPushButton* save_;
};

} // namespace spillway::ui
