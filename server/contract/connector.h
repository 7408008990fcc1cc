// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/engineclient.h"
#include "server/contract/invite.h"

#include <functional>
#include <memory>

namespace spillway::contract {

/// A server in the address book. Its token is kept elsewhere.
struct ServerEntry
{
    QString name;        ///< what the person calls it; empty: its address
    QString url;         ///< "https://office-pc:8081"
    QString fingerprint; ///< "AB:CD:…"; empty: the system's authorities vouch for it
    friend bool operator==(const ServerEntry&, const ServerEntry&) = default;
    [[nodiscard]] QString shownName() const
    {
        return name.isEmpty() ? url.section(QLatin1String("://"), -1) : name;
    }
};

/// How the window reaches servers elsewhere, and keeps their tokens; given to it by the program. On the
/// console's thread; replies come from its event loop, not after `context` has gone.
class Connector
{
public:
    virtual ~Connector() = default;

    /// "office-pc" → "https://office-pc:8081". InvalidArgument for what is none, or would send a token in
    /// plain text.
    [[nodiscard]] virtual Result<QString> addressOf(const QString& text) const = 0;
    /// `entry.url` as addressOf() gives it.
    [[nodiscard]] virtual std::unique_ptr<EngineClient> connect(const ServerEntry& entry,
                                                                const QString& token) = 0;

    /// Changes an invite for a token of this console's own.
    virtual void join(QObject* context, const Invite& invite, std::function<void(Result<QString>)> reply) = 0;

    /// Tokens in the desktop's keychain, by the server's URL. Whatever goes wrong with it means that there is
    /// none.
    virtual void readToken(QObject* context, const QString& url, std::function<void(QString)> reply) = 0;
    /// False: there is no keychain, and the token is known for this run only.
    virtual void keepToken(QObject* context, const QString& url, const QString& token,
                           std::function<void(bool)> reply) = 0;
};

} // namespace spillway::contract
