// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/adminconnection.h"

#include "server/config/ipaddress.h"

#include <QtCore/QCryptographicHash>
#include <QtCore/QPointer>
#include <QtCore/QUrl>
#include <QtNetwork/QNetworkProxy>
#include <QtNetwork/QSslCertificate>
#include <QtNetwork/QSslConfiguration>
#include <QtNetwork/QSslSocket>

namespace spillway::admin {

using namespace std::chrono_literals;

namespace {

constexpr auto kDialTime = 10s;
constexpr quint16 kUsualPort = 8081;

QString fingerprintOf(const QSslCertificate& certificate)
{
    return QString::fromLatin1(certificate.digest(QCryptographicHash::Sha256).toHex(':').toUpper());
}

bool isThisMachine(const QString& host)
{
    const auto address = config::parseIpAddress(host.toStdString());
    return host == QLatin1String("localhost") || (address && address->isLoopback());
}

} // namespace

QString AdminTarget::authority() const
{
    return (host.contains(QLatin1Char(':')) ? QLatin1Char('[') + host + QLatin1Char(']') : host) +
           QLatin1Char(':') + QString::number(port);
}

Result<AdminTarget> AdminTarget::parse(const QString& text)
{
    const QString whole = text.contains(QLatin1String("://")) ? text : QLatin1String("https://") + text;
    const QUrl url(whole.trimmed(), QUrl::StrictMode);
    const bool plain = url.scheme() == QLatin1String("http");
    const bool extra = !url.userInfo().isEmpty() || url.hasQuery() || url.hasFragment() ||
                       (!url.path().isEmpty() && url.path() != QLatin1String("/"));
    if (!url.isValid() || url.host().isEmpty() || extra || (!plain && url.scheme() != QLatin1String("https")))
        return spillway::fail(ErrorCode::InvalidArgument,
                              "\"" + text.toStdString() +
                                  "\" is no address of a server, as https://office-pc:8081");
    AdminTarget target{url.host(), static_cast<quint16>(url.port(kUsualPort)), !plain, {}};
    if (plain && !isThisMachine(target.host))
        return spillway::fail(ErrorCode::InvalidArgument,
                              "http:// would send the token in plain text over the network; use https://" +
                                  target.authority().toStdString());
    return target;
}

AdminConnection::AdminConnection(AdminTarget target, QObject* parent)
    : QObject(parent), target_(std::move(target))
{
    silence_.setSingleShot(true);
    silence_.callOnTimeout(this, [this] {
        fail(ErrorCode::Unavailable, QStringLiteral("%1 does not answer").arg(target_.authority()));
    });
}

AdminConnection::~AdminConnection()
{
    if (socket_)
        socket_->disconnect(this);
}

void AdminConnection::send(const QByteArray& request, std::chrono::milliseconds silence,
                           std::function<void(const QByteArray&)> piece)
{
    busy_ = true;
    ++requests_;
    request_ = request;
    answer_.begin(std::move(piece));
    silence_.setInterval(silence);
    if (socket_ && socket_->state() == QAbstractSocket::ConnectedState)
        // Not from inside the call: the socket may fail at once.
        QTimer::singleShot(0, this, [this] { ready(); });
    else
        QTimer::singleShot(0, this, [this] { dial(); });
}

void AdminConnection::dial()
{
    requests_ = 1;
    socket_ = std::make_unique<QSslSocket>();
    socket_->setProxy(QNetworkProxy::NoProxy);
    connect(socket_.get(), &QSslSocket::readyRead, this, [this] { read(); });
    connect(socket_.get(), &QSslSocket::disconnected, this, [this] { closed(); });
    connect(socket_.get(), &QSslSocket::errorOccurred, this, [this] { closed(); });
    silence_.start(kDialTime);
    if (!target_.tls) {
        connect(socket_.get(), &QSslSocket::connected, this, [this] { ready(); });
        socket_->connectToHost(target_.host, target_.port);
        return;
    }
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    // With a pin it is the key itself that is known; names and authorities add nothing to that. Without one
    // the handshake goes on, too, so that the fingerprint can be shown, but no request is sent.
    tls.setPeerVerifyMode(QSslSocket::QueryPeer);
    socket_->setSslConfiguration(tls);
    connect(socket_.get(), &QSslSocket::encrypted, this, [this] { checkCertificate(); });
    socket_->connectToHostEncrypted(target_.host, target_.port);
}

void AdminConnection::checkCertificate()
{
    fingerprint_ = fingerprintOf(socket_->peerCertificate());
    if (target_.fingerprint.isEmpty()) {
        if (socket_->sslHandshakeErrors().isEmpty())
            return ready();
        return fail(ErrorCode::Conflict,
                    QStringLiteral("nobody that this machine trusts vouches for the certificate of "
                                   "%1; its SHA-256 is %2")
                        .arg(target_.authority(), fingerprint_));
    }
    if (fingerprint_ == target_.fingerprint.toUpper())
        return ready();
    fail(ErrorCode::Conflict,
         QStringLiteral("%1 shows another certificate than it did: its SHA-256 is %2. Somebody may "
                        "stand in between; nothing was sent")
             .arg(target_.authority(), fingerprint_));
}

void AdminConnection::ready()
{
    if (!busy_)
        return;
    silence_.start();
    socket_->write(request_);
    request_.clear();
}

void AdminConnection::read()
{
    if (!busy_) {
        socket_->abort(); // nobody asked
        return;
    }
    silence_.start();
    const QPointer<AdminConnection> self(this); // a piece may end this
    answer_.feed(socket_->readAll());
    if (!self)
        return;
    if (answer_.state() == HttpAnswer::State::Bad)
        fail(ErrorCode::Corrupt,
             QStringLiteral("%1 does not speak HTTP as it should").arg(target_.authority()));
    else if (answer_.state() == HttpAnswer::State::Done)
        finish();
}

void AdminConnection::closed()
{
    if (!busy_)
        return;
    const QPointer<AdminConnection> self(this);
    if (socket_->bytesAvailable() > 0)
        answer_.feed(socket_->readAll());
    if (!self || !busy_)
        return;
    const QString why = socket_->errorString();
    answer_.ended();
    if (answer_.state() == HttpAnswer::State::Done)
        return finish();
    fail(ErrorCode::Unavailable, answer_.status() == 0
                                     ? QStringLiteral("no connection to %1: %2").arg(target_.authority(), why)
                                     : QStringLiteral("the connection to %1 broke").arg(target_.authority()));
}

void AdminConnection::finish()
{
    busy_ = false;
    silence_.stop();
    if (!answer_.keepsAlive())
        socket_->abort();
    Q_EMIT answered(answer_.status(), answer_.body());
}

void AdminConnection::fail(ErrorCode code, const QString& text)
{
    if (!busy_)
        return;
    busy_ = false;
    silence_.stop();
    const bool nothingCame = !answer_.begun();
    if (socket_)
        socket_->abort();
    Q_EMIT failed({code, text.toStdString(), 0}, nothingCame);
}

} // namespace spillway::admin
