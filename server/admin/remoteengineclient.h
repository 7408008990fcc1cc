// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/adminconnection.h"
#include "server/admin/restrequest.h"
#include "server/admin/snapshotwatchers.h"
#include "server/base/blockingpool.h"
#include "server/contract/engineclient.h"

#include <deque>

namespace spillway::admin {

/// A server elsewhere as a console sees it: commands by the REST of its admin API, snapshots by its event
/// stream.
///
///     Connecting ── answered ──► Connected ◄── answered ── Lost ──┐
///                └─ failed ───────────────────────────────► Lost ◄┘ again after 0.5, 1, 2 … 15 s
///
/// Belongs to the console's thread, as EngineClient says; answers are read and decoded on a thread of its
/// own. A token that is not taken ends the trying: nobody gives it back, and the server counts guesses. At
/// most kConnections commands are on their way at a time and 1,024 wait, then Exhausted. While Lost a command
/// fails at once with what is wrong. One that only reads and met the end of a kept connection is sent again;
/// a change is never sent twice, and where its answer did not come the error says that it may have been made.
class RemoteEngineClient final : public contract::EngineClient
{
    Q_OBJECT
public:
    static constexpr std::size_t kConnections = 3;
    static constexpr std::size_t kMostLeftOut = 8;

    RemoteEngineClient(AdminTarget target, QString token);
    ~RemoteEngineClient() override;

    [[nodiscard]] std::unique_ptr<Watch> watch(std::chrono::milliseconds interval,
                                               std::function<void(const Snapshot&)> sink) override;
    [[nodiscard]] State state() const override { return state_; }
    [[nodiscard]] bool sharesOurFiles() const override { return false; }
    [[nodiscard]] QString serverName() const override { return target_.authority(); }
    [[nodiscard]] std::optional<Error> problem() const override { return problem_; }
    [[nodiscard]] QString fingerprint() const override { return fingerprint_; }

protected:
    void call(const char* operation, QJsonObject parameters, Prepare prepare) override;

private:
    struct Command
    {
        RestRequest request;
        Prepare prepare;
        bool again = false; ///< it was sent once already
        [[nodiscard]] bool onlyReads() const { return request.method == "GET"; }
    };
    struct Line
    {
        std::unique_ptr<AdminConnection> connection;
        std::optional<Command> command; ///< on its way
    };
    void settle(Command command, Result<QJsonValue> result);
    void settle(Command command, int status, QByteArray body);
    void sendWaiting();
    [[nodiscard]] Line* freeLine();
    void lineAnswered(Line& line, int status, const QByteArray& body);
    void lineFailed(Line& line, const Error& error, bool nothingCame);

    void follow();
    void streamed(const QByteArray& bytes);
    void eventCame(const QByteArray& event);
    void keepForEnded();
    void decodeNewest();
    void adjustPace();

    void connected();
    void lost(const Error& error);
    void lookAtFingerprint(const AdminConnection& connection);

    const AdminTarget target_;
    const QByteArray token_;
    State state_ = State::Connecting;
    std::optional<Error> problem_;
    QString fingerprint_;
    std::deque<Command> waiting_;
    std::array<Line, kConnections> lines_;
    std::unique_ptr<AdminConnection> stream_; ///< the event stream while somebody watches, else the probe
    std::chrono::milliseconds streamPace_{0}; ///< 0: it is a probe
    QByteArray events_;                       ///< not whole yet
    QByteArray newest_;                       ///< snapshot that waits to be decoded
    std::deque<QByteArray> leftOut_;          ///< older ones that waited in vain, for what ended in them
    bool decoding_ = false;
    QTimer again_; ///< the next try, or the next probe
    std::chrono::milliseconds backOff_{0};
    SnapshotWatchers watchers_;
    std::unique_ptr<BlockingPool> pool_; ///< first to go: its tasks post to this
};

} // namespace spillway::admin
