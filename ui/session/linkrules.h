// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/commands.h"

#include <QtCore/QByteArray>

namespace spillway::ui {

/// The rules that a new link begins with: those of the last one, without what was meant for it alone (target,
/// password, note).
[[nodiscard]] contract::CreateLink reusable(contract::CreateLink rules);
/// For the console's memory.
[[nodiscard]] QByteArray rulesToText(const contract::CreateLink& rules);
/// Without what is not understood.
[[nodiscard]] contract::CreateLink rulesFromText(const QByteArray& text);

} // namespace spillway::ui
