// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/records.h"

#include <optional>
#include <string>
#include <vector>

namespace spillway::engine {

enum class TokenState : std::uint8_t
{
    Active,
    Expired,
    Revoked
};
[[nodiscard]] const char* tokenStateName(TokenState state); ///< "active"

struct TokenInfo
{
    catalog::Token token;
    std::vector<std::string> shares; ///< names of those that it is bound to
    TokenState state = TokenState::Active;
    std::string text; ///< the token itself, which is shown when it is made and never again; else empty
};

} // namespace spillway::engine
