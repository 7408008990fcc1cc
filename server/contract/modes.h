// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>
#include <cstdint>
#include <optional>
#include <vector>

// The modes of a server: what a console sees of them and how it sets them.
namespace spillway::contract {

/// What a mode's rule looks at, as of the last second.
struct ModeGauge
{
    QString name; ///< "cpu", "memory", "descriptors", "queue_wait", "disk_free"
    QString unit; ///< "percent", "milliseconds", "bytes"
    double value = 0;
    double limit = 0;
    bool below = false; ///< the rule holds below the limit, not above
    friend bool operator==(const ModeGauge&, const ModeGauge&) = default;
};

struct ModeState
{
    QString name; ///< "saving", "catalog-down", "read-only", "paused", "draining"
    bool active = false;
    QString byHand;      ///< "off": its rule decides; "on"; "never"
    bool byRule = false; ///< what its rule says, whoever is heard
    QString reason;      ///< why it is active
    std::optional<std::int64_t> since;
    std::vector<ModeGauge> gauges;
    friend bool operator==(const ModeState&, const ModeState&) = default;
};

struct ModeChange
{
    std::vector<ModeState> modes; ///< all, as they are now
    bool kept = true;             ///< false: it ends with the server's process
    QString problem;              ///< why it could not be kept
};

struct ShowModes
{
    static constexpr const char* operation = "mode.show";
    using Answer = std::vector<ModeState>;
};

struct SetMode
{
    static constexpr const char* operation = "mode.set";
    using Answer = ModeChange;
    QString mode;                           ///< "normal" takes all back
    QString setting = QStringLiteral("on"); ///< "on", "off", "never"
};

} // namespace spillway::contract
