// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QJsonValue>
#include <string>

// The answers of operations (JSON, see server/admin/operations.h) as text for people: tables and lines,
// without --json. Pure; what is not there or of another type reads as empty or 0.
namespace spillway::app {

[[nodiscard]] std::string member(const QJsonValue& object, const char* name); ///< a text
[[nodiscard]] QJsonValue value(const QJsonValue& object, const char* name);
[[nodiscard]] std::string number(const QJsonValue& value);

[[nodiscard]] std::string shareTable(const QJsonValue& shares);
[[nodiscard]] std::string linkTable(const QJsonValue& links);
[[nodiscard]] std::string linkDetails(const QJsonValue& link);
[[nodiscard]] std::string receiptTable(const QJsonValue& receipts);
[[nodiscard]] std::string tokenTable(const QJsonValue& tokens);
[[nodiscard]] std::string keyTable(const QJsonValue& keys);
[[nodiscard]] std::string banTable(const QJsonValue& bans);
[[nodiscard]] std::string untilText(const QJsonValue& ban); ///< "for ever", "until …"
[[nodiscard]] std::string modeTable(const QJsonValue& modes);
[[nodiscard]] std::string urlLine(const QJsonValue& answer);
[[nodiscard]] std::string statusText(const QJsonValue& status);

} // namespace spillway::app
