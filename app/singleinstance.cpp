// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/singleinstance.h"

#include "server/admin/runfile.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtNetwork/QLocalServer>
#include <QtNetwork/QLocalSocket>

namespace spillway::app {

namespace {

constexpr int kPatienceMs = 5000;
constexpr qsizetype kMostBytes = 16 << 20; ///< of paths in one call
constexpr char kEnd = '\n';                ///< behind the last NUL: that was all
const QByteArray kOk = QByteArrayLiteral("ok");

/// The same for every way to write the folder's path.
Result<QString> socketPath(const std::string& dataFolder)
{
    const auto folder = admin::runtimeFolder();
    if (!folder)
        return fail(folder.error());
    const QFileInfo info(QString::fromStdString(dataFolder));
    const QString real =
        info.canonicalFilePath().isEmpty() ? info.absoluteFilePath() : info.canonicalFilePath();
    const QByteArray digest =
        QCryptographicHash::hash(QFile::encodeName(real), QCryptographicHash::Sha256).toHex().left(16);
    return QString::fromStdString(*folder) + QLatin1String("/window-") + QString::fromLatin1(digest);
}

/// Reads a call as it comes; false until all of it is there.
bool takeCall(const QByteArray& bytes, QStringList& files)
{
    if (!bytes.endsWith(QByteArray(1, '\0') + kEnd) && bytes != QByteArray(1, kEnd))
        return false;
    for (const QByteArray& path : bytes.left(bytes.size() - 1).split('\0'))
        if (!path.isEmpty())
            files += QFile::decodeName(path);
    return true;
}

} // namespace

SingleInstance::SingleInstance() = default;
SingleInstance::~SingleInstance() = default;

Result<void> SingleInstance::listen(const std::string& dataFolder,
                                    std::function<void(const QStringList&)> called)
{
    const auto path = socketPath(dataFolder);
    if (!path)
        return fail(path.error());
    called_ = std::move(called);
    server_ = std::make_unique<QLocalServer>();
    server_->setSocketOptions(QLocalServer::UserAccessOption);
    QLocalServer::removeServer(*path);
    if (!server_->listen(*path))
        return fail(ErrorCode::Unavailable, "cannot listen for later starts on " + path->toStdString() +
                                                ": " + server_->errorString().toStdString());
    QObject::connect(server_.get(), &QLocalServer::newConnection, server_.get(), [this] {
        while (QLocalSocket* socket = server_->nextPendingConnection()) {
            QObject::connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
            auto bytes = std::make_shared<QByteArray>();
            QObject::connect(socket, &QLocalSocket::readyRead, socket, [this, socket, bytes] {
                *bytes += socket->readAll();
                QStringList files;
                if (bytes->size() > kMostBytes)
                    return socket->abort();
                if (!takeCall(*bytes, files))
                    return;
                bytes->clear();
                socket->write(kOk);
                socket->disconnectFromServer();
                called_(files);
            });
        }
    });
    return {};
}

Result<void> SingleInstance::handOver(const std::string& dataFolder, const std::vector<std::string>& files)
{
    const auto path = socketPath(dataFolder);
    if (!path)
        return fail(path.error());
    QLocalSocket socket;
    socket.connectToServer(*path);
    if (!socket.waitForConnected(kPatienceMs))
        return fail(ErrorCode::NotFound, "no window runs on " + dataFolder);
    QByteArray call;
    for (const std::string& file : files)
        call += QByteArray::fromStdString(file) + '\0';
    call += kEnd;
    socket.write(call);
    QByteArray answer;
    while (answer.size() < kOk.size() && socket.waitForReadyRead(kPatienceMs))
        answer += socket.readAll();
    if (answer != kOk)
        return fail(ErrorCode::Unavailable, "the window that runs on " + dataFolder + " does not answer");
    return {};
}

} // namespace spillway::app
