// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/publicurl.h"

#include "server/config/lanaddress.h"

namespace spillway::engine {

std::function<std::string()> publicUrlSource(const config::Settings& settings,
                                             std::vector<config::Endpoint> listening)
{
    if (listening.empty())
        listening = settings.get<"listen">();
    return [configured = settings.get<"public_url">(), listening = std::move(listening)] {
        if (!configured.empty())
            return configured;
        return config::defaultPublicUrl(config::interfaceAddresses(), listening);
    };
}

} // namespace spillway::engine
