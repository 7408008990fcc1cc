// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/auth/keyring.h"
#include "server/catalog/catalog.h"

namespace spillway::engine {

/// The id of the key that signs now. Where there is none (a new catalog) it makes one and sets `made`. Inside
/// Catalog::write only.
[[nodiscard]] Result<std::string> currentKeyId(catalog::Session& session, std::int64_t now, bool& made);

/// All keys that are not retired, ready for use. Waits for the catalog.
[[nodiscard]] Result<std::shared_ptr<const auth::KeyRing>> keyRing(catalog::Catalog& catalog);

} // namespace spillway::engine
