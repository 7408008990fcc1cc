// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/palette.h"

#include <algorithm>
#include <cmath>

namespace spillway::ui {

const Palette& lightPalette()
{
    static const Palette palette{
        .dark = false,
        .window = QColor(0xffffff),
        .side = QColor(0xf5f7f8),
        .line = QColor(0xdfe4e7),
        .hover = QColor(0xeef2f4),
        .selected = QColor(0xd9edf0),
        .text = QColor(0x1a2226),
        .textSecondary = QColor(0x59656d),
        .accent = QColor(0x0f7c8a),
        .accentHover = QColor(0x0c6975),
        .onAccent = QColor(0xffffff),
        .accentSoft = QColor(0xe2f2f4),
        .good = QColor(0x17693f),
        .warning = QColor(0x7d5200),
        .bad = QColor(0xab2219),
        .goodSoft = QColor(0xe0f3e8),
        .warningSoft = QColor(0xfbeed6),
        .badSoft = QColor(0xfbe4e2),
        .neutralSoft = QColor(0xe9edef),
        .toast = QColor(0x263238),
        .onToast = QColor(0xf4f7f8),
        .toastAction = QColor(0x7fd8e2),
        .series = {QColor(0x0072b2), QColor(0xd55e00), QColor(0x008a65), QColor(0xa8538a), QColor(0x8a6d00)}};
    return palette;
}

const Palette& darkPalette()
{
    static const Palette palette{
        .dark = true,
        .window = QColor(0x161b1e),
        .side = QColor(0x1c2226),
        .line = QColor(0x2f383e),
        .hover = QColor(0x232b30),
        .selected = QColor(0x1d3d42),
        .text = QColor(0xe6ebee),
        .textSecondary = QColor(0x9ba8b0),
        .accent = QColor(0x45b7c4),
        .accentHover = QColor(0x5cc8d4),
        .onAccent = QColor(0x07191b),
        .accentSoft = QColor(0x173439),
        .good = QColor(0x63cc92),
        .warning = QColor(0xe3b45a),
        .bad = QColor(0xf3938a),
        .goodSoft = QColor(0x163527),
        .warningSoft = QColor(0x3a2f17),
        .badSoft = QColor(0x42211f),
        .neutralSoft = QColor(0x2a3237),
        .toast = QColor(0x39454c),
        .onToast = QColor(0xf4f7f8),
        .toastAction = QColor(0x8fe3ec),
        .series = {QColor(0x56b4e9), QColor(0xe69f00), QColor(0x2fc99b), QColor(0xe09ac2), QColor(0xf0e442)}};
    return palette;
}

double contrast(const QColor& one, const QColor& other)
{
    const auto luminance = [](const QColor& color) {
        const auto channel = [](double value) {
            return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * channel(color.redF()) + 0.7152 * channel(color.greenF()) +
               0.0722 * channel(color.blueF());
    };
    const double first = luminance(one), second = luminance(other);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

std::vector<ContrastPair> contrastPairs(const Palette& p)
{
    constexpr double text = 4.5, shape = 3.0;
    std::vector<ContrastPair> pairs{
        {"text on window", p.text, p.window, text},
        {"text on side", p.text, p.side, text},
        {"text on hover", p.text, p.hover, text},
        {"text on selected", p.text, p.selected, text},
        {"text on neutral pill", p.text, p.neutralSoft, text},
        {"secondary on window", p.textSecondary, p.window, text},
        {"secondary on side", p.textSecondary, p.side, text},
        {"secondary on hover", p.textSecondary, p.hover, text},
        {"secondary on selected", p.textSecondary, p.selected, text},
        {"secondary on neutral pill", p.textSecondary, p.neutralSoft, text},
        {"primary button", p.onAccent, p.accent, text},
        {"primary button, hovered", p.onAccent, p.accentHover, text},
        {"accent text on window", p.accent, p.window, text},
        {"accent text on side", p.accent, p.side, text},
        {"accent on its soft ground", p.accent, p.accentSoft, shape},
        {"good pill", p.good, p.goodSoft, text},
        {"warning text on window", p.warning, p.window, text},
        {"warning pill", p.warning, p.warningSoft, text},
        {"bad pill", p.bad, p.badSoft, text},
        {"bad text on window", p.bad, p.window, text},
        {"bad text on side", p.bad, p.side, text},
        {"toast", p.onToast, p.toast, text},
        {"toast's action", p.toastAction, p.toast, text},
        {"progress", p.accent, p.neutralSoft, shape},
    };
    for (const QColor& color : p.series) {
        pairs.push_back({"series on window", color, p.window, shape});
        pairs.push_back({"series on a card", color, p.side, shape});
    }
    return pairs;
}

} // namespace spillway::ui
