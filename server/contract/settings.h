// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>
#include <QtCore/QString>
#include <QtCore/QStringList>
#include <cstdint>
#include <vector>

// The settings of a server: a row of its table each, with what it is now.
namespace spillway::contract {

struct Setting
{
    enum class Origin : std::uint8_t
    {
        Default,
        File,
        Environment,
        CommandLine
    };

    QString name; ///< "http.idle_timeout"
    QString type; ///< "bool", "integer", "bytes", "rate", "duration", "text", "choice", "url", "endpoints",
                  ///< "cidrs", "folders"
    QString help; ///< one sentence, in English
    QStringList defaultValue, value; ///< as the settings file has them; one text, but of a list
    bool isList = false;
    QString allowed;     ///< "1s to 1h"; may be empty
    QStringList choices; ///< of a choice
    QString zeroMeans;   ///< what 0, or an empty text or list, means; empty: nothing of its own
    bool needsRestart = false;
    bool secret = false; ///< its value is never shown
    bool isSet = false;  ///< of a secret: there is one
    Origin origin = Origin::Default;
    QString where;   ///< "/etc/spillway.toml:12:5"
    QString fixedBy; ///< an option or variable that goes before the settings file, or kOwnMachine; empty: it
                     ///< can be changed
    static constexpr const char* kOwnMachine = "own-machine"; ///< only there, and the asking one is elsewhere
    bool pending = false;                                     ///< it was changed and holds after a restart
    QString version = {}; ///< for a change that is to be made to nothing newer
    friend bool operator==(const Setting&, const Setting&) = default;
};

struct SettingList
{
    std::vector<Setting> settings;
    QByteArray file; ///< the settings file, on the server's machine
};

struct ListSettings
{
    static constexpr const char* operation = "setting.list";
    using Answer = SettingList;
};

struct SetSetting
{
    static constexpr const char* operation = "setting.set";
    using Answer = Setting;
    QString name;
    QStringList value;
    std::optional<QString> version = {}; ///< Stale where it was changed since; none: whatever it is
};

/// Back to the default.
struct ResetSetting
{
    static constexpr const char* operation = "setting.reset";
    using Answer = Setting;
    QString name;
    std::optional<QString> version = {};
};

} // namespace spillway::contract
