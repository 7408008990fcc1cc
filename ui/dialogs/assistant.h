// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtWidgets/QDialog>

class QButtonGroup;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;

namespace spillway::ui {

class QrView;
class ReachNote;

/// The first start: one folder (chosen or dropped), its name, who may see it; then a link that works, in the
/// clipboard and as a QR code, and whether another device gets through to it.
class Assistant final : public QDialog
{
    Q_OBJECT
public:
    Assistant(Session& session, Theme& theme, QWidget* parent);

    void setFolder(const QString& path);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    QWidget* buildQuestion();
    QWidget* buildResult();
    void choose();
    void share();
    void makeLink(const contract::Share& share);
    void showLink(const contract::Link& link);
    void makeRoom();
    void refuse(const Error& error);

    Session& session_;
    Theme& theme_;
    QString folder_;
    bool named_ = false; ///< the name was typed and stays when another folder is chosen
    QStackedWidget* stack_;
    QPushButton* choose_;
    QLineEdit* name_;
    QButtonGroup* who_;
    QLabel* problem_;
    QPushButton* share_;
    QLabel* made_;
    QrView* qr_;
    QLabel* address_;
    ReachNote* reach_;
    QString url_;
};

} // namespace spillway::ui
