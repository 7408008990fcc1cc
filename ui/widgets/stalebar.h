// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtCore/QElapsedTimer>
#include <QtWidgets/QWidget>

class QLabel;
class QPushButton;

namespace spillway::ui {

/// A line below the header while the server elsewhere does not answer: why, how old what is shown is, and
/// what to do. Greys `content` meanwhile.
class StaleBar final : public QWidget
{
    Q_OBJECT
public:
    StaleBar(Session& session, Theme& theme, QWidget& content);

Q_SIGNALS:
    /// The token or the certificate is the reason: ask for it.
    void mendWanted();

private:
    void showState();
    void showAge();

    Session& session_;
    QWidget& content_;
    QLabel* text_;
    QPushButton* mend_;
    QElapsedTimer since_; ///< the last snapshot
    QTimer everySecond_;
};

} // namespace spillway::ui
