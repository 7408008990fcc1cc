// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/reach.h"
#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QTimer>
#include <QtWidgets/QWidget>

class QLabel;

namespace spillway::ui {

/// Watches whether another device gets through to the server, and says so; after a while without any, what
/// may be in the way.
class ReachNote final : public QWidget
{
    Q_OBJECT
public:
    ReachNote(Session& session, Theme& theme);

    /// Begins to watch for those who open `url`.
    void watch(const QString& url);
    [[nodiscard]] Reach::State state() const { return state_; }

Q_SIGNALS:
    void changed(); ///< what it says, and how high it is

private:
    void tell(const Reach& reach);
    void paintIcon();

    Session& session_;
    Theme& theme_;
    QString url_;
    Reach::State state_ = Reach::State::Waiting;
    QElapsedTimer since_; ///< watch()
    QTimer everySecond_;
    QLabel* icon_;
    QLabel* text_;
};

} // namespace spillway::ui
