// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QToolButton>
#include <functional>

class QFrame;
class QLineEdit;
class QTableView;
class QTreeView;

// Small parts that pages are made of, in the window's style. Icons are coloured anew when the theme changes.
namespace spillway::ui {

[[nodiscard]] QLabel* label(const QString& text, const char* role = nullptr);
[[nodiscard]] QPushButton* button(const QString& text, const char* iconName, Theme& theme);
[[nodiscard]] QPushButton* primaryButton(const QString& text, const char* iconName, Theme& theme);
[[nodiscard]] QPushButton* flatButton(const QString& text, const char* iconName, Theme& theme);
/// `name` is what a screen reader says and a tool tip shows.
[[nodiscard]] QToolButton* iconButton(const char* iconName, const QString& name, Theme& theme);
[[nodiscard]] QLineEdit* filterField(const QString& placeholder, Theme& theme);
/// Shows at a field that what it holds is wrong, and why; an empty reason takes that back.
void markField(QWidget& field, const QString& reason);
[[nodiscard]] QFrame* line(); ///< horizontal, one pixel
[[nodiscard]] QFrame* verticalLine();

/// The colour that an icon has in its place.
enum class Ink : std::uint8_t
{
    Text,
    Secondary,
    Accent,
    OnAccent,
    Bad
};
[[nodiscard]] QColor inkColor(const Palette& palette, Ink ink);
/// Gives `button` the icon now and after each change of theme.
void setThemedIcon(QAbstractButton& button, const char* iconName, Ink ink, Theme& theme);

/// Rows, header, selection and delegate as every table of the window has them.
void setUpTable(QTableView& table, Theme& theme);
void setUpTree(QTreeView& tree, Theme& theme);

/// What a page shows where it has nothing: an icon, a sentence that says what the page is for, and its main
/// action.
class EmptyState final : public QWidget
{
    Q_OBJECT
public:
    EmptyState(const char* iconName, const QString& title, const QString& text, QPushButton* action,
               Theme& theme);
};

} // namespace spillway::ui
