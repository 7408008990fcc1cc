// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/firewall.h"

#include <filesystem>
#include <fstream>

namespace spillway::engine {

namespace {

bool hasLine(const std::filesystem::path& file, const std::string& wanted)
{
    std::ifstream lines(file);
    for (std::string line; std::getline(lines, line);)
        if (line == wanted)
            return true;
    return false;
}

/// systemd keeps a symbolic link, which points to no file, for every unit that is active.
bool isActive(const std::filesystem::path& root, const char* unit)
{
    std::error_code ignored;
    return std::filesystem::is_symlink(root / "run/systemd/units" / (std::string("invocation:") + unit),
                                       ignored);
}

} // namespace

std::string runningFirewall(const std::string& root)
{
    const std::filesystem::path base(root);
    if (hasLine(base / "etc/ufw/ufw.conf", "ENABLED=yes"))
        return "ufw";
    if (isActive(base, "firewalld.service"))
        return "firewalld";
    if (isActive(base, "nftables.service"))
        return "nftables";
    return {};
}

} // namespace spillway::engine
