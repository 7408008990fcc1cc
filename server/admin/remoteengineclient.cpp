// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/remoteengineclient.h"

#include <QtCore/QJsonArray>
#include <QtCore/QRandomGenerator>
#include <iterator>

namespace spillway::admin {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kQueue = 1024;
constexpr auto kAnswerTime = 60s; ///< a folder on a slow disk may take its time
constexpr auto kFirstBackOff = 500ms;
constexpr auto kLastBackOff = 15s;

Error mayBeDone(const Error& error)
{
    return {error.code, error.message + "; the change may have been made, look before you repeat it",
            error.osError};
}

} // namespace

RemoteEngineClient::RemoteEngineClient(AdminTarget target, QString token)
    : target_(std::move(target)), token_(token.toUtf8()), watchers_([this] { adjustPace(); }),
      pool_(std::make_unique<BlockingPool>("remote", 1, kQueue * 2))
{
    for (Line& line : lines_) {
        line.connection = std::make_unique<AdminConnection>(target_, nullptr);
        connect(line.connection.get(), &AdminConnection::answered, this,
                [this, &line](int status, const QByteArray& body) { lineAnswered(line, status, body); });
        connect(
            line.connection.get(), &AdminConnection::failed, this,
            [this, &line](const Error& error, bool nothingCame) { lineFailed(line, error, nothingCame); });
    }
    again_.setSingleShot(true);
    again_.callOnTimeout(this, [this] { follow(); });
    again_.start(0);
}

RemoteEngineClient::~RemoteEngineClient()
{
    pool_.reset();
}

// Commands.

void RemoteEngineClient::call(const char* operation, QJsonObject parameters, Prepare prepare)
{
    const Operation* row = findOperation(operation);
    Command command{row ? restRequest(*row, parameters) : RestRequest{}, std::move(prepare)};
    if (!row)
        return settle(std::move(command),
                      fail(ErrorCode::Unsupported, std::string("there is no operation ") + operation));
    // It would be another operation's address.
    for (const Parameter& parameter : row->parameters)
        if (parameter.place == ParameterPlace::Path &&
            parameters.value(toQString(parameter.name)) == QString())
            return settle(std::move(command), fail(ErrorCode::InvalidArgument,
                                                   std::string(parameter.name) + " must not be empty"));
    if (state_ == State::Lost)
        return settle(std::move(command), fail(*problem_));
    if (waiting_.size() >= kQueue)
        return settle(
            std::move(command),
            fail(ErrorCode::Exhausted, "too many commands wait for the server; try again in a moment"));
    waiting_.push_back(std::move(command));
    sendWaiting();
}

/// Decoded on the pool's thread, so that a list of a million costs the console's thread nothing.
void RemoteEngineClient::settle(Command command, Result<QJsonValue> result)
{
    const auto finish = [this, prepare = std::move(command.prepare), result = std::move(result)] {
        QMetaObject::invokeMethod(this, prepare(result), Qt::QueuedConnection);
    };
    if (!pool_->submit(finish))
        finish();
}

void RemoteEngineClient::settle(Command command, int status, QByteArray body)
{
    const auto finish = [this, prepare = std::move(command.prepare), status, body = std::move(body)] {
        QMetaObject::invokeMethod(this, prepare(restAnswer(status, body)), Qt::QueuedConnection);
    };
    if (!pool_->submit(finish))
        finish();
}

RemoteEngineClient::Line* RemoteEngineClient::freeLine()
{
    for (Line& line : lines_)
        if (!line.command && !line.connection->isBusy())
            return &line;
    return nullptr;
}

void RemoteEngineClient::sendWaiting()
{
    while (state_ == State::Connected && !waiting_.empty()) {
        Line* line = freeLine();
        if (!line)
            return;
        line->command = std::move(waiting_.front());
        waiting_.pop_front();
        line->connection->send(line->command->request.text(target_.authority().toLatin1(), token_, true),
                               kAnswerTime);
    }
}

void RemoteEngineClient::lineAnswered(Line& line, int status, const QByteArray& body)
{
    lookAtFingerprint(*line.connection);
    Command command = std::move(*line.command);
    line.command.reset();
    settle(std::move(command), status, body);
    sendWaiting();
}

void RemoteEngineClient::lineFailed(Line& line, const Error& error, bool nothingCame)
{
    lookAtFingerprint(*line.connection);
    Command command = std::move(*line.command);
    line.command.reset();
    const bool keptOneEnded =
        nothingCame && line.connection->isReused() && error.code == ErrorCode::Unavailable;
    if (keptOneEnded && command.onlyReads() && !command.again) {
        command.again = true;
        waiting_.push_front(std::move(command));
        return sendWaiting();
    }
    settle(std::move(command),
           fail(command.onlyReads() || error.code == ErrorCode::Conflict ? error : mayBeDone(error)));
    // The stream finds out by itself whether the server has gone; where nobody watches there is none.
    if (streamPace_ == 0ms && state_ == State::Connected)
        lost(error);
    sendWaiting();
}

// The event stream.

