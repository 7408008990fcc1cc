// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/codec.h"

#include <QtCore/QObject>
#include <QtCore/QPointer>
#include <functional>
#include <memory>

namespace spillway::contract {

/// How a console drives a server: in its own process (admin::LocalEngineClient) or elsewhere.
///
/// Belongs to the console's thread; every function is called there and every reply and snapshot comes there,
/// from the event loop, never from inside the call. Nothing here blocks. run() answers exactly once, in
/// whatever order the server finishes, unless `context` or the client is gone by then; both may go at any
/// time.
class EngineClient : public QObject
{
    Q_OBJECT
public:
    enum class State : std::uint8_t
    {
        Connecting,
        Connected,
        Lost ///< what is shown is old; it is trying again
    };

    /// Ends the watching with its life.
    class Watch
    {
    public:
        virtual ~Watch() = default;
    };
    using Snapshot = std::shared_ptr<const LiveSnapshot>;

    template<class Command>
    void run(QObject* context, const Command& command,
             std::function<void(Result<typename Command::Answer>)> reply)
    {
        // Decoded where the answer is made, so that a list of a million costs the console's thread nothing.
        call(Command::operation, parameters(command),
             [guard = QPointer<QObject>(context), reply = std::move(reply)](const Result<QJsonValue>& json) {
                 auto answer = std::make_shared<Result<typename Command::Answer>>(
                     json ? decode<typename Command::Answer>(*json)
                          : Result<typename Command::Answer>(fail(json.error())));
                 return [guard, reply, answer] {
                     if (guard)
                         reply(std::move(*answer));
                 };
             });
    }

    /// Snapshots about every `interval` for as long as the Watch lives. Several may watch; the server builds
    /// snapshots only while somebody does. One that is late is left out, none is
    /// queued; what ended in it is in the next one.
    [[nodiscard]] virtual std::unique_ptr<Watch> watch(std::chrono::milliseconds interval,
                                                       std::function<void(const Snapshot&)> sink) = 0;

    [[nodiscard]] virtual State state() const = 0;
    /// Which server, in a word: "office-pc:8081". Empty: the one in this process.
    [[nodiscard]] virtual QString serverName() const { return {}; }
    /// Why it is Lost: Unavailable (no connection), PermissionDenied (the token), Conflict (the certificate).
    [[nodiscard]] virtual std::optional<Error> problem() const { return std::nullopt; }
    /// SHA-256 of the certificate that it showed, "AB:CD:…"; empty where there was none.
    [[nodiscard]] virtual QString fingerprint() const { return {}; }
    /// Whether paths of this machine are the server's: then files can be dropped and folders picked here.
    [[nodiscard]] virtual bool sharesOurFiles() const = 0;

Q_SIGNALS:
    void stateChanged();

protected:
    /// Called on any thread; what it returns is called on the console's.
    using Prepare = std::function<std::function<void()>(const Result<QJsonValue>&)>;
    virtual void call(const char* operation, QJsonObject parameters, Prepare prepare) = 0;
};

} // namespace spillway::contract
