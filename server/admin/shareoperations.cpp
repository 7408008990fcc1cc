// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/shareoperations.h"

#include "server/admin/records.h"
#include "server/contract/codec.h"

#include <QtCore/QJsonArray>

namespace spillway::admin {

namespace {

Result<QJsonValue> answer(const Result<catalog::Share>& share)
{
    if (!share)
        return fail(share.error());
    return QJsonValue(toJson(*share));
}

Result<QJsonValue> answer(const Result<engine::FolderContents>& contents)
{
    if (!contents)
        return fail(contents.error());
    QJsonArray entries;
    for (const body::DirectoryEntry& entry : contents->entries) {
        const bool isFolder = entry.kind == body::FileKind::Folder;
        entries.append(contract::toJson(contract::FolderEntry{
            QByteArray::fromStdString(entry.name), isFolder,
            isFolder ? 0 : static_cast<std::int64_t>(entry.size), entry.mtimeNs / 1'000'000'000}));
    }
    return QJsonValue(QJsonObject{{QStringLiteral("entries"), entries},
                                  {QStringLiteral("truncated"), contents->truncated}});
}

} // namespace

bool sharesInRootsOnly(const OperationContext& context)
{
    const Caller& caller = context.caller;
    return caller.elsewhere ||
           (caller.kind == Caller::Kind::Token && !context.management.shareRoots().empty());
}

Result<QJsonValue> shareList(OperationContext& context, const Arguments&)
{
    const auto shares = context.management.listShares();
    if (!shares)
        return fail(shares.error());
    QJsonArray array;
    for (const catalog::Share& share : *shares)
        array.append(toJson(share));
    return QJsonValue(array);
}

Result<QJsonValue> shareAdd(OperationContext& context, const Arguments& arguments)
{
    return answer(
        context.management.addShare({arguments.text("name"), arguments.text("path"), arguments.flag("public"),
                                     arguments.flag("dot_files"), arguments.flag("listing", true),
                                     arguments.duration("cache_max_age"), sharesInRootsOnly(context)}));
}

Result<QJsonValue> shareUpdate(OperationContext& context, const Arguments& arguments)
{
    engine::ShareChange change;
    change.name = arguments.optionalText("new_name");
    change.path = arguments.optionalText("path");
    change.isPublic = arguments.optionalFlag("public");
    change.showDotFiles = arguments.optionalFlag("dot_files");
    change.listing = arguments.optionalFlag("listing");
    change.cacheMaxAge = arguments.duration("cache_max_age");
    change.inRoots = sharesInRootsOnly(context);
    return answer(context.management.updateShare(arguments.text("name"), change));
}

Result<QJsonValue> shareRemove(OperationContext& context, const Arguments& arguments)
{
    const auto removed = context.management.removeShare(arguments.text("name"));
    if (!removed)
        return fail(removed.error());
    QJsonObject object = toJson(removed->share);
    object.insert(QStringLiteral("links_ended"), static_cast<qint64>(removed->links));
    return QJsonValue(object);
}

Result<QJsonValue> folderList(OperationContext& context, const Arguments& arguments)
{
    return answer(context.management.listFolder(arguments.text("name"), arguments.text("path"),
                                                arguments.integer("limit", 5000)));
}

Result<QJsonValue> folderBrowse(OperationContext& context, const Arguments& arguments)
{
    return answer(context.management.browseRoots(arguments.text("path"), arguments.flag("files"),
                                                 arguments.integer("limit", 5000)));
}

} // namespace spillway::admin
