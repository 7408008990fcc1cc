// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/contract/commands.h"
#include "server/contract/rulescodec.h"

#include <QtCore/QJsonObject>

// Commands and answers as the JSON of the admin API, in one place: its names are those of
// server/admin/operations.cpp and records.cpp.
namespace spillway::contract {

[[nodiscard]] QJsonObject parameters(const ListShares& command);
[[nodiscard]] QJsonObject parameters(const AddShare& command);
[[nodiscard]] QJsonObject parameters(const UpdateShare& command);
[[nodiscard]] QJsonObject parameters(const RemoveShare& command);
[[nodiscard]] QJsonObject parameters(const ListFolder& command);
[[nodiscard]] QJsonObject parameters(const BrowseFolders& command);
[[nodiscard]] QJsonObject parameters(const Search& command);
[[nodiscard]] QJsonObject parameters(const ListLinks& command);
[[nodiscard]] QJsonObject parameters(const CreateLink& command);
[[nodiscard]] QJsonObject parameters(const UpdateLink& command);
[[nodiscard]] QJsonObject parameters(const ShowLink& command);
[[nodiscard]] QJsonObject parameters(const RevokeLink& command);
[[nodiscard]] QJsonObject parameters(const RestoreLink& command);
[[nodiscard]] QJsonObject parameters(const GetStatus& command);
[[nodiscard]] QJsonObject parameters(const ListTransfers& command);
[[nodiscard]] QJsonObject parameters(const KickConnection& command);
[[nodiscard]] QJsonObject parameters(const ShowModes& command);
[[nodiscard]] QJsonObject parameters(const SetMode& command);
[[nodiscard]] QJsonObject parameters(const ListSettings& command);
[[nodiscard]] QJsonObject parameters(const SetSetting& command);
[[nodiscard]] QJsonObject parameters(const ResetSetting& command);
[[nodiscard]] QJsonObject parameters(const ListAudit& command);
[[nodiscard]] QJsonObject parameters(const VerifyAudit& command);
[[nodiscard]] QJsonObject parameters(const ListLog& command);
[[nodiscard]] QJsonObject parameters(const GetHistory& command);
[[nodiscard]] QJsonObject parameters(const GetTop& command);

/// Reads an answer. Corrupt, with the name of what is missing or of another type, where it is not one;
/// members that nobody here knows are passed over, so an older console reads a newer server.
template<class Answer>
[[nodiscard]] Result<Answer> decode(const QJsonValue& json);

template<>
Result<Share> decode(const QJsonValue& json);
template<>
Result<std::vector<Share>> decode(const QJsonValue& json);
template<>
Result<RemovedShare> decode(const QJsonValue& json);
template<>
Result<FolderListing> decode(const QJsonValue& json);
template<>
Result<FoundPage> decode(const QJsonValue& json);
template<>
Result<Link> decode(const QJsonValue& json);
template<>
Result<LinkPage> decode(const QJsonValue& json);
template<>
Result<ServerStatus> decode(const QJsonValue& json);
template<>
Result<Transfer> decode(const QJsonValue& json);
template<>
Result<TransferList> decode(const QJsonValue& json);
template<>
Result<KickConnection::Answer> decode(const QJsonValue& json);
template<>
Result<std::vector<ModeState>> decode(const QJsonValue& json);
template<>
Result<ModeChange> decode(const QJsonValue& json);
template<>
Result<Setting> decode(const QJsonValue& json);
template<>
Result<SettingList> decode(const QJsonValue& json);
template<>
Result<AuditPage> decode(const QJsonValue& json);
template<>
Result<AuditVerdict> decode(const QJsonValue& json);
template<>
Result<LogPage> decode(const QJsonValue& json);
template<>
Result<EndedTransfer> decode(const QJsonValue& json);
template<>
Result<LiveSnapshot> decode(const QJsonValue& json);
template<>
Result<HistoryPage> decode(const QJsonValue& json);
template<>
Result<TopPage> decode(const QJsonValue& json);

/// The other direction, for the server's side.
[[nodiscard]] QJsonObject toJson(const Transfer& transfer);
[[nodiscard]] QJsonObject toJson(const FolderEntry& entry);
[[nodiscard]] QJsonObject toJson(const TransferList& list);
[[nodiscard]] QJsonObject toJson(const LiveSnapshot& snapshot);
[[nodiscard]] QJsonObject toJson(const HistoryPage& page);
[[nodiscard]] QJsonObject toJson(const TopPage& page);

[[nodiscard]] QString historySpanName(HistorySpan span); ///< "minute"
[[nodiscard]] std::optional<HistorySpan> historySpanFromName(const QString& name);

/// Bytes as they go into JSON: under `name` as text (U+FFFD for what is not UTF-8), and where that loses
/// something under NAME_base64 exactly.
void putBytes(QJsonObject& object, const QString& name, const QByteArray& bytes);

} // namespace spillway::contract
