// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/settings.h"

#include <functional>
#include <string>
#include <vector>

namespace spillway::engine {

/// Where a server listens, with the real ports.
struct Listening
{
    std::vector<config::Endpoint> plain, tls;
};

/// Tells what printed URLs begin with: the setting public_url, else the best address of this machine at the
/// time of the call and its port, of HTTPS where that is on (without `listening`: the ports of the settings).
/// It holds copies, so any thread may call it for as long as it likes.
[[nodiscard]] std::function<std::string()> publicUrlSource(const config::Settings& settings,
                                                           Listening listening = {});

} // namespace spillway::engine
