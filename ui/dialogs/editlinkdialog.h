// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtWidgets/QDialog>

class QLabel;
class QPushButton;
class QWidget;

namespace spillway::ui {

class LinkRulesForm;

/// The rules of a link that exists; they hold at once, also for downloads that run. Its address stays. Where
/// another changed it since the dialog was opened nothing is saved: the dialog says what the link is now, and
/// shows that or saves all the same.
class EditLinkDialog final : public QDialog
{
    Q_OBJECT
public:
    EditLinkDialog(Session& session, Theme& theme, const contract::Link& link, QWidget* parent);

private:
    void save();
    void say(const Error& error);
    void askWhatIsThere();
    void meetOther(const contract::Link& now);

    Session& session_;
    contract::Link link_; ///< as the fields began with it
    contract::Link now_;  ///< as another left it
    LinkRulesForm* rules_;
    QLabel* problem_;
    QWidget* choice_; ///< what to do about the other's change
    QPushButton* save_;
    QMetaObject::Connection asking_;
};

} // namespace spillway::ui
