// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/remoteconnector.h"

#include "server/admin/remoteengineclient.h"

#include <QtCore/QJsonDocument>
#include <QtCore/QPointer>
#include <QtCore/QSysInfo>
#ifdef SPILLWAY_KEYCHAIN
#include <qt6keychain/keychain.h>
#endif

namespace spillway::app {

namespace {

using admin::AdminTarget;

constexpr std::chrono::seconds kJoinTime{20};
#ifdef SPILLWAY_KEYCHAIN
const QString kService = QStringLiteral("Spillway");
#endif

Result<QString> tokenOf(int status, const QByteArray& body)
{
    const auto answer = admin::restAnswer(status, body);
    if (!answer)
        return fail(status == 401 ? Error{ErrorCode::PermissionDenied,
                                          "this invite was used already, or has ended; ask for a new one", 0}
                                  : answer.error());
    const QString token = answer->toObject().value(QLatin1String("token")).toString();
    if (token.isEmpty())
        return fail(ErrorCode::Corrupt, "the server's answer to the invite has no token");
    return token;
}

} // namespace

Result<QString> RemoteConnector::addressOf(const QString& text) const
{
    const auto target = AdminTarget::parse(text);
    if (!target)
        return fail(target.error());
    return (target->tls ? QLatin1String("https://") : QLatin1String("http://")) + target->authority();
}

std::unique_ptr<contract::EngineClient> RemoteConnector::connect(const contract::ServerEntry& entry,
                                                                 const QString& token)
{
    AdminTarget target =
        AdminTarget::parse(entry.url).value_or(AdminTarget{QStringLiteral("invalid"), 0, true, {}});
    target.fingerprint = entry.fingerprint;
    return std::make_unique<admin::RemoteEngineClient>(std::move(target), token);
}

void RemoteConnector::join(QObject* context, const contract::Invite& invite,
                           std::function<void(Result<QString>)> reply)
{
    const AdminTarget target{invite.host, invite.port, true, invite.fingerprint};
    const admin::Operation* row = admin::findOperation("console.join");
    const admin::RestRequest request =
        admin::restRequest(*row, {{QStringLiteral("name"), QSysInfo::machineHostName()}});
    auto* connection = new admin::AdminConnection(target, context);
    QObject::connect(connection, &admin::AdminConnection::answered, context,
                     [connection, reply](int status, const QByteArray& body) {
                         connection->deleteLater();
                         reply(tokenOf(status, body));
                     });
    QObject::connect(connection, &admin::AdminConnection::failed, context,
                     [connection, reply](const Error& error, bool) {
                         connection->deleteLater();
                         reply(fail(error));
                     });
    connection->send(request.text(target.authority().toLatin1(), invite.code.toLatin1(), false), kJoinTime);
}

#ifdef SPILLWAY_KEYCHAIN

void RemoteConnector::readToken(QObject* context, const QString& url, std::function<void(QString)> reply)
{
    auto* job = new QKeychain::ReadPasswordJob(kService);
    job->setInsecureFallback(false);
    job->setKey(url);
    QObject::connect(job, &QKeychain::Job::finished, context, [job, reply] {
        reply(job->error() == QKeychain::NoError ? job->textData() : QString());
    });
    job->start();
}

void RemoteConnector::keepToken(QObject* context, const QString& url, const QString& token,
                                std::function<void(bool)> reply)
{
    auto* job = new QKeychain::WritePasswordJob(kService);
    job->setInsecureFallback(false);
    job->setKey(url);
    job->setTextData(token);
    QObject::connect(job, &QKeychain::Job::finished, context,
                     [job, reply] { reply(job->error() == QKeychain::NoError); });
    job->start();
}

#else

void RemoteConnector::readToken(QObject* context, const QString&, std::function<void(QString)> reply)
{
    QMetaObject::invokeMethod(
        context, [reply] { reply({}); }, Qt::QueuedConnection);
}

void RemoteConnector::keepToken(QObject* context, const QString&, const QString&,
                                std::function<void(bool)> reply)
{
    QMetaObject::invokeMethod(
        context, [reply] { reply(false); }, Qt::QueuedConnection);
}

#endif

} // namespace spillway::app
