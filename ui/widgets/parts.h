// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QtWidgets/QLabel>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QToolButton>
#include <functional>

class QBoxLayout;
class QDialog;
class QFormLayout;
class QFrame;
class QLineEdit;
class QScrollArea;
class QVBoxLayout;
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

/// What went wrong, in a dialog; hidden until something did.
[[nodiscard]] QLabel* problemLabel();
/// The form of a dialog: its rows have the same distances everywhere, and fields take the room.
[[nodiscard]] QFormLayout* dialogForm();
/// The end of a dialog: Cancel, which rejects it, and `main`, which Return presses. `words` stand before
/// them.
void addButtons(QBoxLayout& column, QDialog& dialog, QPushButton& main, Theme& theme,
                QLabel* words = nullptr);

/// A page's whole content, which scrolls where the window is too low for it.
[[nodiscard]] QScrollArea* scrolling(QWidget* inner);
/// Makes `side` the panel that tells about the row selected beside it; gives its column, empty.
[[nodiscard]] QVBoxLayout* setUpSide(QScrollArea& side, int spacing = 8);
/// A page's table with such a panel beside it.
[[nodiscard]] QWidget* besideTable(QWidget* table, QWidget* side, const Theme& theme);
/// Of a column that shows texts no wider than `sample`.
[[nodiscard]] int columnFor(const QFont& font, const QString& sample);

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
