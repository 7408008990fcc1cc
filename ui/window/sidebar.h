// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QtWidgets/QAbstractButton>
#include <QtWidgets/QWidget>

class QButtonGroup;
class QVBoxLayout;

namespace spillway::ui {

/// A page in the sidebar: icon, name, and a number where it has one.
class SidebarButton final : public QAbstractButton
{
    Q_OBJECT
public:
    SidebarButton(const char* iconName, const QString& name, Theme& theme);
    void setNumber(std::int64_t number); ///< 0: none is shown
    void setFolded(bool folded);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    const char* iconName_;
    Theme& theme_;
    std::int64_t number_ = 0;
    bool folded_ = false;
};

/// Names of pages from top to bottom; at the bottom the window's own menu. Folds to icons in a narrow window.
class Sidebar final : public QWidget
{
    Q_OBJECT
public:
    explicit Sidebar(Theme& theme);

    void addPage(const char* iconName, const QString& name); ///< Ctrl+1 and on jump to them
    void setCurrent(int page);
    void setNumber(int page, std::int64_t number);
    void setFolded(bool folded);
    [[nodiscard]] SidebarButton& menuButton() { return *menu_; }

Q_SIGNALS:
    void pageChosen(int page);

private:
    Theme& theme_;
    QVBoxLayout* column_;
    QButtonGroup* group_;
    SidebarButton* brand_;
    SidebarButton* menu_;
    std::vector<SidebarButton*> pages_;
};

} // namespace spillway::ui
