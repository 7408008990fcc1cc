// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/session.h"
#include "ui/style/theme.h"

#include <QtCore/QTimer>
#include <QtWidgets/QWidget>

class QBoxLayout;
class QHBoxLayout;
class QLineEdit;
class QVBoxLayout;

namespace spillway::ui {

/// One page of the window: a title, the page's controls beside it, and its content below. What it shows is
/// the Session's; a page holds no state that outlives it.
class Page : public QWidget
{
    Q_OBJECT
public:
    Page(const QString& title, Session& session, Theme& theme);

    [[nodiscard]] const QString& title() const { return title_; }
    virtual void focusFilter() {} ///< Ctrl+F
    virtual void filterBy(const QString& text) { Q_UNUSED(text) }
    virtual void newLink() {} ///< Ctrl+N, where the page has something selected; else the window's own

Q_SIGNALS:
    /// The window's dialogs, for pages without one of their own; an empty target: the dialog asks for it.
    void newLinkWanted(const QByteArray& target);
    void shareFolderWanted();
    void shareFilesWanted();

protected:
    [[nodiscard]] Session& session() { return session_; }
    [[nodiscard]] Theme& theme() { return theme_; }
    [[nodiscard]] QHBoxLayout& head() { return *head_; } ///< after the title, right-aligned
    /// Calls `refresh` whenever the page comes up, and every `interval` as long as it is seen.
    void refreshWhileShown(std::chrono::milliseconds interval, std::function<void()> refresh);
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    [[nodiscard]] QVBoxLayout& content() { return *content_; } ///< below, to the page's edges

private:
    const QString title_;
    Session& session_;
    Theme& theme_;
    QHBoxLayout* head_;
    QVBoxLayout* content_;
    QTimer refreshTimer_;
    std::function<void()> refresh_;
};

} // namespace spillway::ui
