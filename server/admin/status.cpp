// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/arguments.h"
#include "server/admin/records.h"
#include "server/catalog/index/fileindex.h"
#include "server/engine/engine.h"
#include "server/engine/firewall.h"

#include <QtCore/QJsonArray>
#include <unistd.h>

namespace spillway::admin {

namespace {

QString stateName(catalog::IndexState state)
{
    switch (state) {
    case catalog::IndexState::Scanning:
        return QStringLiteral("scanning");
    case catalog::IndexState::Hashing:
        return QStringLiteral("hashing");
    case catalog::IndexState::Idle:
        return QStringLiteral("idle");
    case catalog::IndexState::Paused:
        return QStringLiteral("paused");
    case catalog::IndexState::Offline:
        return QStringLiteral("offline");
    }
    return {};
}

QJsonArray indexJson(engine::Engine& engine, const catalog::FileIndex* index)
{
    QJsonArray shares;
    if (!index)
        return shares;
    const auto rules = engine.rules().rules();
    for (const catalog::IndexStatus& status : index->status()) {
        const auto known = rules->byId.find(status.share);
        if (known == rules->byId.end())
            continue;
        shares.append(QJsonObject{{QStringLiteral("share"), toQString(known->second->share.name)},
                                  {QStringLiteral("state"), stateName(status.state)},
                                  {QStringLiteral("watched"), status.watched},
                                  {QStringLiteral("files"), static_cast<qint64>(status.files)},
                                  {QStringLiteral("folders"), static_cast<qint64>(status.folders)},
                                  {QStringLiteral("bytes"), static_cast<qint64>(status.bytes)},
                                  {QStringLiteral("files_hashed"), static_cast<qint64>(status.filesHashed)},
                                  {QStringLiteral("seen_by_scan"), static_cast<qint64>(status.scanSeen)},
                                  {QStringLiteral("errors"), static_cast<qint64>(status.errors)},
                                  {QStringLiteral("scanned_at"), optionalNumber(status.scannedAt)}});
    }
    return shares;
}

} // namespace

QJsonObject statusJson(engine::Engine& engine, const catalog::FileIndex* index, const std::string& publicUrl)
{
    QJsonArray addresses;
    for (const net::ListenAddress& address : engine.addresses())
        addresses.append(toQString("http://" + net::toString(address)));
    for (const net::ListenAddress& address : engine.tlsAddresses())
        addresses.append(toQString("https://" + net::toString(address)));
    const observe::MetricsSnapshot numbers = engine.metrics().snapshot();
    const std::int64_t started = unixSeconds(engine.startedAt());
    QJsonObject object{
        {QStringLiteral("running"), true},
        {QStringLiteral("version"), QStringLiteral(SPILLWAY_VERSION)},
        {QStringLiteral("pid"), static_cast<qint64>(::getpid())},
        {QStringLiteral("addresses"), addresses},
        {QStringLiteral("public_url"), toQString(publicUrl)},
        {QStringLiteral("mode"), toQString(observe::modeName(engine.health().mode()))},
        {QStringLiteral("ready"), engine.health().ready()},
        {QStringLiteral("started_at"), static_cast<qint64>(started)},
        {QStringLiteral("uptime_seconds"),
         static_cast<qint64>(std::max<std::int64_t>(0, unixSeconds(engine.clock().wall()) - started))},
        {QStringLiteral("workers"), static_cast<qint64>(engine.workers())},
        {QStringLiteral("connections"), static_cast<qint64>(engine.connections())},
        {QStringLiteral("requests"), static_cast<qint64>(numbers.requestsTotal())},
        {QStringLiteral("sent_bytes"), static_cast<qint64>(numbers[observe::Counter::SentBytes])},
        {QStringLiteral("received_bytes"), static_cast<qint64>(numbers[observe::Counter::ReceivedBytes])},
        {QStringLiteral("index"), indexJson(engine, index)}};
    putBytes(object, "data", engine.dataFolder());
    if (const auto contact = engine.outsideContact())
        object.insert(QStringLiteral("reached_by"),
                      QJsonObject{{QStringLiteral("address"), toQString(contact->peer.toString())},
                                  {QStringLiteral("at"), static_cast<qint64>(unixSeconds(contact->at))}});
    object.insert(QStringLiteral("firewall"), toQString(engine::runningFirewall()));
    return object;
}

} // namespace spillway::admin
