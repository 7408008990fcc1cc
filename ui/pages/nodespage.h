// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/pages/page.h"

class QLabel;

namespace spillway::ui {

class GaugeBar;
class ModeRow;

/// The node that this console drives, and its modes: what each turns off, the rule that wants it, how near
/// that is, and a switch. Asks for them every second while it is seen.
class NodesPage final : public Page
{
    Q_OBJECT
public:
    NodesPage(Session& session, Theme& theme);
    ~NodesPage() override;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* buildNode();
    void showNode();
    void showModes();

    QLabel* name_;
    QLabel* address_;
    QLabel* state_;
    QLabel* facts_;
    struct Load
    {
        QLabel* text = nullptr;
        GaugeBar* bar = nullptr;
    };
    std::array<Load, 3> loads_; ///< processor, memory, open files
    std::vector<ModeRow*> rows_;
    bool following_ = false;
};

} // namespace spillway::ui
