// SPDX-License-Identifier: GPL-3.0-or-later
// Very many connections to one port, all open at once, each answered twice with a pause between: forks as
// many processes as the limit of open files asks for, and connects from as many addresses of 127/8 as the
// range of ports asks for.
//
//   bench_manyconn --port P --path /s/pub/one.bin [--host 127.0.0.1] [--connections 100000] [--processes 6]
//                  [--sources 8] [--interval 60] [--burst 200] [--timeout 120]
//
// Prints one JSON object:
// {"connections":…,"connected":…,"refused":…,"answered_once":…,"answered_twice":…,"failed":…,
// "open_at_once":…,"connect_seconds":…,"first_seconds":…,"second_seconds":…}. Exit code 0 where nobody was
// refused or failed.

#include "netclient.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <vector>

using namespace spillway::bench;
using spillway::UniqueFd;
using Time = std::chrono::steady_clock::time_point;
using std::chrono::seconds;

namespace {

Time now()
{
    return std::chrono::steady_clock::now();
}

/// One process's share of the counts, in memory that the parent sees.
struct Counts
{
    std::atomic<long> connected, refused, answeredOnce, answeredTwice, failed, open;
    std::atomic<long>
        phase; ///< what this process has finished: 1 connected, 2 first answers, 3 second answers
};

struct Plan
{
    sockaddr_in server;
    std::string request;
    long connections, sources, burst, interval, timeout;
    Time start;
};

struct Client
{
    UniqueFd fd;
    AnswerReader reader;
    bool dead = false;
};

class Load
{
public:
    Load(const Plan& plan, Counts& counts, std::atomic<long>& go, long mine, long number)
        : plan_(plan), counts_(counts), go_(go), epoll_(::epoll_create1(EPOLL_CLOEXEC)),
          clients_(static_cast<std::size_t>(mine)), number_(number)
    {
    }

    void run()
    {
        connectAll();
        finish(1);
        ask(counts_.answeredOnce);
        finish(2);
        ask(counts_.answeredTwice);
        finish(3);
    }

private:
    /// Says that this process is done with a phase, and waits until the parent starts the next.
    void finish(long phase)
    {
        counts_.phase = phase;
        while (go_.load() <= phase)
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }

    void fail(Client& client)
    {
        if (client.dead)
            return;
        client.dead = true;
        client.fd.reset();
        ++counts_.failed;
        --counts_.open;
    }

    /// Blocking connects, one after the other: a SYN queue that is full then slows us down and refuses
    /// nobody.
    void connectAll()
    {
        for (std::size_t i = 0; i < clients_.size(); ++i) {
            Client& client = clients_[i];
            client.fd.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
            const int on = 1;
            const int small = 4096;
            ::setsockopt(client.fd.get(), SOL_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
            ::setsockopt(client.fd.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
            const long source = 2 + (number_ + static_cast<long>(i)) % plan_.sources;
            sockaddr_in from = address(("127.0.0." + std::to_string(source)).c_str(), 0);
            if (!client.fd || ::bind(client.fd.get(), reinterpret_cast<sockaddr*>(&from), sizeof from) != 0 ||
                ::connect(client.fd.get(), reinterpret_cast<const sockaddr*>(&plan_.server),
                          sizeof plan_.server) != 0) {
                if (counts_.refused++ == 0)
                    std::perror("connect");
                client.dead = true;
                client.fd.reset();
                continue;
            }
            ::fcntl(client.fd.get(), F_SETFL, O_NONBLOCK);
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.u64 = i;
            ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, client.fd.get(), &event);
            ++counts_.connected;
            ++counts_.open;
        }
    }

    /// One request on each connection, `burst` of them under way at a time, and all answers.
    void ask(std::atomic<long>& answered)
    {
        const Time deadline = now() + seconds(plan_.timeout);
        std::size_t next = 0;
        long waiting = 0;
        std::vector<epoll_event> events(512);
        while ((next < clients_.size() || waiting > 0) && now() < deadline) {
            for (; next < clients_.size() && waiting < plan_.burst; ++next) {
                Client& client = clients_[next];
                if (client.dead)
                    continue;
                client.reader.reset();
                const ssize_t size = static_cast<ssize_t>(plan_.request.size());
                if (::send(client.fd.get(), plan_.request.data(), plan_.request.size(), MSG_NOSIGNAL) == size)
                    ++waiting;
                else
                    fail(client);
            }
            const int ready = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 100);
            for (int i = 0; i < ready; ++i) {
                Client& client = clients_[events[static_cast<std::size_t>(i)].data.u64];
                if (client.dead)
                    continue;
                const bool wasWaiting = !client.reader.done();
                if (!readSome(client))
                    fail(client);
                else if (client.reader.done() && wasWaiting)
                    ++answered;
                if (wasWaiting && (client.dead || client.reader.done()))
                    --waiting;
            }
        }
        for (Client& client : clients_)
            if (!client.dead && !client.reader.done())
                fail(client);
    }

