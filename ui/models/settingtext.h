// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/settings.h"

namespace spillway::ui {

/// A number with its unit, as the settings file writes it: "75" and "s", "64" and "KiB", "2" and "MiB/s".
struct Quantity
{
    QString number, unit;
};
/// The units that a type of setting is written in, the smallest first; empty for a type without units.
[[nodiscard]] QStringList unitsOf(const QString& type);
/// In the largest unit that it fills without a rest: "1m15s" is 75 s.
[[nodiscard]] Quantity quantityOf(const QString& type, const QString& text);
[[nodiscard]] QString textOf(const Quantity& quantity);
/// "KiB", "min", "d": a unit as people read it.
[[nodiscard]] QString unitName(const QString& unit);

/// A value as people read it: "75 s", "on", "0.0.0.0:8080, [::]:8080", "empty".
[[nodiscard]] QString valueText(const contract::Setting& setting, const QStringList& value);

/// Settings that belong together, in the order in which they are shown. One that nobody put anywhere is in
/// the last.
struct SettingGroup
{
    QString title;
    std::vector<int> members; ///< places in the list that was given
};
[[nodiscard]] std::vector<SettingGroup> groupSettings(const std::vector<contract::Setting>& settings);

/// Whether all words of `text` are in its name, its help or its value; an empty text matches all.
[[nodiscard]] bool matchesSetting(const contract::Setting& setting, const QString& text);

/// A sentence of the settings table in the window's language.
[[nodiscard]] QString settingSentence(const QString& english);
/// Whether that sentence can have a translation; a test asks it for every sentence of the table.
[[nodiscard]] bool isKnownSentence(const QString& english);

} // namespace spillway::ui
