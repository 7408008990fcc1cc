// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QJsonObject>

namespace spillway::admin {

/// The admin API as an OpenAPI 3.1 document, made of the table of operations: what /openapi.json answers.
[[nodiscard]] QJsonObject openApiDocument();

} // namespace spillway::admin
