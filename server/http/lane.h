// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtNetwork/QTcpServer>
#include <QtNetwork/QTcpSocket>
#include <string_view>

namespace spillway::http {

/// A QTcpSocket without a socket: what QHttpServer believes to be a client. It is fed one request head,
/// reports it as readable, and is empty again when the feed returns. A worker keeps a few; 100,000 downloads
/// need no more of them.
///
/// Not for writing: answers go out through the connection, so bytes that QHttpServer would write are a defect
/// and mark the lane as unhealthy. Lives in its worker's thread; QHttpServer deletes it after retire().
class Lane final : public QTcpSocket
{
public:
    Lane();

    /// Hands `head` (a request line, Host, an empty line; nothing that announces a body: engine note 1) to
    /// QHttpServer, which parses and dispatches it before this returns. The bytes must stay until then.
    void feed(std::string_view head);
    /// What engine note 2 asks of a lane after each feed: all read, no open transaction, not disconnected,
    /// nothing written.
    [[nodiscard]] bool healthy() const;
    /// Makes QHttpServer drop the lane. Not to be used again.
    void retire();

    [[nodiscard]] qint64 bytesAvailable() const override;
    void disconnectFromHost() override;

protected:
    qint64 readData(char* data, qint64 maxSize) override;
    qint64 readLineData(char* data, qint64 maxSize) override;
    qint64 writeData(const char* data, qint64 size) override;

private:
    std::string_view left_;
    bool broken_ = false;
};

/// A QTcpServer that listens to nothing: it only announces lanes to the QAbstractHttpServer it is bound to.
class LaneServer final : public QTcpServer
{
public:
    explicit LaneServer(QObject* parent = nullptr);
    void announce(Lane* lane) { addPendingConnection(lane); }
    /// The base turns accepting on again whenever it hands out a connection; here there is nothing to accept.
    QTcpSocket* nextPendingConnection() override;
};

} // namespace spillway::http
