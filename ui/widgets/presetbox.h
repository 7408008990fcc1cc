// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtWidgets/QComboBox>
#include <functional>
#include <optional>

namespace spillway::ui {

/// A number that is chosen from a few, or typed: one field for both. `read` understands what is typed, `show`
/// writes a number that no preset has.
class PresetBox final : public QComboBox
{
    Q_OBJECT
public:
    using Read = std::function<std::optional<std::int64_t>(const QString&)>;
    using Show = std::function<QString(std::int64_t)>;

    PresetBox(std::vector<std::pair<QString, std::int64_t>> presets, Read read, Show show);

    /// What it says now; none where that is not understood.
    [[nodiscard]] std::optional<std::int64_t> value() const;
    void setValue(std::int64_t value);

private:
    const Read read_;
    const Show show_;
};

} // namespace spillway::ui