/// Begins the stream that is wanted now; without watchers, asks once in a while whether the server is there.
void RemoteEngineClient::follow()
{
    again_.stop();
    if (token_.isEmpty()) { // nothing to ask with, and an empty one would count as a guess
        lost({ErrorCode::PermissionDenied, "there is no token for " + target_.authority().toStdString(), 0});
        return;
    }
    streamPace_ = watchers_.pace();
    events_.clear();
    stream_ = std::make_unique<AdminConnection>(target_, nullptr);
    connect(stream_.get(), &AdminConnection::answered, this, [this](int status, const QByteArray& body) {
        lookAtFingerprint(*stream_);
        if (streamPace_ == 0ms && status == 200) {
            connected();
            again_.start(kLastBackOff);
            return;
        }
        const auto answer = restAnswer(status, streamPace_ == 0ms ? body : std::exchange(events_, {}));
        lost(answer ? Error{ErrorCode::Unavailable, "the server ended the stream of what it does", 0}
                    : answer.error());
    });
    connect(stream_.get(), &AdminConnection::failed, this, [this](const Error& error, bool) {
        lookAtFingerprint(*stream_);
        lost(error);
    });
    RestRequest request{"GET", "/api/v1/status", {}, {}};
    if (streamPace_ == 0ms) {
        stream_->send(request.text(target_.authority().toLatin1(), token_, true), kAnswerTime);
        return;
    }
    request.target = "/api/v1/live?interval=" + QByteArray::number(static_cast<qint64>(streamPace_.count()));
    stream_->send(request.text(target_.authority().toLatin1(), token_, true),
                  std::max<std::chrono::milliseconds>(10s, 4 * streamPace_),
                  [this](const QByteArray& bytes) { streamed(bytes); });
}

void RemoteEngineClient::streamed(const QByteArray& bytes)
{
    // Only what is new is searched: a snapshot of 10,000 transfers comes in hundreds of pieces.
    qsizetype from = std::max<qsizetype>(0, events_.size() - 1);
    events_ += bytes;
    if (stream_->status() != 200)
        return; // a refusal; it comes whole
    connected();
    for (qsizetype end = 0; (end = events_.indexOf("\n\n", std::exchange(from, 0))) >= 0;) {
        const QByteArray event = events_.left(end);
        events_.remove(0, end + 2);
        eventCame(event);
    }
}

void RemoteEngineClient::eventCame(const QByteArray& event)
{
    QByteArray name, data;
    for (const QByteArray& line : event.split('\n')) {
        if (line.startsWith("event: "))
            name = line.mid(7);
        else if (line.startsWith("data: "))
            data += line.mid(6);
    }
    if (name != "snapshot")
        return;
    keepForEnded();
    newest_ = data;
    decodeNewest();
}

/// A newer one has come before this could be decoded. What ended is told once, so that much of it is kept.
void RemoteEngineClient::keepForEnded()
{
    // As our server writes it. In a text of JSON the inner quotes would be escaped.
    if (newest_.isEmpty() || newest_.contains("\"ended\":[]"))
        return;
    if (leftOut_.size() == kMostLeftOut)
        leftOut_.pop_front();
    leftOut_.push_back(std::exchange(newest_, {}));
}

namespace {

/// The newest snapshot, with what ended in those before it.
Result<contract::LiveSnapshot> snapshotOf(const std::deque<QByteArray>& before, const QByteArray& newest)
{
    std::vector<contract::EndedTransfer> ended;
    for (const QByteArray& one : before)
        if (const auto object = restAnswer(200, one))
            for (const QJsonValue row : object->toObject().value(QLatin1String("ended")).toArray())
                if (auto transfer = contract::decode<contract::EndedTransfer>(row))
                    ended.push_back(std::move(*transfer));
    auto snapshot = contract::decode<contract::LiveSnapshot>(restAnswer(200, newest).value_or(QJsonValue()));
    if (snapshot)
        snapshot->ended.insert(snapshot->ended.begin(), std::make_move_iterator(ended.begin()),
                               std::make_move_iterator(ended.end()));
    return snapshot;
}

} // namespace

void RemoteEngineClient::decodeNewest()
{
    if (decoding_ || newest_.isEmpty())
        return;
    decoding_ = pool_->submit([this, before = std::exchange(leftOut_, {}),
                               data = std::exchange(newest_, {})] {
        auto snapshot = snapshotOf(before, data);
        QMetaObject::invokeMethod(
            this,
            [this, snapshot = std::move(snapshot)]() mutable {
                decoding_ = false;
                if (snapshot)
                    watchers_.deliver(std::make_shared<const contract::LiveSnapshot>(std::move(*snapshot)));
                decodeNewest();
            },
            Qt::QueuedConnection);
    });
}

std::unique_ptr<RemoteEngineClient::Watch>
RemoteEngineClient::watch(std::chrono::milliseconds interval, std::function<void(const Snapshot&)> sink)
{
    return watchers_.add(interval, std::move(sink));
}

/// Not from inside the call, and once for several that begin together.
void RemoteEngineClient::adjustPace()
{
    if (state_ != State::Lost && watchers_.pace() != streamPace_)
        again_.start(0);
}

// The state.

void RemoteEngineClient::connected()
{
    backOff_ = 0ms;
    if (state_ == State::Connected)
        return;
    state_ = State::Connected;
    problem_.reset();
    Q_EMIT stateChanged();
    sendWaiting();
}

void RemoteEngineClient::lost(const Error& error)
{
    problem_ = error;
    if (error.code == ErrorCode::PermissionDenied) {
        again_.stop();
    } else {
        backOff_ =
            backOff_ == 0ms ? kFirstBackOff : std::min<std::chrono::milliseconds>(backOff_ * 2, kLastBackOff);
        // Several consoles do not come back in the same moment.
        again_.start(backOff_ + std::chrono::milliseconds(QRandomGenerator::global()->bounded(250)));
    }
    for (Command& command : waiting_)
        settle(std::move(command), fail(error));
    waiting_.clear();
    if (state_ != State::Lost) {
        state_ = State::Lost;
        Q_EMIT stateChanged();
    }
}

void RemoteEngineClient::lookAtFingerprint(const AdminConnection& connection)
{
    if (!connection.fingerprint().isEmpty())
        fingerprint_ = connection.fingerprint();
}

} // namespace spillway::admin