    /// False where the connection ended or the answer is not a 200.
    bool readSome(Client& client)
    {
        char buffer[16384];
        const ssize_t got = ::recv(client.fd.get(), buffer, sizeof buffer, 0);
        if (got < 0)
            return errno == EAGAIN || errno == EINTR;
        if (got == 0)
            return false;
        client.reader.feed({buffer, static_cast<std::size_t>(got)});
        return !client.reader.failed() && (!client.reader.headDone() || client.reader.status() == 200);
    }

    const Plan& plan_;
    Counts& counts_;
    std::atomic<long>& go_;
    UniqueFd epoll_;
    std::vector<Client> clients_;
    const long number_;
};

struct Shared
{
    std::atomic<long> go; ///< the phase that may run
    Counts counts[64];
};

long sum(const Shared& shared, long processes, std::atomic<long> Counts::*field)
{
    long total = 0;
    for (long i = 0; i < processes; ++i)
        total += (shared.counts[i].*field).load();
    return total;
}

/// Waits until all processes have finished `phase`, then lets the next one begin. Returns the seconds it
/// took.
double waitFor(Shared& shared, const std::vector<pid_t>& children, long phase)
{
    const Time begin = now();
    for (std::size_t i = 0; i < children.size(); ++i)
        while (shared.counts[i].phase.load() < phase) {
            if (::waitpid(children[i], nullptr, WNOHANG) != 0)
                break; // it died: its clients count as failed below
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    return std::chrono::duration<double>(now() - begin).count();
}

} // namespace

int main(int argc, char** argv)
{
    const Options options(argc, argv);
    const long processes = std::clamp(options.number("processes", 6), 1L, 64L);
    Plan plan{};
    plan.server =
        address(options.text("host", "127.0.0.1").c_str(), static_cast<int>(options.number("port", 0)));
    plan.request = getRequest(options.text("path", "/"));
    plan.connections = options.number("connections", 100'000);
    plan.sources = std::clamp(options.number("sources", 8), 1L, 200L);
    plan.burst = std::max(1L, options.number("burst", 200) / processes);
    plan.interval = options.number("interval", 60);
    plan.timeout = options.number("timeout", 120);

    void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return 1;
    auto& shared = *static_cast<Shared*>(memory); // zero bytes are valid atomics here
    shared.go = 1;
    std::vector<pid_t> children;
    for (long i = 0; i < processes; ++i) {
        const long mine = plan.connections * (i + 1) / processes - plan.connections * i / processes;
        const pid_t child = ::fork();
        if (child == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            Load(plan, shared.counts[i], shared.go, mine, plan.connections * i / processes).run();
            ::_exit(0);
        }
        children.push_back(child);
    }

    const double connectSeconds = waitFor(shared, children, 1);
    const long openAtOnce = sum(shared, processes, &Counts::open);
    const Time first = now();
    shared.go = 2;
    const double firstSeconds = waitFor(shared, children, 2);
    std::this_thread::sleep_until(first + seconds(plan.interval));
    shared.go = 3;
    const double secondSeconds = waitFor(shared, children, 3);
    shared.go = 4;
    for (const pid_t child : children)
        ::waitpid(child, nullptr, 0);

    const long answeredTwice = sum(shared, processes, &Counts::answeredTwice);
    std::printf(
        "{\"connections\":%ld,\"connected\":%ld,\"refused\":%ld,\"answered_once\":%ld,\"answered_twice\":%ld,"
        "\"failed\":%ld,\"open_at_once\":%ld,\"interval_seconds\":%ld,\"connect_seconds\":%.2f,"
        "\"first_seconds\":%.2f,\"second_seconds\":%.2f}\n",
        plan.connections, sum(shared, processes, &Counts::connected),
        sum(shared, processes, &Counts::refused), sum(shared, processes, &Counts::answeredOnce),
        answeredTwice, sum(shared, processes, &Counts::failed), openAtOnce, plan.interval, connectSeconds,
        firstSeconds, secondSeconds);
    return answeredTwice == plan.connections ? 0 : 1;
}
