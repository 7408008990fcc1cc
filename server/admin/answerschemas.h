// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QJsonObject>
#include <string_view>

// What the operations answer, as JSON Schema (2020-12, as OpenAPI 3.1 has it).
namespace spillway::admin {

/// By name: what components/schemas of /openapi.json holds.
[[nodiscard]] QJsonObject answerSchemas();

/// The schema of an operation's answer; any JSON where the operation is not in the table of
/// answerschemas.cpp.
[[nodiscard]] QJsonObject answerSchemaOf(std::string_view operation);
[[nodiscard]] bool hasAnswerSchema(std::string_view operation);

} // namespace spillway::admin
