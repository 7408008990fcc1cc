// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/engine/management.h"

#include <QtCore/QJsonObject>

namespace spillway::engine {
class Engine;
}
namespace spillway::catalog {
class FileIndex;
}

/// Records as the admin API and `--json` show them. Never a secret, but for a link's `url`, which Management
/// gives only where it is meant to be shown.
namespace spillway::admin {

[[nodiscard]] QJsonObject toJson(const catalog::Share& share);
[[nodiscard]] QJsonObject toJson(const engine::LinkInfo& info);
[[nodiscard]] QJsonObject toJson(const catalog::Receipt& receipt);
[[nodiscard]] QJsonObject toJson(const engine::Presigned& presigned);
[[nodiscard]] QJsonObject toJson(const engine::KeyInfo& key);
[[nodiscard]] QJsonObject toJson(const catalog::Ban& ban);
[[nodiscard]] QJsonObject toJson(const engine::TokenInfo& token);
[[nodiscard]] QJsonObject toJson(const engine::ModeState& state);
[[nodiscard]] QJsonObject statusJson(engine::Engine& engine, const catalog::FileIndex* index,
                                     const std::string& publicUrl);
/// Adds `version`: a digest of the members but those in `passing`, which change by themselves. Two that are
/// the same have the same, whoever made them.
void putVersion(QJsonObject& object, std::initializer_list<const char*> passing = {});
[[nodiscard]] QJsonValue
optionalNumber(const std::optional<std::int64_t>& value); ///< null where there is none

} // namespace spillway::admin
