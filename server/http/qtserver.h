// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/observe/metrics.h"

#include <QtHttpServer/QAbstractHttpServer>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::http {

class Lane;
class LaneServer;

/// What QtServer calls from inside QHttpServer's dispatch, for the request that is being fed.
class Dispatch
{
public:
    virtual void dispatched() = 0;

protected:
    ~Dispatch() = default;
};

/// One worker's QHttpServer: every request passes through its parser and its handleRequest, on a borrowed
/// lane.
///
/// run() is synchronous: QHttpServer parses, calls handleRequest, which calls `dispatch`, before it returns.
/// A lane that is not exactly as it was before (engine note 2) is retired, so that nothing of one client's
/// request can reach the next. To be made and used in its worker's thread only.
class QtServer final : public QAbstractHttpServer
{
public:
    explicit QtServer(observe::WorkerCounters& counters);
    ~QtServer() override;

    /// False where QHttpServer refused the request line (then `dispatch` was not called).
    /// `method`, `target` and `host` come from the head gate: token, origin-form, no control bytes.
    [[nodiscard]] bool run(std::string_view method, std::string_view target, std::string_view host,
                           Dispatch& dispatch);

protected:
#if QT_VERSION < QT_VERSION_CHECK(6, 5, 0)
    bool handleRequest(const QHttpServerRequest& request, QTcpSocket* socket) override;
    void missingHandler(const QHttpServerRequest& request, QTcpSocket* socket) override;
#elif QT_VERSION < QT_VERSION_CHECK(6, 8, 0)
    bool handleRequest(const QHttpServerRequest& request, QHttpServerResponder& responder) override;
    void missingHandler(const QHttpServerRequest& request, QHttpServerResponder&& responder) override;
#else
    bool handleRequest(const QHttpServerRequest& request, QHttpServerResponder& responder) override;
    void missingHandler(const QHttpServerRequest& request, QHttpServerResponder& responder) override;
#endif

private:
    bool dispatchCurrent();
    [[nodiscard]] Lane* borrow();

    observe::WorkerCounters& counters_;
    LaneServer* announcer_ = nullptr; ///< owned by QAbstractHttpServer (engine note 10)
    std::vector<Lane*> idle_;         ///< owned by QHttpServer's side, as children of the announcer
    Dispatch* current_ =
        nullptr; ///< the request that is being fed; never taken from the socket argument (note 5)
    int dispatches_ = 0;
    std::string head_; ///< reused
};

} // namespace spillway::http
