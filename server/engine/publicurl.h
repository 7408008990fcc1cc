// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/settings.h"

#include <functional>
#include <string>
#include <vector>

namespace spillway::engine {

/// Tells what printed URLs begin with: the setting public_url, else the best address of this machine at the
/// time of the call and its port among `listening` (the real ports; empty: those of the settings). It holds
/// copies, so any thread may call it for as long as it likes.
[[nodiscard]] std::function<std::string()> publicUrlSource(const config::Settings& settings,
                                                           std::vector<config::Endpoint> listening = {});

} // namespace spillway::engine
