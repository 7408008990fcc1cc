// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGui/QColor>
#include <array>
#include <vector>

namespace spillway::ui {

/// Every colour of the window, for one scheme. No widget names a colour of its own.
struct Palette
{
    bool dark = false;
    QColor window;   ///< the ground of pages
    QColor side;     ///< sidebar, header bar, cards
    QColor line;     ///< one-pixel lines
    QColor hover;    ///< a row or button under the pointer
    QColor selected; ///< a selected row
    QColor text;
    QColor textSecondary;
    QColor accent; ///< primary buttons, the current page, progress
    QColor accentHover;
    QColor onAccent;                       ///< text on accent
    QColor accentSoft;                     ///< behind accent text
    QColor good, warning, bad;             ///< words and shapes of a state
    QColor goodSoft, warningSoft, badSoft; ///< behind them
    QColor neutralSoft;
    QColor toast, onToast, toastAction;
    /// Okabe and Ito's set, told apart by colour-blind eyes; in dark the lighter of each pair.
    std::array<QColor, 5> series;
};

[[nodiscard]] const Palette& lightPalette();
[[nodiscard]] const Palette& darkPalette();

/// WCAG 2.1 contrast ratio, 1 to 21.
[[nodiscard]] double contrast(const QColor& one, const QColor& other);

/// Pairs of colours that meet in the window, and the ratio that each must have: 4.5 for text, 3 for shapes
/// (WCAG 2.1 §1.4.3, §1.4.11). The test checks them in both schemes.
struct ContrastPair
{
    const char* name;
    QColor front, back;
    double least;
};
[[nodiscard]] std::vector<ContrastPair> contrastPairs(const Palette& palette);

} // namespace spillway::ui
