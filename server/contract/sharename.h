// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QString>

namespace spillway::contract {

/// A name for a share of this file or folder: "Holiday photos (2024)" → "Holiday-photos-2024"; "share" where
/// nothing of its own name fits. `attempt` > 1 is appended.
[[nodiscard]] QString shareNameFor(const QString& path, int attempt);

} // namespace spillway::contract
