// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/engineclient.h"

#include <QtCore/QJsonObject>

namespace spillway::tests {

/// A server whose snapshots are the test's and whose answers are those of a real one.
class FeedClient final : public contract::EngineClient
{
public:
    explicit FeedClient(contract::EngineClient& server) : server_(server) {}

    /// Comes from the event loop, as a real one does.
    void send(contract::LiveSnapshot snapshot)
    {
        QMetaObject::invokeMethod(
            this,
            [this, shared = std::make_shared<const contract::LiveSnapshot>(std::move(snapshot))] {
                if (sink_)
                    sink_(shared);
            },
            Qt::QueuedConnection);
    }

    [[nodiscard]] std::unique_ptr<Watch> watch(std::chrono::milliseconds,
                                               std::function<void(const Snapshot&)> sink) override
    {
        sink_ = std::move(sink);
        return std::make_unique<Handle>(*this);
    }
    [[nodiscard]] State state() const override { return State::Connected; }
    [[nodiscard]] bool sharesOurFiles() const override { return true; }

private:
    /// What every client can do is protected in each other one.
    struct Door : contract::EngineClient
    {
        static auto way() { return &Door::call; }
    };

protected:
    void call(const char* operation, QJsonObject parameters, Prepare prepare) override
    {
        (server_.*Door::way())(operation, std::move(parameters), std::move(prepare));
    }

private:
    struct Handle final : Watch
    {
        explicit Handle(FeedClient& of) : feed(of) {}
        ~Handle() override { feed.sink_ = {}; }
        FeedClient& feed;
    };

    contract::EngineClient& server_;
    std::function<void(const Snapshot&)> sink_;
};

} // namespace spillway::tests
