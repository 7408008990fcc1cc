// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace spillway::net {

class Worker;

/// Runs one worker in a thread of its own with a Qt event loop, so that QObjects (QHttpServer and its lanes)
/// live there too.
///
/// `setUp` and `tearDown` run in that thread, before the first poll and after the last. start() returns when
/// setUp is done. stop() ends the loop and joins; the worker itself must outlive the thread.
class WorkerThread
{
public:
    WorkerThread(std::string name, Worker& worker);
    ~WorkerThread();
    WorkerThread(const WorkerThread&) = delete;
    WorkerThread& operator=(const WorkerThread&) = delete;

    void start(std::function<void()> setUp, std::function<void()> tearDown);
    void stop();

private:
    class Thread;
    std::unique_ptr<Thread> thread_;
    Worker& worker_;
};

} // namespace spillway::net
