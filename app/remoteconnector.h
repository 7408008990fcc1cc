// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/connector.h"

namespace spillway::app {

/// The window's way to servers elsewhere: RemoteEngineClient, and the desktop's keychain where the program
/// was built with QtKeychain. On the main thread.
class RemoteConnector final : public contract::Connector
{
public:
    [[nodiscard]] Result<QString> addressOf(const QString& text) const override;
    [[nodiscard]] std::unique_ptr<contract::EngineClient> connect(const contract::ServerEntry& entry,
                                                                  const QString& token) override;
    void join(QObject* context, const contract::Invite& invite,
              std::function<void(Result<QString>)> reply) override;
    void readToken(QObject* context, const QString& url, std::function<void(QString)> reply) override;
    void keepToken(QObject* context, const QString& url, const QString& token,
                   std::function<void(bool)> reply) override;
};

} // namespace spillway::app
