// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/catalog/session.h"

#include <utility>
#include <vector>

namespace spillway::catalog {

/// The table `settings`: what was changed from the console, as text. The settings table of server/config
/// knows names, types and ranges; this only keeps. Changes only inside Catalog::write. Errors: Session's;
/// InvalidArgument for an empty name.
struct SettingRepository
{
    static Result<std::optional<std::string>> get(Session& session, std::string_view name);
    static Result<void> set(Session& session, std::string_view name, std::string_view value);
    static Result<bool> remove(Session& session, std::string_view name); ///< false: was not there
    static Result<std::vector<std::pair<std::string, std::string>>> list(Session& session); ///< by name
};

} // namespace spillway::catalog
