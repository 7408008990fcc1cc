// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/http/qtserver.h"

#include "server/http/lane.h"

namespace spillway::http {

QtServer::QtServer(observe::WorkerCounters& counters) : counters_(counters), announcer_(new LaneServer)
{
    head_.reserve(16 * 1024);
    bind(announcer_);
}

QtServer::~QtServer()
{
    counters_.adjust(observe::Gauge::Lanes, -static_cast<std::int64_t>(idle_.size()));
}

Lane* QtServer::borrow()
{
    if (!idle_.empty()) {
        Lane* lane = idle_.back();
        idle_.pop_back();
        return lane;
    }
    auto* lane = new Lane;
    lane->setParent(announcer_);
    announcer_->announce(lane);
    counters_.adjust(observe::Gauge::Lanes, 1);
    return lane;
}

bool QtServer::run(std::string_view method, std::string_view target, std::string_view host,
                   Dispatch& dispatch)
{
    head_.clear();
    head_.append(method)
        .append(1, ' ')
        .append(target)
        .append(" HTTP/1.1\r\nHost: ")
        .append(host)
        .append("\r\n\r\n");

    Lane* lane = borrow();
    Dispatch* outer = std::exchange(current_, &dispatch);
    const int before = std::exchange(dispatches_, 0);
    lane->feed(head_);
    const bool once = dispatches_ == 1;
    dispatches_ = before;
    current_ = outer;
    if (once && lane->healthy()) [[likely]] {
        idle_.push_back(lane);
    } else {
        counters_.add(observe::Counter::LanesRetired);
        counters_.adjust(observe::Gauge::Lanes, -1);
        lane->retire();
    }
    return once;
}

bool QtServer::dispatchCurrent()
{
    if (dispatches_++ == 0 && current_)
        current_->dispatched();
    return true;
}

#if QT_VERSION < QT_VERSION_CHECK(6, 5, 0)
bool QtServer::handleRequest(const QHttpServerRequest&, QTcpSocket*)
{
    return dispatchCurrent();
}
void QtServer::missingHandler(const QHttpServerRequest&, QTcpSocket*) {}
#elif QT_VERSION < QT_VERSION_CHECK(6, 8, 0)
bool QtServer::handleRequest(const QHttpServerRequest&, QHttpServerResponder&)
{
    return dispatchCurrent();
}
void QtServer::missingHandler(const QHttpServerRequest&, QHttpServerResponder&&) {}
#else
bool QtServer::handleRequest(const QHttpServerRequest&, QHttpServerResponder&)
{
    return dispatchCurrent();
}
void QtServer::missingHandler(const QHttpServerRequest&, QHttpServerResponder&) {}
#endif

} // namespace spillway::http
