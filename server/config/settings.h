// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/settingvalue.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::config {

/// A name as a template argument.
template<std::size_t N>
struct SettingName
{
    char text[N]{};
    consteval SettingName(const char (&name)[N]) { std::copy_n(name, N, text); }
    [[nodiscard]] constexpr std::string_view view() const { return {text, N - 1}; }
};

struct Origin
{
    enum class Kind : std::uint8_t
    {
        Default,
        File,
        Environment,
        CommandLine
    } kind = Kind::Default;
    std::string where; ///< "/etc/spillway.toml:12:5", "SPILLWAY_WORKERS", "--workers"; empty for a default
};

/// The value of every row of the settings table and where it came from. A plain value: make it with load() in
/// settingsloader.h, hand it out as shared_ptr<const Settings>, replace the whole on a reload.
///
///   settings.get<"http.head_timeout">()    a const std::chrono::milliseconds&; a wrong name does not compile
class Settings
{
public:
    Settings(); ///< the defaults

    template<SettingName name>
    [[nodiscard]] const auto& get() const
    {
        constexpr std::size_t index = findRow(name.view());
        static_assert(index < kSettingCount, "no setting has this name");
        return *std::get_if<typename ValueOf<rowAt(index).type>::type_t>(&values_[index]);
    }

    [[nodiscard]] const Value& value(std::size_t index) const { return values_[index]; }
    [[nodiscard]] const Origin& origin(std::size_t index) const { return origins_[index]; }

    /// InvalidArgument and no change where the value is bad.
    [[nodiscard]] Result<void> set(std::size_t index, const std::vector<std::string>& texts, Origin origin);

private:
    std::vector<Value> values_; ///< one a row, always of the row's type
    std::vector<Origin> origins_;
};

struct Change
{
    std::string_view name;
    bool needsRestart = false;
};

/// What is different, in the order of the table.
[[nodiscard]] std::vector<Change> diff(const Settings& before, const Settings& after);

} // namespace spillway::config
