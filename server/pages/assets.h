// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace spillway::pages {

/// One file that the pages ask for: the stylesheet, the script, icons, the picture for chats.
struct Asset
{
    std::string_view name;
    std::string_view mediaType;
    std::string bytes;
    std::string gzip; ///< the same compressed (RFC 1952); empty where that saves nothing
};

/// The files of resources/web, as they are built into the program. They are served below
/// "/.spillway/<version>/", and the version is a digest of all of them, so that caches may keep them for
/// ever.
class Assets
{
public:
    Assets(); ///< reads and compresses them, some 5 ms
    [[nodiscard]] const std::string& version() const noexcept { return version_; }
    /// Null where there is none of that name.
    [[nodiscard]] const Asset* find(std::string_view name) const noexcept;
    [[nodiscard]] const auto& all() const noexcept { return assets_; }

private:
    std::array<Asset, 4> assets_;
    std::string version_;
};

/// A constant of the program, made at the first call. Any thread.
[[nodiscard]] const Assets& assets();

/// What the addresses of assets begin with, below the server's root and without a "/" in front.
inline constexpr std::string_view kAssetFolder = ".spillway/";

} // namespace spillway::pages
