// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/contract/values.h"

#include <array>
#include <utility>

namespace spillway::contract {

LinkState linkStateFromName(const QString& name)
{
    static constexpr std::array<std::pair<QLatin1String, LinkState>, 5> names{
        {{QLatin1String("active"), LinkState::Active},
         {QLatin1String("used-up"), LinkState::UsedUp},
         {QLatin1String("expired"), LinkState::Expired},
         {QLatin1String("revoked"), LinkState::Revoked},
         {QLatin1String("key-retired"), LinkState::KeyRetired}}};
    for (const auto& [text, state] : names)
        if (name == text)
            return state;
    return LinkState::Other;
}

} // namespace spillway::contract
