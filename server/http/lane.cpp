// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/lane.h"

#include <algorithm>
#include <cstring>
#include <sys/socket.h>

namespace spillway::http {

Lane::Lane()
{
    setSocketState(ConnectedState);
    setOpenMode(ReadWrite);
}

void Lane::feed(std::string_view head)
{
    left_ = head;
    Q_EMIT readyRead();
}

bool Lane::healthy() const
{
    return !broken_ && left_.empty() && QIODevice::bytesAvailable() == 0 && !isTransactionStarted() &&
           state() == ConnectedState;
}

void Lane::retire()
{
    broken_ = true;
    left_ = {};
    setSocketState(UnconnectedState);
    Q_EMIT disconnected();
}

qint64 Lane::bytesAvailable() const
{
    return QIODevice::bytesAvailable() + static_cast<qint64>(left_.size());
}

void Lane::disconnectFromHost()
{
    broken_ = true;
}

qint64 Lane::readData(char* data, qint64 maxSize)
{
    const std::size_t size = std::min(left_.size(), static_cast<std::size_t>(std::max<qint64>(maxSize, 0)));
    if (size > 0) {
        std::memcpy(data, left_.data(), size);
        left_.remove_prefix(size);
    }
    return static_cast<qint64>(size);
}

qint64 Lane::readLineData(char* data, qint64 maxSize)
{
    return QIODevice::readLineData(data, maxSize);
}

qint64 Lane::writeData(const char*, qint64 size)
{
    broken_ = true;
    return size;
}

LaneServer::LaneServer(QObject* parent) : QTcpServer(parent)
{
    // QAbstractHttpServer::bind wants a server that listens. A socket that was never put into listening
    // satisfies it and cannot receive a connection, so no client can end up in a queue that nobody empties.
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (!setSocketDescriptor(fd))
        qWarning("a lane server cannot be made: %s", qPrintable(errorString()));
    pauseAccepting();
}

QTcpSocket* LaneServer::nextPendingConnection()
{
    auto* lane = QTcpServer::nextPendingConnection();
    pauseAccepting();
    return lane;
}

} // namespace spillway::http
