// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/workerthread.h"

#include "server/net/worker.h"

#include <QtCore/QSocketNotifier>
#include <QtCore/QThread>
#include <semaphore>

namespace spillway::net {

class WorkerThread::Thread : public QThread
{
public:
    explicit Thread(Worker& worker) : worker_(worker) {}
    std::function<void()> setUp, tearDown;
    /// Not Qt's, whose futexes the thread sanitizer does not see: what was done before one is known after it.
    std::binary_semaphore ready{0}, ended{0};

protected:
    void run() override
    {
        {
            QSocketNotifier notifier(worker_.epollFd(), QSocketNotifier::Read);
            QObject::connect(&notifier, &QSocketNotifier::activated, &notifier, [this] { worker_.poll(); });
            setUp();
            ready.release();
            exec();
            notifier.setEnabled(false);
        }
        tearDown();
        ended.release();
    }

private:
    Worker& worker_;
};

WorkerThread::WorkerThread(std::string name, Worker& worker)
    : thread_(std::make_unique<Thread>(worker)), worker_(worker)
{
    thread_->setObjectName(QString::fromStdString(name));
}

WorkerThread::~WorkerThread()
{
    stop();
}

void WorkerThread::start(std::function<void()> setUp, std::function<void()> tearDown)
{
    thread_->setUp = std::move(setUp);
    thread_->tearDown = std::move(tearDown);
    thread_->start();
    thread_->ready.acquire();
}

void WorkerThread::stop()
{
    if (!thread_->isRunning())
        return;
    // quit() before exec() would be lost; a task of the worker's own runs inside it.
    worker_.post([] { QThread::currentThread()->quit(); });
    thread_->ended.acquire();
    thread_->wait();
}

} // namespace spillway::net
