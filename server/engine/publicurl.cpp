// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/publicurl.h"

#include "server/config/lanaddress.h"

namespace spillway::engine {

std::function<std::string()> publicUrlSource(const config::Settings& settings, Listening listening)
{
    if (listening.plain.empty())
        listening = {settings.get<"listen">(), settings.get<"tls.listen">()};
    const bool secure = !listening.tls.empty();
    return [configured = settings.get<"public_url">(), secure,
            endpoints = secure ? std::move(listening.tls) : std::move(listening.plain)] {
        if (!configured.empty())
            return configured;
        return config::defaultPublicUrl(config::interfaceAddresses(), endpoints, secure ? "https" : "http");
    };
}

} // namespace spillway::engine
