// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/httpanswer.h"
#include "server/base/result.h"

#include <QtCore/QObject>
#include <QtCore/QTimer>
#include <chrono>
#include <memory>

class QSslSocket;

namespace spillway::admin {

/// Where an admin API is, and how it proves that it is the one.
struct AdminTarget
{
    QString host;
    quint16 port = 0;
    bool tls = true;
    QString
        fingerprint; ///< SHA-256 of its certificate, "AB:CD:…"; empty: the system's authorities vouch for it

    /// "HOST:PORT" as a Host field has it, IPv6 in brackets.
    [[nodiscard]] QString authority() const;
    /// "https://HOST:PORT" (port 8081 where none is said), or "http://" for this machine alone.
    /// InvalidArgument.
    [[nodiscard]] static Result<AdminTarget> parse(const QString& url);
};

/// One connection to an admin API, for one request at a time; no proxies, no cookies, no redirects. No byte
/// of a request leaves before the server's certificate is the pinned one, or one that the system's
/// authorities vouch for.
///
/// Belongs to one thread with an event loop; signals come from there, never from inside send(). Exactly one
/// of answered() and failed() follows a send(). Errors of failed(): Unavailable (no connection, broken,
/// silent), Conflict (another certificate; `fingerprint()` is what was shown), Corrupt (no HTTP).
class AdminConnection final : public QObject
{
    Q_OBJECT
public:
    AdminConnection(AdminTarget target, QObject* parent);
    ~AdminConnection() override;

    /// `silence`: how long nothing may come. `piece`: gets the body as it comes.
    void send(const QByteArray& request, std::chrono::milliseconds silence,
              std::function<void(const QByteArray&)> piece = {});
    [[nodiscard]] bool isBusy() const { return busy_; }
    /// Whether it was used before and kept: then a request may meet its end.
    [[nodiscard]] bool isReused() const { return requests_ > 1; }
    /// What the server showed; empty before a handshake.
    [[nodiscard]] const QString& fingerprint() const { return fingerprint_; }
    /// Of the answer that comes: 0 before its head is there.
    [[nodiscard]] int status() const { return answer_.status(); }

Q_SIGNALS:
    void answered(int status, const QByteArray& body);
    /// `nothingCame`: no byte of an answer.
    void failed(const spillway::Error& error, bool nothingCame);

private:
    void dial();
    void ready();
    void read();
    void checkCertificate();
    void finish();
    void fail(ErrorCode code, const QString& text);
    void closed();

    const AdminTarget target_;
    std::unique_ptr<QSslSocket> socket_;
    HttpAnswer answer_;
    QByteArray request_;
    QString fingerprint_;
    QTimer silence_;
    int requests_ = 0;
    bool busy_ = false;
};

} // namespace spillway::admin
