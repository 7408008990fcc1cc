// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtWidgets/QFrame>

namespace spillway::ui {

/// Notices at the bottom of a widget, over its content: the newest at the bottom, at most three, never modal.
/// The time of one stands still while the pointer is over it or its button has the focus.
class Toasts final : public QObject
{
    Q_OBJECT
public:
    Toasts(QWidget& over, Theme& theme);

    void show(const Notice& notice);
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    class Toast;
    void drop(Toast* toast);
    void place();

    QWidget& over_;
    Theme& theme_;
    std::vector<Toast*> toasts_; ///< oldest first; children of over_
};

} // namespace spillway::ui
