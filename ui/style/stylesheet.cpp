// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/theme.h"

namespace spillway::ui {

namespace {

// @name is a colour of the palette, %name a size.
constexpr auto kSheet = R"(
QToolTip { background: @toast; color: @onToast; border: none; padding: 4px 8px; }
QLabel[role="title"] { font-size: %titlepx; font-weight: 600; }
QLabel[role="secondary"] { color: @secondary; }
QLabel[role="small"] { color: @secondary; font-size: %smallpx; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="bad"] { color: @bad; }
QTabBar::tab { background: transparent; color: @secondary; padding: 6px 8px; margin-right: 8px;
    border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accent; }
QWidget[role="warningBar"] { background: @neutralSoft; }
QLabel[role="mono"] { font-family: monospace; }

QPushButton { background: @window; color: @text; border: 1px solid @line; border-radius: %radiuspx;
    padding: 0 12px; min-height: %controlpx; }
QPushButton:hover { background: @hover; }
QPushButton:pressed { background: @selected; }
QPushButton:focus { border: 1px solid @accent; }
QPushButton:disabled { color: @secondary; background: @side; }
QPushButton:checked { background: @accentSoft; border: 1px solid @accent; }
QPushButton[primary="true"] { background: @accent; color: @onAccent; border: 1px solid @accent; font-weight: 600; }
QPushButton[primary="true"]:hover, QPushButton[primary="true"]:focus { background: @accentHover; border-color: @accentHover; }
QPushButton[primary="true"]:disabled { background: @neutralSoft; color: @secondary; border-color: @neutralSoft; }
QPushButton[flat="true"] { border: 1px solid transparent; background: transparent; padding: 0 8px; }
QPushButton[flat="true"]:hover { background: @hover; }
QPushButton[flat="true"]:focus { border: 1px solid @accent; }
QPushButton[danger="true"] { color: @bad; }
QPushButton::menu-indicator { width: 0px; }
QToolButton { border: 1px solid transparent; border-radius: %radiuspx; background: transparent; padding: 4px; }
QToolButton:hover { background: @hover; }
QToolButton:focus { border: 1px solid @accent; }
QToolButton::menu-indicator { width: 0px; image: none; }

QLineEdit, QSpinBox, QComboBox, QPlainTextEdit { background: @window; color: @text; border: 1px solid @line;
    border-radius: %radiuspx; padding: 0 8px; min-height: %controlpx; selection-background-color: @accent;
    selection-color: @onAccent; }
QLineEdit:focus, QSpinBox:focus, QComboBox:focus { border: 1px solid @accent; }
QLineEdit[invalid="true"], QComboBox[invalid="true"] { border: 1px solid @bad; }
QLineEdit[bare="true"] { background: @side; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url(:/icons/arrow-down.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @window; border: 1px solid @line; selection-background-color: @selected;
    selection-color: @text; padding: 4px; }
QCheckBox { spacing: 8px; min-height: %controlpx; }

QMenu { background: @window; border: 1px solid @line; border-radius: %radiuspx; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: @hover; color: @text; }
QMenu::item:disabled { color: @secondary; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }

QAbstractItemView { background: @window; border: none; outline: none; selection-background-color: @selected;
    selection-color: @text; }
QTreeView::item, QTableView::item { border: none; padding: 0 4px; }
QTreeView::item:hover { background: @hover; }
QTreeView::item:selected, QTableView::item:selected { background: @selected; color: @text; }
QTreeView::branch { background: @window; }
QTreeView::branch:hover { background: @hover; }
QTreeView::branch:selected { background: @selected; }
QHeaderView { background: @window; border: none; }
QHeaderView::section { background: @window; color: @secondary; border: none; border-bottom: 1px solid @line;
    padding: 4px 8px; min-height: %headerpx; font-size: %smallpx; }
QHeaderView::section:hover { color: @text; }
QTableCornerButton::section { background: @window; border: none; }

QLineEdit[bad="true"] { border: 1px solid @bad; }
QLineEdit:disabled, QComboBox:disabled { color: @secondary; background: @side; }
QFrame[role="setting"] { border: none; border-left: 3px solid transparent; border-bottom: 1px solid @line; }
QFrame[role="setting"][mark="own"] { border-left: 3px solid @line; }
QFrame[role="setting"][mark="dirty"] { border-left: 3px solid @accent; }
QLabel[role="warn"] { color: @warning; font-size: %smallpx; }
QLabel[role="problem"] { color: @bad; font-size: %smallpx; }
QLabel[role="changed"] { color: @accent; font-size: %smallpx; }
QPushButton[small="true"] { font-size: %smallpx; min-height: %headerpx; padding: 0 6px; color: @secondary; }
QListWidget[role="nav"]::item { padding: 6px 12px; border-radius: %radiuspx; margin: 1px 0; }
QListWidget[role="nav"]::item:hover { background: @hover; }
QListWidget[role="nav"]::item:selected { background: @selected; color: @text; }
QListWidget[role="nav"] { border: 1px solid transparent; border-radius: %radiuspx; }
QListWidget[role="nav"]:focus { border: 1px solid @accent; }

QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: @line; border-radius: 4px; margin: 2px; min-height: 32px; min-width: 32px; }
QScrollBar::handle:hover { background: @secondary; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: @line; }
QSplitter::handle:horizontal { width: 1px; }

QDialog { background: @window; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QFrame[role="line"] { background: @line; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="vline"] { background: @line; border: none; max-width: 1px; min-width: 1px; }
QFrame[role="palette"] { background: @window; border: 1px solid @accent; border-radius: 8px; }
QFrame[role="card"] { background: @side; border: 1px solid @line; border-radius: %radiuspx; }
QWidget[role="side"] { background: @side; }
QFrame[role="toast"] { background: @toast; border-radius: %radiuspx; }
QFrame[role="toast"] QLabel { color: @onToast; }
QFrame[role="toast"] QPushButton { color: @toastAction; background: transparent; border: 1px solid transparent; font-weight: 600; padding: 0 8px; }
QFrame[role="toast"] QPushButton:hover, QFrame[role="toast"] QPushButton:focus { border: 1px solid @toastAction; }
)";

} // namespace

QString styleSheet(const Palette& p, const Metrics& m)
{
    QString sheet = QString::fromLatin1(kSheet);
    // Longer names first: "@accentSoft" must not be read as "@accent".
    const std::vector<std::pair<const char*, QColor>> colors{{"@accentHover", p.accentHover},
                                                             {"@accentSoft", p.accentSoft},
                                                             {"@accent", p.accent},
                                                             {"@onAccent", p.onAccent},
                                                             {"@toastAction", p.toastAction},
                                                             {"@onToast", p.onToast},
                                                             {"@toast", p.toast},
                                                             {"@neutralSoft", p.neutralSoft},
                                                             {"@secondary", p.textSecondary},
                                                             {"@selected", p.selected},
                                                             {"@window", p.window},
                                                             {"@hover", p.hover},
                                                             {"@side", p.side},
                                                             {"@line", p.line},
                                                             {"@text", p.text},
                                                             {"@warning", p.warning},
                                                             {"@bad", p.bad}};
    for (const auto& [name, color] : colors)
        sheet.replace(QLatin1String(name), color.name());
    const std::vector<std::pair<const char*, int>> sizes{{"%title", m.title},
                                                         {"%small", m.secondary},
                                                         {"%radius", m.radius},
                                                         {"%control", m.row - 2},
                                                         {"%header", m.row - 10}};
    for (const auto& [name, size] : sizes)
        sheet.replace(QLatin1String(name), QString::number(size));
    return sheet;
}

} // namespace spillway::ui
