// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace spillway::engine {

/// The firewall that this machine runs, as far as anybody may see it: "ufw", "firewalld", "nftables"
/// (Debian's service of that name), or "" where none of them is on. Which ports it lets in only root may
/// read. Reads a file or two below `root`.
[[nodiscard]] std::string runningFirewall(const std::string& root = "/");

} // namespace spillway::engine
